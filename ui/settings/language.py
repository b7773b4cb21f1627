"""The language of a session: chosen, named by the link, or the browser's."""

import streamlit as st

from ui.i18n import LANGUAGES, Language, language, language_named, preferred
from ui.settings import keys


def choose_language() -> Language:
    """The language of this session: the URL's, else the browser's; with the control that changes it."""
    with st.sidebar:
        code = st.segmented_control(
            "Language / 语言",
            list(LANGUAGES),
            default=_asked(),
            format_func=LANGUAGES.__getitem__,
            key=keys.LANGUAGE,
            required=True,
            on_change=_name_again,
            label_visibility="collapsed",
            persist_state="session",
        )
    return language(code)


def _name_again() -> None:
    """Give the browser the chosen values anew, so that they are written in the new language; parts that are open
    stay open."""
    for key in (*keys.NAMED, *st.session_state.get(keys.FOLDS, ())):
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def current_language() -> Language:
    """The language that was chosen; the browser's before that."""
    return language(st.session_state.get(keys.LANGUAGE) or _asked())


def _asked() -> str:
    """The language that the URL names, if there is such a one, else the browser's."""
    return language_named(st.query_params.get(keys.LANGUAGE, "")) or preferred(st.context.locale)
