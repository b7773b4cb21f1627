"""The list of runs on the Lab."""

from dataclasses import replace

import numpy as np
import pytest
from visits import session_of, until, view, visits

from ui.i18n import language
from ui.lab import runs
from ui.network.settings import SETTINGS
from ui.network.setup import lab_setup
from ui.settings import keys
from ui.training import keeping
from ui.training.kept_run import unpack
from ui.training.run import Run, new_trainer
from ui.training.shelf import shelved
from ui.training.snapshot import SampleChoice, Training
from ui.training.weights import NewWeights


@pytest.fixture
def visit(monkeypatch):
    monkeypatch.setattr(keeping, "WORTH_KEEPING", 0.0)
    with visits("lab", (keys.RUNS,)) as made:
        yield made


def texts(app):
    return [text.value for text in app.text]


def test_runs_are_listed_compared_named_returned_to_and_deleted(visit):
    app = visit(data="recall", hidden_size="6", speed="100")
    session = session_of(app)
    view(app, 1, 3)
    app.slider(key=keys.HIDDEN_SIZE).set_value(9).run()
    view(app, 2, 3)
    app.run()
    [first, second] = session.runs
    told = "\n".join(texts(app))
    assert "Run 1\n" in told and "Run 2 · this network\n" in told and "6 units · update" in told
    assert "Changed from Run 1: Hidden units: 9" in told
    assert "this network\nits update and loss stand above" in told  # it trains on while the list is open
    name = app.text_input(key=f"{keys.RUN_NAME}_{first.identity}")
    name.set_value("*small*").run()
    assert "*small*\n" in "\n".join(texts(app))
    app.selectbox(key=keys.RUN_BESIDE).set_value(first.identity).run()
    assert not app.exception
    told = texts(app)
    assert any(text.startswith("this network, update") for text in told)
    assert f"*small*, update {first.update}" in told
    app.button(key=f"{keys.RUN_RETURN}_{first.identity}").click().run()
    until(lambda: session.snapshot.view.setup.hidden_size == 6 and session.snapshot.view.update >= first.update)
    assert app.slider(key=keys.HIDDEN_SIZE).value == 6
    app.run()
    app.button(key=f"{keys.RUN_DELETE}_{second.identity}").click().run()
    assert [run.name for run in session.runs] == ["*small*"] and second.identity in session.shelf.forgotten
    assert not app.exception


def test_the_present_run_is_deleted_and_another_or_a_new_one_takes_its_place(visit):
    app = visit(data="recall", hidden_size="6", speed="100")
    session = session_of(app)
    view(app, 1, 3)
    app.slider(key=keys.HIDDEN_SIZE).set_value(9).run()
    view(app, 2, 3)
    app.run()
    [first, second] = session.runs
    app.button(key=f"{keys.RUN_DELETE}_{second.identity}").click().run()
    until(lambda: session.snapshot.view.setup.hidden_size == 6 and session.snapshot.view.update >= first.update)
    assert app.slider(key=keys.HIDDEN_SIZE).value == 6 and not app.exception
    assert [run.identity for run in session.runs] == [first.identity]
    assert session.shelf.forgotten == (second.identity,)  # the browser forgets it, too
    session.bring_back()
    until(lambda: session.snapshot.view.setup.hidden_size == 9)
    assert session.shelf.forgotten == ()
    session.delete(second.identity)
    until(lambda: session.snapshot.view.setup.hidden_size == 6)
    app.run()
    number = session.snapshot.view.run
    app.button(key=f"{keys.RUN_DELETE}_{first.identity}").click().run()
    until(lambda: session.snapshot.view.run > number)
    assert session.snapshot.view.setup.hidden_size == 6 and session.snapshot.view.first == 0
    assert [run.identity for run in session.runs] != [first.identity] and len(session.runs) == 1
    assert first.identity in session.shelf.forgotten and not app.exception


