"""Sentences side by side: how probable the network finds each of them, symbol by symbol."""

import re
from typing import NamedTuple

import numpy as np

from rnn_core.analysis.scoring import Score, score
from rnn_core.tasks.stream import StreamTask, Symbols
from rnn_core.tasks.words import words_of, written
from ui.language.model_copy import ModelCopy

MOST, LONGEST = 8, 200  # sentences, and symbols of each
ENDS = re.compile(r"\n|(?<=[.!?;。！？；])")


class Scored(NamedTuple):
    """One sentence as it was typed, as it was read, and what the network says of it; None if nothing could be read."""

    text: str
    symbols: Symbols
    cut: int  # symbols that were left out at its end
    score: Score | None


def lines_of(typed: str) -> list[str]:
    """The sentences in a text, one a line; empty lines are none."""
    return [line.strip() for line in typed.splitlines() if line.strip()][:MOST]


def measure(copy: ModelCopy, texts: list[str], context: np.ndarray) -> list[Scored]:
    """Every sentence, read after the ids in context from the zero state."""
    found = []
    for text in texts:
        symbols = copy.task.read(text)
        cut = max(0, len(symbols.ids) - LONGEST)
        ids = symbols.ids[:LONGEST]
        symbols = Symbols(ids, symbols.written[:LONGEST], symbols.unknown)
        found.append(Scored(text, symbols, cut, score(copy.model, context, ids) if len(ids) else None))
    return found


def best(found: list[Scored]) -> int | None:
    """Which sentence is the most probable."""
    totals = {number: item.score.total for number, item in enumerate(found) if item.score is not None}
    return max(totals, key=totals.__getitem__) if totals else None


def examples(task: StreamTask) -> list[str]:
    """A sentence of the held-out part, the same with two neighbours exchanged, and its words backwards."""
    text = task.decode(task.held_out_ids[:1200])
    pieces = [piece.strip() for piece in ENDS.split(text)][1:]  # the first may have lost its beginning
    tokens = [list(words_of(piece)) for piece in pieces]
    words = next((some for some in tokens if 5 <= len(some) <= 14), None) or list(words_of(text))[:8]
    end = words[-1:] if not words[-1].isalnum() else []
    inner = words[: len(words) - len(end)]
    if len(inner) < 2:
        return [written(words)]
    middle = len(inner) // 2
    swapped = [*inner[: middle - 1], inner[middle], inner[middle - 1], *inner[middle + 1 :]]
    made = [inner, swapped, inner[::-1]]
    return list(dict.fromkeys(written([*some, *end]) for some in made))
