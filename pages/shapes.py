"""Shapes: where a sequence network has inputs and outputs, one trained network for each shape."""

import streamlit as st

from ui.live.full import server_full
from ui.settings import keys, remarks
from ui.settings.appearance import current_theme
from ui.settings.language import current_language
from ui.settings.share import share
from ui.shapes import controls, view
from ui.shapes.registry import SHAPES
from ui.shapes.renderer import ShapeFrames, Stage
from ui.shapes.session import shapes_session

language, theme, session = current_language(), current_theme(), shapes_session()
_ = language.gettext
if session is None:
    server_full(_)
if st.session_state.pop(keys.ACT, None) == "new_seed":
    controls.new_seed()
widgets = controls.widgets_of(language)

st.title(_("The shapes of sequences"), anchor=False)
remarks.show(widgets.settings, _("Shapes"), _)
st.markdown(
    _(
        "An input at every step and an output at every step is only one way to use a recurrent network. What enters "
        "and what leaves can be chosen: below, one network for each shape, with its real states, trained while "
        "you look."
    )
)
shape = controls.choose_shape(widgets, _)
module = SHAPES[shape]
st.markdown(_("**{title}** – {text}").format(title=_(module.TITLE), text=_(module.STORY)))
choices = controls.choose(widgets, shape, language)
session.request(choices.form, choices.training)
session.pace(choices.speed)
session.look_at(choices.look)
if not isinstance(session.pictures, ShapeFrames):
    session.pictures = ShapeFrames()
session.pictures.show(Stage(language, theme, shape))
view.show(session, theme, _)
st.header(_("Exercises"), anchor=False)
exercises = [_(text) for text in module.EXERCISE]
st.markdown("\n".join(f"{number}. {text}" for number, text in enumerate(exercises, 1)))
widgets.settings.write_url()
with st.sidebar, widgets.part(keys.KEEP, _("Keep and share")) as part:
    if part.open:
        share(widgets.settings, widgets.labels, _)
