"""Controls of the plane, and how it is drawn."""

from typing import NamedTuple

from rnn_core.tasks import TASKS
from ui.i18n import N_
from ui.memory.states.analysis import NOTHING
from ui.memory.states.guides import MOST_INPUTS
from ui.settings import keys
from ui.settings.setting import Setting

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
    keys.PLANE_SHOWN: Setting("states", tuple(SHOWN)),
    keys.PLANE_DIMENSIONS: Setting(2, tuple(DIMENSIONS)),
    keys.PLANE_COLOUR: Setting("symbol", tuple(COLOURS)),
    keys.PLANE_INPUT: Setting(NOTHING, low=NOTHING, high=MOST_INPUTS),  # chosen in the browser
    keys.PLANE_HOLD: Setting(False),
    keys.PLANE_FIXED: Setting(True),
    keys.PLANE_LEAVES: Setting("symbol", tuple(LEAVES)),
    keys.PLANE_TURN: Setting(-35, low=-180, high=180),
    keys.PLANE_TILT: Setting(25, low=-90, high=90),
}


class StatesChoices(NamedTuple):
    """Choose what is shown."""

    shown: str = "states"
    dimensions: int = 2
    colour: str = "symbol"
    hold: bool = False  # the axes stay until they are fitted by hand
    fixed: bool = True  # fixed points are searched for
    leaves: str = "symbol"


def choose(widgets, columns, _) -> StatesChoices:
    """Draw the controls into four columns and read them; the Lab's are drawn already."""
    values = widgets.settings.values
    task, flat = TASKS.get(values[keys.DATA], TASKS["text"]), values[keys.HIDDEN_SIZE] <= 2
    with columns[0]:
        shown = widgets.segments(keys.PLANE_SHOWN, _("Look at"), SHOWN)
    if shown == "tree":
        letters = task.supports_stateful and task.separator == ""
        with columns[1]:
            leaves = widgets.segments(keys.PLANE_LEAVES, _("Leaves"), LEAVES) if letters else "symbol"
        return StatesChoices(shown, leaves=leaves)
    with columns[1]:
        colour = widgets.segments(keys.PLANE_COLOUR, _("Colour by"), COLOURS)
    with columns[2]:
        dimensions = 2 if flat else widgets.segments(keys.PLANE_DIMENSIONS, _("Axes"), DIMENSIONS)
    with columns[3]:
        fixed = widgets.checkbox(keys.PLANE_FIXED, _("Search for fixed points"))
        hold = widgets.checkbox(
            keys.PLANE_HOLD,
            _("Freeze the axes"),
            not flat,
        )
    return StatesChoices(shown, dimensions, colour, hold, fixed)
