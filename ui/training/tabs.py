"""The sessions of a browser tab, one for each kind of network that it has: one of them trains at a time, and beside it
a sweep goes on. A tab that is loaded anew finds them again, with what its controls were set to."""

import gc
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import streamlit as st
from streamlit import runtime

from ui.settings import keys
from ui.settings.rerun import rerun
from ui.settings.setting import ALWAYS, PROXY, STREAMLIT
from ui.training.departed import Tab, Tabs
from ui.training.memory import hand_back
from ui.training.session import TrainingSession
from ui.training.worker import AnyWorker, Worker

Session = TypeVar("Session", bound=AnyWorker)

SESSIONS = (keys.SESSION, keys.ARENA_SESSION, keys.SHAPES_SESSION, keys.SWEEPS_SESSION)  # of one browser tab
# Keys that a tab keeps beside its sessions and settings.
KEPT: tuple[str, ...]
KEPT = (keys.TEXT, keys.KEPT_TEXT, keys.UPLOADED, keys.STAND_IN, keys.POSSIBLE, keys.HIDE, keys.WORKSPACE)
KEPT += (keys.COURSE, keys.OWN_LESSON, keys.OWN_WORKSPACE, keys.SPELLED, keys.BEYOND, keys.OWN_OPENED)
KEPT += (keys.RESULT_RUNS, keys.SHAPE_VOICE)
TEXTS = (keys.TEXT, keys.KEPT_TEXT, keys.UPLOADED)  # the reader's own text, whatever a link asks for


def training_session() -> TrainingSession | None:
    """The session of the Lab and of the pages about its network; see `session_of_tab`."""
    return session_of_tab(keys.SESSION, TrainingSession)


def key_of_tab() -> str:
    """The key of this browser tab: whoever knows it gets what the tab has, so it is in no address and no log."""
    return st.session_state.setdefault(keys.VISITOR, secrets.token_urlsafe(16))


def tab_of_browser() -> dict[str, Any]:
    """Data about the tab for the browser, as `hand_over` needs them."""
    return {"tab": key_of_tab(), "awaited": st.session_state.get(keys.AWAITED)}


def session_of_tab(name: str, kind: type[Session]) -> Session | None:
    """The session of this kind of this browser tab, with its thread; called by a page on each of its runs. None where
    the server is full. The tab's other sessions pause until their page is opened again, unless they go on by
    themselves; all of them take one place.

    Streamlit drops its session-scoped cache as soon as the browser is gone, but keeps the session's state for
    a while: the thread lives as long as the first, the network as long as the second.
    """
    for other in (st.session_state.get(other) for other in SESSIONS if other != name):
        if other is not None and not other.goes_on and other.snapshot.status == "running":
            other.pause()
            other.set_aside = True
    session: Session = st.session_state.get(name) or kind()
    if not session.admit(key_of_tab()):
        return None
    st.session_state[name] = session
    session.seen()
    if session.set_aside:
        session.set_aside = False
        session.play()
    _watched(id(session), session)
    return session


@st.cache_resource(scope="session", show_spinner=False, on_release=Worker.leave)
def _watched(identity: int, _session: AnyWorker) -> AnyWorker:
    _session.enter()
    return _session


@contextmanager
def kept() -> Iterator[None]:
    """Around each run of the script: what the tab had before a reload is there again, and what it has now is kept."""
    taken = st.session_state.pop(keys.TAKEN, None)
    if taken is not None:
        _take_up(*taken)
    key = key_of_tab()
    _open(key)
    TABS.begin(key)
    try:
        yield
    finally:
        try:
            state = st.session_state.to_dict()  # all at once: a look at one thing would end a run that is to be ended
            sessions = {name: state[name] for name in SESSIONS if name in state}
            values = {name: state[name] for name in KEPT if name in state}
            TABS.note(key, sessions, values | {keys.CHOSEN: dict(state.get(keys.CHOSEN, {}))})
        finally:
            TABS.end(key)


