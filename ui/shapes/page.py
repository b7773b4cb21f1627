"""The page «Shapes»: where a sequence network has inputs and outputs, one trained network for each shape."""

import streamlit as st

from ui.live.page import Page, Visit
from ui.settings.keys import ACT
from ui.shapes import view
from ui.shapes.controls import TABLE, choose, choose_shape, new_seed, widgets_of
from ui.shapes.registry import SHAPES
from ui.shapes.renderer import ShapesRenderer, ViewOptions
from ui.shapes.session import shapes_session


def _act(_session) -> None:
    if st.session_state.pop(ACT, None) == "new_seed":
        new_seed()


def _view(visit: Visit, _choices: None) -> None:
    _, session = visit.gettext, visit.session
    st.markdown(
        _(
            "An input at every step and an output at every step is only one way to use a recurrent network. What "
            "enters and what leaves can be chosen: below, one network for each shape, with its real states, trained "
            "while you look."
        )
    )
    shape = choose_shape(visit.widgets, _)
    module = SHAPES[shape]
    st.markdown(_("**{title}** – {text}").format(title=_(module.TITLE), text=_(module.STORY)))
    choices = choose(visit.widgets, shape, visit.language)
    session.request(choices.setup, choices.training)
    session.pace(choices.speed)
    session.choose_sample(choices.sample_choice)
    ShapesRenderer.of(session).show(ViewOptions(visit.language, visit.theme, shape))
    view.show(session, visit.theme, _)
    st.header(_("Exercises"), anchor=False)
    exercises = [_(text) for text in module.EXERCISE]
    st.markdown("\n".join(f"{number}. {text}" for number, text in enumerate(exercises, 1)))


PAGE = Page(
    name="shapes",
    settings=TABLE,
    widgets=widgets_of,
    view=_view,
    session=shapes_session,
    act=_act,
    renderers=(ShapesRenderer,),
    shared=True,
)
