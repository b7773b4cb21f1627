"""The network that lies open: how it began, what was changed, and the loss after each change."""

from collections.abc import Hashable
from dataclasses import dataclass, field, replace

from rnn_core import Model, ModelConfig
from ui.unroll.changes import MOST, Edit, Step, change_weights
from ui.unroll.sentence import Sentence
from ui.unroll.tape import Computation, Tape, open_up


@dataclass
class Workspace:
    """A reading, its vocabulary, and the readings before each change, the newest last."""

    origin: Hashable  # what the network was made from: another origin is another workspace
    computation: Computation
    symbols: tuple[str, ...]  # of the ids
    changes: list[Edit | Step] = field(default_factory=list)
    incomplete: bool = False  # whether the link asked for changes that could not be made; until another one is made
    before: list[tuple[Computation, float]] = field(default_factory=list)
    unit: int = 0  # of a large network: the one that is looked at
    number: int = 0  # of the last change: what was computed before it is stale
    taken: str = ""  # updates of a network that was taken from the Lab, as text
    past: bool = False  # whether the Lab showed it as it was at an earlier moment
    _tape: tuple[Hashable, Tape] | None = field(default=None, repr=False)  # the last one, and what it belongs to
    _after: tuple[Tape, float] | None = field(default=None, repr=False)

    def read(self, truncate: int | None, truncation: str, rate: float) -> Tape:
        """The whole calculation with these settings; computed once."""
        self.computation = replace(self.computation, truncate=truncate, truncation=truncation, rate=rate)
        key = (self.number, truncate, truncation, rate)
        if self._tape is None or self._tape[0] != key:
            self._tape = key, open_up(self.computation)
        return self._tape[1]

    def loss_after(self, tape: Tape) -> float:
        """Loss after the tape's gradient step; computed once."""
        if self._after is None or self._after[0] is not tape:
            self._after = tape, open_up(replace(tape.computation, weights=tape.stepped())).loss
        return self._after[1]

    def change(self, change: Edit | Step) -> bool:
        """Make a change; False if it cannot be made."""
        weights = change_weights(self.computation, change) if len(self.changes) < MOST else None
        if weights is None:
            return False
        known = None if self._tape is None else self._tape[1]
        if known is None or known.computation.weights is not self.computation.weights:
            known = open_up(self.computation)
        self.before.append((self.computation, known.loss))
        self.changes.append(change)
        self._set(replace(self.computation, weights=weights))
        return True

    def undo(self) -> None:
        """Take the last change back."""
        if self.changes:
            self.changes.pop()
            self._set(self.before.pop()[0])

    def start_over(self) -> None:
        """Take all changes back."""
        if self.changes:
            first = self.before[0][0]
            self.changes, self.before = [], []
            self._set(first)

    def _set(self, computation: Computation) -> None:
        self.computation, self.number = computation, self.number + 1
        self.incomplete = False

    @property
    def losses(self) -> list[float]:
        """The loss before each change."""
        return [loss for _computation, loss in self.before]


def own_workspace(sentence: Sentence, cell: str, units: int, bias: bool, seed: int) -> Workspace:
    """A new network for a sentence: small random weights that the seed decides."""
    size = len(sentence.vocabulary)
    config = ModelConfig(cell, size, units, size, bias=bias, dtype="float64", seed=seed)
    computation = Computation(cell, Model(config).state_dict(), sentence.ids, sentence.targets)
    return Workspace((sentence, cell, units, bias, seed), computation, sentence.vocabulary)
