"""Loading a network that was saved: what cannot be loaded is refused in words, and the network goes on."""

import numpy as np
import pytest
import safetensors.numpy
from sessions import TEXT
from visits import until, visits

from rnn_core import Model, ModelConfig, TrainConfig, Trainer
from rnn_core.checkpoint import dump
from rnn_core.encoder_decoder import EncoderDecoder, EncoderDecoderConfig, EncoderDecoderTrainer
from rnn_core.tasks import FixedBatches, TextTask
from rnn_core.tasks.pairs import PAIRS
from rnn_core.tasks.speech import SpeechTask
from ui.i18n import language
from ui.lab import panels
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


def altered(data: bytes) -> bytes:
    """The same with another last number."""
    return data[:-1] + bytes([data[-1] ^ 1])


def damaged(data: bytes) -> bytes:
    """The same with a setting that no network has, under the digest of before."""
    return data.replace(b"rnn_tanh", b"rnn_tenh")


def pairs() -> bytes:
    """The file of an encoder and a decoder."""
    task = PAIRS["reverse"]()
    config = EncoderDecoderConfig("gru", task.input_size, 4, task.output_size)
    return dump(EncoderDecoderTrainer(EncoderDecoder(config), task, TrainConfig()))


REFUSED = {  # what is uploaded -> (its bytes, kind of the sentence, what the technical detail says)
    "given batches": (lambda: saved(fixed()), "elsewhere", "the task is 'fixed'"),
    "spoken vowels": (lambda: saved(SpeechTask(utterances=16, batch_size=2)), "elsewhere", "the task is 'speech'"),
    "too many updates": (
        lambda: saved(TEXT_TASK, 2**53), "elsewhere", "update is 9,007,199,254,740,992; expected at most"
    ),
    "nothing": (lambda: b"", "foreign", "0 bytes"),
    "no checkpoint": (lambda: b"\x00" * 100, "foreign", "not JSON"),
    "of PyTorch": (lambda: safetensors.numpy.save({"w": np.zeros(3, np.float32)}), "foreign", "no 'rnn_lab' metadata"),
    "cut off": (lambda: saved(TEXT_TASK)[:-9], "incomplete", "its header describes"),
    "altered": (lambda: altered(saved(TEXT_TASK)), "altered", "SHA-256"),
    "damaged": (lambda: damaged(saved(TEXT_TASK)), "damaged", "rnn_tenh"),
    "pairs": (pairs, "encoder_decoder", "encoder-decoder"),
}  # fmt: skip


@pytest.fixture
def app(request):
    with visits("lab", parts=(keys.KEEP,)) as visit:
        yield visit(lang=getattr(request, "param", "en"))


def load(app, data):
    [uploader] = [one for one in app.file_uploader if one.key.startswith(keys.CHECKPOINT)]
    uploader.set_value(("saved.safetensors", data, "application/octet-stream")).run()
    assert not app.exception


def test_each_refusal_has_a_sentence_and_each_sentence_a_file():
    assert {kind for _make, kind, _detail in REFUSED.values()} == set(panels.REFUSED)


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("app", ["zh"], indirect=True)
def test_what_cannot_be_loaded_is_refused_in_the_readers_language_and_the_network_goes_on(app, case):
    make, kind, detail = REFUSED[case]
    _ = language("zh_CN").gettext
    session = app.session_state[keys.SESSION]
    update = until(lambda: session.snapshot.view).update
    load(app, make())
    assert _("This file cannot be loaded. The previous network continues unchanged.") in [w.value for w in app.warning]
    said = [text.value for text in app.text]
    assert _(panels.REFUSED[kind]) in said
    label = _("Technical detail, in English: {detail}").format(detail="")
    assert any(text.startswith(label) and detail in text for text in said)
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
