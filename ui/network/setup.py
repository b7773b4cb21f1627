"""From the Lab's settings to the network and the training that they ask for, and back."""

from collections.abc import Collection
from typing import Any

from rnn_core import CELLS
from rnn_core.tasks import TASKS, TEXTS
from rnn_core.tasks.texts import STREAMS
from ui.network.settings import OF_THE_NETWORK, SETTINGS, difficulties, task_setting
from ui.settings import keys
from ui.settings.choices import OWN_TEXT
from ui.training.snapshot import Setup, Training


def lab_setup(values: dict[str, Any], text: str | None = "") -> tuple[Setup | None, Training]:
    """Setup and training options for these settings; no setup while the text is not there.

    text : the reader's own, where `data` names none of the app's.
    """
    data = values[keys.DATA]
    task = data if data in TASKS else "text"
    options = {keys.BATCH_SIZE: values[keys.BATCH_SIZE]}
    if task == "text":
        options |= {"text": TEXTS[data].text if data in TEXTS else text} | _batching(values)
    for name in difficulties(task):
        options[name] = values[task_setting(task, name)]
    names = (keys.CELL, keys.HIDDEN_SIZE, keys.BIDIRECTIONAL, keys.BIAS, keys.INIT, keys.RADIUS, keys.SEED)
    network = {name: values[name] for name in names} | {"num_layers": values[keys.LAYERS]}
    if CELLS[values[keys.CELL]].has_cell:
        network[keys.FORGET_BIAS] = values[keys.FORGET_BIAS]
    gated = bool(CELLS[values[keys.CELL]].gates)
    if gated:
        network[keys.CHRONO] = values[keys.CHRONO]
    clipping, truncation = values[keys.CLIPPING], values[keys.TRUNCATION]
    stream = TASKS[task].supports_stateful and not values[keys.BIDIRECTIONAL]
    training = Training(
        optimizer=values[keys.OPTIMIZER],
        learning_rate=values[keys.LEARNING_RATE],
        clip_norm=values[keys.CLIP_NORM] if clipping == "norm" else None,
        clip_value=values[keys.CLIP_VALUE] if clipping == "value" else None,
        truncate=None if truncation == "off" else values[keys.TRUNCATE],
        truncation="windowed" if truncation == "off" else truncation,
        stateful=values[keys.STATEFUL] and stream,
        dropout=values[keys.DROPOUT] if values[keys.LAYERS] > 1 else 0.0,
        vanishing_penalty=0.0 if gated or truncation != "off" else values[keys.VANISHING_PENALTY],
        scheduled_sampling=values[keys.SCHEDULED_SAMPLING] if stream else None,
    )
    setup = Setup(task, tuple(sorted(options.items())), **network)
    return None if options.get("text", "") is None else setup, training


def _batching(values: dict[str, Any]) -> dict[str, Any]:
    """How a text is read: the options of its task. A stream of symbols has no words."""
    words = values[keys.BY] == "words" and values[keys.DATA] not in STREAMS
    return {
        "max_words": values[keys.VOCABULARY] if words else 0,
        "fold_case": int(values[keys.FOLD_CASE]),
        "min_count": values[keys.RARE_WORDS if words else keys.RARE_CHARACTERS],
    }


def data_of(setup: Setup) -> str:
    """Data that a network learns from: a task, a text of the app, or the reader's own."""
    if setup.task != "text":
        return setup.task
    text = dict(setup.task_options)["text"]
    return next((key for key, known in TEXTS.items() if known.text == text), OWN_TEXT)


def values_of(setup: Setup, training: Training) -> dict[str, Any]:
    """Values of the controls for a network that is brought back or loaded, where they can have them.

    A text that is none of the app's becomes the reader's own.
    """
    return {name: value for name, value in _values(setup, training).items() if _can_be(name, value)}


def beyond(setup: Setup, training: Training, names: Collection[str] = OF_THE_NETWORK) -> dict[str, Any]:
    """Values of this network that no control can have, by name: its sizes, and how its text is read."""
    values = _values(setup, training)
    return {name: value for name, value in values.items() if name in names and not _can_be(name, value)}


def _values(setup: Setup, training: Training) -> dict[str, Any]:
    """Description of the network by the names of the controls, whatever values those can have."""
    options = dict(setup.task_options)
    values: dict[str, Any] = {keys.DATA: data_of(setup)}
    if setup.task == "text":
        if values[keys.DATA] == OWN_TEXT:
            values[keys.TEXT] = options["text"]
        words = options.get("max_words", 0) > 0
        values[keys.BY] = "words" if words else "characters"
        values[keys.FOLD_CASE] = bool(options.get("fold_case"))
        values[keys.RARE_WORDS if words else keys.RARE_CHARACTERS] = options.get("min_count", 1)
        values |= {keys.VOCABULARY: options["max_words"]} if words else {}
    values |= {task_setting(setup.task, name): value for name, value in options.items()}
    values |= {
        keys.CELL: setup.cell,
        keys.HIDDEN_SIZE: setup.hidden_size,
        keys.LAYERS: setup.num_layers,
        keys.BIDIRECTIONAL: setup.bidirectional,
        keys.BIAS: setup.bias,
        keys.INIT: setup.init,
        keys.RADIUS: setup.spectral_radius,
        keys.FORGET_BIAS: setup.forget_bias,
        keys.CHRONO: setup.chrono,
        keys.BATCH_SIZE: options.get("batch_size", SETTINGS[keys.BATCH_SIZE].default),
        keys.SEED: setup.seed,
        keys.LEARNING_RATE: training.learning_rate,
        keys.OPTIMIZER: training.optimizer,
        keys.CLIPPING: "norm" if training.clip_norm else "value" if training.clip_value else "off",
        keys.TRUNCATION: training.truncation if training.truncate else "off",
        keys.STATEFUL: training.stateful,
        keys.DROPOUT: training.dropout,
        keys.VANISHING_PENALTY: training.vanishing_penalty,
        keys.SCHEDULED_SAMPLING: training.scheduled_sampling,
    }
    thresholds = {
        keys.CLIP_NORM: training.clip_norm,
        keys.CLIP_VALUE: training.clip_value,
        keys.TRUNCATE: training.truncate,
    }
    return values | {name: value for name, value in thresholds.items() if value is not None}


def _can_be(name: str, value: Any) -> bool:
    """Whether the control of that name can be set to this value."""
    return name in SETTINGS and SETTINGS[name].allows(value)
