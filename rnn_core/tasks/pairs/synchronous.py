"""Synchronous grammars: each rule says the same in two languages, so a sentence is drawn, and translated, in both.

As the transductions of Lewis & Stearns (1968, "Syntax-directed transduction"): both sides of a rule hold the same
<slots>, in an order of their own. The grammar is finite: no rule leads back to itself.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import accumulate, product
from typing import NamedTuple

import numpy as np

from rnn_core.tasks.pairs.base import table

SENTENCE = "sentence"  # the slot with which every derivation begins


class Phrase(NamedTuple):
    """The same in both languages, and how often it is said."""

    sides: tuple[tuple[str, ...], tuple[str, ...]]  # words of the first language, of the second
    weight: float


def parsed(line: str) -> Phrase:
    """A rule as it is written: "first language / second language", or what is the same in both; a weight before it.

    >>> parsed("2 * a <colour> car / <colour> 的 车")
    Phrase(sides=(('a', '<colour>', 'car'), ('<colour>', '的', '车')), weight=2.0)
    """
    weight, _star, rest = line.rpartition("*")
    first, slash, second = rest.partition("/")
    both = (tuple(first.split()), tuple(second.split() if slash else first.split()))
    return Phrase(both, float(weight or 1))


class SynchronousGrammar:
    """Draws and translates sentences.

    rules : the ways to fill each slot; a way is drawn with its weight. Those of "sentence" have their slots drawn
    independently of one another; all other slots are written out as lists of phrases.

    >>> rules = {"sentence": ["the <thing> / 那 个 <thing>"], "thing": ["cup / 杯子", "2 * apple / 苹果"]}
    >>> SynchronousGrammar(rules).translations(["the", "cup"], side=0)
    {('那', '个', '杯子')}
    """

    def __init__(self, rules: Mapping[str, Sequence[str]]) -> None:
        self._rules = {f"<{name}>": [parsed(line) for line in lines] for name, lines in rules.items()}
        self.sentences = self._rules[f"<{SENTENCE}>"]
        self.phrases, self.words, self.longest = cache(self._phrases), cache(self._words), cache(self._longest)

    def _phrases(self, piece: str) -> tuple[Phrase, ...]:
        """All phrases of a slot; a word is its own only one, on both sides. Weights add up to 1."""
        if piece not in self._rules:
            return (Phrase(((piece,), (piece,)), 1.0),)
        total, found = sum(rule.weight for rule in self._rules[piece]), []
        for rule in self._rules[piece]:
            slots = [word for word in rule.sides[0] if word in self._rules]
            for filling in product(*(self.phrases(slot) for slot in slots)):
                filled, weight = dict(zip(slots, filling, strict=True)), rule.weight / total
                for phrase in filling:
                    weight *= phrase.weight
                found.append(Phrase((_said(rule.sides[0], filled, 0), _said(rule.sides[1], filled, 1)), weight))
        return tuple(found)

    def _words(self, side: int) -> tuple[str, ...]:
        """All words of a language, in the order of the rules."""
        said = [word for rules in self._rules.values() for rule in rules for word in rule.sides[side]]
        return tuple(dict.fromkeys(word for word in said if word not in self._rules))

    def _longest(self, side: int) -> int:
        """Number of words of the longest sentence."""
        lengths = ((max(len(p.sides[side]) for p in self.phrases(piece)) for piece in rule.sides[side])
                   for rule in self.sentences)  # fmt: skip
        return max(map(sum, lengths))

    # drawing

    @cached_property
    def _tables(self) -> tuple[np.ndarray, ...]:
        """Sentences as rows of numbered pieces, in each language's order; each piece as a range of numbered phrases.

        A word of one language alone is a piece that is empty in the other.
        """
        pieces: dict[tuple[str, int], int] = {("", 0): 0}
        phrases: list[tuple[Phrase, ...]] = [(Phrase(((), ()), 1.0),)]
        rows, orders = [], []
        for rule in self.sentences:
            places: list[tuple[str, int]] = []
            order: list[int] = []
            for side in (0, 1):
                for word in rule.sides[side]:
                    key = (word, -1 if word in self._rules else side)
                    if key not in pieces:
                        pieces[key] = len(phrases)
                        alone = Phrase(((word,), ()) if side == 0 else ((), (word,)), 1.0)
                        phrases.append(self.phrases(word) if word in self._rules else (alone,))
                    places += [key] if key not in places or side == 0 else []
                    order += [places.index(key)] if side else []
            rows.append([pieces[key] for key in places])
            orders.append(order)
        width = 1 + max(map(len, rows))  # the last place is always the empty piece
        row_table = np.array([row + [0] * (width - len(row)) for row in rows])
        order_table = np.array([order + [width - 1] * (width - len(order)) for order in orders])
        ends = np.concatenate([number + np.cumsum([p.weight for p in part]) for number, part in enumerate(phrases)])
        last = np.cumsum([len(part) for part in phrases]) - 1
        ends[last] = np.arange(1, len(phrases) + 1)
        every = [phrase for part in phrases for phrase in part]
        words = []
        for side in (0, 1):
            place = {word: number for number, word in enumerate(self.words(side))}
            words.append(table([place[word] for word in phrase.sides[side]] for phrase in every))
        chances = np.array(list(accumulate(rule.weight for rule in self.sentences)))
        return row_table, order_table, chances / chances[-1], ends, *words

    def draw(self, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
        """(first (count, longest), second (count, longest)) ids in `words`, -1 behind a sentence's last word."""
        rows, orders, chances, ends, first, second = self._tables
        rule = np.searchsorted(chances, rng.random(count), side="right")
        pieces = rows[rule]
        within = rng.integers(2**32, size=pieces.shape) / 2**32  # so few digits that no sum is rounded up
        chosen = np.searchsorted(ends, pieces + within, side="right")
        other = np.take_along_axis(chosen, orders[rule], axis=1)
        return (
            at_the_beginning(first[chosen].reshape(count, -1), self.longest(0)),
            at_the_beginning(second[other].reshape(count, -1), self.longest(1)),
        )

    # translating

    @cached_property
    def _found(self) -> dict[str, tuple[dict[tuple[str, ...], list[Phrase]], ...]]:
        """The phrases of each piece of a sentence, by their words in each language."""
        found: dict[str, tuple[dict[tuple[str, ...], list[Phrase]], ...]] = {}
        for piece in {word for rule in self.sentences for words in rule.sides for word in words}:
            found[piece] = {}, {}
            for phrase in self.phrases(piece):
                for side in (0, 1):
                    found[piece][side].setdefault(phrase.sides[side], []).append(phrase)
        return found

    def translations(self, words: Iterable[str], side: int) -> set[tuple[str, ...]]:
        """What a sentence of language `side` is in the other one; empty where it is none of the grammar's."""
        given, other = tuple(words), 1 - side
        return {
            _said(rule.sides[other], filled, other)
            for rule in self.sentences
            for filled in self._fillings(rule.sides[side], given, side)
        }

    def _fillings(self, pieces: tuple[str, ...], words: tuple[str, ...], side: int) -> Iterator[dict[str, Phrase]]:
        if not pieces:
            if not words:
                yield {}
            return
        phrases = self._found[pieces[0]][side]
        for length in range(len(words) + 1):
            for phrase in phrases.get(words[:length], ()):
                for rest in self._fillings(pieces[1:], words[length:], side):
                    yield {pieces[0]: phrase, **rest}


def _said(pieces: Iterable[str], filled: Mapping[str, Phrase], side: int) -> tuple[str, ...]:
    """The words of a side of a rule, its slots filled."""
    return tuple(word for piece in pieces for word in (filled[piece].sides[side] if piece in filled else (piece,)))


def at_the_beginning(x: np.ndarray, width: int) -> np.ndarray:
    """The rows of x with their holes (-1) moved behind, and cut to `width`.

    >>> at_the_beginning(np.array([[5, -1, 3, -1]]), 3).tolist()
    [[5, 3, -1]]
    """
    order = np.argsort(x < 0, axis=1, kind="stable")[:, :width]
    return np.take_along_axis(x, order, axis=1)
