"""A link to a page as it is set now."""

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from ui.i18n import Translate
from ui.settings import keys
from ui.settings.choices import LINKED_TEXT
from ui.settings.kept_text import own_text
from ui.settings.setting import Settings


def share(settings: Settings, labels: Mapping[str, str], _: Translate, unlinked: str = "") -> None:
    """The link to this page as it is set now; for a class, without some of the controls.

    unlinked : that it opens another network than the one that is shown, if so.
    """
    if st.session_state.get(keys.BEYOND):
        st.markdown(
            _(
                "The address of this page does not hold this network: whoever opens it gets another. To pass this one "
                "on, save the network itself as a checkpoint."
            )
        )
    elif unlinked:
        st.markdown(unlinked)
    else:
        st.markdown(_("The address of this page holds its settings. Whoever opens it gets the same run."))
    query = st.query_params.to_dict() | _with_text(settings, _)
    hidden = st.multiselect(
        _("A link without these controls"),
        list(labels),
        format_func=labels.__getitem__,
        key=keys.HIDDEN,
        placeholder=_("Choose controls"),
        select_all=False,
    )
    if hidden:
        query[keys.HIDE] = ",".join(hidden)
    if query != st.query_params.to_dict():
        st.code(f"{st.context.url}?{urlencode(query)}", language=None, wrap_lines=True)


def _with_text(settings: Settings, _: Translate) -> dict[str, str]:
    """The reader's own text for a link if that is wanted, else nothing, for it is private."""
    text = own_text(settings)
    if not text or keys.TEXT in st.query_params:
        return {}
    if len(text) > LINKED_TEXT:
        st.caption(
            _(
                "Your text is not in the address. It has {length:,} characters, too many for a link: send it along."
            ).format(length=len(text))
        )
        return {}
    if st.checkbox(
        _("A link with my text"),
        key=keys.WITH_TEXT,
        help=_("Your text is not in the address. Whoever gets this link can read it."),
    ):
        return {keys.TEXT: text}
    return {}
