"""The read-out looked at: applied at every step, and taken apart by direction."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.errors import ConfigError
from rnn_core.model import Model
from rnn_core.trace import Trace


def at_every_step(model: Model, x: ArrayLike) -> Trace:
    """The Trace of reading x (T, B) with the read-out applied after every step, also where only the last one counts.

    The last outputs are the model's own. ConfigError for a bidirectional network read at its ends, which has no
    output before it has read everything.

    >>> from rnn_core import ModelConfig
    >>> model = Model(ModelConfig("gru", 4, 3, 2, output="last", seed=1))
    >>> x = [[0], [3], [1]]
    >>> bool(np.allclose(at_every_step(model, x).logits[-1], model.forward(x).logits[0], atol=1e-6))
    True
    """
    if model.config.bidirectional and model.config.output == "last":
        raise ConfigError("the network is bidirectional with output='last'; expected one direction or output='every'")
    same = Model(replace(model.config, output="every"))
    same.parameters[:] = model.parameters
    return same.forward(x)


class Shares(NamedTuple):
    """logits = forwards + backwards + bias, as in a bidirectional network V [→s; ←s] + b."""

    forwards: np.ndarray  # (S, B, K)
    backwards: np.ndarray  # (S, B, K)
    bias: np.ndarray  # (K,)


def by_direction(model: Model, trace: Trace) -> Shares:
    """Contribution of each direction to the logits of `trace`, a pass of this bidirectional model with output "every".

    Raises ConfigError for any other model.
    """
    config = model.config
    if not config.bidirectional or config.output != "every":
        raise ConfigError(f"bidirectional is {config.bidirectional}, output {config.output!r}; expected True, 'every'")
    parameters, size = model.state_dict(), config.hidden_size
    weight = parameters["weight_ho"]
    forwards, backwards = trace.hidden[-2, 1:], trace.hidden[-1, 1:]
    bias = parameters.get("bias_o", np.zeros(config.output_size, weight.dtype))
    return Shares(forwards @ weight[:, :size].T, backwards @ weight[:, size:].T, bias)
