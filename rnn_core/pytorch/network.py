"""A network of PyTorch's as one of ours, and back under the names of its file.

An embedding E (V, e) in front is folded into the first weights: W_ih x = (W_ih Eᵀ) one-hot(id), one column a symbol.
Back again W_ih is what gives the trained columns with the embedding that there is; where nothing does, because e
numbers are fewer than V symbols, the file gets an embedding of its own: the identity, of V numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from safetensors.numpy import save

from rnn_core.config import ModelConfig
from rnn_core.errors import ConfigError
from rnn_core.model import Model
from rnn_core.parameters import Entry, layout
from rnn_core.pytorch.files import contents
from rnn_core.pytorch.recognition import Layers, layers_of, names_in_order, state_dict_in
from rnn_core.pytorch.refusals import PyTorchFileError, short

CELLS = {"rnn": "rnn_tanh", "gru": "gru", "gru_reset_before": "gru_reset_before", "lstm": "lstm"}
SOLVED = 1024  # symbols, at most, for whose columns the weights behind an embedding are looked for
CLOSE = 1e-6  # of the largest number: so near the columns must come


class Saved(NamedTuple):
    """A state dict under the names of the file that the network came from.

    tensors : by name. embedding : "none" there is; "kept": the module takes it as it is; "identity": of as many numbers
    as there are symbols, and not tied. biases : the names of those that the file did not have and that have been
    trained since: the module must be made with bias=True.
    """

    tensors: dict[str, np.ndarray]
    embedding: str
    biases: tuple[str, ...]

    @property
    def fits(self) -> bool:
        """Whether the module that the file is of takes it with load_state_dict(strict=True)."""
        return self.embedding != "identity" and not self.biases

    def dump(self) -> bytes:
        """The bytes of a .safetensors file."""
        return save(self.tensors, {"format": "pt", "embedding": self.embedding})


@dataclass(frozen=True, eq=False)
class PyTorchNetwork:
    """What a file was recognised as: `layers` by the names in it, its numbers, and what it says of its symbols.

    path : keys that led to the state dict. dtypes : of its numbers, as saved. vocabulary : symbols by their ids, where
    the file holds them. given : the network's numbers under our names, a bias that the file lacks as zeros. cell : our
    name of its cell, where the file says more than the kind. masked : whether steps with id 0 were skipped where it
    comes from. softmax : whether the file says that its outputs were probabilities.
    """

    layers: Layers
    path: tuple[str, ...]
    dtypes: tuple[str, ...]
    vocabulary: tuple[str, ...] | None
    given: dict[str, np.ndarray] = field(repr=False)
    tensors: dict[str, np.ndarray] = field(repr=False)  # as the file has them
    cell: str | None = None
    masked: bool = False
    softmax: bool = False

    @property
    def input_size(self) -> int:
        """How many symbols, or channels, it reads."""
        return self.given["weight_ih_l0"].shape[1]

    @property
    def output_size(self) -> int:
        """How many outputs it has."""
        return self.given["weight_ho"].shape[0]

    @property
    def nbytes(self) -> int:
        """Bytes of its numbers."""
        arrays = {id(array): array for array in (*self.given.values(), *self.tensors.values())}
        return sum(array.nbytes for array in arrays.values())

    @cached_property
    def keeps_embedding(self) -> bool:
        """Whether its embedding can stay, however the network is trained: its rows are independent of one another."""
        if self.layers.embedding is None:
            return True
        embedding = self.tensors[self.layers.embedding]
        solved = len(embedding) <= min(SOLVED, embedding.shape[1])
        return solved and np.linalg.matrix_rank(embedding) == len(embedding)

    @property
    def added(self) -> tuple[str, ...]:
        """The biases, by our names, that the file does not have."""
        names = self.layers.recurrent
        if "bias_o" not in self.given:
            return ()
        recurrent = tuple(name for name in self.given if name.startswith("bias_") and name != "bias_o")
        lacking = recurrent if "bias_ih_l0" not in names else ()
        return lacking + (("bias_o",) if self.layers.linear_bias is None else ())

    def config(
        self, relu: bool = False, output: str = "every", loss: str = "cross_entropy", dtype: str = "float32"
    ) -> ModelConfig:
        """The ModelConfig that it asks for.

        relu : of an nn.RNN, where the file does not say it. output, loss, dtype : as for ModelConfig. Raises
        ConfigError where these cannot be.
        """
        layers = self.layers
        return ModelConfig(
            self.cell or ("rnn_relu" if relu and layers.kind == "rnn" else CELLS[layers.kind]),
            self.input_size, layers.hidden_size, self.output_size, num_layers=layers.num_layers,
            bidirectional=layers.bidirectional, bias="bias_o" in self.given, output=output, loss=loss, dtype=dtype,
        )  # fmt: skip

    def model(
        self, relu: bool = False, output: str = "every", loss: str = "cross_entropy", dtype: str = "float32"
    ) -> Model:
        """A Model with its numbers. relu, output, loss, dtype : as for `config`. Raises ConfigError or InputError."""
        model = Model(self.config(relu, output, loss, dtype))
        model.load_state_dict(self.given)
        return model

    def saved(self, parameters: Mapping[str, np.ndarray]) -> Saved:
        """The trained numbers under the names of the file, as float32.

        parameters : as `Model.state_dict` gives them.
        """
        layers, added = self.layers, self.added
        ours = {own: name for name, own in layers.recurrent.items()}
        ours |= {layers.linear: "weight_ho"} | ({layers.linear_bias: "bias_o"} if layers.linear_bias else {})
        trained = {name: np.asarray(parameters[name]) for name in added if np.any(parameters[name])}
        tensors = {own: np.asarray(parameters[ours[own]]) for own in self.tensors if own in ours}
        tensors |= {self._own_name(name): value for name, value in trained.items()}
        embedding = "none"
        if layers.embedding is not None:
            embedding, behind = self._behind(parameters)
            tensors |= {layers.recurrent[name]: value for name, value in behind.items()}
            tensors[layers.embedding] = (
                np.eye(self.input_size)
                if embedding == "identity"
                else np.asarray(parameters["weight_ho"])
                if layers.tied
                else self.tensors[layers.embedding]
            )
            if layers.embedding == layers.linear and (embedding == "identity" or layers.linear_bias):  # saved once
                tensors[self._own_name("weight_ho")] = np.asarray(parameters["weight_ho"])
        order = [*(name for name in self.tensors if name in tensors), *(set(tensors) - set(self.tensors))]
        arrays = {name: np.ascontiguousarray(tensors[name], np.float32) for name in order}
        return Saved(arrays, embedding, tuple(sorted(self._own_name(name) for name in trained)))

    def _own_name(self, name: str) -> str:
        """The name in the file of one of our parameters that it does not have."""
        if name in ("bias_o", "weight_ho"):
            layers, kind = self.layers, "bias" if name == "bias_o" else "weight"
            known = layers.linear_bias or ("linear." if layers.linear == layers.embedding else layers.linear)
            return ".".join([*known.split(".")[:-1], kind])
        first = self.layers.recurrent["weight_ih_l0"]
        return first.removesuffix("weight_ih_l0") + name

    def _behind(self, parameters: Mapping[str, np.ndarray]) -> tuple[str, dict[str, np.ndarray]]:
        """("kept", weights behind the embedding) where some give these columns, else ("identity", the columns)."""
        layers = self.layers
        names = [name for name in layers.recurrent if name.startswith("weight_ih_l0")]
        columns = {name: np.asarray(parameters[name], np.float64) for name in names}
        source = parameters["weight_ho"] if layers.tied else self.tensors[layers.embedding or ""]
        embedding = np.asarray(source, np.float64)
        found = {}
        for name, wanted in columns.items():
            weights = self.tensors[layers.recurrent[name]].astype(np.float64)
            missing = wanted - weights @ embedding.T
            scale = max(np.abs(wanted).max(), 1e-30)
            if np.abs(missing).max() > CLOSE * scale and len(embedding) <= min(SOLVED, embedding.shape[1]):
                weights = weights + _least(missing, embedding)
            if np.abs(wanted - weights @ embedding.T).max() > CLOSE * scale:
                return "identity", columns
            found[name] = weights
        return "kept", found


def _least(missing: np.ndarray, embedding: np.ndarray) -> np.ndarray:
    """The smallest change of the weights that comes nearest to changing the columns by this."""
    change: np.ndarray = missing @ np.linalg.pinv(embedding @ embedding.T, hermitian=True) @ embedding
    return change


def read_pytorch(data: bytes) -> PyTorchNetwork:
    """The network in the bytes of a .safetensors file, or of one that torch.save wrote (.pt, .pth).

    data : of the whole file; nothing in it is run, and PyTorch is not needed. Raises PyTorchFileError for whatever is
    no such network, which says what was found and what is needed.
    """
    path, tensors, vocabulary = state_dict_in(contents(data))
    layers = layers_of(tensors)
    inputs = layers.width if layers.embedding is None else tensors[layers.embedding].shape[0]
    entries = fitting(layers, inputs, tensors[layers.linear].shape[0])
    arrays = {name: tensors[name].array(name) for name in names_in_order(layers, tensors)}
    layers, given = given_by(layers, arrays, entries)
    dtypes = tuple(sorted({tensors[name].dtype for name in arrays}))
    return PyTorchNetwork(layers, path, dtypes, fitting_symbols(vocabulary, inputs), given, arrays)


def fitting(layers: Layers, inputs: int, outputs: int) -> tuple[Entry, ...]:
    """Our names and shapes, with biases, before a number is read.

    Raises PyTorchFileError where they are too large, which is a ConfigError of their ModelConfig.
    """
    depth, both = layers.num_layers, layers.bidirectional
    try:
        return layout(ModelConfig(CELLS[layers.kind], inputs, layers.hidden_size, outputs, depth, both)).entries
    except ConfigError as error:
        sizes = {"layers": depth, "units": layers.hidden_size, "inputs": inputs, "outputs": outputs}
        raise PyTorchFileError("size", detail=str(error), **sizes) from None


def fitting_symbols(vocabulary: tuple[str, ...] | None, inputs: int) -> tuple[str, ...] | None:
    """The symbols, if the network reads as many."""
    return vocabulary if vocabulary and len(vocabulary) == inputs else None


def given_by(
    layers: Layers, arrays: Mapping[str, np.ndarray], entries: tuple[Entry, ...]
) -> tuple[Layers, dict[str, np.ndarray]]:
    """(the layers, which now tell whether two of them are tied; the numbers under our names)."""
    if layers.embedding is not None:
        layers = layers._replace(tied=np.array_equal(arrays[layers.embedding], arrays[layers.linear]))
    given = {name: arrays[own] for name, own in layers.recurrent.items()} | {"weight_ho": arrays[layers.linear]}
    if layers.linear_bias:
        given["bias_o"] = arrays[layers.linear_bias]
    if layers.embedding:
        embedding = arrays[layers.embedding].astype(np.float64)
        for name in [name for name in given if name.startswith("weight_ih_l0")]:
            given[name] = given[name].astype(np.float64) @ embedding.T
    if any(name.startswith("bias") for name in given):
        given = {name: np.zeros(shape, np.float32) for name, shape, _start in entries} | given
    for name, value in given.items():
        with np.errstate(over="ignore"):
            finite = np.isfinite(value.astype(np.float32)).all()
        if not finite:
            raise PyTorchFileError("not_finite", name=short(layers.recurrent.get(name, layers.linear)))
    return layers, given
