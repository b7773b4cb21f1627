"""Language: what the network that trains in the Lab says of sentences, how it writes, and what its loss is worth."""

import streamlit as st

from ui.language import view
from ui.language.controls import TABLE, choose_stage, choose_view, offer_a_text
from ui.language.model_copy import obstacle
from ui.language.renderer import Writer
from ui.live.full import server_full
from ui.network import controls
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
widgets = controls.lab_widgets(language, TABLE)
choices = controls.choose(widgets, language)
direct(session, choices)
if not isinstance(session.pictures, Writer):
    session.pictures = Writer()

st.title(_("Let it speak"), anchor=False)
remarks.show(widgets.settings, _("Language"), _)
st.markdown(
    _(
        "A language model gives every sentence a probability: the product of the probabilities of its symbols, "
        "each given those before it. That is enough to tell the likelier of two sentences, and to write: draw a "
        "symbol, read it, draw the next. Below, the network of the Lab does both while it continues training."
    )
)
problem = obstacle(choices.setup) if choices.setup is not None else ""
if problem:
    offer_a_text(problem, language)
else:
    stage = choose_stage(widgets, choose_view(widgets, _), language, theme, choices)
    session.pictures.show(stage)
    view.show(session, theme, stage, widgets.settings, _)
widgets.settings.write_url()
