"""The masks of dropout by another way to compute them, and small trainers with dropout."""

from __future__ import annotations

import numpy as np
from core_models import build
from samples import sample

from rnn_core import TrainConfig, Trainer
from rnn_core.tasks import FixedBatches

T, B, SIZES = 6, 3, (5, 4, 5)


def hashed(x: np.ndarray) -> np.ndarray:
    """lowbias32 in NumPy's own arithmetic of 32 bits, which wraps."""
    x = x.astype(np.uint32)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        x = (x ^ (x >> np.uint32(shift))) * np.uint32(factor)
    return x ^ (x >> np.uint32(16))


def masks(seed: int, update: int, rate: float, *shape: int) -> np.ndarray:
    """(L-1, T, B, W), as rnn_core.kernels.dropout says that they are."""
    one = hashed(hashed(np.array([seed])) + np.uint32(update))
    other = hashed(one ^ np.uint32(0x9E3779B9))
    drawn = hashed(hashed(np.arange(np.prod(shape)) ^ one) ^ other) / 2**32
    return np.where(drawn < rate, 0.0, 1 / (1 - rate)).reshape(shape)


def samples(cell="lstm", layers=3, count=3, **more):
    sizes = {"T": T, "B": B, "sizes": SIZES} | more
    return [sample(cell, layers, seed=seed, **sizes) for seed in range(count)]


def trainer(given, **settings) -> Trainer:
    first = given[0]
    task = FixedBatches(
        [(one.x, one.targets) for one in given],
        input_size=first.sizes[0],
        output_size=first.sizes[2],
        output=first.network.output,
    )
    return Trainer(build(first), task, TrainConfig(**{"optimizer": "sgd", "dropout": 0.4, "seed": 9} | settings))
