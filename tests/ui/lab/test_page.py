"""The Lab's logic, without a browser: what a control does to the session."""

import json
import socket
import time
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from visits import until, visits

import ui.training.presence
import ui.training.session
from rnn_core.tasks import TEXTS
from ui.live.notices import notices
from ui.live.request import Request
from ui.network import text_files
from ui.network.presets import PRESETS
from ui.network.settings import SETTINGS
from ui.network.setup import lab_setup
from ui.settings import keys
from ui.training.capacity import Capacity
from ui.training.snapshot import Training
from ui.training.tabs import SESSIONS

ROOT = Path(__file__).parents[3]
PATIENCE = 120  # seconds: a kernel may have to be compiled first


@pytest.fixture
def page():
    """The app after its first run; its thread is stopped afterwards."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    for part in (keys.MORE_NETWORK, keys.MORE_LEARNING, keys.SHOWN, keys.KEEP):
        app.session_state[part] = True  # opened
    app.run()
    yield app
    session = session_of(app)
    session.leave()
    session._thread.join(PATIENCE)


def session_of(app):
    return app.session_state[keys.SESSION]


def view(app, run=1, updates=1):
    """Wait until that run has made some updates; its view."""
    end = time.monotonic() + PATIENCE
    while not ((seen := session_of(app).snapshot.view) and seen.run == run and seen.update >= updates):
        assert time.monotonic() < end, session_of(app).snapshot
        time.sleep(0.01)
    return seen


def picture(app, **query) -> dict:
    """Frame that the browser would be sent now."""
    return json.loads(
        session_of(app).pictures.frame(session_of(app), Request.of({k: str(v) for k, v in query.items()}))
    )


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
        "lang": "en", "data": "river_en", "learning_rate": "0.03", "clipping": "off", "truncation": "chunked",
        "truncate": "3", "stateful": "true",
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


def test_a_full_server_says_so(monkeypatch):
    monkeypatch.setattr(ui.training.presence, "CAPACITY", Capacity(1))
    first, second = (AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE) for _ in range(2))
    first.run()
    second.run()
    assert not first.warning and second.warning[0].value.startswith("The server is full")
    session_of(first).leave()
    second.run()
    assert not second.warning and not second.exception
    session_of(second).leave()


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
    app.switch_page("pages/arena.py").run()
    app.switch_page("pages/lab.py").run()
    seen = lab.ask(lambda run: run.update).result(PATIENCE)
    assert lab.ask(lambda run: run.update).result(PATIENCE) == seen and lab.snapshot.status == "paused"


@pytest.mark.parametrize("task", ["grammar", "recall", "adding", "copy", "order", "count", "flipflop", "reber", "sine"])
def test_every_task_can_be_chosen(page, task):
    view(page)
    page.selectbox(key=keys.DATA).select(task).run()
    view(page, run=2)
    page.run()
    assert not page.exception


def test_a_text_of_ones_own(page):
    view(page)
    page.selectbox(key=keys.DATA).select("own").run()
    session = session_of(page)
    while session.snapshot.notice is None:
        time.sleep(0.01)
    assert "at least 52 characters" in picture(page)["notices"][0]["sentence"]
    assert view(page, updates=session.snapshot.view.update + 10).run == 1  # nothing is lost
    page.text_area(key=keys.TEXT).set_value("<b>bold</b> & *stars* " * 20).run()
    assert view(page, run=2).vocabulary == tuple(sorted(set("<b>bold</b> & *stars* ")))
    page.run()
    assert picture(page)["notices"] == [] and not page.exception
    assert not any("<b>" in shown.value for shown in page.markdown)  # a text is never rendered


@pytest.fixture
def open_page():
    with visits("lab") as visit:
        yield visit


FOR_OWN_TEXT = "This link was made with a private text, which it does not contain."


def test_a_link_for_a_text_that_it_does_not_hold_opens_with_a_network_all_the_same(open_page):
    app = open_page(data="own", hidden_size="9")
    seen = view(app)
    assert dict(seen.setup.task_options)["text"] == TEXTS["river_en"].text and seen.setup.hidden_size == 9
    assert [info.value for info in app.info] == [
        f"{FOR_OWN_TEXT} Paste it in the side bar, under “Your own text”, or upload its file there. Until then the "
        f"network learns from “{TEXTS['river_en'].title}”."
    ]
    assert picture(app)["notices"] == [] and app.query_params["data"] == "own"
    app.slider(key=keys.HIDDEN_SIZE).set_value(10).run()  # the controls are those of the network that stands in
    assert view(app, run=2).setup.hidden_size == 10 and app.info
    app.text_area(key=keys.TEXT).set_value("a text of somebody's own. " * 20).run()
    assert dict(view(app, run=3).setup.task_options)["text"] == "a text of somebody's own. " * 20 and not app.info


def test_a_link_that_holds_a_text_to_learn_nothing_from_is_not_said_to_hold_none(open_page):
    app = open_page(data="own", text="a" * 2000)
    assert view(app).setup.task == "text"
    [info] = app.info
    assert info.value.startswith("Nothing can be learned from the text in this link.") and "private" not in info.value
    assert f"learns from “{TEXTS['river_en'].title}”" in info.value and picture(app)["notices"] == []


def test_a_link_that_holds_its_text_says_nothing(open_page):
    text = "a text of somebody's own. " * 20
    app = open_page(data="own", text=text)
    assert dict(view(app).setup.task_options)["text"] == text and not app.info


def test_where_there_is_no_network_none_is_said_to_go_on(open_page):
    app = open_page(data="tiny_shakespeare")
    app.session_state[keys.DATA], app.session_state[keys.TEXT] = "own", "far too short"
    app.run()
    until(lambda: session_of(app).snapshot.notice)
    assert session_of(app).snapshot.view is None
    [notice] = notices(session_of(app).snapshot, "train", str)
    assert "Paste a longer text" in notice["sentence"] and "continues" not in notice["sentence"]


def test_a_text_that_cannot_be_fetched_is_named_and_the_network_goes_on(page, monkeypatch, tmp_path):
    view(page)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setattr(text_files, "URL", f"http://127.0.0.1:{unused.getsockname()[1]}/input.txt")
    monkeypatch.setattr(text_files, "CACHE", tmp_path)
    page.selectbox(key=keys.DATA).select("tiny_shakespeare").run()
    end = time.monotonic() + PATIENCE
    while not page.main.warning or not page.sidebar.warning:  # it may fail between the two
        assert time.monotonic() < end
        time.sleep(0.05)
        page.run()
    assert page.warning[0].value.startswith("127.0.0.1 cannot be reached.")
    assert [told.value for told in page.main.warning] == [  # where the side bar is closed it is said too
        page.sidebar.warning[0].value + " Until then, choose other data in the side bar."
    ]
    assert page.button(key=keys.RETRY).label == "Try again"
    update = session_of(page).snapshot.view.update
    assert view(page, updates=update + 10).run == 1 and not page.exception


def test_divergence_offers_what_helps(page):
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
    notice = picture(page)["notices"][0]
    assert notice["kind"] == "error" and "diverged" in notice["sentence"]
    assert notice["action"] == ["tame", "Start over with learning rate 0.3 and the norm clipped to 1"]
    press(page, "tame")
    assert page.select_slider(key=keys.LEARNING_RATE).value == 0.3
    assert page.button_group(key=keys.CLIPPING).value in ("norm", ["norm"])
    end = time.monotonic() + PATIENCE
    while (seen := session.snapshot.view).training.clip_norm != 1.0 or seen.update < 3:
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


def test_a_page_is_small():
    for path in [ROOT / "app.py", *(ROOT / "pages").glob("*.py")]:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 100
