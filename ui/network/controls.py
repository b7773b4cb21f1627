"""The Lab's controls: drawn, read, and set from elsewhere."""

import math
from typing import NamedTuple

import streamlit as st

from rnn_core import CELLS
from rnn_core.tasks import TASKS, TEXTS
from rnn_core.tasks.texts import STREAMS
from ui.i18n import N_, Language, Translate
from ui.network.beyond import beyond_now, keep_beyond, leave_out, say_what_is_beyond
from ui.network.given_text import given_text
from ui.network.own_text import choose_text, names_a_text_without_it, say_that_it_is_missing
from ui.network.possible import begin_with_what_can_be, say_what_trains
from ui.network.presets import PRESETS
from ui.network.settings import (
    CHANGE,
    CLIPPINGS,
    FIRST_ROWS,
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
    loss_of,
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
    TASK_NAMES,
    text_names,
)
from ui.settings.kept_text import kept_text, set_own_text
from ui.settings.preset import set_controls
from ui.settings.setting import Setting, Settings, asked_of, leave_if_changed
from ui.settings.widgets import Widgets
from ui.training.snapshot import SampleChoice, Setup, Training


class Display(NamedTuple):
    """Display options: the part of the network that is shown, and how."""

    layer: int
    order: str
    gates: tuple[str, ...]
    first: str
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


def lab_widgets(language: Language, more: dict[str, Setting] | None = None) -> Widgets:
    """The Lab's controls in this run of a page's script. A link that names a preset alone means all of it.

    more : settings that the page has beside the Lab's.
    """
    preset = PRESETS.get(asked_of("lab").get(keys.PRESET, ""))
    text, given = DEFAULT_TEXT[language.code], given_text()
    first = OWN_TEXT if given and preset is None else text
    settings = Settings("lab", SETTINGS | (more or {}), {keys.DATA: first} | (preset.values if preset else {}))
    if settings.opened:
        if given and not settings.asks(keys.TEXT) and not kept_text():
            set_own_text(given)
        begin_with_what_can_be(settings, given or TEXTS[text].text)
    whole = {name: SETTINGS[name].default for name in TRAINED if name != keys.DATA}
    if settings.now(keys.DATA) not in DEFAULT_TEXT.values():
        whole[keys.DATA] = text
    leave_if_changed(settings, keys.PRESET, PRESETS, whole, lab_setup)
    return Widgets(settings, language.gettext)


def choose(widgets: Widgets, language: Language) -> Choices:
    """Draw the side bar and read it."""
    _ = language.gettext
    leave_out(widgets.settings)
    with st.sidebar:
        preset = _choose_preset(widgets, language)
        st.subheader(_("Data and network"))
        st.caption(_("A change here starts a new network. The previous one can be restored."))
        task, text = _choose_task(widgets, language)
        cell = _choose_cell(widgets, _)
        st.subheader(_("Learning"))
        st.caption(_("A change here applies at once; the network continues."))
        speed = widgets.steps(keys.SPEED, lambda speed: _("full speed") if speed is None else f"{speed:,}")
        _choose_training(widgets, task, _)
        with widgets.part(keys.SHOWN, _("What is shown")):
            sample_choice = _choose_sample(widgets, task, _)
            display = _choose_display(widgets, task, cell, _)
        say_what_is_beyond(widgets.labels, _)
    setup, training = _made_of(widgets, language, text)
    keep_beyond(widgets.settings, setup)
    say_what_trains(widgets.settings, setup, training)
    return Choices(preset, setup, training, speed, sample_choice, display)


def choose_settings(widgets: Widgets, language: Language) -> Setup | None:
    """Draw the side bar of a page that does not train this very network, and read it; None: its text is not there."""
    _ = language.gettext
    with st.sidebar:
        _choose_preset(widgets, language)
        st.subheader(_("Data and network"))
        task, text = _choose_task(widgets, language)
        _choose_cell(widgets, _)
        st.subheader(_("Learning"))
        _choose_training(widgets, task, _)
    return _made_of(widgets, language, text)[0]


