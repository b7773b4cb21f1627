"""Records that the page “Shapes” and its training thread exchange; all frozen."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ui.training.history import Curve
from ui.training.snapshot import SampleChoice, Training


class Network(NamedTuple):
    """One network of a shape."""

    cell: str
    hidden_size: int
    num_layers: int = 1
    bidirectional: bool = False
    attention: bool = False  # of an encoder-decoder


@dataclass(frozen=True)
class ShapeSetup:
    """A shape and what is trained for it: everything that needs new networks when it changes."""

    shape: str  # key in SHAPES
    task: str  # key in TASKS, SPEECH or CAPTIONS, or in PAIRS for the encoder-decoder
    networks: tuple[Network, ...]
    task_options: tuple[tuple[str, Any], ...] = ()  # its parameters, sorted by name
    seed: int = 0
    forcing: float = 1.0  # of an encoder-decoder: share of updates in which the decoder reads the right symbols
    shown: int = 0  # the network whose inside is shown

    @property
    def cell(self) -> str:
        """The cell that is compiled first."""
        return self.networks[0].cell


class Progress(NamedTuple):
    """One network's training at one moment."""

    network: Network
    parameters: int
    update: int
    diverged: bool
    curve: Curve  # loss and gradient norm of every update
    held_out: tuple[tuple[int, float], ...]  # (update, loss)
    accuracy: tuple[tuple[int, float], ...]  # (update, the task's own measure on held-out data)
    clock: tuple[tuple[int, float], ...]  # (update, seconds of training until then)


class Chain(NamedTuple):
    """The states of one layer in one direction, a column for each step."""

    states: np.ndarray  # (T, H)
    layer: int = 0
    reverse: bool = False


class Diagram(NamedTuple):
    """An unrolled network with the symbols and states of one sequence; empty strings where nothing enters or "
    "leaves."""

    inputs: tuple[str, ...]
    chains: tuple[Chain, ...]  # the lowest layer first
    outputs: tuple[str, ...]
    wanted: tuple[str, ...]  # what the outputs should be; empty where nobody knows
    first: int = 0  # number of the first column's step: blanks before it are left out
    boundary: int | None = None  # columns before it belong to the encoder
    gradient: np.ndarray | None = None  # (T,) norm of ∂L/∂s_t over all chains; None where no right output is known
    right: tuple[bool, ...] | None = None  # (T,) of each output; None: where it is the one that is wanted there
    ordered: bool = False  # whether only the order of what is wanted counts, as with CTC
    frames: np.ndarray | None = None  # (T, D) features of a sound, which are drawn in the place of symbols


@dataclass(frozen=True)
class ShapeView:
    """A shape's networks at one moment, after the same number of updates."""

    run: int
    setup: ShapeSetup
    training: Training
    update: int
    sample_choice: SampleChoice
    competitors: tuple[Progress, ...]
    diagram: Diagram
    finding: Any  # what this shape shows beside: a record of its own file
    refused: bool  # whether what was typed cannot be read: the sequence is another then
    unread: tuple[str, ...]  # symbols of it that the network does not know; they are left out
    squared: bool  # whether the loss is a squared error
    chance: float
    best: float | None
    guess: float  # accuracy of the best answer that is always the same
    measure: str
    updates_per_second: float
