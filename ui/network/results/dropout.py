"""Dropout between the layers of an LSTM (Zaremba, Sutskever & Vinyals 2014)."""

from collections.abc import Generator

from rnn_core import Trainer
from ui.i18n import N_
from ui.network.results.measuring import watch
from ui.network.results.record import Chart, Check, Door, Network, Paper, Quantity, Result, Trial, exceeds

TASK = {"data": "river_en", "batch_size": 16, "cell": "lstm", "layers": 2, "hidden_size": 64, "learning_rate": 0.01}
SEEDS = tuple(range(5))
END = 3  # looks, over which what is found at the end is averaged


def measure(run: Trainer, network: Network) -> Generator[float, None, Trial]:
    """The loss on held-out text over the training: the lowest, and the last ones."""
    watched = yield from watch(run, network, lambda run: run.evaluate())
    numbers = {"lowest": min(watched.seen), "end": sum(watched.seen[-END:]) / END}
    return Trial(run.config.seed, numbers, (watched.updates, watched.seen))


RESULT = Result(
    "dropout",
    by="Zaremba, Sutskever & Vinyals 2014",
    card=Paper(
        N_(
            "Zaremba, Sutskever and Vinyals (2014) applied dropout to LSTMs of two layers: to what a layer hands to "
            "the next one, but not to what it hands to its own next step, so that nothing it remembers is disturbed."
        ),
        N_(
            "A network that learned to predict the words of the Penn Treebank overfitted far less, and larger networks "
            "came to be of use; speech, translation and captions gained, too."
        ),
        N_("The abstract (arXiv 1409.2329); the perplexities: others' tables."),
    ),
    title=N_("Dropout between layers"),
    claim=N_("Dropout on the connections between layers, but not through time, keeps an LSTM from overfitting."),
    published=N_(
        "Perplexity on the Penn Treebank's test words: 82.7, in a larger network 78.4; that without was not read."
    ),
    here=N_(
        "A poem of 1,323 characters, a tenth of them held out, in place of a million words. Two layers of 64 units, "
        "dropout 0.5 between them; none before the first layer and after the last, where the paper has it, too. Adam "
        "at 0.01 in batches of 16, clipped at norm 1, 1,500 updates, five seeds."
    ),
    expected=N_(
        "So small a text is soon known by heart; from then on the loss on the held-out part rises. With dropout the "
        "second layer reads another half of the first in every update, so it cannot rely on single units: the lowest "
        "loss should be lower, and the rise smaller, although there still is one."
    ),
    networks={
        "without": Network(N_("LSTM, without dropout"), TASK, 1500, 50, SEEDS),
        "with": Network(N_("LSTM, dropout 0.5"), TASK | {"dropout": 0.5}, 1500, 50, SEEDS),
    },
    measure=measure,
    quantities={
        "lowest": Quantity(N_("lowest loss on held-out text (nats per letter)"), ".3f"),
        "end": Quantity(N_("loss on held-out text at the end (nats per letter)"), ".3f"),
    },
    checks=(
        Check(
            N_("lowest loss without dropout minus that with it, means (nats)"),
            exceeds("lowest", "without", "with"),
            0.02,
            form=".3f",
        ),
        Check(
            N_("loss at the end without dropout minus that with it, means (nats)"),
            exceeds("end", "without", "with"),
            0.05,
            form=".3f",
        ),
    ),
    door=Door("lab"),
    chart=Chart(
        N_("update"),
        N_("held-out loss (nats)"),
        N_("The loss on held-out text over the updates, a curve for each seed."),
        N_("No figure of the paper was read. Drawn is how the loss on held-out text rises after its lowest."),
    ),
)
