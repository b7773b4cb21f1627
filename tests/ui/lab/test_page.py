"""The Lab's logic, without a browser: what a control does to the session."""

import time
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from visits import picture, session_of, until, view, visits

from ui.network.presets import PRESETS
from ui.network.settings import SETTINGS
from ui.network.setup import lab_setup
from ui.settings import keys
from ui.training.snapshot import Training

ROOT = Path(__file__).parents[3]
PATIENCE = 120  # seconds: a kernel may have to be compiled first


@pytest.fixture
def page():
    """The Lab after its first run, all its parts unfolded."""
    with visits("lab", (keys.MORE_NETWORK, keys.MORE_LEARNING, keys.SHOWN, keys.KEEP)) as open_one:
        yield open_one()


def press(app, act):
    """Press a button beside the score that changes controls too."""
    app.session_state[keys.ACT] = act
    app.run()


def test_it_trains_on_opening(page):
    assert not page.exception
    seen = view(page, updates=5)
    assert seen.setup.cell == "rnn_tanh" and seen.setup.task == "text"
    shown = picture(page)
    assert [label for label, _number, _note in shown["numbers"]] == [
        "Update",
        "Training loss",
        "Held-out loss",
        "Updates/s",
        "Parameters",
    ]
    assert int(shown["numbers"][0][1].replace(",", "")) >= 5
    assert set(shown["figures"]) == {"score", "loss"}


def test_learning_rate_and_clipping_apply_to_the_same_network(page):
    view(page)
    page.select_slider(key=keys.LEARNING_RATE).set_value(0.03).run()
    page.button_group(key=keys.CLIPPING).set_value("off").run()
    page.selectbox(key=keys.TRUNCATION).select("chunked").run()
    page.slider(key=keys.TRUNCATE).set_value(3).run()
    page.checkbox(key=keys.STATEFUL).check().run()
    seen = view(page, updates=session_of(page).snapshot.view.update + 10)
    assert seen.run == 1
    assert seen.training == Training("adam", 0.03, None, None, truncate=3, truncation="chunked", stateful=True)
    assert dict(page.query_params) == {
        "data": "river_en", "learning_rate": "0.03", "clipping": "off", "truncation": "chunked", "truncate": "3",
        "stateful": "true",
    }  # fmt: skip


def test_cell_and_size_make_a_new_network(page):
    view(page)
    page.selectbox(key=keys.CELL).select("lstm").run()
    assert set(view(page, run=2).trace.gates) == {"i", "f", "g", "o"}
    page.slider(key=keys.HIDDEN_SIZE).set_value(7).run()
    assert view(page, run=3).trace.hidden.shape[-1] == 7
    page.run()
    assert picture(page)["former"].startswith("Restore the previous network (")
    press(page, "bring_back")
    assert page.slider(key=keys.HIDDEN_SIZE).value == 32
    assert view(page, run=2).trace.hidden.shape[-1] == 32
    press(page, "new_seed")
    assert view(page, run=4).setup.seed == 1 and page.number_input(key=keys.SEED).value == 1
    assert not page.exception


def test_every_control_reaches_the_network(page):
    page.selectbox(key=keys.CELL).select("lstm").run()
    page.slider(key=keys.LAYERS).set_value(2).run()
    page.checkbox(key=keys.BIDIRECTIONAL).check().run()
    page.checkbox(key=keys.BIAS).uncheck().run()
    page.selectbox(key=keys.INIT).select("orthogonal").run()
    page.select_slider(key=keys.RADIUS).set_value(1.25).run()
    page.number_input(key=keys.FORGET_BIAS).set_value(3.0).run()
    page.slider(key=keys.BATCH_SIZE).set_value(4).run()
    page.slider(key="text_sequence_length").set_value(12).run()
    session, end = session_of(page), time.monotonic() + PATIENCE
    while not (seen := session.snapshot.view) or dict(seen.setup.task_options)["sequence_length"] != 12:
        assert time.monotonic() < end
        time.sleep(0.01)
    wanted = dict(
        num_layers=2, bidirectional=True, bias=False, init="orthogonal", spectral_radius=1.25, forget_bias=3.0
    )
    assert {name: getattr(seen.setup, name) for name in wanted} == wanted
    assert dict(seen.setup.task_options)["batch_size"] == 4
    page.selectbox(key=keys.LAYER).select(3).run()
    page.button_group(key=keys.ORDER).set_value("similarity").run()
    page.button_group(key=keys.NOTATION).set_value("pytorch").run()
    page.button_group(key=keys.UNIT).set_value("perplexity").run()
    page.button_group(key="gates_lstm").set_value(["f", "change"]).run()
    notes = [note["text"] for note in picture(page)["figures"]["score"]["layout"]["annotations"]]
    assert any("h<sub>t</sub>, 32 units" in note for note in notes)
    assert [note for note in notes if "gate" in note] == ["forget gate f"]
    assert any(note.startswith("change of h<sub>t</sub> since update") for note in notes)
    assert picture(page)["figures"]["loss"]["layout"]["yaxis"]["title"]["text"] == "perplexity (log)"
    assert not page.exception


