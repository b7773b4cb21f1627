"""Files that are no network of PyTorch's, or none that fits here: refused by name, before they cost anything.

CHECKPOINT_MUTATIONS in the environment sets how many damaged files the fuzz tries.
"""

import argparse
import io
import os
import random
import struct
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from checkpoints import text_trainer
from damage import joined, mutated, parts
from pytorch_files import network, safetensors_file, torch_file
from torch import nn

from rnn_core.checkpoint import dump
from rnn_core.pytorch import PyTorchFileError, read_pytorch
from rnn_core.pytorch.refusals import REASONS

MUTATIONS = int(os.environ.get("CHECKPOINT_MUTATIONS", "2000"))


def refused(data: bytes, kind: str) -> str:
    """The message, short and printable, of a file that is refused for this reason."""
    with pytest.raises(PyTorchFileError) as error:
        read_pytorch(data)
    message = str(error.value)
    assert error.value.kind == kind, message
    assert len(message) < 700 and message.isprintable()
    return message


class Runs:
    """What an unpickler would call."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def archive(pickle: bytes, compression=zipfile.ZIP_STORED, **members) -> bytes:
    """A file as of torch.save, with this pickle."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as made:
        for name, content in {"data.pkl": pickle, "version": b"3", **members}.items():
            made.writestr(f"archive/{name}", content)
    return file.getvalue()


@pytest.mark.parametrize(("content", "found"), [(torch.zeros(3), "Tensor"), ([1, 2], "list"), ({"loss": 0.5}, "loss")])
def test_what_is_no_state_dict_is_called_by_its_name(content, found):
    assert f"(found: {found})" in refused(torch_file(content), "nothing")


@pytest.mark.parametrize("place", ["alone", "beside", "as a value"])
def test_code_is_named_and_never_run(place, tmp_path):
    trap = tmp_path / "trap"
    evil = Runs(os.system, f"touch {trap}")
    state = network().state_dict()
    content = {"alone": evil, "beside": {"model": state, "x": evil}, "as a value": {**state, "x": evil}}[place]
    assert "system" in refused(torch_file(content), "code")
    assert "eval" in refused(torch_file([Runs(eval, "1/0")]), "code")
    assert not trap.exists()


@pytest.mark.parametrize(
    "pickle", [b"(S'true'\nios\nsystem\n.", b"(cos\nsystem\nS'true'\no.", b"\x80\x02ccopyreg\n_reconstructor\n.",
               b"\x80\x02\x82\x01.", b"\x80\x04ccollections\nOrderedDict\n)\x81.", b"\x80\x05C\x01a."]
)  # fmt: skip
def test_other_opcodes_are_refused(pickle):
    refused(archive(pickle), "code")


def test_a_whole_module_is_named():
    assert "pytorch_files.Network" in refused(torch_file(network()), "code")
    assert "argparse.Namespace" in refused(torch_file({"a": argparse.Namespace()}), "code")


NESTED = b")" + b"q\x00h\x00\x86" * 60  # a tuple of itself twice, 60 times over
COSTLY = {
    "a tuple of itself": NESTED + b".",
    "as a key, whose hash would take for ever": b"}" + NESTED + b"K\x01s.",
    "a place of the memo beyond all memory": b")r\xff\xff\xff\xff.",
    "a dict in itself": b"}q\x00X\x01\x00\x00\x00ah\x00s.",
    "a list many times": b"]" + b"]q\x00h\x00a" * 20_000 + b"e" * 10 + b".",
    "a text of 4 GB": b"X\xff\xff\xff\xffa.",
    "marks": b"(" * 100_000 + b"t" * 100_000 + b".",
    "lists": b"]" * 100_000 + b"a" * 99_999 + b".",
    "a number": b"\x8a\xff" + b"9" * 9 + b".",
    "open": b"(((",
    "nothing": b".",
    "two": b"K\x01K\x02.",
    "a call of nothing": b"R.",
    "an empty place of the memo": b"h\x05.",
    "build": b"}b.",
}


