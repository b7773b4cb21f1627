"""Units that mean something: which unit follows a known property of a text, checked on a part it was not chosen on.

With 100 units and 100 properties some pair fits by chance. So a unit is chosen for each property on the first part of a
text and judged on the rest. There it must also beat the property with its pieces in another order, which keeps the
property's rhythm and destroys its meaning.

A text may have 100,000 symbols and a network 128 units: units are ranked a few at a time, and answers are multiplied
with ranks block by block, so that the memory needed beside the values does not grow with the number of units.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from rnn_core.analysis.properties import Property
from rnn_core.errors import InputError

AUC, CORRELATION = 0.9, 0.8  # on unseen text; from here on a unit counts as following the property
SHUFFLES, PIECES = 20, 10  # how often a property is cut into how many pieces, to be put together in another order
LEAST = 20  # symbols of either answer that each part must hold, and
RUNS = 5  # how often the answer must turn to yes there
TOGETHER = 8  # units that are ranked at once
BLOCK = 16_384  # symbols that are multiplied at once


class Finding(NamedTuple):
    """The unit that follows a property best on the first part, and how well it does on the rest."""

    property: Property
    unit: int
    sign: int  # 1: high where the property is; -1: low
    chosen: float  # on the part it was chosen on: area under the ROC curve, or |r|, of this unit in this sense
    unseen: float  # the same on the rest
    chance: float  # the best of the same with pieces of the property in another order
    found: bool


def ranks(values: np.ndarray) -> np.ndarray:
    """The rank of each of values (N, H) in its column, from 1; equal ones share the mean of theirs.

    >>> ranks(np.array([[3.0], [1.0], [3.0], [5.0]]))[:, 0].tolist()
    [2.5, 1.0, 2.5, 4.0]
    """
    found = np.empty(values.shape, np.float64)
    for unit, column in enumerate(values.T):
        column = np.ascontiguousarray(column)
        order = np.argsort(column)
        ordered = column[order]
        first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
        ends = np.append(first[1:], len(column))
        found[order, unit] = np.repeat((first + ends + 1) / 2, ends - first)
    return found


def areas(ranked: np.ndarray, yes: np.ndarray) -> np.ndarray:
    """(P, H): area under the ROC curve of each unit for each question: how often a unit is higher at a symbol where the
    answer is yes than at one where it is no, ties counting half (Mann and Whitney 1947).

    ranked (N, H): from `ranks`. yes (P, N): 0 or 1.

    >>> areas(ranks(np.array([[0.1], [0.4], [0.35], [0.8]])), np.array([[0, 0, 1, 1]])).tolist()
    [[0.75]]
    """
    yes = np.asarray(yes, bool)
    positive = np.count_nonzero(yes, axis=1)[:, None].astype(np.float64)
    negative = yes.shape[1] - positive
    sums = np.zeros((len(yes), ranked.shape[1]))  # of the ranks where the answer is yes
    for begin in range(0, yes.shape[1], BLOCK):
        sums += yes[:, begin : begin + BLOCK].astype(np.float64) @ ranked[begin : begin + BLOCK]
    with np.errstate(invalid="ignore", divide="ignore"):
        return (sums - positive * (positive + 1) / 2) / (positive * negative)


def correlations(values: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """(P, H): Pearson's r of each unit with each of numbers (P, N); 0 where either does not vary."""
    values = values - values.mean(axis=0, dtype=np.float64)
    numbers = numbers - numbers.mean(axis=1, keepdims=True)
    length = np.linalg.norm(numbers, axis=1)[:, None] * np.linalg.norm(values, axis=0)
    return np.where(length > 1e-12, numbers @ values / np.maximum(length, 1e-12), 0.0)


def search(
    values: np.ndarray,
    properties: list[Property],
    split: int | None = None,
    progress: Callable[[float], bool] = lambda share: True,
) -> list[Finding] | None:
    """For each property the unit that follows it best, the best findings first.

    values (N, H): one number of each unit at each symbol. split: units are chosen on the symbols before it and judged
    on the rest; None: half of them. A property that is too rare in either part is left out. progress : called with the
    share that is done; the search ends with None when it returns False.

    Raises InputError where values and properties do not fit.
    """
    split = len(values) // 2 if split is None else split
    if any(len(each.values) != len(values) for each in properties) or not 0 < split < len(values):
        raise InputError(f"values have {len(values)} rows, the parts meet at {split}; expected a row for each symbol")
    parts = (slice(None, split), slice(split, None))
    usable = [each for each in properties if all(_common(each, each.values[part]) for part in parts)]
    strengths = []
    for number, part in enumerate(parts):

        def of_both(share: float, number: int = number) -> bool:
            return progress(0.35 * (number + share))

        measured = _strengths(values, usable, part, of_both)
        if measured is None:
            return None
        strengths.append(measured)
    findings = []
    for row, each in enumerate(usable):
        findings.append(_judged(each, values, strengths[0][row], strengths[1][row], parts[1]))
        if not progress(0.7 + 0.3 * (row + 1) / len(usable)):
            return None
    return sorted(findings, key=lambda finding: (not finding.found, -_excess(finding)))


