"""The golden cases: which networks, and how the files are read. make_golden.py writes them."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import NamedTuple

import numpy as np
from reference import Network, shapes
from safetensors.numpy import load_file

FOLDER = Path(__file__).parent / "golden"
D, H, K = 3, 3, 4
T, B = 4, 2
DTYPES = ("float64", "float32")
STORED = ("rnn_tanh", "rnn_relu", "gru", "lstm", "rnn_sigmoid", "rnn_identity")
FEW = ("lstm_peephole", "lstm_layer_norm")  # two networks of each; all others: test_torch_live.py
SHALLOW = ("rnn_sigmoid", "rnn_identity")  # without three layers, which differ from tanh in the one function


class Case(NamedTuple):
    """A network and its task: ids and cross-entropy at every step, or floats and squared error after the last."""

    cell: str
    num_layers: int
    bidirectional: bool
    bias: bool
    output: str

    def __str__(self) -> str:
        direction = "two-way" if self.bidirectional else "one-way"
        return f"{self.cell}-{self.num_layers}-{direction}-{'bias' if self.bias else 'plain'}-{self.output}"

    @property
    def loss(self) -> str:
        return "cross_entropy" if self.output == "every" else "mse"

    @property
    def sizes(self) -> tuple[int, int, int]:
        """D, H, K; with layer normalisation as in samples.py."""
        return (D, 5 if self.cell == "lstm_layer_norm" else H, K)

    @property
    def network(self) -> Network:
        return Network(self.cell, self.num_layers, self.bidirectional, self.output, self.loss)

    def shapes(self) -> dict[str, tuple]:
        """Parameter name -> shape, in the order of the flat vectors in the file."""
        return shapes(self.network, self.sizes, self.bias)

    def unflatten(self, flat: np.ndarray) -> dict[str, np.ndarray]:
        shapes = self.shapes()
        ends = np.cumsum([np.prod(shape) for shape in shapes.values()])
        assert ends[-1] == flat.size
        parts = np.split(flat, ends[:-1])
        return {name: part.reshape(shape) for (name, shape), part in zip(shapes.items(), parts, strict=True)}

    def flatten(self, arrays) -> np.ndarray:
        return np.concatenate([np.ravel(arrays[name]) for name in self.shapes()])


def cases(cells) -> list[Case]:
    """Every depth, direction and output of these cells, with biases and without."""
    return [Case(*row) for row in itertools.product(cells, (1, 2, 3), (False, True), (True, False), ("every", "last"))]


CASES = [case for case in cases(STORED) if case.num_layers < 3 or case.cell not in SHALLOW] + [
    Case(cell, *kind) for cell in FEW for kind in ((1, False, False, "every"), (2, True, True, "last"))
]


def given(case: Case) -> dict[str, np.ndarray]:
    """Parameters (flat), x, targets, h0, c0 in float64 or as ids; all exact in float32."""
    arrays = _part(case, "given")
    return {name: a if a.dtype.kind == "i" else a.astype(np.float64) for name, a in arrays.items()}


def found(case: Case, dtype: str) -> dict[str, np.ndarray]:
    """PyTorch's results: logits, loss, grads (flat), d_hidden, d_input, and d_cell for the LSTM."""
    return _part(case, dtype)


def _part(case: Case, part: str) -> dict[str, np.ndarray]:
    prefix = f"{case}/{part}/"
    stored = _file(case.cell)
    return {name.removeprefix(prefix): value for name, value in stored.items() if name.startswith(prefix)}


_files: dict[str, dict] = {}


def _file(cell: str) -> dict[str, np.ndarray]:
    if cell not in _files:
        _files[cell] = load_file(FOLDER / f"{cell}.safetensors")
    return _files[cell]
