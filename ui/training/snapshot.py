"""Records that the page and the training thread exchange: frozen, so that neither can surprise the
other."""

from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np

from rnn_core.pytorch import PyTorchNetwork
from rnn_core.trace import BackwardTrace
from ui.training.condition import Condition
from ui.training.fallback import Divergence
from ui.training.history import Curve, Sample
from ui.training.model_history import Change

Seen = TypeVar("Seen")  # a view of what is in training


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
    chrono: int | None = None
    source: PyTorchNetwork | None = None  # a file of the reader's, whose numbers are the first ones

    def __post_init__(self) -> None:
        """A network of other sizes, as a remedy may ask for, has nothing of the file."""
        if self.source is not None:
            layers = self.source.layers
            sizes = layers.hidden_size, layers.num_layers, layers.bidirectional
            kind = "rnn" if self.cell.startswith("rnn") else self.cell
            if (kind, sizes) != (layers.kind, (self.hidden_size, self.num_layers, self.bidirectional)):
                object.__setattr__(self, "source", None)

    @property
    def model_options(self) -> dict[str, Any]:
        """The part that is the network's."""
        return {name: value for name, value in vars(self).items() if name not in ("task", "task_options", "source")}


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
    dropout: float = 0.0
    vanishing_penalty: float = 0.0
    scheduled_sampling: float | None = None


Network = tuple[Setup, Training]


class SampleChoice(NamedTuple):
    """Which sequence is shown, and how the network writes."""

    split: str = "train"  # "train", "held_out" or "typed"
    number: int = 0
    typed: str = ""
    temperature: float = 1.0
    sample_every: int = 100  # updates
    beam_width: int = 1  # of a decoder
    recording: bytes = b""  # a sound, samples of 16 bits


@dataclass(frozen=True)
class Notice:
    """Something to tell the reader, in words that the page knows: a kind and its numbers."""

    kind: str
    values: dict[str, Any] = field(default_factory=dict)


class Parent(NamedTuple):
    """The run that another one is a fork of."""

    run: int  # its number
    update: int  # from which on they differ
    curve: Curve
    held_out: tuple[tuple[int, float], ...]  # (update, loss)


class Remedy(NamedTuple):
    """Other settings from an update of a run on, or another network in its place."""

    diagnosis: str  # what ails the run: a kind of ui/lab/doctor/diagnosis.py
    begin: int  # 0 where it is another network
    setup: Setup
    training: Training


class Trial(NamedTuple):
    """A remedy that a run tries: its parent is the same network without it."""

    diagnosis: str  # of the parent
    setup: Setup  # of the parent
    training: Training
    begin: int  # the update from which on the two differ
    end: int  # the update that the parent had reached: as many updates as it has been without the remedy


@dataclass(frozen=True)
class View:
    """One network at one moment."""

    run: int  # which model of the session; a reset makes a new one
    setup: Setup
    training: Training
    update: int
    trace: BackwardTrace  # of the sequence that is shown
    before: np.ndarray | None  # (LD, T+1, H): the hidden states of that sequence in the view before this one
    before_update: int  # of that view
    sample_choice: SampleChoice
    unread: str  # symbols of a typed text that the network does not know; they are left out
    beyond: int  # symbols of a typed text that are too many to be shown
    curve: Curve
    held_out: tuple[tuple[int, float], ...]  # (update, loss)
    training_loss: float | None  # of the last update alone; None where it is not known, or weights were set since
    vocabulary: tuple[str, ...] | None
    chance: float
    best: float | None
    bigram: float | None
    one_symbol: float | None  # held-out loss below which no rule comes that sees the newest symbol alone
    parameters: int
    unshared: int  # parameters if every step had weights of its own
    updates_per_second: float  # NaN where nobody trains it
    steps_per_second: float  # the same: characters, words or values read in training, per second
    samples: tuple[Sample, ...]  # from the oldest to the newest
    first: int = 0  # update at which it began: earlier ones cannot be reached
    changes: tuple[Change, ...] = ()  # of what was set in the course of training
    parent: Parent | None = None  # of a fork
    trial: Trial | None = None  # of a fork that tries a remedy
    condition: Condition | None = None  # of this moment, or of an earlier one
    divergence: Divergence | None = None  # of a run that diverged after this moment


class Look(NamedTuple):
    """The moment that the reader looks at, in the place of the newest."""

    wanted: int | None = None  # the update; None: the newest
    newest: View | None = None  # what is looked at is another network than this one, which is in training
    share: float | None = None  # of the replay, while a long one is under way
    problem: str = ""  # why there is nothing else to look at: "unexpected", or it "diverged" before that update


@dataclass(frozen=True)
class SnapshotOf(Generic[Seen]):
    """State that the thread has published last."""

    number: int  # of the publication
    status: str  # "starting", "compiling", "running", "paused", "diverged", "error"
    since: float  # time.monotonic() when the status began
    notice: Notice | None = None
    view: Seen | None = None
    former: int | None = None  # updates of the network before this one, which can be brought back
    look: Look = field(default_factory=Look)


Snapshot = SnapshotOf[View]
