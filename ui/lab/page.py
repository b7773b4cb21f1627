"""The page «Lab»: a small recurrent network trains, and every step of a sequence is laid open while it does."""

import streamlit as st

from ui.lab import panels
from ui.lab.renderer import LabRenderer, ViewOptions
from ui.lab.view import live
from ui.lab.welcome import welcome
from ui.live.page import Page, Visit
from ui.network.controls import Choices, choose, lab_widgets
from ui.network.formula import formula
from ui.network.session import act, direct
from ui.network.settings import SETTINGS
from ui.settings.keys import CHOSEN_STEP
from ui.training.tabs import training_session


def _controls(visit: Visit) -> Choices:
    choices = choose(visit.widgets, visit.language)
    direct(visit.session, choices)
    options = ViewOptions(visit.language, visit.theme, split=choices.sample_choice.split, **choices.display._asdict())
    LabRenderer.of(visit.session).show(options)
    return choices


def _view(visit: Visit, choices: Choices) -> None:
    _, settings = visit.gettext, visit.widgets.settings
    welcome(_)
    panels.introduction(choices, _)
    if choices.setup is not None:
        st.markdown(formula(choices.setup, choices.display.notation, _))
    step = live(visit.session, visit.theme, settings.first(CHOSEN_STEP), _)
    settings.firsts[CHOSEN_STEP] = settings.note(CHOSEN_STEP, step)


PAGE = Page(
    name="lab",
    settings=SETTINGS,
    widgets=lab_widgets,
    controls=_controls,
    view=_view,
    session=training_session,
    act=act,
    renderers=(LabRenderer,),
    shared=True,
    keep=lambda visit: panels.keep(visit.session, visit.gettext),
)
