"""The plane as one view of a page: its controls, and what moves below them."""

from pathlib import Path

import streamlit as st

from ui.live import model_picker
from ui.live.component import live_component
from ui.memory.states.controls import choose
from ui.memory.states.renderer import StatesRenderer, ViewOptions
from ui.settings import keys
from ui.settings.language import current_language

STATIC = Path(__file__).parent / "static"
CHOSEN = {"input": keys.PLANE_INPUT, "turn": keys.PLANE_TURN, "tilt": keys.PLANE_TILT}  # in the browser: its setting


def show(session, theme, widgets, _) -> None:
    """Controls and picture; the session's pictures are the plane's from now on."""
    settings = widgets.settings
    choices = choose(widgets, st.columns([0.7, 1.3, 0.7, 1.3]), _)
    values = settings.values
    options = ViewOptions(
        current_language(), theme, values.get(keys.LAYER, 0), values.get(keys.NOTATION, "article"),
        values.get(keys.UNIT, "nats"), values.get(keys.SPLIT, "train"), choices,
    )  # fmt: skip
    StatesRenderer.of(session).show(options)
    words = {
        "input": _("Constant input"),
        "fitAxes": _("Refit the axes"),
        "turn": _("Turn (degrees)"),
        "tilt": _("Tilt (degrees)"),
        "statesAlt": _("The states of the network: the sequence on screen as a path, held-out states, fixed points."),
        "statesGuide": _("How to read the plane"),
        "statesTable": _("The states as a table"),
        "fixedGuide": _("How to read the fixed points"),
        "fixedTable": _("The fixed points as a table"),
        "nowTitle": _("This network"),
        "nowAlt": _("Tree of the mean states: the leaves and how similar they are to this network."),
        "beforeTitle": _("The same network, untrained"),
        "beforeAlt": _("Tree of the mean states of the same network before its first update."),
        "treeGuide": _("How to read the trees"),
        "treeTable": _("The trees as a table"),
    }
    words |= model_picker.words(_)
    first = {name: settings.first(key) for name, key in CHOSEN.items()}
    first["network"] = model_picker.first_choice(settings)
    now = live_component(keys.PLANE, STATIC, session, theme, words, _, **first)
    for name, key in CHOSEN.items():
        number, setting = getattr(now, name), settings.table[key]
        known = isinstance(number, int) and setting.low <= number <= setting.high
        in_url = key == keys.PLANE_INPUT or choices.dimensions == 3
        settings.note(key, number if known else settings.first(key), in_url=in_url)
    model_picker.note_choice(settings, now.network)
