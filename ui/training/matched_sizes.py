"""Hidden sizes that give different cells the same number of parameters, for a fair comparison (Chung et al. 2014)."""

from rnn_core import CELLS

SMALLEST, LARGEST = 1, 256


def parameters(
    cell: str, input_size: int, hidden_size: int, output_size: int, num_layers: int = 1, bidirectional: bool = False
) -> int:
    """How many numbers a network learns, with biases.

    >>> parameters("rnn_tanh", 13, 24, 8), parameters("lstm", 13, 24, 8), parameters("gru", 13, 24, 8, 2, True)
    (1136, 3944, 16664)
    >>> parameters("lstm_peephole", 13, 24, 8) - parameters("lstm", 13, 24, 8)
    72
    """
    own = sum(blocks for _name, blocks in CELLS[cell].own) * hidden_size
    directions, rows = 1 + bidirectional, CELLS[cell].blocks * hidden_size
    width = directions * hidden_size
    inputs = input_size + (num_layers - 1) * width  # of all layers together
    return directions * (rows * (inputs + num_layers * (hidden_size + 2)) + num_layers * own) + output_size * (
        width + 1
    )


def matched_size(
    cell: str, input_size: int, output_size: int, budget: int, num_layers: int = 1, bidirectional: bool = False
) -> int:
    """Hidden size whose number of parameters lies nearest to the budget.

    >>> [matched_size(cell, 13, 8, budget=3944) for cell in ("rnn_tanh", "gru", "lstm")]
    [52, 28, 24]
    """
    sizes = range(SMALLEST, LARGEST + 1)
    shape = num_layers, bidirectional
    return min(sizes, key=lambda size: abs(parameters(cell, input_size, size, output_size, *shape) - budget))
