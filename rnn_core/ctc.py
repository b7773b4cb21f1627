"""Reading labels out of a network that was trained with CTC (Graves et al. 2006), and counting what is wrong in them.

`rnn_core.kernels.ctc` has the loss. Best path decoding takes the likeliest symbol of every step; prefix beam search
(Graves 2008, sec. 7.5; Hannun et al. 2014) adds up all the paths of a labelling, which may prefer another one.
"""

import itertools
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.errors import InputError
from rnn_core.inputs import array_of, check_whole

BLANK = 0
MAX_WIDTH = 1000
NOTHING = -math.inf  # ln 0

Labels = tuple[int, ...]


class Labelling(NamedTuple):
    """Labels, and how probable they are."""

    labels: Labels
    log_prob: float  # ln p of all the paths to them that were followed


def labels_of(path: ArrayLike) -> Labels:
    """B(path): equal neighbours merged, then the blanks taken out.

    path : (T,) ids, 0 the blank. Raises InputError for anything else.

    >>> labels_of([0, 3, 3, 0, 3, 1, 1, 0])
    (3, 3, 1)
    """
    path = array_of("path", path)
    if path.ndim != 1 or path.dtype.kind not in "iu":
        raise InputError(f"path has shape {path.shape} and type {path.dtype}; expected (T,) integer ids")
    changes = np.flatnonzero(np.diff(path, prepend=BLANK))
    return tuple(int(symbol) for symbol in path[changes] if symbol != BLANK)


def best_path(logits: ArrayLike) -> Labels:
    """The labels of the likeliest path, which takes the likeliest symbol at each step.

    logits : (T, K) of one sequence; probabilities do as well. Raises InputError for anything else.

    >>> best_path([[2, 0, 0], [0, 1, 0], [0, 3, 0], [0, 0, 2]])
    (1, 2)
    """
    return labels_of(_checked(logits).argmax(axis=1))


def prefix_beam_search(logits: ArrayLike, width: int = 8) -> list[Labelling]:
    """The most probable labellings that can be found by keeping `width` prefixes at each step, the best first.

    logits : (T, K) of one sequence. width : where it is as large as the number of all prefixes, the first one is the
    most probable there is, and each log_prob is exact; else it counts only the paths that were kept.

    Raises InputError for anything else.

    >>> search = prefix_beam_search(np.log([[0.6, 0.4], [0.6, 0.4]]))
    >>> [(found.labels, round(math.exp(found.log_prob), 2)) for found in search]
    [((1,), 0.64), ((), 0.36)]
    """
    width = check_whole("width", width, 1, MAX_WIDTH)
    logits = _checked(logits).astype(np.float64)
    log_probs = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    beams: dict[Labels, tuple[float, float]] = {(): (0.0, NOTHING)}  # ln p of the paths that end in a blank, or not
    for row in log_probs.tolist():
        grown: dict[Labels, tuple[float, float]] = {}
        for prefix, (blank, label) in beams.items():
            both, last = _add(blank, label), prefix[-1] if prefix else BLANK
            _gain(grown, prefix, both + row[BLANK], label + row[last] if prefix else NOTHING)
            for symbol in range(1, len(row)):
                before = blank if symbol == last else both  # between two equal labels there is a blank
                _gain(grown, (*prefix, symbol), NOTHING, before + row[symbol])
        best = sorted(grown, key=lambda prefix: (-_add(*grown[prefix]), prefix))[:width]
        beams = {prefix: grown[prefix] for prefix in best}
    found = [Labelling(prefix, _add(*parts)) for prefix, parts in beams.items()]
    return [each for each in found if each.log_prob > NOTHING]


def _gain(beams: dict[Labels, tuple[float, float]], prefix: Labels, blank: float, label: float) -> None:
    known = beams.get(prefix, (NOTHING, NOTHING))
    beams[prefix] = _add(known[0], blank), _add(known[1], label)


