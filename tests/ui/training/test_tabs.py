"""What a tab keeps when another address is opened in it."""

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest
from visits import PATIENCE

from ui.settings import keys
from ui.training import tabs
from ui.training.departed import Tab

pytestmark = pytest.mark.small


def test_a_link_sets_what_its_page_sets_whether_or_not_the_control_is_drawn(monkeypatch):
    """Controls of a closed fold are not drawn: they became what the tab had, and the experiment was left."""
    arranged = {keys.PRESET: "forgets", keys.BATCH_SIZE: 32, keys.HIDDEN_SIZE: 55}
    state = {
        keys.ASKED: {"memory": {keys.PRESET: "forgets"}},
        keys.SPELLED: {name: str(value) for name, value in arranged.items()} | {keys.TEXT: ""},
        keys.CHOSEN: dict(arranged),
        keys.HIDDEN_SIZE: 55,  # the only one that is drawn
    }
    monkeypatch.setattr(tabs, "st", SimpleNamespace(session_state=state))
    had = {keys.PRESET: "", keys.BATCH_SIZE: 16, keys.HIDDEN_SIZE: 8, keys.CLOCK: "seconds"}
    tabs._take_up("the tab's key", Tab(values={keys.CHOSEN: had, keys.TEXT: "my text"}), True)
    assert state[keys.CHOSEN] == arranged | {keys.CLOCK: "seconds"} and state[keys.HIDDEN_SIZE] == 55
    assert state[keys.FIRSTS] == {keys.CLOCK: "seconds"}
    assert state[keys.TEXT] == "my text" and state[keys.VISITOR] == "the tab's key"


def test_an_address_that_names_no_page_asks_for_no_settings(monkeypatch):
    """A network of the default settings took the place of the tab's, since the address “asked” for that page."""
    asked = {keys.NO_PAGE: "nowhere", keys.LANGUAGE: "en"}
    monkeypatch.setattr(tabs, "st", SimpleNamespace(session_state={keys.ASKED: {"lab": asked}}))
    had = Tab(values={keys.SPELLED: {keys.CELL: "gru"}, keys.CHOSEN: {keys.CELL: "gru"}})
    assert not tabs._asks_for_others(had)
    asked[keys.CELL] = "lstm"
    assert tabs._asks_for_others(had)


@pytest.mark.parametrize("asks", [True, False])
def test_the_update_of_a_link_is_looked_at_in_the_tab_that_it_is_opened_in(monkeypatch, asks):
    """It was looked at in the network that the page had until the tab was found again, and in no other."""
    asked = {keys.UPDATE: "40"}
    state = {keys.ASKED: {"lab": asked}, keys.FOLLOWED: True, keys.SPELLED: {keys.UPDATE: "40"}}
    state |= {keys.CHOSEN: {keys.UPDATE: 40}, keys.FIRSTS: {keys.UPDATE: 40}}
    monkeypatch.setattr(tabs, "st", SimpleNamespace(session_state=state))
    tabs._take_up("key", Tab(values={keys.CHOSEN: {keys.UPDATE: -1}}), asks)
    assert (keys.FOLLOWED not in state) is asks
    assert (keys.UPDATE in state[keys.CHOSEN]) is not asks and (keys.UPDATE in state[keys.FIRSTS]) is not asks


def test_what_a_tab_had_is_known_as_unchanged(monkeypatch):
    """What the address could not be followed in was said for a moment only: until the tab was found again."""
    state = {keys.ASKED: {"lab": {}}, keys.HIDDEN_SIZE: 32}
    monkeypatch.setattr(tabs, "st", SimpleNamespace(session_state=state))
    tabs._take_up("key", Tab(values={keys.CHOSEN: {keys.HIDDEN_SIZE: 21, keys.CELL: "gru"}}), False)
    assert state[keys.STOOD] == {keys.HIDDEN_SIZE: 21, keys.CELL: "gru"} and state[keys.HIDDEN_SIZE] == 21


@pytest.mark.parametrize(
    ("asked", "opened"), [({}, ""), ({keys.LESSON: "reach"}, "reach"), ({keys.LESSON: "own"}, "own")]
)
def test_the_address_says_which_lesson_is_open_whatever_the_tab_had(monkeypatch, asked, opened):
    """A bare address opened the lesson that the tab had open last."""
    state = {keys.ASKED: {"course": asked}, keys.CHOSEN: {keys.LESSON: "" if opened == "own" else opened}}
    monkeypatch.setattr(tabs, "st", SimpleNamespace(session_state=state))
    last = "own" if opened == "own" else "state"  # a file of the tab's: known to it alone
    tabs._take_up("key", Tab(values={keys.CHOSEN: {keys.LESSON: last}, keys.SPELLED: {keys.LESSON: last}}), False)
    assert state[keys.CHOSEN][keys.LESSON] == opened


@pytest.mark.parametrize(
    ("asked", "asks", "hidden"),
    [({keys.HIDE: "cell"}, False, "cell"), ({keys.HIDE: "cell"}, True, "cell"), ({}, False, "data"), ({}, True, "")],
)
def test_a_link_says_which_controls_are_left_out(monkeypatch, asked, asks, hidden):
    """In a tab that had the app open nothing came of it, and nothing was said. A bare address changes nothing."""
    state = {keys.ASKED: {"lab": asked}, keys.HIDE: asked.get(keys.HIDE, "")}
    monkeypatch.setattr(tabs, "st", SimpleNamespace(session_state=state))
    tabs._take_up("key", Tab(values={keys.CHOSEN: {}, keys.HIDE: "data"}), asks)
    assert state[keys.HIDE] == hidden


def _changed_and_ended():
    import streamlit as st
    from streamlit.runtime.scriptrunner import StopException, get_script_run_ctx

    from ui.settings import keys
    from ui.training.tabs import kept

    def end():
        raise StopException

    state = get_script_run_ctx().session_state
    looked = state._yield_callback
    try:
        with kept():
            st.session_state[keys.STAND_IN] = "changed"
            object.__setattr__(state, "_yield_callback", end)  # the browser is gone
            raise StopException
    finally:
        object.__setattr__(state, "_yield_callback", looked)


def test_what_a_run_has_changed_that_is_ended_early_is_kept():
    """A reload ends the run of the page before: what a button had changed there was lost now and then."""
    app = AppTest.from_function(_changed_and_ended, default_timeout=PATIENCE)
    app.session_state[keys.VISITOR] = "ended early"
    app.run()
    tab = tabs.TABS._tabs["ended early"]
    tabs.TABS.drop("ended early")
    assert tab.values[keys.STAND_IN] == "changed" and tab.runs == 0


@pytest.mark.parametrize("asks", [True, False])
def test_a_tab_keeps_what_it_measures_of_published_results(monkeypatch, asks):
    """A reload began all anew, and the measurement that nobody saw any more held one of the server's two places."""
    state = {keys.ASKED: {"results": {keys.RESULT: "reber"}}, keys.RESULT_RUNS: {"reber": "new"}}
    monkeypatch.setattr(tabs, "st", SimpleNamespace(session_state=state))
    assert keys.RESULT_RUNS in tabs.KEPT
    tabs._take_up("key", Tab(values={keys.CHOSEN: {}, keys.RESULT_RUNS: {"reber": "under way"}}), asks)
    assert state[keys.RESULT_RUNS] == {"reber": "under way"}
