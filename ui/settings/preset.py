"""Controls set from elsewhere: by an experiment, a saved network, a button."""

import streamlit as st

from ui.settings import keys
from ui.settings.kept_text import set_own_text


def set_controls(values: dict) -> None:
    """Set a page's controls to these values, as if by hand; called before they are drawn."""
    chosen = st.session_state.setdefault(keys.CHOSEN, {})
    for name, value in values.items():
        if name == keys.TEXT:
            set_own_text(value)
            continue
        st.session_state[name] = list(value) if isinstance(value, tuple) else value
        if name in chosen:
            chosen[name] = value
