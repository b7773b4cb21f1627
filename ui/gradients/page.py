"""The page “Gradients”: how far back in time a network can learn, seen while it trains, and why."""

import streamlit as st

from ui.gradients import one_unit
from ui.gradients.controls import TABLE, choose_view, unfold
from ui.gradients.renderer import ViewOptions
from ui.gradients.view import LAYOUT
from ui.live.layout import Shown
from ui.live.page import Visit
from ui.network.controls import Choices
from ui.network.formula import show_formula
from ui.network.page import choose_network, network_page
from ui.settings.keys import GRADIENTS_VIEW


def _controls(visit: Visit) -> Choices | None:
    """Draw the Lab's controls; the view of one unit draws none, and they keep their values."""
    settings = visit.widgets.settings
    if settings.now(GRADIENTS_VIEW) != "network":
        settings.note_others()
        return None
    unfold()
    return choose_network(visit)


def _show(visit: Visit, choices: Choices | None) -> Shown | None:
    _ = visit.gettext
    choose_view(visit.widgets, _)
    if choices is None:
        one_unit.show(visit.widgets, visit.theme, _)
        return None
    st.markdown(
        _(
            "To learn from an early symbol, a network needs the gradient of a later loss by an early state. On "
            "its way back that gradient is multiplied by one matrix per step: over many steps it can vanish or "
            "explode. Below, it is measured for every pair of steps while the network of the Lab continues training; "
            "the controls in the side bar change it at once."
        )
    )
    show_formula(choices, _)
    display, split = choices.display, choices.sample_choice.split
    options = ViewOptions(visit.language, visit.theme, display.layer, display.notation, display.unit, split)
    return Shown(LAYOUT, options)


PAGE = network_page("gradients", layouts=(LAYOUT,), show=_show, settings=TABLE, controls=_controls)
