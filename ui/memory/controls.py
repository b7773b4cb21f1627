"""Controls of the page “Memory” beside the Lab's."""

from typing import NamedTuple

import streamlit as st

from rnn_core.analysis.recording import quantities
from rnn_core.tasks import TASKS
from ui.i18n import N_, Translate
from ui.settings import keys
from ui.settings.choices import QUANTITIES
from ui.settings.help import VIEW, Help
from ui.settings.setting import Setting
from ui.settings.widgets import Widgets
from ui.training.snapshot import Setup

VIEWS = {
    "text": N_("The text, unit by unit"),
    "search": N_("Units that mean something"),
    "change": N_("What happens if …"),
    "plane": N_("State space"),
}
TEXTS = {"text": N_("the network's data"), "held_out": N_("held-out data"), "own": N_("my own text")}
LENGTHS = (1000, 3000, 10_000, 30_000, 100_000)
LONGEST_OWN = 100_000  # symbols
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
    keys.MEMORY_VIEW: Setting("text", tuple(VIEWS), label=N_("Look at"), help=VIEW),
    keys.MEMORY_TEXT: Setting(
        "text", tuple(TEXTS), label=N_("Text"), help=Help(N_("What the network reads here."), ("held_out",))
    ),
    keys.MEMORY_LENGTH: Setting(
        10_000,
        LENGTHS,
        label=N_("Maximum symbols"),
        help=Help(N_("A longer text shows rarer things and takes longer to read.")),
    ),
    keys.MEMORY_OWN: Setting(
        "",
        longest=2000,
        label=N_("Your own text, in symbols that the network knows"),
        help=Help(N_("Up to 100,000 symbols. A text of more than 2,000 characters does not fit the address.")),
    ),
    keys.MEMORY_QUANTITY: Setting(
        "hidden",
        tuple(QUANTITIES),
        label=N_("Colour by"),
        help=Help(
            N_("Which number of the chosen unit colours the text: its state, its cell state, a gate."),
            (
                "hidden_state",
                "cell_state",
                "gate",
            ),
        ),
    ),
    keys.MEMORY_SORT: Setting(
        "variance",
        tuple(SORTS),
        label=N_("Order of units"),
        help=Help(N_("In which order the units stand beside the text.")),
    ),
    keys.MEMORY_GUESSES: Setting(
        True,
        label=N_("Show the five best guesses under each symbol"),
        help=Help(N_("What the network expected at each place, the likeliest first.")),
    ),
    keys.MEMORY_STEP: Setting(-1, low=-1, high=LONGEST_OWN - 1),  # -1: none
    keys.MEMORY_UNIT: Setting(-1, low=-1, high=127),  # -1: the first in the order
    keys.MEMORY_BEGIN: Setting(-1, low=-1, high=LONGEST_OWN - 1),  # -1: no range
    keys.MEMORY_END: Setting(-1, low=-1, high=LONGEST_OWN),
    keys.CHANGE_KIND: Setting(
        "unit",
        tuple(CHANGES),
        label=N_("From the chosen symbol on"),
        help=Help(N_("One thing is changed from the chosen symbol on; everything after it is recomputed.")),
    ),
    keys.CHANGE_QUANTITY: Setting(
        "hidden",
        tuple(QUANTITIES),
        label=N_("Quantity to hold"),
        help=Help(
            N_("The number that is held at a value: the state, the cell state or a gate."),
            (
                "cell_state",
                "gate",
            ),
        ),
    ),
    keys.CHANGE_UNITS: Setting(
        "one",
        ("one", "all"),
        label=N_("Which units"),
        help=Help(N_("Only the chosen unit, or all units of the layer.")),
    ),
    keys.CHANGE_VALUE: Setting(
        0.0,
        low=-100.0,
        high=100.0,
        label=N_("Value (0: switched off)"),
        help=Help(N_("What it is held at; 0 switches a state off or closes a gate.")),
    ),
    keys.CHANGE_SYMBOL: Setting(
        "", longest=20, label=N_("The other symbol"), help=Help(N_("It is read in place of the chosen one."))
    ),
    keys.CHANGE_OTHER: Setting(
        "",
        longest=1000,
        label=N_("The other text, read from an empty memory"),
        help=Help(N_("Its last state takes the place of the network's own.")),
    ),
    keys.CHANGE_STEPS: Setting(
        0,
        low=0,
        high=1000,
        label=N_("Duration in symbols (0 = to the end)"),
        help=Help(N_("Afterwards the network continues by itself.")),
    ),
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


