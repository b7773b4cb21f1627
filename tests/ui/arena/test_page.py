"""The Arena's logic, without a browser: what a control does to the match, and what the browser would be sent."""

import pytest
from visits import picture, session_of, until, view, visits

from rnn_core.tasks import TASKS
from ui.arena.controls import TABLE, arranged, own
from ui.arena.presets import MATCHES
from ui.server.handlers import COMMANDS
from ui.settings import keys
from ui.training.matched_sizes import matched_size, parameters
from ui.training.snapshot import SampleChoice

PARTS = (keys.MORE_MATCH, keys.PLANNED, keys.KEEP, *(own(number, "more") for number in range(1, 5)))


@pytest.fixture
def open_page():
    """A function that opens the page with a query and all its parts unfolded."""
    with visits("arena", PARTS) as open_one:
        yield open_one


def test_four_contenders_of_equal_size_train_on_opening(open_page):
    app = open_page()
    seen = view(app, updates=5)
    assert [competitor.contender.cell for competitor in seen.competitors] == ["rnn_tanh", "rnn_relu", "gru", "lstm"]
    assert all(abs(competitor.parameters - 4000) < 200 for competitor in seen.competitors)
    shown = picture(app)
    assert set(shown["figures"]) == {"states", "race", "reach"} and len(shown["verdicts"]) == 4
    assert [row[0] for row in shown["table"]["rows"]][3] == "4 · LSTM · forget bias 3"
    assert len(set(shown["updates"])) == 1 and shown["notices"] == []
    assert set(picture(app, loss=0)["figures"]) == {"states"}


def test_every_control_reaches_the_match(open_page):
    app = open_page()
    app.selectbox(key=keys.TASK).select("adding").run()
    app.slider(key="arena_adding_sequence_length").set_value(17).run()
    app.button_group(key=keys.CONTENDERS).set_value(2).run()
    app.number_input(key=keys.SIZE).set_value(1000).run()
    app.selectbox(key=own(1, "cell")).select("lstm").run()
    app.number_input(key=own(1, "forget")).set_value(4.0).run()
    app.selectbox(key=own(1, "init")).select("orthogonal").run()
    app.select_slider(key=own(1, "rate")).set_value(0.03).run()
    app.slider(key=own(2, "units")).set_value(7).run()
    app.slider(key=keys.ARENA_BATCH).set_value(5).run()
    app.selectbox(key=keys.ARENA_OPTIMIZER).select("rmsprop").run()
    app.select_slider(key=keys.ARENA_CLIP).set_value(0.3).run()
    app.number_input(key=keys.ARENA_SEED).set_value(9).run()
    app.number_input(key=keys.ARENA_EXAMPLE).set_value(3).run()
    assert not app.exception
    wanted, training, plan = arranged({key: setting.default for key, setting in TABLE.items()} | {
        keys.TASK: "adding", "arena_adding_sequence_length": 17, keys.CONTENDERS: 2, keys.SIZE: 1000,
        own(1, "cell"): "lstm", own(1, "forget"): 4.0, own(1, "init"): "orthogonal", own(1, "rate"): 0.03,
        own(2, "units"): 7, keys.ARENA_BATCH: 5, keys.ARENA_OPTIMIZER: "rmsprop", keys.ARENA_CLIP: 0.3,
        keys.ARENA_SEED: 9,
    })  # fmt: skip
    session = session_of(app)
    as_asked = (wanted, training, SampleChoice("held_out", 3))
    seen = until(lambda: (v := session.snapshot.view) and (v.setup, v.training, v.sample_choice) == as_asked and v)
    first, second = seen.competitors
    task = TASKS["adding"](sequence_length=17)
    size = matched_size("lstm", task.input_size, task.output_size, 1000)
    assert first.contender.hidden_size == size and first.parameters == parameters("lstm", 2, size, 1)
    assert second.contender.hidden_size == 7
    assert plan.name == "sequence_length" and plan.lags == (10, 15, 20, 30, 40, 50, 60, 80, 100)
    assert session.planned == plan


