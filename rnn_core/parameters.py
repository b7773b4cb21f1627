"""Layout of the parameters in memory, and their initialisation.

All of a network's parameters share one flat array, so that norm, clipping and update are one pass each. Inside, a
weight lies transposed, (inputs, outputs): the gather of a symbol's column becomes a row, and a product over the
recurrent inputs runs along contiguous memory. Outside, names and shapes are PyTorch's.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.cells import CELLS
from rnn_core.config import ModelConfig
from rnn_core.errors import ConfigError, InputError

# columns of the table of offsets; the read-out is its last row: weight_ho, bias_o in the columns of the input's
WEIGHT_IH, WEIGHT_HH, BIAS_IH, BIAS_HH, OWN = range(5)


class Shape(NamedTuple):
    """Sizes and offsets of a network, for kernels."""

    layers: int
    directions: int
    inputs: int  # D
    hidden: int  # H
    rows: int  # G * H, rows of weight_ih
    own: int  # O, parameters of the cell's own in each layer and direction (normalised: with the biases)
    outputs: int  # K
    bias: bool
    separate_bias: bool  # the last H of b_hh are not added to the projection (GRU)
    normalised: bool  # the cell applies all biases itself, after layer normalisation
    reset_before: bool  # the last block of weight_hh is multiplied with what the cell left in `extra`
    every: bool  # read-out after every step, not only after the last
    squared: bool  # mean squared error, not cross-entropy


class Entry(NamedTuple):
    """One parameter: its PyTorch name and shape, and where it starts in the flat array."""

    name: str
    shape: tuple[int, ...]
    start: int

    @property
    def size(self) -> int:
        """Number of its entries."""
        return math.prod(self.shape)


class Layout(NamedTuple):
    """Layout of a network's parameters."""

    shape: Shape
    entries: tuple[Entry, ...]
    offsets: np.ndarray  # (layers * directions + 1, 5) int64; -1 where there is none
    size: int


MAX_PARAMETERS = 1 << 26  # 256 MB in float32, and as much again for the gradient and each slot of the optimiser


def layout(config: ModelConfig) -> Layout:
    """The layout of a network with this ModelConfig; ConfigError if it would have too many parameters."""
    cell = CELLS[config.cell]
    hidden, rows, width = config.hidden_size, cell.blocks * config.hidden_size, config.directions * config.hidden_size
    stacks = config.num_layers * config.directions
    own = cell.own_parameters(config.bias)
    size_of_own = sum(blocks for _, blocks in own) * hidden + (2 * rows if config.bias and cell.normalised else 0)
    entries: list[Entry] = []
    offsets = np.full((stacks + 1, OWN + 1), -1, np.int64)

    def add(stack: int, column: int, name: str, *shape: int) -> None:
        start = entries[-1].start + entries[-1].size if entries else 0
        entries.append(Entry(name, shape, start))
        if offsets[stack, column] < 0:
            offsets[stack, column] = start

    for stack in range(stacks):
        layer, reverse = divmod(stack, config.directions)
        suffix = f"l{layer}" + ("_reverse" if reverse else "")
        add(stack, WEIGHT_IH, f"weight_ih_{suffix}", rows, config.input_size if layer == 0 else width)
        add(stack, WEIGHT_HH, f"weight_hh_{suffix}", rows, hidden)
        if config.bias:
            add(stack, BIAS_IH, f"bias_ih_{suffix}", rows)
            add(stack, BIAS_HH, f"bias_hh_{suffix}", rows)
        if config.bias and cell.normalised:  # they lie before what is the cell's own, and belong to it
            offsets[stack, OWN] = offsets[stack, BIAS_IH]
        for name, blocks in own:
            add(stack, OWN, f"{name}_{suffix}", blocks * hidden)
    add(stacks, WEIGHT_IH, "weight_ho", config.output_size, width)
    if config.bias:
        add(stacks, BIAS_IH, "bias_o", config.output_size)
    size = entries[-1].start + entries[-1].size
    if size > MAX_PARAMETERS:
        raise ConfigError(
            f"hidden_size {hidden}, input_size {config.input_size} and output_size {config.output_size} make {size} "
            f"parameters; expected at most {MAX_PARAMETERS}: choose a smaller hidden_size or vocabulary"
        )
    shape = Shape(
        config.num_layers, config.directions, config.input_size, hidden, rows, size_of_own, config.output_size,
        config.bias, cell.separate_bias, cell.normalised, cell.reset_before, config.output == "every",
        config.loss == "mse",
    )  # fmt: skip
    return Layout(shape, tuple(entries), offsets, size)


def views(entries: Iterable[Entry], flat: np.ndarray) -> dict[str, np.ndarray]:
    """Name -> view in PyTorch's shape, of a flat array of parameters, gradients or optimiser memory."""
    return {name: flat[start : start + math.prod(shape)].reshape(shape[::-1]).T for name, shape, start in entries}


def to_mapping(entries: Iterable[Entry], flat: np.ndarray) -> dict[str, np.ndarray]:
    """The same with contiguous copies."""
    return {name: np.array(part, order="C") for name, part in views(entries, flat).items()}


