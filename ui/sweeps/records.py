"""Records that the page “Sweeps” and its training thread exchange; all frozen."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Any, Literal, NamedTuple

from ui.network.settings import SETTINGS
from ui.network.setup import lab_setup
from ui.settings import keys
from ui.sweeps.axes import Swept
from ui.training.executor.cluster import State
from ui.training.snapshot import Setup, Training

Measure = Literal["loss", "right"]
Cell = tuple[int, int]  # column, row
Place = tuple[int, int, int]  # column, row, number of the seed


class Outcome(NamedTuple):
    """What became of one network. curve : the mean training loss of some updates, up to each of them."""

    updates: int = 0
    loss: float = math.nan  # held out, at the end
    right: float = 0.0  # share of right answers, held out
    diverged: bool = False
    chance: float = math.nan
    problem: str = ""  # why there can be no such network
    curve: tuple[tuple[int, float], ...] = ()

    def value(self, measure: Measure) -> float:
        """What is measured, worse than everything where there is none."""
        if self.problem or self.diverged:
            return math.inf if measure == "loss" else -math.inf
        return self.loss if measure == "loss" else self.right


@dataclass(frozen=True)
class Plan:
    """A sweep. values : the Lab's settings of all its networks, by name. cells : in the order in which they train."""

    values: tuple[tuple[str, Any], ...]
    text: str | None  # the reader's own
    across: Swept
    down: Swept
    cells: tuple[Cell, ...]
    seeds: int
    budget: int  # updates of each network

    @property
    def task_options(self) -> tuple[tuple[str, Any], ...]:
        """Parameters of the task in the first cell."""
        setup, _training = self.network((*self.cells[0], 0))
        return setup.task_options

    @property
    def cell(self) -> str:
        """The cell that is compiled first."""
        return str(self.settings((*self.cells[0], 0))[keys.CELL])

    @property
    def places(self) -> list[Place]:
        """All networks, in the order in which they train: every cell with one seed, then with the next."""
        return [(*cell, seed) for seed in range(self.seeds) for cell in self.cells]

    def settings(self, place: Place) -> dict[str, Any]:
        """The Lab's settings of one network."""
        column, row, seed = place
        values = dict(self.values)
        values |= {self.across.name: self.across.values[column], self.down.name: self.down.values[row]}
        return values | {keys.SEED: (values[keys.SEED] + seed) % (SETTINGS[keys.SEED].high + 1)}

    def network(self, place: Place) -> tuple[Setup, Training]:
        """One network and its training, made as the Lab makes them."""
        setup, training = lab_setup(self.settings(place), self.text)
        if setup is None:
            raise ValueError("the sweep has no text")
        return setup, training

    @cached_property
    def alike(self) -> int:
        """Cells whose network is that of another cell, too: one of the settings has no effect there."""
        known = Counter(self.network((*cell, 0)) for cell in self.cells)
        return sum(count for count in known.values() if count > 1)


@dataclass(frozen=True)
class SweepView:
    """A sweep at one moment."""

    run: int
    setup: Plan
    outcomes: dict[Place, Outcome]
    current: dict[Place, int]  # updates of each network in training
    running: bool
    share: float  # of the work that may be left at most, done
    seconds_left: float | None  # at most about so many; None: not known yet
    cluster: State | None  # of the machines that train it; None: this one alone
    training: Training

    @property
    def update(self) -> int:
        """Networks that have been trained."""
        return len(self.outcomes)

    @property
    def finished(self) -> bool:
        """Whether there is nothing more to do."""
        return len(self.outcomes) == len(self.setup.cells) * self.setup.seeds

    @cached_property
    def _by_cell(self) -> Mapping[Cell, list[Outcome]]:
        found: dict[Cell, list[Outcome]] = {}
        for column, row, seed in sorted(self.outcomes):
            found.setdefault((column, row), []).append(self.outcomes[column, row, seed])
        return found

    def of(self, cell: Cell) -> list[Outcome]:
        """Outcomes of a cell, in the order of the seeds."""
        return self._by_cell.get(cell, [])

    def value(self, cell: Cell, measure: Measure) -> float | None:
        """The median over the seeds that are done; infinite where that one has diverged; None where none is done."""
        known = self.of(cell)
        return median(outcome.value(measure) for outcome in known) if known else None

    def best(self, measure: Measure) -> Cell | None:
        """The cell with the best median, of those that are finite."""
        known = {cell: value for cell in self.setup.cells if (value := self.value(cell, measure)) is not None}
        finite = {cell: value for cell, value in known.items() if math.isfinite(value)}
        better = min if measure == "loss" else max
        return better(finite, key=lambda cell: finite[cell]) if finite else None
