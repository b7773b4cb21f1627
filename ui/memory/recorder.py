"""The network that reads, that of the Lab as it is or as it was, and its reading, made in the background."""

from collections.abc import Callable
from typing import Any, NamedTuple

from rnn_core.analysis.recording import Recording, record
from rnn_core.tasks.base import Task
from ui.i18n import Translate
from ui.live.model_copy import Network, network_of
from ui.memory import texts
from ui.memory.controls import Choices
from ui.memory.excerpt import Excerpt, excerpt
from ui.training.background import Job, Progress
from ui.training.session import TrainingSession


class RecordedText(NamedTuple):
    """A text that was read."""

    subject: tuple[Any, ...]  # which run, text, chosen update, quantity and layer
    update: int  # of the network
    recording: Recording
    excerpt: Excerpt
    task: Task
    kept: bool = False  # the network is of the past; else it was the newest

    @property
    def version(self) -> tuple[Any, ...]:
        """Cache key: differs whenever the subject or the update differs."""
        return self.subject, self.update

    @property
    def run(self) -> int:
        """Of the network."""
        run: int = self.subject[0]
        return run


class Recorder:
    """Has the text read anew whenever the network or what is wanted has changed.

    changed : called when there is something new.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self.job: Job[int, RecordedText] = Job(changed)
        self.network: Network | None = None  # the last that was taken
        self._excerpt: Excerpt | None = None

    def read(
        self, session: TrainingSession, run: int, choices: Choices, layer: int, _: Translate
    ) -> tuple[RecordedText | None, str]:
        """(the newest reading of this run or None, why there is none or how far it is)."""
        network = self._take(session, run)
        if network is not None:
            config, task = network.model.config, network.task
            key = (run, choices.text, choices.length, choices.own)
            if self._excerpt is None or self._excerpt.key != key:
                self._excerpt = excerpt(key, task, choices.text, choices.length, choices.own, config.bidirectional)
            if self._excerpt is None:
                return None, texts.nothing_to_read(task, _)
            stack = min(layer, config.num_layers * config.directions - 1)
            self._request(
                (*key, network.chosen, choices.quantity, stack),
                network,
                self._excerpt,
                session.snapshot.status == "running",
            )
        recorded = self.job.done.result
        if recorded is None or recorded.run != run:
            return None, texts.under_way(self.job, _)
        return recorded, ""

    def _request(self, subject: tuple[Any, ...], network: Network, text: Excerpt, patient: bool) -> None:
        """Have it read in the background."""
        *_key, quantity, stack = subject

        def make(progress: Progress) -> RecordedText | None:
            recording = record(network.model, text.x, text.targets, quantity, stack, progress)
            return (
                None
                if recording is None
                else RecordedText(subject, network.update, recording, text, network.task, network.past)
            )

        self.job.request(subject, network.update, make, patient)

    def _take(self, session: TrainingSession, run: int) -> Network | None:
        """The network of this run; the one before where the training thread is busy; None before there
        is one."""
        network = network_of(session)
        if network is not None and network.run == run:
            self.network = network
        return self.network if self.network is not None and self.network.run == run else None
