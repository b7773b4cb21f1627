"""Counting aⁿbⁿ (Gers & Schmidhuber 2001; Weiss, Goldberg & Yahav 2018)."""

from collections.abc import Generator

import numpy as np

from rnn_core import Trainer
from rnn_core.tasks import CountTask
from ui.i18n import N_
from ui.network.results.measuring import watch
from ui.network.results.record import Chart, Check, Door, Network, Quantity, Result, Trial, happened, of

TRAINED, DRAWN, FARTHEST, LARGE = 50, 100, 200, 150  # n: trained up to, drawn, tried up to, for the largest state


def states(run: Trainer, n: int) -> np.ndarray:
    """(2n, H): the cell states of an LSTM, the hidden states of another network, while it reads aⁿbⁿ."""
    trace = run.model.forward(task_of(run).strings([n]).x)
    return np.asarray((trace.hidden if trace.cell is None else trace.cell)[0, 1:, 0])


def task_of(run: Trainer) -> CountTask:
    """The task, which can make any string."""
    if not isinstance(run.task, CountTask):
        raise TypeError(f"the task is {run.task.name!r}; expected 'count'")
    return run.task


def counter(run: Trainer) -> tuple[int, float]:
    """The unit that is most nearly linear in the count of a's while they are read, and its R²."""
    read = states(run, TRAINED)[:TRAINED]
    fits = [np.corrcoef(np.arange(TRAINED), unit)[0, 1] ** 2 if unit.std() > 0 else 0.0 for unit in read.T]
    return int(np.argmax(fits)), float(max(fits))


def all_right(run: Trainer) -> float:
    """Whether every string of the training is right."""
    batch = task_of(run).strings(range(1, TRAINED + 1))
    return float(run.task.accuracy(run.model.forward(batch.x).logits, batch) == 1)


def longest_right(run: Trainer) -> int:
    """The largest n up to which every string is right."""
    for n in range(1, FARTHEST + 1):
        batch = task_of(run).strings([n])
        if run.task.accuracy(run.model.forward(batch.x).logits, batch) < 1:
            return n - 1
    return FARTHEST


def measure(run: Trainer, network: Network) -> Generator[float, None, Trial]:
    """Train until every string of the training is right; then how far it counts, and with which unit. A GRU is trained
    for all its updates: what counts is how large its states become."""
    watched = yield from watch(run, network, all_right, lambda yes: yes == 1 and run.model.config.cell == "lstm")
    unit, fit = counter(run)
    numbers = {
        "solved": watched.reached,
        "longest": float(longest_right(run)),
        "fit": fit,
        "largest": float(np.abs(run.model.forward(task_of(run).strings([LARGE]).x).hidden).max()),
    }
    read = states(run, DRAWN)[:, unit]
    drawn = read if read[DRAWN - 1] >= read[0] else -read  # a unit may count downwards
    return Trial(run.config.seed, numbers, (tuple(float(t) for t in range(2 * DRAWN)), tuple(drawn.tolist())))


TASK = {"data": "count", "count_longest": TRAINED, "batch_size": 32, "hidden_size": 10, "learning_rate": 0.01}

RESULT = Result(
    "counting",
    by="Gers & Schmidhuber 2001; Weiss, Goldberg & Yahav 2018",
    card="count",
    title=N_("Counting: aⁿbⁿ"),
    claim=N_("An LSTM counts with a component of its cell state, and counts on beyond what it was trained on."),
    published=N_("LSTM: one component counts linearly, far beyond the trained n. GRU: no unlimited counting."),
    here=N_(
        "10 units without peepholes, n drawn evenly from 1 to 50, Adam at 0.01 in batches of 32, clipped at norm "
        "1. Training of the LSTM stops once all n up to 50 are right; the GRU has 3,000 updates."
    ),
    expected=N_(
        "A cell state that adds the same amount for every a, and takes it off for every b, is linear in the count and "
        "has no limit. The states of a GRU are bounded, so it has to count in ever smaller differences."
    ),
    networks={
        "lstm": Network("LSTM", TASK | {"cell": "lstm"}, 5000, every=100, seeds=(0, 1, 2, 3, 4)),
        "gru": Network("GRU", TASK | {"cell": "gru"}, 3000, every=100),
    },
    measure=measure,
    quantities={
        "solved": Quantity(N_("updates until all n up to 50 are right"), ",.0f"),
        "longest": Quantity(N_("largest n up to which all are right (tried to 200)"), ",.0f"),
        "fit": Quantity(N_("R² of the best unit with the count"), ".4f"),
        "largest": Quantity(N_("largest absolute value of a hidden state, n = 150")),
    },
    checks=(
        Check(N_("{network}: seeds of 5 that learn all n up to 50"), happened("lstm", "solved"), 4, 5, "lstm"),
        Check(N_("{network}: largest n of the best seed"), of("lstm", "longest", max), 51, network="lstm"),
        Check(
            N_("{network}: lowest R² of the best unit with the count"),
            of("lstm", "fit", min),
            0.99,
            network="lstm",
            form=".4f",
        ),
        Check(N_("{network}: largest absolute value of a state"), of("gru", "largest", max), high=2, network="gru"),
    ),
    door=Door("lab"),
    chart=Chart(
        N_("symbols read, of a¹⁰⁰b¹⁰⁰"),
        N_("state of the unit that counts best, over its largest"),
        N_("The unit that is most nearly linear in the count while the network reads 100 a's and 100 b's."),
        N_(
            "Weiss, Goldberg and Yahav draw the units over the symbols of a long string. Here it is the one unit that "
            "counts best, a component of the cell state of the LSTM, of the hidden state of the GRU, each over its "
            "largest value. That of a GRU cannot exceed 1; the table has them."
        ),
        uprights=((N_("the first b"), float(DRAWN)),),
        scaled=True,
    ),
)
