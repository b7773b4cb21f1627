"""The network that reads, the newest of the Lab or a frozen one, and its reading, made in the background."""

from concurrent.futures import TimeoutError as TooLate
from typing import Any, NamedTuple

from rnn_core import Model
from rnn_core.recording import Recording, record
from ui.memory import reading
from ui.memory.controls import Choices
from ui.memory.jobs import Job
from ui.memory.passage import Passage, passage

PATIENCE = 0.3  # seconds for the training thread to hand out a copy; then the one before is used again


class Network(NamedTuple):
    """A copy of a network that trains."""

    run: int
    update: int
    model: Model
    task: Any


class Read(NamedTuple):
    """A text that was read."""

    subject: tuple  # which run, text, quantity and layer
    update: int  # of the network
    recording: Recording
    passage: Passage
    task: Any

    @property
    def version(self) -> tuple:
        """Another one for every other reading."""
        return self.subject, self.update

    @property
    def run(self) -> int:
        """Of the network."""
        return self.subject[0]


class Reader:
    """Has the text read anew whenever the network or what is wanted has changed.

    changed : called when there is something new.
    """

    def __init__(self, changed):
        self.job = Job(changed)
        self._network: Network | None = None
        self._passage: Passage | None = None

    def read(self, session, run: int, choices: Choices, layer: int, _) -> tuple[Read | None, str]:
        """(the newest reading of this run or None, why there is none or how far it is)."""
        network = self._take(session, run, choices.frozen)
        if network is not None:
            config, task = network.model.config, network.task
            key = (run, choices.text, choices.length, choices.own)
            if self._passage is None or self._passage.key != key:
                self._passage = passage(key, task, choices.text, choices.length, choices.own, config.bidirectional)
            if self._passage is None:
                return None, reading.nothing_to_read(task, _)
            stack = min(layer, config.num_layers * config.directions - 1)
            self._want((*key, choices.quantity, stack), network, self._passage, session.snapshot.status == "running")
        made = self.job.result
        if made is None or made.run != run:
            return None, reading.under_way(self.job, _)
        return made, ""

    def _want(self, subject, network, text, patient) -> None:
        """Have it read in the background."""
        *_key, quantity, stack = subject

        def make(progress):
            recording = record(network.model, text.x, text.targets, quantity, stack, progress)
            return None if recording is None else Read(subject, network.update, recording, text, network.task)

        self.job.want(subject, network.update, make, patient)

    def _take(self, session, run, frozen) -> Network | None:
        """The network of this run: the one that is frozen, else a copy of the newest; None before there is one."""
        known = self._network if self._network is not None and self._network.run == run else None
        if not (frozen and known):
            try:
                copy = session.ask(_copy).result(PATIENCE)
            except TooLate:
                copy = None
            if copy is not None and copy.run == run:
                self._network = known = copy
        return known


def _copy(run) -> Network | None:
    """On the training thread."""
    return None if run is None else Network(run.number, run.update, run.trainer.model.copy(), run.task)
