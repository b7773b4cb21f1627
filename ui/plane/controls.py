"""What the plane lets the reader set, and how it is drawn."""

from typing import NamedTuple

from rnn_core.tasks import TASKS
from ui import state
from ui.figures.symbols import visible
from ui.language import N_
from ui.plane.measure import NOTHING
from ui.settings import Setting

SHOWN = {"states": N_("States and fixed points"), "tree": N_("Tree of symbols or words")}
DIMENSIONS = {2: N_("plane"), 3: N_("space (drag to turn)")}
COLOURS = {"symbol": N_("symbol read"), "position": N_("position"), "prediction": N_("prediction")}
LEAVES = {"symbol": N_("symbols"), "word": N_("words")}
MOST_INPUTS = 200  # symbols in the list of inputs

TABLE = {
    state.PLANE_SHOWN: Setting("states", tuple(SHOWN)),
    state.PLANE_DIMENSIONS: Setting(2, tuple(DIMENSIONS)),
    state.PLANE_COLOUR: Setting("symbol", tuple(COLOURS)),
    state.PLANE_INPUT: Setting(NOTHING, tuple(range(NOTHING, MOST_INPUTS))),
    state.PLANE_HOLD: Setting(False),
    state.PLANE_FIXED: Setting(True),
    state.PLANE_LEAVES: Setting("symbol", tuple(LEAVES)),
    state.PLANE_TURN: Setting(35, low=-180, high=180),
    state.PLANE_TILT: Setting(25, low=-90, high=90),
}


class Wish(NamedTuple):
    """What is shown."""

    shown: str = "states"
    dimensions: int = 2
    colour: str = "symbol"
    symbol: int = NOTHING  # the input of field and fixed points
    hold: bool = False  # the axes stay until they are fitted by hand
    fixed: bool = True  # fixed points are searched for
    leaves: str = "symbol"


def choose(widgets, view, columns, _) -> Wish:
    """Draw the controls into four columns and read them. view : ui.snapshot.View, None before the first."""
    task = TASKS[view.setup.task] if view is not None else None
    vocabulary = view.vocabulary if view is not None else None
    flat = view is None or view.setup.hidden_size <= 2
    with columns[0]:
        shown = widgets.segments(state.PLANE_SHOWN, _("Look at"), SHOWN)
    if shown == "tree":
        letters = task is not None and task.supports_stateful and task.separator == ""
        with columns[1]:
            leaves = widgets.segments(state.PLANE_LEAVES, _("Leaves"), LEAVES) if letters else "symbol"
        return Wish(shown, leaves=leaves)
    with columns[1]:
        colour = widgets.segments(state.PLANE_COLOUR, _("Colour by"), COLOURS)
    with columns[2]:
        inputs = range(min(len(vocabulary), MOST_INPUTS)) if vocabulary else range(1)
        names = {NOTHING: N_("none (zero)")} | {i: _input_name(vocabulary, i) for i in inputs}
        symbol = widgets.select(state.PLANE_INPUT, _("Input that stays"), names, list(names))
    with columns[3]:
        dimensions = 2 if flat else widgets.segments(state.PLANE_DIMENSIONS, _("Axes"), DIMENSIONS)
        fixed = widgets.checkbox(state.PLANE_FIXED, _("Search for fixed points"))
        hold = widgets.checkbox(
            state.PLANE_HOLD,
            _("Hold the axes"),
            not flat,
            help=_("Else they are fitted anew each time the number of updates has doubled."),
        )
    return Wish(shown, dimensions, colour, symbol, hold, fixed)


def _input_name(vocabulary, i) -> str:
    return visible(vocabulary[i]) if vocabulary else N_("mean of the data")