def _choose_preset(widgets: Widgets, language: Language) -> str:
    names = {"": N_("your own settings")} | {name: preset.title for name, preset in PRESETS.items()}
    return str(widgets.select(keys.PRESET, names, on_change=_apply_preset, args=(language.code,)))


def _choose_cell(widgets: Widgets, _: Translate) -> str:
    """The cell, with its size and what one need not know at first."""
    cell = widgets.select(keys.CELL, CELL_NAMES)
    widgets.slider(keys.HIDDEN_SIZE)
    with widgets.part(keys.MORE_NETWORK, _("More about the network")):
        _choose_network(widgets, cell, _)
    return str(cell)


def _made_of(widgets: Widgets, language: Language, text: str | None) -> tuple[Setup | None, Training]:
    """What the controls describe. text : the reader's own; None while it is not there."""
    if text is None:
        say_that_it_is_missing(language.gettext)
    if text == "" and names_a_text_without_it(widgets.settings):
        text = _instead_of_own_text(language, bool(widgets.settings.asks(keys.TEXT)))
    return lab_setup(widgets.settings.values, text)


def _apply_preset(code: str) -> None:
    """Set everything to what the chosen preset says, the rest to its default."""
    preset = PRESETS.get(st.session_state[keys.PRESET])
    if preset is not None:
        defaults = {name: setting.default for name, setting in SETTINGS.items() if name not in READERS}
        set_controls(defaults | {keys.DATA: DEFAULT_TEXT[code]} | preset.values)


def _instead_of_own_text(language: Language, held: bool) -> str:
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


def _choose_task(widgets: Widgets, language: Language) -> tuple[str, str | None]:
    """The task's key, and the reader's own text, if it is one: None while it is not there."""
    _ = language.gettext
    names = text_names(_) | {OWN_TEXT: N_("Your own text"), DOWNLOADED: N_("Tiny Shakespeare (download)")} | TASK_NAMES
    data = widgets.select(keys.DATA, names)
    task = data if data in TASKS else "text"
    text = choose_text(widgets, data, _) if data in (OWN_TEXT, DOWNLOADED) else ""
    if task == "text":
        _choose_batching(widgets, data, _)
    for name in dict.fromkeys(difficulties(task)):
        widgets.slider(task_setting(task, name))
    values = widgets.settings.values | beyond_now()
    options = {name: values[task_setting(task, name)] for name in difficulties(task)}
    st.caption(task_guide(task, options, _, brief=True))
    return task, text


def _choose_batching(widgets: Widgets, data: str, _: Translate) -> None:
    """Draw the controls of splitting and cleaning the text; a stream of symbols has no words to be split into."""
    with widgets.part(keys.MORE_TEXT, _("Characters or words, cleaning")):
        split = data not in STREAMS
        words = widgets.segments(keys.BY, SYMBOL_KINDS, split) == "words" and split
        if words:
            widgets.steps(keys.VOCABULARY, lambda count: f"{count:,}")
        widgets.checkbox(keys.FOLD_CASE)
        name = keys.RARE_WORDS if words else keys.RARE_CHARACTERS
        widgets.steps(name, lambda count: _("off") if count == 1 else f"{count}")
        if words:
            st.caption(
                _("They are read as <unk>, and so are words beyond the vocabulary or found in the held-out part only.")
            )
        else:
            st.caption(_("They are read as the character U+FFFD."))


