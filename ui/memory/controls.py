"""What the page «Memory» lets the reader set beside the Lab's controls."""

from typing import NamedTuple

import streamlit as st

from rnn_core.recording import quantities
from rnn_core.tasks import TASKS
from ui import networks, state
from ui.language import N_
from ui.settings import Setting
from ui.widgets import KEEP

VIEWS = {
    "text": N_("The text, unit by unit"),
    "search": N_("Units that mean something"),
    "change": N_("What happens if …"),
    "plane": N_("States as places"),
}
TEXTS = {"text": N_("the network's data"), "held_out": N_("held-out data"), "own": N_("my own text")}
LENGTHS = (1000, 3000, 10_000, 30_000, 100_000)
LONGEST_OWN = 100_000  # symbols
QUANTITIES = {
    "hidden": N_("hidden state"),
    "cell": N_("cell state c"),
    "i": N_("input gate i"),
    "f": N_("forget gate f"),
    "g": N_("candidate g"),
    "o": N_("output gate o"),
    "r": N_("reset gate r"),
    "z": N_("update gate z"),
    "n": N_("candidate n"),
}
SORTS = {
    "index": N_("by number"),
    "variance": N_("by how much they vary"),
    "similarity": N_("by similarity"),
    "tracks": N_("by what they follow"),
}
CHANGES = {
    "unit": N_("hold units at a value"),
    "state": N_("empty the memory"),
    "symbol": N_("read another symbol"),
    "swap": N_("take the memory of another text"),
}
ALL = -1  # units

TABLE = {
    state.MEMORY_VIEW: Setting("text", tuple(VIEWS)),
    state.MEMORY_TEXT: Setting("text", tuple(TEXTS)),
    state.MEMORY_LENGTH: Setting(10_000, LENGTHS),
    state.MEMORY_OWN: Setting("", longest=2000),
    state.MEMORY_QUANTITY: Setting("hidden", tuple(QUANTITIES)),
    state.MEMORY_SORT: Setting("variance", tuple(SORTS)),
    state.MEMORY_GUESSES: Setting(True),
    state.NETWORK: networks.SETTING,  # chosen in the browser
    state.MEMORY_STEP: Setting(-1, low=-1, high=LONGEST_OWN - 1),  # -1: none
    state.MEMORY_UNIT: Setting(-1, low=-1, high=127),  # -1: the first in the order
    state.MEMORY_BEGIN: Setting(-1, low=-1, high=LONGEST_OWN - 1),  # -1: no range
    state.MEMORY_END: Setting(-1, low=-1, high=LONGEST_OWN),
    state.CHANGE_KIND: Setting("unit", tuple(CHANGES)),
    state.CHANGE_QUANTITY: Setting("hidden", tuple(QUANTITIES)),
    state.CHANGE_UNITS: Setting("one", ("one", "all")),
    state.CHANGE_VALUE: Setting(0.0, low=-100.0, high=100.0),
    state.CHANGE_SYMBOL: Setting("", longest=20),
    state.CHANGE_OTHER: Setting("", longest=1000),
    state.CHANGE_STEPS: Setting(0, low=0, high=1000),
}


class Choices(NamedTuple):
    """Which text, which numbers, in which order."""

    text: str = "text"
    length: int = 10_000
    own: str = ""
    quantity: str = "hidden"
    sort: str = "variance"
    guesses: bool = True


class ChangeChoices(NamedTuple):
    """What is changed in the view «What happens if»."""

    kind: str = "unit"
    quantity: str = "hidden"
    units: str = "one"  # or "all"
    value: float = 0.0
    symbol: str = ""
    other: str = ""
    steps: int = 0  # for so many; 0: to the end


def choose_view(widgets, _) -> str:
    """Which part of the page is shown."""
    return widgets.segments(state.MEMORY_VIEW, _("Look at"), VIEWS, label_visibility="collapsed")


def choose(widgets, setup, _) -> Choices:
    """What is read and shown. setup : of the network; None while its text is not there."""
    cell, stream = _network(setup)
    first, second, third, fourth = st.columns(4)
    with first:
        text = widgets.select(state.MEMORY_TEXT, _("Text"), TEXTS, None if stream else ("held_out",))
    with second:
        length = widgets.steps(state.MEMORY_LENGTH, _("Symbols at most"), lambda count: f"{count:,}")
    with third:
        quantity = widgets.select(state.MEMORY_QUANTITY, _("Coloured by"), QUANTITIES, quantities(cell))
    with fourth:
        sort = widgets.select(state.MEMORY_SORT, _("Units in order"), SORTS)
    own = _own_text(widgets, _) if text == "own" else ""
    guesses = widgets.checkbox(state.MEMORY_GUESSES, _("Show the five best guesses under each symbol"))
    return Choices(text, length, own, quantity, sort, guesses)


def choose_change(widgets, setup, _) -> ChangeChoices:
    """What is changed."""
    cell, _stream = _network(setup)
    first, second, third, fourth = st.columns(4)
    with first:
        kind = widgets.select(state.CHANGE_KIND, _("From the chosen symbol on"), CHANGES)
    quantity, units, value, symbol, other, steps = ChangeChoices()[1:]
    if kind == "unit":
        with second:
            quantity = widgets.select(state.CHANGE_QUANTITY, _("What is held"), QUANTITIES, quantities(cell))
        with third:
            names = {"one": N_("the chosen unit"), "all": N_("all units")}
            units = widgets.segments(state.CHANGE_UNITS, _("Of"), names)
        with fourth:
            value = widgets.number(state.CHANGE_VALUE, _("Value (0: switched off)"), step=0.5, format="%g")
        with first:
            steps = widgets.number(state.CHANGE_STEPS, _("For so many symbols (0: to the end)"))
    elif kind == "symbol":
        with second:
            symbol = widgets.text(state.CHANGE_SYMBOL, _("The other symbol"))
    elif kind == "swap":
        with second:
            other = widgets.text(state.CHANGE_OTHER, _("The other text, read from an empty memory"))
    return ChangeChoices(kind, quantity, units, value, symbol, other, steps)


def _network(setup) -> tuple[str, bool]:
    """The network's cell, and whether its data are one long text."""
    return ("rnn_tanh", True) if setup is None else (setup.cell, TASKS[setup.task].supports_stateful)


def _own_text(widgets, _) -> str:
    """A text of the reader's, up to 100,000 symbols; only a short one fits a link."""
    text = st.text_area(
        _("Your own text, in symbols that the network knows"),
        widgets.settings.first(state.MEMORY_OWN),
        key=state.MEMORY_OWN,
        height=120,
        max_chars=LONGEST_OWN,
        placeholder=_("Paste a text here and press Ctrl+Enter."),
        **KEEP,
    )
    return widgets.settings.note(state.MEMORY_OWN, text)
