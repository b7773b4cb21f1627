"""A sweep over a task's difficulty: for each contender the lag at which it stops learning within a budget of updates.

Lag by lag, upwards; at each lag every contender with every seed. A contender that no seed has taken over a lag does not
try the longer ones. The work is cut into slices, so it can be stopped at any moment and gone on with later; the same
plan gives the same outcomes, however it was cut.
"""

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any

from rnn_core.tasks import TASKS
from rnn_core.tasks.base import Task
from ui.arena.contest import MEASURE_EVERY, SOLVED, reach_of
from ui.arena.records import Outcome, Plan, SweepView, share, training_of
from ui.training.executor.executor import Call, Executor, Running
from ui.training.kept_file import need, whole
from ui.training.lockstep import accuracy
from ui.training.run import new_trainer

Place = tuple[int, int, int]  # contender, lag, seed


def learn(plan: Plan, contender: int, lag: int, seed: int) -> Generator[int, None, Outcome]:
    """Train one network until it is decided; yields its updates after every measurement before."""
    match, own = plan.match.at(plan.name, lag, plan.match.seed + seed), plan.match.contenders[contender]
    trainer = new_trainer(match.setup(own), training_of(own, plan.training))
    ratio = share(reach_of(trainer))
    while True:
        trainer.step(min(MEASURE_EVERY, plan.budget - trainer.update))
        right = accuracy(trainer)
        solved = right >= SOLVED and not trainer.diverged
        if solved or trainer.diverged or trainer.update >= plan.budget:
            when = trainer.update if solved else None
            return Outcome(contender, lag, seed, when, trainer.update, right, trainer.evaluate(), ratio)
        yield trainer.update


def outcome_of(
    contender: Any, lag: Any, seed: Any, solved_at: Any, updates: Any, accuracy: Any, loss: Any, ratio: Any
) -> Outcome:
    """An outcome that came back in a file; CheckpointError where it cannot be."""
    when = None if solved_at is None else whole(solved_at, 0, updates)
    return Outcome(contender, lag, seed, when, whole(updates, 0, 10**9), float(accuracy), float(loss), float(ratio))


