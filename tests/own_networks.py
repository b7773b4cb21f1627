"""Networks as PyTorch and Keras save them, without either: state dicts under a user's own names, and golden files."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
from safetensors.numpy import save

from rnn_core import Model, ModelConfig

TEXT = "the cat sat on the mat and the rat sat on the cat. " * 8
SYMBOLS = tuple(sorted(set(TEXT)))
COUNT = 13  # of them
KERAS = Path(__file__).parent / "golden" / "keras"  # make_keras_golden.py writes it


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


def keras_file(name="lstm.keras") -> bytes:
    """A file that Keras wrote: an LSTM (lstm.keras) or plain layer (rnn.keras), or weights alone (gru.weights.h5)."""
    return (KERAS / name).read_bytes()


def with_config(change, name="lstm.keras") -> bytes:
    """The same with its config.json changed in place by change(config): what model.save would write of it."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(keras_file(name))) as old, zipfile.ZipFile(file, "w") as made:
        for member in old.namelist():
            content = old.read(member)
            if member == "config.json":
                config = json.loads(content)
                content = json.dumps(change(config) or config).encode()
            made.writestr(member, content)
    return file.getvalue()
