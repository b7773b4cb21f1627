"""Saving a training run and going on with it, bit for bit, in one .safetensors file.

The tensors are the parameters under PyTorch's names, `optimizer.<slot>.<name>`, `state.hidden` and `state.cell`
(what a stateful run carries on) and `task.<name>`, what the task was made of (a text as its UTF-8 bytes). A file of an
encoder-decoder has another format's name, and nothing carried on. All else is one JSON string in the file's metadata.
A file is checked completely before anything is built from it: safetensors itself allows headers of 100 MB and duplicate
keys, so the header is read here first.
"""

import errno
import hashlib
import json
import os
import secrets
import stat
import struct
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from rnn_core.cells import CELLS
from rnn_core.config import ModelConfig, TrainConfig, from_mapping
from rnn_core.encoder_decoder import EncoderDecoder, EncoderDecoderConfig, EncoderDecoderTrainer
from rnn_core.encoder_decoder.network import entries_of
from rnn_core.errors import CheckpointError, ConfigError, InputError
from rnn_core.inputs import check_whole
from rnn_core.model import Model
from rnn_core.optimizers import OPTIMIZERS
from rnn_core.parameters import Entry, layout, to_flat, to_mapping
from rnn_core.tasks import TASKS
from rnn_core.tasks.captions import CAPTIONS
from rnn_core.tasks.pairs import PAIRS
from rnn_core.tasks.saving import from_saved, to_saved
from rnn_core.tasks.speech import SPEECH
from rnn_core.training import Trainer

FORMAT, PAIRS_FORMAT = "rnn-lab 1", "rnn-lab encoder-decoder 1"
NAMES = {"format", "model", "train", "task", "update", "optimizer_updates", "vocabulary", "sha256"}
PAIRS_NAMES = NAMES - {"vocabulary"} | {"forcing"}
MAX_HEADER, MAX_FILE = 1 << 20, 1 << 29
NOT_KEPT = ("threads",)  # of the training's settings: how many there are is a matter of the machine
TYPES = {"F32": "float32", "F64": "float64", "I32": "int32", "U8": "uint8"}  # safetensors' names and NumPy's

Settings = tuple[ModelConfig | EncoderDecoderConfig, TrainConfig]


def save_checkpoint(path: str | os.PathLike[str], trainer: Trainer | EncoderDecoderTrainer) -> None:
    """Write a training run, that of `trainer`, to `path`, atomically: a file that was there stays whole until the
    new one is complete.

    A symbolic link stays one: what it names is written. A file that was there keeps its mode, a new one gets what the
    umask allows. Raises InputError if `path` is no name of a file; OSError where it cannot be written.
    """
    path = Path(os.path.realpath(_named(path)))
    data = dump(trainer)
    mode = path.stat().st_mode if path.exists() else None
    if mode is not None and not stat.S_ISREG(mode):  # a device or a pipe is written to, not replaced; a folder refuses
        path.write_bytes(data)
        return
    name = path.parent / f".{secrets.token_hex(8)}.part"  # short: beside a name of the greatest length
    try:
        with open(name, "xb") as file:
            if mode is not None:
                os.chmod(name, stat.S_IMODE(mode))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        name.unlink(missing_ok=True)
        raise


def load_checkpoint(path: str | os.PathLike[str]) -> Trainer | EncoderDecoderTrainer:
    """The training run saved in `path`, ready to go on as if it had never stopped.

    Raises CheckpointError, saying what is wrong, for whatever is not such a file; InputError if `path` is no name of a
    file; OSError if it cannot be read.
    """
    with open(_named(path), "rb") as file:
        return read_checkpoint(file)


def _named(path: str | os.PathLike[str]) -> str:
    """A path with a name in it. The system's own words for an empty one speak of a folder that nobody named."""
    if isinstance(path, (str, os.PathLike)) and (name := os.fspath(path)):
        if os.path.isdir(name):
            raise IsADirectoryError(
                errno.EISDIR, "path is a folder; expected a file in it, such as network.safetensors", name
            )
        return name
    raise InputError(f"path is {path!r}; expected the name of a file, such as 'network.safetensors'")


def dump(trainer: Trainer | EncoderDecoderTrainer) -> bytes:
    """The bytes of a checkpoint, as `save_checkpoint` writes them."""
    if isinstance(trainer, EncoderDecoderTrainer):
        return _dump_pairs(trainer)
    task, arrays = to_saved(trainer.task)
    tensors = trainer.model.state_dict() | _memory(trainer, trainer.model.layout.entries)
    hidden, cell = trainer.state
    tensors["state.hidden"] = hidden
    if cell is not None:
        tensors["state.cell"] = cell
    tensors |= {f"task.{name}": array for name, array in arrays.items()}
    about = {
        "format": FORMAT,
        "model": asdict(trainer.model.config),
        "train": _kept(trainer.config),
        "task": task,
        "update": trainer.update,
        "optimizer_updates": trainer.optimizer_updates,
        "vocabulary": None if trainer.task.vocabulary is None else list(trainer.task.vocabulary),
    }
    return _sealed(tensors, about)


