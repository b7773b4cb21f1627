"""Where words begin in a stream of letters (Elman 1990, section “Discovering the notion word”)."""

from collections.abc import Generator

import numpy as np

from rnn_core import Trainer
from rnn_core.tasks.texts.streams import word_starts
from ui.i18n import N_
from ui.network.results.measuring import read_held_out, watch
from ui.network.results.record import Chart, Check, Door, Network, Paper, Quantity, Result, Trial, of

SHOWN = 50  # letters of the curve


def area(values: np.ndarray, yes: np.ndarray) -> float:
    """Area under the ROC curve: how probably a value where it is so is larger than one where it is not."""
    from scipy.stats import rankdata  # half a second that no page needs

    ranks, many = rankdata(values), int(yes.sum())
    return float((ranks[yes].sum() - many * (many + 1) / 2) / (many * (len(yes) - many)))


def measure(run: Trainer, network: Network) -> Generator[float, None, Trial]:
    """Train; then how well the loss of a letter tells whether a word begins with it."""
    yield from watch(run, network, lambda run: 0.0)
    read = read_held_out(run)
    first = word_starts()[read.begin + 1 : read.begin + len(read.text)]
    numbers = {
        "area": area(read.nats, first),
        "first": float(read.nats[first].mean()),
        "others": float(read.nats[~first].mean()),
    }
    steps = tuple(float(step) for step in range(1, SHOWN + 1))
    return Trial(run.config.seed, numbers, (steps, tuple(read.nats[SHOWN : 2 * SHOWN].tolist())))


RESULT = Result(
    "unspaced",
    by="Elman 1990",
    card=Paper(
        N_(
            "Elman (1990) wrote sentences of 15 words without blanks or stops, and had a network predict the next "
            "letter."
        ),
        N_(
            "The error is high at the beginning of a word and falls within it, so that it tells where words end, "
            "though nobody had told the network that there are words."
        ),
        N_("The abstract, and guides to the paper by others (15 words, the error over the letters)."),
    ),
    title=N_("Words in a stream of letters"),
    claim=N_("The error of a network that predicts letters rises where a new word begins."),
    published=N_("not known to us. It says: high at the first letter of a word, lower at each further one."),
    here=N_(
        "14 different words of Elman's example in random order, in place of sentences; each letter is a symbol of its "
        "own. 20 units, Adam in batches of 8, the gradient through all steps."
    ),
    expected=N_(
        "Which word comes next is random, so its first letter costs much; the further ones follow from those before. "
        "An area under the ROC curve of 1 means that every first letter costs more than every other."
    ),
    networks={
        "tanh": Network(
            N_("RNN (tanh)"),
            {"data": "unspaced", "text_sequence_length": 30, "batch_size": 8, "cell": "rnn_tanh", "hidden_size": 20,
             "learning_rate": 0.01},
            2000,
            every=250,
        )
    },
    measure=measure,
    quantities={
        "area": Quantity(N_("area under the ROC curve of the loss for first letters"), ".3f"),
        "first": Quantity(N_("loss of first letters (nats)"), ".2f"),
        "others": Quantity(N_("loss of the other letters (nats)"), ".2f"),
    },
    checks=(
        Check(
            N_("area under the ROC curve of the loss for first letters, lowest"), of("tanh", "area", min), 0.95,
            form=".3f",
        ),
        Check(N_("loss of first letters, lowest (nats)"), of("tanh", "first", min), 1, form=".2f"),
        Check(N_("loss of the other letters, highest (nats)"), of("tanh", "others", max), high=0.5, form=".2f"),
    ),
    door=Door("lab"),
    chart=Chart(
        N_("letter"),
        N_("loss (nats)"),
        N_("The loss of fifty letters of the held-out stream, a curve for each seed."),
        N_("Elman drew the error over the letters of the stream; so does this chart, with the loss."),
        bounds=(0.0, 4.0),
    ),
)  # fmt: skip
