"""Copies of a run on the way to the moment that is looked at: the next moment is often one beside it."""

import time

from rnn_core import Trainer
from ui.training.history import Record
from ui.training.model_history import Change, Copy, ModelHistory, before
from ui.training.training_state import capture

ROOM = 128 * 2**20  # bytes that they may take; one is kept whatever its size
MOST = 8
REST = 0.05  # seconds of a replay between two of them, at least


class Nearby:
    """Those of one run, for one replay of it and the next.

    run : its number. known : of the moment that was looked at before; of another run, or where this one has gone
    another way since, they are of no use.
    """

    def __init__(self, run: int, history: ModelHistory, known: "Nearby | None" = None):
        self.run, self._changes = run, history.changes
        ours = known if known is not None and known.run == run else None
        self._known = () if ours is None else tuple(copy for copy in ours.copies if ours.holds(copy, self._changes))
        self._passed: tuple[Copy, ...] = ()
        self._rest, self._rest_until = REST, time.monotonic() + REST

    def holds(self, copy: Copy, changes: tuple[Change, ...]) -> bool:
        """Whether the run comes to this copy with these changes, too."""
        update = copy.state.update
        return before(update, self._changes) == before(update, changes)

    @property
    def copies(self) -> tuple[Copy, ...]:
        """All of them."""
        return self._known + self._passed

    @property
    def nbytes(self) -> int:
        """Bytes that they take."""
        return sum(copy.state.nbytes for copy in self.copies)

    def note(self, trainer: Trainer, record: Record) -> None:
        """The replay has come to here. Where there are too many, every second one goes."""
        if time.monotonic() < self._rest_until:
            return
        self._add(trainer, record)
        if len(self._passed) > self._most:
            self._passed, self._rest = self._passed[1::2], 2 * self._rest
        self._rest_until = time.monotonic() + self._rest

    def end(self, trainer: Trainer, record: Record) -> None:
        """The moment is there. Of the copies before it some are kept, the nearer the denser, and the first after it."""
        self._add(trainer, record)
        there = {copy.state.update: copy for copy in self.copies}
        earlier = sorted((update for update in there if update <= trainer.update), reverse=True)
        later = [update for update in there if update > trainer.update]
        while len(earlier) > max(1, self._most - 1):
            distance = [trainer.update - update + 1 for update in earlier]
            ratios = [after / before for before, after in zip(distance, distance[2:], strict=False)]
            del earlier[1 + ratios.index(min(ratios)) if ratios else -1]
        kept = [*earlier, *([min(later)] if later and self._most > 1 else [])]
        self._known, self._passed = (), tuple(there[update] for update in kept)

    def _add(self, trainer: Trainer, record: Record) -> None:
        self._passed += (Copy(capture(trainer), record.begun()),)

    @property
    def _most(self) -> int:
        return max(1, min(MOST, ROOM // self._passed[-1].state.nbytes))
