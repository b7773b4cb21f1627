"""Checkpoints: training goes on bit for bit; a file is written whole or not at all."""

import io
import os
import stat
import threading
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from checkpoints import text_trainer, trainer_on
from reference import GATES
from safetensors.numpy import load

from rnn_core import (
    OPTIMIZERS,
    ConfigError,
    InputError,
    ModelConfig,
    Trainer,
    load_checkpoint,
    save_checkpoint,
)
from rnn_core.checkpoint import read_checkpoint
from rnn_core.config import LATER, from_mapping
from rnn_core.tasks import TASKS, FixedBatches


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


def test_a_file_of_before_a_setting_was_added_means_its_default():
    trainer = text_trainer()
    for config in (trainer.model.config, trainer.config):
        settings = {name: value for name, value in asdict(config).items() if name not in LATER}
        assert from_mapping(type(config), settings) == config
    settings = asdict(trainer.model.config)
    with pytest.raises(ConfigError, match="settings have the names"):
        from_mapping(ModelConfig, settings | {"unheard": 1})
    del settings["seed"]
    with pytest.raises(ConfigError, match="settings have the names"):
        from_mapping(ModelConfig, settings)


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
@pytest.mark.parametrize("path", ["", None, 5, Path()])
def test_what_is_no_name_of_a_file_is_refused(path):
    error, words = (
        (IsADirectoryError, "path is a folder") if path == Path() else (InputError, f"path is {path!r}; expected")
    )
    for use in (lambda: save_checkpoint(path, text_trainer()), lambda: load_checkpoint(path)):
        with pytest.raises(error, match=words):
            use()


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
