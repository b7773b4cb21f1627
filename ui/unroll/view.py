"""The view in the browser, as a component: the tape goes in as data, changes of weights come back."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from ui.live.component import LOADER
from ui.settings import keys
from ui.settings.projecting import projecting

STATIC = Path(__file__).parent / "static"
_VIEW = component(
    "unrolled_network",
    html='<div class="unroll"></div>',
    css=(STATIC / "view.css").read_text(encoding="utf-8"),
    js=LOADER,
)


def show(
    data: dict[str, Any], *, version: Any, place: int, on_edit: Callable[..., Any], on_select: Callable[..., Any]
) -> int:
    """Show a payload; the index of the operation that the reader rests at. `version`: another one is drawn anew."""

    def edited() -> None:
        on_edit(st.session_state[keys.UNROLLED].get("edit"))

    def selected() -> None:
        on_select(st.session_state[keys.UNROLLED].get("look"))

    digest = hashlib.sha256(repr(version).encode("utf-8", "replace")).hexdigest()[:16]
    result = _VIEW(
        key=keys.UNROLLED,
        data=data
        | {"script": "browser/unroll/static/view.js", "version": digest, "at": place, "projecting": projecting()},
        default={"place": place},
        on_edit_change=edited,
        on_look_change=selected,
        on_place_change=lambda: None,
    )
    return result.place if isinstance(result.place, int) else place
