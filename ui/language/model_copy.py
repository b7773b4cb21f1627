"""The network as it is at one moment: a copy, and the text that it learns."""

from typing import NamedTuple

import numpy as np

from rnn_core import Model
from rnn_core.tasks.stream import StreamTask, Symbols
from ui.live.model_copy import from_training
from ui.training.run import Run
from ui.training.session import TrainingSession
from ui.training.snapshot import Setup

USUAL_STARTS = ("\n", ".", "。", " ")  # after one of these a sentence begins


class ModelCopy(NamedTuple):
    """A copy that nobody trains, its task, and which network it is."""

    run: int
    update: int
    model: Model
    task: StreamTask

    @property
    def key(self) -> tuple[int, int]:
        """Changes with the numbers in it."""
        return self.run, self.update

    @property
    def kind(self) -> str:
        """Kind of its task's symbols: "characters" or "words"."""
        return "words" if self.task.separator else "characters"


def obstacle(setup: Setup) -> str:
    """Why a network of this setup cannot write, as a key: "task", "bidirectional"; empty if it can."""
    if setup.task not in ("text", "grammar"):
        return "task"
    return "bidirectional" if setup.bidirectional else ""


def listen(session: TrainingSession, known: ModelCopy | None) -> ModelCopy | None:
    """The network as it is now; where the thread is busy, the one that was known."""
    return from_training(session, lambda run: _copy(run, known), known)


def _copy(run: Run | None, known: ModelCopy | None) -> ModelCopy | None:
    """On the training thread: a copy, unless the network is as it was."""
    if run is None or obstacle(run.setup) or not isinstance(run.task, StreamTask):
        return None
    if known is not None and known.key == (run.number, run.update):
        return known
    return ModelCopy(run.number, run.update, run.trainer.model.copy(), run.task)


def start(task: StreamTask, typed: str) -> Symbols:
    """Text before the first symbol: the typed one, else what a sentence usually comes after."""
    symbols = task.read(typed)
    if len(symbols.ids):
        return symbols
    usual = next((symbol for symbol in USUAL_STARTS if symbol in task.vocabulary), None)
    if usual is None:  # whatever is most frequent
        usual = task.vocabulary[int(np.bincount(task.training_ids).argmax())]
    return Symbols(np.array([task.vocabulary.index(usual)], np.int32), (usual,), symbols.unknown)
