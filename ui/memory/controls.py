"""Controls of the page «Memory» beside the Lab's."""

from typing import NamedTuple

import streamlit as st

from rnn_core.analysis.recording import quantities
from rnn_core.tasks import TASKS
from ui.i18n import N_
from ui.live import model_picker
from ui.settings import keys
from ui.settings.setting import Setting
from ui.settings.widgets import KEEP

VIEWS = {
    "text": N_("The text, unit by unit"),
    "search": N_("Units that mean something"),
    "change": N_("What happens if …"),
    "plane": N_("State space"),
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
    keys.MEMORY_VIEW: Setting("text", tuple(VIEWS)),
    keys.MEMORY_TEXT: Setting("text", tuple(TEXTS)),
    keys.MEMORY_LENGTH: Setting(10_000, LENGTHS),
    keys.MEMORY_OWN: Setting("", longest=2000),
    keys.MEMORY_QUANTITY: Setting("hidden", tuple(QUANTITIES)),
    keys.MEMORY_SORT: Setting("variance", tuple(SORTS)),
    keys.MEMORY_GUESSES: Setting(True),
    keys.NETWORK: model_picker.SETTING,  # chosen in the browser
    keys.MEMORY_STEP: Setting(-1, low=-1, high=LONGEST_OWN - 1),  # -1: none
    keys.MEMORY_UNIT: Setting(-1, low=-1, high=127),  # -1: the first in the order
    keys.MEMORY_BEGIN: Setting(-1, low=-1, high=LONGEST_OWN - 1),  # -1: no range
    keys.MEMORY_END: Setting(-1, low=-1, high=LONGEST_OWN),
    keys.CHANGE_KIND: Setting("unit", tuple(CHANGES)),
    keys.CHANGE_QUANTITY: Setting("hidden", tuple(QUANTITIES)),
    keys.CHANGE_UNITS: Setting("one", ("one", "all")),
    keys.CHANGE_VALUE: Setting(0.0, low=-100.0, high=100.0),
    keys.CHANGE_SYMBOL: Setting("", longest=20),
    keys.CHANGE_OTHER: Setting("", longest=1000),
    keys.CHANGE_STEPS: Setting(0, low=0, high=1000),
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
    """Change in the view “What happens if”."""

    kind: str = "unit"
    quantity: str = "hidden"
    units: str = "one"  # or "all"
    value: float = 0.0
    symbol: str = ""
    other: str = ""
    steps: int = 0  # for so many; 0: to the end


def choose_view(widgets, _) -> str:
    """Which part of the page is shown."""
    return widgets.segments(keys.MEMORY_VIEW, _("Look at"), VIEWS, label_visibility="collapsed")


def choose(widgets, setup, _) -> Choices:
    """Choose what is read and shown. setup : of the network; None while its text is not there."""
    cell, stream = _network(setup)
    first, second, third, fourth = st.columns(4)
    with first:
        text = widgets.select(keys.MEMORY_TEXT, _("Text"), TEXTS, None if stream else ("held_out",))
    with second:
        length = widgets.steps(keys.MEMORY_LENGTH, _("Maximum symbols"), lambda count: f"{count:,}")
    with third:
        quantity = widgets.select(keys.MEMORY_QUANTITY, _("Colour by"), QUANTITIES, quantities(cell))
    with fourth:
        sort = widgets.select(keys.MEMORY_SORT, _("Order of units"), SORTS)
    own = _own_text(widgets, _) if text == "own" else ""
    guesses = widgets.checkbox(keys.MEMORY_GUESSES, _("Show the five best guesses under each symbol"))
    return Choices(text, length, own, quantity, sort, guesses)


def choose_change(widgets, setup, _) -> ChangeChoices:
    """Choose the change."""
    cell, _stream = _network(setup)
    first, second, third, fourth = st.columns(4)
    with first:
        kind = widgets.select(keys.CHANGE_KIND, _("From the chosen symbol on"), CHANGES)
    quantity, units, value, symbol, other, steps = ChangeChoices()[1:]
    if kind == "unit":
        with second:
            quantity = widgets.select(keys.CHANGE_QUANTITY, _("Quantity to hold"), QUANTITIES, quantities(cell))
        with third:
            names = {"one": N_("the chosen unit"), "all": N_("all units")}
            units = widgets.segments(keys.CHANGE_UNITS, _("Which units"), names)
        with fourth:
            value = widgets.number(keys.CHANGE_VALUE, _("Value (0: switched off)"), step=0.5, format="%g")
        with first:
            steps = widgets.number(keys.CHANGE_STEPS, _("Duration in symbols (0 = to the end)"))
    elif kind == "symbol":
        with second:
            symbol = widgets.text(keys.CHANGE_SYMBOL, _("The other symbol"))
    elif kind == "swap":
        with second:
            other = widgets.text(keys.CHANGE_OTHER, _("The other text, read from an empty memory"))
    return ChangeChoices(kind, quantity, units, value, symbol, other, steps)


def _network(setup) -> tuple[str, bool]:
    """The network's cell, and whether its data are one long text."""
    return ("rnn_tanh", True) if setup is None else (setup.cell, TASKS[setup.task].supports_stateful)


def _own_text(widgets, _) -> str:
    """A text of the reader's, up to 100,000 symbols; only a short one fits a link."""
    text = st.text_area(
        _("Your own text, in symbols that the network knows"),
        widgets.settings.first(keys.MEMORY_OWN),
        key=keys.MEMORY_OWN,
        height=120,
        max_chars=LONGEST_OWN,
        placeholder=_("Paste a text here and press Ctrl+Enter."),
        **KEEP,
    )
    return widgets.settings.note(keys.MEMORY_OWN, text)
