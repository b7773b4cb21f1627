"""Typed sentence as the symbols that the network reads: its vocabulary is that of the sentence."""

from typing import NamedTuple

from rnn_core.tasks.words import words_of

LONGEST = 10  # steps that fit side by side
END = "∎"  # what follows the last symbol: the end of the sentence is predicted as well


class Sentence(NamedTuple):
    """The symbols that are read, and how many more were typed."""

    symbols: tuple[str, ...]
    beyond: int = 0

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """Every symbol once, in the order in which they were typed; the end mark is the last."""
        return (*dict.fromkeys(symbol for symbol in self.symbols if symbol != END), END)

    @property
    def ids(self) -> tuple[int, ...]:
        """x_t."""
        return tuple(self.vocabulary.index(symbol) for symbol in self.symbols)

    @property
    def targets(self) -> tuple[int, ...]:
        """Target of each symbol."""
        return (*self.ids[1:], len(self.vocabulary) - 1) if self.symbols else ()


def sentence(text: str, by: str) -> Sentence:
    """The first symbols of a text, read by "words" or by "characters".

    >>> one = sentence("the cat the", "words")
    >>> one.vocabulary, one.ids, one.targets
    (('the', 'cat', '∎'), (0, 1, 0), (1, 0, 2))
    >>> sentence(" a" * 200, "words").beyond, sentence("河水", "characters").symbols
    (190, ('河', '水'))
    >>> sentence("小河 flows!", "words").symbols
    ('小', '河', 'flows', '!')
    """
    words = [word for word in words_of(text) if word != "\n"]
    symbols = words if by == "words" else list(" ".join(text.split()))
    return Sentence(tuple(symbols[:LONGEST]), max(0, len(symbols) - LONGEST))
