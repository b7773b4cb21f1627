"""Counting instead of learning: n-gram models, the baselines of a network's loss.

p(w | h) for a history h of n-1 symbols is interpolated with that of the history without its oldest symbol, and so on
down to the uniform distribution 1/K, so that nothing has probability zero and every distribution sums to one:

    p_k(w | h) = max(c(h w) - D_k, 0) / c(h) + D_k N(h) / c(h) p_k-1(w | h')          Kneser-Ney, interpolated

where N(h) is the number of different symbols seen after h. At the highest order c counts occurrences; below it, how
many different symbols were seen before h w: what matters there is in how many places a symbol fits. The discount is
D_k = n_1 / (n_1 + 2 n_2), with n_r the number of k-grams whose count is r (Ney, Essen and Kneser 1994).
Source: Kneser and Ney 1995; in this form Chen and Goodman 1998, section 2.7. A history never seen is shortened.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.errors import InputError
from rnn_core.inputs import array_of, check_whole

MAX_ORDER = 8
MAX_SYMBOLS = 2**20  # the alphabet; an id of a k-gram times it must fit 64 bits


class Counts(NamedTuple):
    """Counts of each k-gram, and of each history of k-1 symbols."""

    gram: np.ndarray  # (G,) c(h w)
    total: np.ndarray  # (C,) c(h)
    kinds: np.ndarray  # (C,) N(h)
    discount: float  # D


class Level(NamedTuple):
    """All k-grams of the training text; the number of one is its place in `keys`."""

    keys: np.ndarray  # (G,) int64, sorted: number of the history, times K, plus the symbol
    occurrences: Counts  # for a model of this order
    places: Counts  # for a model of a higher order


@dataclass(frozen=True)
class NGrams:
    """The n-gram models of one text, of all orders from 1 up."""

    size: int  # K
    levels: tuple[Level, ...]

    @property
    def order(self) -> int:
        """The highest."""
        return len(self.levels)

    def probabilities(self, x: ArrayLike, targets: ArrayLike, order: int) -> np.ndarray:
        """p of targets (T, ...) after the symbols x (T, ...) up to the same step; a history reaches no further back
        than x does, as a network's that starts there.

        Raises InputError for an order that was not counted, or shapes that differ.
        """
        order = check_whole("order", order, 1, self.order)
        x, targets = (array_of(name, ids).astype(np.int64) for name, ids in (("x", x), ("targets", targets)))
        if x.shape != targets.shape or x.ndim < 1:
            raise InputError(f"x has shape {x.shape}, targets {targets.shape}; expected the same, time first")
        p = np.full(x.shape, 1 / self.size)
        history = np.zeros(x.shape, np.int64)  # its number; -1: it was never seen
        for k in range(1, order + 1):
            counts = self._counts(k, order)
            gram = self._find(k, history, targets)
            count = np.where(gram >= 0, counts.gram[gram], 0)
            p = _interpolated(count, counts, history, p)
            history = self._one_longer(k, history, x)
        return p

    def distribution(self, context: ArrayLike, order: int) -> np.ndarray:
        """(K,) probabilities of the next symbol after the ids in context, of which the last order - 1 matter.

        Raises InputError for an order that was not counted.
        """
        order = check_whole("order", order, 1, self.order)
        context = array_of("context", context).astype(np.int64).ravel()
        p = np.full(self.size, 1 / self.size)
        for k in range(1, min(order, len(context) + 1) + 1):
            history = self._number(context[len(context) - k + 1 :])
            if history < 0:
                break
            counts, keys = self._counts(k, order), self.levels[k - 1].keys
            first, last = np.searchsorted(keys, [history * self.size, (history + 1) * self.size])
            count = np.zeros(self.size)
            count[keys[first:last] - history * self.size] = counts.gram[first:last]
            p = _interpolated(count, counts, np.full(self.size, history), p)
        return p

    def loss(self, x: ArrayLike, targets: ArrayLike, order: int) -> float:
        """Mean -ln p of the targets, in nats per symbol."""
        return float(-np.log(self.probabilities(x, targets, order)).mean())

    def _counts(self, k: int, order: int) -> Counts:
        level = self.levels[k - 1]
        return level.occurrences if k == order else level.places

    def _find(self, k: int, history: np.ndarray, symbols: np.ndarray) -> np.ndarray:
        """The numbers of the k-grams (history, symbol), -1 where there is none such."""
        keys = self.levels[k - 1].keys
        wanted = history * self.size + symbols
        place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where((history >= 0) & (keys[place] == wanted), place, -1)

    def _one_longer(self, k: int, history: np.ndarray, x: np.ndarray) -> np.ndarray:
        """The numbers of the histories of k symbols that end at each step, from those of k-1 at the step before."""
        before = history
        if k > 1:
            before = np.full(x.shape, -1)
            before[1:] = history[:-1]
        return self._find(k, before, x)

    def _number(self, ids: np.ndarray) -> int:
        """The number of a history, -1 if it was never seen."""
        number = np.zeros((), np.int64)
        for k, symbol in enumerate(ids, start=1):
            number = self._find(k, number, symbol)
        return int(number)


def count_ngrams(
    ids: ArrayLike,
    size: int,
    order: int,
    progress: Callable[[int], None] = lambda order: None,
    stop: Callable[[], bool] = lambda: False,
) -> NGrams | None:
    """Count all n-grams of ids (N,) below `size` up to the given order; None if stop() returned True.

    progress : called with each order that is done. Needs N > order; about 50 bytes a different n-gram.
    Raises InputError for ids that are too few or out of range, and for such a size or order.

    >>> model = count_ngrams([0, 1, 0, 1, 0, 1, 2], size=3, order=2)
    >>> model.distribution([0], order=2).argmax(), round(float(model.distribution([0], order=2).sum()), 12)
    (np.int64(1), 1.0)
    """
    ids = array_of("ids", ids)
    size, order = check_whole("size", size, 1, MAX_SYMBOLS), check_whole("order", order, 1, MAX_ORDER)
    if ids.ndim != 1 or ids.dtype.kind not in "iu" or len(ids) <= order or ids.min() < 0 or ids.max() >= size:
        raise InputError(f"ids have shape {ids.shape}; expected more than {order} integers from 0 to {size - 1}")
    ids = ids.astype(np.int64)
    keys_of: list[np.ndarray] = []
    occurrences: list[Counts] = []
    places: list[Counts] = []
    ends = np.zeros(len(ids) + 1, np.int64)  # the numbers of the histories, in the order in which they occur
    for k in range(1, order + 2):  # one more than wanted: it tells how many symbols stand before a k-gram
        if stop():
            return None
        keys, first, grams, count = np.unique(
            ends[:-1] * size + ids[k - 1 :], return_index=True, return_inverse=True, return_counts=True
        )
        if k > 1:  # of each different k-gram the last k-1 symbols, which are a gram of the level below
            kinds_before = np.bincount(ends[1:][first], minlength=len(keys_of[-1]))
            places.append(_tally(kinds_before, keys_of[-1] // size, len(occurrences[-1].total)))
        if k <= order:
            occurrences.append(_tally(count, keys // size, len(keys_of[-1]) if keys_of else 1))
            keys_of.append(keys)
            progress(k)
        ends = grams
    return NGrams(size, tuple(Level(*level) for level in zip(keys_of, occurrences, places, strict=True)))


def _tally(count: np.ndarray, history: np.ndarray, histories: int) -> Counts:
    """The Counts of k-grams with these counts, from the numbers of their histories."""
    total = np.bincount(history, weights=count, minlength=histories)
    kinds = np.bincount(history, weights=count > 0, minlength=histories)
    once, twice = int((count == 1).sum()), int((count == 2).sum())
    return Counts(count.astype(np.float64), total, kinds, once / (once + 2 * twice) if once and twice else 0.5)


def _interpolated(count: np.ndarray, counts: Counts, history: np.ndarray, lower: np.ndarray) -> np.ndarray:
    """p_k from the count of each symbol after its history and p_k-1; a history never seen leaves p_k-1."""
    total = np.where(history >= 0, counts.total[history], 0)
    counted = np.maximum(total, 1)
    mass = counts.discount * counts.kinds[history] / counted  # for what comes less often
    return np.where(total > 0, np.maximum(count - counts.discount, 0) / counted + mass * lower, lower)
