"""Memory: what the hidden states of a network remember, seen while it trains."""

import streamlit as st

from ui import controls, panels
from ui.language import current_language
from ui.plane import view
from ui.session import training_session

language, theme, session = current_language(), panels.current_theme(), training_session()
_ = language.gettext
if session is None:
    st.warning(_("The server is full: as many people as it can serve are here. Please try again in a few minutes."))
    st.stop()
panels.act(session)
widgets = controls.lab_widgets(language)
choices = controls.choose(widgets, language)
panels.direct(session, choices)

st.header(_("What the hidden states remember"), anchor=False)
st.markdown(
    _(
        "A state is a place; reading a sequence is a walk. Where the walk can rest, the network can hold something. "
        "Below, the states of the network of the Lab while it goes on training; the controls beside it change it at "
        "once."
    )
)
view.show(session, theme, widgets, _)
widgets.settings.write_url()
