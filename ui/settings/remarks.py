"""Remarks on parts of a link that could not be followed, on the page that it opened."""

import streamlit as st

from ui.i18n import Translate
from ui.settings import keys
from ui.settings.setting import Remark, Settings

LONGEST = 60  # characters of a remark


def show(settings: Settings, page: str, _: Translate) -> None:
    """A line for each, as text alone: anybody can write a link. page : this page's name."""
    no_page = settings.asks(keys.NO_PAGE)
    remarks = settings.remarks
    others = [_written(remark) for remark in remarks if remark.asked != no_page]
    if not remarks:
        return
    with st.container(border=True, gap="small"):
        if len(others) < len(remarks):
            message = _("There is no page named “{name}”. The {page} is shown.")
            st.text(message.format(name=shortened(no_page), page=page))
        if others:
            message = _("Not everything in the address could be followed: {remarks}")
            if any(remark.instead for remark in remarks):
                message = _(
                    "Not everything in the address could be followed. After an arrow stands what is used instead: "
                    "{remarks}"
                )
            st.text(message.format(remarks=", ".join(others)))


def _written(remark: Remark) -> str:
    return f"{shortened(remark.asked)} → {remark.instead}" if remark.instead else shortened(remark.asked)


def shortened(text: str) -> str:
    """What a link says, as far as there is room for it."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