def best_per_unit(
    values: np.ndarray,
    findings: list[Finding],
    properties: list[Property],
    progress: Callable[[float], bool] = lambda share: True,
) -> list[tuple[int, float]] | None:
    """For each unit the place in `properties` of what it follows best, and how well: from 0 to 1, and -1 for nothing.
    progress : called with the share that is done; the result is None when it returns False.

    Of areas it is 2·|A - 1/2|, of correlations |r|. A guide for sorting: nothing here is checked on unseen text.
    """
    usable = {id(finding.property) for finding in findings}
    positions = [i for i, each in enumerate(properties) if id(each) in usable]
    if not positions:
        return [(-1, 0.0)] * values.shape[1]
    measured = _strengths(values, [properties[position] for position in positions], slice(None), progress)
    if measured is None:
        return None
    strengths = np.abs(measured)
    best = strengths.argmax(axis=0)
    return [(positions[row], float(strengths[row, unit])) for unit, row in enumerate(best)]


def _strengths(
    values: np.ndarray, properties: list[Property], part: slice, progress: Callable[[float], bool]
) -> np.ndarray | None:
    """(P, H): how each unit goes with each property over a part of the symbols, from -1 to 1: areas as 2·A - 1, with 0
    for a coin, and correlations."""
    units, found = values.shape[1], np.zeros((len(properties), values.shape[1]))
    rows = {binary: [row for row, each in enumerate(properties) if each.binary is binary] for binary in (True, False)}
    asked = {
        binary: np.stack([properties[row].values[part] for row in chosen]) for binary, chosen in rows.items() if chosen
    }
    for begin in range(0, units, TOGETHER):
        some = slice(begin, begin + TOGETHER)
        for binary, answers in asked.items():
            found[rows[binary], some] = _measure(binary)(values[part, some], answers)
        if not progress(min(1.0, (begin + TOGETHER) / units)):
            return None
    return found


def _measure(binary: bool) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Function of (values, property) that measures how units agree with such a property."""
    return (lambda values, yes: 2 * areas(ranks(values), yes) - 1) if binary else correlations


def _judged(each: Property, values: np.ndarray, seen: np.ndarray, unseen: np.ndarray, rest: slice) -> Finding:
    """The best unit by `seen` (H,), judged by its value in `unseen` (H,) and by chance."""
    unit = int(np.abs(seen).argmax())
    sign = 1 if seen[unit] >= 0 else -1
    moved, column, answers = 0.0, values[rest, unit : unit + 1], each.values[rest]
    if each.binary:
        column = ranks(column)
    for pieces in _shuffles(len(answers)):
        shuffled = np.concatenate([answers[piece] for piece in pieces])[None]
        number = 2 * areas(column, shuffled) - 1 if each.binary else correlations(column, shuffled)
        moved = max(moved, abs(number[0, 0]))
    numbers = [sign * seen[unit], sign * unseen[unit], moved]
    if each.binary:
        numbers = [(number + 1) / 2 for number in numbers]
    chosen, judged, chance = map(float, numbers)
    found = judged >= (AUC if each.binary else CORRELATION) and judged > chance
    return Finding(each, unit, sign, chosen, judged, chance, bool(found))


def _shuffles(length: int) -> Iterator[list[slice]]:
    """SHUFFLES permutations of the symbols: PIECES pieces, cut at random, in another order."""
    rng = np.random.default_rng(0)
    for _shuffle in range(SHUFFLES):
        ends = [0, *np.sort(rng.integers(1, length, PIECES - 1)).tolist(), length]
        pieces = [slice(begin, end) for begin, end in pairwise(ends)]
        yield [pieces[i] for i in rng.permutation(PIECES)]


def _common(each: Property, values: np.ndarray) -> bool:
    """Whether there is enough of it to be judged."""
    if not each.binary:
        return bool((values != values[0]).any())
    yes = int(values.sum())
    turns = int(np.count_nonzero(values[1:] > values[:-1]))
    return min(yes, len(values) - yes) >= LEAST and turns >= RUNS


def _excess(finding: Finding) -> float:
    """Distance above chance, from 0 to 1."""
    return 2 * finding.unseen - 1 if finding.property.binary else finding.unseen
