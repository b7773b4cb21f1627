"""Contribution of each step to the gradient of a weight of the opened network."""

import numpy as np

from rnn_core.analysis.shares import Shares, shares_of
from ui.unroll.tape.tape import GATES, Tape, of


def shares(tape: Tape) -> dict[str, Shares]:
    """Letter -> the Shares of dL/dU, dL/dW and dL/dV, all gates together."""
    found = {}
    for letter in ("U", "W", "V"):
        gates = GATES[tape.computation.cell] if letter != "V" else ("",)
        names = [f"d{of(letter, gate)}" for gate in gates]
        nothing = np.concatenate([np.zeros_like(tape[name].ravel()) for name in names])
        found[letter] = shares_of(
            [
                np.concatenate([tape[f"{name}.{t}"].ravel() for name in names])
                if f"{names[0]}.{t}" in tape.arrays
                else nothing
                for t in range(tape.computation.steps)
            ]
        )
    return found
