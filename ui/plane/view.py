"""The plane as one view of a page: its controls, and what moves below them."""

import streamlit as st

from ui import networks, state
from ui.language import current_language
from ui.moving import moving
from ui.plane.controls import choose
from ui.plane.frames import Plane, Stage


def show(session, theme, widgets, _) -> None:
    """Controls and picture; the session's pictures are the plane's from now on."""
    settings = widgets.settings
    wish = choose(widgets, st.columns([0.7, 1.3, 0.7, 1.3]), _)
    if not isinstance(session.pictures, Plane):
        session.pictures = Plane()
    values = settings.values
    stage = Stage(
        current_language(), theme, values.get(state.LAYER, 0), values.get(state.NOTATION, "article"),
        values.get(state.UNIT, "nats"), values.get(state.SPLIT, "train"), wish,
    )  # fmt: skip
    session.pictures.show(stage)
    words = {
        "input": _("Input that stays"),
        "fitAxes": _("Fit the axes anew"),
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
    words |= networks.words(_)
    names = (state.PLANE_INPUT, state.PLANE_TURN, state.PLANE_TILT)
    first = {name: settings.first(name) for name in names} | {state.NETWORK: networks.first_choice(settings)}
    now = moving(state.PLANE, session, theme, words, _, **first)
    for name in names:
        number, setting = getattr(now, name), settings.table[name]
        known = isinstance(number, int) and setting.low <= number <= setting.high
        said = name == state.PLANE_INPUT or wish.dimensions == 3
        settings.note(name, number if known else settings.first(name), said=said)
    networks.note_choice(settings, now.network)
