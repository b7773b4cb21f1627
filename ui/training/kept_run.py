"""A run as one compressed file: its checkpoint and its record, with which any server goes on, bit for bit."""

import io
from dataclasses import asdict, replace
from typing import Any, NamedTuple

import numpy as np

from rnn_core import CheckpointError, ModelConfig, TrainConfig, Trainer
from rnn_core.checkpoint import NOT_KEPT, dump, read_checkpoint
from rnn_core.config import from_mapping
from ui.training import kept_file
from ui.training.history import Curve, Points, Record, Sample, Samples
from ui.training.kept_file import (
    checked,
    decoded,
    encoded,
    facts_of_points,
    facts_of_record,
    need,
    opened,
    point_of,
    points_of,
    record_of,
    whole,
    words,
)
from ui.training.model_history import Change
from ui.training.run import Run, training_of
from ui.training.snapshot import Parent, SampleChoice, Trial
from ui.training.weights import MATRICES, VALUES, NewWeights

FORMAT = "rnn-lab run 2"
MOST_CHANGES = 500
LONGEST_SAMPLE = 4000  # characters that are kept: words may be long, and twelve have to fit into the JSON
LONGEST_NAME = 60
JOINERS = "\u200c\u200d"  # within emoji and words of several scripts
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
    facts = {
        "format": FORMAT,
        "identity": run.identity,
        "ordinal": run.ordinal,
        "name": run.name,
        "playing": playing,
        "first": history.first if len(history.changes) <= MOST_CHANGES else run.update,
        "record": facts_of_record(record),
        "held_out": facts_of_points(held_out),
        "samples": [[sample.update, sample.text[:LONGEST_SAMPLE]] for sample in samples.all()],
        "changes": [_change(change) for change in history.changes[-MOST_CHANGES:]],
        "parent": run.parent and _parent(run.parent),
        "trial": run.trial and _trial(run.trial, run),
    }
    return kept_file.content(facts, dump(run.trainer))


def tidy_name(name: str, longest: int = LONGEST_NAME) -> str:
    """A name as it is shown: on one line, without characters that are not seen or turn the direction of writing."""
    shown = (letter for letter in name if letter.isspace() or letter.isprintable() or letter in JOINERS)
    text = "".join(" " if letter.isspace() else letter for letter in shown)
    return " ".join(text.split())[:longest].strip(" " + JOINERS)


def unpack(data: bytes, number: int, sample_choice: SampleChoice) -> KeptRun:
    """The run in a file; CheckpointError, saying what is wrong, for whatever is no such file."""
    with checked():
        return _unpack(data, number, sample_choice)


def _unpack(data: bytes, number: int, sample_choice: SampleChoice) -> KeptRun:
    facts, checkpoint = opened(data)
    known = isinstance(facts, dict) and set(facts) | LATER == NAMES and facts["format"] == FORMAT
    need(known, f"it is not of the format {FORMAT!r}")
    trainer = read_checkpoint(io.BytesIO(checkpoint))
    if not isinstance(trainer, Trainer):
        raise CheckpointError("the file holds an encoder-decoder")
    run = Run.resumed(number, trainer, sample_choice)
    run.identity, run.name = words(facts["identity"], 16, 16), tidy_name(words(facts["name"], 0, LONGEST_NAME))
    run.ordinal = whole(facts["ordinal"], 1, 10**6)
    record = record_of(facts["record"])
    need(record.end == run.update, "the record ends at another update than the network")
    run.memories = record, points_of(facts["held_out"], run.update), _samples(facts["samples"], run.update)
    need(len(facts["changes"]) <= MOST_CHANGES, "too many changes")
    changes = tuple(_changed(*change) for change in facts["changes"])
    need(all(change.update <= run.update for change in changes), "a change comes after the last update")
    run.model_history.take_up(run.trainer, whole(facts["first"], 0, run.update), changes, record.begun())
    run.parent = None if facts["parent"] is None else _parent_of(*facts["parent"])
    trial = facts.get("trial")
    run.trial = None if trial is None else _trial_of(run, *trial)
    return KeptRun(run, facts["playing"] is True)


def _samples(facts: list[Any], last: int) -> Samples:
    samples = Samples()
    for update, text in facts[: Samples.CAPACITY]:
        samples.add(Sample(whole(update, 0, last), words(text, 0, LONGEST_SAMPLE)))
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
    need(known, "weights were set to something unknown")
    old, new = (from_mapping(TrainConfig, given, NOT_KEPT) for given in (before, config))
    return Change(whole(update, 0, 10**12), old, new, diverged is True, emptied is True, given)


def _parent(parent: Parent) -> list[Any]:
    curve = parent.curve
    columns = np.stack([part for part in curve if isinstance(part, np.ndarray)])
    return [parent.run, parent.update, curve.width, encoded(columns), parent.held_out]


def _parent_of(run: Any, update: Any, width: Any, text: Any, held_out: Any) -> Parent:
    updates, *columns = decoded(text, len(Curve._fields) - 1, Record.CAPACITY)
    need(bool(np.isfinite(updates).all()) and len(held_out) <= Points.CAPACITY + 1, "the curve before is damaged")
    curve = Curve(updates.astype(np.int64), whole(width, 1, 10**12), *columns)
    points = tuple(point_of(point, 10**12) for point in held_out)
    return Parent(whole(run, 0, 10**9), whole(update, 0, 10**12), curve, points)


def _trial(trial: Trial, run: Run) -> list[Any]:
    """A trial as JSON has it: of the network without the remedy what is another than this one's."""
    own, without = run.setup.model_options, trial.setup.model_options
    others = {name: value for name, value in without.items() if value != own[name]}
    return [trial.diagnosis, others, asdict(trial.training), trial.begin, trial.end]


def _trial_of(run: Run, diagnosis: Any, others: Any, training: Any, begin: Any, end: Any) -> Trial:
    need(set(others) <= set(run.setup.model_options), "the network before has other settings than this one")
    setup, settings = replace(run.setup, **others), training_of(TrainConfig(**training))
    ModelConfig(**asdict(run.trainer.model.config) | setup.model_options)  # refuses what cannot be
    begin = whole(begin, 0, run.update)
    return Trial(words(diagnosis, 1, 20), setup, settings, begin, whole(end, begin, 10**12))
