"""Characters of a text: a language model, o_t = x_{t+1} (WildML, part 1; Karpathy's min-char-rnn, 2015)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

import numpy as np

from rnn_core.errors import ConfigError
from rnn_core.tasks.base import SEQUENCES, STEPS, setting
from rnn_core.tasks.stream import StreamTask
from rnn_core.tasks.texts import TEXTS

MAX_CHARACTERS = 10_000_000
MAX_SYMBOLS = 65_536  # the largest output size of a model


@dataclass(frozen=True, kw_only=True)
class TextTask(StreamTask):
    """Predict each next character of a text; its last part is held out.

    text: any text of at least 2 (T + 1) characters, two of them different. A character is a Unicode code
    point, and nothing is normalised or dropped. sequence_length: T. batch_size: B. held_out_fraction: of the
    text, at its end (at least T + 1 characters). `vocabulary` is the sorted set of the whole text's
    characters. The best possible loss of a text is not known (`best` is None); `unigram_loss()` and
    `bigram_loss()` are what counting reaches. Raises ConfigError for a text that is too short, too long or of
    one character only, and for numbers out of range.

    >>> task = TextTask(text="so many, so many. " * 10, sequence_length=8)
    >>> task.vocabulary
    (' ', ',', '.', 'a', 'm', 'n', 'o', 's', 'y')
    >>> batch = task.held_out()
    >>> task.decode(batch.x[:, 0]), task.decode(batch.targets[:, 0])
    ('so many,', 'o many, ')
    """

    name: ClassVar[str] = "text"
    difficulty: ClassVar[tuple[str, ...]] = ("sequence_length",)
    best: ClassVar[float | None] = None
    seed: ClassVar[int] = 0  # nothing of a given text is drawn

    text: str = field(default_factory=lambda: next(iter(TEXTS.values())).text, repr=False)
    sequence_length: int = setting(25, *STEPS)
    batch_size: int = setting(1, *SEQUENCES)
    held_out_fraction: float = setting(0.1, 0.01, 0.5)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.text, str):
            raise ConfigError(f"text is a {type(self.text).__name__}; it must be a string (decode bytes first)")
        length, steps = len(self.text), self.sequence_length
        if length > MAX_CHARACTERS:
            raise ConfigError(f"text has {length:,} characters; at most {MAX_CHARACTERS:,} are allowed: cut it")
        if length < 4:
            raise ConfigError(
                f"text has {length} characters; it needs at least 4 (more for a sequence_length above "
                "1): paste a longer text"
            )
        if len(self.vocabulary) < 2:
            raise ConfigError(
                f"text has one distinct character, {self.text[0]!a}, {length} times over; "
                "it needs at least 2 distinct ones: there would be nothing to predict"
            )
        if len(self.vocabulary) > MAX_SYMBOLS:
            raise ConfigError(
                f"text has {len(self.vocabulary):,} distinct characters; "
                f"at most {MAX_SYMBOLS:,} are allowed: take a text in fewer scripts"
            )
        if self._training_size < steps + 1:
            raise ConfigError(
                f"text has {length} characters, too few for sequence_length={steps}: one sequence to "
                f"train on and one to hold out need {2 * (steps + 1)}; "
                f"set sequence_length to at most {length // 2 - 1}, or paste a longer text"
            )

    @property
    def _training_size(self) -> int:
        held_out = max(int(len(self.text) * self.held_out_fraction), self.sequence_length + 1)
        return len(self.text) - held_out

    @cached_property
    def _symbols_and_ids(self) -> tuple[tuple[str, ...], np.ndarray]:
        codes = np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        present = np.zeros(int(codes.max()) + 1, bool)
        present[codes] = True
        id_of = np.cumsum(present, dtype=np.int32) - np.int32(1)
        return tuple(map(chr, np.flatnonzero(present).tolist())), id_of[codes]

    @property
    def vocabulary(self) -> tuple[str, ...]:
        return self._symbols_and_ids[0]

    @cached_property
    def training_ids(self) -> np.ndarray:
        return self._symbols_and_ids[1][: self._training_size]

    @cached_property
    def held_out_ids(self) -> np.ndarray:
        return self._symbols_and_ids[1][self._training_size :]

    def symbols_of(self, text: str) -> Iterable[str]:
        return text
