"""Checkpoints that are refused: cut, changed, foreign, huge; with one exception, before they cost anything.

CHECKPOINT_MUTATIONS in the environment sets how many damaged files the fuzz tries.
"""

import json
import os
import random
import struct
import tracemalloc

import numpy as np
import pytest
from checkpoints import text_trainer
from damage import about_of, altered, joined, mutated, parts, rearranged, sealed, with_about
from safetensors.numpy import save_file

from rnn_core import (
    CheckpointError,
    Trainer,
    load_checkpoint,
    save_checkpoint,
)

MUTATIONS = int(os.environ.get("CHECKPOINT_MUTATIONS", "2000"))


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("good") / "a"
    trainer = text_trainer("gru")
    trainer.step(2)
    save_checkpoint(path, trainer)
    return path.read_bytes()


def refused(path, data: bytes) -> str:
    path.write_bytes(data)
    with pytest.raises(CheckpointError) as error:
        load_checkpoint(path)
    return str(error.value)


def test_every_truncation_is_refused(good, tmp_path):
    for length in [*range(0, len(good), 37), len(good) - 1]:
        assert len(refused(tmp_path / "a", good[:length])) < 1000


def test_foreign_files_are_refused(good, tmp_path):
    for data in (b"", b"PK\x03\x04" * 99, b"\x80\x04K\x01.", b"{}", b"\x00" * 1000, b"\xff" * 1000, good + b"x"):
        refused(tmp_path / "a", data)
    save_file({"weight_ih_l0": np.zeros((3, 3), np.float32)}, tmp_path / "b", metadata={"format": "pt"})
    refused(tmp_path / "a", (tmp_path / "b").read_bytes())


def test_huge_header_is_refused_before_it_is_read(good, tmp_path):
    for length in (2**63, 2**40, len(good)):
        refused(tmp_path / "a", struct.pack("<Q", length) + good[8:])
    blank = b"{" + b" " * 20_000_000 + b"}"
    refused(tmp_path / "a", struct.pack("<Q", len(blank)) + blank)


def test_oversized_file_is_refused_unread(tmp_path):
    path = tmp_path / "a"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # sparse: costs no disk
    with pytest.raises(CheckpointError, match=r"\d"):
        load_checkpoint(path)


