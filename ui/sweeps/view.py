"""Layout of the page “Sweeps”: buttons, the map, the chosen cell."""

from ui.i18n import N_
from ui.live.layout import Layout
from ui.settings import keys
from ui.sweeps.guides import GUIDES
from ui.sweeps.renderer import Request, SweepsRenderer

SENTENCES = {
    "error": N_("An error stopped the sweep. What was trained is kept; press “Continue the sweep” to try again."),
}

CONNECTION = {
    "cut": N_(
        "The connection to the server is lost. This page tries again by itself, and the sweep continues when it is "
        "back."
    ),
    "controls": N_("The controls wait for the connection to the server; the sweep itself continues."),
    "returning": N_("Getting your sweep back…"),
    "gone": N_("The server no longer has this sweep. The page asks for a new one."),
    "renewed": N_("The server no longer had your sweep: this is a new one with the settings of this page."),
    "returned": N_("The server no longer had your sweep. It came back from this browser; trained networks: {update}."),
    "full": N_("The server is full: your sweep waits for a place. It continues by itself when there is one."),
    "broken": N_("The pictures of this sweep fail again and again. Change a setting or reload the page."),
}

LAYOUT = Layout(
    name="sweeps",
    key=keys.SWEEPS_LIVE,
    renderer=SweepsRenderer,
    request=Request.of,
    guides=GUIDES,
    sentences=SENTENCES,
    connection=CONNECTION,
    words={
        "sweep": N_("The sweep"),
        "map": N_("The map"),
        "cell": N_("The chosen cell"),
        "curves": N_("How its networks learned"),
        "kept": N_("Kept in this browser: {update} networks of this sweep."),
        "keptElsewhere": N_("This browser keeps {update} networks of a sweep with these settings."),
        "moment": N_("After {update} networks:"),
        "guide": N_("How to read this"),
        "table": N_("As a table"),
        "mapAlt": N_("A map with a cell for each combination of the two settings. The arrow keys choose a cell."),
        "curvesAlt": N_("Training loss of each network of the chosen cell, and its held-out loss at the end."),
        "chooseCell": N_("Click a cell, or use the arrow keys, to see its networks and open one of them."),
        "noCell": N_("No cell is chosen, and none has been trained yet."),
    },
    chosen={"column": keys.SWEEP_COLUMN, "row": keys.SWEEP_ROW},
)
