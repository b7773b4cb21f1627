"""Guesses of a lesson: each kind reads what the browser sent, writes it in words, and scores it in [0, 1].

Every score is max(0, 1 - distance / width), with a distance that fits the kind of guess. Labels are plain text, never
Markdown: symbols stand in them as Unicode (s₅, ∂L/∂W).
"""

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ui.charts.formatting import short

Translate = Callable[[str], str]
NEAR = 0.75  # a guess with at least this score shows no misconception


@dataclass(frozen=True)
class Misconception:
    """An idea that a wrong answer shows: this very answer, or a number between two bounds (inclusive)."""

    sentence: str  # answers the idea
    value: str | None = None
    low: float = math.inf
    high: float = -math.inf

    def fits(self, answer: Any) -> bool:
        """Whether the answer shows it."""
        if isinstance(answer, int | float):
            return self.low <= answer <= self.high
        return self.value is not None and answer == self.value


@dataclass(frozen=True)
class Axis:
    """An axis of a chart to draw on: its title and its range."""

    title: str
    low: float
    high: float
    logarithmic: bool = False

    def position(self, value: Any) -> Any:
        """Positions of values on the axis, from 0 (low) to 1 (high); what lies beyond counts as the end."""
        value = np.clip(np.asarray(value, np.float64), self.low, self.high)
        if self.logarithmic:
            return np.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


@dataclass(frozen=True)
class NumberGuess:
    """A number between low and high, on a slider that begins nowhere.

    above, below : answer a wrong guess that shows no misconception, by its side of the measured value.
    width : the distance at which the score is 0: in units, or in powers of ten if `logarithmic`. A measured value
    beyond an end of the slider counts as that end. whole : only whole numbers can be chosen. unit_one : of exactly 1.

    >>> guess = NumberGuess("loss", "First loss", 0, 10, "nats", False, 2.0)
    >>> guess.score(4.0, 3.5), guess.score(1.0, 3.5), guess.score(10.0, 1e9)
    (0.75, 0.0, 1.0)
    >>> NumberGuess("factor", "Factor", 1e-6, 1e6, "", True, 4).score(1e-3, 1e-5)
    0.5
    """

    name: str
    label: str
    low: float
    high: float
    unit: str
    logarithmic: bool
    width: float
    misconceptions: tuple[Misconception, ...] = ()
    whole: bool = False
    above: str = ""
    below: str = ""
    unit_one: str = ""
    kind = "number"

    def read(self, raw: Any) -> float | None:
        """The number that the browser sent; None where it is none of the slider's."""
        if isinstance(raw, bool) or not isinstance(raw, int | float) or not self.low <= raw <= self.high:
            return None
        return round(raw) if self.whole else float(raw)

    def score(self, answer: float, measured: float) -> float:
        """1 for the measured value, 0 from `width` away."""
        if math.isnan(measured):
            return 0.0
        measured = min(max(measured, self.low), self.high)
        distance = abs(math.log10(answer / measured) if self.logarithmic else answer - measured)
        return max(0.0, 1 - distance / self.width)

    def written(self, answer: float, _: Translate) -> str:
        """The number with its unit."""
        text = f"{answer:,.0f}" if self.whole or (abs(answer) >= 1000 and answer < 1e6) else short(answer)
        one = self.unit_one and text in ("1", "−1")
        unit = _(self.unit_one if one else self.unit) if self.unit else ""
        return f"{text}{unit}" if unit == "%" else f"{text} {unit}".strip()

    def judged(self, _: Translate) -> str:
        """Rule of the score, in a sentence."""
        if self.logarithmic:
            rule = _("Full marks for the measured value, none for {factor} times too much or too little.")
            return rule.format(factor=short(10**self.width))
        if self.unit == "%":
            rule = _("Full marks for the measured value, none from {width} percentage points away.")
            return rule.format(width=short(self.width))
        rule = _("Full marks for the measured value, none from {width} away.")
        return rule.format(width=self.written(self.width, _))

    def spec(self, _: Translate) -> dict[str, Any]:
        """Data of its control in the browser."""
        return {"low": self.low, "high": self.high, "unit": _(self.unit) if self.unit else "",
                "unitOne": _(self.unit_one or self.unit) if self.unit else "",
                "logarithmic": self.logarithmic, "whole": self.whole}  # fmt: skip


