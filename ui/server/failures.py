"""Message of the app's own where a page's script fails. The server's log has the traceback."""

import streamlit as st

from ui.i18n import LANGUAGES, language
from ui.settings.language import current_language


def say_so(_error: Exception) -> bool:
    """Say it in the reader's language; True: Streamlit need not."""
    try:
        _ = current_language().gettext
    except Exception:  # the control of the language is what failed: a browser may send anything in its place
        _ = language(next(iter(LANGUAGES))).gettext
    st.error(
        _(
            "Something in the app failed while it made this page. Your network is kept. Change a setting, or open "
            "another page and come back."
        )
    )
    return True
