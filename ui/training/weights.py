"""What can be done to the weights of a network in training: one of its matrices is set to something, and it goes on.
Done twice it is the same as once, so a replay need not know whether it was done."""

from typing import NamedTuple

import numpy as np

from rnn_core import CELLS, Model

MATRICES = {  # beginnings of the parameters' names
    "input": "weight_ih",
    "recurrent": "weight_hh",
    "readout": "weight_ho",
    "peepholes": "weight_ch",
    "gains": "gain",
    "biases": "bias",
}
VALUES = ("zero", "first")  # of all its numbers: 0, or those that the seed draws


def matrices_of(cell: str, bias: bool) -> tuple[str, ...]:
    """Keys in MATRICES of what a network with this cell has.

    >>> matrices_of("lstm_peephole", bias=False), matrices_of("gru", bias=True)[-1]
    (('input', 'recurrent', 'readout', 'peepholes'), 'biases')
    """
    found = ["weight_ih", "weight_hh", "weight_ho", *(name for name, _blocks in CELLS[cell].own_parameters(bias))]
    found += ["bias"] if bias else []
    return tuple(key for key, start in MATRICES.items() if any(name.startswith(start) for name in found))


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
