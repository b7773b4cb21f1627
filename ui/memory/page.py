"""The page «Memory»: what each unit holds while a text is read, which units mean something, where the states lie."""

import streamlit as st

from ui.live.page import Page, Visit
from ui.memory import controls, view
from ui.memory.renderer import MemoryRenderer
from ui.memory.states import controls as states_controls
from ui.memory.states import view as states_view
from ui.memory.states.renderer import StatesRenderer
from ui.network.controls import Choices, choose, lab_widgets
from ui.network.session import act, direct
from ui.network.settings import SETTINGS
from ui.training.tabs import training_session

TABLE = controls.TABLE | states_controls.TABLE


def _controls(visit: Visit) -> Choices:
    choices = choose(visit.widgets, visit.language)
    direct(visit.session, choices)
    return choices


def _view(visit: Visit, choices: Choices) -> None:
    _ = visit.gettext
    part = controls.choose_view(visit.widgets, _)
    if part == "plane":
        st.markdown(
            _(
                "A state is a place; reading a sequence is a walk. Where the walk can rest, the network can hold "
                "something. Below, the states of the network of the Lab while it continues training; the controls in "
                "the side bar change it at once."
            )
        )
        states_view.show(visit.session, visit.theme, visit.widgets, _)
        return
    st.markdown(
        _(
            "The hidden state is all that the network knows of what it has read. Below, the network of the Lab "
            "reads a text while it continues training, and you see what each unit holds at each symbol, which "
            "units stand for something, and what the network does without them."
        )
    )
    view.show(visit.session, visit.theme, visit.widgets, choices, part, visit.language)


PAGE = Page(
    name="memory",
    settings=SETTINGS | TABLE,
    widgets=lambda language: lab_widgets(language, TABLE),
    controls=_controls,
    view=_view,
    session=training_session,
    act=act,
    renderers=(MemoryRenderer, StatesRenderer),
)
