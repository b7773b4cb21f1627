"""Copies of a run at some of its updates, and the changes of settings between them: any update is reached from the
nearest copy before it, by making the updates from there on once more. They come out the same to the last bit.

Memory is bounded, so the longer it has trained, the farther its copies lie apart. How many there are follows from how
long a replay between two of them takes.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import NamedTuple

import numpy as np

from rnn_core import Model, ModelConfig, TrainConfig, Trainer
from rnn_core.tasks import Task
from rnn_core.training_loop import History
from ui.training.background import Progress
from ui.training.history import Begun
from ui.training.scheduler import SCHEDULER
from ui.training.threads import use_cores
from ui.training.training_state import TrainingState, capture, forget_memory, restore
from ui.training.weights import NewWeights

FIRST_ROOM = 4  # copies for which there is room at first; it grows where the server has memory for it
ROOM = 4 * 2**20  # bytes that they may take at first, and those of a run that another one has replaced
MOST_ROOM = 32 * 2**20  # bytes that they may take at most; one is kept whatever its size
LARGE_ROOM = 512 * 2**20  # the same while most of the server's memory is free, and no more than
PART = 16  # one of so many parts of it
MOST = 8000  # copies, however small
QUICK = 0.15  # seconds: a replay that takes longer is worth more memory,
LARGE = 2**20  # bytes of a copy for which that is twice as many, of two such three times, and so on,
LONG = 0.8  # seconds, at most
REST = 0.1  # seconds of training between two copies, at least
SHARE = 50  # and so many times as long as the last copy took of the processor: at most 2% of the time
SLICE = 0.05  # seconds of a replay between two looks at whether it is still wanted


Observe = Callable[[Trainer, History], None]


class Change(NamedTuple):
    """Something that was set in the course of training."""

    update: int  # after which it holds
    before: TrainConfig
    config: TrainConfig  # from then on
    diverged: bool = False  # the run had diverged: the carried state was cleared
    emptied: bool = False  # the run fell back to this update: the optimiser's memory was emptied
    weights: NewWeights | None = None  # these were set

    def apply(self, trainer: Trainer) -> None:
        """Let it happen to a trainer that is at this update."""
        if self.diverged:
            hidden, cell = trainer.state
            trainer.set_state(0 * hidden, None if cell is None else 0 * cell)
        trainer.configure(**asdict(self.config))
        if self.emptied:
            forget_memory(trainer)
        if self.weights is not None:
            self.weights.apply(trainer.model)


class Copy(NamedTuple):
    """A run at one of its updates."""

    state: TrainingState
    begun: Begun  # what its record had not finished


def before(update: int, changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Those changes of whose effect there is something to see at that update."""
    return tuple(change for change in changes if change.update < update)


def straight(first: int, changes: tuple[Change, ...]) -> bool:
    """Whether a run that began at `first` came to be by its settings alone: whoever trains with them from the very
    beginning on gets the same network."""
    return first == 0 and all(change.update == 0 and not any(change[3:]) for change in changes)


