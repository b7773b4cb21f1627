"""Parts of a page that are folded away until they are opened."""

import streamlit as st
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer

from ui.settings import keys


def fold(label: str, key: str, expanded: bool = False) -> ExpanderContainer:
    """A part that says whether it is open; it stays so when its label is written in another language.

    expanded : whether it is open at first.
    """
    st.session_state.setdefault(keys.FOLDS, set()).add(key)
    return st.expander(label, expanded, key=key, on_change="rerun")
