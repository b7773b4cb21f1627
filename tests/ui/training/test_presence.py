"""One place of the server for each visitor; a page that is set aside rests."""

import pytest
from visits import PATIENCE, session_of, until, visits

import ui.training.presence
import ui.training.session
from ui.settings import keys
from ui.training.capacity import Capacity
from ui.training.tabs import SESSIONS


def test_a_visitor_takes_one_place_whatever_pages_they_open(monkeypatch):
    places = Capacity(1)
    monkeypatch.setattr(ui.training.presence, "CAPACITY", places)
    with visits("lab") as visit:
        first = visit()
        for name in ("arena", "shapes", "lab"):
            first.switch_page(f"pages/{name}.py").run()
            assert not first.warning and not first.exception and places.admitted == 1
        assert len([key for key in SESSIONS if key in first.session_state]) == 3
        assert visit().warning[0].value.startswith("The server is full")
        for name in SESSIONS:  # all three do when the browser is gone
            assert places.admitted == 1
            first.session_state[name].leave()
        assert places.admitted == 0
        first.switch_page("pages/arena.py").run()
        assert not first.warning and places.admitted == 1


def test_a_network_that_another_page_set_aside_trains_on_when_its_page_is_opened_again(open_page):
    app = open_page()
    lab = session_of(app)
    until(lambda: lab.snapshot.status == "running")
    app.switch_page("pages/arena.py").run()
    until(lambda: lab.snapshot.status == "paused")
    app.switch_page("pages/language.py").run()
    until(lambda: lab.snapshot.status == "running")
    until(lambda: app.session_state[keys.ARENA_SESSION].snapshot.status != "running")
    lab.pause()  # by the reader
    until(lambda: lab.snapshot.status == "paused")
    app.switch_page("pages/shapes.py").run()
    app.switch_page("pages/lab.py").run()
    until(lambda: app.session_state[keys.SHAPES_SESSION].snapshot.status != "running")
    seen = lab.ask(lambda run: run.update).result(PATIENCE)
    assert lab.ask(lambda run: run.update).result(PATIENCE) == seen and lab.snapshot.status == "paused"


@pytest.fixture
def open_page():
    with visits("lab") as visit:
        yield visit
