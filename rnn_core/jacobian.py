"""How strongly the last output depends on each earlier state: the curve that tells before training who can learn."""

from dataclasses import replace

import numpy as np

from rnn_core.inputs import check
from rnn_core.model import Model


def output_jacobian(model: Model, x) -> np.ndarray:
    """(T,): [t] is the Frobenius norm of d o_last / d h_t, the root of its mean square over the batch.

    o is the output before any softmax, h_t the state of the top layer (of both directions) after step t; the last
    entry is that of the read-out alone. Nothing here depends on targets or on the loss: it is a property of the
    network and of what it reads.

    Each output is differentiated by a backward pass of its own, side by side in one batch: the squared error of
    targets that lie 1 below an output has the gradient of that output, times 2 / (K · number of sequences).

    >>> from rnn_core import ModelConfig
    >>> model = Model(ModelConfig("rnn_tanh", 3, 4, 2))
    >>> curve = output_jacobian(model, np.zeros((5, 1), np.int32))
    >>> bool(np.isclose(curve[-1], np.linalg.norm(model.state_dict()["weight_ho"])))
    True
    """
    check(model.config, x)
    x = np.asarray(x)
    batch, size = x.shape[1], model.config.output_size
    probe = Model(replace(model.config, loss="mse"))
    probe.load_state_dict(model.state_dict())
    repeated = np.repeat(x, size, axis=1)  # each sequence K times, once for each output
    outputs = probe.forward(repeated).logits
    targets = outputs.copy()
    targets[-1, np.arange(batch * size), np.tile(np.arange(size), batch)] -= 1
    if model.config.output == "last":
        trace = probe.backward(repeated, targets[0])
    else:
        mask = np.zeros(outputs.shape[:2])
        mask[-1] = 1
        trace = probe.backward(repeated, targets, mask=mask)
    directions = model.config.directions
    gradient = trace.d_hidden[-directions:, 1:].astype(np.float64) * (size * batch * size / 2)
    return np.sqrt(np.einsum("dtbh,dtbh->t", gradient, gradient) / batch)
