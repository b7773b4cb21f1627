"""The logic of the page “Unroll”, without a browser."""

import json
import subprocess
import sys
import time

import pytest
from sessions import entered, setup
from visits import PATIENCE, until, visits

from ui.settings import keys
from ui.training.snapshot import Training
from ui.unroll.changes import Edit


@pytest.fixture
def open_page():
    """A function that opens the page with a query."""
    with visits("unroll") as open_one:
        yield open_one


def workspace(app):
    return app.session_state[keys.WORKSPACE]


def loss(app) -> float:
    return float(next(metric for metric in app.metric if metric.label == "Loss now").value)


def type_in(app, text):
    app.text_input(key=keys.SENTENCE).set_value(text).run()
    assert not app.exception


def test_it_opens_with_the_articles_network(open_page):
    app = open_page()
    assert not app.exception
    one = workspace(app).computation
    assert (one.cell, one.hidden_size, one.bias, one.steps) == ("rnn_tanh", 4, False, 5)
    assert workspace(app).symbols == ("the", "cat", "sat", "on", "mats", "∎")


def test_a_gradient_step_lowers_the_loss_and_is_undone(open_page):
    app = open_page()
    before = loss(app)
    app.button(key=keys.DESCEND).click().run()
    assert loss(app) < before
    assert app.query_params[keys.CHANGES] == "g0.1"
    assert any(f"{before:.4f}" in caption.value and f"{loss(app):.4f}" in caption.value for caption in app.caption)
    app.button(key=keys.UNDO).click().run()
    assert loss(app) == before and keys.CHANGES not in app.query_params
    assert not app.exception


def test_a_link_brings_everything_back(open_page):
    query = {"sentence": "a b c", "unrolled_cell": "lstm", "units": "3", "cut": "windowed", "reach": "3"}
    query |= {"letters": "pytorch", "with_bias": "true", "start_seed": "5", "changes": "U_f.1.2=0.5~g0.2w1"}
    app = open_page(**query)
    assert not app.exception
    one = workspace(app)
    assert (one.computation.cell, one.computation.hidden_size, one.computation.truncate, one.symbols[:3]) == (
        "lstm",
        3,
        3,
        ("a", "b", "c"),
    )
    assert [type(change).__name__ for change in one.changes] == ["Edit", "Step"]
    assert one.before[1][0].weights["weight_ih_l0"][4, 2] == 0.5
    assert {name: app.query_params[name] for name in query} == query


@pytest.mark.parametrize(
    "bad", [{"units": "many"}, {"changes": "x"}, {"unrolled_cell": "?"}, {"place": "-3"}, {"changes": "U.99.0=1"}]
)
def test_a_bad_link_is_ignored(open_page, bad):
    app = open_page(**bad)
    assert not app.exception and workspace(app).computation.hidden_size == 4 and not workspace(app).changes


@pytest.mark.parametrize(("changes", "made"), [("x", 0), ("U.99.0=1~g0.1", 1), ("g0.1", 1)])
def test_changes_of_a_link_that_cannot_be_made_are_told_until_one_is_made(open_page, changes, made):
    app = open_page(changes=changes)
    assert len(workspace(app).changes) == made
    told = ["Not all the changes of weights" in info.value for info in app.info]
    assert told == ([] if changes == "g0.1" else [True])
    app.run()
    assert len(app.info) == len(told)  # whatever runs the script meanwhile
    app.button(key=keys.DESCEND).click().run()
    assert not app.info


def test_useless_sentences_get_a_clear_answer_and_lose_nothing(open_page):
    app = open_page()
    app.button(key=keys.DESCEND).click().run()
    kept = loss(app)
    type_in(app, "   ")
    assert "nothing to read" in app.warning[0].value and loss(app) == kept
    type_in(app, "the cat sat on mats")
    assert not app.warning and loss(app) == kept  # the step is still there
    long = "word " * 200
    type_in(app, long)
    assert "190 more" in app.info[0].value and workspace(app).computation.steps == 10
    assert app.text_input(key=keys.SENTENCE).value == long


@pytest.mark.parametrize(
    "text", ["a", "aaaa", "<b>bold</b> <script>alert(1)</script> $x$ `y`", "שלום עולם", "\u202eevil 😀 \x07"]
)
def test_any_text_is_read_and_never_rendered(open_page, text):
    app = open_page()
    type_in(app, text)
    assert workspace(app).computation.steps >= 1
    rendered = [*app.markdown, *app.caption, *app.info, *app.warning, *app.success]
    for mark in ("<b>", "script", "alert", "שלום", "evil"):
        assert not any(mark in shown.value for shown in rendered)


def test_every_cell_and_truncation(open_page):
    app = open_page()
    for cell in ("rnn_relu", "gru", "lstm"):
        app.selectbox(key=keys.UNROLL_CELL).select(cell).run()
        assert not app.exception and workspace(app).computation.cell == cell
    for cut in ("windowed", "chunked"):
        app.button_group(key=keys.CUT).set_value(cut).run()
        assert not app.exception and workspace(app).computation.truncation == cut
    assert any("truncation leaves out" in markdown.value for markdown in app.markdown)


