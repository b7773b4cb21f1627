"""What each step has contributed to a gradient: a share that sums to one, and a norm."""

from typing import NamedTuple

import numpy as np

from ui.unroll.tape.tape import GATES, Tape, of


class Shares(NamedTuple):
    """Of one weight: of each step the part of the gradient that it makes up, and the norm of what it adds.

    The part is the projection of the step's matrix on the gradient, divided by the gradient's squared norm: the parts
    sum to 1, and a step that pulls the other way has a negative one. All are 0 where the gradient is.
    """

    part: np.ndarray  # (T,)
    norm: np.ndarray  # (T,)


def shares(tape: Tape) -> dict[str, Shares]:
    """Letter -> the Shares of dL/dU, dL/dW and dL/dV, all gates together."""
    found = {}
    for letter in ("U", "W", "V"):
        gates = GATES[tape.reading.cell] if letter != "V" else ("",)
        names = [f"d{of(letter, gate)}" for gate in gates]
        total = np.concatenate([tape[name].ravel() for name in names])
        nothing = np.zeros_like(total)
        added = [
            np.concatenate([tape[f"{name}.{t}"].ravel() for name in names])
            if f"{names[0]}.{t}" in tape.arrays
            else nothing
            for t in range(tape.reading.steps)
        ]
        square = float(total @ total)
        part = np.array([one @ total / square if square > 0 else 0.0 for one in added])
        found[letter] = Shares(part, np.array([np.linalg.norm(one) for one in added]))
    return found
