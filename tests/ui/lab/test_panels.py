"""Loading a network that was saved: what cannot be loaded is refused in words, and the network goes on."""

import numpy as np
import pytest
from sessions import TEXT
from visits import until, visits

from rnn_core import Model, ModelConfig, TrainConfig, Trainer
from rnn_core.checkpoint import dump
from rnn_core.tasks import FixedBatches, TextTask
from ui.settings import keys


def saved(task, update=0, cell="rnn_tanh", units=4, **training) -> bytes:
    config = ModelConfig(cell, task.input_size, units, task.output_size, output=task.output, loss=task.loss)
    trainer = Trainer(Model(config), task, TrainConfig(**training))
    trainer.update = update
    return dump(trainer)


def fixed() -> FixedBatches:
    x = np.array([[0, 1], [1, 0], [0, 0]], np.int32)
    return FixedBatches([(x, x)], input_size=2, output_size=2)


TEXT_TASK = TextTask(text=TEXT, sequence_length=5)
REFUSED = {
    "given batches": (lambda: saved(fixed()), "the task is 'fixed'"),
    "too many updates": (lambda: saved(TEXT_TASK, 2**53), "update is 9,007,199,254,740,992; expected at most"),
    "nothing": (lambda: b"", ""),
    "no checkpoint": (lambda: b"\x00" * 100, ""),
}


@pytest.fixture
def app():
    with visits("lab", parts=(keys.KEEP,)) as visit:
        yield visit()


def load(app, data):
    [uploader] = [one for one in app.file_uploader if one.key.startswith(keys.CHECKPOINT)]
    uploader.set_value(("saved.safetensors", data, "application/octet-stream")).run()
    assert not app.exception


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_loaded_is_refused_in_words_and_the_network_goes_on(app, case):
    make, words = REFUSED[case]
    session = app.session_state[keys.SESSION]
    update = until(lambda: session.snapshot.view).update
    load(app, make())
    assert any("cannot be loaded" in warning.value for warning in app.warning)
    assert any(words in text.value for text in app.text)
    until(lambda: session.snapshot.view.run == 1 and session.snapshot.view.update > update + 5)


@pytest.mark.parametrize("update", [0, 999, 1_500_000_000, 10**12])
def test_a_run_goes_on_wherever_it_was(app, update):
    session = app.session_state[keys.SESSION]
    until(lambda: session.snapshot.view)
    load(app, saved(TEXT_TASK, update))
    until(lambda: session.snapshot.view.run == 2)
    session.play()
    until(lambda: session.snapshot.view.update > update + 5)
    assert session.snapshot.status == "running"


SAME_RUN = "The address of this page holds its settings. Whoever opens it gets the same run."


def test_a_network_beyond_what_can_be_set_is_described_by_no_other_numbers(app):
    session = app.session_state[keys.SESSION]
    until(lambda: session.snapshot.view)
    assert any(shown.value == SAME_RUN for shown in app.markdown)
    load(app, saved(TextTask(text=TEXT * 20, sequence_length=333, batch_size=77), cell="gru", units=300))
    until(lambda: session.snapshot.view.run == 2)
    [told] = [info.value for info in app.info]
    for words in ("Hidden units 300", "Batch size (sequences) 77", "333"):
        assert words in told
    drawn = {one.key for one in app.slider}
    assert not drawn & {keys.HIDDEN_SIZE, keys.BATCH_SIZE, "text_sequence_length"} and keys.LAYERS not in drawn
    assert app.query_params["cell"] == "gru"
    assert not {keys.HIDDEN_SIZE, keys.BATCH_SIZE, "text_sequence_length"} & set(app.query_params)
    assert not any(shown.value == SAME_RUN for shown in app.markdown)
    session.play()
    app.run()
    until(lambda: session.snapshot.view.update > 1)
    assert session.snapshot.view.run == 2 and session.snapshot.view.setup.hidden_size == 300
    app.selectbox(key=keys.CELL).set_value("rnn_tanh").run()  # another network
    until(lambda: session.snapshot.view.run == 3)
    assert not app.info and app.slider(key=keys.HIDDEN_SIZE).value == 128 == session.snapshot.view.setup.hidden_size
    assert any(shown.value == SAME_RUN for shown in app.markdown)
    app.session_state[keys.ACT] = "bring_back"
    app.run()
    app.run()
    until(lambda: session.snapshot.view.setup.hidden_size == 300)
    assert app.info and keys.HIDDEN_SIZE not in app.query_params


def test_a_network_goes_on_with_the_nearest_learning_rate_and_it_is_said(app):
    session = app.session_state[keys.SESSION]
    until(lambda: session.snapshot.view)
    load(app, saved(TEXT_TASK, learning_rate=0.0123))
    until(lambda: session.snapshot.view.run == 2)
    assert "learning_rate=0.0123 → 0.01" in [text.value for text in app.text]
    until(lambda: session.snapshot.view.training.learning_rate == 0.01)
