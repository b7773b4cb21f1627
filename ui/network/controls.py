"""The Lab's controls: drawn, read, and set from elsewhere."""

from typing import NamedTuple

import streamlit as st

from rnn_core.tasks import TASKS, TEXTS
from ui.i18n import LANGUAGES, N_
from ui.network.beyond import beyond_now, keep_beyond, leave_out, say_what_is_beyond
from ui.network.own_text import choose_text, names_a_text_without_it, say_that_it_is_missing
from ui.network.possible import begin_with_what_can_be, say_what_trains
from ui.network.presets import PRESETS
from ui.network.settings import (
    CHANGE,
    CLIPPINGS,
    NOTATIONS,
    ORDERS,
    READERS,
    SETTINGS,
    SPLITS,
    SYMBOL_KINDS,
    TRAINED,
    TRUNCATIONS,
    UNITS,
    difficulties,
    task_setting,
)
from ui.network.setup import lab_setup
from ui.network.task_guides import task_guide
from ui.settings import keys
from ui.settings.choices import (
    CELL_NAMES,
    DEFAULT_TEXT,
    DOWNLOADED,
    INIT_NAMES,
    OPTIMIZER_NAMES,
    OWN_TEXT,
    SETTING_NAMES,
    TASK_NAMES,
)
from ui.settings.preset import set_controls
from ui.settings.setting import Setting, Settings, asked_of, leave_if_changed
from ui.settings.widgets import Widgets
from ui.training.snapshot import SampleChoice, Setup, Training


class Display(NamedTuple):
    """Display options: the part of the network that is shown, and how."""

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
    sample_choice: SampleChoice
    display: Display


def lab_widgets(language, more: dict[str, Setting] | None = None) -> Widgets:
    """The Lab's controls in this run of a page's script. A link that names a preset alone means all of it.

    more : settings that the page has beside the Lab's.
    """
    preset = PRESETS.get(asked_of("lab").get(keys.PRESET, ""))
    text = DEFAULT_TEXT[language.code]
    settings = Settings("lab", SETTINGS | (more or {}), {keys.DATA: text} | (preset.values if preset else {}))
    if settings.opened:
        begin_with_what_can_be(settings, TEXTS[text].text)
    whole = {name: SETTINGS[name].default for name in TRAINED if name != keys.DATA}
    if settings.now(keys.DATA) not in DEFAULT_TEXT.values():
        whole[keys.DATA] = text
    leave_if_changed(settings, keys.PRESET, PRESETS, whole, lab_setup)
    return Widgets(settings, language.gettext)


def choose(widgets: Widgets, language) -> Choices:
    """Draw the side bar and read it."""
    _ = language.gettext
    leave_out(widgets.settings)
    with st.sidebar:
        names = {"": N_("your own settings")} | {name: preset.title for name, preset in PRESETS.items()}
        preset = widgets.select(keys.PRESET, _("Experiment"), names, on_change=_apply_preset, args=(language.code,))
        st.subheader(_("Data and network"))
        st.caption(_("A change here starts a new network. The previous one can be restored."))
        task, text = _choose_task(widgets, language)
        cell = widgets.select(keys.CELL, _("Cell"), CELL_NAMES)
        widgets.slider(keys.HIDDEN_SIZE, _("Hidden units"))
        with widgets.part(keys.MORE_NETWORK, _("More about the network")):
            _choose_network(widgets, cell, _)
        st.subheader(_("Learning"))
        st.caption(_("A change here applies at once; the network continues."))
        speed = widgets.steps(
            keys.SPEED, _("Updates per second"), lambda speed: _("full speed") if speed is None else f"{speed:,}"
        )
        _choose_training(widgets, task, _)
        with widgets.part(keys.SHOWN, _("What is shown")):
            sample_choice = _choose_sample(widgets, task, _)
            display = _choose_display(widgets, task, cell, _)
        say_what_is_beyond(widgets.labels, _)
    if text is None:
        say_that_it_is_missing(_)
    if text == "" and names_a_text_without_it(widgets.settings):
        text = _instead_of_own_text(language, bool(widgets.settings.asks(keys.TEXT)))
    setup, training = lab_setup(widgets.settings.values, text)
    keep_beyond(widgets.settings, setup)
    say_what_trains(widgets.settings, setup, training)
    return Choices(preset, setup, training, speed, sample_choice, display)


def _apply_preset(code: str) -> None:
    """Set everything to what the chosen preset says, the rest to its default."""
    preset = PRESETS.get(st.session_state[keys.PRESET])
    if preset is not None:
        defaults = {name: setting.default for name, setting in SETTINGS.items() if name not in READERS}
        set_controls(defaults | {keys.DATA: DEFAULT_TEXT[code]} | preset.values)


def _instead_of_own_text(language, held: bool) -> str:
    """The text of the app that is read until the reader gives the one that the link is for; says so.

    held : whether the link holds one, from which nothing can be learned.
    """
    _ = language.gettext
    text = TEXTS[st.session_state.setdefault(keys.STAND_IN, DEFAULT_TEXT[language.code])]
    if held:
        sentence = _(
            "Nothing can be learned from the text in this link. Paste another in the side bar, under “Your own text”, "
            "or upload a file there. Until then the network learns from “{title}”."
        )
    else:
        sentence = _(
            "This link was made with a private text, which it does not contain. Paste it in the side bar, under "
            "“Your own text”, or upload its file there. Until then the network learns from “{title}”."
        )
    st.info(sentence.format(title=text.title))
    return text.text


