"""Units that mean something: which unit follows a known property of a text, checked on a part it was not chosen on.

With 100 units and 100 properties some pair fits by chance. So a unit is chosen for each property on the first part of a
text and judged on the rest. There it must also beat the property with its pieces in another order, which keeps the
property's rhythm and destroys its meaning.
"""

from typing import NamedTuple

import numpy as np

from rnn_core.errors import InputError
from rnn_core.properties import Property

AUC, CORRELATION = 0.9, 0.8  # on unseen text; from here on a unit is said to follow the property
SHUFFLES, PIECES = 20, 10  # how often a property is cut into how many pieces, to be put together in another order
LEAST = 20  # symbols of either answer that each part must hold, and
RUNS = 5  # how often the answer must turn to yes there


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
        order = np.argsort(column, kind="stable")
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
    yes = yes.astype(np.float64)
    positive = yes.sum(axis=1, keepdims=True)
    negative = yes.shape[1] - positive
    with np.errstate(invalid="ignore", divide="ignore"):
        return (yes @ ranked - positive * (positive + 1) / 2) / (positive * negative)


def correlations(values: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """(P, H): Pearson's r of each unit with each of numbers (P, N); 0 where either does not vary."""
    values = values - values.mean(axis=0, dtype=np.float64)
    numbers = numbers - numbers.mean(axis=1, keepdims=True)
    length = np.linalg.norm(numbers, axis=1)[:, None] * np.linalg.norm(values, axis=0)
    return np.where(length > 1e-12, numbers @ values / np.maximum(length, 1e-12), 0.0)


def search(values: np.ndarray, properties: list[Property], split: int | None = None) -> list[Finding]:
    """For each property the unit that follows it best, the best findings first.

    values (N, H): one number of each unit at each symbol. split: units are chosen on the symbols before it and judged
    on the rest; None: half of them. A property that is too rare in either part is left out.

    Raises InputError where values and properties do not fit.
    """
    split = len(values) // 2 if split is None else split
    if any(len(each.values) != len(values) for each in properties) or not 0 < split < len(values):
        raise InputError(f"values have {len(values)} rows, the parts meet at {split}; expected a row for each symbol")
    parts = (slice(None, split), slice(split, None))
    usable = [each for each in properties if all(_common(each, each.values[part]) for part in parts)]
    groups = [[each for each in usable if each.binary is binary] for binary in (True, False)]
    findings = []
    for group, measure in zip(groups, (_signed_areas, correlations), strict=True):
        if group:
            prepared = [ranks(values[part]) if measure is _signed_areas else values[part] for part in parts]
            findings += _chosen(prepared, group, parts, measure)
    return sorted(findings, key=lambda finding: (not finding.found, -_excess(finding)))


def best_per_unit(values: np.ndarray, findings: list[Finding], properties: list[Property]) -> list[tuple[int, float]]:
    """For each unit the place in `properties` of what it follows best, and how well: from 0 to 1, and -1 for nothing.

    Of areas it is 2·|A - 1/2|, of correlations |r|. A guide for sorting: nothing here is checked on unseen text.
    """
    usable = {id(finding.property) for finding in findings}
    places = [i for i, each in enumerate(properties) if id(each) in usable]
    if not places:
        return [(-1, 0.0)] * values.shape[1]
    ranked, strengths = ranks(values), np.empty((len(places), values.shape[1]))
    for row, place in enumerate(places):
        each = properties[place]
        measure, given = (_signed_areas, ranked) if each.binary else (correlations, values)
        strengths[row] = np.abs(measure(given, each.values[None])[0])
    best = strengths.argmax(axis=0)
    return [(places[row], float(strengths[row, unit])) for unit, row in enumerate(best)]


def _signed_areas(ranked, yes):
    """Areas from -1 to 1, with 0 for a coin."""
    return 2 * areas(ranked, yes) - 1


def _chosen(prepared, group, parts, measure) -> list[Finding]:
    first = np.stack([each.values[parts[0]] for each in group])
    rest = np.stack([each.values[parts[1]] for each in group])
    known, unseen = measure(prepared[0], first), measure(prepared[1], rest)
    units = np.abs(known).argmax(axis=1)
    rows = np.arange(len(group))
    signs = np.where(known[rows, units] >= 0, 1, -1)
    moved = np.zeros(len(group))
    for places in _shuffles(rest.shape[1]):
        turned = rest[:, places]
        for row, unit in enumerate(units):
            moved[row] = max(moved[row], abs(measure(prepared[1][:, unit : unit + 1], turned[row : row + 1])[0, 0]))
    findings = []
    for row, each in enumerate(group):
        unit, sign = int(units[row]), int(signs[row])
        numbers = [sign * known[row, unit], sign * unseen[row, unit], moved[row]]
        if each.binary:
            numbers = [(number + 1) / 2 for number in numbers]
        chosen, judged, chance = map(float, numbers)
        found = judged >= (AUC if each.binary else CORRELATION) and judged > chance
        findings.append(Finding(each, unit, sign, chosen, judged, chance, bool(found)))
    return findings


def _shuffles(length):
    """SHUFFLES orders of so many symbols: PIECES pieces, cut at random, that follow one another in another way."""
    rng = np.random.default_rng(0)
    for _shuffle in range(SHUFFLES):
        pieces = np.split(np.arange(length), np.sort(rng.integers(1, length, PIECES - 1)))
        yield np.concatenate([pieces[i] for i in rng.permutation(PIECES)])


def _common(each: Property, values) -> bool:
    """Whether there is enough of it to be judged."""
    if not each.binary:
        return bool((values != values[0]).any())
    yes = int(values.sum())
    turns = int((np.diff(values) > 0).sum())
    return min(yes, len(values) - yes) >= LEAST and turns >= RUNS


def _excess(finding: Finding) -> float:
    """How far it is above a coin, from 0 to 1."""
    return 2 * finding.unseen - 1 if finding.property.binary else finding.unseen
