"""Loading a network that was saved: what cannot be loaded is refused in words, and the network goes on."""

import numpy as np
import pytest
from sessions import TEXT
from visits import until, visits

from rnn_core import Model, ModelConfig, TrainConfig, Trainer
from rnn_core.checkpoint import dump
from rnn_core.tasks import FixedBatches, TextTask
from ui.settings import keys


def saved(task, update=0) -> bytes:
    config = ModelConfig("rnn_tanh", task.input_size, 4, task.output_size, output=task.output, loss=task.loss)
    trainer = Trainer(Model(config), task, TrainConfig())
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
