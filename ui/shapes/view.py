"""The page «Shapes» in the browser: the words that stand in it."""

from ui import state
from ui.figures.arena import colours
from ui.moving import moving


def show(session, theme, _) -> None:
    """Buttons, the diagram, what the shape shows beside, curves, the networks."""
    words = {
        "diagram": _("The network, unrolled over one sequence"),
        "race": _("How it learns"),
        "standings": _("The networks"),
        "guide": _("How to read this"),
        "table": _("As a table"),
        "diagramAlt": _("Inputs at the bottom, states as columns from left to right, outputs on top."),
        "raceAlt": _("Training loss of each network with chance, and the share of right answers below."),
    }
    moving(state.SHAPES_LIVE, session, theme, words, _, {"contenders": list(colours(theme))})
