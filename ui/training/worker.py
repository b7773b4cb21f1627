"""What a browser session trains, of whatever kind, and the one thread that trains it.

The page sends commands and reads snapshots; the thread alone touches the model. Commands wait in a queue and
are answered between two slices of training, some hundredths of a second apart. Snapshots are immutable. When the
browser goes away the thread ends; when it comes back, a new one goes on with the same network, also where Streamlit has
not noticed: whoever asks for a picture is there. A network that nobody looks at for a minute pauses.
"""

import logging
import queue
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, ClassVar, Generic, TypeVar

from rnn_core.errors import ConfigError, InputError
from ui.training.commands import Answer, Command, Commands, answer, last, total
from ui.training.holding import HoldsNetworks, Run, Setup
from ui.training.kept_file import Kept
from ui.training.named import name
from ui.training.presence import LOOKED_AT
from ui.training.refusals import refusal
from ui.training.run import SLICE
from ui.training.scheduler import SCHEDULER
from ui.training.shelf import Shelf
from ui.training.snapshot import Notice, SampleChoice, SnapshotOf, Training
from ui.training.trained import Seen

PUBLISH_EVERY = 0.06  # seconds, while somebody looks
PUBLISH_UNSEEN = 1.0  # seconds, while nobody does
SLEEP_AFTER = 60.0  # seconds after which it stops training
BACKLOG = 0.3  # seconds of training that may be made up for when something else took the time
LOG = logging.getLogger(__name__)
View = TypeVar("View", bound=Seen)


