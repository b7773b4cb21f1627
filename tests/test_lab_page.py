"""The Lab's logic, without a browser: what a control does to the session."""

import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ui import state

ROOT = Path(__file__).parent.parent
PATIENCE = 120  # seconds: a kernel may have to be compiled first


@pytest.fixture
def page():
    """The app after its first run; its thread is stopped afterwards."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    app.run()
    yield app
    session = session_of(app)
    session.leave()
    session._thread.join(PATIENCE)


def session_of(app):
    return app.session_state[state.SESSION]


def view(app, run=1, updates=1):
    """Wait until that run has made some updates; its view."""
    end = time.monotonic() + PATIENCE
    while not ((seen := session_of(app).snapshot.view) and seen.run == run and seen.update >= updates):
        assert time.monotonic() < end, session_of(app).snapshot
        time.sleep(0.01)
    return seen


def test_it_trains_on_opening(page):
    assert not page.exception
    seen = view(page, updates=5)
    assert seen.setup.cell == "rnn_tanh" and seen.setup.task == "text"
    page.run()
    assert not page.exception
    assert int(page.metric[0].value.replace(",", "")) >= 5
    assert [metric.label for metric in page.metric] == [
        "Update",
        "Training loss",
        "Held-out loss",
        "Updates/s",
        "Parameters",
    ]


def test_pause_step_play_and_start_over(page):
    view(page)
    page.button(key=state.PAUSE).click().run()
    while session_of(page).snapshot.status != "paused":
        time.sleep(0.01)
    update = session_of(page).snapshot.view.update
    page.run()
    page.button(key=state.STEP).click().run()
    assert view(page, updates=update + 1).update == update + 1
    page.button(key=state.PLAY).click().run()
    view(page, updates=update + 20)
    page.button(key=state.RESET).click().run()
    view(page, run=2)
    assert not page.exception


def test_learning_rate_and_clipping_apply_to_the_same_network(page):
    view(page)
    page.select_slider(key=state.LEARNING_RATE).set_value(0.03).run()
    page.button_group(key=state.CLIPPING).set_value("off").run()
    seen = view(page, updates=session_of(page).snapshot.view.update + 10)
    assert (seen.run, seen.training.learning_rate, seen.training.clip_norm) == (1, 0.03, None)


def test_cell_and_size_make_a_new_network(page):
    view(page)
    page.selectbox(key=state.CELL).select("lstm").run()
    assert set(view(page, run=2).trace.gates) == {"i", "f", "g", "o"}
    page.slider(key=state.HIDDEN_SIZE).set_value(7).run()
    assert view(page, run=3).trace.hidden.shape[-1] == 7
    page.run()
    assert not page.exception


@pytest.mark.parametrize("task", ["grammar", "recall", "adding", "reber", "sine"])
def test_every_task_can_be_chosen(page, task):
    view(page)
    page.selectbox(key=state.DATA).select(task).run()
    view(page, run=2)
    page.run()
    assert not page.exception


def test_a_text_of_ones_own(page):
    view(page)
    page.selectbox(key=state.DATA).select("own").run()
    session = session_of(page)
    while session.snapshot.notice is None:
        time.sleep(0.01)
    page.run()
    assert page.warning and "at least 52 characters" in page.warning[0].value
    assert view(page, updates=session.snapshot.view.update + 10).run == 1  # nothing is lost
    page.text_area(key=state.TEXT).set_value("<b>bold</b> & *stars* " * 20).run()
    assert view(page, run=2).vocabulary == tuple(sorted(set("<b>bold</b> & *stars* ")))
    page.run()
    assert not page.warning and not page.exception
    assert not any("<b>" in shown.value for shown in page.markdown)  # a text is never rendered


def test_divergence_offers_what_helps(page):
    view(page)
    page.selectbox(key=state.CELL).select("rnn_relu").run()
    page.selectbox(key=state.OPTIMIZER).select("sgd").run()
    page.button_group(key=state.CLIPPING).set_value("off").run()
    page.select_slider(key=state.LEARNING_RATE).set_value(3.0).run()
    session = session_of(page)
    end = time.monotonic() + PATIENCE
    while session.snapshot.status != "diverged":
        assert time.monotonic() < end
        time.sleep(0.01)
    page.run()
    assert "diverged" in page.error[0].value
    page.button(key=state.TAME).click().run()
    assert page.select_slider(key=state.LEARNING_RATE).value == 0.3
    assert page.button_group(key=state.CLIPPING).value in ("norm", ["norm"])
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
    assert app.header[0].value == "看循环神经网络如何学习"
    assert app.selectbox(key=state.DATA).value == "seasons_zh"
    session_of(app).leave()


def test_a_page_is_small():
    for path in [ROOT / "app.py", *(ROOT / "pages").glob("*.py")]:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 100
