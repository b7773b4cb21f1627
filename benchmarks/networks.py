"""Trainers of any shape on random symbols, for measurements that no other library takes part in."""

import numpy as np

from rnn_core import Model, ModelConfig, TrainConfig, Trainer
from rnn_core.tasks import FixedBatches


def trainer(cell, vocabulary, hidden, steps, batch, values=0, **options) -> Trainer:
    """Reads and predicts symbols after every step with Adam; `values` > 0: reads so many floats a step instead."""
    rng = np.random.default_rng(0)
    pairs = []
    for _ in range(4):
        ids = rng.integers(0, vocabulary, (steps, batch), dtype=np.int32)
        x = rng.standard_normal((steps, batch, values)).astype(np.float32) if values else ids
        pairs.append((x, np.roll(ids, -1, axis=0)))
    task = FixedBatches(pairs, input_size=values or vocabulary, output_size=vocabulary)
    config = ModelConfig(cell, task.input_size, hidden, vocabulary, **options)
    return Trainer(Model(config), task, TrainConfig(optimizer="adam", learning_rate=1e-3, clip_norm=5.0))


def multiplications(blocks, vocabulary, hidden, steps, batch, layers=1) -> int:
    """Multiplications of one training step, three for each weight, step and sequence: forwards, and twice backwards."""
    recurrent = blocks * hidden * hidden * (2 * layers - 1)  # symbols cost the first layer no product with its input
    return 3 * steps * batch * (recurrent + hidden * vocabulary)
