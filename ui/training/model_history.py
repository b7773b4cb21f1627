"""Copies of a run at some of its updates, and the changes of settings between them: any update is reached from the
nearest copy before it, by making the updates from there on once more. They come out the same to the last bit."""

import time
from collections.abc import Callable
from dataclasses import asdict
from typing import NamedTuple

import numpy as np

from rnn_core import Model, ModelConfig, TrainConfig, Trainer
from rnn_core.tasks import Task
from rnn_core.training_loop import History
from ui.training.background import Progress
from ui.training.training_state import TrainingState, capture, forget_memory, restore

FIRST_ROOM = 4  # copies for which there is room at first; it grows where the server has memory for it
ROOM = 4 * 2**20  # bytes that they may take at first, and those of a run that another one has replaced
MOST_ROOM = 32 * 2**20  # bytes that they may take at most; one is kept whatever its size
LARGE_ROOM = 128 * 2**20  # the same of a network whose copies are large, where the server has plenty
ENOUGH = 8  # copies, for which it is
MOST = 2000  # copies, however small
REST = 0.1  # seconds of training between two copies, at least
SHARE = 50  # and so many times as long as the last copy took: at most 2% of the time
SLICE = 0.05  # seconds of a replay between two looks at whether it is still wanted


Observe = Callable[[History], None]


class Change(NamedTuple):
    """Something that was set in the course of training."""

    update: int  # after which it holds
    before: TrainConfig
    config: TrainConfig  # from then on
    diverged: bool = False  # the run had diverged: the carried state was cleared
    emptied: bool = False  # the run fell back to this update: the optimiser's memory was emptied

    def apply(self, trainer: Trainer) -> None:
        """Let it happen to a trainer that is at this update."""
        if self.diverged:
            hidden, cell = trainer.state
            trainer.set_state(0 * hidden, None if cell is None else 0 * cell)
        trainer.configure(**asdict(self.config))
        if self.emptied:
            forget_memory(trainer)


class Replay(NamedTuple):
    """How an update is reached again."""

    model: ModelConfig
    task: Task
    start: TrainingState
    changes: tuple[Change, ...]  # from there on, in order
    update: int

    def run(self, progress: Progress, observe: Observe = lambda history: None) -> Trainer | None:
        """Trainer at that update, or at the last one before a divergence; None where it is no longer wanted.

        progress : called with the share that is done; returns whether to go on. observe : gets every history, in order.
        """
        trainer = Trainer(Model(self.model), self.task, self.start.config)
        restore(trainer, self.start)
        for change in self.changes:
            if not self._train(trainer, change.update, progress, observe):
                return None
            change.apply(trainer)
        return trainer if self._train(trainer, self.update, progress, observe) else None

    def _train(self, trainer: Trainer, update: int, progress: Progress, observe: Observe) -> bool:
        """Train up to this update, unless it is not wanted any more."""
        begin = self.start.update
        while trainer.update < update and not trainer.diverged:
            observe(trainer.run(SLICE, update - trainer.update))
            if not progress((trainer.update - begin) / (self.update - begin)):
                return False
        return True


