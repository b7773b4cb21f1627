"""The page «Language»: what the network of the Lab says of sentences, how it writes, and what its loss is worth."""

import streamlit as st

from ui.language import view
from ui.language.controls import TABLE, choose_options, choose_view, offer_a_text
from ui.language.model_copy import obstacle
from ui.language.renderer import LanguageRenderer
from ui.live.page import Page, Visit
from ui.network.controls import Choices, choose, lab_widgets
from ui.network.session import act, direct
from ui.network.settings import SETTINGS
from ui.training.tabs import training_session


def _controls(visit: Visit) -> Choices:
    choices = choose(visit.widgets, visit.language)
    direct(visit.session, choices)
    return choices


def _view(visit: Visit, choices: Choices) -> None:
    _, pictures = visit.gettext, LanguageRenderer.of(visit.session)
    st.markdown(
        _(
            "A language model gives every sentence a probability: the product of the probabilities of its symbols, "
            "each given those before it. That is enough to tell the likelier of two sentences, and to write: draw a "
            "symbol, read it, draw the next. Below, the network of the Lab does both while it continues "
            "training, if it reads a text."
        )
    )
    problem = obstacle(choices.setup) if choices.setup is not None else ""
    if problem:
        offer_a_text(problem, visit.language)
        return
    options = choose_options(visit.widgets, choose_view(visit.widgets, _), visit.language, visit.theme, choices)
    pictures.show(options)
    view.show(visit.session, visit.theme, options, visit.widgets.settings, _)


PAGE = Page(
    name="language",
    settings=SETTINGS | TABLE,
    widgets=lambda language: lab_widgets(language, TABLE),
    controls=_controls,
    view=_view,
    session=training_session,
    act=act,
    renderers=(LanguageRenderer,),
)
