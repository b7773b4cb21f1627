"""The Lab's controls on all pages that show its network: a link means the same network everywhere."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from visits import visits

from ui.network.presets import PRESETS
from ui.settings import keys
from ui.training.session import TrainingSession

PAGES = ("gradients", "memory", "language", "unroll", "lab")


@pytest.fixture
def visit():
    with visits("lab") as open_page:
        yield open_page


def go(app, page):
    """Open another page of the visit, as a browser does: without a query."""
    app.query_params.clear()
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception


def wanted(app):
    return app.session_state[keys.SESSION]._wanted


@pytest.mark.parametrize("name", PRESETS)
def test_an_experiment_is_the_same_network_on_every_page(visit, name):
    app = visit(preset=name, hide="data,hidden_size")
    asked, first = wanted(app), dict(app.query_params)
    assert first["preset"] == name
    for page in PAGES:
        go(app, page)
        assert wanted(app) == asked
        assert app.query_params["hide"] == "data,hidden_size"
        if page != "unroll":
            assert {key: app.query_params.get(key) for key in first} == first
            assert keys.DATA not in {box.key for box in app.selectbox}


@pytest.mark.parametrize("page", ["gradients", "memory", "language"])
def test_a_link_to_another_page_is_the_same_network_in_the_lab(page):
    with visits(page) as open_page:
        app = open_page(preset="forgets", hide="data")
        asked = wanted(app)
        assert asked[0].hidden_size == 55 and dict(asked[0].task_options)["sequence_length"] == 100
        go(app, "lab")
        assert wanted(app) == asked and app.query_params["preset"] == "forgets"


def test_a_language_changes_no_network_whose_data_are_hidden(visit):
    app = visit(hide="data")
    asked = wanted(app)
    app.session_state[keys.LANGUAGE] = "zh_CN"
    app.run()
    assert wanted(app) == asked


CHANGES = {
    "units": lambda app: app.slider(key=keys.HIDDEN_SIZE).set_value(25),
    "data": lambda app: app.selectbox(key=keys.DATA).select("adding"),
    "rate": lambda app: app.select_slider(key=keys.LEARNING_RATE).set_value(0.1),
    "clipping": lambda app: app.button_group(key=keys.CLIPPING).set_value("off"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_experiment_is_no_longer_that_experiment(visit, change):
    app = visit(preset="forgets")
    title = "Order, 100 steps: plain RNN"
    assert any(title in text.value for text in app.markdown)
    CHANGES[change](app).run()
    assert app.selectbox(key=keys.PRESET).value == ""
    assert "preset" not in app.query_params and not any(title in text.value for text in app.markdown)
    app.selectbox(key=keys.PRESET).select("adding").run()
    assert app.query_params["preset"] == "adding"
    assert any("Adding two numbers" in text.value for text in app.markdown)


def test_speed_and_what_is_shown_leave_an_experiment_alone(visit):
    app = visit(preset="forgets")
    app.select_slider(key=keys.SPEED).set_value(1).run()
    app.session_state[keys.SHOWN] = True
    app.run()
    app.number_input(key=keys.EXAMPLE).set_value(3).run()
    app.button_group(key=keys.NOTATION).set_value("pytorch").run()
    app.session_state[keys.LANGUAGE] = "zh_CN"
    app.run()
    assert app.selectbox(key=keys.PRESET).value == "forgets" and app.query_params["preset"] == "forgets"


def test_a_link_that_changes_an_experiment_names_none(visit):
    app = visit(preset="forgets", hidden_size="30")
    assert app.selectbox(key=keys.PRESET).value == "" and "preset" not in app.query_params
    assert wanted(app)[0].hidden_size == 30 and dict(wanted(app)[0].task_options)["sequence_length"] == 100
    app.run()
    assert app.selectbox(key=keys.PRESET).value == ""


@pytest.mark.parametrize(("units", "left"), [(55, "forgets"), (30, "")])
def test_an_experiment_whose_network_comes_back_is_still_that_experiment(visit, monkeypatch, units, left):
    app = visit(preset="forgets")
    setup, training = wanted(app)
    back = SimpleNamespace(setup=replace(setup, hidden_size=units), training=training)
    monkeypatch.setattr(TrainingSession, "take_up", lambda _session: back)
    app.session_state[keys.ACT] = "take_up"
    app.run()
    assert wanted(app)[0].hidden_size == units
    assert app.selectbox(key=keys.PRESET).value == left == app.query_params.get("preset", "")


def test_a_new_seed_is_another_one_where_its_control_is_folded(visit):
    app = visit(preset="remembers")
    assert wanted(app)[0].seed == 0
    app.session_state[keys.ACT] = "new_seed"
    app.run()
    assert wanted(app)[0].seed == 1


@pytest.mark.parametrize("key", [keys.CELL, keys.DATA, keys.CLIPPING, keys.PRESET])
def test_a_choice_that_a_browser_sends_as_nothing_is_the_default(visit, key):
    app = visit()
    asked = wanted(app)
    app.session_state[key] = None
    app.run()
    assert not app.exception and wanted(app) == asked


def test_dropout_is_left_out_where_there_is_nothing_between_layers(visit):
    assert wanted(visit(dropout="0.4", layers="2"))[-1].dropout == 0.4
    assert wanted(visit(dropout="0.4"))[-1].dropout == 0


@pytest.mark.parametrize("other", [{"data": "recall"}, {"bidirectional": "true"}], ids=str)
def test_own_guesses_are_left_out_where_there_is_no_stream(visit, other):
    assert wanted(visit(scheduled_sampling="50"))[-1].scheduled_sampling == 50
    assert wanted(visit(scheduled_sampling="50", **other))[-1].scheduled_sampling is None


@pytest.mark.parametrize("other", [{"cell": "gru"}, {"truncation": "chunked"}], ids=str)
def test_the_penalty_is_left_out_where_it_has_no_meaning(visit, other):
    assert wanted(visit(vanishing_penalty="1"))[-1].vanishing_penalty == 1
    assert wanted(visit(vanishing_penalty="1", **other))[-1].vanishing_penalty == 0
