"""Which network a state dict is of: one recurrent layer (of any depth), one linear layer, perhaps an embedding.

Names tell the layers apart as far as PyTorch gives them (`weight_hh_l0_reverse`); everything before, such as "lstm.",
"module.", "decoder.", is the user's own, and there shapes decide.
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from rnn_core.pytorch.refusals import PyTorchFileError, listed, shape_of, short
from rnn_core.pytorch.tensors import Stored

PART = re.compile(r"(.*?)((?:weight|bias)_(?:ih|hh|hr))_l(\d{1,3})(_reverse)?", re.DOTALL)
STEP = re.compile(r"(?:.*\.)?(?:weight|bias)_(?:ih|hh)", re.DOTALL)  # of nn.LSTMCell and the like
EMBEDDING = re.compile(r"emb|wte|lookup|encod", re.IGNORECASE)
KINDS = {1: "rnn", 3: "gru", 4: "lstm"}
DEEPEST = 3  # a state dict may lie so deep in other dicts


class Layers(NamedTuple):
    """A network's parts, by the names in its file."""

    kind: str  # "rnn", "gru" or "lstm"
    hidden_size: int
    num_layers: int
    bidirectional: bool
    width: int  # inputs of each step: symbols, channels, or the numbers of an embedding
    recurrent: dict[str, str]  # "weight_ih_l0" -> its name in the file
    linear: str
    linear_bias: str | None
    embedding: str | None
    tied: bool = False  # whether embedding and linear layer have the same numbers


def state_dict_in(content: Any) -> tuple[tuple[str, ...], dict[str, Stored], tuple[str, ...] | None]:
    """(keys that lead to the state dict, the state dict, symbols by their ids if such a list or dict lies beside it).

    Raises PyTorchFileError.
    """
    found, others, seen = [], [], set()
    waiting: deque[tuple[tuple[str, ...], Any]] = deque([((), content)])
    while waiting:
        path, value = waiting.popleft()
        if not isinstance(value, dict | list | tuple) or id(value) in seen:
            continue
        seen.add(id(value))
        tensors = _tensors(value)
        if any(PART.fullmatch(name) for name in tensors):
            found.append((path, tensors))
        else:
            others.append(value)
            if isinstance(value, dict) and len(path) < DEEPEST:
                waiting += [((*path, short(name)), each) for name, each in value.items()]
    if not found:
        raise _nothing(content)
    if len(found) > 1:
        raise PyTorchFileError("several_dicts", found=listed(".".join(path) or "–" for path, _ in found))
    vocabularies = [symbols for value in others if (symbols := symbols_of(value)) is not None]
    return *found[0], vocabularies[0] if vocabularies else None


def _tensors(value: Any) -> dict[str, Stored]:
    """The tensors of a dict, by their names."""
    if not isinstance(value, dict):
        return {}
    return {name: each for name, each in value.items() if isinstance(name, str) and isinstance(each, Stored)}


def _nothing(content: Any) -> PyTorchFileError:
    """What a file without recurrent layers holds."""
    one = "Tensor" if isinstance(content, Stored) else type(content).__name__
    names = list(content) if isinstance(content, dict) else [one]
    steps = [name for name in names if isinstance(name, str) and STEP.fullmatch(name)]
    return PyTorchFileError("cells", found=listed(steps)) if steps else PyTorchFileError("nothing", found=listed(names))


def symbols_of(value: Any) -> tuple[str, ...] | None:
    """The symbols by their ids, of a list of texts or of a dict of texts and ids in either order; else None.

    >>> symbols_of(["a", "b"]), symbols_of({"b": 1, "a": 0}), symbols_of({1: "b", 0: "a"}), symbols_of({"a": 5})
    (('a', 'b'), ('a', 'b'), ('a', 'b'), None)
    """
    if isinstance(value, Mapping):
        if all(isinstance(key, str) and type(each) is int for key, each in value.items()):
            value = {each: key for key, each in value.items()}
        if not all(type(key) is int for key in value) or set(value) != set(range(len(value))):
            return None
        value = [value[number] for number in range(len(value))]
    if not isinstance(value, list | tuple) or len(value) < 2:
        return None
    return tuple(value) if all(isinstance(each, str) and each for each in value) else None


def layers_of(tensors: Mapping[str, Stored]) -> Layers:
    """The network that the state dict is of. Raises PyTorchFileError, which says what was found and what is needed."""
    parts = {name: match for name in tensors if (match := PART.fullmatch(name))}
    prefixes = list(dict.fromkeys(match[1] for match in parts.values()))
    if len(prefixes) > 1:
        raise PyTorchFileError("several_layers", found=listed(prefix.rstrip(".") or "–" for prefix in prefixes))
    projections = [name for name, match in parts.items() if match[2].endswith("hr")]
    if projections:
        raise PyTorchFileError("projection", found=listed(projections))
    recurrent = {name.removeprefix(prefixes[0]): name for name in parts}
    depth = 1 + max(int(match[3]) for match in parts.values())
    both = any(match[4] for match in parts.values())
    bias = any(name.startswith("bias") for name in recurrent)
    expected = [
        f"{kind}_{what}_l{layer}{way}"
        for layer in range(min(depth, len(parts)))
        for way in (("", "_reverse") if both else ("",))
        for kind in (("weight", "bias") if bias else ("weight",))
        for what in ("ih", "hh")
    ]
    missing = [f"{prefixes[0]}{name}" for name in expected if name not in recurrent]
    if missing:
        raise PyTorchFileError("missing", found=listed(missing))
    kind, hidden, width = _sizes(tensors, recurrent)
    read = hidden * (2 if both else 1)
    rows = tensors[recurrent["weight_hh_l0"]].shape[0]
    for name, own in recurrent.items():
        inputs = hidden if "_hh_" in name else width if "_l0" in name else read
        _check_shape(tensors, own, (rows, inputs) if name.startswith("weight") else (rows,))
    rest = {name: tensor for name, tensor in tensors.items() if name not in parts}
    before = list(tensors).index(next(iter(parts)))
    linear, linear_bias, embedding = _others(rest, width, read, set(list(tensors)[:before]))
    return Layers(kind, hidden, depth, both, width, recurrent, linear, linear_bias, embedding)


