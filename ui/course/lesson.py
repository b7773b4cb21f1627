"""The records of the course: a lesson is data and four functions, without a face.

The learner reads the claim, commits to guesses, lets `run` train, sees the guess beside the measured value, reads the
explanation, and then changes the controls until the tasks tick themselves off.

A lesson's module says what it needs with N_("...") in its tables and _("...") in its functions, where `_` translates.
`claim` and the sentences of `explain` are Markdown with $...$ for formulas: only numbers and own words go into them,
never a reader's text. All other texts are plain.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from ui.course.guess import Axis as Axis
from ui.course.guess import ChoiceGuess as ChoiceGuess
from ui.course.guess import CurveGuess as CurveGuess
from ui.course.guess import Guess as Guess
from ui.course.guess import ManyGuess as ManyGuess
from ui.course.guess import Misconception as Misconception
from ui.course.guess import NumberGuess as NumberGuess
from ui.course.guess import OrderGuess as OrderGuess
from ui.course.guess import Translate as Translate
from ui.course.guess import misconceptions_of

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from ui.theme import Theme

Answers = Mapping[str, Any]  # name of a guess -> what was answered


class Progress(NamedTuple):
    """Progress of a run, yielded every 0.05 to 0.2 seconds.

    share : of the work that is done, 0 to 1.
    shown : the network while it trains; any of
        "numbers": {N_("label"): number}, told beside the picture;
        "losses": (updates, losses), two sequences of equal length, drawn as a curve;
        "squared": whether they are squared errors, and not in nats;
        "network": N_("name") of the one that is trained, where there are several;
        "trace": a Trace of one sequence, and "vocabulary": its symbols or None, drawn as the Lab's score.
    measured : of the last item alone: a NamedTuple of plain numbers and arrays.
    """

    share: float
    shown: Mapping[str, Any] = {}
    measured: Any = None


@dataclass(frozen=True)
class Control:
    """Setting of the last part of a lesson; `run` gets it as a keyword argument of this name.

    A slider between low and high in steps of `step`, a choice of `options` (value, label), or a line of at most
    `longest` characters. `value` is what the lesson itself runs with: the default of `run`'s argument.
    """

    name: str
    label: str
    value: Any
    low: float = 0
    high: float = 0
    step: float = 1
    options: tuple[tuple[Any, str], ...] = ()
    longest: int = 0

    def read(self, raw: Any) -> Any:
        """A value that it can be set to; its own where the browser sends another."""
        if self.options:
            return raw if raw in [value for value, _label in self.options] else self.value
        if self.longest:
            return raw[: self.longest] if isinstance(raw, str) else self.value
        number = isinstance(raw, int | float) and not isinstance(raw, bool) and self.low <= raw <= self.high
        return type(self.value)(raw) if number else self.value


class Attempt(NamedTuple):
    """A finished run with the learner's own settings, for a task to look at."""

    controls: Mapping[str, Any]  # name -> value
    measured: Any


@dataclass(frozen=True)
class Task:
    """Something to bring about with the lesson's controls; `done` says whether this attempt does it."""

    label: str
    done: Callable[[Attempt], bool]


@dataclass(frozen=True)
class Door:
    """Link to the same network on a page: the page and the query of its address.

    alike : whether that is only one of its kind, which the page can show, and not the lesson's own. label : what the
    link says where it says more than that.
    """

    page: str
    query: Mapping[str, str] = field(default_factory=dict)
    alike: bool = False
    label: str = ""


class Verdict(NamedTuple):
    """One guess beside the measured value."""

    guess: Guess
    answer: Any
    measured: Any
    score: float


@dataclass(frozen=True)
class Lesson:
    """One lesson of the course.

    name : in the address. question : what it asks, in the list of lessons. misconception : the idea that it meets.
    claim : the article's statement, at most 120 words.
    run : trains, `run(seed, **controls)`; deterministic, at most 20 seconds on one core, stoppable between items.
    truth : measured -> name of a guess -> measured value.
    figure : (measured or None, answers or {}, theme, translate) -> the chart with the guess beside the measured value.
    explain : (measured, answers, translate) -> sentences filled with the measured values.
    further : a door to more than the lesson's own network.
    facts : measured -> values of the fields in sentences that answer a wrong guess; None: they have no fields.
    plain : whether the claim and the sentences are plain text, and no Markdown: somebody else has written them.
    labels : of its networks by their names, where a file names them. in_language : code -> the same lesson with the
    texts of that language, where it holds those of one alone.
    """

    name: str
    title: str
    claim: str
    misconception: str
    guesses: tuple[Guess, ...]
    run: Callable[..., Iterator[Progress]]
    truth: Callable[[Any], Mapping[str, Any]]
    figure: Callable[[Any, Answers, "Theme", Translate], "go.Figure"]
    explain: Callable[[Any, Answers, Translate], list[str]]
    tasks: tuple[Task, ...]
    door: Door
    further: Door | None = None
    question: str = ""
    controls: tuple[Control, ...] = ()
    seed: int = 0
    facts: Callable[[Any], Mapping[str, Any]] | None = None
    plain: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    in_language: Callable[[str], "Lesson | None"] | None = None

    def told_in(self, code: str) -> "Lesson":
        """The same lesson for a reader of that language."""
        return (self.in_language and self.in_language(code)) or self

    def named(self, number: str, translate: Translate) -> str:
        """Label of a number that its run shows."""
        return self.labels.get(number) or translate(number)

    def picture_of(self, shown: Mapping[str, Any], translate: Translate) -> str:
        """Description of the picture of a run: with the network that is trained, where there are several."""
        if name := shown.get("network"):
            return translate("The network while it runs: {name}").format(name=self.named(name, translate))
        return translate("The network while it runs.")

    def read(self, raw: Any) -> dict[str, Any] | None:
        """The answers to all guesses from what the browser sent; None where one is missing or cannot be."""
        if not isinstance(raw, Mapping):
            return None
        answers = {guess.name: guess.read(raw.get(guess.name)) for guess in self.guesses}
        return None if any(answer is None for answer in answers.values()) else answers

    def judge(self, answers: Answers, measured: Any) -> list[Verdict]:
        """Every guess beside what was measured."""
        return self.verdicts(answers, self.truth(measured))

    def verdicts(self, answers: Answers, truth: Mapping[str, Any]) -> list[Verdict]:
        """Every guess beside its measured value; None where none was measured."""
        found = []
        for guess in self.guesses:
            answer, value = answers[guess.name], truth[guess.name]
            if value is None and isinstance(guess, NumberGuess):
                value = math.nan
            if value is not None:
                found.append(Verdict(guess, answer, value, guess.score(answer, value)))
        return found

    def score(self, answers: Answers, measured: Any) -> float:
        """The mean score of the guesses."""
        verdicts = self.judge(answers, measured)
        return sum(verdict.score for verdict in verdicts) / len(verdicts)

    def corrections(self, answers: Answers, measured: Any) -> list[str]:
        """Sentences (English) that answer the misconceptions that the wrong guesses show; each once."""
        told = [
            sentence
            for verdict in self.judge(answers, measured)
            for sentence in misconceptions_of(verdict.guess, verdict.answer, verdict.measured)
        ]
        return list(dict.fromkeys(told))


def finish(run: Iterator[Progress]) -> Any:
    """Measured values of a run, which is run to its end."""
    measured = None
    for item in run:
        measured = item.measured
    if measured is None:
        raise ValueError("the last item of a run has no `measured`")
    return measured
