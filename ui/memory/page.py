"""The page “Memory”: what each unit holds while a text is read, which units mean something, where the states lie."""

import streamlit as st

from ui.live.layout import Shown
from ui.live.page import Visit
from ui.memory import controls, view
from ui.memory.renderer import ViewOptions
from ui.memory.states import controls as states_controls
from ui.memory.states import renderer as states_renderer
from ui.memory.states import view as states_view
from ui.network.controls import Choices
from ui.network.page import network_page
from ui.settings import keys


def _show(visit: Visit, choices: Choices) -> Shown:
    part = controls.choose_view(visit.widgets, visit.gettext)
    return _states(visit, choices) if part == "plane" else _text(visit, choices, part)


def _text(visit: Visit, choices: Choices, part: str) -> Shown:
    """The text, what units mean, what a change does."""
    _, widgets = visit.gettext, visit.widgets
    st.markdown(
        _(
            "The hidden state is all that the network knows of what it has read. Below, the network of the Lab "
            "reads a text while it continues training, and you see what each unit holds at each symbol, which "
            "units stand for something, and what the network does without them."
        )
    )
    change = controls.choose_change(widgets, choices.setup, _) if part == "change" else controls.ChangeChoices()
    read = controls.choose(widgets, choices.setup, _, folded=part == "change")
    layer, temperature = choices.display.layer, choices.sample_choice.temperature
    options = ViewOptions(visit.language, visit.theme, part, layer, read, change, temperature)
    return Shown(view.LAYOUT, options, {"view": part})


def _states(visit: Visit, choices: Choices) -> Shown:
    """The states as places."""
    _, display = visit.gettext, choices.display
    st.markdown(
        _(
            "A state is a place; reading a sequence is a walk. Where the walk can rest, the network can hold "
            "something. Below, the states of the network of the Lab while it continues training; the controls in "
            "the side bar change it at once."
        )
    )
    chosen = states_controls.choose(visit.widgets, st.columns([0.7, 1.3, 0.7, 1.3]), _)
    options = states_renderer.ViewOptions(
        visit.language, visit.theme, display.layer, display.notation, display.unit, choices.sample_choice.split, chosen
    )
    idle = () if chosen.dimensions == 3 else (keys.PLANE_TURN, keys.PLANE_TILT)
    return Shown(states_view.LAYOUT, options, idle=idle)


PAGE = network_page(
    "memory",
    layouts=(view.LAYOUT, states_view.LAYOUT),
    show=_show,
    settings=controls.TABLE | states_controls.TABLE,
)
