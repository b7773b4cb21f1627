"""What the plane lets the reader set, and how it is drawn."""

from typing import NamedTuple

from rnn_core.tasks import TASKS
from ui import state
from ui.language import N_
from ui.plane.measure import NOTHING
from ui.plane.reading import MOST_INPUTS
from ui.settings import Setting

SHOWN = {"states": N_("States"), "tree": N_("Tree")}
DIMENSIONS = {2: N_("plane"), 3: N_("space")}
COLOURS = {"symbol": N_("symbol read"), "position": N_("position"), "prediction": N_("prediction")}
LEAVES = {"symbol": N_("symbols"), "word": N_("words")}
GROUP_NAMES = {
    "HUM": N_("humans"),
    "ANIM": N_("animals"),
    "INANIM": N_("things"),
    "AGRESS": N_("aggressors"),
    "FRAG": N_("fragile things"),
    "FOOD": N_("food"),
    "INTRAN": N_("intransitive verbs"),
    "TRAN": N_("transitive verbs"),
}

TABLE = {
    state.PLANE_SHOWN: Setting("states", tuple(SHOWN)),
    state.PLANE_DIMENSIONS: Setting(2, tuple(DIMENSIONS)),
    state.PLANE_COLOUR: Setting("symbol", tuple(COLOURS)),
    state.PLANE_INPUT: Setting(NOTHING, low=NOTHING, high=MOST_INPUTS),  # chosen in the browser
    state.PLANE_HOLD: Setting(False),
    state.PLANE_FIXED: Setting(True),
    state.PLANE_LEAVES: Setting("symbol", tuple(LEAVES)),
    state.PLANE_TURN: Setting(-35, low=-180, high=180),
    state.PLANE_TILT: Setting(25, low=-90, high=90),
}


class Wish(NamedTuple):
    """What is shown."""

    shown: str = "states"
    dimensions: int = 2
    colour: str = "symbol"
    hold: bool = False  # the axes stay until they are fitted by hand
    fixed: bool = True  # fixed points are searched for
    leaves: str = "symbol"


def choose(widgets, columns, _) -> Wish:
    """Draw the controls into four columns and read them; the Lab's are drawn already."""
    values = widgets.settings.values
    task, flat = TASKS.get(values[state.DATA], TASKS["text"]), values[state.HIDDEN_SIZE] <= 2
    with columns[0]:
        shown = widgets.segments(state.PLANE_SHOWN, _("Look at"), SHOWN)
    if shown == "tree":
        letters = task.supports_stateful and task.separator == ""
        with columns[1]:
            leaves = widgets.segments(state.PLANE_LEAVES, _("Leaves"), LEAVES) if letters else "symbol"
        return Wish(shown, leaves=leaves)
    with columns[1]:
        colour = widgets.segments(state.PLANE_COLOUR, _("Colour by"), COLOURS)
    with columns[2]:
        dimensions = 2 if flat else widgets.segments(state.PLANE_DIMENSIONS, _("Axes"), DIMENSIONS)
    with columns[3]:
        fixed = widgets.checkbox(state.PLANE_FIXED, _("Search for fixed points"))
        hold = widgets.checkbox(
            state.PLANE_HOLD,
            _("Hold the axes"),
            not flat,
            help=_("Else they are fitted anew each time the number of updates has doubled."),
        )
    return Wish(shown, dimensions, colour, hold, fixed)
