"""A chart that does not move: a Plotly figure drawn by ui/charts/static/, with what can be taken along of it."""

from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st
from plotly.graph_objects import Figure
from streamlit.components.v2 import component

from ui.i18n import Translate
from ui.live.component import LOADER, SHARED, styles, words_of_charts
from ui.settings.language import current_language
from ui.settings.projecting import project, projecting

HTML = '<div class="live live-still"><div class="live-figure" role="img"></div></div>'


@cache
def _component() -> Callable[..., Any]:
    return component("figure", html=HTML, css=styles(SHARED, "figure"), js=LOADER, isolate_styles=False)


def figure(drawn: Figure, key: str, alt: str, _: Translate) -> None:
    """Show a figure. key : of the element, and of the files that are saved. alt : what it shows, in words."""
    data = {
        "script": "browser/live/static/figure.js",
        "figure": drawn.to_json(validate=False),
        "words": words_of_charts(_) | {"alt": alt},
        "name": key,
        "language": current_language().code.replace("_", "-"),
        "projecting": projecting(),
    }

    def pressed() -> None:
        if st.session_state[key].act == "project":
            project(True)

    _component()(key=key, data=data, on_act_change=pressed)
