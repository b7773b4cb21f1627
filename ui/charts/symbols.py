"""Labels of a text's symbols on a chart: always visible, always short, never read as markup."""

import html
import unicodedata
from collections.abc import Iterable, Sequence

SPACES = {" ": "␣", "\n": "⏎", "\r": "␍", "\t": "⇥", "": "∅", "\u3000": "□"}
LONGEST = 12


def visible(symbol: str, longest: int = LONGEST) -> str:
    """The symbol in printable characters: spaces and line ends as signs, controls by their code point.

    >>> visible(" "), visible("\\n"), visible("\\u200b"), visible("<b>")
    ('␣', '⏎', 'U+200B', '<b>')
    """
    if symbol in SPACES:
        return SPACES[symbol]
    # Categories C* (controls, bidi marks, surrogates, unassigned) and Z* (separators) print as nothing or as
    # harm.
    shown = "".join(
        f"U+{ord(char):04X}" if unicodedata.category(char)[0] in "CZ" and char != " " else char for char in symbol
    )
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def label(symbol: str, longest: int = LONGEST) -> str:
    """The visible symbol with the characters escaped that Plotly would read as markup.

    >>> label("<b>"), label("&")
    ('&lt;b&gt;', '&amp;')
    """
    return visible(symbol, longest).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def width(label: str) -> int:
    """Columns of a monospaced font that the label takes; a Chinese character takes two.

    >>> width("river"), width("河"), width("&lt;")
    (5, 2, 1)
    """
    return sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in html.unescape(label))


def labels(ids: Iterable[int], vocabulary: Sequence[str] | None) -> list[str]:
    """One label for each id; without a vocabulary the id itself. A negative id, which means “none”, is a
    dot."""
    names = [str(i) if vocabulary is None else vocabulary[i] for i in map(int, ids) if i >= 0]
    shown = iter([label(name) for name in names])
    return [next(shown) if i >= 0 else "·" for i in map(int, ids)]


def printed(number: int, vocabulary: Sequence[str] | None) -> str:
    """The visible symbol of an id; without a vocabulary the id itself.

    >>> printed(1, ("a", " ")), printed(1, None)
    ('␣', '1')
    """
    return visible(vocabulary[number]) if vocabulary else str(number)
