"""The colours of the page as the reader sees it."""

import streamlit as st

from ui.theme import LIGHT, THEMES, Theme


def current_theme() -> Theme:
    """The theme of the page as the reader sees it; light until the browser has said."""
    return THEMES.get(st.context.theme.type or LIGHT.name, LIGHT)
