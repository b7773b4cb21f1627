"""The network that reads, the newest of the Lab or one that is kept, and its reading, made in the background."""

from typing import Any, NamedTuple

from rnn_core.analysis.recording import Recording, record
from ui.live.model_picker import NEWEST, Network, network_of
from ui.memory import texts
from ui.memory.controls import Choices
from ui.memory.excerpt import Excerpt, excerpt
from ui.training.background import Job


class RecordedText(NamedTuple):
    """A text that was read."""

    subject: tuple  # which run, text, kept update, quantity and layer
    update: int  # of the network
    recording: Recording
    excerpt: Excerpt
    task: Any
    kept: bool = False  # the network is one that was kept; else it was the newest

    @property
    def version(self) -> tuple:
        """Cache key: differs whenever the subject or the update differs."""
        return self.subject, self.update

    @property
    def run(self) -> int:
        """Of the network."""
        return self.subject[0]


class Recorder:
    """Has the text read anew whenever the network or what is wanted has changed.

    changed : called when there is something new.
    """

    def __init__(self, changed):
        self.job = Job(changed)
        self.network: Network | None = None  # the last that was taken
        self._excerpt: Excerpt | None = None

    def read(
        self, session, run: int, choices: Choices, layer: int, _, wanted: str = NEWEST
    ) -> tuple[RecordedText | None, str]:
        """(the newest reading of this run or None, why there is none or how far it is). wanted : which network, as
        `network_of` takes it."""
        network = self._take(session, run, wanted)
        if network is not None:
            config, task = network.model.config, network.task
            key = (run, choices.text, choices.length, choices.own)
            if self._excerpt is None or self._excerpt.key != key:
                self._excerpt = excerpt(key, task, choices.text, choices.length, choices.own, config.bidirectional)
            if self._excerpt is None:
                return None, texts.nothing_to_read(task, _)
            stack = min(layer, config.num_layers * config.directions - 1)
            self._want(
                (*key, network.chosen, choices.quantity, stack),
                network,
                self._excerpt,
                session.snapshot.status == "running",
            )
        recorded = self.job.done.result
        if recorded is None or recorded.run != run:
            return None, texts.under_way(self.job, _)
        return recorded, ""

    def _want(self, subject, network, text, patient) -> None:
        """Have it read in the background."""
        *_key, quantity, stack = subject

        def make(progress):
            recording = record(network.model, text.x, text.targets, quantity, stack, progress)
            kept = network.chosen is not None
            return (
                None
                if recording is None
                else RecordedText(subject, network.update, recording, text, network.task, kept)
            )

        self.job.request(subject, network.update, make, patient)

    def _take(self, session, run, wanted) -> Network | None:
        """The network of this run that is wanted; the one before where the training thread is busy; None before there
        is one."""
        network = network_of(session, wanted)
        if network is not None and network.run == run:
            self.network = network
        return self.network if self.network is not None and self.network.run == run else None
