"""The paper on which the reader draws a picture for the network, as an element of the page."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from streamlit.components.v2 import component

from rnn_core.tasks.captions.pictures import INK, SIDE
from ui.i18n import N_, Translate
from ui.live.component import LOADER
from ui.settings import keys
from ui.shapes import drawings
from ui.shapes.captions import COLOURS
from ui.shapes.figures_captions import rgb

STATIC = Path(__file__).parent / "static"
WORDS = {
    "colour": N_("Colour"),
    "kind": N_("What your stroke becomes"),
    "line": N_("a line"),
    "filled": N_("a filled shape"),
    "undo": N_("Undo"),
    "clear": N_("Empty the paper"),
    "keys": N_(
        "With the keyboard: the arrow keys move the pen, Space sets it down and lifts it, Esc drops the stroke."
    ),
    "down": N_("Pen down, column {x}, row {y}"),
    "up": N_("Pen up, column {x}, row {y}"),
    "full": N_("The drawing has no room for this stroke. Undo some, or empty the paper."),
}


@cache
def _component() -> Callable[..., Any]:
    css = (STATIC / "drawing.css").read_text(encoding="utf-8")
    return component("drawing", html='<div class="drawing"></div>', css=css, js=LOADER, isolate_styles=False)


def paper(first: str, label: str, hint: str, _: Translate) -> str:
    """The drawing, as text; `first` is the one to begin with."""
    inks = zip(drawings.COLOURS, COLOURS, INK, strict=True)
    white = rgb(np.zeros(3))
    data = {
        "script": "browser/shapes/static/drawing.js",
        "drawing": first,
        "label": label,
        "hint": hint,
        "words": {name: _(text) for name, text in WORDS.items()},
        "colours": [*([letter, _(name), rgb(ink)] for letter, name, ink in inks),
                    [drawings.PAPER, _("paper (erases)"), white]],
        "paper": white,
        "width": 2 * drawings.RADIUS * drawings.GRID / SIDE,
        "longest": drawings.LONGEST,
    }  # fmt: skip
    now = _component()(key=keys.SHAPE_PAPER, data=data, default={"drawing": first}, on_drawing_change=_nothing)
    return str(now.drawing)


def _nothing() -> None:
    """The script runs again; that is all."""
