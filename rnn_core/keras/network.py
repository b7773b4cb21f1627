"""A network of Keras' as one of ours, by way of PyTorch's names and orders.

Keras has its matrices the other way round (inputs, outputs), one bias where PyTorch has two, and the gates of a GRU as
z, r, h; those of an LSTM come as i, f, c, o in both. A GRU with reset_after has two biases, as PyTorch's; without, it
is the cell `gru_reset_before`. z = 1 keeps the old state in all of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from rnn_core.keras.files import contents
from rnn_core.keras.layers import KerasLayers, Recurrent, array_of, layers_of_arrays, layers_of_config, matrix_of
from rnn_core.keras.refusals import KerasFileError
from rnn_core.pytorch.network import PyTorchNetwork, fitting, fitting_symbols, given_by
from rnn_core.pytorch.recognition import Layers
from rnn_core.pytorch.refusals import PyTorchFileError, listed
from rnn_core.pytorch.tensors import Stored

BLOCKS = {"lstm": 4, "gru": 3, "gru_reset_before": 3, "rnn": 1}
KINDS = {1: "rnn", 3: "gru", 4: "lstm"}
EMBEDDING, LINEAR, LINEAR_BIAS = "embedding.weight", "linear.weight", "linear.bias"


@dataclass(frozen=True, eq=False)
class KerasNetwork(PyTorchNetwork):
    """What a file of Keras' was recognised as: a PyTorchNetwork under names of our own, embedding.weight,
    lstm.weight_ih_l0 (gru, rnn) and so on, linear.weight; and `origin`, the layers as Keras has them."""

    origin: KerasLayers = field(kw_only=True)


def read_keras(data: bytes) -> KerasNetwork:
    """The network in the bytes of a file that Keras 3 wrote: .keras or .weights.h5.

    data : of the whole file; nothing in it is run, and neither Keras nor HDF5 is needed. Raises KerasFileError for
    whatever is no such network, which says what was found and what is needed.
    """
    config, arrays = contents(data)
    try:
        try:
            described = None if config is None else layers_of_config(config)
            model = described or layers_of_arrays(arrays)
        except (LookupError, TypeError, AttributeError, ValueError, RecursionError) as error:
            if isinstance(error, PyTorchFileError):
                raise
            raise KerasFileError("damaged", detail=f"{type(error).__name__} in its config") from None
        return _network(model, arrays)
    except PyTorchFileError as error:
        if isinstance(error, KerasFileError):
            raise
        raise KerasFileError(error.kind, **error.values) from None


def _network(model: KerasLayers, arrays: Mapping[str, Stored]) -> KerasNetwork:
    known = _Known(model, arrays)
    layers = known.layers
    inputs = layers.width
    if model.embedding is not None:
        inputs = array_of(arrays, f"{model.embedding.path}/vars/0", "D", layers.width).shape[0]
    read = layers.hidden_size * (2 if layers.bidirectional else 1)
    outputs = array_of(arrays, f"{model.dense.path}/vars/0", read, "H").shape[1]
    if layers.linear_bias:
        array_of(arrays, f"{model.dense.path}/vars/1", outputs)
    entries = fitting(layers, inputs, outputs)
    tensors = {EMBEDDING: known.read(f"{model.embedding.path}/vars/0")} if model.embedding is not None else {}
    tensors |= dict(known.recurrent())
    tensors[LINEAR] = known.read(f"{model.dense.path}/vars/0").T
    if layers.linear_bias:
        tensors[LINEAR_BIAS] = known.read(f"{model.dense.path}/vars/1")
    layers, given = given_by(layers, tensors, entries)
    return KerasNetwork(
        layers, (), tuple(sorted(known.dtypes)), fitting_symbols(model.vocabulary, inputs), given, tensors,
        model.recurrent[0].cell, model.masked, model.softmax, origin=model,
    )  # fmt: skip


class _Known:
    """The arrays of a model, whose shapes hold together; `dtypes` of those that were read."""

    def __init__(self, model: KerasLayers, arrays: Mapping[str, Stored]) -> None:
        self.model, self.arrays = model, arrays
        self.dtypes: set[str] = set()
        first = model.recurrent[0]
        units = [self._units(each) for each in model.recurrent]
        if len(set(units)) > 1:
            sizes = (f"{each.name}: {size}" for each, size in zip(model.recurrent, units, strict=True))
            raise KerasFileError("sizes", found=listed(sizes))
        self.kind = self._kind(first, units[0])
        self.bias = any(f"{path}/vars/2" in arrays for each in model.recurrent for path in each.paths)
        width = matrix_of(arrays, f"{first.paths[0]}/vars/0").shape[0]
        for number, each in enumerate(model.recurrent):
            if len(each.paths) != len(first.paths) or self._kind(each, units[0]) != self.kind:
                raise KerasFileError("kinds", found=listed(each.name for each in model.recurrent))
            for path in each.paths:
                self._check(path, units[0], units[0] * len(first.paths) if number else width)
        named = {
            f"{what}_l{number}{way}": f"{self._prefix}.{what}_l{number}{way}"
            for number in range(len(model.recurrent))
            for way in ("", "_reverse")[: len(first.paths)]
            for what in ("weight_ih", "weight_hh", *(("bias_ih", "bias_hh") if self.bias else ()))
        }
        bias = f"{model.dense.path}/vars/1" in arrays
        self.layers = Layers(
            self.kind, units[0], len(model.recurrent), len(first.paths) == 2, width, named, LINEAR,
            LINEAR_BIAS if bias else None, None if model.embedding is None else EMBEDDING,
        )  # fmt: skip

    @property
    def _prefix(self) -> str:
        return "gru" if self.kind == "gru_reset_before" else self.kind

    def read(self, path: str) -> np.ndarray:
        """The numbers of an array."""
        stored = self.arrays[path]
        self.dtypes.add(stored.dtype)
        return stored.array(path)

    def _units(self, layer: Recurrent) -> int:
        return matrix_of(self.arrays, f"{layer.paths[0]}/vars/1").shape[0]

    def _kind(self, layer: Recurrent, units: int) -> str:
        """Key in BLOCKS: as the model says it, else as the shapes do."""
        if layer.cell is not None:
            return "rnn" if layer.cell.startswith("rnn") else layer.cell
        columns = self.arrays[f"{layer.paths[0]}/vars/1"].shape[1]
        kind = KINDS.get(columns // units, "rnn")
        bias = self.arrays.get(f"{layer.paths[0]}/vars/2")
        return "gru_reset_before" if kind == "gru" and bias is not None and len(bias.shape) == 1 else kind

    def _check(self, path: str, units: int, width: int) -> None:
        """Hold the shapes of a cell's arrays."""
        columns = BLOCKS[self.kind] * units
        array_of(self.arrays, f"{path}/vars/0", width, columns)
        array_of(self.arrays, f"{path}/vars/1", units, columns)
        if f"{path}/vars/2" in self.arrays:
            array_of(self.arrays, f"{path}/vars/2", *((2,) if self.kind == "gru" else ()), columns)

    def recurrent(self) -> Iterator[tuple[str, np.ndarray]]:
        """(name, numbers) of all recurrent layers, as PyTorch has them."""
        for number, layer in enumerate(self.model.recurrent):
            for path, way in zip(layer.paths, ("", "_reverse"), strict=False):
                suffix = f"_l{number}{way}"
                yield f"{self._prefix}.weight_ih{suffix}", self._ordered(self.read(f"{path}/vars/0")).T
                yield f"{self._prefix}.weight_hh{suffix}", self._ordered(self.read(f"{path}/vars/1")).T
                if self.bias:
                    both = self._biases(f"{path}/vars/2")
                    yield f"{self._prefix}.bias_ih{suffix}", both[0]
                    yield f"{self._prefix}.bias_hh{suffix}", both[1]

    def _biases(self, path: str) -> np.ndarray:
        """PyTorch's two: a single one is the first; zeros where another layer alone has any."""
        size = BLOCKS[self.kind] * self.layers.hidden_size
        bias = self._ordered(self.read(path)) if path in self.arrays else np.zeros(size, np.float32)
        return bias if bias.ndim == 2 else np.stack([bias, np.zeros_like(bias)])

    def _ordered(self, array: np.ndarray) -> np.ndarray:
        """With the blocks of its last axis in PyTorch's order."""
        if BLOCKS[self.kind] != 3:
            return array
        z, r, n = np.split(array, 3, axis=-1)
        return np.concatenate([r, z, n], axis=-1)