def to_flat(
    entries: Sequence[Entry], mapping: Mapping[str, ArrayLike], dtype: str, what: str = "state_dict"
) -> np.ndarray:
    """The flat array of a mapping in PyTorch's names and shapes; InputError says which entry is wrong, and how."""
    mapping = _named([entry.name for entry in entries], mapping, what)
    flat = np.zeros(max(entry.start + entry.size for entry in entries), dtype)  # zero where no entry lies
    for entry in entries:
        try:
            value = _numbers(mapping[entry.name])
            if value.dtype.kind not in "fiu":
                raise TypeError
        except (TypeError, ValueError, RuntimeError):
            raise InputError(f"{what}[{entry.name!r}] is not an array of real numbers") from None
        if value.shape != entry.shape:
            raise InputError(f"{what}[{entry.name!r}] has shape {value.shape}; expected {entry.shape}")
        with np.errstate(over="ignore"):
            value = value.astype(dtype)
        if not np.isfinite(value).all():
            raise InputError(f"{what}[{entry.name!r}] holds values that are not finite in {np.dtype(dtype)}")
        flat[entry.start : entry.start + entry.size] = value.T.reshape(-1)
    return flat


def _named(names: Sequence[str], mapping: Mapping[str, ArrayLike], what: str) -> Mapping[str, ArrayLike]:
    """The mapping under these names: as it is, or without what a wrapper put before all of its names ("module.")."""
    if not hasattr(mapping, "keys"):
        raise InputError(f"{what} is a {type(mapping).__name__}; expected a mapping with the names {list(names)}")
    given = {str(name) for name in mapping}
    starts = {name.removesuffix(names[0]) for name in given if name.endswith(f".{names[0]}")} | {""}
    for start in starts:
        if given == {f"{start}{name}" for name in names}:
            return {name: mapping[f"{start}{name}"] for name in names}
    missing, unknown = sorted(set(names) - given), sorted(given - set(names))
    raise InputError(
        f"{what} lacks {missing or 'nothing'} and has unknown {unknown or 'nothing'}; needed: {list(names)}"
        f"{_renaming(missing, unknown)}"
    )


def _renaming(missing: Sequence[str], unknown: Sequence[str]) -> str:
    """Which unknown name probably means which missing one: it ends like it, or is the weight or bias of one layer."""
    pairs = {}
    for name in sorted(missing, key=lambda name: name in ("weight_ho", "bias_o")):
        ends = f".{name}", {"weight_ho": ".weight", "bias_o": ".bias"}.get(name, f".{name}")
        meant = [other for other in unknown if other.endswith(ends) and other not in pairs]
        if len(meant) == 1:
            pairs[meant[0]] = name
    return "; rename " + ", ".join(f"{old!r} to {new!r}" for old, new in pairs.items()) if pairs else ""


def _numbers(value: Any) -> np.ndarray:
    """An array of what may be a tensor of PyTorch: without its graph, in memory, of a type that NumPy has."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        if str(value.dtype) == "torch.bfloat16":
            value = value.float()
    value = np.asarray(value)
    return value.astype(np.float32) if value.dtype.name == "bfloat16" else value  # that of the package ml_dtypes


def initial(config: ModelConfig, network: Layout) -> np.ndarray:
    """The flat array of starting values that `config.init` and `config.seed` give."""
    rng, spans = np.random.default_rng(config.seed), np.random.default_rng([config.seed, 1])
    cell, hidden = CELLS[config.cell], config.hidden_size
    mapping = {}
    for name, shape, _ in network.entries:
        bound = 1 / np.sqrt(shape[1] if name == "weight_ho" else hidden)
        value = rng.uniform(-bound, bound, shape)
        if name.startswith("weight_hh"):
            blocks = value.reshape(-1, hidden, hidden)
            if config.init == "orthogonal":
                blocks = np.stack([_orthogonal(rng, hidden) for _ in blocks])
            elif config.init == "identity":
                blocks = np.broadcast_to(np.eye(hidden), blocks.shape)
            if config.spectral_radius is not None:
                radii = np.abs(np.linalg.eigvals(blocks)).max(axis=1)
                blocks = blocks * (config.spectral_radius / np.maximum(radii, 1e-12))[:, None, None]
            value = blocks.reshape(shape)
        elif name.startswith("gain"):
            value = np.ones(shape)
        elif name.startswith("bias") and (config.init != "uniform" or (cell.normalised and name != "bias_o")):
            value = np.zeros(shape)
        if name.startswith(("bias_ih", "bias_hh")):
            if cell.has_cell:
                value[hidden : 2 * hidden] = config.forget_bias if name.startswith("bias_ih") else 0.0
            if config.chrono is not None and cell.gates:
                _chrono(spans, config, name, value, config.chrono)
        mapping[name] = value
    return to_flat(network.entries, mapping, config.dtype)


def _chrono(rng: np.random.Generator, config: ModelConfig, name: str, value: np.ndarray, longest: int) -> None:
    """Give a bias the first values of Tallec & Ollivier (2018) where it belongs to a gate that keeps or lets in."""
    blocks = dict(zip(CELLS[config.cell].gates, value.reshape(-1, config.hidden_size), strict=True))
    span = np.log(rng.uniform(1, longest - 1, config.hidden_size)) if name.startswith("bias_ih") else 0.0
    if "f" in blocks:
        blocks["f"][:], blocks["i"][:] = span, -span
    elif "z" in blocks:
        blocks["z"][:] = span


def _orthogonal(rng: np.random.Generator, size: int) -> np.ndarray:
    """A random orthogonal matrix, uniform in Haar's measure (Mezzadri 2007)."""
    q, r = np.linalg.qr(rng.standard_normal((size, size)))
    return q * np.sign(np.diagonal(r))
