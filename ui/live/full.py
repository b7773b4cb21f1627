"""Page for a visitor for whom the server has no place."""

from typing import NoReturn

import streamlit as st

from ui.i18n import Translate
from ui.settings.rerun import rerun
from ui.training import presence
from ui.training.tabs import key_of_tab

ASK_AGAIN = 5.0  # seconds


def server_full(_: Translate) -> NoReturn:
    """Say that the server is full and end this run; the page runs again when there is a place."""
    st.warning(
        _(
            "The server is full: as many people as it can serve are here. This page opens by itself when there is a "
            "place."
        )
    )
    _wait()
    st.stop()


@st.fragment(run_every=ASK_AGAIN)
def _wait() -> None:
    if not presence.CAPACITY.full_for(key_of_tab()):
        rerun()
