"""Records that the Arena's page and its training thread exchange; all frozen."""

from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from ui.training.executor.cluster import State
from ui.training.history import Curve
from ui.training.snapshot import SampleChoice, Setup, Training

MOST = 4  # contenders


@dataclass(frozen=True)
class Contender:
    """Settings of one contender."""

    cell: str
    hidden_size: int
    init: str = "uniform"
    forget_bias: float = 1.0
    learning_rate: float = 0.01


@dataclass(frozen=True)
class Match:
    """A task and who competes on it; everything that needs new networks when it changes."""

    task: str  # key in TASKS
    task_options: tuple[tuple[str, Any], ...]  # its parameters, sorted by name
    contenders: tuple[Contender, ...]
    seed: int = 0

    @property
    def cell(self) -> str:
        """The cell that is compiled first."""
        return self.contenders[0].cell

    def setup(self, contender: Contender) -> Setup:
        """One contender's network as the Lab would describe it."""
        own = {name: value for name, value in asdict(contender).items() if name != "learning_rate"}
        return Setup(self.task, self.task_options, seed=self.seed, **own)

    def at(self, name: str, value: int, seed: int) -> "Match":
        """The same match at another difficulty, with another seed."""
        options = dict(self.task_options) | {name: value}
        return replace(self, task_options=tuple(sorted(options.items())), seed=seed)


def training_of(contender: Contender, training: Training) -> Training:
    """Training of one contender: as all, with its own learning rate."""
    return replace(training, learning_rate=contender.learning_rate)


class RunProgress(NamedTuple):
    """One contender at one moment."""

    contender: Contender
    parameters: int
    update: int
    diverged: bool
    curve: Curve  # loss and gradient norm of every update
    held_out: tuple[tuple[int, float], ...]  # (update, loss)
    accuracy: tuple[tuple[int, float], ...]  # (update, the task's own measure on the held-out batch)
    clock: tuple[tuple[int, float], ...]  # (update, seconds of training until then)
    trace: Any  # rnn_core.Trace of the sequence that is shown
    before: np.ndarray  # (T,) how strongly the last output depends on each state, before training
    now: np.ndarray  # the same, measured last
    solved_at: int | None  # the first measured update with the task solved

    @property
    def ratio(self) -> float:
        """Share of that dependence that reached the first state before training, relative to the last's."""
        return share(self.before)

    @property
    def ratio_now(self) -> float:
        """The same, measured last."""
        return share(self.now)


def share(curve: np.ndarray) -> float:
    """The first of a curve as a share of the last; 0 where there is nothing at all."""
    return float(curve[0] / curve[-1]) if curve[-1] > 0 else 0.0


@dataclass(frozen=True)
class ArenaView:
    """All contenders at one moment, after the same number of updates."""

    run: int
    setup: Match
    training: Training
    update: int
    sample_choice: SampleChoice
    competitors: tuple[RunProgress, ...]
    vocabulary: tuple[str, ...] | None
    loss: str  # "cross_entropy" or "mse"
    chance: float
    best: float | None
    measure: str
    updates_per_second: float


class Outcome(NamedTuple):
    """Outcome of one network of a sweep."""

    contender: int  # its place among the contenders
    lag: int
    seed: int
    solved_at: int | None
    updates: int  # made
    accuracy: float  # at the end
    loss: float  # the same, held out
    ratio: float  # before training, as in RunProgress


@dataclass(frozen=True)
class Plan:
    """A sweep: every contender at every lag with every seed, until it has solved the task or the budget is used up."""

    match: Match
    training: Training
    name: str  # of the task's setting that is swept
    lags: tuple[int, ...]  # ascending
    seeds: int
    budget: int  # updates for each network


@dataclass(frozen=True)
class SweepView:
    """A sweep at one moment."""

    plan: Plan
    outcomes: tuple[Outcome, ...]
    skipped: tuple[tuple[int, int], ...]  # (contender, lag) that nobody tries: no seed solved a shorter lag
    running: bool
    finished: bool
    current: tuple[tuple[int, int, int, int], ...]  # contender, lag, seed and updates of each network in training
    share: float  # of the work that may be left at most, 0 to 1, done
    seconds_left: float | None  # at most about so many; None: not known yet
    cluster: State | None  # of the machines that train it; None: this one alone
    chance: tuple[float, ...]  # of each lag
