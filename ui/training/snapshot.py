"""Records that the page and the training thread exchange: frozen, so that neither can surprise the
other."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from ui.training.history import Curve, Sample


@dataclass(frozen=True)
class Setup:
    """Everything that needs a new model when it changes."""

    task: str  # key in TASKS
    task_options: tuple[tuple[str, Any], ...] = ()  # its parameters, sorted by name
    cell: str = "rnn_tanh"
    hidden_size: int = 32
    num_layers: int = 1
    bidirectional: bool = False
    bias: bool = True
    init: str = "uniform"
    spectral_radius: float | None = None
    forget_bias: float = 1.0
    seed: int = 0

    @property
    def model_options(self) -> dict[str, Any]:
        """The part that is the network's."""
        return {name: value for name, value in vars(self).items() if name not in ("task", "task_options")}


@dataclass(frozen=True)
class Training:
    """Options of training that can change without losing the model."""

    optimizer: str = "adam"
    learning_rate: float = 0.01
    clip_norm: float | None = 1.0
    clip_value: float | None = None
    truncate: int | None = None
    truncation: str = "windowed"
    stateful: bool = False


class SampleChoice(NamedTuple):
    """Which sequence is shown, and how the network writes."""

    split: str = "train"  # "train", "held_out" or "typed"
    number: int = 0
    typed: str = ""
    temperature: float = 1.0
    sample_every: int = 100  # updates


@dataclass(frozen=True)
class Notice:
    """Something to tell the reader, in words that the page knows: a kind and its numbers."""

    kind: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class View:
    """One network at one moment."""

    run: int  # which model of the session; a reset makes a new one
    setup: Setup
    training: Training
    update: int
    trace: Any  # rnn_core.Trace of the sequence that is shown
    before: np.ndarray | None  # (LD, T+1, H): the hidden states of that sequence in the view before this one
    before_update: int  # of that view
    sample_choice: SampleChoice
    unread: str  # symbols of a typed text that the network does not know; they are left out
    beyond: int  # symbols of a typed text that are too many to be shown
    curve: Curve
    held_out: tuple[tuple[int, float], ...]  # (update, loss)
    vocabulary: tuple[str, ...] | None
    chance: float
    best: float | None
    bigram: float | None
    parameters: int
    unshared: int  # parameters if every step had weights of its own
    updates_per_second: float
    steps_per_second: float  # characters, words or values read in training, per second
    samples: tuple[Sample, ...]  # from the oldest to the newest


@dataclass(frozen=True)
class Snapshot:
    """State that the thread has published last."""

    number: int  # of the publication
    status: str  # "starting", "compiling", "running", "paused", "diverged", "error"
    since: float  # time.monotonic() when the status began
    notice: Notice | None = None
    view: View | None = None
    former: int | None = None  # updates of the network before this one, which can be brought back
