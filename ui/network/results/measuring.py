"""Training the networks of a result, in pieces: it can rest between two looks and be continued."""

import time
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from rnn_core import Trainer
from rnn_core.tasks import TextTask
from ui.charts.limits import there
from ui.network.results.record import Measure, Network, Result, Trial, Trials
from ui.network.settings import SETTINGS
from ui.network.setup import lab_setup
from ui.settings import keys
from ui.training.executor.cluster import State
from ui.training.executor.executor import Call, Executor
from ui.training.run import new_trainer
from ui.training.snapshot import Setup, Training


class Step(NamedTuple):
    """How far a measurement is: the share that is done, and the trials that are."""

    share: float
    trials: Trials


def setup_of(network: Network, seed: int, drawn: bool = False) -> tuple[Setup, Training]:
    """The network and its training, made as the Lab makes them. drawn : whether its data have this seed, too."""
    defaults = {name: setting.default for name, setting in SETTINGS.items()}
    setup, training = lab_setup(defaults | dict(network.values) | {keys.SEED: seed})
    if setup is None:
        raise ValueError(f"{network.values} name no data")
    if drawn:
        setup = replace(setup, task_options=tuple(sorted({**dict(setup.task_options), "seed": seed}.items())))
    return setup, training


def train(measure: Measure, network: Network, seed: int, drawn: bool) -> Generator[float, None, Trial]:
    """One trial of a result; yields the share of its updates that is done."""
    return (yield from measure(new_trainer(*setup_of(network, seed, drawn)), network))


class Measurement:
    """Trains every network of a result with every seed, in pieces.

    trials : all of them, once they are done. seconds : that they took. clock : the time in seconds.
    """

    def __init__(self, result: Result, clock: Callable[[], float] = time.monotonic) -> None:
        self.trials: Trials | None = None
        self.seconds = 0.0
        self._networks, self._found = result.networks, dict[tuple[str, int], Trial]()
        self._executor: Executor[tuple[str, int]] = Executor(clock)
        self._left = {
            (name, seed): Call(train, (result.measure, network, seed, result.drawn))
            for name, network in result.networks.items()
            for seed in network.seeds
        }

    @property
    def here(self) -> bool:
        """Whether the thread that works on it trains, and does not only wait for others."""
        return self._executor.here()

    @property
    def cluster(self) -> State | None:
        """State of the machines that train it; None: this one alone."""
        return self._executor.state

    def rest(self) -> None:
        """Stop until there is work again."""
        self._executor.rest()

    def work(self, seconds: float) -> bool:
        """Train for about so long, up to the end of a trial at most; whether there is more to do."""
        for done in self._executor.work(self._left, seconds):
            self._found[done.key] = done.result
            self.seconds += done.seconds
            del self._left[done.key]
        if not self._left:
            self.trials = self.step.trials
        return bool(self._left)

    @property
    def step(self) -> Step:
        """How far it is."""
        trials = {
            name: tuple(self._found[name, seed] for seed in network.seeds if (name, seed) in self._found)
            for name, network in self._networks.items()
        }
        total = sum(network.updates * len(network.seeds) for network in self._networks.values())
        done: float = sum(len(found) * self._networks[name].updates for name, found in trials.items())
        begun = self._executor.running.items()
        done += sum(state.progress * self._networks[name].updates for (name, _seed), state in begun)
        return Step(done / total, trials)


def measure(result: Result) -> Trials:
    """All trials of a result: seconds to minutes."""
    measurement = Measurement(result)
    while measurement.work(1.0):
        pass
    return measurement.step.trials


class ReadStream(NamedTuple):
    """The held-out part of a stream of text, read by a network in one go from a zero state: N symbols."""

    begin: int  # its place in the whole text
    text: str
    vocabulary: tuple[str, ...]
    probs: np.ndarray  # (N-1, K): of every symbol but the first
    nats: np.ndarray  # (N-1,): what each of them cost
    states: np.ndarray  # (N-1, H): of an LSTM its cell states


def read_held_out(run: Trainer) -> ReadStream:
    """What the network makes of the held-out part of its text."""
    task = run.task
    if not isinstance(task, TextTask):
        raise TypeError(f"the task is {task.name!r}; expected 'text'")
    ids = task.held_out_ids
    trace = run.model.forward(ids[:-1, None])
    probs = there(trace.probs)[:, 0]
    nats = -np.log(np.maximum(probs[np.arange(len(ids) - 1), ids[1:]], np.finfo(np.float32).tiny))
    states = (trace.hidden if trace.cell is None else trace.cell)[0, 1:, 0]
    return ReadStream(len(task.text) - len(ids), task.decode(ids), task.vocabulary, probs, nats, states)


class Watched(NamedTuple):
    """A training that was looked at: after how many updates the value reached its goal, and all that was seen."""

    reached: int | None
    updates: tuple[float, ...]
    seen: tuple[float, ...]


def watch(
    run: Trainer,
    network: Network,
    look: Callable[[Trainer], float],
    reached: Callable[[float], bool] = lambda value: False,
) -> Generator[float, None, Watched]:
    """Train until `look` has reached its goal, for the network's updates at most."""
    updates, seen = [], []
    while run.update < network.updates and not run.diverged:
        run.step(min(network.every, network.updates - run.update))
        updates.append(float(run.update))
        seen.append(float(look(run)))
        if reached(seen[-1]):
            return Watched(run.update, tuple(updates), tuple(seen))
        yield run.update / network.updates
    return Watched(None, tuple(updates), tuple(seen))


def right(run: Trainer) -> float:
    """The task's own measure on the held-out batch."""
    batch = run.task.held_out()
    return float(run.task.accuracy(run.model.forward(batch.x).logits, batch))
