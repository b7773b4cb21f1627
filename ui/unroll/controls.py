"""Controls of the page “Unroll”."""

from typing import NamedTuple

import streamlit as st

from rnn_core import CELLS
from ui.i18n import N_, Language, Translate
from ui.settings import keys
from ui.settings.choices import CELL_NAMES
from ui.settings.help import CELL, HIDDEN_SIZE, LEARNING_RATE, NOTATION, SEED, Help
from ui.settings.language import current_language
from ui.settings.setting import Setting, Settings
from ui.settings.widgets import Widgets
from ui.unroll.sentence import LONGEST, Sentence, sentence
from ui.unroll.workspace import Workspace

DEFAULT_TEXTS = {"en": "the cat sat on mats", "zh_CN": "小河流向大海"}
LONGEST_TEXT = 2000  # characters; what does not fit side by side is kept in the box
SYMBOLS = {"words": N_("words"), "characters": N_("characters")}
CUTS = {"full": N_("whole sentence"), "windowed": N_("window"), "chunked": N_("chunks")}
LETTERS = {"article": "s, U, W, V", "pytorch": "h, weight_ih, weight_hh"}

TABLE = {
    keys.SENTENCE: Setting(
        DEFAULT_TEXTS["en"],
        longest=LONGEST_TEXT,
        label=N_("Your sentence"),
        help=Help(N_("Up to ten words or characters fit side by side.")),
    ),
    keys.SYMBOLS: Setting(
        "words",
        tuple(SYMBOLS),
        label=N_("A symbol is a"),
        help=Help(N_("Whether the network reads word by word or character by character.")),
    ),
    keys.UNROLL_CELL: Setting("rnn_tanh", tuple(CELLS), label=N_("Cell"), help=CELL),
    keys.UNITS: Setting(4, low=1, high=8, label=N_("Hidden units"), help=HIDDEN_SIZE),
    keys.WITH_BIAS: Setting(False, label=N_("Biases"), help=Help(N_("The article's cell has none."))),
    keys.START_SEED: Setting(0, low=0, high=2**31, label=N_("Seed"), help=SEED),
    keys.CUT: Setting(
        "full",
        tuple(CUTS),
        label=N_("It goes back through"),
        help=Help(
            N_("How far back the gradient of each loss runs."),
            (
                "bptt",
                "truncation",
            ),
        ),
    ),
    keys.REACH: Setting(
        2,
        low=1,
        high=LONGEST,
        label=N_("Truncation k (steps)"),
        help=Help(N_("How many steps back the gradient runs."), ("truncation",)),
    ),
    keys.LETTERS: Setting("article", tuple(LETTERS), label=N_("Notation"), help=NOTATION),
    keys.STEP_SIZE: Setting(0.1, low=0.0, high=10.0, label=N_("Learning rate η"), help=LEARNING_RATE),
    keys.CHANGES: Setting("", longest=1500),
    keys.PLACE: Setting(0, low=0, high=5000),
}


class Choices(NamedTuple):
    """Everything the reader has set."""

    sentence: Sentence
    cell: str
    units: int
    bias: bool
    seed: int
    truncate: int | None
    truncation: str
    notation: str
    rate: float


def widgets_of(language: Language) -> Widgets:
    """The page's controls in this run of its script."""
    return Widgets(Settings("unroll", TABLE, {keys.SENTENCE: _default_text()}), language.gettext)


# Settings of the reader's own network.
OWN = (keys.SENTENCE, keys.SYMBOLS, keys.UNROLL_CELL, keys.UNITS, keys.WITH_BIAS, keys.START_SEED)


def choose(widgets: Widgets, language: Language, taken: Workspace | None) -> Choices:
    """Draw the controls and read them. taken : the Lab's network, where it lies open: it has no controls here, and the
    settings of the reader's own wait."""
    _, settings = language.gettext, widgets.settings
    if taken is None:
        _choose_own(widgets, _)
    else:
        _name_the_labs(taken, _)
        for name in OWN:
            settings.note(name, settings.now(name))
    with st.sidebar:
        st.subheader(_("Gradient"))
        cut = widgets.segments(keys.CUT, CUTS)
        reach = widgets.slider(keys.REACH, useful=cut != "full")
        notation = widgets.segments(keys.LETTERS, LETTERS)
    rate = settings.note(keys.STEP_SIZE, st.session_state.get(keys.STEP_SIZE, settings.first(keys.STEP_SIZE)))
    truncate = None if cut == "full" else reach
    truncation = "chunked" if cut == "chunked" else "windowed"
    text, by, cell, units, bias, seed = (settings.values[name] for name in OWN)
    return Choices(sentence(text, by), cell, units, bias, seed, truncate, truncation, notation, rate)


def _choose_own(widgets: Widgets, _: Translate) -> None:
    """The reader's own sentence and network."""
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        widgets.text(keys.SENTENCE)
    with right:
        widgets.segments(keys.SYMBOLS, SYMBOLS)
    with st.sidebar:
        st.subheader(_("Network"), help=_("A change here starts a new network."))
        widgets.select(keys.UNROLL_CELL, CELL_NAMES)
        widgets.slider(keys.UNITS)
        widgets.checkbox(keys.WITH_BIAS)
        widgets.number(keys.START_SEED)


def _name_the_labs(taken: Workspace, _: Translate) -> None:
    """The Lab's sequence and network, which are not changed here."""
    symbols = [taken.symbols[number] for number in taken.computation.ids]
    between = " " if any(len(symbol) > 1 for symbol in symbols) else ""
    st.text_input(_("The Lab's sequence"), between.join(symbols), disabled=True)
    with st.sidebar:
        st.subheader(_("Network"))
        message = _("The Lab's: {cell}, {units} hidden units. Go back to your sentence to choose a network here.")
        st.caption(message.format(cell=_(CELL_NAMES[taken.computation.cell]), units=taken.computation.hidden_size))


def default_sentence() -> Sentence:
    """Sentence that is read where nothing is typed."""
    return sentence(_default_text(), "words")


def _default_text() -> str:
    return DEFAULT_TEXTS[current_language().code]
