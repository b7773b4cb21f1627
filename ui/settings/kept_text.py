"""The reader's own text as the session keeps it: in its field, or beside the field where it is long."""

from typing import TYPE_CHECKING

import streamlit as st

from ui.settings import keys
from ui.settings.choices import OWN_TEXT

if TYPE_CHECKING:
    from ui.settings.setting import Settings

LONGEST_SHOWN = 200_000  # characters; a longer text is kept beside the field, which would travel with every click


def kept_text() -> str:
    """The text that the session has as the reader's own, whatever the network learns from."""
    return st.session_state.get(keys.TEXT) or st.session_state.get(keys.KEPT_TEXT, "")


def own_text(settings: "Settings") -> str:
    """The reader's own text where the network learns from it, else an empty one."""
    if settings.values.get(keys.DATA) != OWN_TEXT:
        return ""
    return settings.values.get(keys.TEXT) or st.session_state.get(keys.KEPT_TEXT, "")


def set_own_text(text: str) -> None:
    """Make this the reader's own text; one that is too long to be shown is kept beside the empty field."""
    long = len(text) > LONGEST_SHOWN
    st.session_state[keys.TEXT] = "" if long else text
    st.session_state[keys.KEPT_TEXT] = text if long else ""
    st.session_state[keys.UPLOADS] = st.session_state.get(keys.UPLOADS, 0) + 1
