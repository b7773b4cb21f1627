"""A hook for one's own PyTorch module: every state, gate and gradient of its nn.RNN, nn.GRU or nn.LSTM.

PyTorch computes a whole sequence in one call; it returns the states of the top layer alone, and the gradient that it
gives them lacks what comes back through the recurrence. While it is recorded, the layer is therefore computed step by
step from its own weights, by PyTorch and in its graph: the same numbers but for rounding, slower, with a tensor for
each state, whose gradient sums all paths. What the module returns is made of these.
"""

from dataclasses import replace
from types import TracebackType
from typing import Any, Self, cast

import numpy as np
from numpy.typing import ArrayLike

from rnn_core import CELLS, InputError, ModelConfig, Trace
from rnn_core.analysis.jacobians import CARRIERS, slopes
from rnn_core.analysis.reach import kept
from rnn_core.inputs import check_whole
from rnn_lab.measuring import Gradients, one_sequence, stack_of
from rnn_lab.outputs import Layout, Outputs, array_of, outputs_of
from rnn_lab.unrolling import KINDS, Unrolled, unroll
from ui.gradients.analysis import GradientFlow


def record(module: Any) -> "Recording":
    """The Recording of a PyTorch module, which records in a `with` block.

        with record(module) as recording:
            logits = module(x)
        loss(logits, targets).backward()
        figures.score(recording.trace(ids=x, logits=logits, targets=targets), vocabulary)

    module : an nn.RNN, nn.GRU or nn.LSTM, or a module with exactly one of these in it.

    Raises InputError for any other module, for projections (proj_size), and where PyTorch is not installed.
    """
    return Recording(_recurrent(module))


