"""The Lab's controls: what the reader sets, as the records that the training session takes."""

from dataclasses import fields
from typing import NamedTuple

import streamlit as st

from rnn_core import CELLS, OPTIMIZERS
from rnn_core.config import INITS
from rnn_core.tasks import TASKS, TEXTS
from ui import state
from ui.language import LANGUAGES, N_
from ui.presets import PRESETS
from ui.settings import Setting, Settings
from ui.snapshot import Look, Setup, Training
from ui.sources import DOWNLOADED, OWN_TEXT, choose_text, set_own_text
from ui.widgets import Widgets

LONGEST_SEQUENCE = 100  # columns of the score; the core takes more
LONGEST = {"sequence_length": LONGEST_SEQUENCE, "delay": LONGEST_SEQUENCE, "longest": LONGEST_SEQUENCE // 2}
LINKED_TEXT = 2000  # characters of an own text that a link can hold
SPEEDS = (1, 10, 100, 1000, None)  # updates per second; None: as fast as it goes
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
RADII = (None, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 3.0)
DEFAULT_TEXT = {"en": "river_en", "zh_CN": "seasons_zh"}
FIRST_STEPS = {"grammar": 10}  # words are wide: fewer of them than the task's own default

TASK_NAMES = {
    "grammar": N_("Words of a small grammar"),
    "recall": N_("Delayed recall"),
    "adding": N_("Adding problem"),
    "copy": N_("Copy memory"),
    "order": N_("Temporal order"),
    "count": N_("Counting: aⁿbⁿ"),
    "flipflop": N_("Flip-flop: hold bits"),
    "reber": N_("Embedded Reber grammar"),
    "sine": N_("Noisy sine wave"),
    "sentiment": N_("Sentiment of a sentence"),
    "sentiment_zh": N_("Sentiment of a Chinese sentence"),
    "strokes": N_("Digits as pen strokes"),
    "agreement": N_("A missing verb"),
}
CELL_NAMES = {"rnn_tanh": N_("RNN (tanh)"), "rnn_relu": N_("RNN (ReLU)"), "gru": "GRU", "lstm": "LSTM"}
OPTIMIZER_NAMES = {
    "sgd": "SGD",
    "momentum": N_("SGD with momentum"),
    "adagrad": "Adagrad",
    "rmsprop": "RMSprop",
    "adam": "Adam",
}
SETTING_NAMES = {
    "sequence_length": N_("Sequence length (steps)"),
    "delay": N_("Delay (steps)"),
    "symbols": N_("Different symbols"),
    "distractors": N_("Distractor symbols"),
    "length": N_("Symbols to copy"),
    "longest": N_("Largest n"),
    "bits": N_("Bits to hold"),
    "clauses": N_("Clauses at most"),
    "attractors": N_("Nouns between subject and verb, at most"),
    "noise": N_("Noise (standard deviation)"),
    "period": N_("Period (steps)"),
}
SYMBOL_KINDS = {"characters": N_("characters"), "words": N_("words")}
VOCABULARIES = (100, 200, 500, 1000, 2000, 4000, 8000, 10_000)  # words
RARE = (1, 2, 3, 5, 10, 20)  # 1: none is rare
CLIPPINGS = {"off": N_("off"), "norm": N_("norm"), "value": N_("value")}
TRUNCATIONS = {
    "off": N_("none: full BPTT"),
    "windowed": N_("windowed: each loss reaches k steps back"),
    "chunked": N_("chunked: cut every k steps"),
}
INIT_NAMES = {"uniform": N_("uniform"), "orthogonal": N_("orthogonal"), "identity": N_("identity")}
SPLITS = {"train": N_("training data"), "held_out": N_("held-out data"), "typed": N_("my own")}
ORDERS = {"index": N_("by index"), "similarity": N_("by similarity")}
UNITS = {"nats": N_("nats"), "perplexity": N_("perplexity")}
NOTATIONS = {"article": "s, U, W, V", "pytorch": "h, weight_ih, weight_hh"}
GATES = {"rnn_tanh": (), "rnn_relu": (), "gru": ("r", "z", "n"), "lstm": ("i", "f", "g", "o", "c")}
CHANGE = "change"  # a stave for every cell: what training changed


def task_setting(task: str, name: str) -> str:
    """The key of a task's setting.

    >>> task_setting("recall", "delay")
    'recall_delay'
    """
    return f"{task}_{name}"


def _task_settings() -> dict[str, Setting]:
    """A setting for the length and for each difficulty of every task, with the bounds that the task declares."""
    table = {}
    for task, kind in TASKS.items():
        declared = {item.name: item for item in fields(kind) if item.metadata}
        for name in dict.fromkeys(("sequence_length", *kind.difficulty)):
            if name in declared:
                item = declared[name]
                low, high, first = item.metadata["low"], item.metadata["high"], item.default
                if name in LONGEST:
                    low, high, first = max(low, 2), min(high, LONGEST[name]), FIRST_STEPS.get(task, first)
                table[task_setting(task, name)] = Setting(first, low=low, high=high)
    return table


SETTINGS = {
    state.PRESET: Setting("", ("", *PRESETS)),
    state.DATA: Setting("", (*TEXTS, OWN_TEXT, DOWNLOADED, *(name for name in TASKS if name != "text"))),
    state.TEXT: Setting("", longest=LINKED_TEXT),
    state.BY: Setting("characters", tuple(SYMBOL_KINDS)),
    state.VOCABULARY: Setting(2000, VOCABULARIES),
    state.FOLD_CASE: Setting(False),
    state.RARE_CHARACTERS: Setting(1, RARE),
    state.RARE_WORDS: Setting(2, RARE),
    **_task_settings(),
    state.CELL: Setting("rnn_tanh", tuple(CELLS)),
    state.HIDDEN_SIZE: Setting(32, low=1, high=128),
    state.LAYERS: Setting(1, low=1, high=4),
    state.BIDIRECTIONAL: Setting(False),
    state.BIAS: Setting(True),
    state.INIT: Setting("uniform", INITS),
    state.RADIUS: Setting(None, RADII),
    state.FORGET_BIAS: Setting(1.0, low=-5.0, high=10.0),
    state.BATCH_SIZE: Setting(16, low=1, high=64),
    state.SEED: Setting(0, low=0, high=2**31),
    state.SPEED: Setting(100, SPEEDS),
    state.LEARNING_RATE: Setting(0.01, RATES),
    state.OPTIMIZER: Setting("adam", tuple(OPTIMIZERS)),
    state.CLIPPING: Setting("norm", tuple(CLIPPINGS)),
    state.CLIP_NORM: Setting(1.0, low=0.001, high=1000.0),
    state.CLIP_VALUE: Setting(0.1, low=0.001, high=1000.0),
    state.TRUNCATION: Setting("off", tuple(TRUNCATIONS)),
    state.TRUNCATE: Setting(5, low=1, high=LONGEST_SEQUENCE),
    state.STATEFUL: Setting(False),
    state.SPLIT: Setting("train", tuple(SPLITS)),
    state.EXAMPLE: Setting(0, low=0, high=9999),
    state.TYPED: Setting("", longest=200),
    state.LAYER: Setting(0, tuple(range(8))),
    state.CHOSEN_STEP: Setting(-1, low=-1, high=LONGEST_SEQUENCE - 1),  # -1: none
    state.ORDER: Setting("index", tuple(ORDERS)),
    **{f"{state.GATES}_{cell}": Setting((), (*gates, CHANGE), several=True) for cell, gates in GATES.items()},
    state.UNIT: Setting("nats", tuple(UNITS)),
    state.NOTATION: Setting("article", tuple(NOTATIONS)),
    state.TEMPERATURE: Setting(1.0, low=0.0, high=2.0),
    state.SAMPLE_EVERY: Setting(100, (1, 10, 100, 1000, 10_000)),
}
SETTINGS[f"{state.GATES}_gru"] = Setting(("r", "z"), (*GATES["gru"], CHANGE), several=True)
SETTINGS[f"{state.GATES}_lstm"] = Setting(("i", "f", "o"), (*GATES["lstm"], CHANGE), several=True)
# What a preset leaves alone: it is about the reader, not about the network.
READERS = (state.PRESET, state.TEXT, state.UNIT, state.NOTATION, state.TYPED, state.TEMPERATURE, state.SAMPLE_EVERY)


class Display(NamedTuple):
    """What of the network is shown, and how."""

    layer: int
    order: str
    gates: tuple[str, ...]
    unit: str
    notation: str


class Choices(NamedTuple):
    """Everything the reader has set."""

    preset: str
    setup: Setup | None  # None: its text is not there yet
    training: Training
    speed: float | None  # updates per second at most
    look: Look
    display: Display


def lab_widgets(language, more: dict[str, Setting] | None = None) -> Widgets:
    """The Lab's controls in this run of a page's script. A link that names a preset alone means all of it.

    more : settings that the page has beside the Lab's.
    """
    preset = PRESETS.get(st.query_params.get(state.PRESET, ""))
    defaults = {state.DATA: DEFAULT_TEXT[language.code]} | (preset.values if preset else {})
    return Widgets(Settings("lab", SETTINGS | (more or {}), defaults), language.gettext)


def choose(widgets: Widgets, language) -> Choices:
    """Draw the side bar and read it."""
    _ = language.gettext
    with st.sidebar:
        names = {"": N_("your own settings")} | {name: preset.title for name, preset in PRESETS.items()}
        preset = widgets.select(state.PRESET, _("Experiment"), names, on_change=_apply_preset, args=(language.code,))
        st.subheader(_("Data and network"))
        st.caption(_("A change here starts a new network. The one before can be brought back."))
        task, text = _choose_task(widgets, language)
        cell = widgets.select(state.CELL, _("Cell"), CELL_NAMES)
        widgets.slider(state.HIDDEN_SIZE, _("Hidden units"))
        with widgets.part(state.MORE_NETWORK, _("More about the network")):
            _choose_network(widgets, cell, _)
        st.subheader(_("Learning"))
        st.caption(_("A change here applies at once; the network goes on."))
        speed = widgets.steps(
            state.SPEED, _("Updates per second"), lambda speed: _("full speed") if speed is None else f"{speed:,}"
        )
        _choose_training(widgets, task, _)
        with widgets.part(state.SHOWN, _("What is shown")):
            look = _choose_look(widgets, task, _)
            display = _choose_display(widgets, cell, _)
    setup, training = lab_setup(widgets.settings.values, text)
    return Choices(preset, setup, training, speed, look, display)


def lab_setup(values: dict, text: str | None = "") -> tuple[Setup | None, Training]:
    """What the settings ask for; no setup while the text is not there.

    text : the reader's own, where `data` names none of the app's.
    """
    data = values[state.DATA]
    task = data if data in TASKS else "text"
    options = {state.BATCH_SIZE: values[state.BATCH_SIZE]}
    if task == "text":
        options |= {"text": TEXTS[data].text if data in TEXTS else text} | _reading(values)
    for name in _difficulties(task):
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


def _difficulties(task: str) -> list[str]:
    """The names of the task's settings that have a control."""
    return [name for name in ("sequence_length", *TASKS[task].difficulty) if task_setting(task, name) in SETTINGS]


def set_controls(values: dict) -> None:
    """Set the Lab's controls to these values, as if by hand; called before they are drawn."""
    chosen = st.session_state.setdefault(state.CHOSEN, {})
    for name, value in values.items():
        if name == state.TEXT:
            set_own_text(value)
            continue
        st.session_state[name] = list(value) if isinstance(value, tuple) else value
        if name in chosen:
            chosen[name] = value


def _apply_preset(code: str) -> None:
    """Set everything to what the chosen preset says, the rest to its default."""
    preset = PRESETS.get(st.session_state[state.PRESET])
    if preset is not None:
        defaults = {name: setting.default for name, setting in SETTINGS.items() if name not in READERS}
        set_controls(defaults | {state.DATA: DEFAULT_TEXT[code]} | preset.values)


def tame(learning_rate: float) -> None:
    """Set the controls to what helps against divergence: a smaller learning rate, gradients clipped to norm 1."""
    set_controls({state.LEARNING_RATE: gentler(learning_rate), state.CLIPPING: "norm", state.CLIP_NORM: 1.0})


def gentler(learning_rate: float) -> float:
    """The learning rate of the list that lies nearest to a tenth of this one.

    >>> gentler(0.3)
    0.03
    """
    return min(RATES, key=lambda rate: abs(rate - learning_rate / 10))


def values_of(setup: Setup, training: Training) -> dict:
    """What the controls are set to for this network, where they can be: for one that is brought back or loaded.

    A text that is none of the app's becomes the reader's own.
    """
    options = dict(setup.task_options)
    values = {state.DATA: setup.task, state.PRESET: ""}
    if setup.task == "text":
        known = {text.text: key for key, text in TEXTS.items()}
        values[state.DATA] = known.get(options["text"], OWN_TEXT)
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


def _choose_task(widgets, language) -> tuple[str, str | None]:
    """The task's key, and the reader's own text, if it is one: None while it is not there."""
    _ = language.gettext
    names = {key: f"{text.title} ({LANGUAGES[text.language]})" for key, text in TEXTS.items()}
    names |= {OWN_TEXT: N_("Your own text"), DOWNLOADED: N_("Tiny Shakespeare (download)")} | TASK_NAMES
    data = widgets.select(state.DATA, _("Data"), names)
    task = data if data in TASKS else "text"
    text = choose_text(widgets, data, _) if data in (OWN_TEXT, DOWNLOADED) else ""
    if task == "text":
        _choose_reading(widgets, _)
    for name in dict.fromkeys(_difficulties(task)):
        widgets.slider(task_setting(task, name), _(SETTING_NAMES.get(name, name)))
    return task, text


def _choose_reading(widgets, _) -> None:
    """By character or by word, and what is done to them first."""
    with widgets.part(state.MORE_TEXT, _("Characters or words, cleaning")):
        words = widgets.segments(state.BY, _("Read by"), SYMBOL_KINDS) == "words"
        if words:
            widgets.steps(state.VOCABULARY, _("Words in the vocabulary, at most"), lambda count: f"{count:,}")
        widgets.checkbox(state.FOLD_CASE, _("Small letters only"), help=_("«The» and «the» become the same word."))
        rare = _("Rare symbols, seen fewer times than this in the training part, become one symbol")
        name = state.RARE_WORDS if words else state.RARE_CHARACTERS
        widgets.steps(name, rare, lambda count: _("off") if count == 1 else f"{count}")
        if words:
            st.caption(
                _("They are read as <unk>, and so are words beyond the vocabulary or seen in the held-out part only.")
            )
        else:
            st.caption(_("They are read as the character U+FFFD."))


def _choose_training(widgets, task, _) -> None:
    """Step size, clipping and truncation."""
    widgets.steps(state.LEARNING_RATE, _("Learning rate"), lambda rate: f"{rate:g}")
    clipping = widgets.segments(state.CLIPPING, _("Gradient clipping"), CLIPPINGS)
    widgets.number(state.CLIP_NORM, _("Largest norm"), clipping == "norm", step=0.5, format="%g")
    widgets.number(state.CLIP_VALUE, _("Largest absolute value"), clipping == "value", step=0.05, format="%g")
    with widgets.part(state.MORE_LEARNING, _("More about learning")):
        widgets.select(state.OPTIMIZER, _("Optimiser"), OPTIMIZER_NAMES)
        truncation = widgets.select(state.TRUNCATION, _("Truncated backpropagation"), TRUNCATIONS)
        widgets.slider(state.TRUNCATE, _("Truncation k (steps)"), truncation != "off")
        widgets.checkbox(
            state.STATEFUL,
            _("Carry the state on"),
            TASKS[task].supports_stateful and not widgets.settings.values[state.BIDIRECTIONAL],
            help=_("The next update reads on in the text where this one ended, and starts from its last state."),
        )


def _choose_network(widgets, cell, _) -> None:
    """What one need not know at first."""
    widgets.slider(state.LAYERS, _("Layers"))
    widgets.checkbox(state.BIDIRECTIONAL, _("Bidirectional"))
    widgets.checkbox(state.BIAS, _("Biases"), help=_("The article's cell has none."))
    widgets.select(state.INIT, _("Initial W"), INIT_NAMES)
    widgets.steps(
        state.RADIUS,
        _("Scale of W: spectral radius"),
        lambda radius: _("as drawn") if radius is None else f"{radius:g}",
    )
    widgets.number(state.FORGET_BIAS, _("Forget-gate bias at the start"), cell == "lstm", step=1.0)
    widgets.slider(state.BATCH_SIZE, _("Batch size (sequences)"))
    widgets.number(state.SEED, _("Seed"))


def _choose_look(widgets, task, _) -> Look:
    """Which sequence is read, and how the network writes."""
    stream = TASKS[task].supports_stateful
    splits = SPLITS if stream else {name: text for name, text in SPLITS.items() if name != "typed"}
    split = widgets.segments(state.SPLIT, _("Show a sequence of"), splits)
    typed, number = "", 0
    if split == "typed":
        label = _("The network reads this")
        typed = widgets.text(state.TYPED, label, placeholder=_("Type a few words and press Enter."))
    else:
        number = widgets.number(state.EXAMPLE, _("Number of the sequence"))
    if not stream:
        return Look(split, number)
    temperature = widgets.slider(
        state.TEMPERATURE,
        _("Temperature of its own texts"),
        step=0.1,
        help=_("Below 1 it writes what it is sure of; 0 always takes the likeliest symbol; above 1 it dares more."),
    )
    every = widgets.steps(state.SAMPLE_EVERY, _("A text every … updates"), lambda count: f"{count:,}")
    return Look(split, number, typed, temperature, every)


def _choose_display(widgets, cell, _) -> Display:
    """What of the network is shown."""
    values = widgets.settings.values
    arrows = ("→", "←")[: 1 + values[state.BIDIRECTIONAL]]
    names = dict(enumerate(f"{layer + 1} {arrow}" for layer in range(values[state.LAYERS]) for arrow in arrows))
    layer = widgets.select(state.LAYER, _("Layer and direction"), names, list(names)) if len(names) > 1 else 0
    order = widgets.segments(state.ORDER, _("Units"), ORDERS)
    gates = widgets.pills(f"{state.GATES}_{cell}", _("More staves"), {CHANGE: N_("change by training"), "c": "c"})
    unit = widgets.segments(state.UNIT, _("Loss in"), UNITS)
    notation = widgets.segments(state.NOTATION, _("Letters"), NOTATIONS)
    return Display(layer, order, gates, unit, notation)