def choose_view(widgets: Widgets, _: Translate) -> str:
    """Which part of the page is shown."""
    return widgets.segments(keys.MEMORY_VIEW, VIEWS, label_visibility="collapsed")


def choose(widgets: Widgets, setup: Setup | None, _: Translate, folded: bool = False) -> Choices:
    """Choose what is read and shown. setup : of the network; None while its text is not there. folded : other controls
    come first."""
    if folded:
        with widgets.part(keys.MEMORY_READ, _("Which text is read, and how it is coloured")):
            return _choose(widgets, setup, _)
    return _choose(widgets, setup, _)


def _choose(widgets: Widgets, setup: Setup | None, _: Translate) -> Choices:
    cell, stream = _network(setup)
    first, second, third, fourth = st.columns(4)
    with first:
        text = widgets.select(keys.MEMORY_TEXT, TEXTS, None if stream else ("held_out",))
    with second:
        length = widgets.steps(keys.MEMORY_LENGTH, lambda count: f"{count:,}")
    with third:
        quantity = widgets.select(keys.MEMORY_QUANTITY, QUANTITIES, quantities(cell))
    with fourth:
        sort = widgets.select(keys.MEMORY_SORT, SORTS)
    own = _own_text(widgets, _) if text == "own" else ""
    guesses = widgets.checkbox(keys.MEMORY_GUESSES)
    return Choices(text, length, own, quantity, sort, guesses)


def choose_change(widgets: Widgets, setup: Setup | None, _: Translate) -> ChangeChoices:
    """Choose the change."""
    cell, _stream = _network(setup)
    with st.container(key=keys.CHANGE_CONTROLS):
        first, second, third, fourth, fifth = st.columns([6, 5, 7, 5, 5], vertical_alignment="bottom")
    with first:
        kind = widgets.select(keys.CHANGE_KIND, CHANGES)
    quantity, units, value, symbol, other, steps = ChangeChoices()[1:]
    if kind == "unit":
        with second:
            quantity = widgets.select(keys.CHANGE_QUANTITY, QUANTITIES, quantities(cell))
        with third:
            names = {"one": N_("the chosen unit"), "all": N_("all units")}
            units = widgets.segments(keys.CHANGE_UNITS, names)
        with fourth:
            value = widgets.number(keys.CHANGE_VALUE, step=0.5, format="%g")
        with fifth:
            steps = widgets.number(keys.CHANGE_STEPS)
    elif kind == "symbol":
        with second:
            symbol = widgets.text(keys.CHANGE_SYMBOL)
    elif kind == "swap":
        with second:
            other = widgets.text(keys.CHANGE_OTHER)
    return ChangeChoices(kind, quantity, units, value, symbol, other, steps)


def _network(setup: Setup | None) -> tuple[str, bool]:
    """The network's cell, and whether its data are one long text."""
    return ("rnn_tanh", True) if setup is None else (setup.cell, TASKS[setup.task].supports_stateful)


def _own_text(widgets: Widgets, _: Translate) -> str:
    """A text of the reader's, up to 100,000 symbols; only a short one fits a link."""
    text = st.text_area(
        value=widgets.settings.first(keys.MEMORY_OWN),
        height=120,
        max_chars=LONGEST_OWN,
        placeholder=_("Paste a text here and press Ctrl+Enter."),
        **widgets.described(keys.MEMORY_OWN),
    )
    return widgets.settings.note(keys.MEMORY_OWN, text)
