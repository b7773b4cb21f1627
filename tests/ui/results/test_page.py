"""The page “Results”, without a browser."""

import dataclasses
import threading

import pytest
from visits import until, visits

import ui.results.run
import ui.results.view
from ui import environment
from ui.i18n import LANGUAGES, language
from ui.network.results import RESULTS, adding
from ui.network.results.record import Network
from ui.network.results.sentences import verdict
from ui.network.results.stored import Stored, stored
from ui.settings import keys
from ui.training.executor import cluster as connection


@pytest.fixture
def open_page():
    """A function that opens the page with a query."""
    with visits("results") as open_one:
        yield open_one


def texts(app) -> str:
    kinds = (app.text, app.markdown, app.warning, app.info, app.header)
    return "\n".join(element.value for kind in kinds for element in kind)


def buttons(app) -> set[str]:
    return {button.key for button in app.button}


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_list_has_a_row_for_every_result_and_opens_it(open_page, code):
    _ = language(code).gettext
    app = open_page(lang=code)
    assert {f"open_{name}" for name in RESULTS} <= buttons(app)
    said = texts(app)
    for result in RESULTS.values():
        assert _(result.claim) in said and _(result.published) in said
    app.button(key="open_adding").click().run()
    assert app.query_params["result"] in ("adding", ["adding"])
    assert app.header[0].value == _(adding.RESULT.title)
    app.button(key=keys.RESULT_BACK).click().run()
    assert "open_adding" in buttons(app) and "result" not in app.query_params


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", RESULTS)
def test_a_result_says_all_that_is_known_of_it(open_page, name, code):
    _ = language(code).gettext
    result, entry = RESULTS[name], stored()[name]
    app = open_page(result=name, lang=code)
    said = texts(app)
    assert not app.error
    for sentence in (result.claim, result.published, result.here, result.expected):
        assert _(sentence) in said
    assert f"✓ {verdict(result, entry.trials, _)}" in said
    assert entry.commit in said and entry.processor in said and entry.when in said
    assert keys.RESULT_RUN in buttons(app)


def small(monkeypatch, entry=None):
    """The adding problem in few updates, in the place of the real one. entry : what is stored."""
    values = {"data": "adding", "adding_sequence_length": 5, "hidden_size": 4, "batch_size": 4}
    networks = {"tanh": Network("tanh", values, 40, every=10, seeds=(0, 1))}
    checks = tuple(check for check in adding.RESULT.checks if check.network == "tanh")
    result = dataclasses.replace(adding.RESULT, networks=networks, checks=checks)
    monkeypatch.setitem(RESULTS, "adding", result)
    monkeypatch.setattr(ui.results.view, "stored", lambda: {} if entry is None else {"adding": entry})
    monkeypatch.setattr(ui.results.view, "ways", lambda result: [])
    return result


def test_it_is_measured_now_and_shown_beside_what_is_stored(open_page, monkeypatch):
    small(monkeypatch)
    app = open_page(result="adding")
    assert "has not been measured yet" in app.info[0].value
    app.button(key=keys.RESULT_RUN).click().run()
    run = app.session_state[keys.RESULT_RUNS]["adding"]
    until(lambda: run.status == "done")
    app.run()
    assert (
        not app.exception and "Measured now: " in texts(app) and app.button(key=keys.RESULT_RUN).label == "Run it again"
    )
    entry = Stored(run.trials, "", "2026-11-29 08:00", 1.0, "a processor", "Linux", {}, "1234")
    monkeypatch.setattr(ui.results.view, "stored", lambda: {"adding": entry})
    app.run()
    assert "are those that are stored" in texts(app) and "All 4 numbers" in texts(app)
    places = [element.value for element in app.main if getattr(element, "value", None)]
    [dated] = [n for n, text in enumerate(places) if str(text).startswith("Measured on 2026-11-29 08:00")]
    [now] = [n for n, text in enumerate(places) if str(text).startswith("Measured now: ")]
    assert dated < now  # the date is that of what is stored
    other = {"tanh": tuple(trial._replace(numbers={"solved": None, "error": 9.0}) for trial in run.trials["tanh"])}
    monkeypatch.setattr(ui.results.view, "stored", lambda: {"adding": entry._replace(trials=other)})
    app.run()
    assert "2 of the 4 numbers of the seeds differ" in texts(app)
    assert "○ Differs." in texts(app) and "measured: 9.000" in texts(app)


def test_it_is_stopped_and_continued_by_its_buttons(open_page, monkeypatch):
    result, gate = small(monkeypatch), threading.Semaphore(0)

    def slow(run, network):
        looks = adding.RESULT.measure(run, network)
        while True:
            gate.acquire()
            try:
                yield next(looks)
            except StopIteration as end:
                return end.value

    monkeypatch.setitem(RESULTS, "adding", dataclasses.replace(result, measure=slow))
    app = open_page(result="adding")
    app.button(key=keys.RESULT_RUN).click().run()
    run = app.session_state[keys.RESULT_RUNS]["adding"]
    gate.release(2)
    until(lambda: run.step.share > 0)
    app.button(key=keys.RESULT_STOP).click().run()
    gate.release(100)
    app.run()
    assert "Stopped at" in texts(app) and app.button(key=keys.RESULT_RUN).label == "Continue"
    app.button(key=keys.RESULT_RUN).click().run()
    until(lambda: run.status == "done")


@pytest.mark.parametrize("code", LANGUAGES)
def test_where_the_scheduler_cannot_be_reached_the_page_says_so_and_measures_itself(open_page, monkeypatch, code):
    small(monkeypatch)
    monkeypatch.setattr(connection, "_shared", None)
    monkeypatch.setattr(connection, "PATIENCE", 0.1)
    monkeypatch.setenv(environment.SCHEDULER, "tcp://127.0.0.1:1")
    app = open_page(result="adding", lang=code)
    app.button(key=keys.RESULT_RUN).click().run()
    run = app.session_state[keys.RESULT_RUNS]["adding"]
    until(lambda: run.status == "done")
    app.run()
    said = language(code).gettext("The scheduler cannot be reached. The networks are trained on this server.")
    assert said in texts(app) and run.trials is not None
    connection.shared().close()


def test_a_server_that_measures_enough_already_says_so(open_page, monkeypatch):
    small(monkeypatch)
    none = threading.BoundedSemaphore(1)
    none.acquire()
    monkeypatch.setattr(ui.results.run, "MOST", none)
    app = open_page(result="adding")
    app.button(key=keys.RESULT_RUN).click().run()
    until(lambda: app.session_state[keys.RESULT_RUNS]["adding"].refused)
    app.run()
    assert app.warning[0].value.startswith("This server is measuring as many results as it can")
