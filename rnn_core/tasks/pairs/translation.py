"""Sentences of a small language from English into Chinese, and back: "she drinks tea at home" ↔ 她在家喝茶."""

import string
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np

from rnn_core.tasks.base import SEEDS, SEQUENCES, setting
from rnn_core.tasks.pairs.base import BLANK, END, PairTask
from rnn_core.tasks.pairs.english_chinese import rules
from rnn_core.tasks.pairs.synchronous import SynchronousGrammar
from rnn_core.tasks.pairs.vocabulary import FORM, bases

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


@cache
def _contents() -> np.ndarray:
    """(words + 1,) for each English word, and behind them for none, what it is of a combination; 0: nothing."""
    base = bases()
    names = [base.get(word, word) for word in grammar().words(ENGLISH)]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names), 1)}
    return np.array([0 if name in FORM else numbers[name] for name in names] + [0])


def combinations(english: np.ndarray) -> np.ndarray:
    """(count, T) what each sentence speaks of, whatever its form; english : (count, T) ids in `words`, -1 for none.

    >>> place = {word: number for number, word in enumerate(grammar().words(ENGLISH))}
    >>> said = [[place[word] for word in text.split()] for text in ("did she drink tea", "she drinks tea yesterday")]
    >>> one, other = combinations(np.array(said))
    >>> bool((one == other).all())
    True
    """
    return np.sort(_contents()[english], axis=1)


@dataclass(frozen=True, kw_only=True)
class TranslationTask(PairTask):
    """English sentences of up to 12 words, word by word, and the same in Chinese.

    A combination of people, deeds, things and places is held out in both directions or in none, in whatever tense,
    time and form, asked or denied (`combinations`).

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

    def split_rows(self, x: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """What the sentences speak of: their combinations are held out, the same ones in both directions."""
        return combinations(x - 1)

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
        return combinations(targets[:, :-1])
