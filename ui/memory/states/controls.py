"""Controls of the plane, and how it is drawn."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from streamlit.delta_generator import DeltaGenerator

from rnn_core.tasks import TASKS
from ui.i18n import N_, Translate
from ui.memory.states.analysis import NOTHING
from ui.settings import keys
from ui.settings.help import VIEW, Help
from ui.settings.setting import Setting
from ui.settings.widgets import Widgets

MOST_INPUTS = 500  # that can stay
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
    keys.PLANE_SHOWN: Setting("states", tuple(SHOWN), label=N_("Look at"), help=VIEW),
    keys.PLANE_DIMENSIONS: Setting(
        2,
        tuple(DIMENSIONS),
        label=N_("Axes"),
        help=Help(N_("Two axes are a plane, three can be turned with the mouse or the arrow keys.")),
    ),
    keys.PLANE_COLOUR: Setting(
        "symbol",
        tuple(COLOURS),
        label=N_("Colour by"),
        help=Help(N_("What the colour of a point stands for: what is read, what is expected, or the time.")),
    ),
    keys.PLANE_INPUT: Setting(NOTHING, low=NOTHING, high=MOST_INPUTS),  # chosen in the browser
    keys.PLANE_HOLD: Setting(
        False,
        label=N_("Freeze the axes"),
        help=Help(N_("Otherwise they are fitted again each time the number of updates has doubled.")),
    ),
    keys.PLANE_FIXED: Setting(
        True,
        label=N_("Search for fixed points"),
        help=Help(
            N_("States that would stay if the input stayed; found by descent from the states of the text."),
            ("fixed_point",),
        ),
    ),
    keys.PLANE_LEAVES: Setting(
        "symbol",
        tuple(LEAVES),
        label=N_("Leaves"),
        help=Help(N_("What hangs at the ends of the tree: a leaf for each symbol, or one for each word.")),
    ),
    keys.PLANE_TURN: Setting(-35, low=-180, high=180),
    keys.PLANE_TILT: Setting(25, low=-90, high=90),
}


class StatesChoices(NamedTuple):
    """Controls of the state space: what it shows."""

    shown: str = "states"
    dimensions: int = 2
    colour: str = "symbol"
    hold: bool = False  # the axes stay until they are fitted by hand
    fixed: bool = True  # fixed points are searched for
    leaves: str = "symbol"


def choose(widgets: Widgets, columns: Sequence[DeltaGenerator], _: Translate) -> StatesChoices:
    """Draw the controls into four columns and read them; the Lab's are drawn already."""
    values = widgets.settings.values
    task: Any = TASKS.get(values[keys.DATA], TASKS["text"])
    flat = values[keys.HIDDEN_SIZE] <= 2
    with columns[0]:
        shown = widgets.segments(keys.PLANE_SHOWN, SHOWN)
    if shown == "tree":
        letters = task.supports_stateful and task.separator == ""
        with columns[1]:
            leaves = widgets.segments(keys.PLANE_LEAVES, LEAVES) if letters else "symbol"
        return StatesChoices(shown, leaves=leaves)
    with columns[1]:
        colour = widgets.segments(keys.PLANE_COLOUR, COLOURS)
    with columns[2]:
        dimensions = 2 if flat else widgets.segments(keys.PLANE_DIMENSIONS, DIMENSIONS)
    with columns[3]:
        fixed = widgets.checkbox(keys.PLANE_FIXED)
        hold = widgets.checkbox(
            keys.PLANE_HOLD,
            not flat,
        )
    return StatesChoices(shown, dimensions, colour, hold, fixed)
