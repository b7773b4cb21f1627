"""Contenders in lockstep: the same task, batches and seed, the same number of updates each, round robin.

A `Contest` is to the Arena's thread what a `Run` is to the Lab's. What a contender computes does not depend on the
others: its losses are those of a Trainer alone, to the last bit.
"""

import time
from dataclasses import asdict

import numpy as np

from rnn_core.analysis.reach import output_jacobian
from ui.arena.records import ContestView, Match, Standing, training_of
from ui.training.history import Points, Record
from ui.training.run import SLICE, Pace, new_trainer
from ui.training.snapshot import Look, Training

MEASURE_EVERY = 25  # updates between two measurements on the held-out batch
JACOBIAN_EVERY = 100  # updates between two looks at the gradient's way back
JACOBIAN_WIDTH = 128  # sequences times outputs for such a look, about
SOLVED = 0.95  # the task's own measure from which it counts as solved


class Entry:
    """One contender: its trainer and its record."""

    def __init__(self, contender, trainer):
        self.contender, self.trainer = contender, trainer
        self._record, self._held_out, self._accuracy, self._clock = Record(), Points(), Points(), Points()
        self._seconds = 0.0
        self._solved_at: int | None = None
        self._before = self._now = None

    @property
    def seconds_per_update(self) -> float:
        """What an update has cost so far."""
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
        """Loss and accuracy on the held-out batch; now and then how far back the gradient reaches."""
        if self.trainer.diverged:
            return
        update, task = self.trainer.update, self.trainer.task
        right = accuracy(self.trainer)
        self._held_out.add(update, self.trainer.evaluate())
        self._accuracy.add(update, right)
        if self._solved_at is None and task.best == 0 and right >= SOLVED:
            self._solved_at = update
        if self._before is None or update % JACOBIAN_EVERY == 0:
            self._now = reach_of(self.trainer)
        if self._before is None:
            self._before = self._now

    @property
    def measured(self) -> bool:
        """Whether it was measured before its first update."""
        return self._before is not None

    def standing(self, look: Look) -> Standing:
        """What there is to see of it."""
        trainer = self.trainer
        x, targets, mask = trainer.task.example(look.number, look.split)
        return Standing(
            contender=self.contender,
            parameters=trainer.model.num_parameters,
            update=trainer.update,
            diverged=trainer.diverged,
            curve=self._record.curve(),
            held_out=self._held_out.points(),
            accuracy=self._accuracy.points(),
            clock=((0, 0.0), *self._clock.points()),
            trace=trainer.model.backward(x, targets, mask=mask),
            before=self._before,
            now=self._now,
            solved_at=self._solved_at,
        )


class Contest:
    """All contenders of a match. Raises ConfigError when it cannot be."""

    def __init__(self, number: int, setup: Match, training: Training, look: Look):
        self.number, self.setup, self.training, self.look = number, setup, training, look
        self.entries = [
            Entry(contender, new_trainer(setup.setup(contender), training_of(contender, training)))
            for contender in setup.contenders
        ]
        self._start()

    def _start(self) -> None:
        self.update = 0
        self.measure_every = MEASURE_EVERY
        self._pace = Pace()

    @property
    def diverged(self) -> bool:
        """Whether nobody can go on."""
        return all(entry.trainer.diverged for entry in self.entries)

    def configure(self, training: Training) -> None:
        """Go on with another optimiser or other clipping; the learning rates are the contenders' own."""
        for entry in self.entries:
            entry.trainer.configure(**asdict(training_of(entry.contender, training)))
        self.training = training

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
        """Before the first update; this compiles."""
        for entry in self.entries:
            if not entry.measured:
                entry.measure()

    def rest(self) -> None:
        """Training pauses: its pace is measured anew afterwards."""
        self._pace = Pace()

    def look_at(self, look: Look) -> None:
        """Show another sequence."""
        self.look = look

    def again(self, number: int) -> "Contest":
        """The same from the beginning."""
        return Contest(number, self.setup, self.training, self.look)

    def view(self, complete: bool = False) -> ContestView:
        """What there is to see now; always complete."""
        self._measure_first()
        task = self.entries[0].trainer.task
        return ContestView(
            run=self.number,
            setup=self.setup,
            training=self.training,
            update=self.update,
            look=self.look,
            standings=tuple(entry.standing(self.look) for entry in self.entries),
            vocabulary=task.vocabulary,
            loss=task.loss,
            chance=task.chance,
            best=task.best,
            measure=task.measure,
            updates_per_second=self._pace.per_second(),
        )


def accuracy(trainer) -> float:
    """The task's own measure on its held-out batch; 0 where outputs have become too large for numbers."""
    batch = trainer.task.held_out()
    outputs = trainer.model.forward(batch.x).logits
    return trainer.task.accuracy(outputs, batch) if np.isfinite(outputs).all() else 0.0


def reach_of(trainer):
    """(T,): how strongly the last output depends on each state, over a few held-out sequences."""
    sequences = max(1, min(8, JACOBIAN_WIDTH // trainer.task.output_size))
    return output_jacobian(trainer.model, trainer.task.held_out().x[:, :sequences])
