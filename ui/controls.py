"""The controls of the side bar: what the reader sets, as the records that the training session takes.

Each control is given its first value as an argument. Put into st.session_state beforehand, a value can be lost: when
a second run of the page overtakes the first, the browser is never told of it and answers with nothing. What was
chosen from a list is remembered and becomes the list's first value, so that a change of language cannot lose it.
"""

from dataclasses import fields
from typing import NamedTuple

import streamlit as st

from rnn_core import CELLS, OPTIMIZERS
from rnn_core.tasks import TASKS, TEXTS
from ui import state
from ui.language import LANGUAGES, N_
from ui.snapshot import Setup, Training

OWN_TEXT = "own"
LONGEST_TEXT = 200_000  # characters of a pasted text
LONGEST_SEQUENCE = 100  # columns of the score; the core takes more
SPEEDS = (1, 10, 100, 1000, None)  # updates per second; None: as fast as it goes
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
DEFAULT_TEXT = {"en": "river_en", "zh_CN": "seasons_zh"}
FIRST_STEPS = {"grammar": 10}  # words are wide: fewer of them than the task's own default
KEEP = {"persist_state": "session"}  # values stay when another page is shown

TASK_NAMES = {
    "grammar": N_("Words of a small grammar"),
    "recall": N_("Delayed recall"),
    "adding": N_("Adding problem"),
    "reber": N_("Embedded Reber grammar"),
    "sine": N_("Noisy sine wave"),
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
    "symbols": N_("Symbols to recall"),
    "distractors": N_("Distractor symbols"),
    "noise": N_("Noise (standard deviation)"),
    "period": N_("Period (steps)"),
}
CLIPPINGS = {"off": N_("off"), "norm": N_("norm"), "value": N_("value")}
SPLITS = {"train": N_("the training data"), "held_out": N_("the held-out data")}
NOTATIONS = {"article": "s, U, W, V", "pytorch": "h, weight_ih, weight_hh"}
GATES = {"gru": ("r", "z", "n"), "lstm": ("i", "f", "g", "o", "c")}
SHOWN_GATES = {"gru": ("r", "z"), "lstm": ("i", "f", "o")}


class Display(NamedTuple):
    """What of the network is shown, and how."""

    example: tuple[int, str]
    layer: int
    gates: tuple[str, ...]
    notation: str


class Choices(NamedTuple):
    """Everything the reader has set."""

    setup: Setup
    training: Training
    speed: float | None  # updates per second at most
    display: Display


def choose(language) -> Choices:
    """Draw the side bar and read it."""
    _ = language.gettext
    with st.sidebar:
        st.subheader(_("Data and network"), help=_("A change here starts a new network."))
        task, options = _choose_task(language)
        cell = _select(_("Cell"), list(CELLS), CELL_NAMES, _, key=state.CELL)
        hidden_size = st.slider(_("Hidden units"), 1, 128, 32, key=state.HIDDEN_SIZE, **KEEP)
        st.subheader(_("Learning"), help=_("A change here applies at once; the network goes on."))
        speed = _choose_speed(_)
        training = _choose_training(_)
        with st.expander(_("More about the network")):
            network = _choose_network(_)
        with st.expander(_("What the score shows")):
            display = _choose_display(_, cell, network["num_layers"], network["bidirectional"])
    options |= {"batch_size": network.pop("batch_size")}
    setup = Setup(task, tuple(sorted(options.items())), cell, hidden_size, **network)
    return Choices(setup, training, speed, display)


def tame(learning_rate: float) -> None:
    """Set the controls to what helps against divergence: a smaller learning rate, gradients clipped to norm 1."""
    st.session_state[state.LEARNING_RATE] = gentler(learning_rate)
    st.session_state[state.CLIPPING] = "norm"
    st.session_state[state.CLIP_NORM] = 1.0


def gentler(learning_rate: float) -> float:
    """The learning rate of the list that lies nearest to a tenth of this one.

    >>> gentler(0.3)
    0.03
    """
    return min(RATES, key=lambda rate: abs(rate - learning_rate / 10))


def _choose_task(language):
    """The task's key and its options: a text with its length, or the task's own difficulties."""
    _ = language.gettext
    data = [*TEXTS, OWN_TEXT, *(name for name in TASKS if name != "text")]
    names = {key: f"{text.title} ({LANGUAGES[text.language]})" for key, text in TEXTS.items()}
    names |= {OWN_TEXT: _("Your own text")} | {key: _(name) for key, name in TASK_NAMES.items()}
    chosen = _select(_("Data"), data, names, str, key=state.DATA, default=DEFAULT_TEXT[language.code])
    if chosen in TEXTS or chosen == OWN_TEXT:
        text = TEXTS[chosen].text if chosen in TEXTS else _own_text(_)
        return "text", {"text": text} | _settings("text", _)
    return chosen, _settings(chosen, _)


