"""Which layers a file of Keras' has: from the model's config.json where there is one, else from its arrays' names.

A config says all: kinds, activations, the order. Arrays alone (.weights.h5, or a class of the user's own) say the
shapes; the order is that of the names as Keras numbers them, and what else cannot be known is Keras' default.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from rnn_core.keras.refusals import KerasFileError
from rnn_core.pytorch.refusals import listed, shape_of, short
from rnn_core.pytorch.tensors import Stored

RECURRENT = {"SimpleRNN": "simple_rnn", "GRU": "gru", "LSTM": "lstm"}  # classes, and how Keras names them in a file
FOLDERS = RECURRENT | {"Embedding": "embedding", "Dense": "dense", "Bidirectional": "bidirectional"}
FOLDERS |= {"TimeDistributed": "time_distributed"}
UNTRAINED = {"Dropout", "SpatialDropout1D", "GaussianDropout", "GaussianNoise", "AlphaDropout"}  # only while training
LOOKUPS = {"StringLookup", "TextVectorization"}
IDLE = {"InputLayer", "ActivityRegularization", "NotEqual"} | UNTRAINED | LOOKUPS  # NotEqual: the mask of mask_zero
OF_SIMPLE_RNN = {"tanh": "rnn_tanh", "relu": "rnn_relu", "sigmoid": "rnn_sigmoid", "linear": "rnn_identity"}
ORDER = re.compile("E?R+DA?")  # Embedding, recurrent layers, Dense, its activation
FOREIGN = {"normalisation": "Norm", "attention": "Attention", "convolution": "Conv|Pool", "masking": "Masking"}
VARIABLE = re.compile(r"(?:(.*)/)?vars/(\d{1,4})", re.DOTALL)
LETTERS = ("D", "H")  # of a shape in a message, where any will do
DIGITS = re.compile(r"(\d+)")
WITHOUT_LAYER = re.compile(r"(?:optimizer|.*seed_generator.*|.*metrics?|.*tracker)(?:/.*)?", re.DOTALL)


class Recurrent(NamedTuple):
    """One recurrent layer: the folders of its cells (forwards, backwards); our name of them where the file says it."""

    name: str
    paths: tuple[str, ...]
    cell: str | None = None


class Part(NamedTuple):
    """An Embedding or a Dense: its name, and the folder of its arrays."""

    name: str
    path: str


class KerasLayers(NamedTuple):
    """A model's layers, and what a state dict cannot say.

    described : by a config, else guessed from the arrays. masked : whether id 0 is skipped. dropout : whether something
    is dropped in training. last : whether the last recurrent layer gives its last state alone. vocabulary : of a layer
    that looks symbols up.
    """

    embedding: Part | None
    recurrent: tuple[Recurrent, ...]
    dense: Part
    described: bool = False
    softmax: bool = False
    masked: bool = False
    dropout: bool = False
    last: bool = False
    vocabulary: tuple[str, ...] | None = None


def layers_of_config(config: Mapping[str, Any]) -> KerasLayers | None:
    """What a config.json describes; None where its class is the user's own. Raises KerasFileError."""
    if config["class_name"] not in ("Sequential", "Functional", "Model") or "layers" not in config["config"]:
        return None
    folders = _folders(config["config"]["layers"])
    found: dict[str, list[tuple[Any, str, str]]] = {code: [] for code in "ERDA"}
    order, classes, vocabulary, dropout = "", [], None, False
    for layer in _chain(config):
        kind, options = str(layer["class_name"]), layer["config"]
        name = str(options["name"])
        _refuse_foreign(layer, name)
        classes.append(kind)
        dropout |= kind in UNTRAINED
        vocabulary = _symbols(options) if kind in LOOKUPS else vocabulary
        inner = _inner(layer)
        code = {"Embedding": "E", "Dense": "D", "Activation": "A", "Softmax": "A"}.get(inner["class_name"], "R")
        if kind not in IDLE:
            order += code
            found[code].append((layer, name, folders[id(layer)]))
    if not found["R"]:
        raise KerasFileError("nothing", found=listed(classes))
    if len(found["D"]) > 1:
        raise KerasFileError("several_linear", found=listed(name for _layer, name, _folder in found["D"]))
    if not found["D"]:
        width = _inner(found["R"][-1][0])["config"]["units"]
        raise KerasFileError("no_linear", width=short(width), found=listed(classes))
    if not ORDER.fullmatch(order):
        raise KerasFileError("order", found=listed(classes))
    recurrent = tuple(_recurrent(*each) for each in found["R"])
    if len({(each.cell, len(each.paths)) for each in recurrent}) > 1:
        raise KerasFileError("kinds", found=listed(each.name for each in recurrent))
    cells = [_inner(layer)["config"] for layer, _name, _folder in found["R"]]
    dense, name, folder = found["D"][0]
    embedding = found["E"][0] if found["E"] else None
    return KerasLayers(
        Part(*embedding[1:]) if embedding else None, recurrent,
        Part(name, folder if dense["class_name"] == "Dense" else f"{folder}/layer"), described=True,
        softmax=_softmax(_inner(dense), name, found["A"]),
        masked=embedding is not None and bool(embedding[0]["config"].get("mask_zero")),
        dropout=dropout or any(cell.get("dropout") or cell.get("recurrent_dropout") for cell in cells),
        last=not cells[-1].get("return_sequences"), vocabulary=vocabulary,
    )  # fmt: skip


