"""Files of Keras' without Keras: golden ones, damaged ones, and such as would cost more than they are long.

CHECKPOINT_MUTATIONS in the environment sets how many damaged files the fuzz tries.
"""

import io
import json
import os
import random
import struct
import time
import tracemalloc
import zipfile

import numpy as np
import pytest
from agreement import of_largest
from own_networks import KERAS, keras_file, with_config
from safetensors.numpy import load_file

from rnn_core.keras import KerasFileError, read_keras
from rnn_core.keras.files import MAX_CONFIG
from rnn_core.keras.hdf5 import datasets
from rnn_core.pytorch import PyTorchFileError, read_pytorch

MUTATIONS = int(os.environ.get("CHECKPOINT_MUTATIONS", "2000"))
GOLDEN = ("lstm.keras", "rnn.keras", "gru.weights.h5")


def refused(data: bytes, kind: str) -> str:
    """The message, short and printable, of a file that is refused for this reason."""
    with pytest.raises(KerasFileError) as error:
        read_keras(data)
    message = str(error.value)
    assert error.value.kind == kind, message
    assert len(message) < 700 and message.isprintable()
    return message


def archive(**members) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, content in members.items():
            made.writestr(name.replace("_", "."), content)
    return file.getvalue()


def weights(name="lstm.keras") -> bytes:
    """The HDF5 in a file."""
    data = keras_file(name)
    if name.endswith(".h5"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        return made.read("model.weights.h5")


@pytest.mark.parametrize("name", GOLDEN)
def test_the_outputs_are_kerass(name):
    expected = load_file(KERAS / "outputs.safetensors")
    trace = read_keras(keras_file(name)).model().forward(expected["x"])
    assert of_largest(trace.probs if name == "lstm.keras" else trace.logits, expected[name]) <= 1e-5


def test_read_pytorch_leaves_them_to_read_keras():
    for name in GOLDEN:
        with pytest.raises(PyTorchFileError, match="read_keras") as error:
            read_pytorch(keras_file(name))
        assert error.value.kind == "keras"


def test_archives():
    good, config = weights(), b"{}"
    refused(b"", "unknown")
    refused(b"hello, how are you?", "unknown")
    refused(b"PK\3\4" + bytes(50), "damaged")
    refused(archive(config_json=config), "unknown")
    refused(archive(config_json=b"{" * 90_000, model_weights_h5=good), "damaged")
    refused(archive(config_json=b"[" * 90_000, model_weights_h5=good), "damaged")
    refused(archive(config_json=b" " * (MAX_CONFIG + 1), model_weights_h5=good), "damaged")
    refused(archive(config_json=b"{}", model_weights_h5=good), "damaged")
    refused(archive(config_json=b"[1]", model_weights_h5=good), "damaged")
    refused(
        archive(config_json=json.dumps({"class_name": "Sequential", "config": 3}), model_weights_h5=good), "damaged"
    )
    refused(archive(config_json=config, model_weights_h5=b"\x89HDG" + good[4:]), "damaged")
    refused(keras_file()[:-400], "damaged")
    squeezed = io.BytesIO()
    with zipfile.ZipFile(squeezed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("config.json", config)
        made.writestr("model.weights.h5", good[:8] + bytes(1 << 22))
    assert len(squeezed.getvalue()) < 20_000
    refused(squeezed.getvalue(), "damaged")  # nothing in a file of Keras' is compressed


def at(data: bytes, mark: bytes) -> int:
    """Where this comes first."""
    return data.index(mark)


def put(data: bytes, place: int, form: str, *numbers) -> bytes:
    """With numbers written at a place."""
    written = struct.pack(form, *numbers)
    return data[:place] + written + data[place + len(written) :]


@pytest.mark.parametrize("length", [9, 40, 60, 96, 200, 900, 5000, 15_000])
def test_what_is_cut_off(length):
    refused(weights("gru.weights.h5")[:length], "damaged")


def test_other_layouts_of_hdf5():
    good = weights("gru.weights.h5")
    assert "superblock 2" in refused(put(good, 8, "<B", 2), "other_hdf5")
    assert "user block" in refused(put(good, 24, "<Q", 512), "other_hdf5")
    (root,) = struct.unpack_from("<Q", good, 64)
    assert "object header 79" in refused(put(good, root, "<4s", b"OHDR"), "other_hdf5")
    assert "message 7" in refused(put(good, root + 16, "<H", 7), "other_hdf5")  # an external file
    assert "link" in refused(put(good, at(good, b"SNOD") + 8 + 16, "<I", 2), "other_hdf5")
    layout = array_layout(good)
    assert "storage 3.2" in refused(put(good, layout + 1, "<B", 2), "other_hdf5")  # in chunks
    assert "storage 4.3" in refused(put(good, layout, "<BB", 4, 3), "other_hdf5")  # virtual
    assert "storage 1.1" in refused(put(good, layout, "<B", 1), "other_hdf5")


def array_layout(data: bytes) -> int:
    """Where the layout of the array that comes first in the file is: its address and size are those of some array."""
    sizes = {len(stored.data) for stored in datasets(memoryview(data)).values()}
    for place in range(0, len(data) - 18, 2):
        version, kind, address, size = struct.unpack_from("<BBQQ", data, place)
        if (version, kind) == (3, 1) and size in sizes and address + size <= len(data):
            return place
    raise AssertionError


def test_circles_end():
    good = weights("gru.weights.h5")
    (root,) = struct.unpack_from("<Q", good, 64)
    node = at(good, b"SNOD")
    refused(put(good, node + 16, "<Q", root), "damaged")  # a group in itself
    tree = at(good, b"TREE")
    refused(put(good, tree + 32, "<Q", tree), "damaged")  # a node in itself
    refused(put(good, root + 16, "<HHIQQ", 0x10, 16, 0, root + 16, 24), "damaged")  # a message that leads to itself


@pytest.mark.parametrize(
    ("where", "form", "number"),
    [(2, "<Q", 2**64 - 1), (2, "<Q", 2**40), (10, "<Q", 2**63), (10, "<Q", 3), (10, "<Q", 0)],
)
def test_arrays_that_are_not_in_the_file(where, form, number):
    good = weights("gru.weights.h5")
    refused(put(good, array_layout(good) + where, form, number), "damaged")


def test_a_shape_that_the_file_does_not_hold():
    good = weights()
    dimensions = struct.pack("<QQ", 4, 24)
    for shape in ((2**40, 2**40), (0, 0), (4, 25)):
        place = at(good, dimensions)
        with pytest.raises(KerasFileError) as error:
            read_keras(with_weights(put(good, place, "<QQ", *shape)))
        assert error.value.kind in ("damaged", "shape")


def bomb(nodes: int, children: int = 65535) -> bytes:
    """Nodes of a B-tree, 48 bytes apart, each with as many children as can be counted, which lie over one another; the
    last child, which is read first, is the next node."""
    good = weights("gru.weights.h5")
    first = len(good) + -len(good) % 16
    data = bytearray(good + bytes(first - len(good) + 48 * nodes + 16 * children + 64))
    struct.pack_into("<Q", data, at(good, b"TREE") + 32, first)
    for number in range(nodes):
        node = first + 48 * number
        struct.pack_into("<4sBBH", data, node, b"TREE", 0, 1, children)
        struct.pack_into("<Q", data, node + 32 + 16 * (children - 1), node + 48)
    return bytes(data)


def test_nodes_that_would_cost_more_than_they_are_long():
    data = bomb(200)
    tracemalloc.start()
    begun = time.process_time()
    try:
        refused(data, "damaged")
        assert tracemalloc.get_traced_memory()[1] < 50 << 20
        assert time.process_time() - begun < 10
    finally:
        tracemalloc.stop()


def test_numbers_that_are_not_finite():
    good = weights()
    stored = datasets(memoryview(good))["layers/lstm/cell/vars/1"]
    place = at(good, bytes(stored.data))
    nan = with_weights(put(good, place, "<f", np.nan))
    assert "layers/lstm/cell/vars/1" in refused(nan, "not_finite")


def with_weights(content: bytes, name="lstm.keras") -> bytes:
    """A file with other weights."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(keras_file(name))) as old, zipfile.ZipFile(file, "w") as made:
        for member in old.namelist():
            made.writestr(member, content if member == "model.weights.h5" else old.read(member))
    return file.getvalue()


def test_a_vocabulary_that_a_lookup_holds():
    symbols = list("abcdefghijk")

    def lookup(kind, **options):
        def change(config):
            layer = {"module": "keras.layers", "class_name": kind, "config": {"name": "lookup", **options}}
            config["config"]["layers"].insert(1, layer)

        return read_keras(with_config(change)).vocabulary

    assert lookup("TextVectorization", vocabulary=symbols) == ("<pad>", "[UNK]", *symbols)
    assert lookup("TextVectorization", vocabulary=["", "[UNK]", *symbols]) == ("<pad>", "[UNK]", *symbols)
    options = {"mask_token": None, "num_oov_indices": 1, "vocabulary": [*symbols, "l"]}
    assert lookup("StringLookup", **options) == ("[UNK]", *symbols, "l")
    assert lookup("StringLookup", **options | {"num_oov_indices": 0, "vocabulary": [*symbols, "l", "m"]})[-1] == "m"
    for wrong in (symbols[1:], None, "file.txt", [1, 2]):
        assert lookup("TextVectorization", vocabulary=wrong) is None


def test_mutations():
    """Damaged files are read as some network, or refused: no other error leaks."""
    rng = random.Random(20)
    accepted = 0
    for number in range(MUTATIONS):
        name = GOLDEN[number % 3]
        data = (
            with_weights(mutated(weights(name), rng), name)
            if number % 2 and name != GOLDEN[2]
            else mutated(keras_file(name), rng)
        )
        try:
            accepted += all(np.isfinite(value).all() for value in read_keras(data).given.values())
        except KerasFileError:
            continue
        except Exception as error:
            raise AssertionError(f"mutation {number} leaks {error!r}") from error
    assert 0 < accepted < MUTATIONS


def mutated(data: bytes, rng: random.Random) -> bytes:
    """The file after one to three accidents, most of them where its structure is: what is not zero."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 3))):
        place = rng.randrange(len(out))
        while rng.random() < 0.9 and not out[place]:
            place = rng.randrange(len(out))
        size = rng.choice((1, 1, 2, 8))
        out[place : place + size] = rng.choice(
            (rng.randbytes(size), bytes(size), b"\xff" * size, out[max(0, place - size) : place])
        )
    return bytes(out)
