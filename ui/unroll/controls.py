"""What the reader sets on the page «Unroll»."""

from typing import NamedTuple

import streamlit as st

from rnn_core import CELLS
from ui.i18n import N_
from ui.lab.settings import CELL_NAMES
from ui.settings import keys
from ui.settings.setting import Setting, Settings
from ui.settings.widgets import Widgets
from ui.unroll.sentence import LONGEST, Sentence, sentence

LONGEST_TEXT = 2000  # characters; what does not fit side by side is kept in the box
SYMBOLS = {"words": N_("words"), "characters": N_("characters")}
CUTS = {"full": N_("whole sentence"), "windowed": N_("window"), "chunked": N_("chunks")}
LETTERS = {"article": "s, U, W, V", "pytorch": "h, weight_ih, weight_hh"}

TABLE = {
    keys.SENTENCE: Setting("the cat sat on mats", longest=LONGEST_TEXT),
    keys.SYMBOLS: Setting("words", tuple(SYMBOLS)),
    keys.UNROLL_CELL: Setting("rnn_tanh", tuple(CELLS)),
    keys.UNITS: Setting(4, low=1, high=8),
    keys.WITH_BIAS: Setting(False),
    keys.START_SEED: Setting(0, low=0, high=2**31),
    keys.CUT: Setting("full", tuple(CUTS)),
    keys.REACH: Setting(2, low=1, high=LONGEST),
    keys.LETTERS: Setting("article", tuple(LETTERS)),
    keys.STEP_SIZE: Setting(0.1, low=0.0, high=10.0),
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


def settings() -> Settings:
    """The settings of this run of the page."""
    return Settings("unroll", TABLE)


def choose(settings: Settings, language) -> Choices:
    """Draw the controls and read them."""
    _ = language.gettext
    widgets = Widgets(settings, _)
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        text = widgets.text(keys.SENTENCE, _("Your sentence"))
    with right:
        by = widgets.segments(keys.SYMBOLS, _("A symbol is a"), SYMBOLS)
    with st.sidebar:
        st.subheader(_("Network"), help=_("A change here starts a new network."))
        cell = widgets.select(keys.UNROLL_CELL, _("Cell"), CELL_NAMES)
        units = widgets.slider(keys.UNITS, _("Hidden units"))
        bias = widgets.checkbox(keys.WITH_BIAS, _("Biases"))
        seed = widgets.number(keys.START_SEED, _("Seed"))
        st.subheader(_("Gradient"))
        cut = widgets.segments(keys.CUT, _("It goes back through"), CUTS)
        label = _("Steps of the window") if cut == "windowed" else _("Steps of a chunk")
        reach = widgets.slider(keys.REACH, label, useful=cut != "full")
        notation = widgets.segments(keys.LETTERS, _("Notation"), LETTERS)
    rate = settings.note(keys.STEP_SIZE, st.session_state.get(keys.STEP_SIZE, settings.first(keys.STEP_SIZE)))
    truncate = None if cut == "full" else reach
    truncation = "chunked" if cut == "chunked" else "windowed"
    return Choices(sentence(text, by), cell, units, bias, seed, truncate, truncation, notation, rate)


def default_sentence() -> Sentence:
    """What is read where nothing is typed."""
    return sentence(TABLE[keys.SENTENCE].default, "words")
