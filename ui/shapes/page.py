"""The page “Shapes”: where a sequence network has inputs and outputs, one trained network for each shape."""

import streamlit as st

from ui.charts.race import colours
from ui.live.layout import Shown
from ui.live.page import Page, Visit
from ui.settings.keys import SHAPE, SHAPE_SEED
from ui.shapes.controls import TABLE, choose, choose_shape, widgets_of
from ui.shapes.registry import SHAPES
from ui.shapes.renderer import ViewOptions
from ui.shapes.session import shapes_session
from ui.shapes.view import LAYOUT


def _show(visit: Visit, _choices: None) -> Shown:
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
    contenders = {"contenders": list(colours(visit.theme))}
    return Shown(LAYOUT, ViewOptions(visit.language, visit.theme, shape), contenders)


def _exercises(visit: Visit, _choices: None) -> None:
    _ = visit.gettext
    st.header(_("Exercises"), anchor=False)
    exercises = [_(text) for text in SHAPES[visit.widgets.settings.values[SHAPE]].EXERCISE]
    st.markdown("\n".join(f"{number}. {text}" for number, text in enumerate(exercises, 1)))


PAGE = Page(
    name="shapes",
    settings=TABLE,
    widgets=widgets_of,
    show=_show,
    layouts=(LAYOUT,),
    below=_exercises,
    session=shapes_session,
    seed=SHAPE_SEED,
    shared=True,
)
