"""Controls set from elsewhere: by an experiment, a saved network, a button."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui.settings import keys
from ui.settings.kept_text import set_own_text
from ui.settings.setting import Setting


def set_controls(values: Mapping[str, Any]) -> None:
    """Set a page's controls to these values, as if by hand; called before they are drawn."""
    chosen = st.session_state.setdefault(keys.CHOSEN, {})
    for name, value in values.items():
        if name == keys.TEXT:
            set_own_text(value)
            continue
        st.session_state[name] = list(value) if isinstance(value, tuple) else value
        if name in chosen:
            chosen[name] = value


def next_seed(name: str, setting: Setting) -> None:
    """Set the control of a seed to the next one; called before it is drawn."""
    seed = st.session_state.get(name, st.session_state[keys.CHOSEN].get(name, setting.default))
    set_controls({name: (seed + 1) % (setting.high + 1)})
