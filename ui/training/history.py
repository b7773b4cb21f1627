"""The record of a training run in bounded memory, decimated so that nothing disappears.

Every update is counted. The updates are kept in buckets of equal width; when there are too many, neighbours
merge and the width doubles. A bucket knows mean, minimum and maximum, so that a spike stays visible however
long the run.
"""

import math
from bisect import bisect
from collections.abc import Mapping
from copy import copy
from typing import ClassVar, NamedTuple

import numpy as np

Begun = Mapping[int, np.ndarray]  # by the width of buckets: the bucket that is not full, if any; 1: the last update


class Curve(NamedTuple):
    """One entry for each bucket of `width` updates, ending at `update`."""

    update: np.ndarray
    width: int
    loss: np.ndarray  # mean
    loss_low: np.ndarray
    loss_high: np.ndarray
    norm: np.ndarray  # mean of the gradient norm before clipping
    norm_high: np.ndarray
    clipped: np.ndarray  # mean of the gradient norm after clipping
    clips: np.ndarray  # share of the updates whose gradient was clipped

    def since(self, update: int) -> "Curve":
        """The buckets that end after this update."""
        later = self.update > update
        return Curve._make(part[later] if isinstance(part, np.ndarray) else part for part in self)


class Record:
    """Loss and gradient norm of every update so far, or of every one after the `start`-th.

    >>> record = Record(capacity=4)
    >>> record.append(loss=np.array([4.0, 3.0, 2.0, 1.0, 9.0]), norm=np.ones(5), clip_factor=np.ones(5))
    >>> curve = record.curve()
    >>> curve.width, curve.update.tolist(), curve.loss.tolist(), curve.loss_high.tolist()
    (2, [2, 4, 5], [3.5, 1.5, 9.0], [4.0, 2.0, 9.0])
    """

    CAPACITY: ClassVar[int] = 512
    ROWS: ClassVar[int] = 8  # of a bucket

    def __init__(self, capacity: int = CAPACITY, start: int = 0):
        self._capacity = capacity
        self._width = 1
        self._start = start
        self._updates = 0
        # count, sum and extremes of the loss, sum and maximum of the norm, sum of that after clipping, clipped updates
        self._buckets = np.empty((self.ROWS, 0))
        self._last: np.ndarray | None = None  # (ROWS, 1): the last update as a bucket of its own, where it is known

    @property
    def last_loss(self) -> float | None:
        """The loss of the last update, of it alone; None where it is not known, or not that of these weights."""
        return None if self._last is None else float(self._last[1, 0])

    def forget_last(self) -> None:
        """The weights are no longer those that the last update has led to."""
        self._last = None

    def append(self, loss: np.ndarray, norm: np.ndarray, clip_factor: np.ndarray) -> None:
        """Add the next updates, in order."""
        loss, norm = np.asarray(loss, np.float64), np.asarray(norm, np.float64)
        clips = np.asarray(clip_factor) < 1
        rows = np.stack([np.ones_like(loss), loss, loss, loss, norm, norm, norm * clip_factor, clips])
        positions = (self._updates + np.arange(len(loss))) // self._width
        self._updates += len(loss)
        self._last = rows[:, -1:] if len(loss) else self._last
        begun = max(self._buckets.shape[1] - 1, 0)  # the one bucket that may not be full; places count from the first
        last = self._buckets[:, begun:]
        added = _merge(np.concatenate([last, rows], axis=1), np.concatenate([np.full(last.shape[1], begun), positions]))
        self._buckets = np.concatenate([self._buckets[:, :begun], added], axis=1)
        while self._buckets.shape[1] > self._capacity:
            self._width *= 2
            self._buckets = _merge(self._buckets, np.arange(self._buckets.shape[1]) // 2)

    @classmethod
    def of(cls, buckets: np.ndarray, width: int, start: int, updates: int, last: np.ndarray | None) -> "Record":
        """The record that `parts` described; ValueError where they do not fit together."""
        if width < 1 or buckets.shape != (cls.ROWS, -(-updates // width)) or buckets.shape[1] > cls.CAPACITY:
            raise ValueError(f"{buckets.shape} buckets of {width} updates are no record of {updates} updates")
        record = cls(start=start)
        record._width, record._updates, record._buckets, record._last = width, updates, buckets, last
        return record

    def parts(self) -> tuple[np.ndarray, np.ndarray | None, dict[str, int]]:
        """(buckets, the last update, the numbers that `of` needs beside them)."""
        return self._buckets, self._last, {"width": self._width, "start": self._start, "updates": self._updates}

    @property
    def end(self) -> int:
        """The last update that is counted."""
        return self._start + self._updates

    def until(self, update: int) -> "Record":
        """Record of the whole buckets up to an update; the next update to append is the one after its `end`.

        >>> record = Record(capacity=2)
        >>> record.append(loss=np.arange(7.0), norm=np.ones(7), clip_factor=np.ones(7))
        >>> record.until(6).end, record.until(4).curve().loss.tolist(), record.until(99).end
        (4, [1.5], 7)
        """
        record = copy(self)
        if update < self.end:
            buckets = max(0, update - self._start) // self._width
            record._updates, record._buckets = buckets * self._width, self._buckets[:, :buckets]
            record._last = record._buckets[:, -1:] if self._width == 1 and buckets else None
        return record

    def begun(self) -> Begun:
        """The bucket that is not full after this update, now and once the width has doubled so and so often: with it
        `at` goes on from here, whatever has become of the record. Of a longer one than these it is the longest.
        """
        begun: dict[int, np.ndarray] = {} if self._last is None else {1: self._last}
        width, whole = self._width, self._updates
        while whole:
            whole = self._updates // width * width
            part = self._buckets[:, whole // self._width :]
            if part.size:
                begun[width] = _merge(part, np.zeros(part.shape[1], int))
            width *= 2
        return begun

    def at(self, update: int, begun: Begun) -> "Record":
        """Record up to an update after which it had begun this; the next update to append is the one after that.

        >>> record = Record(capacity=2)
        >>> record.append(loss=np.arange(3.0), norm=np.ones(3), clip_factor=np.ones(3))
        >>> begun = record.begun()
        >>> record.append(loss=np.arange(3.0, 7.0), norm=np.ones(4), clip_factor=np.ones(4))
        >>> past = record.at(3, begun)
        >>> past.end, past.curve().width, past.curve().loss.tolist(), past.curve().update.tolist()
        (3, 4, [1.0], [3])
        """
        record = self.until(update)
        if record.end < update and begun:
            record._buckets = np.concatenate([record._buckets, begun.get(self._width, begun[max(begun)])], axis=1)
            record._updates = update - self._start
        if record._last is None:
            record._last = begun.get(1)
        return record

    def curve(self) -> Curve:
        """The buckets so far; the arrays are the caller's own."""
        count, total, low, high, norm, norm_high, clipped, clips = self._buckets
        update = self._start + np.minimum(self._width * np.arange(1, len(count) + 1), self._updates)
        means = total / count, norm / count, clipped / count, clips / count
        return Curve(update, self._width, means[0], low.copy(), high.copy(), means[1], norm_high.copy(), *means[2:])


def _merge(buckets: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """Combine columns that go to the same place; places are sorted, without gaps."""
    if not positions.size:
        return buckets
    starts = np.flatnonzero(np.diff(positions, prepend=-1))
    add, least, most = np.add.reduceat, np.minimum.reduceat, np.maximum.reduceat
    count, total, low, high, norm, norm_high, clipped, clips = buckets
    return np.stack(
        [
            add(count, starts),
            add(total, starts),
            least(low, starts),
            most(high, starts),
            add(norm, starts),
            most(norm_high, starts),
            add(clipped, starts),
            add(clips, starts),
        ]
    )


class Points:
    """A few points of a long run: when there are too many, every second one stays, and the lowest does anyway."""

    CAPACITY: ClassVar[int] = 200

    def __init__(self, capacity: int = CAPACITY):
        self._capacity = capacity
        self._points: list[tuple[int, float]] = []
        self._lowest: tuple[int, float] | None = None
        self.spacing = 1  # updates from one point to the next, at least

    @classmethod
    def of(cls, points: list[tuple[int, float]], spacing: int) -> "Points":
        """These points, as they were kept."""
        made = cls()
        made._points, made.spacing = points[-cls.CAPACITY - 1 :], spacing
        made._lowest = made._lowest_kept
        return made

    def add(self, update: int, number: float, jump: bool = False) -> None:
        """Add the newest point, unless it is no finite number; it stays where the spacing lets it, else until the next.

        jump : it is of other weights than the last, at the same update.
        """
        points = self._points
        if not math.isfinite(number) or (points and update == points[-1][0] and not jump):
            return
        if len(points) > 1 and points[-2][0] < points[-1][0] < points[-2][0] + self.spacing and not jump:
            points.pop()
        points.append((update, number))
        if self._lowest is None or number < self._lowest[1]:
            self._lowest = update, number
        if len(self._points) > self._capacity:
            self._points = self._points[::2]
            self.spacing = max(2 * self.spacing, self._points[-1][0] // self._capacity)

    def forget_after(self, update: int) -> None:
        """The run has gone back to this update."""
        self._points = [point for point in self._points if point[0] <= update]
        if self._lowest is not None and self._lowest[0] > update:
            self._lowest = self._lowest_kept

    def until(self, update: int) -> "Points":
        """Those up to an update."""
        points = copy(self)
        points.forget_after(update)
        return points

    def points(self) -> tuple[tuple[int, float], ...]:
        """(update, number), in order."""
        points, lowest = self._points, self._lowest
        if lowest is None or lowest in points:
            return tuple(points)
        place = bisect(points, lowest)
        return (*points[:place], lowest, *points[place:])

    @property
    def _lowest_kept(self) -> tuple[int, float] | None:
        return min(self._points, key=lambda point: point[1], default=None)


class Sample(NamedTuple):
    """A text that the network wrote."""

    update: int  # after how many updates
    text: str


class Samples:
    """Texts from the first to the newest: where there are too many, they stay evenly spread over the log of updates,
    so that one sees the network learn to write.

    >>> samples = Samples(capacity=4)
    >>> for update in (0, 10, 20, 30, 100, 1000, 1010):
    ...     samples.add(Sample(update, ""))
    >>> [sample.update for sample in samples.all()]
    [0, 10, 100, 1010]
    """

    CAPACITY: ClassVar[int] = 12

    def __init__(self, capacity: int = CAPACITY):
        self._capacity = capacity
        self._samples: list[Sample] = []

    def add(self, sample: Sample) -> None:
        """Add the newest; it takes the place of one after the same update."""
        kept = self._samples
        if kept and kept[-1].update == sample.update:
            kept.pop()
        kept.append(sample)
        if len(kept) > self._capacity:
            # the one whose neighbours are nearest to one another goes; the first and the newest stay
            gaps = [(after.update + 1) / (before.update + 1) for before, after in zip(kept, kept[2:], strict=False)]
            del kept[1 + int(np.argmin(gaps))]

    def forget_after(self, update: int) -> None:
        """The run has gone back to this update."""
        self._samples = [sample for sample in self._samples if sample.update <= update]

    def until(self, update: int) -> "Samples":
        """Those up to an update."""
        samples = copy(self)
        samples.forget_after(update)
        return samples

    def all(self) -> tuple[Sample, ...]:
        """From the oldest to the newest."""
        return tuple(self._samples)
