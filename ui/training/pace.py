"""Pace of a training run, on the clock on the wall."""

import time

REST = 9  # so many times as long as the last one took, at least: most of the time it trains
LONGEST_REST = 2.0  # seconds: the first may have had to be compiled


class Pace:
    """Updates per second of the clock on the wall, over the last seconds.

    It is measured from the end of one slice of training to the end of another, so that the pause between two slices
    counts as often as the slices do.
    """

    def __init__(self, window: float = 2.0):
        self._window = window
        self._marks: list[tuple[float, int]] = []  # time, updates done by then

    def note(self, update: int) -> None:
        """A slice of training has just ended, after so many updates in all."""
        now = time.monotonic()
        recent = [mark for mark in self._marks if now - mark[0] <= self._window]
        self._marks = [*(recent or self._marks[-1:]), (now, update)]

    def per_second(self) -> float:
        """The pace, everything else that the thread did between the updates included; 0 before there are two ends."""
        if len(self._marks) < 2:
            return 0.0
        (start, first), (end, last) = self._marks[0], self._marks[-1]
        return (last - first) / (end - start) if end > start else 0.0


def not_before(begin: float, pause: float) -> float:
    """When something that began then and ends now may be done again."""
    now = time.monotonic()
    return now + max(pause, min(REST * (now - begin), LONGEST_REST))