def _own_text(_) -> str:
    return st.text_area(
        _("Your own text"),
        key=state.TEXT,
        height=160,
        max_chars=LONGEST_TEXT,
        placeholder=_("Paste a text here and press Ctrl+Enter."),
        help=_("Nobody else sees it. It is forgotten when you leave the page."),
        **KEEP,
    )


def _settings(task, _) -> dict:
    """A slider for the length and for each difficulty of a task, with the bounds that the task declares."""
    declared = {item.name: item for item in fields(TASKS[task]) if item.metadata}
    values = {}
    for name in dict.fromkeys(("sequence_length", *TASKS[task].difficulty)):
        if name not in declared:
            continue
        item = declared[name]
        low, high, first = item.metadata["low"], item.metadata["high"], item.default
        if name in ("sequence_length", "delay"):
            low, high, first = max(low, 2), min(high, LONGEST_SEQUENCE), FIRST_STEPS.get(task, first)
        label = _(SETTING_NAMES.get(name, name))
        values[name] = st.slider(label, low, high, first, key=f"{task}_{name}", **KEEP)
    return values


def _choose_speed(_) -> float | None:
    """How fast to train: slowly enough to watch each update, or as fast as it goes."""
    return st.select_slider(
        _("Updates per second"),
        SPEEDS,
        100,
        format_func=lambda speed: _("full speed") if speed is None else f"{speed:,}",
        key=state.SPEED,
        **KEEP,
    )


def _choose_training(_) -> Training:
    """Step size and clipping."""
    rate = st.select_slider(_("Learning rate"), RATES, 0.01, key=state.LEARNING_RATE, **KEEP)
    clipping = _segments(_("Gradient clipping"), CLIPPINGS, _, key=state.CLIPPING, default="norm")
    limits = {"clip_norm": None, "clip_value": None}
    if clipping == "norm":
        limits["clip_norm"] = _threshold(_("Largest norm"), state.CLIP_NORM, 1.0)
    elif clipping == "value":
        limits["clip_value"] = _threshold(_("Largest absolute value"), state.CLIP_VALUE, 0.1)
    optimizer = _select(_("Optimiser"), list(OPTIMIZERS), OPTIMIZER_NAMES, _, key=state.OPTIMIZER, default="adam")
    return Training(optimizer, rate, **limits)


def _threshold(label, key, default) -> float:
    return st.number_input(label, 0.001, 1000.0, default, step=default / 2, format="%g", key=key, **KEEP)


def _choose_network(_) -> dict:
    """What one need not know at first."""
    return {
        "batch_size": st.slider(_("Batch size (sequences)"), 1, 64, 16, key=state.BATCH_SIZE, **KEEP),
        "num_layers": st.slider(_("Layers"), 1, 4, 1, key=state.LAYERS, **KEEP),
        "bidirectional": st.checkbox(_("Bidirectional"), key=state.BIDIRECTIONAL, **KEEP),
        "bias": st.checkbox(_("Biases"), True, key=state.BIAS, **KEEP),
        "seed": st.number_input(_("Seed"), 0, 2**31, 0, key=state.SEED, **KEEP),
    }


def _choose_display(_, cell, layers, bidirectional) -> Display:
    """What of the network is shown."""
    split = _segments(_("Show a sequence of"), SPLITS, _, key=state.SPLIT, default="train")
    number = st.number_input(_("Number of the sequence"), 0, 9999, 0, key=state.EXAMPLE, **KEEP)
    names = [f"{layer + 1} {arrow}" for layer in range(layers) for arrow in ("→", "←")[: 1 + bidirectional]]
    chain = 0
    if len(names) > 1:
        label = _("Layer and direction")
        chain = st.selectbox(label, range(len(names)), format_func=names.__getitem__, key=state.LAYER, **KEEP)
    gates = ()
    if cell in GATES:
        key = f"{state.GATES}_{cell}"
        gates = st.pills(_("Gates"), GATES[cell], selection_mode="multi", default=SHOWN_GATES[cell], key=key, **KEEP)
    notation = _segments(_("Letters"), NOTATIONS, str, key=state.NOTATION, default="article")
    return Display((number, split), chain, tuple(name for name in GATES.get(cell, ()) if name in gates), notation)


def _select(label, options, names, translate, *, key, default=None):
    chosen = st.session_state.setdefault(state.CHOSEN, {})
    chosen[key] = st.selectbox(
        label,
        options,
        options.index(chosen.get(key, default or options[0])),
        format_func=lambda option: translate(names.get(option, option)),
        key=key,
        **KEEP,
    )
    return chosen[key]


def _segments(label, names, translate, *, key, default):
    chosen = st.session_state.setdefault(state.CHOSEN, {})
    chosen[key] = st.segmented_control(
        label,
        list(names),
        default=chosen.get(key, default),
        format_func=lambda option: translate(names[option]),
        key=key,
        required=True,
        **KEEP,
    )
    return chosen[key]
