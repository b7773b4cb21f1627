"""A table that does not move, with what can be taken along of it."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from streamlit.components.v2 import component

from ui.charts.formatting import typographic
from ui.i18n import Translate
from ui.live.component import LOADER, SHARED, styles, words_of_charts
from ui.settings.language import current_language

HTML = '<div class="live live-still"></div>'


@cache
def _component() -> Callable[..., Any]:
    return component("table", html=HTML, css=styles(SHARED, "table"), js=LOADER, isolate_styles=False)


def table(columns: dict[str, list[Any]], key: str, _: Translate) -> None:
    """Show columns by their names. key : of the element, and of the file that is saved."""
    data = {
        "script": "browser/live/static/table.js",
        "columns": {name: [cell(value) for value in values] for name, values in columns.items()},
        "word": words_of_charts(_)["saveTable"],
        "name": key,
        "language": current_language().code.replace("_", "-"),
    }
    _component()(key=key, data=data)


def cell(value: Any) -> str:
    """Text of a cell: a number with five digits, nothing for nothing.

    >>> cell(0.123456), cell(1500), cell(-3e-7), cell(np.float32(0.3971)), cell(None), cell("a")
    ('0.12346', '1500', '−3×10⁻⁷', '0.3971', '', 'a')
    """
    if value is None:
        return ""
    if isinstance(value, (int, np.integer)):
        return typographic(str(value))
    return typographic(f"{value:.5g}") if isinstance(value, (float, np.floating)) else str(value)
