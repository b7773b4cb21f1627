"""The page “Sweeps” without a browser: its controls make the plan, a cell opens in the Lab, a scheduler is named."""

import pytest
from visits import frame_of, until, visits

from ui import environment
from ui.i18n import LANGUAGES, language
from ui.network.settings import SETTINGS
from ui.settings import keys
from ui.sweeps import machines
from ui.sweeps.page import PAGE
from ui.sweeps.progress import progress
from ui.training.executor import cluster

SMALL = {"data": "recall", "recall_delay": "3", "hidden_size": "4", "batch_size": "4", "sweep_updates": "20"}


@pytest.fixture
def open_page():
    """A function that opens the page with a query."""
    with visits("sweeps", parts=[keys.SWEEP_MACHINES]) as open_one:
        yield open_one


def session(app):
    return app.session_state[keys.SWEEPS_SESSION]


def test_the_address_says_which_sweep_it_is(open_page):
    query = {
        "sweep_across": "hidden_size",
        "sweep_down": "recall_delay",
        "sweep_of_hidden_size": "2,8",
        "sweep_of_recall_delay": "2,5,10",
        "sweep_seeds": "2",
    }
    plan = session(open_page(**SMALL | query)).planned
    assert plan.across == ("hidden_size", (2, 8)) and plan.down == ("recall_delay", (2, 5, 10))
    assert len(plan.places) == 12 and plan.budget == 20 and plan.settings((1, 2, 1))["seed"] == 1
    assert plan.network((1, 2, 0))[0].hidden_size == 8


def test_what_is_set_beside_the_axes_is_said_and_only_where_it_is_another(open_page):
    said = "So that they have an effect, this is set, too: Layers 2."
    app = open_page(**SMALL | {"sweep_across": "dropout"})
    assert said in [caption.value for caption in app.caption]
    assert session(app).planned.network((0, 0, 0))[0].num_layers == 2
    app = open_page(**SMALL | {"sweep_across": "dropout", "layers": "3"})
    assert not [caption.value for caption in app.caption if "have an effect" in caption.value]
    assert session(app).planned.network((0, 0, 0))[0].num_layers == 3


def test_a_setting_that_is_asked_for_on_both_axes_is_across_and_the_page_says_what_is_upwards(open_page):
    app = open_page(**SMALL | {"sweep_across": "learning_rate", "sweep_down": "learning_rate"})
    said = [caption.value for caption in app.caption if "across already" in caption.value]
    assert said == [
        f"Learning rate is across already: upwards is now {SETTINGS[session(app).planned.down.name].label}."
    ]
    app = open_page(**SMALL)
    assert not [caption.value for caption in app.caption if "across already" in caption.value]
    app.selectbox(key=keys.SWEEP_ACROSS).set_value(keys.LEARNING_RATE).run()
    assert [caption.value for caption in app.caption if "across already" in caption.value] == said


def test_random_ones_are_other_ones_with_another_seed_and_the_same_with_the_same(open_page):
    query = SMALL | {"sweep_drawn": "random", "sweep_draws": "6"}
    first, second = session(open_page(**query)).planned, session(open_page(**query, seed="1")).planned
    assert len(set(first.cells)) == len(set(second.cells)) == 6 and first.cells != second.cells
    assert session(open_page(**query)).planned == first


def test_an_axis_of_another_task_falls_back_and_no_value_at_all_is_said(open_page):
    app = open_page(**SMALL | {"sweep_across": "adding_sequence_length"})
    assert session(app).planned.across.name in (keys.LEARNING_RATE, keys.RADIUS)
    app = open_page(**SMALL | {"sweep_of_learning_rate": ","})
    assert session(app).planned is None and "at least one value" in app.warning[0].value
    one = session(open_page(**SMALL))  # and then the reader takes the last value away
    lines = progress(until(lambda: one.snapshot.view), None, None, None, language("en").gettext)["lines"]
    assert lines == ["The networks train on this server."]


def test_a_cell_opens_in_the_lab_with_its_settings_and_nonsense_opens_nothing(open_page):
    app = open_page(**SMALL)
    one = session(app)
    until(lambda: one.snapshot.view)
    for action in ("open", "open 99 0 0", "open a b c", "open 0 0 0 0", "close 0 0 0"):
        PAGE.act(one, action)
    wanted = one.snapshot.view.setup.settings((4, 0, 0))
    app.session_state[keys.ACT] = "open 4 0 0"
    app.run()
    assert app.title[0].value == "Watch a recurrent network learn"
    lab = until(lambda: app.session_state[keys.SESSION].snapshot.view)
    assert (lab.setup.spectral_radius, lab.training.learning_rate) == (1.5, 0.001)
    assert app.query_params["learning_rate"] in ("0.001", ["0.001"]) and lab.setup.seed == wanted["seed"]


def test_nobody_is_asked_for_a_scheduler_who_has_not_started_the_server(open_page, monkeypatch):
    monkeypatch.setenv(environment.SCHEDULER, environment.ASK)
    app = open_page(**SMALL | {keys.SWEEP_SCHEDULER: "tcp://127.0.0.1:1"})  # nor does a link name one
    assert keys.SWEEP_SCHEDULER not in {field.key for field in app.text_input} and cluster.named() == ""
    app.session_state[keys.SWEEP_SCHEDULER] = "tcp://127.0.0.1:1"
    app.run()
    assert cluster.named() == ""


@pytest.mark.parametrize("code", LANGUAGES)
def test_who_has_started_it_names_one_and_is_told_what_is_wrong_with_it(open_page, monkeypatch, code):
    _ = language(code).gettext
    monkeypatch.setenv(environment.SCHEDULER, environment.ASK)
    monkeypatch.setattr(cluster, "PATIENCE", 0.1)
    monkeypatch.setattr(machines, "on_own_machine", lambda: True)
    app = open_page(**SMALL, lang=code)
    app.text_input(key=keys.SWEEP_SCHEDULER).set_value("http://example.org").run()
    begins = {"en": "This is no address of a scheduler.", "zh_CN": "这不是调度器的地址。"}
    assert app.error[0].value.startswith(begins[code]) and cluster.named() == ""
    app.text_input(key=keys.SWEEP_SCHEDULER).set_value(" tcp://127.0.0.1:1 ").run()
    assert not app.error and cluster.named() == "tcp://127.0.0.1:1"
    until(lambda: cluster.shared().state.kind == "unreachable")
    said = "\n".join(until(lambda: session(app).renderer and frame_of(session(app)).get("sweep"))["lines"])
    assert _("The scheduler cannot be reached. The networks are trained on this server.") in said
    app.text_input(key=keys.SWEEP_SCHEDULER).set_value("").run()
    assert cluster.named() == "" and cluster.shared() is None
