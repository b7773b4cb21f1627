"""State dicts as PyTorch would save them, made without it: small networks under a user's own names."""

from __future__ import annotations

import numpy as np
from safetensors.numpy import save

from rnn_core import Model, ModelConfig

TEXT = "the cat sat on the mat and the rat sat on the cat. " * 8
SYMBOLS = tuple(sorted(set(TEXT)))
COUNT = 13  # of them


def state_dict(cell="lstm", inputs=COUNT, outputs=None, units=6, embedding=0, seed=1, **options) -> dict:
    """The numbers of a random network: an LSTM called “lstm”, its read-out “head”, before it perhaps “embed”."""
    model = Model(ModelConfig(cell, embedding or inputs, units, outputs or inputs, seed=seed, **options))
    named = {f"lstm.{name}": value for name, value in model.state_dict().items()}
    for name, own in {"weight_ho": "head.weight", "bias_o": "head.bias"}.items():
        if f"lstm.{name}" in named:
            named[own] = named.pop(f"lstm.{name}")
    if embedding:
        rng = np.random.default_rng(seed)
        named |= {"embed.weight": rng.uniform(-1, 1, (inputs, embedding)).astype(np.float32)}
    return named


def pytorch_file(**options) -> bytes:
    """The same as a .safetensors file."""
    return save(state_dict(**options), {"format": "pt"})