class Recording:
    """What the recurrent layer of a PyTorch module computed in its last call within the `with` block.

    T steps, B sequences, H units, K outputs. Arrays and tensors are given as the module has them: (B, T, ...) with
    batch_first=True, (T, ...) where it was given one sequence alone.
    """

    def __init__(self, layer: Any) -> None:
        self._layer, self._hook = layer, cast(Any, None)
        self._unrolled: Unrolled | None = None

    def __enter__(self) -> Self:
        self._hook = self._layer.register_forward_hook(self._take, with_kwargs=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._hook.remove()

    def _take(self, layer: Any, positional: tuple[Any, ...], named: dict[str, Any], _output: Any) -> Any:
        """PyTorch's forward hook: what it returns takes the place of the layer's output."""
        given = dict(zip(("input", "hx"), positional, strict=False)) | named
        if not hasattr(given["input"], "dim"):
            raise InputError(f"the module reads a {type(given['input']).__name__}; expected a tensor, not packed")
        output, self._unrolled = unroll(layer, given["input"], given.get("hx"))
        return output

    def trace(
        self, *, ids: ArrayLike | None = None, logits: ArrayLike | None = None, targets: ArrayLike | None = None
    ) -> Trace:
        """What was recorded as a Trace; after backward() with the gradient of the loss by each state, all paths summed.

        Parameters
        ----------
        ids : (T, B) of the symbols that the layer's inputs stand for; None: the inputs (T, B, D) themselves.
        logits : (T, B, K) that the module made of the states, or (B, K) at the end alone; None: no outputs are shown.
        targets : (T, B) or (B) ids, below 0 where none counts (PyTorch's ignore_index): cross-entropy in nats; or
            floats of the logits' shape: squared error.

        Raises InputError where nothing was recorded or a shape does not fit, and ConfigError where the layer is larger
        than a ModelConfig can say.
        """
        whole, layout = self._recorded()
        outputs = outputs_of(layout, logits, targets)
        hidden, d_hidden = _states([[stack.first[0], *stack.hidden] for stack in whole.stacks])
        cell, d_cell = None, None
        if CELLS[KINDS[self._layer.mode]].has_cell:
            cell, d_cell = _states([[stack.first[1], *stack.cell] for stack in whole.stacks])
        names = whole.stacks[0].gates
        return Trace(
            config=self._config(outputs, hidden),
            x=array_of("the input", whole.x) if ids is None else _ids(layout, ids),
            hidden=hidden,
            cell=cell,
            gates={name: _states([stack.gates[name] for stack in whole.stacks])[0] for name in names},
            pre_activation=None,
            loss=None,
            grads=None,
            grad_norm=None,
            d_logits=None,
            d_hidden=d_hidden,
            d_cell=d_cell,
            d_input=None,
            **outputs._asdict(),
        )

    def measure_gradients(
        self,
        losses: Any,
        *,
        ids: ArrayLike | None = None,
        sequence: int = 0,
        layer: int = -1,
        step: int | None = None,
    ) -> Gradients:
        """The Gradients of one sequence, by one pass backwards for each loss; call it before backward().

        Parameters
        ----------
        losses : tensor (T, B) of the loss of each step (cross_entropy(..., reduction="none")), or (B) at the end.
        ids : (T, B) of the symbols that the layer's inputs stand for, to be shown. sequence : 0 .. B-1.
        layer : layer · directions + direction. step : whose loss is followed back to the inputs; None: the last.

        The gradient of training is that of the mean of these losses. Raises InputError where a shape does not fit, or
        where the losses have no graph to the states.
        """
        whole, layout = self._recorded()
        if not getattr(losses, "requires_grad", False):
            raise InputError(
                "losses carry no gradient; expected a tensor made of the module's output, not in no_grad()"
            )
        rows = layout.time_first("losses", losses)
        trace = self.trace(ids=ids)
        check_whole("sequence", sequence, 0, layout.batch - 1)
        stack, last, end = stack_of(trace, layer), len(rows) == 1, layout.steps - 1
        at = end if step is None else check_whole("step", step, 0, end)
        at = end if last else at
        states = [whole.stacks[stack].first[0], *whole.stacks[stack].hidden]
        size = layout.steps, layout.steps
        flow, total, inputs = np.full(size, np.nan), np.zeros(trace.hidden[stack, :, 0].shape), np.zeros(layout.steps)
        kept_states = [
            (state, state.grad) for part in whole.stacks for state in (*part.first, *part.hidden, *part.cell)
        ]
        for t, loss in zip([end] if last else range(layout.steps), rows[:, sequence], strict=True):
            by_state, by_input = _gradients(loss, states, whole.x, sequence)
            flow[t] = np.linalg.norm(by_state[1:], axis=-1)
            total += by_state / len(rows)
            if t == at:
                inputs = np.linalg.norm(by_input, axis=-1)
        for state, grad in kept_states:  # each pass has added to what the states keep of backward()
            state.grad = grad
        one = one_sequence(trace, sequence)
        d_hidden = np.zeros_like(one.hidden)
        d_hidden[stack, :, 0] = total
        kind = one.config.cell
        found = GradientFlow(
            stack=stack,
            trace=replace(one, d_hidden=d_hidden),
            flow=flow,
            used=kept(layout.steps, None),
            slopes=slopes(one, stack),
            carrier=CARRIERS.get(kind, ""),
        )
        return Gradients(found, at, inputs)

    def _recorded(self) -> tuple[Unrolled, Layout]:
        """What was recorded, and how the module's arrays lie."""
        whole = self._unrolled
        if whole is None:
            raise InputError("nothing was recorded; call the module inside `with record(module) as recording:`")
        return whole, Layout(whole.x.shape[0], whole.x.shape[1], whole.batch_first, whole.batched)

    def _config(self, outputs: Outputs, hidden: np.ndarray) -> ModelConfig:
        """The layer as rnn_core would have it."""
        layer, numbers = self._layer, outputs.targets is not None and outputs.targets.ndim == 3
        return ModelConfig(
            KINDS[layer.mode],
            input_size=layer.input_size,
            hidden_size=layer.hidden_size,
            output_size=outputs.logits.shape[2],
            num_layers=layer.num_layers,
            bidirectional=layer.bidirectional,
            bias=layer.bias,
            output="last" if len(outputs.logits) == 1 else "every",
            loss="mse" if numbers else "cross_entropy",
            dtype=str(hidden.dtype),
        )


def _recurrent(module: Any) -> Any:
    """The recurrent layer of a module."""
    try:
        from torch import nn
    except ImportError as error:
        raise InputError("recording a module needs PyTorch, which is not installed: pip install torch") from error
    if not isinstance(module, nn.Module):
        raise InputError(f"module is a {type(module).__name__}; expected a torch.nn.Module")
    layers = {name: part for name, part in module.named_modules() if isinstance(part, nn.RNNBase)}
    if len(layers) != 1:
        names = ", ".join(layers) or "none"
        raise InputError(f"the module has {len(layers)} recurrent layers ({names}); expected one: record(module.name)")
    (layer,) = layers.values()
    if layer.proj_size:
        raise InputError(f"the LSTM has proj_size={layer.proj_size}; expected one without projections")
    return layer


def _ids(layout: Layout, ids: ArrayLike) -> np.ndarray:
    """(T, B) ids of symbols."""
    found = layout.time_first("ids", array_of("ids", ids))
    if found.dtype.kind not in "iu" or len(found) != layout.steps or found.min() < 0:
        raise InputError(f"ids have type {found.dtype} and begin at {found.min()}; expected integers from 0 on")
    return found.astype(np.int32)


def _states(stacks: list[list[Any]]) -> tuple[np.ndarray, np.ndarray | None]:
    """(states, their gradients or None before backward()), each (LD, T, B, H), of lists of tensors."""
    values = np.stack([[array_of("a state", state) for state in states] for states in stacks])
    grads = [[state.grad if state.is_leaf or state.retains_grad else None for state in states] for states in stacks]
    if all(grad is None for states in grads for grad in states):
        return values, None
    d_values = np.zeros_like(values)
    for number, states in enumerate(grads):
        for t, grad in enumerate(states):
            if grad is not None:
                d_values[number, t] = array_of("a gradient", grad)
    return values, d_values


def _gradients(loss: Any, states: list[Any], x: Any, sequence: int) -> tuple[np.ndarray, np.ndarray]:
    """((T+1, H), (T, D)): the gradient of one loss by the states of one sequence, and by its inputs."""
    import torch

    try:
        found = torch.autograd.grad(loss, [*states, x], retain_graph=True, allow_unused=True)
    except RuntimeError as error:
        raise InputError(
            f"the losses' graph cannot be walked ({str(error).split('.')[0]}); call measure_gradients before backward()"
        ) from error
    size = states[0].shape[1]
    by_state = [np.zeros(size) if grad is None else array_of("a gradient", grad[sequence]) for grad in found[:-1]]
    by_input = np.zeros(x[:, sequence].shape) if found[-1] is None else array_of("a gradient", found[-1][:, sequence])
    return np.stack(by_state).astype(np.float64), by_input.astype(np.float64)