@dataclass(frozen=True)
class ChoiceGuess:
    """One of a few answers. options : pairs of a value and its label.

    width : 0: a miss is a miss; else the options stand in an order and a miss by `width` places scores 0.
    title : short, for the chart. drawn : whether the lesson's own figure shows what was chosen.

    >>> ChoiceGuess("best", "Which?", (("a", "A"), ("b", "B"))).score("b", "b")
    1.0
    """

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    misconceptions: tuple[Misconception, ...] = ()
    width: int = 0
    title: str = ""
    drawn: bool = False
    kind = "choice"

    def read(self, raw: Any) -> str | None:
        """The value that the browser sent; None where it is none of the options'."""
        return raw if isinstance(raw, str) and raw in dict(self.options) else None

    def score(self, answer: str, measured: str) -> float:
        """1 for the right one; with a width, something for its neighbours."""
        values = [value for value, _label in self.options]
        if answer == measured:
            return 1.0
        if not self.width or measured not in values:
            return 0.0
        return max(0.0, 1 - abs(values.index(answer) - values.index(measured)) / self.width)

    def written(self, answer: str, _: Translate) -> str:
        """The label of the answer."""
        return _(dict(self.options).get(answer, answer))

    def judged(self, _: Translate) -> str:
        """Rule of the score, in a sentence."""
        if not self.width:
            return _("Full marks for the right answer, none for another.")
        rule = _("Full marks for the right answer, part of them for one close to it: none from {width} places away.")
        return rule.format(width=self.width)

    def spec(self, _: Translate) -> dict[str, Any]:
        """Data of its control in the browser."""
        return {"options": [[value, _(label)] for value, label in self.options]}


@dataclass(frozen=True)
class ManyGuess:
    """The same choice for several things. items : pairs of a key and its label; an answer is one value for each key.
    drawn : whether the lesson's own figure shows what was chosen.

    >>> guess = ManyGuess("who", "Who?", (("rnn", "RNN"), ("lstm", "LSTM")), (("yes", "Yes"), ("no", "No")))
    >>> guess.score({"rnn": "no", "lstm": "no"}, {"rnn": "no", "lstm": "yes"})
    0.5
    """

    name: str
    label: str
    items: tuple[tuple[str, str], ...]
    options: tuple[tuple[str, str], ...]
    misconceptions: tuple[tuple[str, Misconception], ...] = ()  # (key of the item, what its answer shows)
    drawn: bool = False
    kind = "many"

    def read(self, raw: Any) -> dict[str, str] | None:
        """One option for each item, or None."""
        if not isinstance(raw, Mapping):
            return None
        answer = {key: raw.get(key) for key, _label in self.items}
        known = dict(self.options)
        return answer if all(isinstance(value, str) and value in known for value in answer.values()) else None  # type: ignore[return-value]

    def score(self, answer: Mapping[str, str], measured: Mapping[str, str]) -> float:
        """The share that is right."""
        return sum(answer[key] == measured[key] for key, _label in self.items) / len(self.items)

    def written(self, answer: Mapping[str, str], _: Translate) -> str:
        """Each item with its answer."""
        options = dict(self.options)
        pair = _("{item}: {answer}")
        pairs = [pair.format(item=_(label), answer=_(options[answer[key]])) for key, label in self.items]
        return _("; ").join(pairs)

    def judged(self, _: Translate) -> str:
        """Rule of the score, in a sentence."""
        return _("The score is the share of the right answers.")

    def spec(self, _: Translate) -> dict[str, Any]:
        """Data of its controls in the browser."""
        return {"items": [[key, _(label)] for key, label in self.items],
                "options": [[value, _(label)] for value, label in self.options]}  # fmt: skip


@dataclass(frozen=True)
class OrderGuess:
    """An order of things, the first first. items : pairs of a key and its label, as they are first shown.

    title : short, for the chart.

    >>> guess = OrderGuess("order", "Order", (("a", "A"), ("b", "B"), ("c", "C")))
    >>> guess.score(("a", "b", "c"), ("a", "c", "b")), guess.score(("c", "b", "a"), ("a", "b", "c"))
    (0.6666666666666667, 0.0)
    """

    name: str
    label: str
    items: tuple[tuple[str, str], ...]
    misconceptions: tuple[Misconception, ...] = ()  # value: the keys, joined by commas
    title: str = ""
    kind = "order"

    def read(self, raw: Any) -> tuple[str, ...] | None:
        """All keys in the order of the browser, or None."""
        if not isinstance(raw, list | tuple) or not all(isinstance(key, str) for key in raw):
            return None
        return tuple(raw) if sorted(raw) == sorted(key for key, _label in self.items) else None

    def score(self, answer: Sequence[str], measured: Sequence[str]) -> float:
        """The share of pairs that stand in the measured order: Kendall's distance, from none to all reversed."""
        place = {key: number for number, key in enumerate(measured)}
        ranks = [place[key] for key in answer]
        pairs = [(a, b) for i, a in enumerate(ranks) for b in ranks[i + 1 :]]
        return max(0.0, 1 - sum(a > b for a, b in pairs) / len(pairs))

    def written(self, answer: Sequence[str], _: Translate) -> str:
        """The labels in that order."""
        return " > ".join(_(dict(self.items)[key]) for key in answer)

    def judged(self, _: Translate) -> str:
        """Rule of the score, in a sentence."""
        return _("The score is the share of pairs that stand in the right order.")

    def spec(self, _: Translate) -> dict[str, Any]:
        """Data of its control in the browser."""
        return {"items": [[key, _(label)] for key, label in self.items]}


