"""Other positions with the same activation pattern: by the units that are on (Strobelt et al. 2018, LSTMVis),
or by the distance of whole states."""

from typing import NamedTuple

import numpy as np

from rnn_core.errors import InputError

ON = 1.0  # standard deviations from a unit's mean


class Pattern(NamedTuple):
    """The units that are on over a whole range, and in which direction."""

    units: np.ndarray  # (M,) the furthest from their means first
    signs: np.ndarray  # (M,) 1: above the mean, -1: below
    low: np.ndarray  # (M,) the least distance from the mean in the range, in standard deviations


class Match(NamedTuple):
    """A range of the text, end excluded, and how much of the pattern holds there, from 0 to 1."""

    begin: int
    end: int
    share: float


class Statistics(NamedTuple):
    """Mean and standard deviation of each unit over a text, (H,) each."""

    mean: np.ndarray
    deviation: np.ndarray


def statistics(values: np.ndarray) -> Statistics:
    """The Statistics of values (N, H)."""
    return Statistics(values.mean(axis=0, dtype=np.float64), values.std(axis=0, dtype=np.float64))


def pattern(values: np.ndarray, begin: int, end: int, baseline: Statistics, on: float = ON) -> Pattern:
    """The units that are at least `on` standard deviations from their mean, on the same side, at every symbol of
    begin <= t < end. A unit that does not vary is never on.

    Raises InputError for a range that there is not.
    """
    if not 0 <= begin < end <= len(values):
        raise InputError(f"the range is {begin}..{end}; expected a part of 0..{len(values)}")
    z = (values[begin:end] - baseline.mean) / np.where(baseline.deviation > 1e-9, baseline.deviation, np.inf)
    high, low = z.min(axis=0), (-z).min(axis=0)
    least = np.maximum(high, low)
    units = np.flatnonzero(least >= on)
    units = units[np.argsort(-least[units], kind="stable")]
    return Pattern(units, np.where(high[units] >= low[units], 1, -1), least[units])


def matches(
    values: np.ndarray, sought: Pattern, begin: int, end: int, baseline: Statistics, count: int = 20, on: float = ON
) -> list[Match]:
    """Other ranges as long as begin..end, the best first: the mean share of the pattern's units that are on there in
    the same direction. They overlap neither the range nor one another."""
    length = end - begin
    if not len(sought.units) or len(values) < 2 * length:
        return []
    score = np.zeros(len(values))
    for unit, sign in zip(sought.units, sought.signs, strict=True):
        score += sign * (values[:, unit] - baseline.mean[unit]) >= on * baseline.deviation[unit]
    total = np.concatenate([[0.0], np.cumsum(score)])
    share = (total[length:] - total[:-length]) / (length * len(sought.units))  # of the range that begins there
    return [Match(at, at + length, float(share[at])) for at in _apart(share, length, begin, count)]


def nearest(values: np.ndarray, at: int, count: int = 20, apart: int = 5) -> list[tuple[int, float]]:
    """(symbol, distance) of the states nearest to that at symbol `at`, Euclidean, the nearest first; neither the state
    itself nor two that are less than `apart` symbols from one another.

    Raises InputError for a symbol that there is not.
    """
    if not 0 <= at < len(values):
        raise InputError(f"at is {at}; expected a symbol from 0 to {len(values) - 1}")
    distance = np.sqrt(((values - values[at]) ** 2).sum(axis=1, dtype=np.float64))
    return [(place, float(distance[place])) for place in _apart(-distance, apart, at, count)]


def _apart(score: np.ndarray, length: int, taken: int, count: int) -> list[int]:
    """Positions with the highest scores, each at least `length` from the one that is taken and from one another."""
    free = np.ones(len(score), bool)
    free[max(0, taken - length + 1) : taken + length] = False
    found = []
    for place in np.argsort(-score, kind="stable"):
        if free[place] and np.isfinite(score[place]) and score[place] != 0:
            found.append(int(place))
            if len(found) == count:
                break
            free[max(0, place - length + 1) : place + length] = False
    return found