def test_the_button_checks_every_number(open_page):
    app = open_page()
    app.button(key=keys.CHECK).click().run()
    end = time.monotonic() + PATIENCE
    while not app.success:
        assert time.monotonic() < end
        time.sleep(0.05)
        app.run()
    assert "numbers compared" in app.success[0].value
    shown = [json.loads(part.proto.json) for part in app.get("bidi_component") if part.proto.component_name == "table"]
    table = next(one["columns"] for one in shown if "numbers" in one["columns"])
    assert max(map(float, table["largest deviation, second computation"])) < 1e-12
    assert sum(map(int, table["numbers"])) > 700
    slopes = [float(value) for value in table["central differences"] if value != "–"]
    assert len(slopes) == 3 and max(slopes) < 1e-6
    workspace(app).change(Edit("U", 0, 0, 1.0))
    app.run()
    assert not app.success  # these numbers have not been checked


def test_the_comparison_is_trained_in_the_background(open_page):
    app = open_page(sentence="a b c")
    app.button(key=keys.COMPARE).click().run()
    end = time.monotonic() + PATIENCE
    while not any("Beyond them" in markdown.value for markdown in app.markdown):
        assert time.monotonic() < end
        time.sleep(0.05)
        app.run()
    assert not app.exception


def test_the_downloaded_script_runs(open_page, tmp_path):
    """The script of the button runs with NumPy alone and finds the numbers of the page."""
    from ui.unroll.tape.verify import page_of, script

    app = open_page(sentence="<b> ' \" \\ ∎", unrolled_cell="gru", changes="g0.1")
    one = workspace(app)
    path = tmp_path / "unroll_check.py"
    path.write_text(script(page_of(one.read(None, "windowed", 0.1), one.symbols)), encoding="utf-8")
    run = subprocess.run([sys.executable, "-I", path], cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_labs_network_is_taken_as_it_is(open_page):
    app = open_page()
    app.button(key=keys.TAKE).click().run()
    assert "No network trains in the Lab yet" in app.warning[0].value and not workspace(app).taken
    own = loss(app)
    app.switch_page("pages/lab.py").run()
    session = app.session_state[keys.SESSION]
    end = time.monotonic() + PATIENCE
    while not (view := session.snapshot.view) or view.update < 5:
        assert time.monotonic() < end
        time.sleep(0.02)
    session.pause()
    app.switch_page("pages/unroll.py").run()
    app.button(key=keys.TAKE).click().run()
    assert not app.exception and "copy of the Lab's network" in app.info[0].value
    one = workspace(app)
    weights = session.ask(lambda run: run.trainer.model.state_dict()).result(PATIENCE)
    assert {name: value.tolist() for name, value in weights.items()} == {
        name: value.tolist() for name, value in one.computation.weights.items()
    }
    assert one.computation.steps == 10 and one.computation.hidden_size == 32
    app.button(key=keys.DESCEND).click().run()
    assert not app.exception and len(one.changes) == 1
    app.button(key=keys.GIVE_BACK).click().run()
    assert not workspace(app).taken and loss(app) == own
    session.look(2)
    while session.shown.look.newest is None or session.shown.view.update != 2:
        assert time.monotonic() < end
        time.sleep(0.02)
    app.button(key=keys.TAKE).click().run()
    assert "in the past, as it was at update 2" in app.info[0].value


def test_ones_own_network_waits_with_its_changes_while_the_labs_lies_open(open_page):
    app = open_page(sentence="one two three", unrolled_cell="gru", units="3")
    with entered() as lab:
        lab.request(setup(hidden_size=5), Training())
        until(lambda: lab.snapshot.view)
        app.session_state[keys.SESSION] = lab
        for _time in range(3):
            app.button(key=keys.DESCEND).click().run()
        own, query = loss(app), dict(app.query_params)
        app.button(key=keys.TAKE).click().run()
        taken = workspace(app)
        assert taken.taken and taken.computation.hidden_size == 5
        assert [box.label for box in app.text_input] == ["The Lab's sequence"] and app.text_input[0].disabled
        assert app.text_input[0].value == "".join(taken.symbols[number] for number in taken.computation.ids)
        assert not app.selectbox and any("RNN (tanh), 5 hidden units" in caption.value for caption in app.caption)
        app.button(key=keys.DESCEND).click().run()
        app.button(key=keys.TAKE).click().run()
        assert {name: value for name, value in app.query_params.items() if name != "place"} == {
            name: value for name, value in query.items() if name != "place"
        }
        app.button(key=keys.GIVE_BACK).click().run()
    assert not workspace(app).taken and loss(app) == own and len(workspace(app).changes) == 3
    assert app.text_input(key=keys.SENTENCE).value == "one two three"
    assert app.selectbox(key=keys.UNROLL_CELL).value == "gru" and app.slider(key=keys.UNITS).value == 3
    for left in (2, 1, 0):
        app.button(key=keys.UNDO).click().run()
        assert len(workspace(app).changes) == left
