"""The sessions of a browser tab, one for each kind of network that it has: one of them trains at a time."""

import streamlit as st

from ui.settings import keys
from ui.training.session import TrainingSession

SESSIONS = (keys.SESSION, keys.ARENA_SESSION, keys.SHAPES_SESSION)  # of one browser tab; one of them trains


def training_session() -> TrainingSession | None:
    """The session of the Lab and of the pages about its network; see `session_of_tab`."""
    return session_of_tab(keys.SESSION, TrainingSession)


def session_of_tab(name: str, kind: type) -> TrainingSession | None:
    """The session of this kind of this browser tab, with its thread; called by a page on each of its runs. The tab's
    other sessions pause, and all of them take one place. None where the server is full.

    Streamlit drops its session-scoped cache as soon as the browser is gone, but keeps the session's state for
    a while: the thread lives as long as the first, the network as long as the second.
    """
    for other in (st.session_state.get(other) for other in SESSIONS if other != name):
        if other is not None and other.snapshot.status == "running":
            other.pause()
    session = st.session_state.get(name) or kind()
    if not session.admit(st.session_state.setdefault(keys.VISITOR, session.key)):
        return None
    st.session_state[name] = session
    session.seen()
    return _watched(id(session), session)


@st.cache_resource(scope="session", show_spinner=False, on_release=TrainingSession.leave)
def _watched(identity: int, _session: TrainingSession) -> TrainingSession:
    _session.enter()
    return _session
