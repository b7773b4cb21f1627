"""One computation on a sequence as a tape: arrays by name, and the operations that made them, in order.

Names are short: `s.2` is the state at step 2, `s.-1` the initial one, `U_f` the block of the forget gate, `da_f.2` the
gradient of that gate's pre-activation. The loss is the sum over the predicted steps, as in the article; a Trace of
rnn_core has the mean, so its gradients times the number of predicted steps are these.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rnn_core import CELLS
from ui.unroll.tape.operations import Operation, compute

GATES = {cell: kind.gates or ("",) for cell, kind in CELLS.items()}
PEEPHOLES = ("i", "f", "o")  # gates that see the cell
NORMALISED = {"x": "ux", "h": "ws"}  # by layer normalisation: the products, for all gates at once


@dataclass(frozen=True)
class Computation:
    """Computation to unroll: sequence, network, reach of the gradient. One layer, one direction, one-hot input."""

    cell: str
    weights: Mapping[str, np.ndarray]  # as Model.state_dict() gives them
    ids: tuple[int, ...]  # x_t
    targets: tuple[int, ...]  # the next symbols; -1: nothing is predicted at this step
    truncate: int | None = None
    truncation: str = "windowed"
    rate: float = 0.1  # of the gradient step

    @property
    def steps(self) -> int:
        """T."""
        return len(self.ids)

    @property
    def hidden_size(self) -> int:
        """H."""
        return self.weights["weight_hh_l0"].shape[1]

    @property
    def bias(self) -> bool:
        """Whether there are biases."""
        return "bias_o" in self.weights

    @property
    def predicted(self) -> int:
        """How many steps have a target."""
        return sum(target >= 0 for target in self.targets)

    def kept(self, loss: int, state: int) -> bool:
        """Whether the gradient of the loss at one step reaches the state at another, at or before it."""
        if self.truncate is None:
            return True
        if self.truncation == "windowed":
            return loss - state <= self.truncate
        # chunked: no way from step s back to s - 1 where s > 0 is a multiple of the length
        return not any(s % self.truncate == 0 for s in range(max(state + 1, 1), loss + 1))


@dataclass
class Tape:
    """Arrays by name and the operations that made them; `do` carries one out."""

    computation: Computation
    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)
    place: tuple[str, int] = ("forward", 0)  # phase and step of what is done next

    def __getitem__(self, name: str) -> np.ndarray:
        return self.arrays[name]

    def put(self, name: str, value: Any) -> str:
        """Keep a given array, as a matrix or a column; its name."""
        value = np.asarray(value, np.float64)
        self.arrays[name] = value if value.ndim == 2 else value.reshape(-1, 1)
        return name

    def do(
        self,
        what: str,
        part: str,
        kind: str,
        result: str,
        *operands: str,
        rule: str = "",
        left_out: Sequence[int] = (),
        cut: bool = False,
    ) -> str:
        """Carry out an operation and note it; the name of its result."""
        operation = Operation(what, *self.place, part, kind, result, operands, rule, tuple(left_out), cut)
        self.arrays[result] = compute(operation, self.arrays)
        self.operations.append(operation)
        return result

    def first_of(self, step: int) -> int:
        """The index of the first operation of a step forwards; of the last step if there are fewer."""
        step = min(step, self.computation.steps - 1)
        return next(i for i, one in enumerate(self.operations) if (one.phase, one.step) == ("forward", step))

    @property
    def loss(self) -> float:
        """The sum over the predicted steps, in nats."""
        return float(self["L"][0, 0])

    def gradients(self) -> dict[str, np.ndarray]:
        """The gradient of every parameter, under the names and in the shapes of `state_dict`."""
        return gather(self, "d")

    def stepped(self) -> dict[str, np.ndarray]:
        """Every parameter after the gradient step."""
        return gather(self, "new")


def blocks(name: str) -> tuple[str, str]:
    """The letter of a parameter on the tape and what its rows belong to: the gates or the read-out.

    >>> blocks("weight_hh_l0"), blocks("bias_o")
    (('W', 'gates'), ('bo', 'outputs'))
    """
    return {
        "weight_ih_l0": ("U", "gates"),
        "weight_hh_l0": ("W", "gates"),
        "bias_ih_l0": ("bu", "gates"),
        "bias_hh_l0": ("bw", "gates"),
        "weight_ch_l0": ("P", "peepholes"),
        "gain_ih_l0": ("Gx", "gates"),
        "gain_hh_l0": ("Gh", "gates"),
        "gain_ch_l0": ("Gc", "cell"),
        "bias_ch_l0": ("bc", "cell"),
        "weight_ho": ("V", "outputs"),
        "bias_o": ("bo", "outputs"),
    }[name]


def gates_of(cell: str, rows: str) -> tuple[str, ...]:
    """Gates whose blocks a parameter is made of, from the first row on. rows : as `blocks` says.

    >>> gates_of("lstm_peephole", "peepholes"), gates_of("gru", "gates"), gates_of("gru", "outputs")
    (('i', 'f', 'o'), ('r', 'z', 'n'), ('',))
    """
    return {"gates": GATES[cell], "peepholes": PEEPHOLES}.get(rows, ("",))


def of(letter: str, gate: str) -> str:
    """The name of a gate's block; the plain RNN has one block and no gate.

    >>> of("U", "f"), of("U", "")
    ('U_f', 'U')
    """
    return f"{letter}_{gate}" if gate else letter


def gather(tape: Tape, prefix: str) -> dict[str, np.ndarray]:
    """The blocks of every parameter put together again."""
    whole = {}
    for name, value in tape.computation.weights.items():
        letter, rows = blocks(name)
        gates = gates_of(tape.computation.cell, rows)
        whole[name] = np.vstack([tape[prefix + of(letter, gate)] for gate in gates]).reshape(value.shape)
    return whole


def open_up(computation: Computation) -> Tape:
    """The whole calculation of one reading: forwards, backwards, and one gradient step."""
    from ui.unroll.tape.backward import backward
    from ui.unroll.tape.forward import forward

    tape = Tape(computation)
    size, outputs = computation.hidden_size, len(computation.weights["weight_ho"])
    inputs = computation.weights["weight_ih_l0"].shape[1]
    for name, value in computation.weights.items():
        letter, rows = blocks(name)
        gates = gates_of(computation.cell, rows)
        for gate, block in zip(gates, np.split(np.asarray(value, np.float64), len(gates)), strict=True):
            tape.put(of(letter, gate), block)
    tape.put("0", np.zeros(size))
    tape.put("rate", [computation.rate])
    tape.put("s.-1", np.zeros(size))
    if CELLS[computation.cell].has_cell:
        tape.put("c.-1", np.zeros(size))
    if CELLS[computation.cell].normalised:
        tape.put("N", [size])
        tape.put("M", [len(GATES[computation.cell]) * size])
    for t, (symbol, target) in enumerate(zip(computation.ids, computation.targets, strict=True)):
        tape.put(f"x.{t}", np.eye(inputs)[symbol])
        if target >= 0:
            tape.put(f"y.{t}", np.eye(outputs)[target])
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        forward(tape)
        backward(tape)
    return tape