def test_a_link_names_the_run_beside_and_whoever_opens_it_gets_it(visit):
    app = visit(data="recall", hidden_size="6", learning_rate="0.03", seed="4")
    session = session_of(app)
    view(app, 1, 3)
    app.slider(key=keys.HIDDEN_SIZE).set_value(9).run()
    view(app, 2, 3)
    app.run()
    first = session.runs[0]
    app.selectbox(key=keys.RUN_BESIDE).set_value(first.identity).run()
    asked = app.query_params[keys.BESIDE]
    assert asked == [f"{first.update}~hidden_size.6"] or asked == f"{first.update}~hidden_size.6"

    there = visit(
        data="recall", hidden_size="9", learning_rate="0.03", seed="4", beside=f"{first.update}~hidden_size.6"
    )
    view(there, 1, 3)
    there.run()
    assert f"6 units · update {first.update}" in "\n".join(texts(there))
    there.button(key=keys.BESIDE_TRAIN).click().run()
    until(lambda: session_of(there).beside.done.result is not None)
    there.run()
    assert there.selectbox(key=keys.RUN_BESIDE).value == session_of(there).beside.done.result
    assert f"Run 2, update {first.update}" in texts(there)
    mine, theirs = (unpack(run.file, 1, SampleChoice()).run for run in (first, session_of(there).shelf.runs[0]))
    assert np.array_equal(mine.trainer.model.parameters, theirs.trainer.model.parameters)
    assert np.array_equal(mine.view().curve.loss, theirs.view().curve.loss)
    assert not there.exception


@pytest.mark.parametrize(
    "asked", ["", "x", "10~nobody.1", "10~hidden_size.x", "10~cell.unknown", f"{10**12}", "1" * 5000]
)
def test_a_run_that_nobody_can_train_is_not_offered(visit, asked):
    app = visit(data="recall", beside=asked)
    view(app, 1, 1)
    app.run()
    assert not [button for button in app.button if button.key == keys.BESIDE_TRAIN]
    assert any("cannot be trained here" in text for text in texts(app)) == bool(asked) and not app.exception
    assert all(len(text) < 300 for text in texts(app))


def test_a_private_text_is_not_in_the_address(visit):
    app = visit(data="own", text="a private text that nobody else reads. " * 20)
    session = session_of(app)
    view(app, 1, 3)
    app.slider(key=keys.HIDDEN_SIZE).set_value(9).run()
    view(app, 2, 3)
    app.selectbox(key=keys.DATA).set_value("recall").run()
    view(app, 3, 3)
    app.run()
    app.selectbox(key=keys.RUN_BESIDE).set_value(session.runs[0].identity).run()
    assert not app.exception and keys.BESIDE not in app.query_params


def changed_rate(app, session):
    app.select_slider(key=keys.LEARNING_RATE).set_value(0.1).run()
    until(lambda: session.snapshot.view.training.learning_rate == 0.1)


def weights_to_zero(app, session):
    session.set_weights(NewWeights("recurrent", "zero"))
    until(lambda: session.snapshot.view.changes)


@pytest.mark.parametrize("change", [changed_rate, weights_to_zero])
def test_a_run_that_was_changed_on_the_way_is_not_in_the_address(visit, change):
    app = visit(data="recall", hidden_size="6")
    session = session_of(app)
    view(app, 1, 3)
    change(app, session)
    app.slider(key=keys.HIDDEN_SIZE).set_value(9).run()
    view(app, 2, 3)
    app.run()
    run = session.runs[0]
    assert not run.straight and session.runs[1].straight
    app.selectbox(key=keys.RUN_BESIDE).set_value(run.identity).run()
    assert not app.exception and keys.BESIDE not in app.query_params
    assert any("does not name the run beside it" in text for text in texts(app))


def test_weights_that_were_set_are_among_the_differences(visit):
    app = visit(data="recall", hidden_size="6", speed="100")
    session = session_of(app)
    view(app, 1, 8)
    session.look(4)
    until(lambda: session.shown.view.update == 4)
    session.set_weights(NewWeights("recurrent", "zero"))
    until(lambda: session.snapshot.view.run == 2 and session.snapshot.view.changes)
    app.run()
    assert "Changed from Run 1: after update 4: W set to zero" in texts(app) and not app.exception


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("en", "Data: Temporal order; Biases: no; Initialisation of W: orthogonal; Gradient clipping: off"),
        ("zh_CN", "数据：时间顺序；偏置：否；W 的初始化：正交；梯度裁剪：关闭"),
    ],
)
def test_differences_are_written_as_the_controls_write_them(code, told):
    values = {name: setting.default for name, setting in SETTINGS.items()}
    others = values | {keys.DATA: "order", keys.BIAS: False, keys.INIT: "orthogonal", keys.CLIPPING: "off"}
    before, run = (
        shelved(Run(1, *lab_setup(each), SampleChoice()), True, "") for each in (values | {keys.DATA: "recall"}, others)
    )
    _ = language(code).gettext
    labels = {name: _(setting.label) for name, setting in SETTINGS.items()}
    assert runs.differences(run, before, labels, _).startswith(told)