@dataclass(frozen=True)
class CurveGuess:
    """A curve that is drawn by hand over an empty chart: one value of y for each of the positions `at` on the x axis.

    width : the mean distance, as a share of the height of the chart, at which the score is 0.
    above, below : answer a wrong curve that shows no misconception, by the side where it lies on average.

    >>> guess = CurveGuess("g", "Draw", Axis("t", 0, 2), Axis("norm", 1e-4, 1, True), (0, 1, 2), width=0.5)
    >>> round(guess.score((1.0, 1.0, 1.0), (1.0, 1.0, 0.1)), 3), guess.score((1, 1, 1), (1e-9, 1e-9, 1e-9))
    (0.833, 0.0)
    """

    name: str
    label: str
    x: Axis
    y: Axis
    at: tuple[float, ...]
    width: float = 0.4
    misconceptions: tuple[tuple[Callable[[Sequence[float]], bool], str], ...] = ()  # (who shows it, sentence)
    above: str = ""
    below: str = ""
    kind = "curve"

    def read(self, raw: Any) -> tuple[float, ...] | None:
        """One value within the chart for each position, or None."""
        if not isinstance(raw, list | tuple) or len(raw) != len(self.at):
            return None
        if not all(map(finite, raw)):
            return None
        return tuple(min(max(float(y), self.y.low), self.y.high) for y in raw)

    def score(self, answer: Sequence[float], measured: Sequence[float]) -> float:
        """1 for the measured curve, 0 where it is `width` of the chart's height away in the mean."""
        gaps = np.abs(self.y.position(answer) - self.y.position(measured))
        distance = float(gaps.mean())
        return max(0.0, 1 - distance / self.width) if math.isfinite(distance) else 0.0

    def written(self, answer: Sequence[float], _: Translate) -> str:
        """Its two ends, and how far it goes beyond them in between."""
        first, last, least, most = map(short, (answer[0], answer[-1], min(answer), max(answer)))
        parts = [_("from {first} to {last}").format(first=first, last=last)]
        if most not in (first, last):
            parts.append(_("up to {most} in between").format(most=most))
        if least not in (first, last):
            parts.append(_("down to {least} in between").format(least=least))
        return _(", ").join(parts)

    def judged(self, _: Translate) -> str:
        """Rule of the score, in a sentence."""
        rule = _(
            "Full marks where the curves lie on each other, none where they are {width} of the chart’s height apart on "
            "average."
        )
        return rule.format(width=f"{self.width:.0%}")

    def spec(self, _: Translate) -> dict[str, Any]:
        """Data of its chart in the browser."""
        axes = [
            {"title": _(axis.title), "low": axis.low, "high": axis.high, "logarithmic": axis.logarithmic}
            for axis in (self.x, self.y)
        ]
        return {"x": axes[0], "y": axes[1], "at": list(self.at)}


Guess = NumberGuess | ChoiceGuess | ManyGuess | OrderGuess | CurveGuess


def misconceptions_of(guess: Guess, answer: Any, measured: Any) -> list[str]:
    """Sentences (English) that answer what a wrong answer shows; none for an answer that is nearly right."""
    if guess.score(answer, measured) >= NEAR and not isinstance(guess, ManyGuess):
        return []
    if isinstance(guess, ManyGuess):
        wrong = {key for key in answer if answer[key] != measured[key]}
        return [idea.sentence for key, idea in guess.misconceptions if key in wrong and idea.fits(answer[key])]
    if isinstance(guess, CurveGuess):
        ideas = [sentence for shows, sentence in guess.misconceptions if shows(answer)]
        higher = np.mean(guess.y.position(answer)) > np.mean(guess.y.position(measured))
        return ideas or _told(guess.above if higher else guess.below)
    shown = ",".join(answer) if isinstance(guess, OrderGuess) else answer
    told = [idea.sentence for idea in guess.misconceptions if idea.fits(shown)][:1]
    if isinstance(guess, NumberGuess) and not told:
        return _told(guess.above if answer > measured else guess.below)
    return told


def _told(sentence: str) -> list[str]:
    return [sentence] if sentence else []


def measured_value(guess: Guess, value: Any) -> Any:
    """Measured value for a guess as JSON can hold it; None where that is no finite number, or no answer at all.

    >>> measured_value(NumberGuess("loss", "", 0, 1, "", False, 1), np.float32(3.5))
    3.5
    """
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(guess, NumberGuess):
        return value if finite(value) else None
    if isinstance(guess, CurveGuess):
        rows = list(value) if isinstance(value, list | tuple) else []
        return tuple(map(float, rows)) if len(rows) == len(guess.at) and all(map(finite, rows)) else None
    return guess.read(value)


def finite(value: Any) -> bool:
    """Whether this is a number that a float can hold.

    >>> finite(3), finite(True), finite(math.inf), finite(math.nan), finite(10**400)
    (True, False, False, False, False)
    """
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max
