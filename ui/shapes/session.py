"""The worker of the page «Shapes»: a session like the Lab's, whose thread trains a shape's networks in lockstep."""

from typing import ClassVar

import streamlit as st

from ui import state
from ui.session import TrainingSession
from ui.shapes.course import Course
from ui.turns import CAPACITY


class ShapesSession(TrainingSession):
    """One person's shape. Every method may be called from any thread and returns at once."""

    takeaway: ClassVar[bool] = False

    def _make(self, setup, training) -> Course:
        return Course(self._runs + 1, setup, training, self._look)


def shapes_session() -> ShapesSession | None:
    """The session of this browser tab, with its thread; None where the server is full. The others pause meanwhile."""
    for name in (state.SESSION, state.ARENA_SESSION):
        other = st.session_state.get(name)
        if other is not None and other.snapshot.status == "running":
            other.pause()
    session = st.session_state.get(state.SHAPES_SESSION) or ShapesSession()
    if not CAPACITY.admit(session.key):
        return None
    st.session_state[state.SHAPES_SESSION] = session
    session.seen()
    return _watched(id(session), session)


@st.cache_resource(scope="session", show_spinner=False, on_release=TrainingSession.leave)
def _watched(identity: int, _session: ShapesSession) -> ShapesSession:
    _session.enter()
    return _session
