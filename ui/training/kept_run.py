"""A run as one compressed file: its checkpoint and its record, with which any server goes on, bit for bit.

gzip of: the length of the JSON (8 bytes, little-endian), the JSON, the checkpoint (rnn_core/checkpoint.py). A file
comes back from a browser, so everything in it is checked before a run is made of it.
"""

import base64
import binascii
import io
import json
import math
import struct
import zlib
from dataclasses import asdict, replace
from typing import Any, NamedTuple

import numpy as np

from rnn_core import CheckpointError, ModelConfig, TrainConfig, Trainer
from rnn_core.checkpoint import NOT_KEPT, dump, read_checkpoint
from rnn_core.config import from_mapping
from rnn_core.errors import ConfigError, InputError
from ui.training.history import Curve, Points, Record, Sample, Samples
from ui.training.model_history import Change
from ui.training.run import Run, training_of
from ui.training.snapshot import Parent, SampleChoice, Trial
from ui.training.weights import MATRICES, VALUES, NewWeights

FORMAT = "rnn-lab run 2"
LEVEL = 1  # of gzip: most of a file is weights, which hardly shrink
LARGE = 2**20  # bytes: what is larger is left as it is, since 7% less would take 20 times as long
MOST_FACTS, MOST_BYTES = 2**20, 192 * 2**20  # of the JSON; of the whole, as of an uploaded checkpoint
MOST_CHANGES = 500
LONGEST_SAMPLE = 4000  # characters that are kept: words may be long, and twelve have to fit into the JSON
LONGEST_NAME = 60
NAMES = {
    "format",
    "identity",
    "ordinal",
    "name",
    "playing",
    "first",
    "record",
    "held_out",
    "samples",
    "changes",
    "parent",
    "trial",
}
LATER = {"trial"}  # what older files could not know of


class KeptRun(NamedTuple):
    """What a file holds."""

    run: Run
    playing: bool  # whether it trained


def content(run: Run, playing: bool) -> bytes:
    """A run as a file that is not yet compressed."""
    (record, held_out, samples), history = run.memories, run.model_history
    buckets, last, numbers = record.parts()
    facts = {
        "format": FORMAT,
        "identity": run.identity,
        "ordinal": run.ordinal,
        "name": run.name,
        "playing": playing,
        "first": history.first if len(history.changes) <= MOST_CHANGES else run.update,
        "record": numbers | {"buckets": _text(buckets), "last": None if last is None else _text(last)},
        "held_out": {"spacing": held_out.spacing, "points": held_out.points()},
        "samples": [[sample.update, sample.text[:LONGEST_SAMPLE]] for sample in samples.all()],
        "changes": [_change(change) for change in history.changes[-MOST_CHANGES:]],
        "parent": run.parent and _parent(run.parent),
        "trial": run.trial and _trial(run.trial, run),
    }
    head = json.dumps(facts).encode()
    return struct.pack("<Q", len(head)) + head + dump(run.trainer)


def compressed(content: bytes) -> bytes:
    """The file."""
    packer = zlib.compressobj(LEVEL if len(content) < LARGE else 0, wbits=31)
    return packer.compress(content) + packer.flush()


def unpacked_size(data: bytes) -> int:
    """Bytes of a file once it is unpacked, as gzip's last four bytes say; `unpack` refuses one that holds more."""
    return int.from_bytes(data[-4:], "little")


def tidy_name(name: str, longest: int = LONGEST_NAME) -> str:
    """A name as it is shown: on one line, without characters that are not seen or turn the direction of writing."""
    text = "".join(" " if letter.isspace() else letter for letter in name if letter.isspace() or letter.isprintable())
    return " ".join(text.split())[:longest]


def unpack(data: bytes, number: int, sample_choice: SampleChoice) -> KeptRun:
    """The run in a file; CheckpointError, saying what is wrong, for whatever is no such file."""
    try:
        return _unpack(data, number, sample_choice)
    except CheckpointError:
        raise
    except (ConfigError, InputError) as error:
        raise CheckpointError(f"the run does not hold together: {error}") from None
    except (
        LookupError,
        TypeError,
        ValueError,
        AttributeError,
        OverflowError,
        RecursionError,
        zlib.error,
        struct.error,
    ) as error:
        raise CheckpointError(f"the run is damaged: {type(error).__name__} {str(error)[:200]}") from None


def _unpack(data: bytes, number: int, sample_choice: SampleChoice) -> KeptRun:
    unpacker = zlib.decompressobj(wbits=31)
    body = b""
    if unpacked_size(data) <= MOST_BYTES:  # else nothing need be unpacked to refuse it
        body = unpacker.decompress(data, max(1, unpacked_size(data)))
    unpacker.decompress(unpacker.unconsumed_tail, 1)  # reads the end, of a file that holds no more
    if not unpacker.eof or unpacker.unused_data:
        raise CheckpointError(f"the run has no end, or more bytes than it says or than {MOST_BYTES}")
    (length,) = struct.unpack_from("<Q", body)
    _need(length <= min(MOST_FACTS, len(body) - 8), "the head is too long")
    facts = json.loads(body[8 : 8 + length])
    known = isinstance(facts, dict) and set(facts) | LATER == NAMES and facts["format"] == FORMAT
    _need(known, f"it is not of the format {FORMAT!r}")
    trainer = read_checkpoint(io.BytesIO(body[8 + length :]))
    if not isinstance(trainer, Trainer):
        raise CheckpointError("the file holds an encoder-decoder")
    run = Run.resumed(number, trainer, sample_choice)
    run.identity, run.name = _words(facts["identity"], 16, 16), tidy_name(_words(facts["name"], 0, LONGEST_NAME))
    run.ordinal = _whole(facts["ordinal"], 1, 10**6)
    record = _record(facts["record"])
    _need(record.end == run.update, "the record ends at another update than the network")
    run.memories = record, _held_out(facts["held_out"], run.update), _samples(facts["samples"], run.update)
    _need(len(facts["changes"]) <= MOST_CHANGES, "too many changes")
    changes = tuple(_changed(*change) for change in facts["changes"])
    _need(all(change.update <= run.update for change in changes), "a change comes after the last update")
    run.model_history.take_up(run.trainer, _whole(facts["first"], 0, run.update), changes, record.begun())
    run.parent = None if facts["parent"] is None else _parent_of(*facts["parent"])
    trial = facts.get("trial")
    run.trial = None if trial is None else _trial_of(run, *trial)
    return KeptRun(run, facts["playing"] is True)


