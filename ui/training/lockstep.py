"""Networks in lockstep: the same task, batches and seed, the same number of updates each, round robin.

A `LockstepRun` is to the thread of the Arena, or of Shapes, what a `Run` is to the Lab's. What a network computes does
not depend on the others: its losses are those of a Trainer alone, to the last bit.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Generic, Self, TypeVar

import numpy as np

from rnn_core import EncoderDecoderTrainer, Trainer
from ui.training.history import Points, Record
from ui.training.kept_file import facts_of_points, facts_of_record, finite, need, points_of, record_of
from ui.training.pace import Pace
from ui.training.run import SLICE
from ui.training.snapshot import SampleChoice, Training
from ui.training.threads import use_cores

Subject = TypeVar("Subject")  # what a page calls a network by
Learner = TypeVar("Learner", bound=Trainer | EncoderDecoderTrainer)
Setup = TypeVar("Setup")  # of a page: what needs new networks when it changes


class Competitor(ABC, Generic[Subject, Learner]):
    """One network: its trainer and its record. Those who inherit measure what there is to see."""

    def __init__(self, subject: Subject, trainer: Learner) -> None:
        self.subject, self.trainer = subject, trainer
        self.measured = False  # whether it was measured before its first update
        self._record, self._held_out, self._accuracy, self._clock = Record(), Points(), Points(), Points()
        self._seconds = 0.0

    @property
    def seconds_per_update(self) -> float:
        """The mean cost of an update so far."""
        return self._seconds / max(self.trainer.update, 1)

    def step(self, updates: int) -> None:
        """Make so many updates; none if it has diverged."""
        if self.trainer.diverged:
            return
        begin = time.perf_counter()
        history = self.trainer.step(updates)
        self._seconds += time.perf_counter() - begin
        self._record.append(history.loss, history.grad_norm, history.clip_factor)
        self._clock.add(self.trainer.update, self._seconds)

    def measure(self) -> None:
        """Measure on the held-out data; not if it has diverged."""
        if self.trainer.diverged:
            return
        self._measure()
        self.measured = True

    def _measure(self) -> None:
        """Note the loss and the task's own measure."""
        self._held_out.add(self.trainer.update, self.trainer.evaluate())
        self._accuracy.add(self.trainer.update, self._right())

    @abstractmethod
    def _right(self) -> float:
        """The task's own measure on the held-out data."""

    def training_of(self, training: Training) -> Training:
        """Its own training where all train in this way."""
        return training

    def facts(self) -> dict[str, Any]:
        """What was measured of it, as JSON has it."""
        points = {"held_out": self._held_out, "accuracy": self._accuracy, "clock": self._clock}
        measured = {name: facts_of_points(kept) for name, kept in points.items()}
        return measured | {"record": facts_of_record(self._record), "seconds": self._seconds}

    def take_up(self, trainer: Learner, facts: dict[str, Any]) -> None:
        """Go on with a trainer made like the present one, of which this was measured. CheckpointError where the two
        are not one network, or not made like the present one."""
        need(_made(trainer) == _made(self.trainer), "a network is not the one that this page has")
        record, update = record_of(facts["record"]), trainer.update
        need(record.end == update, "a record ends at another update than its network")
        kept = (points_of(facts[name], update) for name in ("held_out", "accuracy", "clock"))
        self._record, self._seconds, self.measured, self.trainer = record, finite(facts["seconds"]), True, trainer
        self._held_out, self._accuracy, self._clock = kept

    def progress(self) -> dict[str, Any]:
        """Its training until now: what the records of every page have in common."""
        return {
            "update": self.trainer.update,
            "diverged": self.trainer.diverged,
            "curve": self._record.curve(),
            "held_out": self._held_out.points(),
            "accuracy": self._accuracy.points(),
            "clock": ((0, 0.0), *self._clock.points()),
        }


Entry = TypeVar("Entry", bound=Competitor[Any, Any])


class LockstepRun(ABC, Generic[Setup, Entry]):
    """All networks of a page. Those who inherit say how its records are made.

    measure_every : updates between two measurements on the held-out data.
    """

    def __init__(
        self,
        number: int,
        setup: Setup,
        training: Training,
        sample_choice: SampleChoice,
        entries: Sequence[Entry],
        measure_every: int,
    ) -> None:
        self.number, self.setup, self.training, self.sample_choice = number, setup, training, sample_choice
        self.entries, self.measure_every, self.update = list(entries), measure_every, 0
        self._pace = Pace()

    @abstractmethod
    def again(self, number: int) -> Self:
        """The same from the beginning."""

    @abstractmethod
    def view(self, complete: bool = False) -> Any:
        """View of the present state."""

    def configure(self, training: Training) -> None:
        """Go on with other settings."""
        for entry in self.entries:
            entry.trainer.configure(**asdict(entry.training_of(training)))
        self.training = training

    def take_up(self, update: int, trainers: Sequence[Any], facts: Sequence[dict[str, Any]]) -> None:
        """Go on after so many updates with these trainers, in the order of the entries, of which this was measured.
        CheckpointError where they are not made like those that there are."""
        for entry, trainer, measured in zip(self.entries, trainers, facts, strict=True):
            need(trainer.update <= update, "a network is ahead of the others")
            entry.take_up(trainer, measured)
        self.update = update

    @property
    def nbytes(self) -> int:
        """Bytes of memory that the networks take."""
        return sum(entry.trainer.nbytes for entry in self.entries)

    @property
    def diverged(self) -> bool:
        """Whether no network can go on."""
        return all(entry.trainer.diverged for entry in self.entries)

    def use_cores(self, cores: int) -> None:
        """Train on so many cores from now on where that is faster."""
        for entry in self.entries:
            if isinstance(entry.trainer, Trainer):  # an encoder-decoder has one
                use_cores(entry.trainer, cores)

    def train(self, updates: int | None = None) -> None:
        """Train for one slice of time, or for a number of updates if they are done sooner."""
        self._measure_first()
        end, done = time.monotonic() + SLICE, 0
        while not self.diverged and (updates is None or done < updates) and (not done or time.monotonic() < end):
            left = self.measure_every - self.update % self.measure_every
            each = sum(entry.seconds_per_update for entry in self.entries)
            fitting = int(max(end - time.monotonic(), 0) / each) if each else 1
            step = max(1, min(left, fitting, left if updates is None else updates - done))
            for entry in self.entries:
                entry.step(step)
            self.update += step
            done += step
            if self.update % self.measure_every == 0:
                for entry in self.entries:
                    entry.measure()
        self._pace.note(self.update)

    def _measure_first(self) -> None:
        """Measure before the first update; this compiles."""
        for entry in self.entries:
            if not entry.measured:
                entry.measure()

    size = nbytes  # nothing grows: what the networks were is not kept

    def rest(self) -> None:
        """Measure the pace anew after a pause of training."""
        self._pace = Pace()

    def choose_sample(self, sample_choice: SampleChoice) -> None:
        """Show another sequence."""
        self.sample_choice = sample_choice


def _made(trainer: Trainer | EncoderDecoderTrainer) -> tuple[Any, ...]:
    """What a trainer was made of; its training's settings may change."""
    if isinstance(trainer, EncoderDecoderTrainer):
        return trainer.network.config, trainer.task, trainer.forcing
    return trainer.model.config, trainer.task


def accuracy(trainer: Trainer) -> float:
    """The task's own measure on its held-out batch; 0 where outputs have become too large for numbers."""
    batch = trainer.task.held_out()
    outputs = trainer.model.forward(batch.x).logits
    return trainer.task.accuracy(outputs, batch) if np.isfinite(outputs).all() else 0.0
