"""What of a link could not be followed, said on the page that it opened."""

import streamlit as st

from ui.settings import keys
from ui.settings.setting import Remark, Settings

LONGEST = 60  # characters of a remark


def show(settings: Settings, page: str, _) -> None:
    """A sentence, and what it speaks of as text alone: anybody can write a link. page : this page's name."""
    no_page = settings.asks(keys.NO_PAGE)
    remarks = settings.remarks
    if no_page and any(remark.said == no_page for remark in remarks):
        st.info(_("There is no page with this name. The {page} is shown.").format(page=page))
        st.text(_short(no_page))
    others = [remark for remark in remarks if remark.said != no_page]
    if others:
        st.info(_("Not everything in the address could be followed. An arrow points to what is used instead:"))
        st.text(", ".join(_written(remark) for remark in others))


def _written(remark: Remark) -> str:
    return f"{_short(remark.said)} → {remark.instead}" if remark.instead else _short(remark.said)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
