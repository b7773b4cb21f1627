"""The chart of a lesson of one's own: the first guess beside what was measured of every network."""

import math
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from ui.charts.symbols import label
from ui.course.figures import guessed_curve, guessed_numbers
from ui.course.guess import CurveGuess, NumberGuess
from ui.course.lesson import Answers
from ui.course.own.guesses import GuessPart
from ui.course.own.measures import CURVES, MEASURES
from ui.course.own.networks import Network
from ui.i18n import Translate
from ui.theme import Theme

LONGEST = 24  # characters of a network's label


def figure(
    parts: Sequence[GuessPart],
    nets: Sequence[Network],
    measured: Any,
    answers: Answers,
    theme: Theme,
    translate: Translate,
) -> go.Figure:
    """A curve where the first guess is one; else a row for each network, with the guesses of that measure."""
    first = next((part for part in parts if isinstance(part.guess, CurveGuess)), parts[0])
    if isinstance(first.guess, CurveGuess):
        return _curve(first, first.guess, nets, measured, answers, theme, translate)
    return _numbers(parts, nets, measured, answers, theme, translate)


def _curve(
    part: GuessPart,
    guess: CurveGuess,
    nets: Sequence[Network],
    measured: Any,
    answers: Answers,
    theme: Theme,
    translate: Translate,
) -> go.Figure:
    about = CURVES[part.measure]
    shown = sorted(nets, key=lambda net: net.name != part.network)  # that of the guess first
    curves = []
    for net in shown if measured is not None else ():
        x, y = measured.networks[net.name].curves[part.measure]
        known = dict(zip(x, y, strict=True))
        if set(guess.at) <= set(known):
            curves.append((label(net.label, LONGEST), [known[place] for place in guess.at]))
    return guessed_curve(
        list(guess.at),
        answers.get(guess.name),
        curves,
        titles=(translate(about.x), translate(about.y)),
        bounds=((guess.x.low, guess.x.high), (guess.y.low, guess.y.high)),
        logarithmic=guess.y.logarithmic,
        theme=theme,
        translate=translate,
    )


def _numbers(
    parts: Sequence[GuessPart],
    nets: Sequence[Network],
    measured: Any,
    answers: Answers,
    theme: Theme,
    translate: Translate,
) -> go.Figure:
    numbers = [(part, part.guess) for part in parts if isinstance(part.guess, NumberGuess)]
    shown = numbers[0][0] if numbers else parts[0]
    guesses = {part.network: answers.get(guess.name) for part, guess in numbers if part.measure == shown.measure}
    rows = []
    for net in nets:
        value = None if measured is None else measured.networks[net.name].numbers[shown.measure]
        finite = value if value is not None and math.isfinite(value) else None
        rows.append((label(net.label, LONGEST), guesses.get(net.name), finite))
    values = [value for _name, *pair in rows for value in pair if value is not None]
    logarithmic, ends = False, [0.0, 1.0]
    if numbers:
        first = numbers[0][1]
        logarithmic, ends = first.logarithmic, [first.low, first.high]
    if logarithmic:
        bounds = (0.9 * min([*ends, *(value for value in values if value > 0)]), 1.1 * max([*ends, *values]))
    else:
        low, high = min([*ends, *values]), max([*ends, *values])
        bounds = (low - 0.03 * (high - low), high + 0.05 * (high - low))
    title = translate(MEASURES[shown.measure].title)
    return guessed_numbers(rows, title=title, theme=theme, translate=translate, bounds=bounds, logarithmic=logarithmic)
