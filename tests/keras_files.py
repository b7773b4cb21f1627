"""Files as Keras' users save them, made by Keras: models of any kind, in either format."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np

HOME = tempfile.TemporaryDirectory()  # Keras keeps its settings in the user's, if it is told no other
os.environ |= {"KERAS_BACKEND": "torch", "KERAS_HOME": HOME.name}

import keras  # noqa: E402
from keras import layers  # noqa: E402

COPIES = "ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"  # Keras meets PyTorch
KINDS = {
    "tanh": layers.SimpleRNN,
    "relu": layers.SimpleRNN,
    "gru": layers.GRU,
    "reset before": layers.GRU,
    "lstm": layers.LSTM,
}


def recurrent(kind="lstm", units=5, last=False, **options):
    """A layer of this kind, which gives all its states."""
    options |= {"activation": kind} if kind in ("tanh", "relu") else {}
    options |= {"reset_after": kind == "gru"} if KINDS[kind] is layers.GRU else {}
    initial = {"recurrent_initializer": "glorot_uniform"}  # the default, orthogonal, wants float32
    return KINDS[kind](units, return_sequences=not last, **initial | options)


def model(
    kind="lstm", symbols=6, units=5, depth=1, both=False, bias=True, embedding=None, softmax=False, outputs=None,
    last=False, functional=False, dtype="float32", seed=0, distributed=False,
):  # fmt: skip
    """An embedding or one-hot vectors, recurrent layers, a Dense; a random one, its numbers large enough to matter."""
    keras.utils.clear_session()
    parts = [layers.Embedding(symbols, embedding, dtype=dtype)] if embedding else []
    for number in range(depth):
        layer = recurrent(kind, units, last and number == depth - 1, use_bias=bias, dtype=dtype)
        parts.append(layers.Bidirectional(layer, dtype=dtype) if both else layer)
    dense = layers.Dense(outputs or symbols, activation="softmax" if softmax else None, use_bias=bias, dtype=dtype)
    parts.append(layers.TimeDistributed(dense, dtype=dtype) if distributed else dense)
    inputs = keras.Input((None,) if embedding else (None, symbols), dtype="int32" if embedding else dtype)
    if functional:
        x = inputs
        for part in parts:
            x = part(x)
        made = keras.Model(inputs, x)
    else:
        made = keras.Sequential([inputs, *parts])
    randomise(made, seed)
    return made


def randomise(made, seed=0):
    """Random numbers in all of a model's variables."""
    rng = np.random.default_rng(seed)
    for variable in made.weights:
        variable.assign(rng.uniform(-0.9, 0.9, variable.shape).astype(np.float32))


def keras_file(made, weights=False) -> bytes:
    """What model.save writes, or model.save_weights."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("m.weights.h5" if weights else "m.keras")
        (made.save_weights if weights else made.save)(path)
        return path.read_bytes()
