"""The reader against the models: what comes next in a text that nobody was trained on?

After Shannon's guessing game (Prediction and Entropy of Printed English, 1951), scored as a wager: the reader names a
symbol and how sure they are, p. If it is right it costs -ln p; the rest, 1 - p, is spread over the other symbols as
frequent as they are in the training part, so that a wrong guess has a price too and nothing is impossible.
"""

from typing import NamedTuple

import numpy as np

from rnn_core.analysis.scoring import score
from rnn_core.tasks.stream import StreamTask
from ui.language.model_copy import ModelCopy

ROUNDS, CONTEXT = 30, 100  # symbols to guess, and those before them that all players see
CERTAINTIES = (25, 50, 80, 95)  # percent


class Guess(NamedTuple):
    """A symbol, and how sure the reader is of it, in 0..1."""

    symbol: int
    certainty: float


class Excerpt(NamedTuple):
    """A piece of the held-out text: the visible part, and the symbols to guess."""

    context: np.ndarray  # (C,) ids
    targets: np.ndarray  # (R,) ids


def passage(task: StreamTask, number: int) -> Excerpt:
    """The number-th passage of a task: always the same one. A short text gives short passages, and they overlap."""
    ids = task.held_out_ids
    rounds = min(ROUNDS, max(1, len(ids) // 2))
    context = min(CONTEXT, max(1, (len(ids) - rounds) // 2))
    begin = int(np.random.default_rng([number, 30]).integers(0, len(ids) - rounds - context + 1))
    return Excerpt(ids[begin : begin + context], ids[begin + context : begin + context + rounds])


def shares(task: StreamTask) -> np.ndarray:
    """(K,) how frequent each symbol is in the training part, none of them never (add-one)."""
    count = np.bincount(task.training_ids, minlength=task.output_size) + 1.0
    return count / count.sum()


def price(guess: Guess, target: int, frequency: np.ndarray) -> float:
    """-ln of the probability that a guess gives to what came, in nats.

    >>> frequency = np.array([0.5, 0.25, 0.25])
    >>> [round(float(np.exp(-price(Guess(0, 0.8), target, frequency))), 3) for target in range(3)]
    [0.8, 0.1, 0.1]
    """
    if guess.symbol == target:
        return float(-np.log(guess.certainty))
    return float(-np.log((1 - guess.certainty) * frequency[target] / (1 - frequency[guess.symbol])))


def prices(guesses: list[Guess], piece: Excerpt, frequency: np.ndarray) -> np.ndarray:
    """The price of each guess so far, in nats."""
    return np.array([price(guess, target, frequency) for guess, target in zip(guesses, piece.targets, strict=False)])


def of_the_network(copy: ModelCopy, piece: Excerpt) -> tuple[np.ndarray, np.ndarray]:
    """The network's cost of each symbol, in nats, and its own first guess there."""
    found = score(copy.model, piece.context, piece.targets)
    return -found.log_probs, found.likeliest


def understood(task: StreamTask, sent: object, rounds: int) -> tuple[list[Guess], str]:
    """Guesses from a browser's [symbol, percent] pairs: up to the first that cannot be read, and that one."""
    guesses: list[Guess] = []
    for pair in sent[:rounds] if isinstance(sent, list) else []:
        if not (isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str) and pair[1] in CERTAINTIES):
            break
        ids = task.read(pair[0]).ids
        if not len(ids):
            return guesses, pair[0][:20]
        guesses.append(Guess(int(ids[0]), pair[1] / 100))
    return guesses, ""
