"""A text, by character or by word: a language model, o_t = x_{t+1} (WildML, part 1; Karpathy's min-char-rnn, 2015)."""

import reprlib
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import ClassVar

import numpy as np

from rnn_core.errors import ConfigError
from rnn_core.tasks.base import SEQUENCES, STEPS, setting
from rnn_core.tasks.stream import StreamTask
from rnn_core.tasks.texts import TEXTS
from rnn_core.tasks.words import LONGEST_WORD, UNKNOWN_CHARACTER, UNKNOWN_WORD, words_of, written

MAX_CHARACTERS = 10_000_000
MAX_SYMBOLS = 65_536  # the largest output size of a model
MAX_WORDS = 10_000  # of a vocabulary


@dataclass(frozen=True, kw_only=True)
class TextTask(StreamTask):
    """Predict each next character, or each next word, of a text; its last part is held out.

    text : any text of at least 2 (T + 1) symbols, two of them different. A character is a Unicode code point, and
    nothing is normalised or dropped; `words.py` says what a word is. sequence_length : T. batch_size : B.
    held_out_fraction : of the text, at its end (at least T + 1 symbols).
    max_words : 0 reads characters; n > 0 reads words and keeps at most n - 1 of them, the most frequent of the training
    part. fold_case : 1 makes all letters small first. min_count : symbols that the training part has less often are
    rare. Rare words, and words beyond max_words or seen in the held-out part only, become "<unk>"; rare characters
    become U+FFFD, but with min_count=1 every character keeps its own symbol.
    given_vocabulary : the symbol of each id, where they are settled before: to go on with a model on another text, with
    the vocabulary of the task that it was trained on. None: the text's own. A symbol of the text which it lacks is read
    as its "<unk>" or U+FFFD, and refused where it has none such. max_words then says no more than whether words are
    read, and min_count nothing. `dataclasses.replace(task, text=...)` keeps what was given: after None, the other text
    has a vocabulary of its own.
    `vocabulary` is what was given, or the sorted set of characters; of words, "<unk>" and then the most frequent first.
    The best possible loss of a text is not known (`best` is None); `unigram_loss()` and `bigram_loss()` are what
    counting reaches. Raises ConfigError for a text that is too short, too long or of one symbol only, for symbols that
    a given vocabulary lacks, and for numbers out of range.

    >>> task = TextTask(text="so many, so many. " * 10, sequence_length=8)
    >>> task.vocabulary
    (' ', ',', '.', 'a', 'm', 'n', 'o', 's', 'y')
    >>> batch = task.held_out()
    >>> task.decode(batch.x[:, 0]), task.decode(batch.targets[:, 0])
    ('so many,', 'o many, ')
    >>> task = TextTask(text="so many, So many. " * 10, sequence_length=8, max_words=4, fold_case=1)
    >>> task.vocabulary, task.decode(task.held_out().x[:, 0])
    (('<unk>', 'many', 'so', ','), 'so many <unk> so many, so many')
    >>> other = TextTask(text="so few, so. " * 10, sequence_length=8, max_words=4, given_vocabulary=task.vocabulary)
    >>> other.vocabulary == task.vocabulary, other.decode(other.held_out().x[:, 0])
    (True, '<unk>, so <unk> so <unk>, so')
    """

    name: ClassVar[str] = "text"
    difficulty: ClassVar[tuple[str, ...]] = ("sequence_length",)
    best: ClassVar[float | None] = None
    seed: ClassVar[int] = 0  # nothing of a given text is drawn

    text: str = field(default_factory=lambda: next(iter(TEXTS.values())).text, repr=False)
    sequence_length: int = setting(25, *STEPS)
    batch_size: int = setting(1, *SEQUENCES)
    held_out_fraction: float = setting(0.1, 0.01, 0.5)
    max_words: int = setting(0, 0, MAX_WORDS, later=True)
    fold_case: int = setting(0, 0, 1, later=True)
    min_count: int = setting(1, 1, 20, later=True)
    given_vocabulary: tuple[str, ...] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.text, str):
            raise ConfigError(f"text is a {type(self.text).__name__}; it must be a string (decode bytes first)")
        if len(self.text) > MAX_CHARACTERS:
            raise ConfigError(f"text has {len(self.text):,} characters; at most {MAX_CHARACTERS:,} are allowed: cut it")
        if self.given_vocabulary is not None:
            object.__setattr__(self, "given_vocabulary", _checked(self.given_vocabulary, one_each=not self.max_words))
        kind = "words" if self.max_words else "characters"
        length, steps = self._length, self.sequence_length
        if length < 4:
            raise ConfigError(
                f"text has {length} {kind}; it needs at least 4 (more for a sequence_length above "
                "1): paste a longer text"
            )
        if self._training_size < 1:
            raise ConfigError(self._too_short(kind))
        if len(self.vocabulary) < 2:
            raise ConfigError(
                f"text has one distinct {kind[:-1]}, {self.vocabulary[0][:20]!a}, {length} times over; "
                "it needs at least 2 distinct ones: there would be nothing to predict"
            )
        if len(self.vocabulary) > MAX_SYMBOLS:
            raise ConfigError(
                f"text has {len(self.vocabulary):,} distinct characters; "
                f"at most {MAX_SYMBOLS:,} are allowed: take a text in fewer scripts"
            )
        if self._training_size < steps + 1:
            raise ConfigError(self._too_short(kind))
        if self._symbols_and_ids[1].min() < 0:
            raise ConfigError(self._lacking())

    def _too_short(self, kind: str) -> str:
        length, steps = self._length, self.sequence_length
        return (
            f"text has {length} {kind}, too few for sequence_length={steps}: one sequence to "
            f"train on and one to hold out need {2 * (steps + 1)}; "
            f"set sequence_length to at most {length // 2 - 1}, or paste a longer text"
        )

    @property
    def separator(self) -> str:
        """Between two symbols that are listed."""
        return " " if self.max_words else ""

    @cached_property
    def _cleaned(self) -> str:
        return self.text.lower() if self.fold_case else self.text

    @cached_property
    def _words(self) -> list[str]:
        return list(words_of(self._cleaned))

    @property
    def _length(self) -> int:
        return len(self._words if self.max_words else self._cleaned)

    @property
    def _training_size(self) -> int:
        held_out = max(int(self._length * self.held_out_fraction), self.sequence_length + 1)
        return self._length - held_out

    @cached_property
    def _symbols_and_ids(self) -> tuple[tuple[str, ...], np.ndarray]:
        if self.given_vocabulary is not None:
            return self.given_vocabulary, self._by_given(self.given_vocabulary)
        return self._by_word() if self.max_words else self._by_character()

    def _by_given(self, vocabulary: tuple[str, ...]) -> np.ndarray:
        """The ids of the text's symbols; -1 where there is none."""
        if self.max_words:
            ids = np.fromiter((self._id_of.get(word, -1) for word in self._words), np.int32, len(self._words))
        else:
            id_of = np.full(sys.maxunicode + 1, -1, np.int32)
            id_of[[ord(character) for character in vocabulary]] = np.arange(len(vocabulary))
            ids = id_of[self._codes]
        return ids if self.unknown is None else np.where(ids < 0, np.int32(self._id_of[self.unknown]), ids)

    def _lacking(self) -> str:
        symbols = self._words if self.max_words else self._cleaned
        lacking = dict.fromkeys(symbols[i] for i in np.flatnonzero(self._symbols_and_ids[1] < 0))
        stand_in = UNKNOWN_WORD if self.max_words else UNKNOWN_CHARACTER
        return (
            f"text has {len(lacking):,} symbols which given_vocabulary lacks, such as "
            f"{', '.join(ascii(symbol[:20]) for symbol in islice(lacking, 5))}, and no {stand_in!a} to read them as: "
            "take them out of the text"
        )

    @property
    def _codes(self) -> np.ndarray:
        return np.frombuffer(self._cleaned.encode("utf-32-le", "surrogatepass"), dtype="<u4")

    def _by_character(self) -> tuple[tuple[str, ...], np.ndarray]:
        codes = self._codes
        if self.min_count > 1:
            count = np.bincount(codes[: self._training_size], minlength=int(codes.max()) + 1)
            codes = np.where(count[codes] < self.min_count, np.uint32(ord(UNKNOWN_CHARACTER)), codes)
        present = np.zeros(int(codes.max()) + 1, bool)
        present[codes] = True
        id_of = np.cumsum(present, dtype=np.int32) - np.int32(1)
        return tuple(map(chr, np.flatnonzero(present).tolist())), id_of[codes]

    def _by_word(self) -> tuple[tuple[str, ...], np.ndarray]:
        count = Counter(self._words[: self._training_size])
        kept = [word for word, n in count.items() if n >= self.min_count and len(word) <= LONGEST_WORD]
        kept = sorted(kept, key=lambda word: (-count[word], word))[: self.max_words - 1]
        number = {word: place for place, word in enumerate(kept, start=1)}
        ids = np.fromiter((number.get(word, 0) for word in self._words), np.int32, len(self._words))
        return (UNKNOWN_WORD, *kept), ids

    @property
    def vocabulary(self) -> tuple[str, ...]:
        return self._symbols_and_ids[0] if self.given_vocabulary is None else self.given_vocabulary

    @cached_property
    def unknown(self) -> str | None:
        """The symbol that stands for all others, if there is one."""
        symbol = UNKNOWN_WORD if self.max_words else UNKNOWN_CHARACTER
        may = bool(self.max_words) or self.min_count > 1 or self.given_vocabulary is not None
        return symbol if may and symbol in self._id_of else None

    @cached_property
    def training_ids(self) -> np.ndarray:
        return self._symbols_and_ids[1][: self._training_size]

    @cached_property
    def held_out_ids(self) -> np.ndarray:
        return self._symbols_and_ids[1][self._training_size :]

    def symbols_of(self, text: str) -> Iterable[str]:
        text = text.lower() if self.fold_case else text
        return words_of(text) if self.max_words else text

    def write(self, symbols: Iterable[str]) -> str:
        return written(symbols) if self.max_words else "".join(symbols)


def _checked(symbols: object, one_each: bool) -> tuple[str, ...]:
    """A given vocabulary as a tuple; ConfigError for what can be none, one_each : of characters."""
    needed = "expected a tuple of different strings, such as another task's vocabulary"
    if not isinstance(symbols, tuple | list) or not all(isinstance(symbol, str) and symbol for symbol in symbols):
        raise ConfigError(f"given_vocabulary is a {type(symbols).__name__} of {reprlib.repr(symbols)}; {needed}")
    if not 2 <= len(symbols) <= MAX_SYMBOLS:
        raise ConfigError(f"given_vocabulary has {len(symbols):,} symbols; expected 2 to {MAX_SYMBOLS:,}")
    twice = [symbol for symbol, count in Counter(symbols).items() if count > 1]
    if twice:
        raise ConfigError(f"given_vocabulary has {twice[0][:20]!a} twice; {needed}")
    longer = next((symbol for symbol in symbols if len(symbol) > 1), None) if one_each else None
    if longer is not None:
        raise ConfigError(
            f"given_vocabulary has {longer[:20]!a}, which is no single character: set max_words to read words"
        )
    return tuple(symbols)
