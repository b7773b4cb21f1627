"""Copied or pickled, a network and a run in training go on to the same bits, and apart from their original."""

import copy
import pickle

import numpy as np
import pytest
from reference import GATES

from rnn_core import (
    OPTIMIZERS,
    EncoderDecoder,
    EncoderDecoderConfig,
    EncoderDecoderTrainer,
    Model,
    ModelConfig,
    TrainConfig,
    Trainer,
)
from rnn_core.tasks import TASKS
from rnn_core.tasks.pairs import ReverseTask

TEXT = "the quick brown fox jumps over the lazy dog and runs away from the small red hen. " * 6
WAYS = {"deepcopy": copy.deepcopy, "pickle": lambda one: pickle.loads(pickle.dumps(one))}

pytestmark = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


def text_trainer(cell: str, optimizer: str, **settings) -> Trainer:
    """In two layers, some updates on its way."""
    task = TASKS["text"](text=TEXT, sequence_length=8, batch_size=3)
    model = Model(ModelConfig(cell, task.input_size, 5, task.output_size, num_layers=2, seed=3))
    trainer = Trainer(model, task, TrainConfig(optimizer, **{"clip_norm": 1.0, "seed": 3} | settings))
    trainer.step(7)
    return trainer


def pair_trainer(cell: str, optimizer: str) -> EncoderDecoderTrainer:
    task = ReverseTask(longest=3, kinds=3, batch_size=4)
    network = EncoderDecoder(EncoderDecoderConfig(cell, task.input_size, 5, task.output_size, seed=3))
    trainer = EncoderDecoderTrainer(network, task, TrainConfig(optimizer), forcing=0.5)
    trainer.step(7)
    return trainer


def network_of(trainer):
    return trainer.model if isinstance(trainer, Trainer) else trainer.network


def bits(trainer, updates: int) -> list[bytes]:
    """What these updates measure and leave."""
    history = trainer.step(updates)
    left = [*network_of(trainer).state_dict().values(), *trainer.slots, np.array(trainer.evaluate())]
    return [np.asarray(array).tobytes() for array in (*history[:-1], *left)]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("cell", GATES)
@pytest.mark.parametrize("made", [text_trainer, pair_trainer])
def test_a_copy_goes_on_as_the_original(made, cell, optimizer, way):
    one = made(cell, optimizer)
    other = way(one)
    before = [value.copy() for value in network_of(one).state_dict().values()]
    expected = bits(made(cell, optimizer), 20)
    assert bits(other, 20) == expected
    after = network_of(one).state_dict().values()
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True)), "the copy trained the original"
    assert bits(one, 20) == expected


@pytest.mark.parametrize(
    "settings",
    [{"stateful": True}, {"truncate": 3}, {"truncate": 3, "truncation": "chunked", "stateful": True}],
    ids=str,
)
def test_a_carried_state_and_truncation_come_along(settings, way):
    one = text_trainer("lstm", "adam", **settings)
    other = way(one)
    assert all(np.array_equal(a, b) for a, b in zip(one.state, other.state, strict=True))
    assert bits(other, 30) == bits(one, 30)


def test_a_diverged_run_stays_one(way):
    one = text_trainer("rnn_relu", "sgd", clip_norm=None, learning_rate=1000.0)
    one.step(1000)
    assert one.diverged and way(one).diverged


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_network_is_copied_where_vectors_are_aligned(dtype, way):
    one = Model(ModelConfig("gru", 5, 3, 5, dtype=dtype))
    other = way(one)
    assert other.parameters.ctypes.data % 64 == 0 and other.config == one.config
    assert np.array_equal(one.forward([[0], [4]]).logits, other.forward([[0], [4]]).logits)
    other.parameters[:] = 0
    assert one.parameters.any()


def test_the_halves_of_an_encoder_decoder_stay_one(way):
    one = EncoderDecoder(EncoderDecoderConfig("lstm", 5, 3, 4))
    other = way(one)
    assert np.array_equal(one.parameters, other.parameters)
    other.parameters[:] = 0
    assert not other.encoder.parameters.any() and not other.decoder.parameters.any() and one.encoder.parameters.any()


def test_one_network_of_two_references_stays_one(way):
    trainer = text_trainer("gru", "adam")
    other, model = way((trainer, trainer.model))
    assert other.model is model