def _folders(layers: list[Any]) -> dict[int, str]:
    """Where the arrays of each layer are, by its identity: classes in snake case, numbered as they come."""
    counts: dict[str, int] = {}
    found = {}
    for layer in layers:
        name = FOLDERS.get(str(layer["class_name"]), "")
        number = counts[name] = counts.get(name, -1) + 1
        found[id(layer)] = f"layers/{name}_{number}" if number else f"layers/{name}"
    return found


def _chain(config: Mapping[str, Any]) -> list[Any]:
    """Its layers from the input to the output."""
    layers = config["config"]["layers"]
    if config["class_name"] == "Sequential":
        return list(layers)
    named = {str(layer["name"]): layer for layer in layers}
    name = _only(_sources(config["config"]["output_layers"]), "outputs")
    chain: list[Any] = []
    while name:
        layer = named.pop(name)  # a circle ends here
        chain.append(layer)
        nodes = layer["inbound_nodes"]
        sources = {each for node in nodes for each in _sources([node["args"], node["kwargs"]])}
        sources -= {each for each in sources if each in named and named[each]["class_name"] == "NotEqual"}
        if len(nodes) > 1:
            raise KerasFileError("branches", found=listed([name]))
        name = _only(sources, name)
    left = {name for name, layer in named.items() if layer["class_name"] not in IDLE}
    _only(_sources(config["config"]["input_layers"]) | left, "inputs")
    return chain[::-1]


def _only(names: set[str], where: str) -> str:
    """The one name there is, or "" of none."""
    if len(names) > 1:
        raise KerasFileError("branches", found=listed([where]))
    return next(iter(names), "")


def _sources(value: Any) -> set[str]:
    """Names of the layers whose output this is: a tensor of Keras', or lists and dicts of such."""
    if isinstance(value, Mapping):
        if value.get("class_name") == "__keras_tensor__":
            return _sources(value["config"]["keras_history"])
        return {name for each in value.values() for name in _sources(each)}
    if not isinstance(value, list):
        return set()
    if len(value) == 3 and isinstance(value[0], str):
        if value[1:] != [0, 0]:  # another output, or a later call
            raise KerasFileError("branches", found=listed([value[0]]))
        return {value[0]}
    return {name for each in value for name in _sources(each)}


def _refuse_foreign(layer: Mapping[str, Any], name: str) -> None:
    """Refuse by name what is no part of a network here."""
    kind, said = str(layer["class_name"]), listed([f"{name} ({layer['class_name']})"])
    inner = str(_inner(layer)["class_name"])
    own = not str(layer.get("module")).startswith("keras.") or layer.get("registered_name") not in (None, kind)
    if own or kind == "Lambda":
        raise KerasFileError("code", found=said)
    foreign = next((reason for reason, words in FOREIGN.items() if re.search(words, kind)), None)
    if foreign:
        raise KerasFileError(foreign, found=said)
    known = kind in IDLE | {"Embedding", "Dense", "Activation", "Softmax", *RECURRENT}
    known |= (kind, inner) == ("TimeDistributed", "Dense") or (kind == "Bidirectional" and inner in RECURRENT)
    if not known:
        raise KerasFileError("layer", found=said)


