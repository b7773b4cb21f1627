"""Guesses of a class put together: how many are where. It is anonymous: nothing says whose a guess is."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ui.course.guess import ChoiceGuess, CurveGuess, Guess, ManyGuess, NumberGuess, OrderGuess, Translate

BINS = 20  # of a slider
WHOLE = 30  # whole numbers that have a bin each, at most
ORDERS = 8  # orders that are listed, at most


class Histogram(NamedTuple):
    """Numbers: how many lie between each two of the edges. A measured one beyond an end of the axis is drawn there, and
    written as it is."""

    label: str
    unit: str
    edges: Sequence[float]
    counts: Sequence[int]
    logarithmic: bool
    measured: float | None = None
    written: str = ""


Row = tuple[str, int, bool | None]  # an answer, how many have given it, whether it was measured; None before that


class Counts(NamedTuple):
    """Answers in words."""

    label: str
    rows: Sequence[Row]


class Curves(NamedTuple):
    """Curves that were drawn by hand. axes : (title, low, high, logarithmic) of x and y."""

    label: str
    axes: Sequence[tuple[str, float, float, bool]]
    x: Sequence[float]
    drawn: Sequence[Sequence[float]]
    measured: Sequence[float] | None = None


def tally(guess: Guess, answers: Sequence[Any], measured: Any, _: Translate) -> Histogram | Counts | Curves:
    """All answers to one guess. measured : None as long as nobody may know it."""
    label = _(guess.label)
    match guess:
        case NumberGuess():
            return _histogram(guess, label, answers, measured, _)
        case CurveGuess():
            axes = [(_(axis.title), axis.low, axis.high, axis.logarithmic) for axis in (guess.x, guess.y)]
            return Curves(label, axes, guess.at, answers, measured)
        case ManyGuess():
            pair, rows = _("{item}: {answer}"), []
            for key, item in guess.items:
                counted = Counter(answer[key] for answer in answers)
                for value, option in guess.options:
                    right = None if measured is None else measured[key] == value
                    rows.append((pair.format(item=_(item), answer=_(option)), counted[value], right))
            return Counts(label, rows)
        case OrderGuess():
            return Counts(label, _orders(guess, answers, measured, _))
        case ChoiceGuess():
            counted = Counter(answers)
            return Counts(label, [
                (_(name), counted[value], None if measured is None else measured == value)
                for value, name in guess.options
            ])  # fmt: skip


def _histogram(guess: NumberGuess, label: str, answers: Sequence[float], measured: Any, _: Translate) -> Histogram:
    edges = bins(guess)
    counts, _edges = np.histogram(np.clip(answers, edges[0], edges[-1]), edges)
    known = measured is not None and math.isfinite(measured)
    shown = min(max(float(measured), guess.low), guess.high) if known else None
    written = guess.written(measured, _) if measured is not None else ""
    unit = _(guess.unit) if guess.unit else ""
    return Histogram(label, unit, edges.tolist(), counts.tolist(), guess.logarithmic, shown, written)


def bins(guess: NumberGuess) -> np.ndarray:
    """Edges of the bins of a slider: equally wide as they lie on it, or one for each whole number.

    >>> bins(NumberGuess("n", "N", 1, 3, "", False, 1.0, whole=True)).tolist()
    [0.5, 1.5, 2.5, 3.5]
    """
    if guess.whole and not guess.logarithmic and guess.high - guess.low <= WHOLE:
        return np.arange(guess.low - 0.5, guess.high + 1)
    space = np.geomspace if guess.logarithmic else np.linspace
    return space(guess.low, guess.high, BINS + 1)


def _orders(
    guess: OrderGuess, answers: Sequence[Any], measured: Any, _: Translate
) -> list[tuple[str, int, bool | None]]:
    """The orders that were guessed, the commonest first, and the measured one."""
    right = tuple(measured) if measured is not None else None
    counted = Counter(tuple(answer) for answer in answers)
    commonest = [order for order, _count in counted.most_common(ORDERS)]
    if right is not None and right not in commonest:
        commonest = [*commonest[: ORDERS - 1], right]
    rows = [(guess.written(order, _), counted[order], None if right is None else order == right) for order in commonest]
    others = len(answers) - sum(count for _name, count, _right in rows)
    return [*rows, (_("other orders"), others, None)] if others else rows