@pytest.mark.parametrize("case", COSTLY)
def test_pickles_that_would_cost_more_than_they_are_long(case):
    tracemalloc.start()
    try:
        with pytest.raises(PyTorchFileError) as error:
            read_pytorch(archive(b"\x80\x02" + COSTLY[case]))
        assert error.value.kind in ("damaged", "nothing")
        assert tracemalloc.get_traced_memory()[1] < 100 << 20
    finally:
        tracemalloc.stop()


def tensor_pickle(offset, shape, strides, count=4, key="0") -> bytes:
    """A pickle of one tensor under the name of a recurrent weight, its numbers of any size."""

    def text(words):
        return b"X" + struct.pack("<I", len(words)) + words.encode()

    def several(numbers):
        return b"(" + b"".join(b"\x8a\x10" + number.to_bytes(16, "little", signed=True) for number in numbers) + b"t"

    storage = b"(" + text("storage") + b"ctorch\nFloatStorage\n" + text(key) + text("cpu") + several([count])[1:] + b"Q"
    tensor = b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + several([offset])[1:-1] + several(shape)
    return b"\x80\x02}" + text("rnn.weight_hh_l0") + tensor + several(strides) + b"\x89NtRs."


@pytest.mark.parametrize(
    "arguments",
    [
        (0, (2, 3), (3, 1)), (1, (2, 2), (2, 1)), (-1, (2, 2), (2, 1)), (0, (2, 2), (-2, 1)), (0, (-2, 2), (2, 1)),
        (0, (10**6, 10**6), (0, 0)), (0, (2, 2), (2,)), (0, (2**62, 4), (0, 1)), (10**18, (0, 2), (2, 1)),
        (0, (2, 2), (10**18, 1)), (0, (2, 2), (2, 1), 5), (0, (2, 2), (2, 1), 4, "../../version"),
        (0, (1,) * 70, (1,) * 70),
    ],
)  # fmt: skip
def test_tensors_that_are_not_within_their_storage(arguments):
    numbers = {"data/0": np.arange(4, dtype=np.float32).tobytes()}
    refused(archive(tensor_pickle(0, (2, 2), (2, 1)), **numbers), "missing")  # that one is
    refused(archive(tensor_pickle(*arguments), **numbers), "damaged")


def test_archives():
    state = network().state_dict()
    good = torch_file(state)
    refused(archive(b"\x80\x02}.", **{"code/a.py": b""}), "torchscript")
    refused(archive(b"\x80\x02}.", **{"constants.pkl": b""}), "torchscript")
    refused(archive(b"\x80\x02}." + b" " * (1 << 21)), "damaged")
    bomb = archive(b"\x80\x02}.", zipfile.ZIP_DEFLATED, **{"data/0": b"\0" * (1 << 20)})
    assert len(bomb) < 20_000
    refused(bomb, "damaged")  # nothing in a file of torch.save is compressed
    many = archive(b"\x80\x02}.", **{f"{number:0250}": b"" for number in range(15_000)})
    refused(many, "damaged")  # a directory of more than 4 MB
    refused(good[:-400], "damaged")
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as made:
        made.writestr("words.txt", "a")
    refused(other.getvalue(), "unknown")
    with zipfile.ZipFile(other, "a") as made:
        made.writestr("model.weights.h5", "a")
    refused(other.getvalue(), "keras")
    refused(b"\x89HDF\r\n\x1a\n" + b"\0" * 50, "keras")
    old = io.BytesIO()
    torch.save(state, old, _use_new_zipfile_serialization=False)
    refused(old.getvalue(), "old")
    for junk in (b"", b"PK", b"\0" * 100, b"hello world, how are you?"):
        with pytest.raises(PyTorchFileError):
            read_pytorch(junk)