def test_refused_before_it_costs_memory(good, tmp_path):
    """A file with the right beginning and 200 MB more than it should have."""
    path = tmp_path / "a"
    with path.open("wb") as file:
        file.write(good)
        file.truncate(200_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(CheckpointError):
            load_checkpoint(path)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_changed_number_is_refused(good, tmp_path):
    """One bit of any tensor turned over: the first bit of its first number, and of its last."""
    header, numbers = parts(good)
    for name, tensor in header.items():
        if name != "__metadata__":
            begin, end = tensor["data_offsets"]
            for at in (begin, end - 4 if tensor["dtype"] == "F32" else end - 1):
                damaged = bytearray(numbers)
                damaged[at] ^= 1
                refused(tmp_path / "a", joined(header, bytes(damaged)))


def test_negative_second_moments_are_refused(good, tmp_path):
    """Adam's v is a mean of squares; the root of a negative one would be a parameter that is no number."""
    header, numbers = parts(good)
    start = header["optimizer.1.weight_ih_l0"]["data_offsets"][0]
    damaged = numbers[:start] + np.float32(-1.0).tobytes() + numbers[start + 4 :]
    refused(tmp_path / "a", sealed(header, damaged))


def test_names_given_twice_are_refused(good, tmp_path):
    header, numbers = parts(good)
    text = json.dumps(header)
    name = "weight_ho"
    twice = text[:-1] + f', "{name}": ' + json.dumps(header[name]) + "}"
    refused(tmp_path / "a", joined(twice, numbers))
    key, about = about_of(header)
    header["__metadata__"][key] = json.dumps(about)[:-1] + ', "update": 1}'
    refused(tmp_path / "a", joined(header, numbers))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_are_refused(good, value, tmp_path):
    header, numbers = parts(good)
    tensors = [name for name, t in header.items() if name != "__metadata__" and t["dtype"] == "F32"]
    assert len(tensors) > 10
    for name in tensors:
        start = header[name]["data_offsets"][0]
        damaged = numbers[:start] + np.float32(value).tobytes() + numbers[start + 4 :]
        assert "finite" in refused(tmp_path / "a", sealed(header, damaged))


@pytest.mark.parametrize(
    ("group", "name", "value"),
    [
        ("model", "cell", "rnn_tanh"),
        ("model", "hidden_size", 5),
        ("model", "hidden_size", 10**9),
        ("model", "hidden_size", [4]),
        ("model", "num_layers", 2),
        ("model", "bias", False),
        ("model", "bidirectional", True),
        ("model", "dtype", "float64"),
        ("model", "input_size", 60_000),
        ("train", "optimizer", "sgd"),
        ("train", "optimizer", ["adam"]),
        ("train", "learning_rate", float("nan")),
        ("train", "learning_rate", 10**400),
        ("train", "momentum", None),
        ("train", "stateful", "yes"),
        ("train", "unknown", 1),
    ],
)
def test_settings_that_do_not_fit_are_refused(good, group, name, value, tmp_path):
    def change(about):
        about[group][name] = value

    message = refused(tmp_path / "a", with_about(good, change))
    assert len(message) < 2000


@pytest.mark.parametrize("depth", [50, 300, 600, 900, 950, 990, 5000])
def test_deep_nesting_is_refused(good, depth, tmp_path):
    header, numbers = parts(good)
    key, about = about_of(header)
    deep = "[" * depth + "]" * depth
    header["__metadata__"][key] = json.dumps(about | {"vocabulary": "deep"}).replace('"deep"', deep)
    refused(tmp_path / "a", joined(header, numbers))
    refused(tmp_path / "a", joined(json.dumps(header | {"deep": "deep"}).replace('"deep"', deep), numbers))


@pytest.mark.parametrize("value", [None, [], {}, "x", -1, 0.5, True, 10**30, [[]], {"a": {}}])
def test_any_setting_replaced(good, value, tmp_path):
    """Each top-level entry and each entry of the groups replaced: loads as something valid, or is refused."""
    about = about_of(parts(good)[0])[1]
    places = [(name,) for name in about]
    places += [(name, inner) for name, entry in about.items() if isinstance(entry, dict) for inner in entry]
    assert len(places) > 25
    for place in places:

        def change(settings, place=place):
            for key in place[:-1]:
                settings = settings[key]
            settings[place[-1]] = value

        assert_loads_or_refuses(tmp_path / "a", with_about(good, change))


@pytest.mark.parametrize("value", [None, [], {}, "x", -1, 0.5, True, 10**30, [[]], ["F32"], [-1, 4], [0, 2**63]])
def test_any_entry_of_the_header_replaced(good, value, tmp_path):
    header, numbers = parts(good)
    for name in header:
        assert_loads_or_refuses(tmp_path / "a", sealed(header | {name: value}, numbers))
        for inner in header[name]:
            changed = header | {name: header[name] | {inner: value}}
            assert_loads_or_refuses(tmp_path / "a", sealed(changed, numbers))


def assert_loads_or_refuses(path, data: bytes) -> bool:
    """Whether the file was accepted; then it is a run with finite parameters, from which training can go on."""
    path.write_bytes(data)
    try:
        trainer = load_checkpoint(path)
    except CheckpointError:
        return False
    assert isinstance(trainer, Trainer)
    assert all(np.isfinite(value).all() for value in trainer.model.state_dict().values())
    history = trainer.step(1)
    assert len(history.loss) == 1 or history.diverged
    return True


def test_mutations(good, tmp_path):
    """Damaged files either load or are refused with CheckpointError: no other exception, and no warning, leaks."""
    rng = random.Random(20)
    accepted = 0
    for number in range(MUTATIONS):
        data = (mutated, rearranged, altered)[number % 3](good, rng)
        try:
            accepted += assert_loads_or_refuses(tmp_path / "a", data)
        except Exception as error:
            (tmp_path / "leak").write_bytes(data)
            raise AssertionError(f"mutation {number} leaks {error!r}; the file is {tmp_path / 'leak'}") from error
    assert accepted < MUTATIONS / 2
