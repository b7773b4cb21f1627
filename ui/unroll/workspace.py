"""The network that lies open: how it began, what was changed, and the loss after each change."""

from dataclasses import dataclass, field, replace

from rnn_core import Model, ModelConfig
from ui.unroll.changes import MOST, Edit, Step, change_weights
from ui.unroll.tape import Computation, Tape, open_up


@dataclass
class Workspace:
    """A reading, its vocabulary, and the readings before each change, the newest last."""

    origin: tuple  # what the network was made from: another origin is another workspace
    computation: Computation
    symbols: tuple[str, ...]  # of the ids
    changes: list[Edit | Step] = field(default_factory=list)
    before: list[tuple[Computation, float]] = field(default_factory=list)
    unit: int = 0  # of a large network: the one that is looked at
    number: int = 0  # of the last change: what was computed before it is stale
    taken: str = ""  # what is known about a network that was taken from the Lab
    _tapes: dict = field(default_factory=dict, repr=False)
    _after: tuple[Tape, float] | None = field(default=None, repr=False)

    def read(self, truncate, truncation, rate) -> Tape:
        """The whole calculation with these settings; computed once."""
        self.computation = replace(self.computation, truncate=truncate, truncation=truncation, rate=rate)
        key = (self.number, truncate, truncation, rate)
        if key not in self._tapes:
            self._tapes = {key: open_up(self.computation)}
        return self._tapes[key]

    def loss_after(self, tape: Tape) -> float:
        """Loss after the tape's gradient step; computed once."""
        if self._after is None or self._after[0] is not tape:
            self._after = tape, open_up(replace(tape.computation, weights=tape.stepped())).loss
        return self._after[1]

    def change(self, change) -> bool:
        """Make a change; False if it cannot be made."""
        weights = change_weights(self.computation, change) if len(self.changes) < MOST else None
        if weights is None:
            return False
        known = next(iter(self._tapes.values()), None)
        loss = known.loss if known is not None and known.computation.weights is self.computation.weights else None
        self.before.append((self.computation, open_up(self.computation).loss if loss is None else loss))
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

    def _set(self, computation) -> None:
        self.computation, self.number = computation, self.number + 1

    @property
    def losses(self) -> list[float]:
        """The loss before each change."""
        return [loss for _computation, loss in self.before]


def own_workspace(sentence, cell, units, bias, seed) -> Workspace:
    """A new network for a sentence: small random weights that the seed decides."""
    size = len(sentence.vocabulary)
    config = ModelConfig(cell, size, units, size, bias=bias, dtype="float64", seed=seed)
    computation = Computation(cell, Model(config).state_dict(), sentence.ids, sentence.targets)
    return Workspace((sentence, cell, units, bias, seed), computation, sentence.vocabulary)
