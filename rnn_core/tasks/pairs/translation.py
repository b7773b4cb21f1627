"""Sentences of a small language from English into Chinese, and back: "she drinks tea at home" ↔ 她在家喝茶."""

import string
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np

from rnn_core.tasks.base import SEEDS, SEQUENCES, setting
from rnn_core.tasks.pairs.base import BLANK, END, PairTask, at_the_end
from rnn_core.tasks.pairs.english_chinese import rules
from rnn_core.tasks.pairs.synchronous import SynchronousGrammar

ENGLISH, CHINESE = 0, 1  # sides of the grammar
MARKS = string.punctuation.replace("'", "") + "，。？！“”‘"
SEPARATORS = " ", ""  # between two words, as a person writes them


@cache
def grammar() -> SynchronousGrammar:
    """The language; it is spoken by both tasks."""
    return SynchronousGrammar(rules())


def words_of(text: str, side: int) -> list[str]:
    """The words of a text as a person types it: without marks, in English without regard to capitals.

    Chinese may be typed without blanks; the longest word that fits is taken first. What is unknown stays as it is.

    >>> words_of("Does she read BOOKS on sunday?", ENGLISH)
    ['does', 'she', 'read', 'books', 'on', 'Sunday']
    >>> words_of("她现在在家吗？", CHINESE)
    ['她', '现在', '在', '家', '吗']
    """
    parts = text.replace("’", "'").translate(dict.fromkeys(map(ord, MARKS), " ")).split()
    if side == ENGLISH:
        known = {word.lower(): word for word in grammar().words(ENGLISH)}
        return [known.get(part.lower(), part.lower()) for part in parts]
    return [word for part in parts for word in _cut(part)]


def _cut(text: str) -> Iterable[str]:
    """The words of Chinese without blanks; a character that begins none is one by itself."""
    known, at = grammar().words(CHINESE), 0
    longest = max(map(len, known))
    while at < len(text):
        word = next((text[at : at + n] for n in range(longest, 1, -1) if text[at : at + n] in known), text[at])
        yield word
        at += len(word)


@dataclass(frozen=True, kw_only=True)
class TranslationTask(PairTask):
    """English sentences of up to 12 words, word by word, and the same in Chinese.

    A sentence is held out in both directions or in none.

    >>> task = TranslationTask()
    >>> task.answer("Did your friend buy two books yesterday?"), task.answer("Books drink two friend.")
    ('你朋友昨天买了两本书吗', None)
    """

    name: ClassVar[str] = "translation"
    separator: ClassVar[str] = SEPARATORS[ENGLISH]
    output_separator: ClassVar[str] = SEPARATORS[CHINESE]
    source: ClassVar[int] = ENGLISH

    batch_size: int = setting(32, *SEQUENCES)
    seed: int = setting(0, *SEEDS)

    @property
    def symbols(self) -> tuple[str, ...]:
        return (BLANK, *grammar().words(self.source))

    @property
    def letters(self) -> tuple[str, ...]:
        return (*grammar().words(1 - self.source), END)

    @property
    def input_length(self) -> int:
        return grammar().longest(self.source)

    @property
    def output_length(self) -> int:
        return grammar().longest(1 - self.source) + 1

    def symbols_of(self, text: str) -> list[str]:
        return words_of(text, self.source)

    def letters_of(self, text: str) -> list[str]:
        return words_of(text, 1 - self.source)

    def answer(self, text: str) -> str | None:
        found = grammar().translations(self.symbols_of(text), self.source)
        return self.output_separator.join(found.pop()) if found else None

    def draw(self, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
        sides = grammar().draw(rng, count)
        inputs, outputs = sides[self.source], sides[1 - self.source]
        outputs = np.pad(outputs, ((0, 0), (0, 1)), constant_values=-1)
        return np.where(inputs < 0, -1, inputs + 1), outputs


@dataclass(frozen=True, kw_only=True)
class ChineseTranslationTask(TranslationTask):
    """Chinese sentences of up to 12 words, and the same in English.

    >>> ChineseTranslationTask().answer("桌子上有一封信。"), ChineseTranslationTask().answer("桌子喝信")
    ('there is a letter on the table', None)
    """

    name: ClassVar[str] = "translation_zh"
    separator: ClassVar[str] = SEPARATORS[CHINESE]
    output_separator: ClassVar[str] = SEPARATORS[ENGLISH]
    source: ClassVar[int] = CHINESE

    def split_rows(self, x: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """The English sentences: they decide what is held out, as in the other direction."""
        english = targets[:, :-1]
        return at_the_end(np.where(english < 0, -1, english + 1))
