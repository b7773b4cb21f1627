"""The line that says that the server cannot be reached, for a page without a live element."""

from collections.abc import Callable
from functools import cache
from typing import Any

from streamlit.components.v2 import component

from ui.i18n import Translate
from ui.live.component import LOADER, SHARED, styles
from ui.live.streamlit_words import streamlit_words
from ui.settings.appearance import current_theme
from ui.training.tabs import hand_over, tab_of_browser

HTML = '<div class="live live-still"><p class="live-connection" role="status"></p></div>'


@cache
def _component() -> Callable[..., Any]:
    return component("line", html=HTML, css=styles(SHARED, "line"), js=LOADER, isolate_styles=False)


def connection_line(_: Translate) -> None:
    """Say it as long as it is so."""
    sentence = _(
        "The connection to the server is lost. This page tries again by itself; what you change meanwhile "
        "waits until it is back."
    )
    data = {
        "script": "browser/live/static/line.js",
        "words": {"controls": sentence},
        "streamlit": streamlit_words(_),
        "theme": current_theme().name,
    } | tab_of_browser()
    hand_over(_component()(key="line", data=data, on_again_change=_nothing).again)


def _nothing() -> None:
    """The script runs again; that is all."""
