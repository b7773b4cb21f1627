"""Streams of symbols that papers trained on: what can be known of each symbol before it comes is known exactly."""

from collections.abc import Iterator

import numpy as np

from rnn_core.tasks.reber import draw_string

SYMBOLS = 60_000
SEED = 1
SYLLABLES = ("ba", "dii", "guuu")
WORDS = (
    "many", "years", "ago", "a", "boy", "and", "girl", "lived", "by", "the", "sea", "they", "played", "happily",
)  # fmt: skip


def reber_stream(symbols: int = SYMBOLS, seed: int = SEED) -> str:
    """Strings of the embedded Reber grammar, one directly after the other (Gers, Schmidhuber & Cummins 2000).

    >>> reber_stream(30)
    'BTBPVVETEBTBTXXTTVPSETEBPBTSXX'
    """
    rng = np.random.default_rng(seed)
    return _filled(iter(lambda: draw_string(rng), ""), symbols)


def xor_stream(symbols: int = SYMBOLS, seed: int = SEED) -> str:
    """Two random bits, then whether they differ, and so on (Elman 1990): symbols is rounded down to whole triples.

    >>> xor_stream(12)
    '011110000110'
    """
    pairs = np.random.default_rng(seed).integers(0, 2, (symbols // 3, 2))
    return "".join(map(str, np.column_stack([pairs, pairs[:, 0] ^ pairs[:, 1]]).ravel()))


def syllables(symbols: int = SYMBOLS, seed: int = SEED) -> str:
    """The syllables ba, dii and guuu in random order (Elman 1990): the consonant tells how many vowels follow.

    >>> syllables(20)
    'diidiiguuuguuubabagu'
    """
    return _filled(_drawn(SYLLABLES, seed), symbols)


def unspaced(symbols: int = SYMBOLS, seed: int = SEED) -> str:
    """Words in random order, without anything between them (after Elman 1990, who had sentences).

    >>> unspaced(20)
    'girllivedseahappilym'
    """
    return _filled(_drawn(WORDS, seed), symbols)


def word_starts(symbols: int = SYMBOLS, seed: int = SEED) -> np.ndarray:
    """(symbols,) bool: where a word of `unspaced` begins.

    >>> text, starts = unspaced(20), word_starts(20)
    >>> "".join(letter.upper() if first else letter for letter, first in zip(text, starts))
    'GirlLivedSeaHappilyM'
    """
    starts, place = np.zeros(symbols, bool), 0
    for word in _drawn(WORDS, seed):
        if place >= symbols:
            return starts
        starts[place] = True
        place += len(word)
    return starts


def _drawn(parts: tuple[str, ...], seed: int) -> Iterator[str]:
    """Parts in random order, without end."""
    rng = np.random.default_rng(seed)
    while True:
        yield parts[rng.integers(len(parts))]


def _filled(parts: Iterator[str], symbols: int) -> str:
    """The first so many characters of the parts, joined."""
    text: list[str] = []
    length = 0
    while length < symbols:
        text.append(next(parts))
        length += len(text[-1])
    return "".join(text)[:symbols]