def _dump_pairs(trainer: EncoderDecoderTrainer) -> bytes:
    network = trainer.network
    about = {
        "format": PAIRS_FORMAT,
        "model": asdict(network.config),
        "train": _kept(trainer.config),
        "task": {"name": trainer.task.name} | asdict(trainer.task),
        "update": trainer.update,
        "optimizer_updates": trainer.optimizer_updates,
        "forcing": trainer.forcing,
    }
    return _sealed(network.state_dict() | _memory(trainer, network.entries), about)


def _kept(config: TrainConfig) -> dict[str, Any]:
    """The settings that change what is computed."""
    return {name: value for name, value in asdict(config).items() if name not in NOT_KEPT}


def _memory(trainer: Trainer | EncoderDecoderTrainer, entries: Sequence[Entry]) -> dict[str, np.ndarray]:
    """The optimiser's memory under the parameters' names."""
    return {
        f"optimizer.{slot}.{name}": value
        for slot in range(OPTIMIZERS[trainer.config.optimizer].slots)
        for name, value in to_mapping(entries, trainer.slots[slot]).items()
    }


def _sealed(tensors: dict[str, np.ndarray], about: dict[str, Any]) -> bytes:
    """The file: with the digest of everything else in its metadata."""
    plain = save(tensors, {"rnn_lab": ""})
    data = plain[8 + struct.unpack("<Q", plain[:8])[0] :]
    about["sha256"] = _digest(about, data)
    return save(tensors, {"rnn_lab": json.dumps(about, allow_nan=False)})


def _digest(about: dict[str, Any], data: bytes) -> str:
    """SHA-256 of the metadata but itself, and of the tensors' bytes: shows a change, does not prove who made it."""
    settings = json.dumps({name: value for name, value in about.items() if name != "sha256"}, sort_keys=True)
    return hashlib.sha256(settings.encode() + data).hexdigest()


def read_checkpoint(file: BinaryIO) -> Trainer | EncoderDecoderTrainer:
    """The training run in a binary file that can seek; CheckpointError, saying what is wrong, for anything else."""
    try:
        return _build(*_read(file))
    except CheckpointError:
        raise
    except (ConfigError, InputError) as error:
        raise CheckpointError(f"the checkpoint does not hold together: {error}") from None
    except (SafetensorError, LookupError, TypeError, ValueError, OverflowError) as error:
        raise CheckpointError(f"the checkpoint is damaged: {type(error).__name__} {str(error)[:200]}") from None


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise CheckpointError("the header names something twice; expected each name once")
    return mapping


def _json(text: bytes | str, what: str, kind: str = "damaged") -> dict[str, Any]:
    try:
        value = json.loads(text, object_pairs_hook=_no_duplicates)
    except (ValueError, RecursionError) as error:
        if isinstance(error, CheckpointError):
            raise
        raise CheckpointError(f"{what} is not JSON: {str(error)[:100]}", kind) from None
    if not isinstance(value, dict):
        raise CheckpointError(f"{what} is a {type(value).__name__}; expected an object")
    return value


