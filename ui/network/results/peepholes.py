"""Peepholes, by which an LSTM's gates see its cells (Gers & Schmidhuber 2000, 2001; Gers et al. 2002)."""

from collections.abc import Generator

import numpy as np

from rnn_core import Trainer
from ui.charts.limits import there
from ui.i18n import N_
from ui.network.results.counting import FARTHEST, TASK, TRAINED, all_right, longest_right, task_of
from ui.network.results.measuring import watch
from ui.network.results.record import Chart, Check, Door, Network, Paper, Quantity, Result, Trial, exceeds, happened, of

SEEDS = tuple(range(10))


def least_certain(run: Trainer) -> list[float]:
    """Probability of the right symbol where it is lowest among the b's, for each n up to the farthest."""
    batch = task_of(run).strings(range(1, FARTHEST + 1))
    right = np.take_along_axis(there(run.model.forward(batch.x).probs), batch.targets[..., None], axis=-1)[..., 0]
    return [float(p) for p in np.where(batch.counted, right, 1.0).min(axis=0)]


def measure(run: Trainer, network: Network) -> Generator[float, None, Trial]:
    """Train until every string of the training is right; then how far the network counts."""
    watched = yield from watch(run, network, all_right, lambda yes: yes == 1)
    numbers = {"solved": watched.reached, "longest": float(longest_right(run))}
    counts = tuple(float(n) for n in range(1, FARTHEST + 1))
    return Trial(run.config.seed, numbers, (counts, tuple(least_certain(run))))


RESULT = Result(
    "peepholes",
    by="Gers & Schmidhuber 2000",
    card=Paper(
        N_(
            "Gers and Schmidhuber (2000) let the gates of an LSTM see the cell that they guard, by one weight for each "
            "unit and gate: before, a gate knew of it only what the output gate let out. They measured intervals with "
            "it, and counted."
        ),
        N_(
            "With peepholes an LSTM told spikes 50 steps apart from spikes 49 steps apart, without ever being shown "
            "shorter ones (2000, and with Schraudolph 2002); LSTM variants were the first recurrent networks to learn "
            "aⁿbⁿcⁿ (2001)."
        ),
        N_("The abstracts of the three papers. That the LSTM of 2001 had peepholes: others' surveys."),
    ),
    title=N_("Peepholes: gates that see the cell"),
    claim=N_("Gates that see the cell itself can count farther than gates that see what the output gate shows of it."),
    published=N_("Spikes 50 and 49 steps apart are told apart. For counting no number was read."),
    here=N_(
        "Counting aⁿbⁿ with n drawn evenly from 1 to 50, 10 units, Adam at 0.01 in batches of 32, clipped at norm 1, "
        "ten seeds. Training stops as soon as all n up to 50 are right. The same LSTM without peepholes is compared; "
        "the abstracts name no such comparison. Trained on after that, with n up to 15 and 4 units, we saw no lead. "
        "The gradient flows through the peepholes, too."
    ),
    expected=N_(
        "What an LSTM shows of a cell goes through tanh, which is flat where the cell holds a large count; a peephole "
        "sees the count in full. So both should learn all n up to 50, and with peepholes the same rule should hold "
        "farther beyond on average, although it does not in every seed."
    ),
    networks={
        "without": Network(N_("LSTM, without peepholes"), TASK | {"cell": "lstm"}, 5000, 100, SEEDS),
        "with": Network(N_("LSTM with peepholes"), TASK | {"cell": "lstm_peephole"}, 5000, 100, SEEDS),
    },
    measure=measure,
    quantities={
        "solved": Quantity(N_("updates until all n up to 50 are right"), ",.0f"),
        "longest": Quantity(N_("largest n up to which all are right (tried to 200)"), ",.0f"),
    },
    checks=(
        Check(N_("{network}: seeds of 10 that learn all n up to 50"), happened("with", "solved"), 9, 10, "with"),
        Check(
            N_("largest n with peepholes minus that without, means"),
            exceeds("longest", "with", "without"),
            10,
            form=".1f",
        ),
        Check(N_("{network}: largest n of the best seed"), of("with", "longest", max), 2 * TRAINED, network="with"),
    ),
    door=Door("lab"),
    chart=Chart(
        N_("n, of aⁿbⁿ"),
        N_("lowest probability of the right symbol"),
        N_("For each n, how probable the right symbol is after that b where it is least; a curve for each seed."),
        N_("No figure of the papers was read. Drawn is how sure each network is of its least certain answer."),
        uprights=((N_("largest n of the training"), float(TRAINED)),),
        bounds=(0.0, 1.0),
    ),
)
