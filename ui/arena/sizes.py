"""Hidden sizes that give different cells the same number of parameters, for a fair comparison (Chung et al. 2014)."""

from rnn_core import CELLS

SMALLEST, LARGEST = 1, 256


def parameters(cell: str, input_size: int, hidden_size: int, output_size: int) -> int:
    """How many numbers a network of one layer learns, with biases.

    >>> parameters("rnn_tanh", 13, 24, 8), parameters("lstm", 13, 24, 8)
    (1136, 3944)
    """
    blocks = CELLS[cell].blocks
    return hidden_size * (blocks * (input_size + hidden_size + 2) + output_size) + output_size


def matched_size(cell: str, input_size: int, output_size: int, budget: int) -> int:
    """The hidden size whose number of parameters lies nearest to the budget.

    >>> [matched_size(cell, 13, 8, budget=3944) for cell in ("rnn_tanh", "gru", "lstm")]
    [52, 28, 24]
    """
    sizes = range(SMALLEST, LARGEST + 1)
    return min(sizes, key=lambda size: abs(parameters(cell, input_size, size, output_size) - budget))
