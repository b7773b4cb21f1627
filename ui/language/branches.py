"""Continuations of a prompt: drawn symbol by symbol, and drawn again from any symbol that might have come instead."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypedDict

import numpy as np

from rnn_core import generate
from rnn_core.analysis.scoring import Score, log_softmax, score
from rnn_core.beam import Beams, beam_search
from rnn_core.generation import drawn_from
from ui.language.model_copy import ModelCopy

MOST = 12  # branches
SHOWN = 12  # candidates of a step


class Sampling(TypedDict):
    """Arguments that `generate` and `drawn_from` share."""

    temperature: float
    top_k: int | None
    top_p: float | None


class Drawing(NamedTuple):
    """Options of sampling."""

    temperature: float = 1.0  # 0: always the most probable
    top_k: int | None = None
    top_p: float | None = None
    seed: int = 0
    length: int = 60  # symbols
    beams: int = 4

    @property
    def settings(self) -> Sampling:
        """What it says to `generate` and `drawn_from`."""
        return {"temperature": self.temperature, "top_k": self.top_k, "top_p": self.top_p}


class Fork(NamedTuple):
    """Beginning of a branch: the one that it left, and its symbols up to the one that was chosen instead."""

    parent: int | None = None
    ids: tuple[int, ...] = ()


class Branch(NamedTuple):
    """One continuation: the first `given` symbols are a fork's, the rest was drawn."""

    given: int
    ids: np.ndarray  # (length,)
    score: Score


class Step(NamedTuple):
    """The distributions of one step."""

    before: np.ndarray  # (K,) of the network
    after: np.ndarray  # (K,) drawn from
    order: np.ndarray  # (SHOWN,) ids, the most probable first; the one that stands there is among them


def grow(copy: ModelCopy, prompt: np.ndarray, prefix: Sequence[int], drawing: Drawing) -> Branch:
    """The continuation of a prompt that begins with the ids of prefix."""
    ids = given = np.asarray(prefix[: drawing.length], np.int64)
    left = drawing.length - len(given)
    if left:
        drawn = generate(copy.model, np.concatenate([prompt, given]), left, **drawing.settings, seed=drawing.seed)
        ids = np.concatenate([given, drawn])
    return Branch(len(given), ids, score(copy.model, prompt, ids))


def distributions(
    copy: ModelCopy, prompt: np.ndarray, ids: np.ndarray, drawing: Drawing
) -> tuple[np.ndarray, np.ndarray]:
    """(before, after), each (length, K): what the network said at each step, and what was drawn from."""
    read = np.concatenate([prompt, ids[:-1]])
    logits = copy.model.forward(read[:, None]).logits[len(prompt) - 1 :, 0]
    return np.exp(log_softmax(logits)), drawn_from(copy.model, logits, **drawing.settings)


def step(before: np.ndarray, after: np.ndarray, drawn: int) -> Step:
    """One step of `distributions`: the likeliest symbols and the one that was drawn."""
    count = min(SHOWN, len(before))
    order = np.argsort(-before, kind="stable")[:count]
    if drawn not in order:
        order[-1] = drawn
    return Step(before, after, order)


def search(copy: ModelCopy, prompt: np.ndarray, drawing: Drawing) -> Beams:
    """The continuations that beam search finds, of the same length."""
    return beam_search(copy.model, prompt, drawing.length, drawing.beams)


def forks(sent: Iterable[object], size: int, length: int) -> tuple[Fork, ...]:
    """Forks from a browser's [parent, ids] of each branch, as far as they are valid, after the first branch, which
    left no other.

    >>> forks([[0, [1, 2]], [0, [99]], [1, [1]], [7, [1]], "x"], size=10, length=5)[1:]
    (Fork(parent=0, ids=(1, 2)), Fork(parent=1, ids=(1,)))
    """
    found = [Fork()]
    for item in sent:
        match item:
            case [int(parent), list(ids)] if 0 <= parent < len(found) < MOST and 0 < len(ids) <= length:
                if all(type(symbol) is int and 0 <= symbol < size for symbol in ids):
                    found.append(Fork(parent, tuple(ids)))
    return tuple(found)