def test_big_endian_is_turned():
    state = network().state_dict()
    with zipfile.ZipFile(io.BytesIO(torch_file(state))) as made:
        names = {name.removeprefix("archive/"): made.read(name) for name in made.namelist()}
    turned = {
        name: np.frombuffer(data, "<f4").astype(">f4").tobytes() if name.startswith("data/") else data
        for name, data in names.items()
    }
    given = read_pytorch(archive(turned.pop("data.pkl"), **turned | {"byteorder": b"big"})).given
    assert np.array_equal(given["weight_hh_l0"], state["rnn.weight_hh_l0"])


def test_safetensors():
    good = safetensors_file(network().state_dict())
    header, numbers = parts(good)
    refused(dump(text_trainer()), "ours")
    for length in (2**63, len(good), 1 << 21):
        refused(struct.pack("<Q", length) + good[8:], "damaged")
    name = next(name for name in header if name != "__metadata__")
    for change in ({"shape": [10**9, 10**9]}, {"data_offsets": [0, 2**60]}, {"dtype": "F99"}, {"shape": None}):
        refused(joined(header | {name: header[name] | change}, numbers), "damaged")
    refused(joined("{" + '"a":{' * 5000, b""), "damaged")
    refused(joined("[]", b"") + b"{", "unknown")


class Holder(nn.Module):
    """Layers by name."""

    def __init__(self, **layers):
        super().__init__()
        for name, layer in layers.items():
            self.add_module(name, layer)


def lstm(**options):
    return nn.LSTM(6, 5, **options)


REFUSED = {
    "projection": (lambda: Holder(rnn=lstm(proj_size=3), fc=nn.Linear(3, 6)), "rnn.weight_hr_l0"),
    "normalisation": (lambda: Holder(rnn=lstm(), norm=nn.LayerNorm(5), fc=nn.Linear(5, 6)), "norm.weight"),
    "batch norm": (lambda: Holder(norm=nn.BatchNorm1d(5, affine=False), rnn=lstm(), fc=nn.Linear(5, 6)), "norm."),
    "convolution": (lambda: Holder(conv=nn.Conv1d(6, 6, 3), rnn=lstm(), fc=nn.Linear(5, 6)), "conv.weight"),
    "attention": (lambda: Holder(rnn=lstm(), attn=nn.MultiheadAttention(5, 1), fc=nn.Linear(5, 6)), "attn."),
    "several_layers": (lambda: Holder(encoder=lstm(), decoder=lstm(), fc=nn.Linear(5, 6)), "encoder"),
    "several_linear": (lambda: Holder(rnn=lstm(), fc1=nn.Linear(5, 5), fc2=nn.Linear(5, 6)), "fc1.weight, fc2.weight"),
    "three": (lambda: Holder(a=nn.Linear(6, 6), rnn=lstm(), b=nn.Linear(5, 5), c=nn.Linear(5, 6)), "a.weight"),
    "no_linear": (lambda: Holder(rnn=lstm()), "5"),
    "other width": (lambda: Holder(rnn=lstm(), fc=nn.Linear(7, 6)), "fc.weight"),
    "cells": (lambda: Holder(cell=nn.LSTMCell(6, 5), fc=nn.Linear(5, 6)), "cell.weight_ih"),
    "nothing": (lambda: Holder(fc=nn.Linear(5, 6)), "fc.weight"),
    "layers": (lambda: Holder(rnn=lstm(num_layers=5), fc=nn.Linear(5, 6)), "num_layers"),
    "units": (lambda: Holder(rnn=nn.RNN(2, 1025), fc=nn.Linear(1025, 2)), "hidden_size"),
    "embedding": (lambda: Holder(emb=nn.Embedding(9, 4), rnn=lstm(), fc=nn.Linear(5, 9)), "(9, 4)"),
}
KINDS = {"batch norm": "normalisation", "three": "several_linear", "other width": "no_linear", "layers": "size",
         "units": "size", "embedding": "shape"}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_networks_that_do_not_fit_are_refused_by_name(case):
    make, words = REFUSED[case]
    for data in (torch_file(make().state_dict()), safetensors_file(make().state_dict())):
        assert words in refused(data, KINDS.get(case, case))


