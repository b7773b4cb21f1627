"""A browser tab that was left is kept: for so long, so much, and for its own browser alone."""

import gc
import weakref

from sessions import TEXT, setup, training
from streamlit.testing.v1 import AppTest
from visits import PATIENCE, ROOT, until

from ui.settings import keys
from ui.training.departed import KEPT, Tabs
from ui.training.session import TrainingSession
from ui.training.snapshot import Training


class Text(str):
    """A text that can be seen to be forgotten."""


def test_what_was_left_is_forgotten_when_its_time_is_over_and_nobody_else_comes():
    told, text = [], Text("the sea " * 100)
    tabs = Tabs(kept=0.2, forgotten=lambda: told.append(True))
    tabs.enter("key")
    tabs.note("key", {}, {"text": text})
    seen = weakref.ref(text)
    del text
    tabs.leave("key")
    until(lambda: told, 10)
    gc.collect()
    assert seen() is None and tabs.take("key") is None


def test_a_recording_counts_among_what_tabs_that_were_left_may_hold():
    tabs = Tabs(most=10_000)
    for key in ("first", "second"):
        tabs.enter(key)
        tabs.note(key, {}, {keys.SHAPE_VOICE: bytes(6000)})
        tabs.leave(key)
    assert tabs.take("first") is None and len(tabs.take("second").values[keys.SHAPE_VOICE]) == 6000


def test_a_tab_that_is_open_is_not_given_away():
    tabs = Tabs()
    tabs.enter("key")
    assert tabs.take("key") is None
    tabs.leave("key")
    tabs.enter("key")  # its connection is back
    assert tabs.take("key") is None


def test_a_tab_whose_script_still_runs_is_given_away_when_what_it_changes_is_there():
    tabs = Tabs()
    tabs.enter("key")
    tabs.begin("key")
    tabs.leave("key")
    assert tabs.take("key") is None and tabs.holds("key")
    tabs.note("key", {}, {"changed": True})
    tabs.end("key")
    assert tabs.take("key").values == {"changed": True}


def test_a_tab_whose_script_does_not_end_is_given_away_after_a_while(monkeypatch):
    tabs = Tabs()
    tabs.enter("key")
    tabs.begin("key")
    tabs.leave("key")
    assert tabs.take("key") is None
    monkeypatch.setattr("ui.training.departed.LONGEST_RUN", 0)
    assert tabs.take("key") is not None


def test_a_tab_whose_page_looks_at_its_network_is_not_given_away():
    """Its web socket was cut; its pictures go on."""
    tabs, session = Tabs(), TrainingSession()
    tabs.enter("key")
    tabs.note("key", {"network": session}, {})
    tabs.leave("key")
    assert session.resume() and tabs.take("key") is None
    session.leave()
    assert tabs.take("key").sessions == {"network": session}


def test_together_they_are_bounded_and_the_first_left_goes_first():
    tabs = Tabs(most=1000)
    for key in ("a", "b", "c"):
        tabs.enter(key)
        tabs.note(key, {}, {"text": 100 * key})  # 400 bytes, at most
        tabs.leave(key)
    assert tabs.take("a") is None and tabs.take("b") and tabs.take("c")


def test_the_size_of_a_network_counts():
    session = TrainingSession()
    session.enter()
    session.request(setup(TEXT, hidden_size=64), Training())
    training(session)
    small = session.size
    session.request(setup(TEXT, hidden_size=128), Training())
    training(session, run=2)
    session.leave()
    assert small > 16 * 64 * 64 and session.size > 2 * small


def test_the_field_says_how_long_a_text_is_kept():
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    page.query_params["data"] = "own"
    page.run()
    assert "five minutes" in page.text_area(key=keys.TEXT).help and KEPT == 5 * 60
    page.session_state[keys.SESSION].leave()
