"""Properties of each symbol of a text, whatever network reads it: inside quotes, depth of brackets, column of a line.

A property has one number for each symbol: False or True where it is a question of yes or no. It says what holds once
the symbol has been read, as a state does: an opening mark lies inside already and a closing one outside.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

QUOTES = {'"': '"', "“": "”", "「": "」", "『": "』", "《": "》"}
BRACKETS = {"(": ")", "[": "]", "{": "}", "（": "）", "【": "】"}
VOWELS = set("aeiouäöüáéíóúàèìòùâêîôû")
ENDS = set(".!?。！？")
LAGS = (1, 2, 4, 8)
FREQUENT = 12  # symbols about which it is asked whether this is one
RECALLED = 6  # of those, about which it is asked whether one was read some steps ago
COUNTED = 4  # and how many there were so far in the line or the sequence


class Property(NamedTuple):
    """One property: its kind ("quotes", "column", ...), and the symbol it is about and the steps back, if any."""

    kind: str
    values: np.ndarray  # (N,) bool where it is binary, else float64
    binary: bool
    symbol: str = ""
    lag: int = 0

    @property
    def key(self) -> str:
        """Its name in a table; symbols as they are."""
        return ":".join([self.kind, *([self.symbol] if self.symbol else []), *([str(self.lag)] if self.lag else [])])


def properties(symbols: list[str], steps: int | None = None) -> list[Property]:
    """Every property that takes more than one value in these symbols.

    steps : length of a sequence, where the symbols are sequences one after the other; None: all are one.

    >>> found = {p.key: p.values.astype(int).tolist() for p in properties(list('a "b" c'))}
    >>> found["quotes"], found["word_start"]
    ([0, 0, 1, 1, 0, 0, 0], [1, 0, 0, 1, 0, 0, 1])
    """
    steps = len(symbols) if steps is None else steps
    starts = np.arange(len(symbols)) % steps == 0
    text = np.array(symbols, dtype=object)
    found = [*_marks(symbols, starts), *_places(symbols, text, starts), *_symbols(text, starts, steps < len(symbols))]
    return [each for each in found if (each.values != each.values[0]).any()]


def _yes(kind: str, values: ArrayLike, **more: Any) -> Property:
    return Property(kind, np.asarray(values, bool), True, **more)


def _marks(symbols: list[str], starts: np.ndarray) -> list[Property]:
    """Inside quotes, inside brackets and how deep."""
    inside, depth = np.zeros(len(symbols)), np.zeros(len(symbols))
    closing, deep = "", 0
    ends = set(BRACKETS.values())
    for i, symbol in enumerate(symbols):
        if starts[i]:
            closing, deep = "", 0
        closing = ("" if symbol == closing else closing) if closing else QUOTES.get(symbol, "")
        deep = deep + 1 if symbol in BRACKETS else max(0, deep - 1) if symbol in ends else deep
        inside[i], depth[i] = bool(closing), deep
    return [
        _yes("quotes", inside),
        _yes("brackets", depth > 0),
        Property("depth", depth, False) if depth.max(initial=0) > 1 else _yes("depth", depth),
    ]


def _since(events: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Number of symbols read since the last event: 0 at the event itself, 1 at the start."""
    positions = np.arange(len(events))
    last = np.where(events, positions, np.where(starts, positions - 1, -1))
    return (positions - np.maximum.accumulate(last)).astype(np.float64)


def _alone(symbol: str) -> bool:
    """Whether it is a kana or a Chinese character: no blanks part words of these."""
    return "\u3040" <= symbol <= "\u9fff"


def _places(symbols: list[str], text: np.ndarray, starts: np.ndarray) -> list[Property]:
    """Position in the word, the line, the sentence, the sequence."""
    single = max(map(len, symbols)) == 1
    found = [Property("place", _since(np.zeros(len(text), bool), starts), False)] if starts.sum() > 1 else []
    line_end = text == "\n"
    if line_end.any():
        found += [Property("column", _since(line_end, starts), False)]
    ends = np.array([symbol in ENDS for symbol in symbols])
    if ends.any():
        found += [Property("sentence", _since(ends, starts), False)]
    if not single:
        return found
    letter = np.array([symbol.isalpha() and not _alone(symbol) for symbol in symbols])
    before = np.zeros(len(text), bool)
    before[1:] = letter[:-1]
    before &= ~starts
    found += [
        _yes("word_start", letter & ~before),
        Property("in_word", _since(~letter, starts), False),
        _yes("vowel", [symbol.lower() in VOWELS for symbol in symbols]),
        _yes("capital", [symbol.isupper() for symbol in symbols]),
        _yes("digit", [symbol.isdigit() for symbol in symbols]),
        _yes("space", [symbol.isspace() for symbol in symbols]),
        _yes("punctuation", ~letter & ~np.array([symbol.isalnum() or symbol.isspace() for symbol in symbols])),
    ]
    return found


def _symbols(text: np.ndarray, starts: np.ndarray, several: bool) -> list[Property]:
    """Which symbol this is, which was some steps ago, how many of one there were so far."""
    known, counts = np.unique(text.astype(str), return_counts=True)
    frequent = known[np.argsort(-counts, kind="stable")][:FREQUENT]
    place = _since(np.zeros(len(text), bool), starts)
    found = []
    for rank, symbol in enumerate(frequent):
        here = text == symbol
        found.append(_yes("is", here, symbol=str(symbol)))
        if rank < RECALLED:
            for lag in LAGS:
                if lag < len(text):
                    was = np.zeros(len(text), bool)
                    was[lag:] = here[:-lag]
                    found.append(_yes("was", was & (place > lag), symbol=str(symbol), lag=lag))
        if rank < COUNTED and several:
            total = np.cumsum(here).astype(np.float64)
            began = np.maximum.accumulate(np.where(starts, np.arange(len(text)), 0))
            found.append(Property("count", total - (total - here)[began], False, symbol=str(symbol)))
    return found
