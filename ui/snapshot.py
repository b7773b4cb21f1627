"""What the page and the training thread tell one another: frozen records, so that neither can surprise the
other."""

from dataclasses import dataclass, field
from typing import Any

from ui.history import Curve


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
    seed: int = 0

    @property
    def model_options(self) -> dict[str, Any]:
        """The part that is the network's."""
        names = ("cell", "hidden_size", "num_layers", "bidirectional", "bias", "init", "seed")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Training:
    """What changes while a model trains, without losing it."""

    optimizer: str = "adam"
    learning_rate: float = 0.01
    clip_norm: float | None = 1.0
    clip_value: float | None = None


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
    example: tuple[int, str]  # which sequence that is: its number, of which split
    curve: Curve
    held_out: tuple[tuple[int, float], ...]  # (update, loss)
    vocabulary: tuple[str, ...] | None
    chance: float
    best: float | None
    bigram: float | None
    parameters: int
    updates_per_second: float
    steps_per_second: float  # characters, words or values read in training, per second
    sample: str | None
    sample_update: int


@dataclass(frozen=True)
class Snapshot:
    """What the thread has published last."""

    number: int  # of the publication
    status: str  # "starting", "compiling", "running", "paused", "diverged", "error"
    since: float  # time.monotonic() when the status began
    notice: Notice | None = None
    view: View | None = None
