"""The page «Shapes» in the browser: the words that stand in it."""

from pathlib import Path

from ui.charts.race import colours
from ui.live.component import live_component
from ui.settings import keys

STATIC = Path(__file__).parent / "static"


def show(session, theme, _) -> None:
    """Buttons, the diagram, what the shape shows beside, curves, the networks."""
    words = {
        "diagram": _("The network, unrolled over one sequence"),
        "race": _("How it learns"),
        "results": _("The networks"),
        "guide": _("How to read this"),
        "table": _("As a table"),
        "diagramAlt": _("Inputs at the bottom, states as columns from left to right, outputs on top."),
        "raceAlt": _("Training loss of each network with chance, and the accuracy below."),
    }
    live_component(keys.SHAPES_LIVE, STATIC, session, theme, words, _, {"contenders": list(colours(theme))})