def test_a_link_gives_the_same_run(open_page):
    app = open_page()
    app.selectbox(key=keys.TASK).select("count").run()
    app.slider(key="arena_count_longest").set_value(5).run()
    app.button_group(key=keys.CONTENDERS).set_value(2).run()
    app.slider(key=own(1, "units")).set_value(9).run()
    app.slider(key=own(2, "units")).set_value(9).run()
    app.number_input(key=keys.ARENA_SEED).set_value(5).run()
    other = open_page(**{name: value for name, value in app.query_params.items()})
    seen = []
    for page in (app, other):
        session = session_of(page)
        until(lambda s=session: (v := s.snapshot.view) and v.setup.seed == 5 and v.update >= 60)
        seen.append(session.snapshot.view)
    assert seen[0].setup == seen[1].setup and seen[0].training == seen[1].training
    for one, two in zip(seen[0].competitors, seen[1].competitors, strict=True):
        assert one.curve.loss[:60].tolist() == two.curve.loss[:60].tolist()
        assert one.accuracy[:3] == two.accuracy[:3]


@pytest.mark.parametrize("name", MATCHES)
def test_an_experiment_sets_everything(open_page, name):
    app = open_page()
    app.number_input(key=keys.ARENA_SEED).set_value(77).run()
    app.selectbox(key=keys.MATCH).select(name).run()
    assert not app.exception
    wanted, training, _plan = arranged({key: setting.default for key, setting in TABLE.items()} | MATCHES[name].values)
    session = session_of(app)
    until(lambda: (v := session.snapshot.view) and (v.setup, v.training) == (wanted, training))
    assert MATCHES[name].look_for in app.markdown[0].value
    linked = open_page(match=name)
    assert view(linked).setup == wanted


@pytest.mark.parametrize("name", MATCHES)
def test_every_value_of_an_experiment_is_one_that_its_control_has(name):
    for key, value in MATCHES[name].values.items():
        assert TABLE[key].parse(TABLE[key].spell(value)) == value, key


@pytest.mark.parametrize("task", TABLE[keys.TASK].choices)
def test_every_task_can_be_chosen(open_page, task):
    app = open_page(task=task)
    seen = view(app, updates=1)
    assert seen.setup.task == (task if task in TASKS else "text")
    shown = picture(app, open="race_guide,race_table,reach_guide,reach_table,states_guide,states_table,sweep_guide")
    assert len(shown["parts"]) == 7 and all(shown["parts"].values())


def test_a_sweep_begins_stops_and_goes_on(open_page):
    app = open_page(lags="2,5,100", seeds="1", budget="500", contenders="2", task="recall", arena_recall_delay="3")
    session = session_of(app)
    view(app)
    about = picture(app)["sweep"]
    assert about["command"] == "sweep" and about["label"] == "Start the sweep"
    buttons = COMMANDS | session.commands
    buttons["sweep"](session)
    until(lambda: session.sweep_view and session.sweep_view.outcomes)
    assert picture(app)["sweep"]["command"] == "stop_sweep" and picture(app)["status"] == "paused"
    buttons["stop_sweep"](session)
    until(lambda: not session.sweep_view.running)
    found = session.sweep_view.outcomes
    shown = picture(app, open="sweep_table")
    assert shown["sweep"]["label"] == "Resume the sweep" and {"climb", "rule"} <= set(shown["figures"])
    assert len(shown["parts"]["sweep_table"]["lag"]) == len(found)
    buttons["sweep"](session)
    until(lambda: session.sweep_view.finished)
    assert session.sweep_view.outcomes[: len(found)] == found
    assert picture(app)["sweep"]["label"] == "Restart the sweep" and picture(app)["sweep"]["verdicts"]
    app.slider(key=keys.SWEEP_SEEDS).set_value(2).run()
    assert picture(app)["sweep"]["label"] == "Start a sweep with the present settings"


def test_a_new_seed_and_per_second(open_page):
    app = open_page()
    view(app)
    app.session_state[keys.ACT] = "new_seed"
    app.run()
    assert app.number_input(key=keys.ARENA_SEED).value == 1 and view(app, run=2).setup.seed == 1
    app.button_group(key=keys.CLOCK).set_value("seconds").run()
    assert app.query_params[keys.CLOCK] == "seconds"
    assert picture(app)["figures"]["race"]["layout"]["xaxis"]["title"]["text"] == "training time (seconds)"


def test_out_of_range_values_of_a_link_are_the_defaults(open_page):
    app = open_page(size="-4", contenders="9", c1_cell="perceptron", lags="7,x", budget="1e9", task="nothing")
    seen = view(app)
    assert (
        len(seen.competitors) == 4 and seen.competitors[0].contender.cell == "rnn_tanh" and seen.setup.task == "order"
    )
    assert picture(app)["sweep"]["command"] is None  # no lag is left
