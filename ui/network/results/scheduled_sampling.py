"""Scheduled sampling, and what it ends in (Bengio et al. 2015; Huszár 2015)."""

import math
from collections import Counter
from collections.abc import Generator

from rnn_core import Trainer
from rnn_core.tasks.texts import TEXTS
from ui.i18n import N_
from ui.network.results.measuring import watch
from ui.network.results.record import Chart, Check, Door, Network, Paper, Quantity, Result, Trial, of

TASK = {"data": "marked_en", "batch_size": 16, "cell": "lstm", "hidden_size": 48, "learning_rate": 0.01}
SEEDS = tuple(range(5))
END = 3  # looks, over which what is found at the end is averaged


def by_frequency(text: str) -> float:
    """Loss of one who knows how frequent each letter is, and nothing else: the entropy of the frequencies, in nats.

    >>> round(by_frequency("abab"), 4)
    0.6931
    """
    shares = [count / len(text) for count in Counter(text).values()]
    return -sum(share * math.log(share) for share in shares)


FREQUENCIES = by_frequency(TEXTS["marked_en"].text)


def measure(run: Trainer, network: Network) -> Generator[float, None, Trial]:
    """The loss on held-out text, all of whose symbols are true, over the training: the lowest, and the last ones."""
    watched = yield from watch(run, network, lambda run: run.evaluate())
    numbers = {"lowest": min(watched.seen), "end": sum(watched.seen[-END:]) / END}
    return Trial(run.config.seed, numbers, (watched.updates, watched.seen))


RESULT = Result(
    "scheduled_sampling",
    by="Bengio et al. 2015; Huszár 2015",
    card=Paper(
        N_(
            "Bengio, Vinyals, Jaitly and Shazeer (2015) let a network read, in training, more and more of its own "
            "guesses in place of the true symbols, as it will have to when it writes. Huszár (2015) asked what such a "
            "training aims at."
        ),
        N_(
            "Bengio and others report significant improvements in several tasks, and won a competition of captions for "
            "pictures. Huszár shows that the objective is improper, and that learning by it is inconsistent."
        ),
        N_("The abstracts (arXiv 1506.03099 and 1511.05101)."),
    ),
    title=N_("Scheduled sampling: own guesses as input"),
    claim=N_("A language model that is made to read its own guesses ends by ignoring what it reads."),
    published=N_("No number was read: improvements there, an improper objective here."),
    here=N_(
        "A generated text with quotes and brackets, read letter by letter, in place of captions, which a picture "
        "accompanies. An LSTM of 48 units, Adam at 0.01 in batches of 16, clipped at norm 1, 2,000 updates, five "
        "seeds. Half of the letters read are its own guesses after 461 updates (k = 100), nearly all of them soon "
        "after. The loss is that on held-out text, all of whose letters are true."
    ),
    expected=N_(
        "Once all letters but the first are guesses, they say nothing of what comes next in the text: the best guess "
        "is then how frequent each letter is, whatever was read. So a network that has learned the text should unlearn "
        "it, nearly up to the loss of the letters' frequencies. Where something else accompanies the text, there is "
        "more to go by; that is not tried here."
    ),
    networks={
        "without": Network(N_("LSTM, true letters alone"), TASK, 2000, 50, SEEDS),
        "with": Network(N_("LSTM, scheduled sampling"), TASK | {"scheduled_sampling": 100}, 2000, 50, SEEDS),
    },
    measure=measure,
    quantities={
        "lowest": Quantity(N_("lowest loss on held-out text (nats per letter)"), ".3f"),
        "end": Quantity(N_("loss on held-out text at the end (nats per letter)"), ".3f"),
    },
    checks=(
        Check(
            N_("{network}: highest of the lowest losses (nats)"),
            of("with", "lowest", max),
            high=1.0,
            network="with",
            form=".3f",
        ),
        Check(
            N_("{network}: lowest loss at the end, over that of the letters' frequencies"),
            lambda trials: of("with", "end", min)(trials) / FREQUENCIES,
            0.85,
            1.05,
            network="with",
            form=".3f",
        ),
        Check(
            N_("{network}: highest loss at the end (nats)"),
            of("without", "end", max),
            high=0.7,
            network="without",
            form=".3f",
        ),
    ),
    door=Door("lab"),
    chart=Chart(
        N_("update"),
        N_("held-out loss (nats)"),
        N_("The loss on held-out text over the updates, a curve for each seed."),
        N_("No figure of the papers was read. Drawn is how the network learns the text and unlearns it."),
        levels=((N_("the letters' frequencies alone"), FREQUENCIES),),
    ),
)
