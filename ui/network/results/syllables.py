"""Consonants and the vowels that must follow (Elman 1990, section “Structure in letter sequences”)."""

from collections.abc import Generator

import numpy as np

from rnn_core import Trainer
from ui.i18n import N_
from ui.network.results.measuring import read_held_out, watch
from ui.network.results.record import Chart, Check, Door, Network, Paper, Quantity, Result, Trial, of

SHOWN = 40  # letters of the curve


def measure(run: Trainer, network: Network) -> Generator[float, None, Trial]:
    """Train; then the loss of the consonants and that of the vowels."""
    yield from watch(run, network, lambda run: 0.0)
    read = read_held_out(run)
    consonant = np.array([letter in "bdg" for letter in read.text[1:]])
    numbers = {"consonants": float(read.nats[consonant].mean()), "vowels": float(read.nats[~consonant].mean())}
    steps = tuple(float(step) for step in range(1, SHOWN + 1))
    return Trial(run.config.seed, numbers, (steps, tuple(read.nats[SHOWN : 2 * SHOWN].tolist())))


RESULT = Result(
    "syllables",
    by="Elman 1990",
    card=Paper(
        N_(
            "Elman (1990) made a stream of the syllables ba, dii and guuu in random order, and had a network predict "
            "the next letter."
        ),
        N_(
            "The error is high at the consonants, which are random, and low at the vowels: the network knows which "
            "vowel follows, and how often."
        ),
        N_("The abstract, and guides to the paper by others (the syllables, the error over the letters)."),
    ),
    title=N_("ba, dii, guuu: how many vowels follow"),
    claim=N_("A network learns which vowel follows a consonant, and how often."),
    published=N_("not known to us. It says: the error is high at consonants and low at vowels."),
    here=N_(
        "Each letter is a symbol of its own; Elman gave letters as six features of their sound. 20 units, Adam in "
        "batches of 8, the gradient through all steps."
    ),
    expected=N_(
        "Nothing can be known of a consonant but that it is one of three, which costs ln 3 = 1.10 nats. All vowels are "
        "certain for one who counts them, and cost nothing."
    ),
    networks={
        "tanh": Network(
            N_("RNN (tanh)"),
            {"data": "syllables", "text_sequence_length": 30, "batch_size": 8, "cell": "rnn_tanh", "hidden_size": 20,
             "learning_rate": 0.01},
            1500,
            every=250,
        )
    },
    measure=measure,
    quantities={
        "consonants": Quantity(N_("loss of the consonants (nats)"), ".3f"),
        "vowels": Quantity(N_("loss of the vowels (nats)"), ".1e"),
    },
    checks=(
        Check(N_("loss of the consonants, lowest (nats)"), of("tanh", "consonants", min), 1.05, 1.2, form=".3f"),
        Check(N_("loss of the consonants, highest (nats)"), of("tanh", "consonants", max), 1.05, 1.2, form=".3f"),
        Check(N_("loss of the vowels, highest (nats)"), of("tanh", "vowels", max), high=0.02, form=".1e"),
    ),
    door=Door("lab"),
    chart=Chart(
        N_("letter"),
        N_("loss (nats)"),
        N_("The loss of forty letters of the held-out stream, a curve for each seed."),
        N_("Elman drew the error over the letters of the stream; so does this chart, with the loss."),
        levels=((N_("one of three"), float(np.log(3))),),
        bounds=(0.0, 1.6),
    ),
)  # fmt: skip
