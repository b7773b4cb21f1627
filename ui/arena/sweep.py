"""A sweep over a task's difficulty: for each contender the lag at which it stops learning within a budget of updates.

Lag by lag, upwards; at each lag every contender with every seed. A contender that no seed has taken over a lag does not
try the longer ones. The work is cut into slices, so it can be stopped at any moment and gone on with later; the same
plan gives the same outcomes, however it was cut.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from rnn_core.tasks import TASKS
from rnn_core.tasks.base import Task
from ui.arena.contest import MEASURE_EVERY, SOLVED, reach_of
from ui.arena.records import Outcome, Plan, SweepView, share, training_of
from ui.training.kept_file import need, whole
from ui.training.lockstep import accuracy
from ui.training.run import new_trainer


class Learning(Protocol):
    """One network of a sweep, in training."""

    outcome: Outcome | None  # None until it is decided

    @property
    def updates(self) -> int:
        """Made so far."""

    def work(self) -> None:
        """Train a slice of time."""


class Learner:
    """One network of a sweep, in training."""

    def __init__(self, plan: Plan, contender: int, lag: int, seed: int) -> None:
        match, own = plan.match.at(plan.name, lag, plan.match.seed + seed), plan.match.contenders[contender]
        self._trainer = new_trainer(match.setup(own), training_of(own, plan.training))
        self._plan, self._place = plan, (contender, lag, seed)
        self._ratio: float | None = None
        self.outcome: Outcome | None = None

    @property
    def updates(self) -> int:
        """Made so far."""
        return self._trainer.update

    def work(self) -> None:
        """Train up to the next measurement, and measure."""
        trainer, budget = self._trainer, self._plan.budget
        if self._ratio is None:
            self._ratio = share(reach_of(trainer))
        trainer.step(min(MEASURE_EVERY, budget - trainer.update))
        right = accuracy(trainer)
        solved = right >= SOLVED and not trainer.diverged
        if solved or trainer.diverged or trainer.update >= budget:
            when = trainer.update if solved else None
            self.outcome = Outcome(*self._place, when, trainer.update, right, trainer.evaluate(), self._ratio)


def outcome_of(
    contender: Any, lag: Any, seed: Any, solved_at: Any, updates: Any, accuracy: Any, loss: Any, ratio: Any
) -> Outcome:
    """An outcome that came back in a file; CheckpointError where it cannot be."""
    when = None if solved_at is None else whole(solved_at, 0, updates)
    return Outcome(contender, lag, seed, when, whole(updates, 0, 10**9), float(accuracy), float(loss), float(ratio))


class Sweep:
    """A plan, what came of it so far, and the network in training.

    learner : makes the network for (plan, contender, lag, seed). clock : the time in seconds.
    """

    def __init__(
        self,
        plan: Plan,
        learner: Callable[[Plan, int, int, int], Learning] = Learner,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.plan = plan
        self.outcomes: list[Outcome] = []
        self.skipped: list[tuple[int, int]] = []
        self.finished = False
        self._learner, self._clock = learner, clock
        self._current: tuple[Learning, int, int, int] | None = None  # network in training: contender, lag, seed
        self._todo = self._trials()
        self._seconds: dict[int, float] = {}  # of each contender: spent
        self._steps: dict[int, int] = {}  # the same: updates times lag done
        self._chance = tuple(self._task(lag).chance for lag in plan.lags)

    def take_up(self, outcomes: Sequence[Outcome], finished: bool) -> None:
        """Go on after these, the first of the plan in their order, or all; CheckpointError where they are not."""
        for outcome in outcomes:
            need(next(self._todo, None) == outcome[:3], "an outcome is not one of this plan")
            self.outcomes.append(outcome)
        need(not finished or next(self._todo, None) is None, "there is more to do")
        self.finished = finished

    def _task(self, lag: int) -> Task:
        options = dict(self.plan.match.task_options) | {self.plan.name: lag}
        return TASKS[self.plan.match.task](**options)

    def _trials(self) -> Iterator[tuple[int, int, int]]:
        """(contender, lag, seed) in their order, as the outcomes so far decide."""
        for number, lag in enumerate(self.plan.lags):
            for contender in range(len(self.plan.match.contenders)):
                if number and not self._solved(contender, self.plan.lags[number - 1]):
                    self.skipped.append((contender, lag))
                    continue
                for seed in range(self.plan.seeds):
                    yield contender, lag, seed

    def _solved(self, contender: int, lag: int) -> int:
        """Number of seeds that solved it."""
        return sum(o.solved_at is not None for o in self.outcomes if (o.contender, o.lag) == (contender, lag))

    def work(self, seconds: float) -> bool:
        """Work for about so long; whether there is more to do."""
        end = self._clock() + seconds
        while not self.finished:
            begin = self._clock()
            if self._current is None:
                place = next(self._todo, None)
                if place is None:
                    self.finished = True
                    break
                self._current = (self._learner(self.plan, *place), *place)
            learner, contender, lag, _seed = self._current
            before = learner.updates
            learner.work()
            now = self._clock()
            self._seconds[contender] = self._seconds.get(contender, 0.0) + now - begin
            self._steps[contender] = self._steps.get(contender, 0) + (learner.updates - before) * lag
            if learner.outcome is not None:
                self.outcomes.append(learner.outcome)
                self._current = None
            if now >= end:
                break
        return not self.finished

    def view(self, running: bool) -> SweepView:
        """View of the present state."""
        current = None
        if self._current is not None:
            learner, contender, lag, seed = self._current
            current = contender, lag, seed, learner.updates
        done = self._work_done()
        whole = self.plan.budget * sum(self.plan.lags) * self.plan.seeds  # of one contender
        left = {contender: whole - work for contender, work in done.items()}
        return SweepView(
            plan=self.plan,
            outcomes=tuple(self.outcomes),
            skipped=tuple(self.skipped),
            running=running,
            finished=self.finished,
            current=current,
            share=1.0 if self.finished else sum(done.values()) / (whole * len(done)),
            seconds_left=self._seconds_left(left),
            chance=self._chance,
        )

    def _work_done(self) -> dict[int, int]:
        """Work done by each contender: updates times lag, the unneeded rest of a budget included."""
        done = dict.fromkeys(range(len(self.plan.match.contenders)), 0)
        for outcome in self.outcomes:
            done[outcome.contender] += self.plan.budget * outcome.lag
        for contender, lag in self.skipped:
            done[contender] += self.plan.budget * lag * self.plan.seeds
        if self._current is not None:
            learner, contender, lag, _seed = self._current
            done[contender] += learner.updates * lag
        return done

    def _seconds_left(self, left: dict[int, int]) -> float | None:
        """At most about so many, by what the work has cost so far."""
        if not sum(self._steps.values()):
            return None
        everybody = sum(self._seconds.values()) / sum(self._steps.values())
        pace = {c: self._seconds[c] / self._steps[c] if self._steps.get(c) else everybody for c in left}
        return sum(pace[contender] * work for contender, work in left.items())
