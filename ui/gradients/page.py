"""The page «Gradients»: how far back in time a network can learn, seen while it trains, and why."""

import streamlit as st

from ui.gradients import one_unit, view
from ui.gradients.controls import TABLE, choose_view, unfold
from ui.gradients.renderer import GradientsRenderer, ViewOptions
from ui.live.page import Page, Visit
from ui.network.controls import Choices, choose, lab_widgets
from ui.network.formula import formula
from ui.network.session import act, direct
from ui.network.settings import SETTINGS
from ui.settings.keys import GRADIENTS_VIEW
from ui.training.tabs import training_session


def _controls(visit: Visit) -> Choices | None:
    """Those of the Lab. One unit has no use for them; they keep what they are set to."""
    settings = visit.widgets.settings
    if settings.now(GRADIENTS_VIEW) != "network":
        settings.note_others()
        return None
    unfold()
    choices = choose(visit.widgets, visit.language)
    direct(visit.session, choices)
    display = choices.display
    GradientsRenderer.of(visit.session).show(
        ViewOptions(
            visit.language, visit.theme, display.layer, display.notation, display.unit, choices.sample_choice.split
        )
    )
    return choices


def _view(visit: Visit, choices: Choices | None) -> None:
    _ = visit.gettext
    choose_view(visit.widgets, _)
    if choices is None:
        one_unit.show(visit.widgets, visit.theme, _)
        return
    st.markdown(
        _(
            "To learn from an early symbol, a network needs the gradient of a later loss by an early state. On "
            "its way back that gradient is multiplied by one matrix per step: it vanishes, or it explodes. "
            "Below, it is measured for every pair of steps while the network of the Lab continues training; the "
            "controls in the side bar change it at once."
        )
    )
    if choices.setup is not None:
        st.markdown(formula(choices.setup, choices.display.notation, _))
    view.show(visit.session, visit.theme, visit.widgets.settings, _)


PAGE = Page(
    name="gradients",
    settings=SETTINGS | TABLE,
    widgets=lambda language: lab_widgets(language, TABLE),
    controls=_controls,
    view=_view,
    session=training_session,
    act=act,
    renderers=(GradientsRenderer,),
)
