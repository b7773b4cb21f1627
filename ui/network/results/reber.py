"""The embedded Reber grammar (Hochreiter & Schmidhuber 1997)."""

from collections.abc import Generator

import numpy as np

from rnn_core import Trainer
from ui.i18n import N_
from ui.network.results.measuring import right, watch
from ui.network.results.record import Chart, Check, Door, Network, Quantity, Result, Trial, happened, of

BATCH, PAPER = 8, 8440  # strings: of an update; that the paper's LSTM saw until it had learned the grammar


def measure(run: Trainer, network: Network) -> Generator[float, None, Trial]:
    """The share of the held-out strings that are right by the strict criterion, until all are."""
    watched = yield from watch(run, network, right, lambda share: share == 1)
    strings = tuple(BATCH * update for update in watched.updates)
    numbers = {"strings": None if watched.reached is None else float(BATCH * watched.reached)}
    return Trial(run.config.seed, numbers, (strings, tuple(100 * share for share in watched.seen)))


RESULT = Result(
    "reber",
    by="Hochreiter & Schmidhuber 1997",
    card="reber",
    title=N_("The embedded Reber grammar"),
    claim=N_("An LSTM learns to close a string with the letter that opened it; a plain network of its time did not."),
    published=N_("An LSTM: all runs, after 8,440 strings on average (3,800 to 24,100). Elman's network: none."),
    here=N_(
        "One LSTM of 12 units with a forget gate, in place of blocks without one, and a gradient through all "
        "steps. Adam at 0.01 in batches of 8, clipped at norm 1. The grammar, the number of strings and the "
        "judgement are the same; each seed has strings of its own."
    ),
    expected=N_(
        "At most as many strings as in the paper: the cell is the same idea, a forget gate and Adam make it faster. "
        "The share of right strings waits near one half, where the last letter but one is a coin flip, then jumps."
    ),
    networks={
        "lstm": Network(
            "LSTM",
            {"data": "reber", "cell": "lstm", "hidden_size": 12, "batch_size": BATCH, "learning_rate": 0.01},
            4000,
            every=10,
            seeds=tuple(range(8)),
        )
    },
    measure=measure,
    quantities={"strings": Quantity(N_("strings read until all held-out ones are right"), ",.0f")},
    checks=(
        Check(N_("{network}: seeds of 8 that learn the grammar"), happened("lstm", "strings"), 7, 8, "lstm"),
        Check(
            N_("{network}: median of the strings that it took"),
            of("lstm", "strings", np.median),
            high=PAPER,
            network="lstm",
            form=",.0f",
        ),
    ),
    door=Door("lab"),
    chart=Chart(
        N_("strings read"),
        N_("held-out strings right (%)"),
        N_("The share of right strings over the strings read, a curve for each seed, beside the paper's mean."),
        N_("The paper has a table and no curve: its mean is the upright line. Each seed is drawn until all are right."),
        uprights=((N_("the paper's mean"), PAPER),),
        bounds=(0.0, 104.0),
    ),
    drawn=True,
)
