"""What can be done to the weights of a network in training: one of its matrices is set to something, and it goes on.
Done twice it is the same as once, so a replay need not know whether it was done."""

from typing import NamedTuple

import numpy as np

from rnn_core import Model

MATRICES = {"input": "weight_ih", "recurrent": "weight_hh", "readout": "weight_ho", "biases": "bias"}
VALUES = ("zero", "first")  # of all its numbers: 0, or those that the seed draws


class NewWeights(NamedTuple):
    """A matrix, of all layers and directions, and what it is set to."""

    matrix: str  # key in MATRICES
    values: str  # one of VALUES

    def apply(self, model: Model) -> None:
        """Let it happen to a network."""
        first = Model(model.config).state_dict() if self.values == "first" else {}
        found = model.state_dict()
        for name, array in found.items():
            if name.startswith(MATRICES[self.matrix]):
                found[name] = first.get(name, np.zeros_like(array))
        model.load_state_dict(found)
