"""Windows on a long stream of symbols, each of which predicts the next: o_t = x_{t+1} (WildML, part 1)."""

from abc import abstractmethod
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np

from rnn_core.errors import ConfigError, InputError
from rnn_core.tasks.base import STREAM_NUMBER, Batch, Block, Task

STRENGTHS = [2.0**k for k in range(-4, 11)]  # of the unigram prior of `bigram_loss`


class Symbols(NamedTuple):
    """A text as a vocabulary reads it."""

    ids: np.ndarray  # (N,) int32
    written: tuple[str, ...]  # (N,) each symbol as it stands in the text
    unknown: tuple[str, ...]  # the different symbols that the vocabulary lacks, in their order


class StreamTask(Task):
    """Base of the tasks that read a stream. A concrete task gives the ids to train on and those held out.

    Not stateful: every sequence of every update starts at a random place of the training part. Stateful: B
    lanes, evenly spaced, walk through it side by side; update u + 1 reads on where update u ended, and the
    state is carried along. At the end all lanes go back (`reset`), each time one symbol later than the time
    before, so that the few symbols which do not fill a last chunk are not always the same. That walk needs no
    seed.
    """

    supports_stateful: ClassVar[bool] = True

    if TYPE_CHECKING:

        @property
        def seed(self) -> int:
            """Of the data."""

        @property
        def vocabulary(self) -> tuple[str, ...]:
            """The symbol of each id."""

        @property
        def separator(self) -> str:
            """Between two symbols that are listed."""

        @property
        def unknown(self) -> str | None:
            """The symbol that stands for all that the vocabulary lacks."""

    else:
        separator, unknown = "", None

    @property
    @abstractmethod
    def training_ids(self) -> np.ndarray:
        """(N,) int32: the part to train on, at least T + 1 symbols."""

    @property
    @abstractmethod
    def held_out_ids(self) -> np.ndarray:
        """(M,) int32: the part that is never trained on, at least T + 1 symbols."""

    @abstractmethod
    def symbols_of(self, text: str) -> Iterable[str]:
        """The symbols of a text, in their order."""

    @property
    def input_size(self) -> int:
        return len(self.vocabulary)

    @property
    def output_size(self) -> int:
        return len(self.vocabulary)

    @cached_property
    def _id_of(self) -> dict[str, int]:
        return {symbol: number for number, symbol in enumerate(self.vocabulary)}

    def read(self, text: str) -> Symbols:
        """The symbols of any text. One that the vocabulary lacks is read as `unknown`, or left out where there is no
        such symbol. InputError for what is no string.

        >>> from rnn_core.tasks import GrammarTask
        >>> GrammarTask().read("boy saw girl .")
        Symbols(ids=array([3, 4, 0], dtype=int32), written=('boy', 'girl', '.'), unknown=('saw',))
        """
        if not isinstance(text, str):
            raise InputError(f"text is a {type(text).__name__}; it must be a string")
        symbols = list(self.symbols_of(text))
        unknown = dict.fromkeys(symbol for symbol in symbols if symbol not in self._id_of)
        if self.unknown is None:
            symbols = [symbol for symbol in symbols if symbol not in unknown]
        stand_in = -1 if self.unknown is None else self._id_of[self.unknown]
        ids = [self._id_of.get(symbol, stand_in) for symbol in symbols]
        return Symbols(np.array(ids, dtype=np.int32), tuple(symbols), tuple(unknown))

    def encode(self, text: str) -> np.ndarray:
        """The ids (int32) of a text's symbols, such as a prompt's. InputError for a symbol that cannot be read."""
        symbols = self.read(text)
        if symbols.unknown and self.unknown is None:
            raise InputError(
                f"the text has {len(symbols.unknown)} symbols which the vocabulary lacks, such as "
                f"{', '.join(ascii(s) if not s.isprintable() else repr(s) for s in symbols.unknown[:5])}; "
                f"use only its {len(self.vocabulary)} symbols"
            )
        return symbols.ids

    def decode(self, ids: Iterable[int]) -> str:
        """The text of some ids. InputError for an id outside 0..K−1."""
        ids = [int(i) for i in ids]
        wrong = [i for i in ids if not 0 <= i < len(self.vocabulary)]
        if wrong:
            raise InputError(f"ids hold {wrong[0]}; ids must be from 0 to {len(self.vocabulary) - 1}")
        return self.write(self.vocabulary[i] for i in ids)

    def write(self, symbols: Iterable[str]) -> str:
        """The symbols as one string."""
        return self.separator.join(symbols)

    def make_block(self, index: int, seed: int, stateful: bool) -> Block:
        n, steps, lanes = self.block_size, self.sequence_length, self.batch_size
        if stateful:
            starts, reset = self._positions(index * n + np.arange(n))
        else:
            rng = np.random.default_rng([self.seed, STREAM_NUMBER["train"], seed, index])
            starts = rng.integers(0, len(self.training_ids) - steps, size=(n, lanes))
            reset = np.ones(n, bool)
        return Block(*windows(self.training_ids, starts, steps), mask=None, reset=reset)

    def _positions(self, updates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Position of each lane at these updates (n, B), and which of the updates start over (n,)."""
        steps, lanes = self.sequence_length, self.batch_size
        lane = (len(self.training_ids) - 1) // lanes  # symbols of a lane which have a successor
        chunks = lane // steps  # updates that one walk lasts
        if chunks == 0:
            raise ConfigError(
                f"stateful training with batch_size={lanes} gives each sequence {lane} of the "
                f"{len(self.training_ids)} training symbols; it needs sequence_length={steps}: "
                f"set batch_size to at most {(len(self.training_ids) - 1) // steps}, "
                "or take shorter sequences or a longer text"
            )
        lap, chunk = np.divmod(updates, chunks)
        late = lap % (lane - chunks * steps + 1)
        starts = np.arange(lanes) * lane + (late + chunk * steps)[:, None]
        return starts, chunk == 0

    def make_held_out(self) -> Batch:
        ids, steps = self.held_out_ids, self.sequence_length
        count = min(self.held_out_size, (len(ids) - 1) // steps)  # that many do not overlap
        starts = np.linspace(0, len(ids) - 1 - steps, count).astype(np.int64)
        x, targets = windows(ids, starts[None], steps)
        return Batch(x[0], targets[0], None)

    def unigram_loss(self) -> float:
        """Loss on the held-out batch of one who knows each symbol's share of the training part (add-one)."""
        return float(-np.log(self._frequency[self.held_out().targets]).mean())

    def bigram_loss(self) -> float:
        """Loss on the held-out batch of one who sees the symbol before, and counted pairs in training.

        p(b | a) = (c(a, b) + λ p(b)) / (c(a) + λ) with the unigram p(b) (MacKay & Peto 1995); λ is the best
        of a few by leave-one-out on the training part, so nothing held out is looked at. It is what counting reaches,
        no bound: a network without any memory can come below it. The bound is `one_symbol_bound`.
        """
        size, before, after = self.output_size, self.training_ids[:-1], self.training_ids[1:]
        pairs, count = np.unique(before.astype(np.int64) * size + after, return_counts=True)
        count_before = np.bincount(before, minlength=size)

        def left_out(strength: float) -> float:
            """Log probability of the training part, each pair predicted from all the others."""
            a, b = pairs // size, pairs % size
            prior = strength * self._frequency[b]
            return float(count @ np.log((count - 1 + prior) / (count_before[a] - 1 + strength)))

        strength = max(STRENGTHS, key=left_out)  # λ
        x, targets = self.held_out().x, self.held_out().targets
        wanted = x.astype(np.int64) * size + targets
        place = np.minimum(np.searchsorted(pairs, wanted), len(pairs) - 1)
        pair_count = np.where(pairs[place] == wanted, count[place], 0)
        prior = strength * self._frequency[targets]
        return float(-np.log((pair_count + prior) / (count_before[x] + strength)).mean())

    def one_symbol_bound(self) -> float:
        """Lowest loss on the held-out batch of any rule that sees the newest symbol alone, even one made for it: the
        entropy of the target given that symbol. A network below it uses more than one symbol.
        """
        x, targets = self.held_out().x.astype(np.int64), self.held_out().targets
        pairs, count = np.unique(x * self.output_size + targets, return_counts=True)
        before = np.bincount(x.ravel(), minlength=self.output_size)[pairs // self.output_size]
        return float(-(count @ np.log(count / before)) / x.size)

    @cached_property
    def _frequency(self) -> np.ndarray:
        count = np.bincount(self.training_ids, minlength=self.output_size) + 1.0
        return count / count.sum()


def windows(ids: np.ndarray, starts: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """x and targets (n, T, B) of the windows that start at starts (n, B): targets are x one symbol later."""
    window = ids[starts[:, None, :] + np.arange(steps + 1)[:, None]]  # (n, T+1, B)
    return np.ascontiguousarray(window[:, :-1]), np.ascontiguousarray(window[:, 1:])
