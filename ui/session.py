"""A browser session's network and the one thread that trains it.

The page sends commands and reads snapshots; the thread alone touches the model. Commands wait in a queue and
are answered between two slices of training, a twentieth of a second apart. Snapshots are immutable and
published at most ten times a second. When the browser goes away the thread ends; when it comes back, a new
one goes on with the same network.
"""

import logging
import queue
import threading
import time

import streamlit as st

from rnn_core.errors import ConfigError, InputError
from ui import state
from ui.run import SLICE, Run
from ui.snapshot import Notice, Setup, Snapshot, Training

PUBLISH_EVERY = 0.1  # seconds
BACKLOG = 0.3  # seconds of training that may be made up for when something else took the time
LOG = logging.getLogger(__name__)


class TrainingSession:
    """One person's network. Every method may be called from any thread and returns at once."""

    def __init__(self):
        self._commands = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread = None
        self._gone = threading.Event()
        self._snapshot = Snapshot(0, "starting", time.monotonic())
        self._wanted: tuple[Setup, Training] | None = None
        self._looked_at = (0, "train")
        # The rest is the thread's own.
        self._run: Run | None = None
        self._refusal: Notice | None = None  # of the last request, until one is granted
        self._runs = 0
        self._playing = True
        self._speed: float | None = None  # updates per second; None: as fast as it goes
        self._due = 0.0  # time.monotonic() of the next slice
        self._example = (0, "train")

    # The page's side

    @property
    def snapshot(self) -> Snapshot:
        """What was published last."""
        return self._snapshot

    @property
    def alive(self) -> bool:
        """Whether there is a thread."""
        return self._thread is not None and self._thread.is_alive()

    def enter(self) -> None:
        """Somebody is looking: let there be a thread."""
        with self._lock:
            if self.alive and not self._gone.is_set():
                return
            before, self._gone = self._thread, threading.Event()
            self._thread = threading.Thread(target=self._work, args=(before, self._gone), name="training", daemon=True)
            self._thread.start()

    def leave(self) -> None:
        """Nobody is looking any more: the thread ends after its slice; the network stays, to go on later."""
        self._gone.set()
        self._commands.put((self._nothing, ()))

    def request(self, setup: Setup, training: Training) -> None:
        """Train this setup in this way. The same again changes nothing; other training settings keep the
        model."""
        if (setup, training) != self._wanted:
            self._wanted = (setup, training)
            self._commands.put((self._arrange, ()))

    def play(self) -> None:
        """Train until told otherwise."""
        self._commands.put((self._set_playing, (True,)))

    def pause(self) -> None:
        """Stop after the current slice."""
        self._commands.put((self._set_playing, (False,)))

    def step(self, updates: int = 1) -> None:
        """Pause, and do that many updates."""
        self._commands.put((self._do_step, (updates,)))

    def reset(self) -> None:
        """Start over with the same setup and seed."""
        self._commands.put((self._do_reset, ()))

    def pace(self, updates_per_second: float | None) -> None:
        """Train no faster than this; None: as fast as it goes."""
        if updates_per_second != self._speed:
            self._commands.put((self._set_speed, (updates_per_second,)))

    def look_at(self, number: int, split: str) -> None:
        """Show another sequence: the number-th of "train" or "held_out"."""
        if (number, split) != self._looked_at:
            self._looked_at = (number, split)
            self._commands.put((self._do_look_at, ((number, split),)))

    # The thread's side

    def _work(self, before: threading.Thread | None, gone: threading.Event) -> None:
        """Commands first, then a slice of training, then a snapshot, until nobody looks any more."""
        if before is not None:
            before.join()
        while not gone.is_set():
            try:
                command = self._next_command()
                if command:
                    method, arguments = command
                    method(*arguments)
                elif self._training and time.monotonic() >= self._due:
                    self._train_slice()
            except Exception as error:  # whatever it is, the page must hear of it and the thread must live
                LOG.exception("training session")
                self._playing = False
                self._publish("error", Notice("error", {"detail": f"{type(error).__name__}: {error}"}))

    def _next_command(self):
        """The next command; None if there is none and training is due."""
        try:
            if not self._training:
                return self._commands.get()
            wait = self._due - time.monotonic()
            return self._commands.get(timeout=wait) if wait > 0 else self._commands.get_nowait()
        except queue.Empty:
            return None

    @property
    def _training(self) -> bool:
        return self._playing and self._run is not None and not self._run.diverged

    def _arrange(self) -> None:
        """Bring about what was requested last: other settings for the model, or another model."""
        setup, training = self._wanted
        self._refusal = None
        try:
            if self._run is not None and setup == self._run.setup:
                if training != self._run.training:
                    self._playing |= self._run.diverged  # it was playing when it diverged
                    self._run.configure(training)
                self._publish()
            else:
                self._replace(Run(self._runs + 1, setup, training, self._example))
        except (ConfigError, InputError) as error:
            self._refusal = _refusal(setup, error)
            self._publish()

    def _replace(self, run: Run) -> None:
        """Take up another network. Its first pass may compile, for seconds: say so first."""
        self._runs = run.number
        self._publish("compiling", Notice("compiling", {"cell": run.setup.cell}))
        first = run.view(complete=True)
        self._run = run
        if self._playing:
            run.train(1)
        self._publish(view=first)

    def _set_playing(self, playing: bool) -> None:
        self._playing = playing
        if self._run is not None:
            if playing and self._run.diverged:
                self._run.configure(self._run.training)  # try again
            self._run.rest()
            self._publish()

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
        if self._run is not None:
            self._replace(self._run.again(self._runs + 1))

    def _do_look_at(self, example: tuple[int, str]) -> None:
        self._example = example
        if self._run is not None and self._run.example != example:
            self._run.look_at(example)
            self._publish()

    def _nothing(self) -> None:
        """Wake up."""

    def _train_slice(self) -> None:
        """A slice of training at the speed that is set, and a snapshot if it is time for one."""
        if self._speed is None:
            self._run.train()
        else:
            updates = max(1, round(self._speed * SLICE))
            self._due = max(self._due, time.monotonic() - BACKLOG) + updates / self._speed
            self._run.train(updates)
        if self._run.diverged or time.monotonic() - self._published >= PUBLISH_EVERY:
            self._publish()

    def _publish(self, status: str | None = None, notice: Notice | None = None, view=None) -> None:
        """Put a new snapshot in the place of the old one."""
        old, run = self._snapshot, self._run
        if status is None:
            status = "starting" if run is None else "running" if self._playing else "paused"
            if run is not None and run.diverged:
                self._playing, status, notice = False, "diverged", Notice("diverged", {"update": run.update})
        if view is None and run is not None and status not in ("compiling", "error"):
            view = run.view(complete=status != "running")
        since = old.since if status == old.status else time.monotonic()
        self._snapshot = Snapshot(old.number + 1, status, since, notice or self._refusal, view or old.view)
        self._published = time.monotonic()