def hand_over(message: Any) -> None:
    """Give this page what the tab had before; its browser tells the key from then, and whether a link led here. Nothing
    where that is gone, or where another page uses it: the tab was copied, or its page has not left yet."""
    match message:
        case {"former": str(key), "typed": bool(typed)} if key != key_of_tab():
            tab = TABS.take(key)
        case _:
            return
    state = st.session_state
    if tab is not None:
        state.pop(keys.AWAITED, None)
        state[keys.TAKEN] = key, tab, typed and _asks_for_others(tab)
        rerun()
    if state.get(keys.AWAITED) is not (awaited := TABS.holds(key)):
        state[keys.AWAITED] = awaited
        rerun()


def _asks_for_others(tab: Tab) -> bool:
    """Whether the address that opened this page asks for settings that the tab did not have."""
    asked = {name: text for page in st.session_state[keys.ASKED].values() for name, text in page.items()}
    spelled = tab.values.get(keys.SPELLED, {})
    without = (*ALWAYS, *STREAMLIT, *PROXY, keys.NO_PAGE)  # names that ask for no setting
    return any(text != spelled.get(name) for name, text in asked.items() if name not in without)


def _take_up(key: str, tab: Tab, asks: bool) -> None:
    """Restore the contents of the former tab; called before any control is drawn. asks : the address asks for other
    settings than the tab had: they hold, and the text is the tab's where it does not hold one."""
    state = st.session_state
    for name in SESSIONS:
        if (mine := state.pop(name, None)) is not None:
            # The browser may ask for one more picture of it: it stays in Streamlit's cache, at rest, without a place.
            mine.pause()
            mine.leave()
            mine.visitor = key
    TABS.drop(key_of_tab())
    state[keys.VISITOR] = key
    mine = _of_the_address() if asks else _elsewhere(tab)
    if any(keys.HIDE in asked for asked in state[keys.ASKED].values()):
        mine |= {keys.HIDE}
    state[keys.SPELLED] = tab.values.get(keys.SPELLED, {}) | (state.get(keys.SPELLED, {}) if asks else {})
    for name, value in (tab.sessions | tab.values).items():
        if name not in (keys.CHOSEN, keys.SPELLED, *mine):
            state[name] = value
    chosen, firsts = state.setdefault(keys.CHOSEN, {}), state.setdefault(keys.FIRSTS, {})
    stood = state[keys.STOOD] = {}
    for name, value in tab.values[keys.CHOSEN].items():
        if name not in mine:
            chosen[name] = value
            stood[name] = (state if name in state else firsts)[name] = (
                list(value) if isinstance(value, tuple) else value
            )
    if asks:  # the update that it names is one of the tab's network
        for values, name in ((state, keys.FOLLOWED), (chosen, keys.UPDATE), (firsts, keys.UPDATE)):
            values.pop(name, None)


def _of_the_address() -> frozenset[str]:
    """Settings and kept values that follow this page's address; not what is measured of results, nor the reader's
    own text, unless the address holds one."""
    state = st.session_state
    held = any(keys.TEXT in asked for asked in state[keys.ASKED].values())
    former = (keys.RESULT_RUNS, *(() if held else TEXTS))
    if not held:
        state.pop(keys.STAND_IN, None)
    kept = {name for name in KEPT if name in state}
    return frozenset(kept | set(state.get(keys.SPELLED, {}))) - frozenset(former)  # drawn or not


def _elsewhere(tab: Tab) -> frozenset[str]:
    """The lesson, where this page's address names another than the tab had open, or none: the list."""
    asked = [page[keys.LESSON] for page in st.session_state[keys.ASKED].values() if keys.LESSON in page]
    same = (asked or [""])[0] == tab.values.get(keys.SPELLED, {}).get(keys.LESSON, "")
    return frozenset() if same else frozenset({keys.LESSON})


def _leave(key: str) -> None:
    TABS.leave(key)


@st.cache_resource(scope="session", show_spinner=False, on_release=_leave)
def _open(key: str) -> str:
    TABS.enter(key)
    return key


def _forget_sessions() -> None:
    """Have Streamlit drop the sessions whose time is over; it does so itself when the next browser comes or goes."""
    manager: Any = runtime.get_instance()._session_mgr
    with manager._storage_lock:
        expired = manager._session_storage._cache.expire()
    for _key, info in expired or ():
        info.session.shutdown()
        # The server's loop holds the last session that it had a message for, until it has one for another.
        info.session.session_state.clear()
        info.session._client_state.Clear()
    gc.collect()
    hand_back()


TABS = Tabs(forgotten=_forget_sessions)
