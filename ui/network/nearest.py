"""Length of a text against the settings: whether it suffices, and for which settings it would. No Streamlit here."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from rnn_core.tasks.words import words_of

ENOUGH = 400_000  # characters: whatever can be asked for fits into so long a beginning
HELD_OUT = 0.1  # of a text
SHORTEST = 2  # steps


class Batching(NamedTuple):
    """Batching of a text: steps, sequences, whether the state is kept."""

    steps: int
    sequences: int  # a batch
    stateful: bool = False


def nearest(text: str, words: bool, asked: Batching, min_count: int = 1) -> Batching | None:
    """The reading nearest to the one that is asked for: fewer sequences at a time where the state is carried on, then
    shorter ones; None where nothing can be learned from the text. Symbols seen less often than `min_count` become one.

    >>> nearest("so many, so many. " * 10, False, Batching(100, 16))
    Batching(steps=89, sequences=16, stateful=False)
    >>> nearest("so many, so many. " * 10, False, Batching(25, 16, stateful=True))
    Batching(steps=25, sequences=6, stateful=True)
    >>> nearest("aaaaaaaa", False, Batching(2, 1)), nearest("", False, Batching(2, 1))
    (None, None)
    """
    beginning = text[:ENOUGH]
    symbols = list(words_of(beginning)) if words else beginning
    length = len(symbols)
    steps = min(asked.steps, length // 2 - 1)
    if not text.strip() or steps < SHORTEST:
        return None
    train = length - max(int(length * HELD_OUT), steps + 1) - 1  # symbols with a successor
    if len(_different(symbols, train + 1, words, min_count)) < 2:
        return None
    sequences = min(asked.sequences, train // steps) if asked.stateful else asked.sequences
    return Batching(steps, sequences, asked.stateful)


def _different(symbols: Sequence[str], training: int, words: bool, min_count: int) -> set[str]:
    """The different symbols, with the one that stands for all others."""
    if not words and min_count == 1:
        return set(symbols)
    kept = {symbol for symbol, count in Counter(symbols[:training]).items() if count >= min_count}
    return kept | {""} if words or not kept.issuperset(symbols) else kept
