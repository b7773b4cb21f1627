"""The embedded Reber grammar (Reber 1967; Smith & Zipser 1989; Hochreiter & Schmidhuber 1997, section 5.1).

A string is B, then T or P, then a string of the Reber grammar below, then the same T or P again, then E.
Wherever two symbols may follow, each does with probability 1/2. All symbols but one depend on what is near;
the last but one must be remembered from the beginning, over a stretch of any length.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from rnn_core.tasks.base import SEEDS, SEQUENCES, Batch, GeneratedTask, Split, masked_mean, setting

SYMBOLS = ("B", "T", "P", "S", "X", "V", "E")
REBER = ("B1", "T2 P3", "S2 X4", "T3 V5", "X3 S6", "P4 V6", "E7")  # of each state: symbol, next state
STRINGS = 256  # in each of the two sets, as in the paper


def embedded_automaton() -> np.ndarray:
    """next_state[state, symbol] of the embedded grammar, −1 where the symbol is not legal.

    State 0 is the start and 1 the choice of T or P; then follow the Reber states of strings with T (2–9) and
    with P (10–17), the last of which expects T or P again; then one that expects E, and the end.
    """
    copies = {"T": 2, "P": 2 + len(REBER) + 1}
    closing, end = copies["P"] + len(REBER) + 1, copies["P"] + len(REBER) + 2
    next_state = np.full((end + 1, len(SYMBOLS)), -1)
    next_state[0, SYMBOLS.index("B")] = 1
    for outer, start in copies.items():
        next_state[1, SYMBOLS.index(outer)] = start
        for state, arrows in enumerate(REBER):
            for arrow in arrows.split():
                next_state[start + state, SYMBOLS.index(arrow[0])] = start + int(arrow[1:])
        next_state[start + len(REBER), SYMBOLS.index(outer)] = closing
    next_state[closing, SYMBOLS.index("E")] = end
    return next_state


NEXT_STATE = embedded_automaton()
LEGAL = NEXT_STATE >= 0  # (states, K)
CLOSING_STATES = (2 + len(REBER), 2 + 2 * len(REBER) + 1)  # where the outer T or P must be remembered


def expected_visits() -> np.ndarray:
    """Mean number of visits of each state by a string (the end left out): v = e_0 + v P, solved exactly."""
    states = len(NEXT_STATE) - 1
    transition = np.zeros((states, states + 1))
    for state, symbol in np.argwhere(LEGAL):
        transition[state, NEXT_STATE[state, symbol]] += 1 / LEGAL[state].sum()
    start = np.eye(states)[0]
    return np.linalg.solve(np.eye(states) - transition[:, :states].T, start)


def losses() -> tuple[float, float]:
    """(best, coin flip) in nats per predicted symbol: the first B is given, every later symbol is predicted.

    Best: a choice of two equal symbols costs ln 2, a forced symbol nothing. Coin flip: the same, and ln 2 for
    the outer symbol at the end, for one who has forgotten it.
    """
    visits = expected_visits()
    predicted = visits.sum() - 1
    nats = visits @ np.log(LEGAL[:-1].sum(axis=1))
    forgotten = visits[list(CLOSING_STATES)].sum() * math.log(2)
    return float(nats / predicted), float((nats + forgotten) / predicted)


BEST, COIN_FLIP = losses()


@dataclass(frozen=True, kw_only=True)
class ReberTask(GeneratedTask):
    """Predict each next symbol of embedded Reber strings: 256 to train on, 256 others held out.

    batch_size : B. seed : of the strings. T is the length of the longest string less one; shorter ones are
    filled up with E at the end, where the mask is 0. The strings to train on are drawn from the grammar,
    frequent ones more than once; the held-out ones too, but those that are trained on are drawn again. So the
    sets have no string in common, and the held-out strings are longer.

    `best` and `coin_flip_loss` are those of the grammar, exactly; the strings to train on have them up to the
    luck of the draw (and 256 strings can be learned by heart, to below `best`). `grammar_loss(batch)` is the
    best loss that knowing the grammar allows on the strings of a batch: about 0.5 on the held-out ones.

    >>> task = ReberTask(seed=1)
    >>> round(task.best, 3), round(task.coin_flip_loss, 3), round(task.chance, 3)
    (0.441, 0.504, 1.946)
    >>> task.strings("train")[:2]
    ('BTBPVVETE', 'BTBTXXTTVPSETE')
    """

    name: ClassVar[str] = "reber"
    measure: ClassVar[str] = "strict_strings"
    input_size: ClassVar[int] = len(SYMBOLS)
    output_size: ClassVar[int] = len(SYMBOLS)
    vocabulary: ClassVar[tuple[str, ...]] = SYMBOLS
    best: ClassVar[float | None] = BEST
    coin_flip_loss: ClassVar[float] = COIN_FLIP

    batch_size: int = setting(32, *SEQUENCES)
    seed: int = setting(0, *SEEDS)

    @property
    def sequence_length(self) -> int:
        return self.string_set("train").x.shape[0]

    @cached_property
    def _strings(self) -> dict[Split, tuple[str, ...]]:
        rng = np.random.default_rng([self.seed])
        train = [draw_string(rng) for _ in range(STRINGS)]
        held_out: list[str] = []
        while len(held_out) < STRINGS:
            string = draw_string(rng)
            if string not in train:
                held_out.append(string)
        return {"train": tuple(train), "held_out": tuple(held_out)}

    def strings(self, split: Split) -> tuple[str, ...]:
        """The 256 strings of a split; frequent ones occur more than once."""
        return self._strings[split]

    @cached_property
    def _sets(self) -> dict[Split, Batch]:
        steps = max(len(s) for strings in self._strings.values() for s in strings) - 1
        return {split: padded(strings, steps) for split, strings in self._strings.items()}

    def string_set(self, split: Split) -> Batch:
        """All 256 strings of a split as one batch, for the published criterion."""
        return self._sets[split]

    def draw(self, rng: np.random.Generator, count: int, split: Split) -> Batch:
        chosen = rng.integers(STRINGS, size=count)
        return self.string_set(split).mapped(lambda array: array[:, chosen])

    def make_held_out(self) -> Batch:
        """The first 64 of the held-out strings."""
        return self.string_set("held_out").mapped(lambda array: np.ascontiguousarray(array[:, : self.held_out_size]))

    def legal(self, batch: Batch) -> np.ndarray:
        """(T, B, K) bool: which symbols may follow at each step of a batch; none where the string is over."""
        state = NEXT_STATE[0, batch.x[0]]
        legal = np.zeros((*batch.x.shape, self.output_size), bool)
        for t, (targets, counts) in enumerate(zip(batch.targets, batch.counted, strict=True)):
            legal[t] = LEGAL[state] & counts[:, None]
            state = np.where(counts, NEXT_STATE[state, targets], state)
        return legal

    def grammar_loss(self, batch: Batch) -> float:
        """Loss on this batch of one who knows the grammar and remembers: the mean of ln(legal symbols)."""
        return masked_mean(np.log(np.maximum(self.legal(batch).sum(axis=-1), 1)), batch.mask)

    def accuracy(self, outputs: np.ndarray, batch: Batch) -> float:
        """Share of a batch's strings at every symbol of which the legal next ones have the largest outputs.

        outputs : (S, B, K) probabilities or logits.

        The strict criterion of Hochreiter & Schmidhuber (1997): each legal output above each illegal one.
        """
        outputs, legal = self.checked_outputs(outputs, batch), self.legal(batch)
        lowest_legal = np.where(legal, outputs, np.inf).min(axis=-1)
        highest_illegal = np.where(legal, -np.inf, outputs).max(axis=-1)
        return float(((lowest_legal > highest_illegal) | ~batch.counted).all(axis=0).mean())


def draw_string(rng: np.random.Generator) -> str:
    """One string of the embedded grammar."""
    state, symbols = 0, []
    while LEGAL[state].any():
        choices = np.flatnonzero(LEGAL[state])
        symbol = choices[rng.integers(len(choices))]
        symbols.append(SYMBOLS[symbol])
        state = NEXT_STATE[state, symbol]
    return "".join(symbols)


def padded(strings: tuple[str, ...], steps: int) -> Batch:
    """As one batch: x all symbols but the last, targets all but the first; E and mask 0 after the end."""
    ids = np.full((steps + 1, len(strings)), SYMBOLS.index("E"), np.int32)
    for column, string in enumerate(strings):
        ids[: len(string), column] = [SYMBOLS.index(symbol) for symbol in string]
    lengths = np.array([len(string) for string in strings])
    mask = (np.arange(1, steps + 1)[:, None] < lengths).astype(np.float32)
    return Batch(ids[:-1], ids[1:], mask)
