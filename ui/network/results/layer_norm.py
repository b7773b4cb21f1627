"""Layer normalisation of an LSTM (Ba, Kiros & Hinton 2016)."""

from collections.abc import Generator
from statistics import mean

from rnn_core import Trainer
from ui.i18n import N_
from ui.network.results.adding import SOLVED, SOLVES
from ui.network.results.adding import TASK as ADDING
from ui.network.results.measuring import watch
from ui.network.results.record import (
    Chart,
    Check,
    Door,
    Network,
    Paper,
    Quantity,
    Result,
    Trial,
    Trials,
    happened,
    values,
)

TASK = ADDING | {"learning_rate": 0.01}
SEEDS = tuple(range(5))
UPDATES, EVERY = 4000, 50


def measure(run: Trainer, network: Network) -> Generator[float, None, Trial]:
    """The squared error on the held-out sequences until the task is solved."""
    watched = yield from watch(run, network, Trainer.evaluate, lambda error: error < SOLVED)
    return Trial(run.config.seed, {"solved": watched.reached}, (watched.updates, watched.seen))


def share(trials: Trials) -> float:
    """Updates that the normalised LSTM needs, over those of the plain one: of means; a plain one that does not solve
    the task counts as if it had at the end."""
    fast = values(trials, "with", "solved")
    plain = [trial.numbers["solved"] or UPDATES for trial in trials["without"]]
    return mean(fast) / mean(plain) if fast else float("nan")


RESULT = Result(
    "layer_norm",
    by="Ba, Kiros & Hinton 2016",
    card=Paper(
        N_(
            "Ba, Kiros and Hinton (2016) normalise, for each sequence and at each step on its own, the sums of all "
            "units of a layer: mean 0, variance 1, then a learned gain and bias for each unit. Of an LSTM they "
            "normalise W x, W h, and the cell before its tanh."
        ),
        N_(
            "That it stabilises the dynamics of the hidden state, and that training takes substantially less time than "
            "with what was published before."
        ),
        N_("The abstract (arXiv 1607.06450); the equations are numbers 20 to 22 of the supplementary material."),
    ),
    title=N_("Layer normalisation: sums of one size"),
    claim=N_("An LSTM whose sums are normalised at each step needs far fewer updates to learn from long sequences."),
    published=N_("No number was read: substantially less time to train."),
    here=N_(
        "Adding two of a hundred numbers, in place of the paper's tasks: 100 steps, 32 units, Adam at 0.01 in batches "
        "of 32, clipped at norm 1, five seeds, the same for both. Training stops below a squared error of 0.01. What "
        "is counted are updates, not seconds: here one with layer normalisation takes two and a half times as long."
    ),
    expected=N_(
        "The plain LSTM stays for a long time at the error of always answering 1. With its sums brought to one size, "
        "its gates react to the marks from the start, however small the first weights are; so it should need less than "
        "two thirds of the updates."
    ),
    networks={
        "without": Network(N_("LSTM, plain"), TASK | {"cell": "lstm"}, UPDATES, EVERY, SEEDS),
        "with": Network(N_("LSTM with layer normalisation"), TASK | {"cell": "lstm_layer_norm"}, UPDATES, EVERY, SEEDS),
    },
    measure=measure,
    quantities={"solved": Quantity(N_("updates until the squared error is below 0.01"), ",.0f")},
    checks=(
        Check(SOLVES, happened("with", "solved"), 5, network="with"),
        Check(N_("updates with layer normalisation over those without, means"), share, high=0.67, form=".2f"),
    ),
    door=Door("arena"),
    chart=Chart(
        N_("update"),
        N_("squared error on held-out data"),
        N_("The squared error over the updates, a curve for each seed, until it is below 0.01."),
        N_("No figure of the paper was read. Drawn is the usual form: the held-out error over the updates."),
        levels=((N_("always answering 1"), 1 / 6),),
        bounds=(0.0, 0.4),
    ),
)
