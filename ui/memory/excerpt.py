"""The text that is read on the page “Memory”: the network's data or the reader's own; and how it falls into rows."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ui.charts.symbols import visible, width

BOTH_WAYS = 20_000  # symbols: with a change, a bidirectional network has to read all of them again, step by step
WIDEST = 12  # columns of a symbol


@dataclass(frozen=True, eq=False)
class Excerpt:
    """Excerpt that is read: T steps of S sequences."""

    key: tuple[Any, ...]
    x: np.ndarray  # (T, S) ids
    targets: np.ndarray  # (T, S) ids; -1 where nothing is asked
    vocabulary: tuple[str, ...]
    unread: str  # symbols of the reader's own text that the network does not know: left out
    stream: bool  # whether it can be continued

    @property
    def symbols(self) -> int:
        """N."""
        return self.x.size

    @cached_property
    def names(self) -> list[str]:
        """The symbols, sequence by sequence."""
        return [self.vocabulary[i] for i in self.x.T.ravel()]

    @cached_property
    def line_ends(self) -> np.ndarray:
        """(N,) bool: the symbols that end a line."""
        ends = np.array([symbol == "\n" for symbol in self.vocabulary])
        return ends[self.x.T.ravel()]

    @cached_property
    def cell(self) -> int:
        """Columns that the widest symbol takes."""
        used = np.unique(self.x)
        return min(WIDEST, max(width(visible(self.vocabulary[i])) for i in used))


def excerpt(key: tuple[Any, ...], task: Any, kind: str, length: int, own: str, bidirectional: bool) -> Excerpt | None:
    """The passage of that kind; None where there is nothing to read: the task has no symbols, or too few are known.

    kind : "text" the data from their beginning, "held_out" what is never trained on, "own" the reader's own.
    """
    if task.vocabulary is None:
        return None
    length = min(length, BOTH_WAYS) if bidirectional else length
    if not task.supports_stateful:
        batch = task.held_out()
        count = max(1, min(batch.x.shape[1], length // len(batch.x)))
        targets = np.full_like(batch.x[:, :count], -1)
        asked = batch.targets[:, :count]
        counted = True if batch.mask is None else batch.mask[:, :count] > 0
        targets[len(targets) - len(asked) :] = np.where(counted, asked, -1)
        return Excerpt(key, np.ascontiguousarray(batch.x[:, :count]), targets, task.vocabulary, "", False)
    unread = ""
    if kind == "own":
        known = {symbol: number for number, symbol in enumerate(task.vocabulary)}
        given = list(task.symbols_of(own))[:length]
        unread = task.separator.join(dict.fromkeys(symbol for symbol in given if symbol not in known))
        ids = np.array([known[symbol] for symbol in given if symbol in known], np.int32)
    elif kind == "held_out":
        ids = task.held_out_ids[:length]
    else:
        ids = np.concatenate([task.training_ids, task.held_out_ids])[:length]
    if len(ids) < 2:
        return None
    targets = np.append(ids[1:], -1).astype(np.int32)
    return Excerpt(key, ids[:, None].astype(np.int32), targets[:, None], task.vocabulary, unread, True)


def row_starts(line_ends: np.ndarray, steps: int, columns: int) -> np.ndarray:
    """Where each row of a text begins: after a line end, at a new sequence, and where `columns` symbols are full. The
    last entry is the end of the text.

    line_ends (N,) bool: the last symbol of a line.

    >>> row_starts(np.array([0, 0, 0, 0, 0, 1, 0, 0], bool), 8, 4).tolist()
    [0, 4, 6, 8]
    """
    symbols = len(line_ends)
    borders = np.unique(np.concatenate([[0, symbols], np.flatnonzero(line_ends) + 1, np.arange(0, symbols, steps)]))
    lengths = np.diff(borders)
    counts = -(-lengths // columns)
    first = np.cumsum(counts) - counts
    starts = np.repeat(borders[:-1], counts) + columns * (np.arange(counts.sum()) - np.repeat(first, counts))
    return np.append(starts, symbols)