def test_a_typed_text_is_shown(page):
    view(page)
    page.button_group(key=keys.SPLIT).set_value("typed").run()
    page.text_input(key=keys.TYPED).set_value("the river Ω").run()
    session, end = session_of(page), time.monotonic() + PATIENCE
    while session.snapshot.view.sample_choice.split != "typed":
        assert time.monotonic() < end
        time.sleep(0.01)
    assert len(session.snapshot.view.trace.x) == len("the river ") - 1
    assert [notice["detail"] for notice in picture(page)["notices"]] == ["Ω"]
    page.text_input(key=keys.TYPED).set_value("Ω").run()
    while session.snapshot.view.sample_choice.split == "typed":
        assert time.monotonic() < end
        time.sleep(0.01)
    assert picture(page)["notices"][0]["sentence"].startswith("Type at least two symbols")


@pytest.mark.parametrize(
    ("length", "notes"), [(101, []), (155, ["Your sequence has 155 symbols. The first 100 are drawn."])]
)
def test_a_typed_text_that_is_too_long_to_be_shown_is_told(page, length, notes):
    view(page)
    page.button_group(key=keys.SPLIT).set_value("typed").run()
    page.text_input(key=keys.TYPED).set_value(("the river " * 16)[:length]).run()
    session = session_of(page)
    until(lambda: session.snapshot.view.sample_choice.typed == ("the river " * 16)[:length])
    assert len(session.snapshot.view.trace.x) == 100
    assert [notice["sentence"] for notice in picture(page)["notices"]] == notes


def test_the_steps_values_are_exact(page):
    view(page)
    session_of(page).pause()
    while session_of(page).snapshot.status != "paused":
        time.sleep(0.01)
    trace, shown = session_of(page).snapshot.view.trace, picture(page, step=4)
    details = shown["details"]
    assert details["title"] == "Step 4 of 0 … 24"
    probs = trace.probs[4, 0]
    assert [row[2] for row in details["outputs"]] == [float(p) for p in np.sort(probs)[::-1][:5]]
    rows = dict(details["rows"])
    assert float(rows["loss"].split()[0]) == pytest.approx(trace.loss_per_step[4, 0], rel=1e-5)
    norm = np.linalg.norm(trace.d_hidden[0, 5, 0].astype(float))
    assert float(rows["‖∂L/∂s‖"]) == pytest.approx(norm, rel=1e-5)
    largest = np.abs(trace.hidden[0, 5, 0]).max()
    assert abs(details["units"][0][2]) == pytest.approx(largest)
    assert "details" not in picture(page)


def test_guides_and_tables_come_when_they_are_opened(page):
    seen = view(page, updates=5)
    assert picture(page)["parts"] == {}
    parts = picture(page, open="score_guide,score_table,loss_guide,loss_table")["parts"]
    assert (
        "Each of the 25 columns" in parts["score_guide"][0] and "A blind guess among all 34" in parts["loss_guide"][0]
    )
    assert parts["score_table"]["step t"] == list(range(25))
    assert parts["loss_table"]["update"][0] == 0
    assert seen.run == 1


@pytest.mark.parametrize("name", PRESETS)
def test_an_experiment_sets_everything(page, name):
    page.slider(key=keys.HIDDEN_SIZE).set_value(77).run()
    page.selectbox(key=keys.PRESET).select(name).run()
    assert not page.exception
    values = {key: item.default for key, item in SETTINGS.items()} | {keys.DATA: "river_en"} | PRESETS[name].values
    setup, training = lab_setup(values)
    session, end = session_of(page), time.monotonic() + PATIENCE
    while not (seen := session.snapshot.view) or (seen.setup, seen.training) != (setup, training):
        assert time.monotonic() < end, session.snapshot
        time.sleep(0.01)
    assert PRESETS[name].look_for in page.markdown[0].value
    assert page.query_params["preset"] == name


