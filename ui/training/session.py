"""A browser session's network and the one thread that trains it.

The page sends commands and reads snapshots; the thread alone touches the model. Commands wait in a queue and
are answered between two slices of training, some hundredths of a second apart. Snapshots are immutable. When the
browser goes away the thread ends; when it comes back, a new one goes on with the same network, also where Streamlit has
not noticed: whoever asks for a picture is there. A network that nobody looks at for a minute pauses.
"""

import logging
import queue
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, ClassVar

from rnn_core import Trainer
from rnn_core.errors import ConfigError, InputError
from ui.training.commands import Commands, last, total
from ui.training.presence import LOOKED_AT, Presence
from ui.training.refusals import refusal
from ui.training.run import SLICE, Run
from ui.training.scheduler import SCHEDULER
from ui.training.snapshot import Notice, SampleChoice, Setup, Snapshot, Training

PUBLISH_EVERY = 0.06  # seconds, while somebody looks
PUBLISH_UNSEEN = 1.0  # seconds, while nobody does
SLEEP_AFTER = 60.0  # seconds after which it stops training
BACKLOG = 0.3  # seconds of training that may be made up for when something else took the time
LOG = logging.getLogger(__name__)

_named: "weakref.WeakValueDictionary[str, TrainingSession]" = weakref.WeakValueDictionary()


def session_named(key: str) -> "TrainingSession | None":
    """The session with this key, which only its own page knows."""
    return _named.get(key)


