"""Forecast from the gradient curve before training: for each task and cell, how often it was right.

forecast.csv holds the networks that this was measured on: `python -m ui.arena.trials` trains them. A ratio far above or
far below calls a network; a call counts as a forecast only where it was right for most of the measured networks and
clearly oftener than a guess that knows the cell but not the ratio.
"""

import csv
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ui.arena.figures import LIKELY, UNLIKELY

TABLE = Path(__file__).with_name("forecast.csv")
MOST = 2 / 3  # of the measured networks: so often a forecast was right, at least
BETTER = 0.1  # by so much oftener than the guess
BUDGET = 2000  # updates that each measured network had to solve its task
FEWEST = 5  # networks: of fewer nothing can be said


class Measured(NamedTuple):
    """One network of the table."""

    task: str
    cell: str
    lag: int
    seed: int
    ratio: float
    solved: bool


class Forecast(NamedTuple):
    """Measurements of the networks of one cell on one task: of those whose ratio lay on the same side, and all."""

    learns: bool  # what the ratio says, if it says anything
    solved: int  # of those with such a ratio
    alike: int  # how many they are
    all_solved: int
    all_count: int
    lags: tuple[int, int]  # the shortest and the longest

    @property
    def right(self) -> int:
        """Networks with such a ratio that did as it says."""
        return self.solved if self.learns else self.alike - self.solved

    @property
    def offered(self) -> bool:
        """Whether it was right for most, and clearly oftener than a guess that does not know the ratio."""
        guess = self.all_solved if self.learns else self.all_count - self.all_solved
        share = self.right / self.alike
        return share >= MOST and share >= guess / self.all_count + BETTER


@cache
def table() -> tuple[Measured, ...]:
    """All networks that were measured."""
    with TABLE.open(newline="") as file:
        return tuple(map(_measured, csv.DictReader(file)))


def _measured(row: dict[str, Any]) -> Measured:
    lag, seed, ratio = int(row["lag"]), int(row["seed"]), float(row["ratio"])
    return Measured(row["task"], row["cell"], lag, seed, ratio, row["solved_at"] != "")


def called(ratio: float) -> bool | None:
    """Whether a ratio before training lies far above or far below; None: in between.

    >>> called(0.5), called(1e-4), called(0.01)
    (True, False, None)
    """
    return True if ratio >= LIKELY else False if ratio <= UNLIKELY else None


def forecast(task: str, cell: str, ratio: float, lag: int | None) -> Forecast | None:
    """The record of such networks; None where the ratio says nothing, or where too few such were measured.

    >>> forecast("recall", "lstm", 0.001, lag=20).offered, forecast("recall", "gru", 0.001, lag=20).offered
    (True, False)
    """
    learns = called(ratio)
    own = [each for each in table() if (each.task, each.cell) == (task, cell)]
    alike = [each for each in own if called(each.ratio) is learns]
    if learns is None or lag is None or len(alike) < FEWEST:
        return None
    lags = min(each.lag for each in own), max(each.lag for each in own)
    if not lags[0] <= lag <= lags[1]:
        return None
    solved, all_solved = (sum(each.solved for each in some) for some in (alike, own))
    return Forecast(learns, solved, len(alike), all_solved, len(own), lags)