def _need(condition: bool, problem: str) -> None:
    if not condition:
        raise CheckpointError(problem)


def _whole(value: Any, low: int, high: int) -> int:
    _need(type(value) is int and low <= value <= high, f"{str(value)[:50]!r} is no whole number from {low} to {high}")
    return value


def _words(value: Any, shortest: int, longest: int) -> str:
    _need(isinstance(value, str) and shortest <= len(value) <= longest, f"no text of at most {longest} characters")
    return value


def _text(array: np.ndarray) -> str:
    return base64.b85encode(np.ascontiguousarray(array, "<f8").tobytes()).decode()


def _array(text: Any, rows: int, most: int) -> np.ndarray:
    """(rows, n) numbers with n <= most."""
    try:
        numbers = np.frombuffer(base64.b85decode(_words(text, 0, 12 * rows * most)), "<f8")
    except binascii.Error as error:
        raise CheckpointError(f"the record is damaged: {error}") from None
    _need(len(numbers) % rows == 0 and len(numbers) <= rows * most, "the record has another shape")
    return numbers.reshape(rows, -1).astype(np.float64)


def _record(facts: dict[str, Any]) -> Record:
    buckets, text = _array(facts["buckets"], Record.ROWS, Record.CAPACITY), facts.get("last")  # not in older files
    last = None if text is None else _array(text, Record.ROWS, 1)
    _need(last is None or last.size > 0, "the last update is missing")
    numbers = {name: _whole(facts[name], 0, 10**12) for name in ("width", "start", "updates")}
    return Record.of(buckets, **numbers, last=last)


def _point(point: Any, last: int) -> tuple[int, float]:
    update, loss = point
    _need(isinstance(loss, int | float) and math.isfinite(loss), "a loss is no finite number")
    return _whole(update, 0, last), float(loss)


def _held_out(facts: dict[str, Any], last: int) -> Points:
    _need(len(facts["points"]) <= Points.CAPACITY + 1, "too many losses")
    return Points.of([_point(point, last) for point in facts["points"]], _whole(facts["spacing"], 1, 10**12))


def _samples(facts: list[Any], last: int) -> Samples:
    samples = Samples()
    for update, text in facts[: Samples.CAPACITY]:
        samples.add(Sample(_whole(update, 0, last), _words(text, 0, LONGEST_SAMPLE)))
    return samples


def _change(change: Change) -> list[Any]:
    """A change as JSON has it."""
    settings = _settings(change.before), _settings(change.config)
    return [change.update, *settings, change.diverged, change.emptied, *([change.weights] if change.weights else [])]


def _settings(config: TrainConfig) -> dict[str, Any]:
    return {name: value for name, value in asdict(config).items() if name not in NOT_KEPT}


def _changed(update: Any, before: Any, config: Any, diverged: Any, emptied: Any, weights: Any = None) -> Change:
    given = None if weights is None else NewWeights(*weights)
    known = given is None or (given.matrix in MATRICES and given.values in VALUES)
    _need(known, "weights were set to something unknown")
    old, new = (from_mapping(TrainConfig, given, NOT_KEPT) for given in (before, config))
    return Change(_whole(update, 0, 10**12), old, new, diverged is True, emptied is True, given)


def _parent(parent: Parent) -> list[Any]:
    curve = parent.curve
    columns = np.stack([part for part in curve if isinstance(part, np.ndarray)])
    return [parent.run, parent.update, curve.width, _text(columns), parent.held_out]


def _parent_of(run: Any, update: Any, width: Any, text: Any, held_out: Any) -> Parent:
    updates, *columns = _array(text, len(Curve._fields) - 1, Record.CAPACITY)
    _need(bool(np.isfinite(updates).all()) and len(held_out) <= Points.CAPACITY + 1, "the curve before is damaged")
    curve = Curve(updates.astype(np.int64), _whole(width, 1, 10**12), *columns)
    points = tuple(_point(point, 10**12) for point in held_out)
    return Parent(_whole(run, 0, 10**9), _whole(update, 0, 10**12), curve, points)


def _trial(trial: Trial, run: Run) -> list[Any]:
    """A trial as JSON has it: of the network without the remedy what is another than this one's."""
    own, without = run.setup.model_options, trial.setup.model_options
    others = {name: value for name, value in without.items() if value != own[name]}
    return [trial.diagnosis, others, asdict(trial.training), trial.begin, trial.end]


def _trial_of(run: Run, diagnosis: Any, others: Any, training: Any, begin: Any, end: Any) -> Trial:
    _need(set(others) <= set(run.setup.model_options), "the network before has other settings than this one")
    setup, settings = replace(run.setup, **others), training_of(TrainConfig(**training))
    ModelConfig(**asdict(run.trainer.model.config) | setup.model_options)  # refuses what cannot be
    begin = _whole(begin, 0, run.update)
    return Trial(_words(diagnosis, 1, 20), setup, settings, begin, _whole(end, begin, 10**12))