def test_settings_that_were_changed_at_another_update_are_among_the_differences():
    _, labels = language("en").gettext, {name: setting.label for name, setting in SETTINGS.items()}
    values = {name: setting.default for name, setting in SETTINGS.items()} | {keys.DATA: "recall"}
    setup, training = lab_setup(values)
    run = Run(1, setup, training, SampleChoice())
    run._note(run.trainer.step(20))
    for rate in (0.1, 0.03):  # a control that is moved by two steps
        run.configure(replace(run.training, learning_rate=rate))
    run._note(run.trainer.step(20))
    before = shelved(run, True, "")
    fork = shelved(run.rewind(10)(lambda share: True).fork(2, run), True, "")
    assert runs.differences(fork, before, labels, _) == "after update 10: learning rate 0.03"
    straight = shelved(Run(3, setup, training, SampleChoice()), True, "")
    assert runs.differences(before, straight, labels, _) == "Learning rate: 0.03"
    assert runs.differences(before, fork, labels, _) == "after update 20: learning rate 0.03"


def test_names_are_tidy_told_apart_and_no_markup(visit, monkeypatch):
    drawn = {}
    monkeypatch.setattr(runs, "figure", lambda made, key, *_words: drawn.update({key: made}))
    app = visit(data="recall", hidden_size="6", speed="100")
    session = session_of(app)
    view(app, 1, 3)
    app.slider(key=keys.HIDDEN_SIZE).set_value(9).run()
    view(app, 2, 3)
    app.slider(key=keys.HIDDEN_SIZE).set_value(12).run()
    view(app, 3, 3)
    app.run()
    fields = [f"{keys.RUN_NAME}_{run.identity}" for run in session.runs]
    for field in fields[:2]:
        app.text_input(key=field).set_value("<b>a</b>\u202e\u200b").run()
    assert [app.text_input(key=field).value for field in fields] == ["<b>a</b>", "<b>a</b>", ""]
    beside = app.selectbox(key=keys.RUN_BESIDE)
    assert beside.options == ["<b>a</b> (Run 1)", "<b>a</b> (Run 2)"]
    beside.set_value(session.runs[0].identity).run()
    assert "<b>a</b> (Run 1)\n" in "\n".join(texts(app)) and not app.exception
    named = [trace.name for trace in drawn[keys.COMPARED_LOSS].data]
    assert "&lt;b&gt;a&lt;/b&gt; (Run 1)" in named and not any("<b>" in str(name) for name in named)


def test_a_name_that_is_too_long_is_cut_and_that_is_said(visit):
    app = visit(data="recall", hidden_size="6", speed="100")
    session = session_of(app)
    view(app, 1, 3)
    app.run()
    [run] = session.runs
    field = f"{keys.RUN_NAME}_{run.identity}"
    told = "A name has 60 characters at most: the rest was cut off."
    for typed, cut in (("a" * 61, True), ("b" * 60 + "\u200b", False), ("c" * 400, True), ("d", False)):
        app.text_input(key=field).set_value(typed).run()
        until(lambda typed=typed: session.runs[0].name == typed[:60])
        assert app.text_input(key=field).value == typed[:60] and (told in texts(app)) == cut
    assert app.text_input(key=field).proto.max_chars >= 400 and not app.exception


def test_a_run_that_comes_back_learns_the_same_as_a_fresh_one():
    fresh, _training = lab_setup(
        {name: setting.default for name, setting in SETTINGS.items()} | {keys.DATA: "river_en"}
    )
    back = Run.resumed(1, new_trainer(fresh, Training()), SampleChoice()).setup
    assert back != fresh and runs.learn_the_same(back, fresh)
    options = dict(fresh.task_options)
    for name, same in ((keys.BATCH_SIZE, True), ("sequence_length", False), ("min_count", False)):
        other = replace(fresh, task_options=tuple(sorted((options | {name: options[name] + 1}).items())))
        assert runs.learn_the_same(back, other) == same, name
    assert not runs.learn_the_same(back, replace(fresh, task="recall", task_options=()))
