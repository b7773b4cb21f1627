"""The Lab: a small recurrent network trains, and every step of a sequence is laid open while it does."""

import streamlit as st

from ui import controls, panels
from ui.language import current_language
from ui.session import training_session

LIVE = 0.12  # seconds between two pictures
CALM = 1.0  # seconds between two readings of what need not flicker

language, theme, session = current_language(), panels.current_theme(), training_session()
_ = language.gettext
choices = controls.choose(language)
session.request(choices.setup, choices.training)
session.pace(choices.speed)
session.look_at(*choices.display.example)

st.header(_("Watch a recurrent network learn"), anchor=False)
st.markdown(
    _(
        "A recurrent network reads one symbol after another. At each step it mixes the input $x_t$ with its "
        "own last state, which is its only memory, and from the new state it guesses what comes next. Below, "
        "it is trained while you watch; every number comes from the network on this page."
    )
)
st.markdown(panels.formula(choices.setup, choices.display.notation))


@st.fragment(run_every=LIVE)
def live() -> None:
    """What moves."""
    snapshot = session.snapshot
    panels.transport(session, snapshot, _)
    with st.container():  # there even when it is empty: what follows keeps its place, and so its identity
        panels.notices(session, snapshot, _)
    if snapshot.view is None:
        return
    left, right = st.columns([3, 2], gap="medium")
    with left:
        panels.score_panel(snapshot, choices.display, theme, language)
    with right:
        panels.loss_panel(snapshot, theme, language)
        panels.sample(snapshot.view, _)


@st.fragment(run_every=CALM)
def calm() -> None:
    """What is read in peace."""
    if session.snapshot.view is not None:
        panels.reading(session.snapshot.view, choices.display, _)


live()
calm()
