"""Which networks learn which task: the tables behind what the Arena and the pair of experiments in the Lab say.

`python -m ui.arena.trials` trains what is missing in the two tables (an hour on one core), and adds a row for each
network. Delete a table to measure it anew.

- ui/arena/forecast.csv: cells, lags and seeds with the Arena's own settings, until the task is solved or the budget is
  used up; beside it what the gradient curve said before training.
- docs/pair.csv: the plain network and the LSTM of the pair “forgets / remembers”, with equal parameters, over a grid of
  learning rates.
"""

import csv
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from rnn_core.tasks import TASKS
from ui.arena.contest import SOLVED, reach_of
from ui.arena.forecast import BUDGET
from ui.arena.forecast import TABLE as FORECAST
from ui.arena.records import Contender, Match, share, training_of
from ui.training.executor.executor import Call, Executor
from ui.training.lockstep import accuracy
from ui.training.matched_sizes import matched_size
from ui.training.run import new_trainer
from ui.training.snapshot import Training

ROOT = Path(__file__).parents[2]
PAIR = ROOT / "docs/pair.csv"
KEYS = ("task", "lag", "cell", "init", "forget_bias", "units", "learning_rate", "seed")
COLUMNS = (*KEYS, "ratio", "left_chance", "solved_at", "updates", "loss", "chance")
PARAMETERS = 4000  # of each, about
SEEDS = (0, 1, 2)
CELLS = (  # cell, initial W, forget bias, learning rate: what the Arena starts with
    ("rnn_tanh", "uniform", 1.0, 0.003),
    ("rnn_tanh", "orthogonal", 1.0, 0.003),
    ("rnn_relu", "identity", 1.0, 0.001),
    ("gru", "uniform", 1.0, 0.01),
    ("lstm", "uniform", 1.0, 0.01),
    ("lstm", "uniform", 5.0, 0.01),
)
LAGS = {
    "recall": ("delay", (10, 20, 30, 50)),
    "adding": ("sequence_length", (30, 60, 100)),
    "copy": ("delay", (10, 20, 30)),
    "order": ("sequence_length", (20, 30, 40)),
}
PAIR_TASK, PAIR_LAG, PAIR_RATES = "order", 100, (0.0003, 0.001, 0.003, 0.01)  # the first rate is the pair's
PAIR_CELLS = (  # cell, initial W, forget bias, updates at most
    ("lstm", "uniform", 3.0, 3000),
    ("lstm", "uniform", 1.0, 3000),
    ("rnn_tanh", "orthogonal", 1.0, 3000),
    ("rnn_tanh", "uniform", 1.0, 6000),
)
TEN_MINUTES = 60_000  # updates that ten minutes make at 100 a second: the plain network's, at the rate of the pair


def forecast_trials() -> Iterator[tuple[Any, ...]]:
    """Each (key, budget, updates between two measurements) of the Arena's table."""
    for seed in SEEDS:
        for task, (name, lags) in LAGS.items():
            for lag in lags:
                kind = TASKS[task](**{name: lag})
                for cell, init, bias, rate in CELLS:
                    units = matched_size(cell, kind.input_size, kind.output_size, PARAMETERS)
                    yield (task, lag, cell, init, bias, units, rate, seed), BUDGET, 25


def pair_trials() -> Iterator[tuple[Any, ...]]:
    """The same of the pair's."""
    kind = TASKS[PAIR_TASK](**{LAGS[PAIR_TASK][0]: PAIR_LAG})
    for cell, init, bias, most in PAIR_CELLS:
        units = matched_size(cell, kind.input_size, kind.output_size, PARAMETERS)
        for rate in PAIR_RATES:
            pair = (cell, init, rate) == ("rnn_tanh", "uniform", PAIR_RATES[0])
            for seed in SEEDS:
                key = (PAIR_TASK, PAIR_LAG, cell, init, bias, units, rate, seed)
                yield key, TEN_MINUTES if pair else most, 50


def trial(key: tuple[Any, ...], budget: int, every: int) -> Generator[int, None, tuple[Any, ...]]:
    """Train one network until it has solved its task or the budget is used up; its row of the table. Yields its
    updates."""
    task, lag, cell, init, bias, units, rate, seed = key
    name = LAGS[task][0]
    contender = Contender(cell, units, init, bias, rate)
    match = Match(task, (("batch_size", 32), (name, lag)), (contender,), seed)
    trainer = new_trainer(match.setup(contender), training_of(contender, Training()))
    ratio, left, solved, chance = share(reach_of(trainer)), None, None, trainer.task.chance
    while trainer.update < budget and solved is None and not trainer.diverged:
        trainer.step(every)
        if left is None and trainer.evaluate() < 0.95 * chance:
            left = trainer.update
        if accuracy(trainer) >= SOLVED:
            solved = trainer.update
        yield trainer.update
    loss = f"{trainer.evaluate():.4g}"
    return (*key, f"{ratio:.3g}", left or "", solved or "", trainer.update, loss, f"{chance:.4g}")


def complete(path: Path, trials: Iterator[tuple[Any, ...]]) -> None:
    """Add the rows that are missing in the table."""
    known = set()
    if path.exists():
        with path.open(newline="") as file:
            known = {tuple(row[name] for name in KEYS) for row in csv.DictReader(file)}
    else:
        path.write_text(",".join(COLUMNS) + "\n")
    missing = {each[0]: Call(trial, each) for each in trials if tuple(map(str, each[0])) not in known}
    for done in Executor[tuple[Any, ...]]().run(missing):
        with path.open("a", newline="") as file:
            csv.writer(file, lineterminator="\n").writerow(done.result)


if __name__ == "__main__":
    if "pair" in sys.argv[1:] or len(sys.argv) == 1:
        complete(PAIR, pair_trials())
    if "forecast" in sys.argv[1:] or len(sys.argv) == 1:
        complete(FORECAST, forecast_trials())
