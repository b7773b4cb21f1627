"""Analysis of one sequence by a shape's analyzer, and what the analyzers share."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from rnn_core.trace import Trace
from ui.charts.limits import there
from ui.charts.symbols import visible
from ui.shapes.records import Diagram


class SampleAnalysis(NamedTuple):
    """One sequence as the networks read it now."""

    diagram: Diagram
    finding: Any = None  # of this shape's own kind
    refused: bool = False  # whether what was typed cannot be read: the sequence is another then
    unread: tuple[str, ...] = ()  # what was left out of it


def shown(ids: np.ndarray, vocabulary: Sequence[str]) -> tuple[str, ...]:
    """The ids' symbols as they are printed."""
    return tuple(visible(vocabulary[int(i)]) for i in ids)


def padded(ids: np.ndarray, steps: int, blank: int) -> np.ndarray:
    """(steps, B) at least: ids (n, B) with blanks before them, as in training.

    >>> padded(np.array([[7], [8]]), 4, 0)[:, 0].tolist()
    [0, 0, 7, 8]
    """
    missing = max(0, steps - len(ids))
    return np.concatenate([np.full((missing, ids.shape[1]), blank, ids.dtype), ids])


def gradient_norms(trace: Trace) -> np.ndarray:
    """(T,) the norm of the gradient of the loss by the states of each step, of all layers and directions together."""
    return np.sqrt(np.square(there(trace.d_hidden)[:, 1:, 0], dtype=np.float64).sum(axis=(0, 2)))


def first_symbol(ids: np.ndarray, blank: int) -> int:
    """How many blanks the sequence (T,) begins with."""
    return int((ids != blank).argmax())
