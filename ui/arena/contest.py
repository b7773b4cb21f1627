"""Contenders in lockstep, and how far back each one's gradient reaches."""

from typing import Any

import numpy as np

from rnn_core import Trainer
from rnn_core.analysis.reach import output_jacobian
from rnn_core.tasks.base import Split
from ui.arena.records import ArenaView, Contender, Match, RunProgress, training_of
from ui.training.kept_file import decoded, encoded, need, whole
from ui.training.lockstep import Competitor, LockstepRun, accuracy
from ui.training.run import new_trainer
from ui.training.snapshot import SampleChoice, Training

MEASURE_EVERY = 25  # updates between two measurements on the held-out batch
JACOBIAN_EVERY = 100  # updates between two looks at the gradient's way back
JACOBIAN_WIDTH = 128  # sequences times outputs for such a look, about
SOLVED = 0.95  # the task's own measure from which it counts as solved


class Entry(Competitor[Contender, Trainer]):
    """One contender: its trainer and its record."""

    def __init__(self, contender: Contender, trainer: Trainer) -> None:
        super().__init__(contender, trainer)
        self._solved_at: int | None = None
        self._before, self._now = np.zeros(0), np.zeros(0)  # how far back the gradient reaches: first, last measured

    def _measure(self) -> None:
        """Loss and accuracy on the held-out batch; now and then how far back the gradient reaches."""
        super()._measure()
        update, (_update, right) = self.trainer.update, self._accuracy.points()[-1]
        if self._solved_at is None and self.trainer.task.best == 0 and right >= SOLVED:
            self._solved_at = update
        if not self._before.size or update % JACOBIAN_EVERY == 0:
            self._now = reach_of(self.trainer)
        if not self._before.size:
            self._before = self._now

    def _right(self) -> float:
        return accuracy(self.trainer)

    def training_of(self, training: Training) -> Training:
        """As all, with its own learning rate."""
        return training_of(self.subject, training)

    def facts(self) -> dict[str, Any]:
        """What was measured of it, as JSON has it."""
        reach = {"before": encoded(self._before), "now": encoded(self._now)}
        return super().facts() | reach | {"solved_at": self._solved_at}

    def take_up(self, trainer: Trainer, facts: dict[str, Any]) -> None:
        """Go on with this trainer; see `Competitor`."""
        super().take_up(trainer, facts)
        self._solved_at = None if facts["solved_at"] is None else whole(facts["solved_at"], 0, trainer.update)
        steps = trainer.task.sequence_length
        self._before, self._now = (decoded(facts[name], 1, steps)[0] for name in ("before", "now"))
        need(len(self._before) == len(self._now) == steps, "the gradient's way back has another length")

    def run_progress(self, sample_choice: SampleChoice) -> RunProgress:
        """Record of its progress."""
        trainer = self.trainer
        split: Split = "held_out" if sample_choice.split == "held_out" else "train"
        x, targets, mask = trainer.task.example(sample_choice.number, split)
        return RunProgress(
            contender=self.subject,
            parameters=trainer.model.num_parameters,
            trace=trainer.model.backward(x, targets, mask=mask),
            before=self._before,
            now=self._now,
            solved_at=self._solved_at,
            **self.progress(),
        )


class ArenaRun(LockstepRun[Match, Entry]):
    """All contenders of a match. Raises ConfigError when it cannot be."""

    def __init__(self, number: int, setup: Match, training: Training, sample_choice: SampleChoice) -> None:
        entries = [
            Entry(contender, new_trainer(setup.setup(contender), training_of(contender, training)))
            for contender in setup.contenders
        ]
        super().__init__(number, setup, training, sample_choice, entries, MEASURE_EVERY)

    def again(self, number: int) -> "ArenaRun":
        """The same from the beginning."""
        return ArenaRun(number, self.setup, self.training, self.sample_choice)

    def view(self, complete: bool = False) -> ArenaView:
        """View of the present state; always complete."""
        self._measure_first()
        task = self.entries[0].trainer.task
        return ArenaView(
            run=self.number,
            setup=self.setup,
            training=self.training,
            update=self.update,
            sample_choice=self.sample_choice,
            competitors=tuple(entry.run_progress(self.sample_choice) for entry in self.entries),
            vocabulary=task.vocabulary,
            loss=task.loss,
            chance=task.chance,
            best=task.best,
            measure=task.measure,
            updates_per_second=self._pace.per_second(),
        )


def reach_of(trainer: Trainer) -> np.ndarray:
    """(T,): how strongly the last output depends on each state, over a few held-out sequences."""
    sequences = max(1, min(8, JACOBIAN_WIDTH // trainer.task.output_size))
    return output_jacobian(trainer.model, trainer.task.held_out().x[:, :sequences])
