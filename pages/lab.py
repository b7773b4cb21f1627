"""The Lab: a small recurrent network trains, and every step of a sequence is laid open while it does."""

import streamlit as st

from ui import controls, panels
from ui.frames import Frames, Stage
from ui.language import current_language
from ui.live import live
from ui.session import training_session
from ui.state import CHOSEN_STEP, KEEP

language, theme, session = current_language(), panels.current_theme(), training_session()
_ = language.gettext
if session is None:
    st.warning(_("The server is full: as many people as it can serve are here. Please try again in a few minutes."))
    st.stop()
widgets = controls.lab_widgets(language)
choices = controls.choose(widgets, language)
if choices.setup is not None:
    session.request(choices.setup, choices.training)
session.pace(choices.speed)
session.look_at(choices.look)
if not isinstance(session.pictures, Frames):
    session.pictures = Frames()
session.pictures.show(Stage(language, theme, **choices.display._asdict()))

st.header(_("Watch a recurrent network learn"), anchor=False)
panels.introduction(choices, _)
if choices.setup is not None:
    st.markdown(panels.formula(choices.setup, choices.display.notation))


@st.fragment
def moving() -> None:
    """Buttons, notices and pictures; the pictures run this when the first two must change."""
    snapshot = session.snapshot
    panels.transport(session, snapshot, _)
    with st.container():  # there even when it is empty: what follows keeps its place, and so its identity
        panels.notices(session, snapshot, _)
        panels.typed_text(snapshot.view, choices.look, _)
    settings = widgets.settings
    step = live(session, snapshot, theme, settings.first(CHOSEN_STEP), _)
    settings.note(CHOSEN_STEP, step)
    settings.write_url()


moving()
with st.sidebar, widgets.part(KEEP, _("Keep and share")) as part:
    if part.open:
        panels.keep(session, _)
        panels.share(widgets.settings, widgets.labels, _)