def _choose_training(widgets: Widgets, task: str, _: Translate) -> None:
    """Step size, clipping and truncation."""
    widgets.steps(keys.LEARNING_RATE, lambda rate: f"{rate:g}")
    clipping = widgets.segments(keys.CLIPPING, CLIPPINGS)
    widgets.number(keys.CLIP_NORM, clipping == "norm", step=0.5, format="%g")
    widgets.number(keys.CLIP_VALUE, clipping == "value", step=0.05, format="%g")
    with widgets.part(keys.MORE_LEARNING, _("More about learning")):
        widgets.select(keys.OPTIMIZER, OPTIMIZER_NAMES)
        truncation = widgets.select(keys.TRUNCATION, TRUNCATIONS)
        widgets.slider(keys.TRUNCATE, truncation != "off")
        values = widgets.settings.values
        widgets.steps(keys.DROPOUT, lambda rate: _off_or(rate, _), values[keys.LAYERS] > 1)
        plain = not CELLS[values[keys.CELL]].gates and truncation == "off"
        widgets.steps(keys.VANISHING_PENALTY, lambda weight: _off_or(weight, _), plain)
        stream = TASKS[task].supports_stateful and not values[keys.BIDIRECTIONAL]
        widgets.steps(keys.SCHEDULED_SAMPLING, lambda k: _half_after(k, _), stream)
        widgets.checkbox(
            keys.STATEFUL,
            TASKS[task].supports_stateful and not widgets.settings.values[keys.BIDIRECTIONAL],
        )


def _half_after(k: float | None, _: Translate) -> str:
    """After how many updates half of the symbols are the network's own, or that none are."""
    return _("off") if k is None else _("{count:,} updates").format(count=round(k * math.log(k)))


def _off_or(number: float, _: Translate) -> str:
    """A number, or that there is nothing of it."""
    return f"{number:g}" if number else _("off")


def _choose_network(widgets: Widgets, cell: str, _: Translate) -> None:
    """Controls that one need not know at first."""
    widgets.slider(keys.LAYERS)
    widgets.checkbox(keys.BIDIRECTIONAL)
    widgets.checkbox(keys.BIAS)
    widgets.select(keys.INIT, INIT_NAMES)
    widgets.steps(
        keys.RADIUS,
        lambda radius: _("unscaled") if radius is None else f"{radius:g}",
    )
    gated = bool(CELLS[cell].gates)
    chrono = widgets.steps(keys.CHRONO, lambda span: _("off") if span is None else f"{span}", gated)
    widgets.number(keys.FORGET_BIAS, CELLS[cell].has_cell and chrono is None, step=1.0)
    widgets.slider(keys.BATCH_SIZE)
    widgets.number(keys.SEED)


def _choose_sample(widgets: Widgets, task: str, _: Translate) -> SampleChoice:
    """Which sequence is read, and how the network writes."""
    stream = TASKS[task].supports_stateful
    splits = SPLITS if stream else {name: text for name, text in SPLITS.items() if name != "typed"}
    split = widgets.segments(keys.SPLIT, splits)
    typed, number = "", 0
    if split == "typed":
        typed = widgets.text(keys.TYPED, placeholder=_("Type a few words and press Enter."))
    else:
        number = widgets.number(keys.EXAMPLE)
    if not stream:
        return SampleChoice(split, number)
    temperature = widgets.slider(
        keys.TEMPERATURE,
        step=0.1,
    )
    every = widgets.steps(keys.SAMPLE_EVERY, lambda count: f"{count:,}")
    return SampleChoice(split, number, typed, temperature, every)


def _choose_display(widgets: Widgets, task: str, cell: str, _: Translate) -> Display:
    """Choose the part of the network that is shown."""
    values = widgets.settings.values
    arrows = ("→", "←")[: 1 + values[keys.BIDIRECTIONAL]]
    names = dict(enumerate(f"{layer + 1} {arrow}" for layer in range(values[keys.LAYERS]) for arrow in arrows))
    layer = widgets.select(keys.LAYER, names, list(names)) if len(names) > 1 else 0
    order = widgets.segments(keys.ORDER, ORDERS)
    gates = widgets.pills(f"{keys.GATES}_{cell}", {CHANGE: N_("change by training"), "c": "c"})
    first = widgets.segments(keys.FIRST_ROW, FIRST_ROWS)
    unit = widgets.segments(keys.UNIT, UNITS, loss_of(task) == "cross_entropy")
    notation = widgets.segments(keys.NOTATION, NOTATIONS)
    return Display(layer, order, gates, first, unit, notation)
