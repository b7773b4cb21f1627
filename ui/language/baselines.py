"""Losses of n-gram models on the network's own task, counted by a thread of their own, once for all."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from rnn_core.analysis.ngrams import MAX_ORDER, NGrams, count_ngrams
from rnn_core.tasks.stream import StreamTask

LONGEST = 1_500_000  # symbols that are counted: the last ones before the held-out part
KEPT = 4  # texts whose counts are kept on this server

_pool = ThreadPoolExecutor(1, thread_name_prefix="ngrams")
_lock = threading.Lock()
_cache: "OrderedDict[StreamTask, Counting]" = OrderedDict()


class NgramBaselines(NamedTuple):
    """The n-gram models of a text, and what they reach on the held-out batch that the network is measured on."""

    ngrams: NGrams
    losses: tuple[float, ...]  # nats per symbol, of order 1 and up
    counted: int  # symbols

    @property
    def best(self) -> int:
        """The order that reaches the lowest loss."""
        return 1 + min(range(len(self.losses)), key=self.losses.__getitem__)

    def surprise(self, context: np.ndarray, ids: np.ndarray, order: int) -> np.ndarray:
        """−ln p of each of the ids (M,), read after those in context (C,), by the model of that order."""
        whole = np.concatenate([context, ids])
        return -np.log(self.ngrams.probabilities(whole[:-1], whole[1:], order)[len(context) - 1 :])


class Counting:
    """A count that is under way, or done."""

    def __init__(self, task: StreamTask) -> None:
        self._task = task
        self._stop = threading.Event()
        self.done = 0  # orders that are counted
        self.future: Future[NgramBaselines | None] = _pool.submit(self._work)

    @property
    def baselines(self) -> NgramBaselines | None:
        """Result; None while it runs, or if it failed."""
        ready = self.future.done() and not self.future.cancelled() and self.future.exception() is None
        return self.future.result() if ready else None

    @property
    def share(self) -> float:
        """Share that is done, 0 to 1."""
        return 1.0 if self.future.done() else self.done / (MAX_ORDER + 1)

    @property
    def failed(self) -> bool:
        """Whether there will be no result."""
        return self.future.done() and (self.future.cancelled() or self.future.exception() is not None)

    def stop(self) -> None:
        """Cancel it: nobody needs it any more."""
        self._stop.set()
        self.future.cancel()

    def _work(self) -> NgramBaselines | None:
        task, ids = self._task, self._task.training_ids[-LONGEST:]
        order = min(MAX_ORDER, len(ids) - 1)
        ngrams = count_ngrams(ids, task.output_size, order, progress=self._note, stop=self._stop.is_set)
        if ngrams is None:
            return None
        x, targets, _mask = task.held_out()
        losses = tuple(ngrams.loss(x, targets, n) for n in range(1, order + 1))
        return NgramBaselines(ngrams, losses, len(ids))

    def _note(self, order: int) -> None:
        self.done = order


def counting(task: StreamTask) -> Counting:
    """The count for this task: begun if there is none; the oldest of too many is stopped and forgotten."""
    with _lock:
        known = _cache.get(task)
        if known is None or known.failed:
            known = _cache[task] = Counting(task)
        _cache.move_to_end(task)
        while len(_cache) > KEPT:
            _cache.popitem(last=False)[1].stop()
        return known


def between(losses: Sequence[float], loss: float) -> tuple[int | None, int | None]:
    """The n-gram orders that a loss lies between: (the best that is worse, the first that is better), None for none.

    >>> between((3.0, 2.0, 1.5), 1.8), between((3.0, 2.0, 1.5), 1.0), between((3.0, 2.0, 1.5), 4.0)
    ((2, 3), (3, None), (None, 1))
    """
    worse = [(value, -n) for n, value in enumerate(losses, start=1) if value >= loss]
    better = [(-value, n) for n, value in enumerate(losses, start=1) if value < loss]
    return (-min(worse)[1] if worse else None), (min(better)[1] if better else None)
