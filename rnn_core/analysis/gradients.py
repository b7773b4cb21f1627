"""Gradients looked at one by one: how far each loss reaches back, and whether backpropagation is right."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.cells import CELLS
from rnn_core.errors import ConfigError, InputError
from rnn_core.inputs import check, check_number, check_state, check_whole
from rnn_core.kernels.arguments import Truncation
from rnn_core.kernels.buffers import allocate
from rnn_core.kernels.engine import Until
from rnn_core.model import Model, needed
from rnn_core.trace import State

MAX_ONE_HOT = 1 << 24


def itemised_gradients(model: Model, x: ArrayLike, targets: ArrayLike, state: ArrayLike | None = None) -> np.ndarray:
    """(T, LD, T+1, B, H): [t] is the gradient of the loss of step t alone with respect to every state.

    The loss of step t is its mean over the batch, in nats; states are indexed as in `Trace.hidden`. Summed over t and
    divided by T this is `Trace.d_hidden` of full backpropagation; with the entries t - k > K left out, that of
    windowed truncation at K (Williams & Peng 1990 for the idea of itemising).

    model : one that is read after every step. x, targets, state : as for `Model.backward`.
    Raises InputError where x, targets or state do not fit, ConfigError for output="last" and where the result would
    take more than a gigabyte.
    """
    if model.config.output != "every":
        raise ConfigError("output is 'last': there is one loss, and Trace.d_hidden already is its gradient")
    inputs = check(model.config, x, needed(targets))
    steps = inputs.steps
    buffers = allocate(model.layout, model.config, steps, inputs.batch, windowed=True, flow=True)
    model._pass(inputs, state, buffers, Until.BACKWARD, Truncation(window=steps))
    return buffers.flow * steps


def gradient_flow(
    model: Model, x: ArrayLike, targets: ArrayLike, layer: int = -1, state: ArrayLike | None = None
) -> np.ndarray:
    """(T, T): [t, k] = ||d loss_t / d h_k||, the norm over batch and units of one layer's states (Pascanu et al. 2013).

    Zero for k > t in a network that reads in one direction; in a bidirectional one the norm is over both directions.

    model, x, targets, state : as for `itemised_gradients`. layer : counts as Python does, -1 is the top.
    Raises InputError and ConfigError as `itemised_gradients` does, InputError also for a layer that there is not.
    """
    layers, directions = model.config.num_layers, model.config.directions
    layer = check_whole("layer", layer, -layers, layers - 1) % layers
    return matrix_of(itemised_gradients(model, x, targets, state)[:, layer * directions : (layer + 1) * directions])


def matrix_of(items: np.ndarray) -> np.ndarray:
    """(T, T): [t, k] = the norm of itemised gradients (T, D, T+1, B, H) by the states of step k, over all the rest."""
    items = items[:, :, 1:]
    return np.sqrt(np.einsum("tdkbh,tdkbh->tk", items, items, dtype=np.float64))


def check_gradients(
    model: Model,
    x: ArrayLike,
    targets: ArrayLike,
    state: ArrayLike | None = None,
    mask: ArrayLike | None = None,
    step: float = 1e-5,
    entries: int = 200,
    seed: int = 0,
) -> Mapping[str, float]:
    """Quantity -> relative error ||backward - differences|| / ||differences||, in float64.

    Central differences (f(p + step) - f(p - step)) / (2 step) against `Model.backward`, for each parameter, the input
    (ids as one-hot vectors), the initial hidden state and, for an LSTM, the initial cell state. Where a quantity
    has more than `entries` numbers, so many are drawn at random with `seed`. Differences alone cannot see a forward
    and a backward pass that are wrong together. A quantity whose gradient is zero both ways has error 0. Expect
    1e-9 to 1e-7 for smooth cells; a ReLU that `step` pushes across its kink shows up as a larger error. The initial
    hidden state of a cell with layer normalisation is moved by a hundredth of `step`: products that are zero are
    divided by the root of 1e-5, and their gradient changes within some thousandths.

    model : in either float type; nothing is changed in it. x, targets, state, mask : as for `Model.backward`.
    Raises InputError and ConfigError as `Model.backward` does; InputError also for step, entries or seed out of range,
    and for ids that would make too many one-hot numbers.
    """
    entries, seed = check_whole("entries", entries, 1, 10**9), check_whole("seed", seed, 0, 2**63)
    step = check_number("step", step, 1e-12, 1)
    inputs = check(model.config, x, needed(targets), mask)
    exact = model.astype("float64")
    config = exact.config
    values = inputs.values.astype(np.float64)
    if inputs.ids.size:
        numbers = inputs.ids.size * config.input_size
        if numbers > MAX_ONE_HOT:
            raise InputError(
                f"x has {inputs.ids.size} ids of {config.input_size} symbols, {numbers} numbers as one-hot vectors; "
                f"expected at most {MAX_ONE_HOT}: check a shorter sequence"
            )
        values = np.zeros((*inputs.ids.shape, config.input_size))
        np.put_along_axis(values, inputs.ids[..., None], 1.0, axis=-1)
    shape = (config.num_layers * config.directions, inputs.batch, config.hidden_size)
    pair = check_state(config, state, inputs.batch)
    hidden, cell = (np.zeros(shape) if part is None else part for part in pair)

    def start() -> State:
        return (hidden, cell) if CELLS[config.cell].has_cell else hidden

    trace = exact.backward(values, targets, start(), mask)
    gradients = dict(trace.grads) | {"input": trace.d_input, "initial_hidden": trace.d_hidden[:, 0]}
    if trace.d_cell is not None:
        gradients["initial_cell"] = trace.d_cell[:, 0]
    arrays = {"input": values, "initial_hidden": hidden, "initial_cell": cell} | exact.state_dict()
    rng = np.random.default_rng(seed)
    errors = {}
    for name, gradient in gradients.items():
        array = arrays[name]
        chosen = np.arange(array.size) if array.size <= entries else rng.choice(array.size, entries, replace=False)
        differences = np.empty(len(chosen))
        moved = step / 100 if CELLS[config.cell].normalised and name == "initial_hidden" else step
        for row, index in enumerate(chosen):
            at = np.unravel_index(index, array.shape)
            before, losses = array[at], []
            for value in (before + moved, before - moved):
                array[at] = value
                if name in trace.grads:
                    exact.load_state_dict({key: arrays[key] for key in trace.grads})
                losses.append(exact.loss(values, targets, start(), mask))
            array[at] = before
            differences[row] = (losses[0] - losses[1]) / (2 * moved)
        if name in trace.grads:
            exact.load_state_dict({key: arrays[key] for key in trace.grads})
        error, size = np.linalg.norm(gradient.ravel()[chosen] - differences), np.linalg.norm(differences)
        errors[name] = float(error / size) if size > 0 else float(error)
    return errors