class Sweep:
    """A plan, what came of it so far, and the networks in training.

    learn : trains the network of (plan, contender, lag, seed). clock : the time in seconds.
    """

    def __init__(
        self,
        plan: Plan,
        learn: Callable[[Plan, int, int, int], Generator[int, None, Outcome]] = learn,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.plan = plan
        self.outcomes: list[Outcome] = []  # in the order of lags, contenders, seeds
        self.finished = False
        self._learn, self._clock = learn, clock
        self._executor: Executor[Place] = Executor(clock)
        self._seconds: dict[int, float] = {}  # of each contender: spent on its outcomes
        self._steps: dict[int, int] = {}  # the same: updates times lag done
        self._chance = tuple(self._task(lag).chance for lag in plan.lags)
        self._todo = self._ready()

    def take_up(self, outcomes: Sequence[Outcome], finished: bool) -> None:
        """Go on after these, or after all; CheckpointError where they cannot have come of this plan."""
        for outcome in outcomes:
            need(outcome[:3] in self._todo, "an outcome is not one of this plan")
            self._note(outcome)
        need(not (finished and self._todo), "there is more to do")
        self.finished = finished

    def _task(self, lag: int) -> Task:
        options = dict(self.plan.match.task_options) | {self.plan.name: lag}
        return TASKS[self.plan.match.task](**options)

    def _ready(self) -> dict[Place, Call]:
        """What may be trained by now, in its order: a contender tries a lag once a seed has solved the one before."""
        tried = {outcome[:3] for outcome in self.outcomes}
        return {
            place: Call(self._learn, (self.plan, *place))
            for number, lag in enumerate(self.plan.lags)
            for contender in range(len(self.plan.match.contenders))
            if not number or self._solved(contender, self.plan.lags[number - 1])
            for seed in range(self.plan.seeds)
            if (place := (contender, lag, seed)) not in tried
        }

    @property
    def skipped(self) -> list[tuple[int, int]]:
        """(contender, lag) that nobody tries: no seed has solved a shorter lag."""
        return [
            (contender, lag)
            for number, lag in enumerate(self.plan.lags)
            for contender in range(len(self.plan.match.contenders))
            if any(self._failed(contender, shorter) for shorter in self.plan.lags[:number])
        ]

    def _solved(self, contender: int, lag: int) -> int:
        """Number of seeds that solved it."""
        return sum(o.solved_at is not None for o in self.outcomes if (o.contender, o.lag) == (contender, lag))

    def _failed(self, contender: int, lag: int) -> bool:
        """Whether every seed has tried it and none has solved it."""
        tried = sum((o.contender, o.lag) == (contender, lag) for o in self.outcomes)
        return tried == self.plan.seeds and not self._solved(contender, lag)

    def work(self, seconds: float) -> bool:
        """Work for about so long; whether there is more to do."""
        end = self._clock() + seconds
        while self._todo:
            for done in self._executor.work(self._todo, end - self._clock()):
                self._note(done.result)
                contender, lag = done.result.contender, done.result.lag
                self._seconds[contender] = self._seconds.get(contender, 0.0) + done.seconds
                self._steps[contender] = self._steps.get(contender, 0) + done.result.updates * lag
            if self._clock() >= end:
                break
        self.finished = not self._todo
        return not self.finished

    @property
    def here(self) -> bool:
        """Whether the thread that works on it trains, and does not only wait for others."""
        return self._executor.here()

    def rest(self) -> None:
        """Stop until there is work again."""
        self._executor.rest()

    def _note(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.outcomes.sort(key=lambda one: (one.lag, one.contender, one.seed))
        self._todo = self._ready()

    def view(self, running: bool) -> SweepView:
        """View of the present state."""
        current = {place: state for place, state in self._executor.running.items() if place in self._todo}
        done = self._work_done(current)
        whole = self.plan.budget * sum(self.plan.lags) * self.plan.seeds  # of one contender
        left = {contender: whole - work for contender, work in done.items()}
        return SweepView(
            plan=self.plan,
            outcomes=tuple(self.outcomes),
            skipped=tuple(self.skipped),
            running=running,
            finished=self.finished,
            current=tuple((*place, int(state.progress)) for place, state in current.items()),
            share=1.0 if self.finished else sum(done.values()) / (whole * len(done)),
            seconds_left=self._seconds_left(left, current),
            cluster=self._executor.state,
            chance=self._chance,
        )

    def _work_done(self, current: Mapping[Place, Running]) -> dict[int, int]:
        """Work done by each contender: updates times lag, the unneeded rest of a budget included."""
        done = dict.fromkeys(range(len(self.plan.match.contenders)), 0)
        for outcome in self.outcomes:
            done[outcome.contender] += self.plan.budget * outcome.lag
        for contender, lag in self.skipped:
            done[contender] += self.plan.budget * lag * self.plan.seeds
        for (contender, lag, _seed), state in current.items():
            done[contender] += int(state.progress) * lag
        return done

    def _seconds_left(self, left: dict[int, int], current: Mapping[Place, Running]) -> float | None:
        """At most about so many, by what the work has cost so far."""
        seconds, steps = dict(self._seconds), dict(self._steps)
        for (contender, lag, _seed), state in current.items():
            seconds[contender] = seconds.get(contender, 0.0) + state.seconds
            steps[contender] = steps.get(contender, 0) + int(state.progress) * lag
        if not sum(steps.values()):
            return None
        everybody = sum(seconds.values()) / sum(steps.values())
        pace = {c: seconds[c] / steps[c] if steps.get(c) else everybody for c in left}
        return sum(pace[contender] * work for contender, work in left.items()) / self._executor.places
