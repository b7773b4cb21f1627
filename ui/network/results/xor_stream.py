"""Exclusive or in time (Elman 1990, section “Exclusive-Or”)."""

from collections.abc import Generator

import numpy as np

from rnn_core import Trainer
from ui.i18n import N_
from ui.network.results.measuring import read_held_out, watch
from ui.network.results.record import Chart, Check, Door, Network, Paper, Quantity, Result, Trial, of

SHOWN = 12  # symbols of the curve
SEEDS = (0, 1, 2, 3, 4, 5)
TASK = {"data": "xor_stream", "text_sequence_length": 30, "batch_size": 8, "cell": "rnn_tanh", "learning_rate": 0.01,
        "truncation": "windowed"}  # fmt: skip


def measure(run: Trainer, network: Network) -> Generator[float, None, Trial]:
    """Train; then the loss of every third bit, which the two before it decide, over that of the others."""
    yield from watch(run, network, lambda run: 0.0)
    read = read_held_out(run)
    nats = np.concatenate([[np.nan], read.nats])  # of the first nothing is known
    place = (np.arange(len(nats)) + read.begin) % 3
    third, others = np.nanmean(nats[place == 2]), np.nanmean(nats[place != 2])
    rows = nats[: len(nats) // SHOWN * SHOWN].reshape(-1, SHOWN)[1:].mean(axis=0)
    steps = tuple(float(step) for step in range(1, SHOWN + 1))
    return Trial(run.config.seed, {"ratio": float(third / others)}, (steps, tuple(rows.tolist())))


RESULT = Result(
    "xor_stream",
    by="Elman 1990",
    card=Paper(
        N_(
            "Elman (1990) gave a network with two hidden units one bit after the other: two random ones, then whether "
            "they differ, and so on. It had to predict the next bit; nothing tells which is the third."
        ),
        N_(
            "The error falls at every third bit, the only one that can be predicted. The network uses time in place of "
            "a second input."
        ),
        N_("The abstract, and guides to the paper by others (two hidden units; the figure over 12 bits)."),
    ),
    title=N_("Exclusive or, spread over time"),
    claim=N_("A network that reads bit by bit learns that every third is the exclusive or of the two before it."),
    published=N_("not known to us. It says: the error falls at every third bit."),
    here=N_(
        "Nats in place of squared errors, Adam in batches of 8. Elman's gradient went one step back; so does that of "
        "the two units. Eight units with four steps are compared, which he did not try."
    ),
    expected=N_(
        "Two of three bits are coin flips and cost ln 2 each. Two units whose gradient goes one step back can hold the "
        "bit before the last only as far as chance left it in the state, so the third becomes cheaper, not free. With "
        "four steps it becomes nearly free."
    ),
    networks={
        "two": Network(N_("2 units, 1 step back"), TASK | {"hidden_size": 2, "truncate": 1}, 10_000, 1000, SEEDS),
        "eight": Network(N_("8 units, 4 steps back"), TASK | {"hidden_size": 8, "truncate": 4}, 8000, 1000, SEEDS),
    },
    measure=measure,
    quantities={"ratio": Quantity(N_("loss of every third bit, over that of the others"), ".2f")},
    checks=(
        Check(
            N_("{network}: the third over the others, median"), of("two", "ratio", np.median), 0.3, 0.7, "two", ".2f"
        ),
        Check(N_("{network}: the third over the others, highest"), of("two", "ratio", max), 0.3, 0.9, "two", ".2f"),
        Check(N_("{network}: the third over the others, highest"), of("eight", "ratio", max), 0, 0.1, "eight", ".2f"),
    ),
    door=Door("lab"),
    chart=Chart(
        N_("bit"),
        N_("mean loss (nats)"),
        N_("The loss of twelve bits in a row, averaged over the held-out stream, a curve for each seed."),
        N_("Elman drew the error of twelve bits in a row, averaged over many; so does this chart, with the loss."),
        levels=((N_("a coin flip"), float(np.log(2))),),
        bounds=(0.0, 1.0),
    ),
)