def _sizes(tensors: Mapping[str, Stored], recurrent: Mapping[str, str]) -> tuple[str, int, int]:
    """(kind, states, inputs of a step) by the shapes of the first layer's weights."""
    state, inputs = (tensors[recurrent[f"weight_{what}_l0"]].shape for what in ("hh", "ih"))
    if len(state) != 2 or state[1] < 1 or state[0] % state[1] or state[0] // state[1] not in KINDS:
        expected = "(H, H), (3·H, H), (4·H, H)"
        raise PyTorchFileError("shape", name=short(recurrent["weight_hh_l0"]), given=shape_of(state), expected=expected)
    if len(inputs) != 2 or inputs[1] < 1:
        expected = f"({state[0]}, D)"
        raise PyTorchFileError(
            "shape", name=short(recurrent["weight_ih_l0"]), given=shape_of(inputs), expected=expected
        )
    return KINDS[state[0] // state[1]], state[1], inputs[1]


def _check_shape(tensors: Mapping[str, Stored], name: str, expected: tuple[int, ...]) -> None:
    if tensors[name].shape != expected:
        raise PyTorchFileError(
            "shape", name=short(name), given=shape_of(tensors[name].shape), expected=shape_of(expected)
        )


def _others(rest: Mapping[str, Stored], width: int, read: int, before: set[str]) -> tuple[str, str | None, str | None]:
    """(linear layer, its bias, embedding) among what is no part of the recurrent layer; before : names that come first
    in the file."""
    for name, tensor in rest.items():
        _refuse_foreign(name, tensor, rest)
    matrices = [name for name, tensor in rest.items() if len(tensor.shape) == 2]
    biases = {_module(name): name for name in rest if name not in matrices}
    orphans = [name for module, name in biases.items() if module not in map(_module, matrices)]
    linears = [name for name in matrices if rest[name].shape[1] == read]
    if len(matrices) > 2:
        raise PyTorchFileError("several_linear", found=listed(matrices))
    if not linears or not matrices:
        raise PyTorchFileError("no_linear", found=listed(matrices) or "–", width=read)
    if len(matrices) == 1:  # tied, and saved once
        one = matrices[0]
        alone = width == read and _module(one) not in biases
        shared = alone and (len(orphans) == 1 or (not orphans and bool(EMBEDDING.search(one))))
        if orphans and not shared:
            raise PyTorchFileError("foreign", found=listed(orphans))
        bias = orphans[0] if orphans else biases.get(_module(one))
        _check_bias(rest, one, bias)
        return one, bias, one if shared else None
    if orphans:
        raise PyTorchFileError("foreign", found=listed(orphans))
    pairs = [
        (linear, other)
        for linear in linears
        for other in matrices
        if other != linear and rest[other].shape[1] == width and _module(other) not in biases
    ]
    if not pairs:
        embeddings = [name for name in matrices if EMBEDDING.search(name) and _module(name) not in biases]
        if len(embeddings) == 1:
            _check_shape(rest, embeddings[0], (rest[embeddings[0]].shape[0], width))
        raise PyTorchFileError("several_linear", found=listed(matrices))
    pairs.sort(key=lambda pair: (not EMBEDDING.search(pair[1]), pair[1] not in before))  # the likeliest embedding first
    linear, embedding = pairs[0]
    _check_bias(rest, linear, biases.get(_module(linear)))
    return linear, biases.get(_module(linear)), embedding


def _refuse_foreign(name: str, tensor: Stored, rest: Mapping[str, Stored]) -> None:
    """Refuse by name what belongs neither to a linear layer nor to an embedding."""
    found = short(name)
    if re.search(r"attn|attention|in_proj", name):
        raise PyTorchFileError("attention", found=found)
    if name.endswith(("running_mean", "running_var", "num_batches_tracked")):
        raise PyTorchFileError("normalisation", found=found)
    last = name.rpartition(".")[2]
    if last == "weight" and len(tensor.shape) == 1:
        raise PyTorchFileError("normalisation", found=found)
    if last == "weight" and len(tensor.shape) > 2:
        raise PyTorchFileError("convolution", found=found)
    if last not in ("weight", "bias") or len(tensor.shape) != (2 if last == "weight" else 1):
        raise PyTorchFileError("foreign", found=found)


def _check_bias(rest: Mapping[str, Stored], linear: str, bias: str | None) -> None:
    if bias is not None:
        _check_shape(rest, bias, rest[linear].shape[:1])


def _module(name: str) -> str:
    """What a weight and its bias share of their names."""
    return name.rpartition(".")[0]


def names_in_order(layers: Layers, tensors: Mapping[str, Stored]) -> Iterator[str]:
    """The names in the file, as they come."""
    used = {*layers.recurrent.values(), layers.linear, layers.linear_bias, layers.embedding}
    return (name for name in tensors if name in used)
