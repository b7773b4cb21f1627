"""A network: its parameters, and passes over one batch that leave a `Trace`."""

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.config import TRUNCATIONS, ModelConfig
from rnn_core.errors import ConfigError, InputError
from rnn_core.inputs import Inputs, check, check_state, check_whole
from rnn_core.kernels.arguments import NO_WINDOW, Batches, Parameters, Span, Truncation
from rnn_core.kernels.buffers import Buffers, allocate
from rnn_core.kernels.engine import GRAD_NORM, LOSS, Until, passes
from rnn_core.kernels.vectors import aligned
from rnn_core.optimizers import Setting
from rnn_core.parameters import initial, layout, to_flat, to_mapping, views
from rnn_core.trace import BackwardTrace, Trace, backward_trace_of, trace_of

NO_SETTINGS, FRESH, FULL = np.zeros(len(Setting)), np.ones(1, bool), Truncation()


class Model:
    """A recurrent network with a linear read-out; `config` says which.

    Raises ConfigError for what is no ModelConfig, or would have too many parameters.

    >>> from rnn_core import Model, ModelConfig
    >>> model = Model(ModelConfig(cell="gru", input_size=5, hidden_size=3, output_size=5, seed=1))
    >>> trace = model.forward([[0], [4], [2]])
    >>> trace.hidden.shape, trace.probs.shape
    ((1, 4, 1, 3), (3, 1, 5))
    """

    def __init__(self, config: ModelConfig) -> None:
        if not isinstance(config, ModelConfig):
            raise ConfigError(f"config is a {type(config).__name__}; expected a ModelConfig")
        self.config = config
        self.layout = layout(config)
        self.parameters = aligned((self.layout.size,), config.dtype)  # flat; see rnn_core.parameters
        self.parameters[:] = initial(config, self.layout)
        self.vocabulary: tuple[str, ...] | None = None  # what its ids stand for: that of the task of its first Trainer

    def __repr__(self) -> str:
        return f"Model({self.config})"

    def __setstate__(self, state: dict[str, Any]) -> None:
        """A copy, and what was pickled, gets parameters of its own, in a room that is aligned as the original's was."""
        vars(self).update(state)
        self.parameters = aligned(state["parameters"].shape, self.config.dtype)
        self.parameters[:] = state["parameters"]

    @property
    def num_parameters(self) -> int:
        """Number of learned parameters."""
        return self.layout.size

    def state_dict(self) -> dict[str, np.ndarray]:
        """Copies of the parameters under PyTorch's names and shapes; the read-out is weight_ho (K, W) and bias_o."""
        return to_mapping(self.layout.entries, self.parameters)

    def load_state_dict(self, mapping: Mapping[str, ArrayLike]) -> None:
        """Take over parameters under the names of `state_dict`.

        mapping : arrays or PyTorch's tensors, names and shapes as `state_dict` gives them. What a wrapper puts before
        all of the names, such as "module.", is left out. Raises InputError that names what is wrong, and which name
        probably means which; nothing changes then.
        """
        self.parameters[:] = to_flat(self.layout.entries, mapping, self.config.dtype)

    def copy(self) -> "Model":
        """An independent network with the same parameters."""
        return copy.copy(self)  # configuration and layout never change

    def astype(self, dtype: str) -> "Model":
        """An independent network with the same parameters in another dtype, "float32" or "float64"; InputError where
        they overflow."""
        other = Model(replace(self.config, dtype=dtype))
        other.load_state_dict(self.state_dict())
        other.vocabulary = self.vocabulary
        return other

    def forward(self, x: ArrayLike, state: ArrayLike | None = None) -> Trace:
        """The Trace of reading x: states, gates, logits, probabilities.

        Parameters
        ----------
        x : (T, B) integer ids below input_size, or (T, B, input_size) floats.
        state : initial state (L * directions, B, H), for an LSTM the pair (hidden, cell); None is zero.

        Raises
        ------
        InputError : says what was given and what is needed. ConfigError : it would take more than a gigabyte.
        """
        inputs = check(self.config, x)
        buffers = allocate(self.layout, self.config, inputs.steps, inputs.batch)
        self._pass(inputs, state, buffers, Until.FORWARD)
        return trace_of(self.config, inputs, buffers)

    def loss(
        self, x: ArrayLike, targets: ArrayLike, state: ArrayLike | None = None, mask: ArrayLike | None = None
    ) -> float:
        """The mean loss over the predicted steps (nats, or squared error), as `backward` reports it, without going
        backwards.

        x, targets, state, mask : as for `backward`.

        Raises InputError and ConfigError as `backward` does.
        """
        inputs = check(self.config, x, needed(targets), mask)
        buffers = allocate(self.layout, self.config, inputs.steps, inputs.batch)
        return float(self._pass(inputs, state, buffers, Until.LOSS)[0][LOSS])

    def backward(
        self,
        x: ArrayLike,
        targets: ArrayLike,
        state: ArrayLike | None = None,
        mask: ArrayLike | None = None,
        truncate: int | None = None,
        truncation: str = "windowed",
        d_state: ArrayLike | None = None,
    ) -> BackwardTrace:
        """The Trace of reading x and of backpropagation through time, full or truncated.

        Parameters
        ----------
        x, state : as for `forward`.
        targets : (T, B) ids or (T, B, K) floats; with output="last" (B,) or (B, K). With loss="ctc" (T, B) ids that
            spell the labels as a path does: equal neighbours are one label, 0 is none.
        mask : (T, B), or (B,): weight of each predicted step, at least 0; the loss is the weighted mean. None: all 1.
            With loss="ctc" 1 or 0; a step of weight 0 is left out of every path.
        truncate : None for all steps, or k >= 1.
        truncation : "windowed": the loss at t reaches the states t-k .. t (Elman 1990, WildML), in a bidirectional
            network t-k .. t+k. "chunked": no gradient from step s to s-1 where s is a multiple of k (char-rnn).
        d_state : gradient of something else by the final state, shaped as `Trace.state`, that is added to the loss's
            there: what reads the final state, such as a decoder, sends it. None: nothing does.

        Raises
        ------
        InputError, ConfigError : say what was given and what is needed.
        """
        inputs = check(self.config, x, needed(targets), mask)
        reach = bounds(self.config, truncate, truncation)
        buffers = allocate(
            self.layout, self.config, inputs.steps, inputs.batch, windowed=reach.window != NO_WINDOW, d_input=True,
            d_last=d_state is not None,
        )  # fmt: skip
        if d_state is not None:
            if reach.window != NO_WINDOW:
                raise ConfigError("truncation is 'windowed' with d_state, which has no step; expected truncate=None")
            hidden, cell = check_state(self.config, d_state, inputs.batch, "d_state")
            buffers.d_last_hidden[:] = hidden
            if cell is not None:
                buffers.d_last_cell[:] = cell
        numbers, grads = self._pass(inputs, state, buffers, Until.BACKWARD, reach)
        return backward_trace_of(
            self.config, inputs, buffers, float(numbers[LOSS]), views(self.layout.entries, grads),
            float(numbers[GRAD_NORM]),
        )  # fmt: skip

    def _pass(
        self,
        inputs: Inputs,
        state: ArrayLike | None,
        buffers: Buffers,
        until: Until,
        reach: Truncation = FULL,
    ) -> tuple[np.ndarray, np.ndarray]:
        """(loss, gradient norm, -) and the flat gradient of one pass."""
        hidden, cell = check_state(self.config, state, inputs.batch)
        if hidden is not None:
            buffers.hidden[:, 0] = hidden
        if cell is not None:
            buffers.cell[:, 0] = cell
        history = np.zeros((1, 3))
        grads = aligned((self.num_parameters if until >= Until.BACKWARD else 0,), self.config.dtype)
        passes(self.config.cell, None, self.config.dtype, ctc=self.config.loss == "ctc")(
            self.layout.shape,
            self.layout.offsets,
            Parameters(self.parameters, grads, np.zeros((2, 0), self.config.dtype), NO_SETTINGS),
            Batches._make((*(part[None] for part in inputs), FRESH)),
            Span(0, 1, 0, 0),
            int(until),
            reach,
            buffers,
            history,
        )
        return history[0], grads


def bounds(config: ModelConfig, truncate: int | None, truncation: str) -> Truncation:
    """How far the kernels go back, from what `truncate=` and `truncation=` were given.

    Raises ConfigError or InputError where they fit no pass of this network.
    """
    if truncation not in TRUNCATIONS:
        raise ConfigError(f"truncation is {truncation!r}; expected one of {', '.join(map(repr, TRUNCATIONS))}")
    if truncate is None:
        return FULL
    truncate = check_whole("truncate", truncate, 1, 1_000_000)
    if truncation == "chunked":
        return Truncation(chunk=truncate)
    if config.bidirectional and config.output == "last":
        raise ConfigError(
            "truncation is 'windowed' for a bidirectional network read only at the end, whose two last states lie at "
            "opposite ends; expected truncation='chunked' or truncate=None"
        )
    return Truncation(window=truncate)


def needed(targets: ArrayLike | None) -> ArrayLike:
    """targets, which must not be None. Raises InputError."""
    if targets is None:
        raise InputError("targets is None; expected the targets of each predicted step (use forward without them)")
    return targets
