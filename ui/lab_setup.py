"""From the Lab's settings to the network and the training that they ask for, and back."""

from rnn_core.tasks import TASKS, TEXTS
from ui import state
from ui.lab_settings import SETTINGS, difficulties, task_setting
from ui.snapshot import Setup, Training
from ui.sources import OWN_TEXT


def lab_setup(values: dict, text: str | None = "") -> tuple[Setup | None, Training]:
    """What the settings ask for; no setup while the text is not there.

    text : the reader's own, where `data` names none of the app's.
    """
    data = values[state.DATA]
    task = data if data in TASKS else "text"
    options = {state.BATCH_SIZE: values[state.BATCH_SIZE]}
    if task == "text":
        options |= {"text": TEXTS[data].text if data in TEXTS else text} | _reading(values)
    for name in difficulties(task):
        options[name] = values[task_setting(task, name)]
    names = (state.CELL, state.HIDDEN_SIZE, state.BIDIRECTIONAL, state.BIAS, state.INIT, state.RADIUS, state.SEED)
    network = {name: values[name] for name in names} | {"num_layers": values[state.LAYERS]}
    if values[state.CELL] == "lstm":
        network[state.FORGET_BIAS] = values[state.FORGET_BIAS]
    clipping, truncation = values[state.CLIPPING], values[state.TRUNCATION]
    training = Training(
        optimizer=values[state.OPTIMIZER],
        learning_rate=values[state.LEARNING_RATE],
        clip_norm=values[state.CLIP_NORM] if clipping == "norm" else None,
        clip_value=values[state.CLIP_VALUE] if clipping == "value" else None,
        truncate=None if truncation == "off" else values[state.TRUNCATE],
        truncation="windowed" if truncation == "off" else truncation,
        stateful=values[state.STATEFUL] and TASKS[task].supports_stateful and not values[state.BIDIRECTIONAL],
    )
    setup = Setup(task, tuple(sorted(options.items())), **network)
    return None if options.get("text", "") is None else setup, training


def _reading(values: dict) -> dict:
    """How a text is read: the options of its task."""
    words = values[state.BY] == "words"
    return {
        "max_words": values[state.VOCABULARY] if words else 0,
        "fold_case": int(values[state.FOLD_CASE]),
        "min_count": values[state.RARE_WORDS if words else state.RARE_CHARACTERS],
    }


def data_of(setup: Setup) -> str:
    """What a network learns from: a task, a text of the app, or the reader's own."""
    if setup.task != "text":
        return setup.task
    text = dict(setup.task_options)["text"]
    return next((key for key, known in TEXTS.items() if known.text == text), OWN_TEXT)


def values_of(setup: Setup, training: Training) -> dict:
    """What the controls are set to for this network, where they can be: for one that is brought back or loaded.

    A text that is none of the app's becomes the reader's own.
    """
    options = dict(setup.task_options)
    values = {state.DATA: data_of(setup), state.PRESET: ""}
    if setup.task == "text":
        if values[state.DATA] == OWN_TEXT:
            values[state.TEXT] = options["text"]
        words = options.get("max_words", 0) > 0
        values[state.BY] = "words" if words else "characters"
        values[state.FOLD_CASE] = bool(options.get("fold_case"))
        values[state.RARE_WORDS if words else state.RARE_CHARACTERS] = options.get("min_count", 1)
        values |= {state.VOCABULARY: options["max_words"]} if words else {}
    values |= {task_setting(setup.task, name): value for name, value in options.items()}
    values |= {
        state.CELL: setup.cell,
        state.HIDDEN_SIZE: setup.hidden_size,
        state.LAYERS: setup.num_layers,
        state.BIDIRECTIONAL: setup.bidirectional,
        state.BIAS: setup.bias,
        state.INIT: setup.init,
        state.RADIUS: setup.spectral_radius,
        state.FORGET_BIAS: setup.forget_bias,
        state.BATCH_SIZE: options.get("batch_size", SETTINGS[state.BATCH_SIZE].default),
        state.SEED: setup.seed,
        state.LEARNING_RATE: training.learning_rate,
        state.OPTIMIZER: training.optimizer,
        state.CLIPPING: "norm" if training.clip_norm else "value" if training.clip_value else "off",
        state.TRUNCATION: training.truncation if training.truncate else "off",
        state.STATEFUL: training.stateful,
    }
    thresholds = {
        state.CLIP_NORM: training.clip_norm,
        state.CLIP_VALUE: training.clip_value,
        state.TRUNCATE: training.truncate,
    }
    values |= {name: value for name, value in thresholds.items() if value is not None}
    return {name: value for name, value in values.items() if _can_be(name, value)}


def _can_be(name: str, value) -> bool:
    """Whether the control of that name can be set to this value."""
    setting = SETTINGS.get(name)
    if setting is None:
        return False
    if setting.choices:
        return value in setting.choices
    return setting.low is None or setting.low <= value <= setting.high
