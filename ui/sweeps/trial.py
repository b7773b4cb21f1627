"""One network of a sweep: trained for its budget, here or on another machine; and what its updates cost."""

import math
import time
from collections.abc import Generator, Iterator, Mapping
from itertools import pairwise

import numpy as np

from rnn_core import Trainer
from rnn_core.errors import ConfigError, InputError
from ui.sweeps.axes import AXES
from ui.sweeps.records import Cell, Outcome, Plan
from ui.training.lockstep import accuracy
from ui.training.run import SLICE, new_trainer
from ui.training.snapshot import Setup, Training

POINTS = 100  # of a curve
PROBE = 0.04  # seconds of updates that one measurement of their cost takes


def learn(setup: Setup, training: Training, budget: int) -> Generator[int, None, Outcome]:
    """Train a network for so many updates; yields how many it has made."""
    try:
        trainer = new_trainer(setup, training)
    except (ConfigError, InputError) as error:
        return Outcome(problem=str(error))
    losses = []
    while trainer.update < budget and not trainer.diverged:
        losses.append(trainer.run(SLICE, budget - trainer.update).loss)
        yield trainer.update
    loss = math.nan if trainer.diverged else trainer.evaluate()
    return Outcome(
        trainer.update,
        loss,
        0.0 if trainer.diverged else accuracy(trainer),
        diverged=not math.isfinite(loss),
        chance=trainer.task.chance,
        curve=curve(np.concatenate(losses)),
    )


def curve(losses: np.ndarray) -> tuple[tuple[int, float], ...]:
    """(update, mean loss since the point before) of at most POINTS points; what is not finite is left out.

    >>> curve(np.array([4.0, 3.0, 2.0]))
    ((1, 4.0), (2, 3.0), (3, 2.0))
    >>> len(curve(np.ones(1001))), curve(np.ones(1001))[-1]
    (100, (1001, 1.0))
    """
    ends = np.unique(np.linspace(0, len(losses), min(POINTS, len(losses)) + 1).round().astype(int))
    means = [(int(end), float(losses[begin:end].mean())) for begin, end in pairwise(ends)]
    return tuple((update, mean) for update, mean in means if math.isfinite(mean))


class Cost:
    """Estimate of what the networks of a plan cost, from a few updates of some of them.

    An update's time is taken to be a product of what the column and the row cost. seconds : of all networks, one after
    the other; None: not known yet, or there is no network that could be measured.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan, self.ended = plan, False
        self.seconds: float | None = None
        self._weights: Mapping[Cell, float] = dict.fromkeys(plan.cells, 1.0)
        self._probes = self._measure()

    def work(self) -> None:
        """Measure a little; `ended` says whether that was all."""
        try:
            next(self._probes)
        except StopIteration:
            self.ended = True

    @property
    def weights(self) -> Mapping[Cell, float]:
        """What an update of each cell costs, beside those of the others."""
        return self._weights

    def _measure(self) -> Iterator[None]:
        plan = self.plan
        middle = (len(plan.across.values) // 2, len(plan.down.values) // 2)
        columns = range(len(plan.across.values)) if AXES[plan.across.name].costs else (middle[0],)
        rows = range(len(plan.down.values)) if AXES[plan.down.name].costs else (middle[1],)
        times = {}
        for cell in dict.fromkeys([middle, *((c, middle[1]) for c in columns), *((middle[0], r) for r in rows)]):
            times[cell] = self._seconds(cell)
            yield
        known = [each for each in times.values() if each is not None]
        if not known:
            return
        usual = sum(known) / len(known)
        first = times[middle] or usual
        across = [times.get((c, middle[1])) or first for c in range(len(plan.across.values))]
        down = [times.get((middle[0], r)) or first for r in range(len(plan.down.values))]
        self._weights = {(c, r): across[c] * down[r] / first for c, r in plan.cells}
        self.seconds = plan.seeds * plan.budget * sum(self._weights.values())

    def _seconds(self, cell: Cell) -> float | None:
        """Seconds of an update, a share of making and measuring the network included; None where there can be none."""
        begin = time.perf_counter()
        try:
            trainer = new_trainer(*self.plan.network((*cell, 0)))
        except (ConfigError, InputError):
            return None
        made = time.perf_counter() - begin
        return _cost(trainer) + (made + _measured(trainer)) / self.plan.budget


def _cost(trainer: Trainer) -> float:
    """Seconds of an update."""
    trainer.run(PROBE / 4)  # compiles
    begin, before = time.perf_counter(), trainer.update
    trainer.run(PROBE)
    return (time.perf_counter() - begin) / max(1, trainer.update - before)


def _measured(trainer: Trainer) -> float:
    """Seconds that measuring the network takes."""
    begin = time.perf_counter()
    trainer.evaluate()
    if not trainer.diverged:
        accuracy(trainer)
    return time.perf_counter() - begin