class ModelHistory:
    """History of one run, from the update at which it began. The training thread alone changes it.

    room : bytes of the copies; None: of a few. Where it is full, every second one goes, and from then on they lie
    twice as far apart.
    rest : seconds between two copies, at least; 0: every note is a copy. None: the usual.

    >>> from rnn_core import tasks
    >>> task = tasks.TASKS["recall"]()
    >>> trainer = Trainer(Model(ModelConfig("gru", task.input_size, 4, task.output_size)), task, TrainConfig())
    >>> model_history = ModelHistory(trainer, room=10**6, rest=0)
    >>> for _ in range(4):
    ...     _ = trainer.step(10)
    ...     model_history.note(trainer)
    >>> model_history.updates, model_history.replay(27).start.update
    ((0, 10, 20, 30, 40), 20)
    >>> model_history.replay(27).run(lambda share: True).update
    27
    """

    def __init__(self, trainer: Trainer, room: int | None = None, rest: float | None = None):
        self._rest = REST if rest is None else rest
        self._rest_until = time.monotonic() + self._rest
        self._model, self._task = trainer.model.config, trainer.task
        self._spacing = 1
        self._copies: tuple[TrainingState, ...] = (capture(trainer),)
        self.changes: tuple[Change, ...] = ()
        self.room = min(FIRST_ROOM * self._copies[0].nbytes, ROOM) if room is None else room

    @property
    def updates(self) -> tuple[int, ...]:
        """The updates of which there are copies."""
        return tuple(copy.update for copy in self._copies)

    @property
    def first(self) -> int:
        """The first update that can be reached."""
        return self._copies[0].update

    def stops(self, end: int, most: int) -> list[int]:
        """Updates from the first to `end`, at most so many and about evenly spread: those of copies where one is near.

        >>> from rnn_core import tasks
        >>> task = tasks.TASKS["recall"]()
        >>> trainer = Trainer(Model(ModelConfig("gru", task.input_size, 4, task.output_size)), task, TrainConfig())
        >>> ModelHistory(trainer).stops(100, 5)
        [0, 25, 50, 75, 100]
        """
        even = np.linspace(self.first, end, most).round().astype(int)
        kept = np.array([update for update in self.updates if update <= end] or [self.first])
        nearest = kept[np.abs(kept - even[:, None]).argmin(axis=1)]
        near = 2 * most * np.abs(nearest - even) <= end - self.first
        return sorted({self.first, end, *np.where(near, nearest, even).tolist()})

    def halfway(self, update: int) -> TrainingState:
        """The newest copy of the first half of the way to an update; of the beginning where there is none."""
        return ([copy for copy in self._copies if 2 * copy.update <= update] or self._copies[:1])[-1]

    @property
    def nbytes(self) -> int:
        """Bytes of the copies."""
        copies = self._copies
        return len(copies) * copies[0].nbytes

    @property
    def most_bytes(self) -> int:
        """Bytes that the copies may come to take."""
        size = self._copies[0].nbytes
        return max(min(MOST * size, self.room), size)

    def take_up(self, trainer: Trainer, first: int, changes: tuple[Change, ...]) -> None:
        """The run was kept somewhere and begins again here, where its trainer is. first : its first update; a run from
        the very beginning can be made once more, and every update of it reached."""
        self.changes = changes
        if first == 0 < trainer.update and 2 * self.nbytes <= self.room:
            start = Trainer(Model(self._model), self._task, changes[0].before if changes else trainer.config)
            self._copies = (capture(start), *self._copies)

    def note(self, trainer: Trainer) -> None:
        """The run has come to this update: keep a copy if it is time for one."""
        if trainer.update >= self._copies[-1].update + self._spacing and time.monotonic() >= self._rest_until:
            self._copy(trainer)

    def _copy(self, trainer: Trainer) -> None:
        begin = time.monotonic()
        self._copies += (capture(trainer),)
        end = time.monotonic()
        self._rest_until = end + max(self._rest, SHARE * (end - begin)) if self._rest else end
        self._make_room()

    def _make_room(self) -> None:
        while len(self._copies) > 1 and (self.nbytes > self.room or len(self._copies) > MOST):
            self._spacing = max(2 * self._spacing, 2 * self._copies[-1].update // len(self._copies))
            kept = [self._copies[0]]
            for copy in self._copies[1:]:
                if copy.update >= kept[-1].update + self._spacing:
                    kept.append(copy)
            self._copies = tuple(kept)

    @property
    def crowded(self) -> bool:
        """Whether copies will soon have to go."""
        return len(self._copies) < MOST and self.nbytes + 2 * self._copies[0].nbytes > self.room

    @property
    def largest_room(self) -> int:
        """Bytes that the copies may be given where the server has plenty, if `MOST_ROOM` holds few of them; else 0."""
        room = min(ENOUGH * self._copies[0].nbytes, LARGE_ROOM)
        return room if room > MOST_ROOM else 0

    def limit(self, room: int) -> None:
        """From now on the copies may take so many bytes."""
        self.room = room
        self._make_room()

    def note_change(self, change: Change) -> None:
        """Something is set from now on."""
        self.changes += (change,)

    def forget_after(self, update: int) -> None:
        """The run has gone back to this update."""
        self._copies = tuple(copy for copy in self._copies if copy.update <= update) or self._copies[:1]
        self.changes = tuple(change for change in self.changes if change.update <= update)

    def until(self, update: int) -> "ModelHistory":
        """History of a run that has this one's past and goes its own way from that update on."""
        branch = object.__new__(ModelHistory)
        branch.__dict__.update(self.__dict__)
        branch.forget_after(update)
        branch.changes = self.changes_before(update)
        return branch

    def changes_before(self, update: int) -> tuple[Change, ...]:
        """Those of whose effect there is something to see at that update."""
        return tuple(change for change in self.changes if change.update < update)

    def replay(self, update: int, begin: int | None = None) -> Replay:
        """How that update is reached. begin : the replay begins no later than with this one, if it can."""
        earliest = update if begin is None else min(begin, update)
        start = [copy for copy in self._copies if copy.update <= earliest] or self._copies[:1]
        changes = tuple(change for change in self.changes_before(update) if change.update >= start[-1].update)
        return Replay(self._model, self._task, start[-1], changes, update)
