"""One record for each published result that is trained again: the page, the test and the report read it.

A result is measured by trials: a network, trained with one seed. Networks are described by the Lab's settings, so that
a link can open the very network. A check is a number made of all trials, and the range in which we expect it.
"""

import math
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from rnn_core import Trainer

OPEN = math.inf
Seeds = tuple[int, ...]
Curve = tuple[tuple[float, ...], tuple[float, ...]]  # x and y
Numbers = Mapping[str, float | None]  # by quantity; None: it did not happen


class Paper(NamedTuple):
    """A published result in words."""

    paper: str  # who did what
    found: str  # what they found
    source: str  # what these claims rest on


class Network(NamedTuple):
    """One network of a result."""

    label: str
    values: Mapping[str, Any]  # the Lab's settings that are not their defaults
    updates: int  # at most
    every: int = 50  # updates between two looks at it
    seeds: Seeds = (0, 1, 2)


class Quantity(NamedTuple):
    """Something that a trial measures: what it is, and how it is printed."""

    label: str
    form: str = ".3g"


class Points(NamedTuple):
    """A part of a picture: columns of numbers, and texts beside their rows where it has any."""

    columns: tuple[tuple[float, ...], ...]
    texts: tuple[str, ...] = ()


class Trial(NamedTuple):
    """What one network with one seed has measured. curve : x and y of the result's chart, empty where it has none.
    parts : of its picture, by name; none where the result has none."""

    seed: int
    numbers: Numbers
    curve: Curve = ((), ())
    parts: Mapping[str, Points] = {}


Trials = Mapping[str, tuple[Trial, ...]]  # by the name of the network
Measure = Callable[[Trainer, Network], Generator[float, None, Trial]]  # yields the share of its updates that is done


class Check(NamedTuple):
    """A number and the range in which we expect it, the ends included. network : which the label names."""

    label: str
    number: Callable[[Trials], float]
    low: float = -OPEN
    high: float = OPEN
    network: str = ""
    form: str = ".3g"


class Chart(NamedTuple):
    """Axes of the trials' curves, and what they are compared with: (name, value) of lines across the chart."""

    x: str
    y: str
    alt: str
    form: str  # what the paper drew, and what is drawn here
    logarithmic: bool = False
    levels: tuple[tuple[str, float], ...] = ()  # of y
    uprights: tuple[tuple[str, float], ...] = ()  # of x
    bounds: tuple[float, float] | None = None  # of y; None: what the curves need
    scaled: bool = False  # whether each curve is drawn over its largest absolute value


class Picture(NamedTuple):
    """What is drawn where the paper drew no curves: of one network with its first seed.

    kind : of the picture, which says what its parts are (ui/results/figures_pictures.py). form : as of a Chart.
    titles : of its parts, where they are others than those of the quantities.
    """

    kind: Literal["fixed_points", "tree", "text"]
    network: str
    alt: str
    form: str
    titles: Mapping[str, str] = {}


class Door(NamedTuple):
    """The page that shows the result's networks. query : what its address says beside the network."""

    page: Literal["lab", "arena", "memory"]
    query: Mapping[str, str] = {}


@dataclass(frozen=True, eq=False)
class Result:
    """A published result.

    by : authors and year. card : its own, or the name of one of ui/network/published_results.py, which the Lab shows
    too. claim : in one sentence. published : the paper's numbers.
    here : what is different here. expected : what we expect, and why. networks : by name; colours and rows follow their
    order. drawn : whether each seed has data of its own, too.
    """

    name: str
    by: str  # authors and year of the paper, or of several
    card: str | Paper
    title: str
    claim: str
    published: str
    here: str
    expected: str
    networks: Mapping[str, Network]
    measure: Measure
    quantities: Mapping[str, Quantity]
    checks: tuple[Check, ...]
    door: Door
    chart: Chart | None = None
    picture: Picture | None = None
    drawn: bool = False


class Finding(NamedTuple):
    """A check, and the number that was measured."""

    check: Check
    value: float

    @property
    def holds(self) -> bool:
        """Whether it lies where we expect it; a number that is none does not."""
        return self.check.low <= self.value <= self.check.high


def findings(result: Result, trials: Trials) -> list[Finding]:
    """Every check of a result with what these trials say. Where all hold, the result agrees."""
    return [Finding(check, check.number(trials)) for check in result.checks]


def agrees(result: Result, trials: Trials) -> bool:
    """Whether every number lies where we expect it."""
    return all(finding.holds for finding in findings(result, trials))


def values(trials: Trials, network: str, quantity: str) -> list[float]:
    """A quantity of one network, of each seed that has it."""
    numbers = (trial.numbers[quantity] for trial in trials[network])
    return [number for number in numbers if number is not None]


def of(network: str, quantity: str, summary: Callable[[list[float]], float]) -> Callable[[Trials], float]:
    """The number of a check: a summary of one network's quantity; not a number where no seed has it."""

    def number(trials: Trials) -> float:
        found = values(trials, network, quantity)
        return float(summary(found)) if found else math.nan

    return number


def exceeds(quantity: str, first: str, second: str) -> Callable[[Trials], float]:
    """The number of a check: by how much the mean of one network is above that of another."""

    def number(trials: Trials) -> float:
        means = [values(trials, network, quantity) for network in (first, second)]
        return sum(means[0]) / len(means[0]) - sum(means[1]) / len(means[1]) if all(means) else math.nan

    return number


def happened(network: str, quantity: str) -> Callable[[Trials], float]:
    """The number of a check: how many seeds have the quantity."""
    return lambda trials: len(values(trials, network, quantity))
