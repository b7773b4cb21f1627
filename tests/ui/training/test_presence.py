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
        for name in ("arena", "shapes", "sweeps", "lab"):
            first.switch_page(f"pages/{name}.py").run()
            assert not first.warning and not first.exception and places.admitted == 1
        assert len([key for key in SESSIONS if key in first.session_state]) == 4
        assert visit().warning[0].value.startswith("The server is full")
        for name in SESSIONS:  # all four do when the browser is gone
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


def test_a_sweep_goes_on_while_another_page_of_its_tab_is_shown():
    with visits("sweeps") as visit:
        app = visit(data="recall", hidden_size="4", batch_size="4", sweep_updates="5000", sweep_seeds="5")
        sweep = app.session_state[keys.SWEEPS_SESSION]
        sweep.sweep()
        until(lambda: sweep.snapshot.view.running)
        app.switch_page("pages/arena.py").run()
        before = sweep.snapshot.view.share
        until(lambda: sweep.snapshot.view.share > before)
        assert sweep.snapshot.view.running
        sweep.pause()
