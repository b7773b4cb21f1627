"""The view for projecting (`?present=1`): no side bar, no introduction, one chart fills the screen, on every page."""

import streamlit as st

from ui.i18n import Translate
from ui.settings import keys

YES, NOT = "1", ("0", "")  # how the URL says that it is projected, and that it is not


def ask(_: Translate) -> bool:
    """Whether the page is projected: what the URL says, else as before; the URL says it from then on.

    With the button that ends it.
    """
    asked = st.query_params.get(keys.PRESENT)
    if asked is not None and asked != st.session_state.get(keys.PRESENT_READ):
        project(asked == YES)
    if projecting():
        st.query_params[keys.PRESENT] = st.session_state[keys.PRESENT_READ] = YES
        st.button(_("Back to the page"), key=keys.LEAVE, on_click=project, args=(False,))
    elif asked is not None:
        if asked in (YES, *NOT):  # another value stays until the page has remarked on it
            del st.query_params[keys.PRESENT]
        st.session_state[keys.PRESENT_READ] = None
    return projecting()


def projecting() -> bool:
    """Whether the page is projected."""
    return st.session_state.get(keys.PROJECTING, False)


def project(wanted: bool) -> None:
    """Project the page from now on, or no longer."""
    st.session_state[keys.PROJECTING] = wanted