class Replay(NamedTuple):
    """How an update is reached again."""

    model: ModelConfig
    task: Task
    start: TrainingState
    begun: Begun  # at its start
    changes: tuple[Change, ...]  # from there on, in order
    update: int

    def run(self, progress: Progress, observe: Observe = lambda trainer, history: None) -> Trainer | None:
        """Trainer at that update, or at the last one before a divergence; None where it is no longer wanted.

        progress : called with the share that is done; returns whether to go on. observe : gets the trainer and the
        history of its last updates, in order.
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
            use_cores(trainer, SCHEDULER.spare_cores())
            observe(trainer, trainer.run(SLICE, update - trainer.update))
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
        self._copies: tuple[Copy, ...] = (Copy(capture(trainer), {}),)
        self.changes: tuple[Change, ...] = ()
        self.room = min(FIRST_ROOM * self._size, ROOM) if room is None else room
        self._timed, self._seconds, self._noted = 0, 0.0, trainer.update  # updates; of them; the last one

    @property
    def updates(self) -> tuple[int, ...]:
        """The updates of which there are copies."""
        return tuple(copy.state.update for copy in self._copies)

    @property
    def first(self) -> int:
        """The first update that can be reached."""
        return self._copies[0].state.update

    @property
    def _size(self) -> int:
        """Bytes of a copy."""
        return self._copies[0].state.nbytes

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
        return ([copy for copy in self._copies if 2 * copy.state.update <= update] or self._copies[:1])[-1].state

    @property
    def nbytes(self) -> int:
        """Bytes of the copies."""
        return len(self._copies) * self._size

    def beyond(self, other: "ModelHistory") -> int:
        """Bytes of the copies that another history does not share."""
        shared = set(map(id, other._copies))
        return self._size * sum(id(copy) not in shared for copy in self._copies)

    @property
    def most_bytes(self) -> int:
        """Bytes that the copies may come to take."""
        return max(min(MOST * self._size, self.room), self._size)

    def take_up(self, trainer: Trainer, first: int, changes: tuple[Change, ...], begun: Begun) -> None:
        """The run was kept somewhere and begins again here, where its trainer is. first : its first update; a run from
        the very beginning can be made once more, and every update of it reached. begun : by its record."""
        self.changes = changes
        self._copies = (self._copies[0]._replace(begun=begun),)
        if first == 0 < trainer.update and 2 * self.nbytes <= self.room:
            start = Trainer(Model(self._model), self._task, changes[0].before if changes else trainer.config)
            self._copies = (Copy(capture(start), {}), *self._copies)

    def note(self, trainer: Trainer, begun: Callable[[], Begun] = dict, seconds: float = 0.0) -> None:
        """The run has come to this update: keep a copy if it is time for one.

        begun : makes what its record has begun. seconds : that the updates since the last note took.
        """
        self._timed, self._seconds = self._timed + max(0, trainer.update - self._noted), self._seconds + seconds
        self._noted = trainer.update
        if trainer.update >= self._copies[-1].state.update + self._spacing and time.monotonic() >= self._rest_until:
            self._copy(trainer, begun)

    def _copy(self, trainer: Trainer, begun: Callable[[], Begun]) -> None:
        begin = time.thread_time()  # however long others had the processor meanwhile
        self._copies += (Copy(capture(trainer), begun()),)
        took = time.thread_time() - begin
        self._rest_until = time.monotonic() + (max(self._rest, SHARE * took) if self._rest else 0.0)
        self._make_room()

    def _make_room(self) -> None:
        while len(self._copies) > 1 and (self.nbytes > self.room or len(self._copies) > MOST):
            self._spacing = self._wider
            kept = [self._copies[0]]
            for copy in self._copies[1:]:
                if copy.state.update >= kept[-1].state.update + self._spacing:
                    kept.append(copy)
            self._copies = tuple(kept)

    @property
    def _wider(self) -> int:
        """Updates from one copy to the next once every second one has gone."""
        return max(2 * self._spacing, 2 * self._copies[-1].state.update // len(self._copies))

    @property
    def crowded(self) -> bool:
        """Whether copies will soon have to go, and a replay between those that stay would take long, as it was measured
        in training. Soon: before an eighth more of them, since a busy machine asks rarely."""
        count = len(self._copies)
        full = count < MOST and self.nbytes + max(2, count // 8) * self._size > self.room
        return full and self._wider * self._seconds > min(LONG, QUICK * (1 + self._size / LARGE)) * self._timed

    def limit(self, room: int) -> None:
        """From now on the copies may take so many bytes; where those are more, the next ones lie so much nearer."""
        self._spacing = max(1, self._spacing * min(self.room, room) // room)
        self.room = room
        self._make_room()

    def note_change(self, change: Change) -> None:
        """Something is set from now on."""
        self.changes += (change,)

    def forget_after(self, update: int) -> None:
        """The run has gone back to this update."""
        self._copies = tuple(copy for copy in self._copies if copy.state.update <= update) or self._copies[:1]
        self.changes = tuple(change for change in self.changes if change.update <= update)

    def until(self, update: int, changes: tuple[Change, ...] | None = None) -> "ModelHistory":
        """History of a run that has this one's past and goes its own way from that update on. changes : with which it
        came there; None: with these."""
        branch = object.__new__(ModelHistory)
        branch.__dict__.update(self.__dict__)
        branch.forget_after(update)
        branch.changes = before(update, self.changes if changes is None else changes)
        return branch

    def at(self, update: int) -> "ModelHistory":
        """The same with no more copies than what is told of the run at that update is made of."""
        moment = self.until(update)
        halfway = [copy for copy in moment._copies[1:] if 2 * copy.state.update <= update]
        moment._copies = (moment._copies[0], *halfway[-1:])
        return moment

    def replay(self, update: int, others: Iterable[Copy] = ()) -> Replay:
        """How that update is reached. others : copies of this run beside these."""
        there = [copy for copy in (*self._copies, *others) if copy.state.update <= update] or self._copies[:1]
        start, begun = max(there, key=lambda copy: copy.state.update)
        changes = tuple(change for change in before(update, self.changes) if change.update >= start.update)
        return Replay(self._model, self._task, start, begun, changes, update)