def changed(**tensors) -> dict:
    """A good state dict with some entries replaced, by names with _ in place of the first dot; None takes one out."""
    state = dict(network().state_dict())
    for name, value in tensors.items():
        state[name.replace("_", ".", 1)] = value
    return {name: value for name, value in state.items() if value is not None}


CHANGED = {
    "missing": (dict(rnn_weight_ih_l0=None), "rnn.weight_ih_l0"),
    "a bias": (dict(rnn_bias_hh_l0=None), "rnn.bias_hh_l0"),
    "shape": (dict(rnn_weight_ih_l0=torch.zeros(19, 6)), "(19, 6)"),
    "rows": (dict(rnn_weight_hh_l0=torch.zeros(10, 5)), "(10, 5)"),
    "one axis": (dict(rnn_weight_hh_l0=torch.zeros(10)), "(10,)"),
    "none": (dict(rnn_weight_hh_l0=torch.zeros(0, 0)), "(0, 0)"),
    "of the bias": (dict(fc_bias=torch.zeros(7)), "(7,)"),
    "type": (dict(rnn_weight_hh_l0=torch.zeros(20, 5, dtype=torch.int64)), "rnn.weight_hh_l0"),
    "not_finite": (dict(fc_weight=torch.full((6, 5), float("nan"))), "fc.weight"),
    "too much": (dict(fc_weight=torch.full((6, 5), 1e300, dtype=torch.float64)), "finite"),
    "foreign": (dict(h0_start=torch.zeros(1, 1, 5)), "h0.start"),
    "no layer": ({"rnn_weight_hh_l9": torch.zeros(20, 5)}, "rnn.weight_hh_l1"),
}
WHY = {"a bias": "missing", "rows": "shape", "one axis": "shape", "none": "shape", "of the bias": "shape",
       "too much": "not_finite", "no layer": "missing"}  # fmt: skip


@pytest.mark.parametrize("case", CHANGED)
def test_state_dicts_that_do_not_hold_together(case):
    tensors, words = CHANGED[case]
    assert words in refused(torch_file(changed(**tensors)), WHY.get(case, case))


def test_several_state_dicts_are_named():
    state = network().state_dict()
    assert "best, last" in refused(torch_file({"best": state, "last": dict(state)}), "several_dicts")


def test_names_are_printable_and_short():
    state = dict(network().state_dict())
    refused(torch_file({**state, "\n\x1b[2J" + "x" * 5000: torch.zeros(3)}), "foreign")
    refused(torch_file({**state, **{f"fc{n}.weight": torch.zeros(6, 5) for n in range(99)}}), "several_linear")


def test_mutations():
    """Damaged files are read as some network, or refused: no other error leaks, and none costs more than a good one."""
    rng = random.Random(20)
    good = (
        torch_file(network(embedding=3).state_dict()),
        safetensors_file(network(kind="gru").state_dict()),
    )
    accepted = 0
    for number in range(MUTATIONS):
        data = _damaged(good[number % 2], rng, number % 4)
        try:
            accepted += all(np.isfinite(value).all() for value in read_pytorch(data).given.values())
        except PyTorchFileError:
            continue
        except Exception as error:
            raise AssertionError(f"mutation {number} leaks {error!r}") from error
    assert accepted < MUTATIONS / 2


def _damaged(data: bytes, rng: random.Random, way: int) -> bytes:
    """An accident anywhere; every other time in the pickle alone, with the archive made right again."""
    if way != 2:
        return mutated(data, rng) if way % 2 else _mutated_archive(data, rng)
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        names = {name.removeprefix("archive/"): made.read(name) for name in made.namelist()}
    pickle = struct.pack("<Q", 4) + names.pop("data.pkl")
    return archive(mutated(pickle, rng)[8:], **names)


def _mutated_archive(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + rng.randbytes(rng.choice((0, 1, 4))) + data[at + rng.choice((0, 1, 4)) :]


def test_every_reason_is_tested():
    source = Path(__file__).read_text(encoding="utf-8")
    assert [kind for kind in REASONS if f'"{kind}"' not in source and kind != "too_large"] == []