def _read(file: BinaryIO) -> tuple[dict[str, np.ndarray], dict[str, Any], Settings]:
    """(tensors, metadata, settings) of a file whose header fits its size, its settings and its digest."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(8)
    length = struct.unpack("<Q", head)[0] if len(head) == 8 else MAX_HEADER + 1
    if size > MAX_FILE or length > min(MAX_HEADER, size - 8):
        raise CheckpointError(
            f"{size} bytes are no .safetensors file of at most {MAX_FILE} bytes with a header of at most {MAX_HEADER}",
            "foreign",
        )
    header_bytes = file.read(length)
    header = _json(header_bytes, "the header", "foreign")
    metadata = header.pop("__metadata__", None)
    if not isinstance(metadata, dict) or not isinstance(metadata.get("rnn_lab"), str):
        raise CheckpointError(
            "the file has no 'rnn_lab' metadata; expected a checkpoint saved by save_checkpoint", "foreign"
        )
    for name, tensor in header.items():
        dtype = tensor.get("dtype") if isinstance(tensor, dict) else None
        if not isinstance(dtype, str) or dtype not in TYPES:
            raise CheckpointError(f"tensor {name[:100]!r} is not of the types {', '.join(TYPES)}")
    about = _json(metadata["rnn_lab"], "the metadata")
    pairs = about.get("format") == PAIRS_FORMAT
    if set(about) != (PAIRS_NAMES if pairs else NAMES) or about["format"] not in (FORMAT, PAIRS_FORMAT):
        given = [str(name)[:50] for name in sorted(about)[:10]]
        raise CheckpointError(f"the metadata have {given}; expected {sorted(NAMES)} of format {FORMAT!r}")
    model: type[ModelConfig | EncoderDecoderConfig] = EncoderDecoderConfig if pairs else ModelConfig
    settings = from_mapping(model, about["model"]), from_mapping(TrainConfig, about["train"], NOT_KEPT)
    _check_header(header, *settings)
    end = max(int(tensor["data_offsets"][1]) for tensor in header.values())
    if size != 8 + length + end:
        raise CheckpointError(f"the file has {size} bytes; its header describes {8 + length + end}", "incomplete")
    data = file.read()
    if about["sha256"] != _digest(about, data):
        raise CheckpointError(
            "the file's SHA-256 does not fit its contents: it was changed after it was saved", "altered"
        )
    return load(head + header_bytes + data), about, settings


def _entries(config: ModelConfig | EncoderDecoderConfig) -> tuple[Entry, ...]:
    """Names and shapes of the parameters."""
    return entries_of(config) if isinstance(config, EncoderDecoderConfig) else layout(config).entries


def _check_header(header: dict[str, Any], config: ModelConfig | EncoderDecoderConfig, training: TrainConfig) -> None:
    """Compare names, types and shapes with what the settings ask for, before a single number is read."""
    entries = _entries(config)
    expected = {entry.name: list(entry.shape) for entry in entries}
    for slot in range(OPTIMIZERS[training.optimizer].slots):
        expected |= {f"optimizer.{slot}.{entry.name}": list(entry.shape) for entry in entries}
    given = {name: tensor.get("shape") for name, tensor in header.items() if not name.startswith(("task.", "state."))}
    if given != expected:
        wrong = [n[:100] for n in sorted(set(given) | set(expected)) if given.get(n) != expected.get(n)]
        raise CheckpointError(f"tensors {wrong[:5]} are missing, unknown or of another shape than the settings say")
    for name, tensor in header.items():
        if not name.startswith("task.") and TYPES[tensor["dtype"]] != config.dtype:
            raise CheckpointError(f"tensor {name[:100]!r} is {tensor['dtype']}; the settings say {config.dtype}")


def _build(
    tensors: dict[str, np.ndarray], about: dict[str, Any], settings: Settings
) -> Trainer | EncoderDecoderTrainer:
    config, training = settings
    update = check_whole("update", about["update"], 0, 2**53)
    optimizer_updates = check_whole("optimizer_updates", about["optimizer_updates"], 0, update)
    if isinstance(config, EncoderDecoderConfig):
        return _build_pairs(tensors, about, config, training, update, optimizer_updates)
    arrays = {name.removeprefix("task."): tensors.pop(name) for name in list(tensors) if name.startswith("task.")}
    task = from_saved(TASKS | SPEECH | CAPTIONS, about["task"], arrays)
    if about["vocabulary"] != (None if task.vocabulary is None else list(task.vocabulary)):
        raise CheckpointError("the vocabulary is not the task's")
    state = {name: tensors.pop(name) for name in list(tensors) if name.startswith("state.")}
    shape = (config.num_layers * config.directions, task.batch_size, config.hidden_size)
    needed = {"state.hidden", "state.cell"} if CELLS[config.cell].has_cell else {"state.hidden"}
    if set(state) != needed or any(value.shape != shape for value in state.values()):
        raise CheckpointError(
            f"the carried state has {sorted(n[:50] for n in state)}; expected {sorted(needed)} of {shape}"
        )
    if not all(np.isfinite(value).all() for value in state.values()):
        raise CheckpointError("the carried state holds values that are not finite")
    memory = _remembered(tensors, config, training)
    model = Model(config)
    model.load_state_dict(tensors)
    trainer = Trainer(model, task, training)
    trainer.restore(update, optimizer_updates, memory, state["state.hidden"], state.get("state.cell"))
    return trainer


def _build_pairs(
    tensors: dict[str, np.ndarray],
    about: dict[str, Any],
    config: EncoderDecoderConfig,
    training: TrainConfig,
    update: int,
    optimizer_updates: int,
) -> EncoderDecoderTrainer:
    task = dict(about["task"]) if isinstance(about["task"], dict) else {}
    kind = PAIRS.get(str(task.pop("name", "")))
    if kind is None or set(task) != {field.name for field in fields(kind)}:
        raise CheckpointError(
            f"task is {str(about['task'])[:100]}; expected one of {', '.join(PAIRS)} and its settings"
        )
    memory = _remembered(tensors, config, training)
    network = EncoderDecoder(config)
    network.load_state_dict(tensors)
    trainer = EncoderDecoderTrainer(network, kind(**task), training, about["forcing"])
    trainer.restore(update, optimizer_updates, memory)
    return trainer


def _remembered(
    tensors: dict[str, np.ndarray], config: ModelConfig | EncoderDecoderConfig, training: TrainConfig
) -> list[np.ndarray]:
    """The optimiser's memory, a flat array for each slot, taken out of the tensors."""
    entries, optimizer = _entries(config), OPTIMIZERS[training.optimizer]
    memory = []
    for slot in range(optimizer.slots):
        mapping = {entry.name: tensors.pop(f"optimizer.{slot}.{entry.name}") for entry in entries}
        memory.append(to_flat(entries, mapping, config.dtype, f"optimizer.{slot}"))
    if optimizer.squares is not None and memory[optimizer.squares].min() < 0:
        raise CheckpointError(f"optimizer.{optimizer.squares} holds a negative mean of squares")
    return memory
