"""The runs of a session that others have replaced: each as a file, with what a list of them says."""

import threading
from typing import NamedTuple
from zlib import crc32

from ui.training.history import Curve
from ui.training.kept_file import compressed
from ui.training.kept_run import content, unpack
from ui.training.model_history import Change, straight
from ui.training.run import Run
from ui.training.snapshot import SampleChoice, Setup, Training

MOST_RUNS = 12
MOST_BYTES = 16 * 2**20  # of all their files; the oldest go first


class ShelvedRun(NamedTuple):
    """A run that does not train."""

    identity: str
    ordinal: int
    name: str  # that the reader has given it
    setup: Setup
    training: Training
    update: int
    curve: Curve
    held_out: tuple[tuple[int, float], ...]
    first: int  # update at which it began, as far as is known
    changes: tuple[Change, ...]  # of what was set in the course of training
    settings: str  # of its page, in short
    file: bytes

    @property
    def straight(self) -> bool:
        """Whether its settings were the same from the very beginning on: whoever trains them gets the same network."""
        return straight(self.first, self.changes)

    @property
    def stamp(self) -> str:
        """Changes with whatever is in the file."""
        return f"{crc32(self.file):08x}"


def shelved(run: Run, playing: bool, settings: str) -> ShelvedRun:
    """A run as it is now."""
    (record, held_out, _samples), history = run.memories, run.model_history
    facts = run.identity, run.ordinal, run.name, run.setup, run.training, run.update
    course = record.curve(), held_out.points(), history.first, history.changes
    return ShelvedRun(*facts, *course, settings, compressed(content(run, playing)))


class Shelf:
    """Runs from the oldest to the newest. Every method may be called from any thread.

    forgotten : identities of those that are gone, for the browser, which keeps them too.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.runs: tuple[ShelvedRun, ...] = ()
        self.forgotten: tuple[str, ...] = ()

    @property
    def nbytes(self) -> int:
        """Bytes of the files."""
        return sum(len(run.file) for run in self.runs)

    def get(self, identity: str) -> ShelvedRun | None:
        """The run with this identity; None where there is none."""
        return next((run for run in self.runs if run.identity == identity), None)

    def put(self, run: ShelvedRun) -> None:
        """Add a run, or what has become of it."""
        with self._lock:
            others = [other for other in self.runs if other.identity != run.identity]
            self.runs = tuple(sorted([*others, run], key=lambda one: one.ordinal))
            while len(self.runs) > MOST_RUNS or (len(self.runs) > 1 and self.nbytes > MOST_BYTES):
                self.delete(next(one for one in self.runs if one.identity != run.identity).identity)

    def take(self, identity: str) -> None:
        """The run is in training again."""
        with self._lock:
            self.runs = tuple(run for run in self.runs if run.identity != identity)
            self.forgotten = tuple(known for known in self.forgotten if known != identity)

    def delete(self, identity: str) -> None:
        """Forget a run for good."""
        with self._lock:
            self.take(identity)
            self.forgotten = (*self.forgotten, identity)[-100:]

    def rename(self, identity: str, name: str) -> None:
        """Give a run another name, in its file as well."""
        with self._lock:
            run = self.get(identity)
            if run is None or run.name == name:
                return
            kept = unpack(run.file, run.ordinal, SampleChoice())
            kept.run.name = name
            self.put(run._replace(name=name, file=compressed(content(kept.run, kept.playing))))