def _inner(layer: Mapping[str, Any]) -> Mapping[str, Any]:
    """What Bidirectional or TimeDistributed wraps, else the layer itself."""
    wraps = layer["class_name"] in ("Bidirectional", "TimeDistributed")
    inner: Mapping[str, Any] = layer["config"]["layer"] if wraps else layer
    return inner


def _recurrent(layer: Mapping[str, Any], name: str, folder: str) -> Recurrent:
    inner, options = _inner(layer), layer["config"]
    cell = _cell(inner, name)
    if inner["config"].get("go_backwards"):
        raise KerasFileError("backwards", found=listed([name]))
    if layer is inner:
        return Recurrent(name, (f"{folder}/cell",), cell)
    back = options.get("backward_layer") or inner  # Keras writes one always
    like = back["class_name"] == inner["class_name"] and _cell(back, name) == cell
    if options.get("merge_mode") != "concat" or not like or (back is not inner and not back["config"]["go_backwards"]):
        raise KerasFileError("merge", found=listed([name]))
    return Recurrent(name, (f"{folder}/forward_layer/cell", f"{folder}/backward_layer/cell"), cell)


def _cell(layer: Mapping[str, Any], name: str) -> str:
    """Our name of the cell that a layer repeats."""
    kind, options = layer["class_name"], layer["config"]
    activation = _activation(options.get("activation"))
    if kind == "SimpleRNN" and activation in OF_SIMPLE_RNN:
        return OF_SIMPLE_RNN[activation]
    gate = _activation(options.get("recurrent_activation", "sigmoid"))
    if kind == "SimpleRNN" or activation != "tanh" or gate != "sigmoid":
        raise KerasFileError("activation", found=listed([f"{activation if gate == 'sigmoid' else gate} ({name})"]))
    if kind == "LSTM":
        return "lstm"
    return "gru" if options.get("reset_after", True) else "gru_reset_before"


def _activation(value: Any) -> str:
    """The name of an activation: one of Keras' functions is written as its name, a layer or one's own as a dict."""
    if isinstance(value, Mapping):
        return str(value["config"] if isinstance(value.get("config"), str) else value.get("class_name"))
    return "linear" if value is None else str(value)


def _softmax(dense: Mapping[str, Any], name: str, after: list[tuple[Any, str, str]]) -> bool:
    """Whether a softmax follows the products, in Dense itself or in a layer of its own."""
    found = [_activation(dense["config"].get("activation"))]
    for layer, _name, _folder in after:
        options = layer["config"]
        if layer["class_name"] == "Activation":
            found.append(_activation(options.get("activation")))
        else:
            found.append("softmax" if options.get("axis", -1) == -1 else f"softmax(axis={options['axis']})")
    used = [activation for activation in found if activation != "linear"]
    if len(used) > 1 or not set(used) <= {"softmax"}:
        raise KerasFileError("activation", found=listed([f"{', '.join(used)} ({name})"]))
    return bool(used)