def _choose_task(widgets, language) -> tuple[str, str | None]:
    """The task's key, and the reader's own text, if it is one: None while it is not there."""
    _ = language.gettext
    names = {
        key: _("{title} ({language})").format(title=text.title, language=LANGUAGES[text.language])
        for key, text in TEXTS.items()
    }
    names |= {OWN_TEXT: N_("Your own text"), DOWNLOADED: N_("Tiny Shakespeare (download)")} | TASK_NAMES
    data = widgets.select(keys.DATA, _("Data"), names)
    task = data if data in TASKS else "text"
    text = choose_text(widgets, data, _) if data in (OWN_TEXT, DOWNLOADED) else ""
    if task == "text":
        _choose_batching(widgets, _)
    for name in dict.fromkeys(difficulties(task)):
        widgets.slider(task_setting(task, name), _(SETTING_NAMES.get(name, name)))
    values = widgets.settings.values | beyond_now()
    options = {name: values[task_setting(task, name)] for name in difficulties(task)}
    st.caption(task_guide(task, options, _, brief=True))
    return task, text


def _choose_batching(widgets, _) -> None:
    """By character or by word, and what is done to them first."""
    with widgets.part(keys.MORE_TEXT, _("Characters or words, cleaning")):
        words = widgets.segments(keys.BY, _("Split into"), SYMBOL_KINDS) == "words"
        if words:
            widgets.steps(keys.VOCABULARY, _("Words in the vocabulary, at most"), lambda count: f"{count:,}")
        widgets.checkbox(keys.FOLD_CASE, _("Lower case"))
        rare = _("Merge symbols that occur fewer than N times in the training data")
        name = keys.RARE_WORDS if words else keys.RARE_CHARACTERS
        widgets.steps(name, rare, lambda count: _("off") if count == 1 else f"{count}")
        if words:
            st.caption(
                _("They are read as <unk>, and so are words beyond the vocabulary or found in the held-out part only.")
            )
        else:
            st.caption(_("They are read as the character U+FFFD."))


def _choose_training(widgets, task, _) -> None:
    """Step size, clipping and truncation."""
    widgets.steps(keys.LEARNING_RATE, _("Learning rate"), lambda rate: f"{rate:g}")
    clipping = widgets.segments(keys.CLIPPING, _("Gradient clipping"), CLIPPINGS)
    widgets.number(keys.CLIP_NORM, _("Maximum norm"), clipping == "norm", step=0.5, format="%g")
    widgets.number(keys.CLIP_VALUE, _("Maximum absolute value"), clipping == "value", step=0.05, format="%g")
    with widgets.part(keys.MORE_LEARNING, _("More about learning")):
        widgets.select(keys.OPTIMIZER, _("Optimiser"), OPTIMIZER_NAMES)
        truncation = widgets.select(keys.TRUNCATION, _("Truncated backpropagation"), TRUNCATIONS)
        widgets.slider(keys.TRUNCATE, _("Truncation k (steps)"), truncation != "off")
        widgets.checkbox(
            keys.STATEFUL,
            _("Keep the state between updates"),
            TASKS[task].supports_stateful and not widgets.settings.values[keys.BIDIRECTIONAL],
        )


def _choose_network(widgets, cell, _) -> None:
    """Controls that one need not know at first."""
    widgets.slider(keys.LAYERS, _("Layers"))
    widgets.checkbox(keys.BIDIRECTIONAL, _("Bidirectional"))
    widgets.checkbox(keys.BIAS, _("Biases"))
    widgets.select(keys.INIT, _("Initialisation of W"), INIT_NAMES)
    widgets.steps(
        keys.RADIUS,
        _("Scale of W: spectral radius"),
        lambda radius: _("unscaled") if radius is None else f"{radius:g}",
    )
    widgets.number(keys.FORGET_BIAS, _("Initial forget-gate bias"), cell == "lstm", step=1.0)
    widgets.slider(keys.BATCH_SIZE, _("Batch size (sequences)"))
    widgets.number(keys.SEED, _("Seed"))


def _choose_sample(widgets, task, _) -> SampleChoice:
    """Which sequence is read, and how the network writes."""
    stream = TASKS[task].supports_stateful
    splits = SPLITS if stream else {name: text for name, text in SPLITS.items() if name != "typed"}
    split = widgets.segments(keys.SPLIT, _("Show a sequence from"), splits)
    typed, number = "", 0
    if split == "typed":
        label = _("The network reads this")
        typed = widgets.text(keys.TYPED, label, placeholder=_("Type a few words and press Enter."))
    else:
        number = widgets.number(keys.EXAMPLE, _("Number of the sequence"))
    if not stream:
        return SampleChoice(split, number)
    temperature = widgets.slider(
        keys.TEMPERATURE,
        _("Sampling temperature"),
        step=0.1,
    )
    every = widgets.steps(keys.SAMPLE_EVERY, _("Sample text every … updates"), lambda count: f"{count:,}")
    return SampleChoice(split, number, typed, temperature, every)


def _choose_display(widgets, task, cell, _) -> Display:
    """Choose the part of the network that is shown."""
    values = widgets.settings.values
    arrows = ("→", "←")[: 1 + values[keys.BIDIRECTIONAL]]
    names = dict(enumerate(f"{layer + 1} {arrow}" for layer in range(values[keys.LAYERS]) for arrow in arrows))
    layer = widgets.select(keys.LAYER, _("Layer and direction"), names, list(names)) if len(names) > 1 else 0
    order = widgets.segments(keys.ORDER, _("Order of units"), ORDERS)
    gates = widgets.pills(f"{keys.GATES}_{cell}", _("More rows"), {CHANGE: N_("change by training"), "c": "c"})
    unit = widgets.segments(keys.UNIT, _("Loss unit"), UNITS, TASKS[task].loss == "cross_entropy")
    notation = widgets.segments(keys.NOTATION, _("Notation"), NOTATIONS)
    return Display(layer, order, gates, unit, notation)
