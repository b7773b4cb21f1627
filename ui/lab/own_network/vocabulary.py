"""Symbols of a network by their ids: as the reader writes them, or as they follow from a text. No Streamlit here."""

import json
import re
from collections.abc import Sequence

from rnn_core.pytorch.recognition import symbols_of
from rnn_core.tasks.words import UNKNOWN_CHARACTER, UNKNOWN_WORD
from ui.lab.own_network.refused import RefusedError

UNKNOWN = re.compile(r"[<\[{|]+\s*(unk|unknown|oov)\s*[>\]}|]+", re.IGNORECASE)
STAND_INS = range(0x2400, 0x2421)  # pictures of control characters: one character in the place of “<pad>”
LONGEST_SHOWN = 40  # characters of a symbol in a message


def vocabulary_of(written: str, text: str, size: int, words: bool) -> tuple[str, ...]:
    """The symbols of a network that reads `size` of them.

    written : a list or a dict in JSON, one symbol a line, or characters in their order; nothing: the characters of the
    text, sorted. Raises RefusedError.

    >>> vocabulary_of("cab", "", 3, False), vocabulary_of('{"a": 1, "b": 0}', "", 2, False)
    (('c', 'a', 'b'), ('b', 'a'))
    >>> vocabulary_of("the\\ncat", "", 2, True), vocabulary_of("", "a cab", 4, False)
    (('the', 'cat'), (' ', 'a', 'b', 'c'))
    """
    if not written.strip("\n"):
        if words:
            raise RefusedError("no_words", size=size)
        symbols = tuple(sorted(set(text)))
        if len(symbols) != size:
            raise RefusedError("other_characters", size=size, count=len(symbols))
        return symbols
    listed = _from_json(written)
    readings = [listed] if listed else [_lines(written)] if words else [written, written.strip("\n"), _lines(written)]
    for reading in readings:
        if len(reading) == size:
            return tuple(reading)
    raise RefusedError("count", size=size, count=len(readings[1 if len(readings) > 1 else 0]))


def _from_json(written: str) -> tuple[str, ...] | None:
    if not written.lstrip().startswith(("[", "{")):
        return None
    try:
        return symbols_of(json.loads(written))
    except (ValueError, RecursionError):
        return None


def _lines(written: str) -> list[str]:
    return written.strip("\n").split("\n")


def readable(symbols: Sequence[str], words: bool) -> tuple[tuple[str, ...], dict[str, str]]:
    """(the symbols as a text is read with them, symbol -> what stands for it here).

    What the reader's network has for unknown ones becomes ours. By character a symbol of several characters, such as
    “<pad>”, is no part of any text; one character stands for it. Raises RefusedError for a symbol that is empty, or
    there twice.

    >>> readable(["<pad>", "<UNK>", "a"], words=False)
    (('␀', '�', 'a'), {'<pad>': '␀', '<UNK>': '�'})
    """
    others: dict[str, str] = {}
    spare = iter([chr(code) for code in STAND_INS if chr(code) not in symbols])
    for symbol in symbols:
        if UNKNOWN.fullmatch(symbol):
            others[symbol] = UNKNOWN_WORD if words else UNKNOWN_CHARACTER
        elif not words and len(symbol) > 1:
            stand_in = next(spare, None)
            if stand_in is None:
                raise RefusedError("no_characters", symbol=symbol[:LONGEST_SHOWN])
            others[symbol] = stand_in
    read = tuple(others.get(symbol, symbol) for symbol in symbols)
    seen: set[str] = set()
    for symbol in read:
        if not symbol:
            raise RefusedError("empty_symbol", place=len(seen) + 1)
        if symbol in seen:
            raise RefusedError("twice", symbol=symbol[:LONGEST_SHOWN])
        seen.add(symbol)
    return read, {symbol: other for symbol, other in others.items() if symbol != other}