def _symbols(options: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The symbols by their ids that a layer looks up, where its config holds them: its own marks come first."""
    symbols, unknown = options.get("vocabulary"), options.get("num_oov_indices", 1)
    if not isinstance(symbols, list) or not all(isinstance(symbol, str) for symbol in symbols) or unknown not in (0, 1):
        return None
    marks = [""] * (options.get("mask_token", "") is not None) + ["[UNK]"] * unknown
    others = symbols[len(marks) :] if symbols[: len(marks)] == marks else symbols
    return tuple([*(mark or "<pad>" for mark in marks), *others])


def layers_of_arrays(arrays: Mapping[str, Stored]) -> KerasLayers:
    """What arrays alone tell, of a .weights.h5 or of a class of the user's own. Raises KerasFileError."""
    modules: dict[str, dict[int, Stored]] = {}
    for path, array in arrays.items():
        variable = VARIABLE.fullmatch(path)
        folder = variable[1] or "" if variable else ""
        if variable and not WITHOUT_LAYER.fullmatch(folder) and array.shape:
            modules.setdefault(folder, {})[int(variable[2])] = array
    cells = sorted((path for path in modules if path.endswith("/cell")), key=natural)
    rest = {path: modules[path] for path in sorted(modules, key=natural) if path not in cells}
    if not cells:
        raise KerasFileError("nothing", found=listed(rest))
    inputs = {path: matrix_of(arrays, f"{path}/vars/0").shape[0] for path in cells}
    recurrent = list(_of_cells(cells))
    read = len(recurrent[0].paths) * matrix_of(arrays, f"{recurrent[0].paths[0]}/vars/1").shape[0]
    recurrent.sort(key=lambda each: inputs[each.paths[0]] == read)  # only the first may read anything else
    width = inputs[recurrent[0].paths[0]]
    for path, module in rest.items():
        _refuse_module(path, module)
    dense = [path for path, module in rest.items() if module[0].shape[0] == read]
    embeddings = [path for path, module in rest.items() if len(module) == 1 and module[0].shape[1] == width]
    if len(rest) > 2:
        raise KerasFileError("several_linear", found=listed(rest))
    pairs = [
        (after, before)
        for after in dense
        for before in (embeddings if len(rest) == 2 else [None])
        if before != after
    ]  # fmt: skip
    if not pairs:
        if len(rest) == 2 and dense:
            raise KerasFileError("foreign", found=listed(path for path in rest if path not in dense[:1]))
        raise KerasFileError("no_linear", width=read, found=listed(rest) or "–")
    pairs.sort(key=lambda pair: "emb" not in (pair[1] or "").lower())  # the likeliest embedding first
    after, before = pairs[0]
    return KerasLayers(None if before is None else Part(before, before), tuple(recurrent), Part(after, after))


def natural(path: str) -> list[tuple[bool, int, str]]:
    """A key that sorts names as Keras numbers them.

    >>> sorted(["lstm_10", "lstm_2", "lstm"], key=natural)
    ['lstm', 'lstm_2', 'lstm_10']
    """
    parts = DIGITS.split(path.replace("/", "\0"))  # before every other character: “lstm/cell” before “lstm_1/cell”
    return [(part.isdecimal(), int(part[:18]) if part.isdecimal() else 0, part) for part in parts]


def _of_cells(cells: list[str]) -> Iterator[Recurrent]:
    """The layers that these cells are of, in their order."""
    for path in cells:
        layer = path.removesuffix("/cell")
        way = re.fullmatch(r"(.*)/(forward|backward)_layer", layer, re.DOTALL)
        if way is None:
            yield Recurrent(layer, (path,))
        elif way[2] == "forward":
            yield Recurrent(way[1], (path, f"{way[1]}/backward_layer/cell"))
        elif f"{way[1]}/forward_layer/cell" not in cells:
            raise KerasFileError("missing", found=listed([f"{way[1]}/forward_layer/cell"]))


def _refuse_module(path: str, module: Mapping[int, Stored]) -> None:
    """Refuse by name what belongs neither to a Dense nor to an Embedding."""
    axes = [len(array.shape) for _number, array in sorted(module.items())]
    if not path:
        raise KerasFileError("foreign", found=listed([f"vars/{number}" for number in module]))
    if 0 in module and axes[0] > 2:
        attention = re.search("attention|query_dense|key_dense|value_dense|attention_output", path)
        raise KerasFileError("attention" if attention else "convolution", found=listed([path]))
    if set(axes) == {1}:
        raise KerasFileError("normalisation", found=listed([path]))
    if axes not in ([2], [2, 1]) or 0 not in module:
        raise KerasFileError("foreign", found=listed([path]))


def array_of(arrays: Mapping[str, Stored], path: str, *expected: int | str) -> Stored:
    """The array at this path, which must be there, of this shape; in place of a number a letter: any but none."""
    if path not in arrays:
        raise KerasFileError("missing", found=listed([path]))
    shape = arrays[path].shape
    fits = len(shape) == len(expected) and all(shape)
    if not fits or any(size != wanted for size, wanted in zip(shape, expected, strict=True) if wanted not in LETTERS):
        raise KerasFileError("shape", name=listed([path]), given=shape_of(shape), expected=shape_of(expected))
    return arrays[path]


def matrix_of(arrays: Mapping[str, Stored], path: str) -> Stored:
    """The array at this path, of two axes."""
    return array_of(arrays, path, *LETTERS)
