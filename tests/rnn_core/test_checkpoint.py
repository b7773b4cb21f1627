"""Checkpoints: training goes on bit for bit; whatever is not such a file is refused with one exception.

CHECKPOINT_MUTATIONS in the environment sets how many damaged files the fuzz tries.
"""

import io
import json
import os
import random
import stat
import struct
import threading
import tracemalloc

import numpy as np
import pytest
from damage import about_of, altered, joined, mutated, parts, rearranged, sealed, with_about
from reference import GATES
from safetensors.numpy import load, save_file

from rnn_core import (
    OPTIMIZERS,
    CheckpointError,
    Model,
    ModelConfig,
    TrainConfig,
    Trainer,
    load_checkpoint,
    save_checkpoint,
)
from rnn_core.checkpoint import read_checkpoint
from rnn_core.tasks import TASKS, FixedBatches

MUTATIONS = int(os.environ.get("CHECKPOINT_MUTATIONS", "2000"))
TEXT = "it was the best of times, it was the worst of times. " * 4


def trainer_on(task, cell="lstm", dtype="float32", seed=4, **settings) -> Trainer:
    sizes = {"input_size": task.input_size, "hidden_size": 4, "output_size": task.output_size}
    config = ModelConfig(cell, **sizes, output=task.output, loss=task.loss, dtype=dtype, seed=seed)
    return Trainer(Model(config), task, TrainConfig(**settings))


def text_trainer(cell="lstm", text=TEXT, **settings) -> Trainer:
    return trainer_on(TASKS["text"](text=text, sequence_length=6, batch_size=2), cell, **settings)


def bits(trainer: Trainer, updates: int) -> bytes:
    """Every bit of what the next updates measure and leave behind."""
    history = trainer.step(updates)
    arrays = [
        history.update,
        history.loss,
        history.grad_norm,
        history.clip_factor,
        *trainer.model.state_dict().values(),
    ]
    return b"".join(np.asarray(a).tobytes() for a in arrays)


def assert_resumes(trainer: Trainer, path) -> Trainer:
    trainer.step(7)
    save_checkpoint(path, trainer)
    resumed = load_checkpoint(path)
    assert resumed.model.config == trainer.model.config
    assert resumed.config == trainer.config
    assert resumed.update == 7
    assert resumed.task.vocabulary == trainer.task.vocabulary
    assert resumed.evaluate() == trainer.evaluate()
    assert bits(resumed, 9) == bits(trainer, 9)
    return resumed


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("cell", GATES)
def test_going_on_bit_for_bit(cell, optimizer, tmp_path):
    assert_resumes(text_trainer(cell, optimizer=optimizer, learning_rate=0.02), tmp_path / "run.safetensors")


@pytest.mark.parametrize(
    "settings",
    [
        {"stateful": True, "clip_norm": 0.1},
        {"stateful": True, "truncate": 2, "truncation": "chunked", "dtype": "float64"},
        {"truncate": 3, "clip_value": 0.01, "eps": 1e-3, "beta1": 0.5, "seed": 77},
    ],
    ids=str,
)
def test_going_on_with_other_settings(settings, tmp_path):
    assert_resumes(text_trainer(**settings), tmp_path / "run.safetensors")


@pytest.mark.parametrize("name", TASKS)
def test_every_task(name, tmp_path):
    assert_resumes(trainer_on(TASKS[name](), "gru"), tmp_path / "run.safetensors")


def test_given_batches(tmp_path):
    rng = np.random.default_rng(0)
    batches = [(rng.uniform(size=(3, 2, 2)), rng.uniform(size=(2, 1)), np.array([1.0, 0.5])) for _ in range(3)]
    assert_resumes(trainer_on(FixedBatches(batches), "rnn_tanh"), tmp_path / "run.safetensors")


