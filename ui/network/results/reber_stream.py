"""The Reber grammar without breaks, and what a forget gate is for (Gers, Schmidhuber & Cummins 2000)."""

from collections.abc import Generator

import numpy as np

from rnn_core import Trainer
from rnn_core.tasks.reber import CLOSING_STATES, LEGAL, NEXT_STATE, SYMBOLS
from ui.i18n import N_
from ui.network.results.measuring import read_held_out, watch
from ui.network.results.record import Chart, Check, Door, Network, Paper, Quantity, Result, Trial, of

SEEDS = tuple(range(8))
DRAWN = 20  # steps between two points of the curve
TASK = {"data": "reber_stream", "text_sequence_length": 40, "batch_size": 1, "stateful": True, "cell": "lstm",
        "hidden_size": 12, "optimizer": "sgd", "learning_rate": 0.3}  # fmt: skip


def closings(text: str) -> list[int]:
    """Places of the outer letters that must be remembered, in a stream, from its first whole string on."""
    state, found = 0, []
    for place in range(text.find("EB") + 1, len(text)):
        if state in CLOSING_STATES:
            found.append(place)
        state = NEXT_STATE[state, SYMBOLS.index(text[place])]
        if not LEGAL[state].any():
            state = 0
    return found


def measure(run: Trainer, network: Network) -> Generator[float, None, Trial]:
    """Train; then the share of outer letters that are right in the held-out stream, and the largest cell state."""
    yield from watch(run, network, lambda run: 0.0)
    read = read_held_out(run)
    of_letter = {letter: read.probs[:, read.vocabulary.index(letter)] for letter in "TP"}
    right = [
        of_letter[read.text[place]][place - 1] > of_letter["P" if read.text[place] == "T" else "T"][place - 1]
        for place in closings(read.text)
    ]
    largest = np.abs(read.states).max(axis=1)
    numbers = {"right": 100 * float(np.mean(right)), "cell": float(largest.max())}
    steps = tuple(float(step) for step in range(0, len(largest), DRAWN))
    return Trial(run.config.seed, numbers, (steps, tuple(largest[::DRAWN].tolist())))


RESULT = Result(
    "reber_stream",
    by="Gers, Schmidhuber & Cummins 2000",
    card=Paper(
        N_(
            "Gers, Schmidhuber and Cummins (2000) gave LSTMs strings of the embedded Reber grammar one directly after "
            "the other, without a sign where one ends, and without setting the state back."
        ),
        N_(
            "Without forget gates the cell states can grow without end, and the network breaks down: no algorithm that "
            "they tried solved the continual task. An LSTM with forget gates solved it easily: it learns to set its "
            "own state back."
        ),
        N_("The abstract."),
    ),
    title=N_("Learning to forget: the Reber grammar without breaks"),
    claim=N_("In a stream without breaks, an LSTM needs a gate with which it can forget."),
    published=N_("With forget gates: solved. Without, and with every other algorithm: not."),
    here=N_(
        "12 units in place of memory blocks; SGD at 0.3 in chunks of 40 symbols, the state carried on, clipped at norm "
        "1. Without the gate: a bias of 30, with which the gate is 1 to the last bit and stays so. With Adam in place "
        "of SGD, some networks without the gate come through, too."
    ),
    expected=N_(
        "What is only ever added to piles up: without the gate a cell state grows with the length of the stream, and "
        "the outer letter, which must be remembered over each string, is often lost. With it the cell states stay "
        "where they are of use. As solved we count a network that has 95% of the outer letters right."
    ),
    networks={
        "with": Network(N_("LSTM, with a forget gate"), TASK, 20_000, 2000, SEEDS),
        "without": Network(N_("LSTM, without"), TASK | {"forget_bias": 30.0}, 20_000, 2000, SEEDS),
    },
    measure=measure,
    quantities={
        "right": Quantity(N_("outer letters that are right (%)"), ".0f"),
        "cell": Quantity(N_("largest absolute value of a cell state"), ",.0f"),
    },
    checks=(
        Check(
            N_("{network}: outer letters that are right, lowest (%)"), of("with", "right", min), 95, 100, "with", ".0f"
        ),
        Check(
            N_("{network}: outer letters that are right, highest (%)"),
            of("without", "right", max),
            high=95,
            network="without",
            form=".0f",
        ),
        Check(
            N_("{network}: largest cell state of all"), of("with", "cell", max), high=50, network="with", form=",.0f"
        ),
        Check(
            N_("{network}: largest cell state, lowest"), of("without", "cell", min), 500, network="without", form=",.0f"
        ),
    ),
    door=Door("lab"),
    chart=Chart(
        N_("symbols read of the held-out stream"),
        N_("largest |c| (log)"),
        N_("The largest absolute value among the cell states while the stream is read, a curve for each seed."),
        N_("No figure of the paper was read. Drawn is what the claim is about: how the cell states grow."),
        logarithmic=True,
    ),
)
