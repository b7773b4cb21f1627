"""A sweep in training: a plan, what came of it so far, and the networks under way.

The work is cut into slices, so it can be stopped at any moment and gone on with later; the same plan gives the same
outcomes, however it was cut and wherever its networks train.
"""

import time
from collections.abc import Callable, Generator, Mapping
from typing import Self

from ui.sweeps.records import Cell, Outcome, Place, Plan, SweepView
from ui.sweeps.trial import Cost, learn
from ui.training.executor.executor import Call, Executor
from ui.training.run import SLICE
from ui.training.snapshot import SampleChoice, Setup, Training

BYTES = 4 * 2**20  # of memory that a sweep is taken to need: one network at a time, and curves


class SweepRun:
    """One sweep; its thread's own.

    learn : trains the network of (setup, training, budget). clock : the time in seconds.
    """

    diverged = False  # a network that does is an outcome
    nbytes = size = BYTES

    def __init__(
        self,
        number: int,
        plan: Plan,
        learn: Callable[[Setup, Training, int], Generator[int, None, Outcome]] = learn,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.number, self.setup = number, plan
        _setup, self.training = plan.network((*plan.cells[0], 0))
        self.outcomes: dict[Place, Outcome] = {}
        self.cost = Cost(plan)
        self._learn, self._clock = learn, clock
        self._executor: Executor[Place] = Executor(clock)
        self._seconds = 0.0  # that the outcomes took, without
        self._brought: frozenset[Place] = frozenset()  # what was trained elsewhere
        self._todo = {place: Call(learn, (*plan.network(place), plan.budget)) for place in plan.places}

    def take_up(self, outcomes: Mapping[Place, Outcome]) -> None:
        """Go on after these."""
        self.outcomes, self._brought = dict(outcomes), frozenset(outcomes)
        self._todo = {place: call for place, call in self._todo.items() if place not in outcomes}

    @property
    def update(self) -> int:
        """Networks that have been trained."""
        return len(self.outcomes)

    @property
    def begun(self) -> bool:
        """Whether anything came of it, or is under way."""
        return bool(self.outcomes or self._executor.running)

    @property
    def finished(self) -> bool:
        """Whether there is nothing more to do."""
        return not self._todo

    @property
    def here(self) -> bool:
        """Whether the thread that works on it trains, and does not only wait for others."""
        return self._executor.here()

    def train(self, updates: int | None = None) -> None:
        """Work for one slice of time."""
        end = self._clock() + SLICE
        while self._todo:
            for done in self._executor.work(self._todo, end - self._clock()):
                self.outcomes[done.key] = done.result
                self._seconds += done.seconds
                del self._todo[done.key]
            if self._clock() >= end:
                break

    def rest(self) -> None:
        """Stop until there is work again."""
        self._executor.rest()

    def again(self, number: int) -> Self:
        """The same from the beginning."""
        return type(self)(number, self.setup, self._learn, self._clock)

    def configure(self, training: Training) -> None:
        """Nothing: how its networks train is part of the plan."""

    def use_cores(self, cores: int) -> None:
        """Nothing: each network trains on one core."""

    def choose_sample(self, sample_choice: SampleChoice) -> None:
        """Nothing: no sequence is shown."""

    def view(self, complete: bool = False, running: bool = False) -> SweepView:
        """View of the present state."""
        current = {place: state for place, state in self._executor.running.items() if place in self._todo}
        weights, budget = self.cost.weights, self.setup.budget
        whole = budget * self.setup.seeds * sum(weights.values())
        done = sum(budget * weights[_cell(place)] for place in self.outcomes)
        done += sum(state.progress * weights[_cell(place)] for place, state in current.items())
        seconds = self._seconds + sum(state.seconds for state in current.values())
        here = done - sum(budget * weights[_cell(place)] for place in self._brought)
        left = seconds * max(0.0, whole - done) / here / self._executor.places if here > 0 else None
        return SweepView(
            run=self.number,
            setup=self.setup,
            outcomes=dict(self.outcomes),
            current={place: int(state.progress) for place, state in current.items()},
            running=running,
            share=1.0 if self.finished else done / whole,
            seconds_left=left,
            cluster=self._executor.state,
            training=self.training,
        )


def _cell(place: Place) -> Cell:
    return place[:2]
