"""Memory: what each unit holds while a text is read, which units mean something, where the states lie and rest."""

import streamlit as st

from ui.live.full import server_full
from ui.memory import controls, view
from ui.memory.states import controls as plane_controls
from ui.memory.states import view as plane_view
from ui.network.controls import choose, lab_widgets
from ui.network.session import act, direct
from ui.settings import remarks
from ui.settings.appearance import current_theme
from ui.settings.language import current_language
from ui.training.tabs import training_session

language, theme, session = current_language(), current_theme(), training_session()
_ = language.gettext
if session is None:
    server_full(_)
act(session)
widgets = lab_widgets(language, controls.TABLE | plane_controls.TABLE)
choices = choose(widgets, language)
direct(session, choices)
st.title(_("What does each unit remember?"), anchor=False)
remarks.show(widgets.settings, _("Memory"), _)
part = controls.choose_view(widgets, _)
if part == "plane":
    st.markdown(
        _(
            "A state is a place; reading a sequence is a walk. Where the walk can rest, the network can hold "
            "something. Below, the states of the network of the Lab while it continues training; the controls in "
            "the side bar change it at once."
        )
    )
    plane_view.show(session, theme, widgets, _)
else:
    st.markdown(
        _(
            "The hidden state is all that the network knows of what it has read. Below, the network of the Lab "
            "reads a text while it continues training, and you see what each unit holds at each symbol, which "
            "units stand for something, and what the network does without them."
        )
    )
    view.show(session, theme, widgets, choices, part, language)
widgets.settings.write_url()
