"""What an unrolled network would have to learn if no step shared its weights with another."""

from rnn_core import Model


def unshared_parameters(model: Model, steps: int) -> int:
    """Parameters of the same unrolled network if no step shared U, V, W and the biases with another.

    >>> from rnn_core import ModelConfig
    >>> config = ModelConfig("rnn_tanh", input_size=8000, hidden_size=100, output_size=8000, bias=False)
    >>> Model(config).num_parameters, unshared_parameters(Model(config), 5)
    (1610000, 8050000)
    """
    read_out = sum(value.size for name, value in model.state_dict().items() if name in ("weight_ho", "bias_o"))
    outputs = steps if model.config.output == "every" else 1
    return (model.num_parameters - read_out) * steps + read_out * outputs
