"""Scheduled sampling: what is read against another way to find it, losses and updates, bits, refusals."""

import io
from dataclasses import replace

import numpy as np
import pytest
from agreement import of_largest
from dropout_reference import hashed

from rnn_core import (
    CELLS,
    ConfigError,
    EncoderDecoder,
    EncoderDecoderConfig,
    EncoderDecoderTrainer,
    Model,
    ModelConfig,
    TrainConfig,
    Trainer,
    tasks,
)
from rnn_core.checkpoint import dump, read_checkpoint
from rnn_core.kernels import threads
from rnn_core.kernels.scheduled_sampling import share_of_true
from rnn_core.tasks.pairs import ReverseTask

TEXT = "the cat sat on the mat and the rat sat on the hat, " * 12
T, B = 7, 3


def text(**options):
    return tasks.TextTask(text=TEXT, sequence_length=T, batch_size=B, **options)


def trainer(cell="gru", task=None, layers=1, dtype="float32", bidirectional=False, **settings) -> Trainer:
    task = task or text()
    config = ModelConfig(
        cell, task.input_size, 6, task.output_size, num_layers=layers, bidirectional=bidirectional, dtype=dtype, seed=2
    )
    chosen = {"optimizer": "sgd", "scheduled_sampling": 3.0, "seed": 9} | settings
    return Trainer(Model(config), task, TrainConfig(**chosen))


def uniform(key: np.ndarray, number: int) -> float:
    return float(hashed(hashed(np.array([number]) ^ key) ^ hashed(key ^ np.uint32(0x9E3779B9)))[0]) / 2**32


def read(model: Model, ids: np.ndarray, k: float, seed: int, update: int) -> np.ndarray:
    """What is read in place of ids (T, B): each prefix is read from its beginning."""
    stream = np.uint32(0x5C4ED01D)
    coins = hashed(hashed(np.array([seed], np.uint32) ^ stream) + np.uint32(update))
    draws, found = hashed(coins ^ stream), ids.copy()
    for t in range(1, len(ids)):
        probs = model.forward(found[:t]).probs[-1]
        for b in range(ids.shape[1]):
            place = t * ids.shape[1] + b
            if uniform(coins, place) >= k / (k + np.exp(update / k)):
                mass = uniform(draws, place) - np.cumsum(probs[b].astype(np.float64))
                found[t, b] = int(np.argmax(mass < 0))
    return found


@pytest.mark.small
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", CELLS)
def test_updates(cell, layers):
    """The loss is that of what was read, and its gradient what the network is moved by."""
    one, changed = trainer(cell, layers=layers, dtype="float64", learning_rate=0.5), 0
    for update in range(4):
        block, number = divmod(update, one.task.block_size)
        batch = one.task.block(block, 9)
        x, targets = batch.x[number], batch.targets[number]
        given = read(one.model, x, 3.0, 9, update)
        changed += int((given != x).sum())
        expected = one.model.backward(given, targets)
        before, history = one.model.state_dict(), one.step(1)
        assert history.loss[0] == pytest.approx(expected.loss, abs=1e-12)
        after = one.model.state_dict()
        for name, grad in expected.grads.items():
            assert of_largest(before[name] - after[name], 0.5 * grad) < 1e-9, name
    assert changed > 10


@pytest.mark.small
def test_the_share_of_true_symbols_falls_as_in_the_paper():
    k = 50.0
    assert share_of_true(k, 0) == pytest.approx(50 / 51)
    assert share_of_true(k, round(k * np.log(k))) == pytest.approx(0.5, abs=0.01)
    assert share_of_true(k, 10**9) == pytest.approx(0, abs=1e-100)


@pytest.mark.small
@pytest.mark.parametrize("k", [1.0, 1000.0])
def test_how_many_symbols_are_the_networks_own(k):
    """Their share is that of the schedule, and what is drawn has no preference for a place."""
    task = tasks.TextTask(text=TEXT * 8, sequence_length=60, batch_size=40)
    one = trainer(task=task, scheduled_sampling=k, learning_rate=0.0)
    one.step(1)
    true = task.block(0, 9).x[0]
    differ = (one._arrays.ids[0] != true)[1:]
    probs = one.model.forward(true).probs[:-1]
    own = 1 - np.take_along_axis(probs, true[1:, :, None], 2).mean()  # a drawn symbol may be the true one
    expected = (1 - k / (k + 1)) * own
    assert abs(differ.mean() - expected) < 5 * np.sqrt(expected * (1 - expected) / differ.size) + 0.02
    assert not (one._arrays.ids[0] != true)[0].any()


@pytest.mark.parametrize("settings", [{"layers": 2, "dropout": 0.4}, {"truncate": 2}, {"stateful": True}], ids=str)
def test_with_true_symbols_alone_no_bit_changes(settings):
    """A schedule so slow that no symbol is drawn: read step by step, the network computes the same."""
    cell = "lstm"
    one, other = (trainer(cell, scheduled_sampling=k, learning_rate=0.3, **settings) for k in (1e9, None))
    assert one.step(20).loss.tobytes() == other.step(20).loss.tobytes()
    assert one.model.parameters.tobytes() == other.model.parameters.tobytes()


def test_no_bit_depends_on_how_updates_are_grouped_or_interrupted(monkeypatch):
    monkeypatch.setattr(threads, "MIN_WORK", 1)
    monkeypatch.setattr(threads, "POOL", threads.Pool(3))
    task = text()
    whole, parts, together = (trainer("lstm", task, learning_rate=0.3, threads=count) for count in (1, 1, 2))
    whole.step(24), together.step(24)
    for count in (1, 7, 2):
        parts.step(count)
    parts = read_checkpoint(io.BytesIO(dump(parts)))
    parts.step(14)
    for other in (parts, together):
        assert other.model.parameters.tobytes() == whole.model.parameters.tobytes()
    again = trainer("lstm", task, learning_rate=0.3, seed=10)
    again.step(24)
    assert again.model.parameters.tobytes() != whole.model.parameters.tobytes()


def test_the_tasks_own_data_stay_what_they_are():
    task = text()
    before = task.block(0, 9).x.copy()
    one = trainer(task=task)
    one.step(5)
    assert (one._arrays.ids != before).any()
    assert (task.block(0, 9).x == before).all()
    one.configure(scheduled_sampling=None)
    assert (one._arrays.ids == before).all()


@pytest.mark.small
def test_what_cannot_be_is_refused():
    for k in (0.5, 0, -3, float("nan"), "much"):
        with pytest.raises(ConfigError, match="scheduled_sampling is"):
            TrainConfig(scheduled_sampling=k)
    with pytest.raises(ConfigError, match="a stream"):
        trainer(task=tasks.RecallTask(delay=4))
    with pytest.raises(ConfigError, match="read in one direction"):
        trainer(bidirectional=True)
    pairs = ReverseTask(longest=3, kinds=3)
    network = EncoderDecoder(EncoderDecoderConfig("gru", pairs.input_size, 3, pairs.output_size))
    with pytest.raises(ConfigError, match="expected None: an encoder-decoder is trained without"):
        EncoderDecoderTrainer(network, pairs, replace(TrainConfig(), scheduled_sampling=10.0))
