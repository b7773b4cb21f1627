"""The visible part of a recording as small integers: colours need no more, exact numbers travel on their own."""

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from rnn_core.analysis.properties import Property
from rnn_core.analysis.recording import Recording
from ui.charts.symbols import visible
from ui.memory.excerpt import Excerpt

LEVELS = 255  # of a colour
MOST_SMALL, SMALL_ROWS = 640, 16  # symbols and rows of each small picture
SURPRISE = 5.0  # nats that fill the strip


def window_of(
    recording: Recording,
    excerpt: Excerpt,
    starts: np.ndarray,
    unit: int,
    bounds: tuple[float, float],
    guesses: bool,
    held: Property | None = None,
) -> dict[str, Any]:
    """The rows that begin at `starts` (its last entry is their end): symbols, one unit's values, guesses, surprise.

    Symbols are numbers into a list of the labels that occur; 255 levels reach from one of the unit's bounds to the
    other. held : a property of the text whose course is shown over the symbols.
    """
    begin, end = int(starts[0]), int(starts[-1])
    ids = recording.ids[begin:end]
    known = np.unique(np.concatenate([ids, recording.guesses[begin:end].ravel()]))
    window = {
        "begin": begin,
        "end": end,
        "starts": [int(start) for start in starts],
        "labels": [visible(excerpt.vocabulary[i]) for i in known],
        "cell": excerpt.cell,
        "ids": packed(np.searchsorted(known, ids), np.uint16),
        "values": levels(recording.values[begin:end, unit], *bounds),
        "surprise": levels(_surprise_at(recording, excerpt, begin, end), 0.0, SURPRISE),
    }
    if held is not None and end <= len(held.values):
        window["held"] = levels(held.values[begin:end], 0.0, float(held.values.max()))
    if guesses:
        window["kept"] = recording.guesses.shape[1]
        window["guesses"] = packed(np.searchsorted(known, recording.guesses[begin:end]).ravel(), np.uint16)
        window["odds"] = levels(recording.odds[begin:end].ravel(), 0.0, 1.0)
    return window


def _surprise_at(recording: Recording, excerpt: Excerpt, begin: int, end: int) -> np.ndarray:
    """How surprising each symbol was where every symbol is asked for; else how wrong the answer at each was."""
    if not excerpt.stream:
        return recording.surprise[begin:end]
    before = recording.surprise[max(0, begin - 1) : end - 1]
    return before if begin > 0 else np.append(np.float32(np.nan), before)


def multiples_of(
    recording: Recording, starts: np.ndarray, order: np.ndarray, bounds: np.ndarray, names: Sequence[str]
) -> dict[str, Any]:
    """Rows for every unit, in this order, as far as they are few enough; bounds (H, 2) of each unit's colours."""
    rows = max(1, int(np.searchsorted(starts, starts[0] + MOST_SMALL, side="right")) - 1)
    starts = starts[: min(rows, SMALL_ROWS) + 1]
    begin, end = int(starts[0]), int(starts[-1])
    values = recording.values[begin:end, order].T
    return {
        "begin": begin,
        "starts": [int(start) for start in starts],
        "units": [int(unit) for unit in order],
        "names": names,
        "values": levels(values, bounds[order, :1], bounds[order, 1:]),
    }


def levels(values: np.ndarray, low: float | np.ndarray, high: float | np.ndarray) -> dict[str, Any]:
    """Values as 0 .. 254 between the bounds; 255 where there is none."""
    share = (np.asarray(values, np.float64) - low) / np.maximum(np.subtract(high, low), 1e-12)
    scaled = np.clip(np.nan_to_num(share, nan=0.0), 0, 1) * (LEVELS - 1)
    return packed(np.where(np.isfinite(share), np.round(scaled), LEVELS), np.uint8)


def packed(array: ArrayLike, kind: DTypeLike) -> dict[str, Any]:
    """An array as Plotly's JSON spells it; ui/charts/static/numbers.js reads it.

    >>> packed([1, 2], np.uint8)
    {'dtype': 'u1', 'bdata': 'AQI='}
    """
    whole = np.ascontiguousarray(array, kind)
    return {"dtype": whole.dtype.str[1:], "bdata": base64.b64encode(whole.tobytes()).decode("ascii")}
