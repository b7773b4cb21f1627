"""For a browser that has never been here: what this is, and two doors. A browser that has sees nothing of it, and an
address that asks for something leads there."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from ui.i18n import Translate
from ui.live.component import LOADER
from ui.settings import keys
from ui.settings.projecting import projecting
from ui.settings.setting import PROXY, STREAMLIT, asked_of

STATIC = Path(__file__).parent / "static"


@cache
def _component() -> Callable[..., Any]:
    css = (STATIC / "welcome.css").read_text(encoding="utf-8")
    return component("welcome", html='<div class="welcome" hidden></div>', css=css, js=LOADER, isolate_styles=False)


def welcome(_: Translate) -> None:
    """Welcome of a first visit; a press on its first door opens the course."""
    if projecting() or asked_of("lab").keys() - {keys.LANGUAGE, *STREAMLIT, *PROXY}:
        return
    words = {
        "sentence": _(
            "The network below is at work, not a recording. It reads one symbol after another, and its hidden state "
            "is all that it remembers."
        ),
        "course": _("Start the course"),
        "takes": _("Thirteen lessons, about five minutes each: guess, train, compare."),
        "lab": _("Open the Lab"),
        "free": _("Every setting is yours to change."),
    }
    data = {"script": "browser/lab/static/welcome.js", "words": words}
    if _component()(key=keys.WELCOME, data=data, on_door_change=lambda: None).door == "course":
        st.switch_page("pages/course.py")