@pytest.mark.parametrize(
    "text",
    [
        "\ud800\udfff lone \udc80 surrogates " * 3,
        "\x00\x01 NUL \x00\x7f" * 4,
        "\ufeffBOM \u202eabc\u202c bidi " * 3,
        "字" * 9 + "好" * 9,
    ],
    ids=["surrogates", "NUL", "BOM and bidi", "Chinese"],
)
def test_any_text(text, tmp_path):
    resumed = assert_resumes(text_trainer(text=text), tmp_path / "run.safetensors")
    assert resumed.task.text == text


def test_changed_on_the_way(tmp_path):
    """A new optimiser in the middle of a run: its own count of updates goes along."""
    trainer = text_trainer(optimizer="sgd")
    trainer.step(3)
    trainer.configure(optimizer="adam", learning_rate=0.02)
    trainer.step(2)
    save_checkpoint(tmp_path / "a", trainer)
    assert bits(load_checkpoint(tmp_path / "a"), 5) == bits(trainer, 5)


def test_saving_and_loading_change_nothing(tmp_path):
    watched, alone = text_trainer(), text_trainer()
    for _ in range(4):
        watched.step(3)
        save_checkpoint(tmp_path / "a", watched)
        load_checkpoint(tmp_path / "a").step(2)
    alone.step(12)
    assert bits(watched, 5) == bits(alone, 5)


def test_a_plain_safetensors_file_with_pytorch_names(tmp_path):
    trainer = text_trainer()
    save_checkpoint(tmp_path / "a", trainer)
    tensors = load((tmp_path / "a").read_bytes())
    for name, value in trainer.model.state_dict().items():
        assert np.array_equal(tensors[name], value), name


def test_a_failed_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "run.safetensors"
    save_checkpoint(path, text_trainer())
    before = path.read_bytes()

    def fail(*paths):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    trainer = text_trainer()
    trainer.step(3)
    with pytest.raises(OSError, match="disk full"):
        save_checkpoint(path, trainer)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["run.safetensors"]


# Saved as an editor saves

POSIX = pytest.mark.skipif(os.name != "posix", reason="modes and links are POSIX")


@POSIX
@pytest.mark.parametrize("umask", [0o022, 0o002, 0o077])
def test_a_new_file_has_the_mode_that_the_umask_allows(tmp_path, umask):
    before = os.umask(umask)
    try:
        save_checkpoint(tmp_path / "a", text_trainer())
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o666 & ~umask


@POSIX
def test_a_file_that_was_there_keeps_its_mode(tmp_path):
    (tmp_path / "a").touch()
    (tmp_path / "a").chmod(0o640)
    save_checkpoint(tmp_path / "a", text_trainer())
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640 and load_checkpoint(tmp_path / "a").update == 0


@POSIX
@pytest.mark.parametrize("there", [True, False])
def test_a_symbolic_link_stays_one(tmp_path, there):
    (tmp_path / "runs").mkdir()
    if there:
        (tmp_path / "runs" / "best").write_bytes(b"before")
    (tmp_path / "link").symlink_to("runs/best")
    save_checkpoint(tmp_path / "link", text_trainer())
    assert (tmp_path / "link").is_symlink() and not (tmp_path / "runs" / "best").is_symlink()
    assert load_checkpoint(tmp_path / "runs" / "best").update == 0
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["best", "link", "runs"]


@pytest.mark.parametrize("length", [250, 255])
def test_a_name_as_long_as_names_can_be(tmp_path, length):
    save_checkpoint(tmp_path / ("n" * length), text_trainer())
    assert [len(path.name) for path in tmp_path.iterdir()] == [length]


@POSIX
def test_a_pipe_is_written_to_and_a_folder_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    trainer, read = text_trainer(), []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    save_checkpoint(tmp_path / "pipe", trainer)
    reader.join()
    assert read_checkpoint(io.BytesIO(read[0])).update == 0
    with pytest.raises(IsADirectoryError):
        save_checkpoint(tmp_path, trainer)


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