def _refusal(setup: Setup, error: Exception) -> Notice:
    """Why a setup cannot be; the common reasons in numbers, so that the page can say them in its own
    words."""
    options = dict(setup.task_options)
    text, steps = options.get("text"), options.get("sequence_length", 1)
    values = {"detail": str(error)}
    if text is None:
        return Notice("refused", values)
    values |= {"length": len(text), "needed": 2 * (steps + 1), "steps": steps}
    if not text.strip():
        return Notice("text_empty", values)
    if len(set(text)) < 2:
        return Notice("text_one_symbol", values)
    return Notice("text_short" if len(text) < values["needed"] else "refused", values)


def training_session() -> TrainingSession:
    """The session of this browser tab, with its thread; called by every page on each of its runs.

    Streamlit drops its session-scoped cache as soon as the browser is gone, but keeps the session's state for
    a while: the thread lives as long as the first, the network as long as the second.
    """
    if state.SESSION not in st.session_state:
        st.session_state[state.SESSION] = TrainingSession()
    session = st.session_state[state.SESSION]
    return _watched(id(session), session)


@st.cache_resource(scope="session", show_spinner=False, on_release=TrainingSession.leave)
def _watched(identity: int, _session: TrainingSession) -> TrainingSession:
    _session.enter()
    return _session