def _add(a: float, b: float) -> float:
    """ln(exp a + exp b)"""
    low, high = (a, b) if a < b else (b, a)
    return high if low == NOTHING else high + math.log1p(math.exp(low - high))


def edit_distance(one: Sequence[int], other: Sequence[int]) -> int:
    """The least number of insertions, deletions and substitutions that make one of the other (Levenshtein 1966).

    >>> edit_distance((1, 2, 3), (1, 3, 3, 3))
    2
    """
    row = list(range(len(other) + 1))
    for i, symbol in enumerate(one, 1):
        diagonal, row[0] = row[0], i
        for j, wanted in enumerate(other, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (symbol != wanted))
    return row[-1]


def right_labels(found: Sequence[int], wanted: Sequence[int]) -> tuple[bool, ...]:
    """Which labels of `found` are right in their order: of the alignments with the labels wanted that take the least
    number of edits, one with the most that agree.

    >>> right_labels((2, 1, 3), (1, 3, 3)), right_labels((1, 2), (2, 1))
    ((False, True, True), (True, False))
    """
    row = [(j, 0, tuple[bool, ...]()) for j in range(len(wanted) + 1)]  # edits, -agreeing, which are right
    for symbol in found:
        before, row = row, [(row[0][0] + 1, 0, (*row[0][2], False))]
        for j, label in enumerate(wanted):
            same, pair, surplus, missing = symbol == label, before[j], before[j + 1], row[j]
            ways = [
                (pair[0] + (not same), pair[1] - same, (*pair[2], same)),
                (surplus[0] + 1, surplus[1], (*surplus[2], False)),
                (missing[0] + 1, missing[1], missing[2]),
            ]
            row.append(min(ways, key=lambda way: way[:2]))
    return row[-1][2]


def label_error_rate(found: Sequence[Sequence[int]], wanted: Sequence[Sequence[int]]) -> float:
    """Edit distances of all sequences together, divided by the number of the labels that are wanted; it can exceed 1.

    Raises InputError where no labels are wanted at all.

    >>> label_error_rate([(1, 2), (3,)], [(1, 2), (3, 3)])
    0.25
    """
    total = sum(map(len, wanted))
    if total == 0:
        raise InputError("wanted has no label in any sequence; expected at least one")
    return sum(edit_distance(*pair) for pair in zip(found, wanted, strict=True)) / total


def log_paths(labels: Sequence[int], steps: int) -> float:
    """The logarithm of the number of paths of so many steps to these labels; -inf where there is none.

    >>> round(math.exp(log_paths((1, 2), 3)))  # 112, 122, 12-, -12 and 1-2
    5
    """
    count = len(labels)
    free = steps + count - sum(a == b for a, b in itertools.pairwise(labels))
    if free < 2 * count:
        return NOTHING
    return math.lgamma(free + 1) - math.lgamma(2 * count + 1) - math.lgamma(free - 2 * count + 1)


def even_loss(paths: np.ndarray, mask: np.ndarray | None, outputs: int) -> float:
    """The loss per step of a network that gives all symbols the same probability at every step.

    paths : (T, B) of one batch, mask : (T, B) or None, as the loss takes them. outputs : K, the blank included.
    """
    total, counted = 0.0, 0
    for path in columns(paths, mask):
        total += len(path) * math.log(outputs) - log_paths(labels_of(path), len(path))
        counted += len(path)
    return total / counted


def columns(batch: np.ndarray, mask: np.ndarray | None) -> list[np.ndarray]:
    """Each sequence of a batch (T, B, ...), of the steps that count."""
    return [batch[:, b] if mask is None else batch[mask[:, b] > 0, b] for b in range(batch.shape[1])]


def _checked(logits: ArrayLike) -> np.ndarray:
    logits = array_of("logits", logits)
    if logits.ndim != 2 or min(logits.shape) == 0 or not np.isfinite(logits).all():
        raise InputError(f"logits have shape {logits.shape}; expected finite numbers (T, K) of one sequence")
    return logits
