"""The view for projecting (`?present=1`): no side bar, no introduction, one chart fills the screen, on every page."""

import streamlit as st

from ui.settings import keys


def ask(_) -> bool:
    """Whether the page is projected: what the URL says, else as before; the URL says it from then on.

    With the button that ends it.
    """
    asked = st.query_params.get(keys.PRESENT)
    if asked is not None and asked != st.session_state.get(keys.PRESENT_SAID):
        project(asked == "1")
    if projecting():
        st.query_params[keys.PRESENT] = st.session_state[keys.PRESENT_SAID] = "1"
        st.button(_("Back to the page"), key=keys.LEAVE, on_click=project, args=(False,))
    elif asked is not None:
        del st.query_params[keys.PRESENT]
        st.session_state[keys.PRESENT_SAID] = None
    return projecting()


def projecting() -> bool:
    """Whether the page is projected."""
    return st.session_state.get(keys.PROJECTING, False)


def project(wanted: bool) -> None:
    """Project the page from now on, or no longer."""
    st.session_state[keys.PROJECTING] = wanted