class Worker(HoldsNetworks[Setup, Run], ABC, Generic[Setup, Run, View]):
    """One person's networks of one kind. Every method may be called from any thread and returns at once."""

    commands: ClassVar[dict[str, Callable[..., bool]]] = {}  # of its page's own buttons
    kind: ClassVar[str]  # of what it trains: the page where that is brought back
    takeaway: ClassVar[bool] = False  # whether it is one network, of which files can be made (ui/server/downloads.py)
    goes_on: ClassVar[bool] = False  # whether it trains on while another page of its tab is shown
    settings = ""  # of the page, in short

    def __init__(self) -> None:
        super().__init__()
        name(self)
        self.shelf = Shelf()  # of runs that others have replaced, where one network is trained
        self.renderer: Any = None  # what makes the pictures of the page that is open; see ui/live/renderer.py
        self._commands = Commands()
        self._snapshot: SnapshotOf[View] = SnapshotOf(0, "starting", time.monotonic())
        self._wanted: tuple[Setup, Training] | None = None
        self._sample_chosen = SampleChoice()
        self._arranged = 0  # how often the thread has done what the page asked for
        # The rest is the thread's own.
        self._adopts = False  # a checkpoint was loaded: the page's next request describes it
        self._refusal: Notice | None = None  # of the last request, until one is granted
        self._runs = 0
        self._playing = True
        self._speed: float | None = None  # updates per second; None: as fast as it goes
        self._due = 0.0  # time.monotonic() of the next slice
        self._sample_choice = SampleChoice()
        self._published = 0.0
        self._in_line = False  # it waits for its turn

    # The page's side

    @property
    def snapshot(self) -> SnapshotOf[View]:
        """Snapshot that was published last."""
        return self._snapshot

    @property
    def shown(self) -> SnapshotOf[View]:
        """The same as the page shows it."""
        return self._snapshot

    @property
    def token(self) -> str:
        """Changes with whatever a picture depends on."""
        return f"{self.settled}/{self._snapshot.number}.{self.place}"

    @property
    def settled(self) -> str:
        """Changes with whatever the page has asked for, once that is in the snapshot; training does not change it."""
        return f"{self._arranged}.{self.renderer.number if self.renderer else 0}.{self._moment}"

    @property
    def _moment(self) -> int:
        """Changes with the moment that the reader looks at."""
        return 0

    @property
    def place(self) -> int:
        """Its place in the line of those who wait for their turn to train; 0: not in it."""
        return SCHEDULER.place_of(self.key)

    def request(self, setup: Setup, training: Training) -> None:
        """Train this setup in this way. The same again changes nothing; other training settings keep the
        model."""
        if (setup, training) != self._wanted:
            self._wanted = (setup, training)
            self._commands.put(self._arrange, setup, training)

    @property
    def awaited(self) -> bool:
        """Whether another network than the present one has been asked for."""
        return self._wanted is not None and self._wanted[0] != self._granted

    # The buttons beside the charts: whether the command was taken. It is not where too many wait already.

    def play(self) -> bool:
        """Train until the next command."""
        return self._commands.put(self._set_playing, True, fold=last)

    def pause(self) -> bool:
        """Stop after the current slice."""
        return self._commands.put(self._set_playing, False, fold=last)

    def step(self, updates: int = 1) -> bool:
        """Pause, and do that many updates."""
        return self._commands.put(self._do_step, updates, fold=total)

    def reset(self) -> bool:
        """Start over with the same setup and seed."""
        return self._commands.put(self._do_reset, fold=last)

    def untrain(self) -> bool:
        """Start over, and stay there."""
        return self._commands.put(self._do_untrain, fold=last)

    def bring_back(self) -> tuple[Setup, Training] | None:
        """Exchange the network for the one before it; what that one is, if there is one."""
        former = self._former
        if former is None:
            return None
        self._commands.put(self._do_bring_back)
        return former[0].setup, former[0].training

    def pace(self, updates_per_second: float | None) -> None:
        """Train no faster than this; None: as fast as it goes."""
        if updates_per_second != self._speed:
            self._commands.put(self._set_speed, updates_per_second)

    def choose_sample(self, sample_choice: SampleChoice) -> None:
        """Show another sequence, or write in another way."""
        if sample_choice != self._sample_chosen:
            self._sample_chosen = sample_choice
            self._commands.put(self._do_choose_sample, sample_choice)

    def ask(self, function: Callable[[Any], Answer]) -> Future[Answer]:
        """The result of function(run), called by the thread between two slices; the run is None before the first. Where
        the reader looks at the past, it is the run as it was, which nobody trains."""
        future: Future[Answer] = Future()
        self._commands.put(self._do_ask, function, future)
        return future

    def keep(self, stamp: str) -> Future[Kept | None]:
        """The newest state of what is trained, whatever moment the reader looks at; None: there is none. stamp : of
        what the browser has."""
        future: Future[Kept | None] = Future()
        self._commands.put(answer, future, lambda: self._kept(stamp))
        return future

    # The thread's side

    def _work(self, before: threading.Thread | None, gone: threading.Event) -> None:
        """Commands first, then a slice of training, then a snapshot, until nobody is there any more."""
        if before is not None:
            before.join()
        try:
            while not gone.is_set():
                try:
                    if not self._watched and self._unseen > SLEEP_AFTER:
                        self.leave()
                        continue
                    command = self._next_command()
                    if command:
                        method, arguments = command
                        method(*arguments)
                    elif self._training:
                        self._train_or_wait()
                except Exception as error:  # whatever it is, the page must hear of it and the thread must live
                    LOG.exception("training session")
                    self._stop()
                    self._notify(Notice("error", {"detail": f"{type(error).__name__}: {error}"}))
        finally:
            SCHEDULER.leave(self.key)

    def _wake(self) -> None:
        """Wake the worker: unblock its `queue.get()` with an empty command."""
        self._commands.put(_nothing, fold=last)

    def _next_command(self) -> Command | None:
        """The next command; None if there is none and training is due."""
        try:
            if not self._training:
                SCHEDULER.leave(self.key)
                return self._commands.get(timeout=None if self._watched else SLEEP_AFTER)
            if self._in_line:  # the turn, when it comes, is a command too
                self._in_line = False
                return self._commands.get()
            wait = self._due - time.monotonic()
            return self._commands.get(timeout=max(0.0, wait))
        except queue.Empty:
            return None

    @property
    def _training(self) -> bool:
        return self._playing and self._run is not None and not self._run.diverged

    def _arrange(self, setup: Setup, training: Training) -> None:
        """Bring about what was requested: other settings for the model, or another model."""
        if (setup, training) != self._wanted:
            return  # a later request waits already
        self._refusal = None
        self._play_on()
        try:
            if self._run is not None and (self._adopts or setup == self._granted):
                self._adopts, self._granted = False, setup
                if training != self._run.training:
                    self._run.configure(training)
                self._look()
                self._publish()
            else:
                run = self._make(setup, training)
                if self._room_for(run):
                    self._replace(run, setup)
                else:
                    self._refuse(run)
            self._note_settings()
        except (ConfigError, InputError) as error:
            self._refusal = refusal(setup, error)
            self._publish()
        self._arranged += 1

    @abstractmethod
    def _make(self, setup: Setup, training: Training) -> Run:
        """Run that a request asks for; ConfigError or InputError if it cannot be."""

    @abstractmethod
    def _kept(self, known: str) -> Kept | None:
        """The newest state for the browser, which has the one of this stamp."""

    def _note_settings(self) -> None:
        """The present run is the one that was asked for, unless that was refused."""

    def _look(self) -> None:
        """The run has changed, or its settings, or what is shown."""

    def _take_room(self) -> None:
        """A slice was trained: let what is kept of the run grow, if it needs to."""

    def _do_ask(self, function: Callable[[Any], Answer], future: Future[Answer]) -> None:
        answer(future, lambda: function(self._run))

    def _refuse(self, run: Run) -> None:
        """No memory for this network: the present one goes on."""
        self._refusal = self._no_memory(run)
        self._publish()

    def _replace(self, run: Run, setup: Setup | None) -> None:
        """Take up another network. Its first pass may compile, for seconds: say so first."""
        SCHEDULER.leave(self.key)
        self._runs = max(self._runs, run.number)
        self._publish("compiling", Notice("compiling", {"cell": run.setup.cell}))
        first = run.view(complete=True)
        self._keep_former(run)
        self._run, self._granted, self._adopts = run, setup, False
        self._look()
        if self._playing:
            run.train(1)
        self._publish(view=first)

    def _set_playing(self, playing: bool) -> None:
        self._playing = playing
        if self._run is not None:
            self._run.rest()
            self._publish()
            self._published = 0.0  # and again after the first slice

    def _set_speed(self, speed: float | None) -> None:
        self._speed, self._due = speed, 0.0
        if self._run is not None:
            self._run.rest()

    def _do_step(self, updates: int) -> None:
        self._playing = False
        if self._run is not None:
            self._run.rest()
            end = self._run.update + updates
            while self._run.update < end and not self._run.diverged:  # a slice may end before all are done
                self._run.train(end - self._run.update)
            self._publish()

    def _do_reset(self) -> None:
        self._play_on()
        self._start_over()

    def _do_untrain(self) -> None:
        self._playing = False
        self._start_over()

    def _start_over(self) -> None:
        if self._run is not None:
            self._replace(self._run.again(self._runs + 1), self._granted)

    def _play_on(self) -> None:
        """Only the divergence stopped it: what comes now trains."""
        self._playing |= self._run is not None and self._run.diverged

    def _do_bring_back(self) -> None:
        self._play_on()
        former = self._former
        if former is not None:
            run, setup = former
            run.rest()
            run.choose_sample(self._sample_choice)
            self._replace(run, setup)

    def _do_choose_sample(self, sample_choice: SampleChoice) -> None:
        self._sample_choice = sample_choice
        if self._run is not None:
            self._run.choose_sample(sample_choice)
            self._look()
            self._publish()
        self._arranged += 1

    def _notify(self, notice: Notice) -> None:
        """Put an error up, whatever state the run is in."""
        try:
            self._publish("error", notice)
        except Exception:
            LOG.exception("no view of the run after an error")
            old = self._snapshot
            self._snapshot = SnapshotOf(old.number + 1, "error", time.monotonic(), notice, old.view, old.former)

    def _stop(self) -> None:
        """Pause training until the next command."""
        self._playing = False

    def _train_or_wait(self) -> None:
        """A slice of training if it is this session's turn; else get in line."""
        if self._unseen > SLEEP_AFTER:
            self._stop()
            self._publish(notice=Notice("asleep"))
        elif SCHEDULER.enter(self.key, self._wake):
            self._train_slice()
            if self._due > time.monotonic():
                SCHEDULER.leave(self.key)  # it rests until then: let others
        else:
            self._in_line = True

    def _train_slice(self) -> None:
        """A slice of training at the speed that is set, and a snapshot if it is time for one."""
        run = self._run
        if run is None:
            return
        run.use_cores(SCHEDULER.cores_for_each())
        if self._speed is None:
            run.train()
        else:
            updates = max(1, round(self._speed * SLICE))
            self._due = max(self._due, time.monotonic() - BACKLOG) + updates / self._speed
            run.train(updates)
        now = time.monotonic()
        every = PUBLISH_EVERY if self._unseen < LOOKED_AT else PUBLISH_UNSEEN
        if run.diverged or now - self._published >= every:
            self._publish()
            self._take_room()

    def _publish(self, status: str | None = None, notice: Notice | None = None, view: View | None = None) -> None:
        """Put a new snapshot in the place of the old one."""
        old, run = self._snapshot, self._run
        if run is not None and (status is not None or not self._playing):
            run.rest()  # nothing trains: no pace is shown
        if view is None and run is not None and status not in ("compiling", "error"):
            view = run.view(complete=not self._playing or run.diverged)
        if status is None:
            status = "starting" if run is None else "running" if self._playing else "paused"
            if run is not None and view is not None and run.diverged:
                self._playing, status = False, "diverged"
                notice = Notice("diverged", {"kept": view.update})
        since = old.since if status == old.status else time.monotonic()
        former = self._former[0].update if self._former else None
        self._snapshot = SnapshotOf(old.number + 1, status, since, notice or self._refusal, view or old.view, former)
        self._published = time.monotonic()


def _nothing() -> None:
    """Wake up. Of no session: a command that waits in the queue of one that has ended would hold it, in a circle."""


AnyWorker = Worker[Any, Any, Any]  # whatever it trains
