"""Small random networks with data, the same for the oracle, for PyTorch and for rnn_core."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from reference import PAIRS, Network, Result, run, shapes


class Sample(NamedTuple):
    """A network, its parameters in float64, one batch and an initial state."""

    network: Network
    sizes: tuple[int, int, int]
    params: dict[str, np.ndarray]
    x: np.ndarray
    targets: np.ndarray
    state: Any
    mask: np.ndarray | None

    @property
    def bias(self) -> bool:
        return "bias_o" in self.params

    def reference(self, truncate: int | None = None, truncation: str = "windowed") -> Result:
        return run(*self.arguments, self.state, self.mask, truncate, truncation)

    @property
    def arguments(self) -> tuple:
        return self.network, self.params, self.x, self.targets

    def settings(self, dtype: str = "float64") -> dict[str, Any]:
        """The arguments of rnn_core.ModelConfig."""
        sizes = dict(zip(("input_size", "hidden_size", "output_size"), self.sizes, strict=True))
        return sizes | self.network._asdict() | {"bias": self.bias, "dtype": dtype}


def sample(
    cell: str,
    num_layers: int = 1,
    bidirectional: bool = False,
    bias: bool = True,
    output: str = "every",
    loss: str = "cross_entropy",
    *,
    T: int = 5,
    B: int = 2,
    sizes: tuple[int, int, int] | None = None,
    ids: bool = True,
    masked: bool = False,
    seed: int = 0,
) -> Sample:
    """A random one; x is ids or floats, the mask holds a zero and unequal weights. Data is exact in float32.

    sizes : D, H, K; None is (3, 3, 4), with layer normalisation (3, 5, 4): what two conditions leave of the gradient of
    three numbers can be as small as a rounding error.
    """
    sizes = sizes or (3, 5 if cell == "lstm_layer_norm" else 3, 4)
    rng = np.random.default_rng([seed, num_layers, bidirectional, bias, T, B])
    D, H, K = sizes
    net = Network(cell, num_layers, bidirectional, output, loss)
    params = {name: rng.uniform(-0.9, 0.9, shape) for name, shape in shapes(net, sizes, bias).items()}
    x = rng.integers(0, D, (T, B)).astype(np.int32) if ids else rng.uniform(-1, 1, (T, B, D))
    lead = (T, B) if output == "every" else (B,)
    targets = rng.integers(0, K, lead).astype(np.int32) if loss == "cross_entropy" else rng.uniform(-1, 1, (*lead, K))
    h0, c0 = rng.uniform(-0.8, 0.8, (2, num_layers * net.directions, B, H))
    mask = None
    if masked:
        mask = rng.uniform(0.2, 2.0, lead)
        mask.flat[0] = 0.0
    x, targets, mask = (exact(array) for array in (x, targets, mask))
    return Sample(net, sizes, params, x, targets, (h0, c0) if cell in PAIRS else h0, mask)


def exact(array: np.ndarray | None) -> np.ndarray | None:
    """Floats rounded to float32, in float64: a task keeps its data in float32."""
    return array if array is None or array.dtype.kind == "i" else array.astype(np.float32).astype(np.float64)