def test_a_link_gives_the_same_losses(page):
    """The address after some changes, opened elsewhere, trains to the same losses."""
    page.selectbox(key=keys.CELL).select("gru").run()
    page.slider(key=keys.HIDDEN_SIZE).set_value(9).run()
    page.selectbox(key=keys.DATA).select("recall").run()
    page.slider(key="recall_delay").set_value(6).run()
    page.number_input(key=keys.SEED).set_value(5).run()
    other = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    for name, value in page.query_params.items():
        other.query_params[name] = value
    other.run()
    curves = []
    for app in (page, other):
        session, end = session_of(app), time.monotonic() + PATIENCE
        while not (seen := session.snapshot.view) or len(seen.curve.loss) < 20 or seen.setup.seed != 5:
            assert time.monotonic() < end
            time.sleep(0.01)
        assert dict(seen.setup.task_options)["delay"] == 6 and seen.setup.hidden_size == 9
        curves.append(seen.curve.loss[:20].tolist())
    session_of(other).leave()
    assert curves[0] == curves[1]


def test_a_link_to_an_experiment_says_what_was_set_back_to_the_default():
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    app.query_params["preset"] = "remembers"
    app.run()
    units = PRESETS["remembers"].values["hidden_size"]
    assert view(app).setup.hidden_size == units != SETTINGS["hidden_size"].default
    assert app.query_params["hidden_size"] == str(units)
    app.slider(key=keys.HIDDEN_SIZE).set_value(32).run()
    assert app.query_params["hidden_size"] == "32"  # the default, but not that of the experiment
    session_of(app).leave()


def test_a_link_can_leave_controls_out():
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    app.query_params["hide"] = "cell,hidden_size,learning_rate"
    app.query_params["cell"] = "gru"
    app.run()
    assert not app.exception
    assert not {"cell", "hidden_size"} & {item.key for item in (*app.selectbox, *app.slider)}
    assert view(app).setup.cell == "gru"
    assert app.query_params["hide"] == "cell,hidden_size,learning_rate"
    session_of(app).leave()


@pytest.mark.parametrize("task", ["grammar", "recall", "adding", "copy", "order", "count", "flipflop", "reber", "sine"])
def test_every_task_can_be_chosen(page, task):
    view(page)
    page.selectbox(key=keys.DATA).select(task).run()
    view(page, run=2)
    page.run()
    assert not page.exception


@pytest.fixture
def open_page():
    with visits("lab") as visit:
        yield visit


def test_divergence_offers_what_helps_once(page):
    view(page)
    page.selectbox(key=keys.CELL).select("rnn_relu").run()
    page.selectbox(key=keys.OPTIMIZER).select("sgd").run()
    page.button_group(key=keys.CLIPPING).set_value("off").run()
    page.select_slider(key=keys.LEARNING_RATE).set_value(3.0).run()
    page.select_slider(key=keys.RADIUS).set_value(3.0).run()
    session = session_of(page)
    end = time.monotonic() + PATIENCE
    while session.snapshot.status != "diverged":
        assert time.monotonic() < end
        time.sleep(0.01)
    shown = picture(page)
    notice = shown["notices"][0]
    assert notice["kind"] == "error" and "diverged" in notice["sentence"]
    assert shown["doctor"]["remedy"].endswith(": learning rate 0.3, norm clipped to 1") and notice["action"] is None
    press(page, "try_remedy")
    assert page.select_slider(key=keys.LEARNING_RATE).value == 0.3
    assert page.button_group(key=keys.CLIPPING).value in ("norm", ["norm"])
    end = time.monotonic() + PATIENCE
    while (seen := session.snapshot.view).training.clip_norm != 1.0 or seen.update < 3 or seen.trial is None:
        assert time.monotonic() < end
        time.sleep(0.01)
    assert (seen.training.learning_rate, seen.training.clip_norm) == (0.3, 1.0)
    assert not page.exception


def test_the_url_says_the_language():
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    app.query_params["lang"] = "zh_CN"
    app.run()
    assert app.title[0].value == "看循环神经网络如何学习"
    assert app.selectbox(key=keys.DATA).value == "seasons_zh"
    session_of(app).leave()