class TrainingSession(Presence):
    """One person's network. Every method may be called from any thread and returns at once."""

    commands: ClassVar[dict[str, Callable]] = {}  # of its page's buttons, beside those that every session has
    takeaway: ClassVar[bool] = True  # whether it is one network, of which files can be made (ui/server/downloads.py)

    def __init__(self):
        super().__init__()
        _named[self.key] = self
        self.pictures: Any = None  # what makes the pictures of the page that is open; see ui/live/renderer.py
        self._commands = Commands()
        self._snapshot = Snapshot(0, "starting", time.monotonic())
        self._wanted: tuple[Setup, Training] | None = None
        self._sample_chosen = SampleChoice()
        self._arranged = 0  # how often the thread has done what the page asked for
        # The rest is the thread's own.
        self._run: Run | None = None
        self._granted: Setup | None = None  # what the page asked for when it got the present run
        self._former: tuple[Run, Setup] | None = None  # the run before, and the same of it
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
    def snapshot(self) -> Snapshot:
        """Snapshot that was published last."""
        return self._snapshot

    @property
    def token(self) -> str:
        """Changes with whatever a picture depends on."""
        return f"{self.settled}/{self._snapshot.number}.{self.place}"

    @property
    def settled(self) -> str:
        """Changes with whatever the page has asked for, once that is in the snapshot; training does not change it."""
        return f"{self._arranged}.{self.pictures.number if self.pictures else 0}"

    @property
    def place(self) -> int:
        """Its place in the line of those who wait for their turn to train; 0: not in it."""
        return SCHEDULER.place_of(self.key)

    @property
    def size(self) -> int:
        """Bytes that its networks take, roughly: parameters, gradients and the optimiser's memory, and a batch."""
        view, runs = self._snapshot.view, 1 + (self._former is not None)
        trace = getattr(view, "trace", None)
        if trace is None:
            return runs * 2**20
        batch = dict(view.setup.task_options).get("batch_size", 1)
        return runs * (16 * view.parameters + 3 * batch * (trace.hidden.nbytes + trace.logits.nbytes))

    def request(self, setup: Setup, training: Training) -> None:
        """Train this setup in this way. The same again changes nothing; other training settings keep the
        model."""
        if (setup, training) != self._wanted:
            self._wanted = (setup, training)
            self._commands.put(self._arrange, setup, training)

    # The buttons beside the charts: whether the command was taken. It is not where too many wait already.

    def play(self) -> bool:
        """Train until told otherwise."""
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

    def load(self, trainer: Trainer) -> None:
        """Go on with a checkpoint's network, paused; the page's next request, whatever it says, describes it."""
        self._wanted = None
        self._commands.put(self._do_load, trainer)

    def pace(self, updates_per_second: float | None) -> None:
        """Train no faster than this; None: as fast as it goes."""
        if updates_per_second != self._speed:
            self._commands.put(self._set_speed, updates_per_second)

    def choose_sample(self, sample_choice: SampleChoice) -> None:
        """Show another sequence, or write in another way."""
        if sample_choice != self._sample_chosen:
            self._sample_chosen = sample_choice
            self._commands.put(self._do_choose_sample, sample_choice)

    def ask(self, function: Callable[[Run | None], Any]) -> Future:
        """The result of function(run), called by the thread between two slices; the run is None before the first."""
        future = Future()
        self._commands.put(self._do_ask, function, future)
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
        self._commands.put(self._nothing, fold=last)

    def _next_command(self):
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
                self._publish()
            else:
                self._replace(self._make(setup, training), setup)
        except (ConfigError, InputError) as error:
            self._refusal = refusal(setup, error)
            self._publish()
        self._arranged += 1

    def _make(self, setup: Setup, training: Training) -> Run:
        """Run that a request asks for; ConfigError or InputError if it cannot be."""
        return Run(self._runs + 1, setup, training, self._sample_choice)

    def _replace(self, run: Run, setup: Setup) -> None:
        """Take up another network. Its first pass may compile, for seconds: say so first."""
        SCHEDULER.leave(self.key)
        self._runs = max(self._runs, run.number)
        self._publish("compiling", Notice("compiling", {"cell": run.setup.cell}))
        first = run.view(complete=True)
        if self._run is not None and self._run.update:
            self._former = self._run, self._granted
        self._run, self._granted, self._adopts = run, setup, False
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
            self._run.train(updates)
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
        if self._former is not None:
            run, setup = self._former
            run.rest()
            run.choose_sample(self._sample_choice)
            self._replace(run, setup)

    def _do_load(self, trainer: Trainer) -> None:
        self._playing, self._refusal = False, None
        self._replace(Run.resumed(self._runs + 1, trainer, self._sample_choice), self._granted)
        self._adopts = True

    def _do_choose_sample(self, sample_choice: SampleChoice) -> None:
        self._sample_choice = sample_choice
        if self._run is not None:
            self._run.choose_sample(sample_choice)
            self._publish()
        self._arranged += 1

    def _do_ask(self, function, future: Future) -> None:
        if not future.set_running_or_notify_cancel():
            return  # nobody waits for it any more
        try:
            future.set_result(function(self._run))
        except Exception as error:
            future.set_exception(error)

    def _notify(self, notice: Notice) -> None:
        """Put an error up, whatever state the run is in."""
        try:
            self._publish("error", notice)
        except Exception:
            LOG.exception("no view of the run after an error")
            old = self._snapshot
            self._snapshot = Snapshot(old.number + 1, "error", time.monotonic(), notice, old.view, old.former)

    def _stop(self) -> None:
        """Train no more until told to."""
        self._playing = False

    def _nothing(self) -> None:
        """Wake up."""

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
        if self._speed is None:
            self._run.train()
        else:
            updates = max(1, round(self._speed * SLICE))
            self._due = max(self._due, time.monotonic() - BACKLOG) + updates / self._speed
            self._run.train(updates)
        now = time.monotonic()
        every = PUBLISH_EVERY if self._unseen < LOOKED_AT else PUBLISH_UNSEEN
        if self._run.diverged or now - self._published >= every:
            self._publish()

    def _publish(self, status: str | None = None, notice: Notice | None = None, view=None) -> None:
        """Put a new snapshot in the place of the old one."""
        old, run = self._snapshot, self._run
        if run is not None and (status is not None or not self._playing):
            run.rest()  # nothing trains: no pace is shown
        if view is None and run is not None and status not in ("compiling", "error"):
            view = run.view(complete=not self._playing or run.diverged)
        if status is None:
            status = "starting" if run is None else "running" if self._playing else "paused"
            if run is not None and run.diverged:
                self._playing, status = False, "diverged"
                notice = Notice("diverged", {"kept": view.update})
        since = old.since if status == old.status else time.monotonic()
        former = self._former[0].update if self._former else None
        self._snapshot = Snapshot(old.number + 1, status, since, notice or self._refusal, view or old.view, former)
        self._published = time.monotonic()
