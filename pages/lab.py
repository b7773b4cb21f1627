"""The Lab: a small recurrent network trains, and every step of a sequence is laid open while it does."""

import streamlit as st

from ui.lab import panels
from ui.lab.renderer import Frames, Stage
from ui.lab.view import live
from ui.live.full import server_full
from ui.network import controls
from ui.network.formula import formula
from ui.network.session import act, direct
from ui.settings import remarks
from ui.settings.appearance import current_theme
from ui.settings.keys import CHOSEN_STEP, KEEP
from ui.settings.language import current_language
from ui.settings.share import share
from ui.training.tabs import training_session

language, theme, session = current_language(), current_theme(), training_session()
_ = language.gettext
if session is None:
    server_full(_)
act(session)
widgets = controls.lab_widgets(language)
choices = controls.choose(widgets, language)
direct(session, choices)
if not isinstance(session.pictures, Frames):
    session.pictures = Frames()
session.pictures.show(Stage(language, theme, split=choices.look.split, **choices.display._asdict()))

st.title(_("Watch a recurrent network learn"), anchor=False)
remarks.show(widgets.settings, _("Lab"), _)
panels.introduction(choices, _)
if choices.setup is not None:
    st.markdown(formula(choices.setup, choices.display.notation, _))

settings = widgets.settings
settings.firsts[CHOSEN_STEP] = settings.note(CHOSEN_STEP, live(session, theme, settings.first(CHOSEN_STEP), _))
settings.write_url()
with st.sidebar, widgets.part(KEEP, _("Keep and share")) as part:
    if part.open:
        panels.keep(session, _)
        share(settings, widgets.labels, _)
