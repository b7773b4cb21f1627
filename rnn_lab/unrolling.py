"""A recurrent layer of PyTorch computed step by step, in PyTorch: a tensor for every state and gate.

The equations are those of PyTorch's nn.RNN, nn.GRU and nn.LSTM, which are those of rnn_core/cells. T steps, B
sequences, D inputs, H units, LD = layers · directions in PyTorch's order; G blocks of rows. Tensors are `Any`: PyTorch
is loaded where there is a module of it, and nowhere else.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from rnn_core.cells import CELLS

KINDS = {"RNN_TANH": "rnn_tanh", "RNN_RELU": "rnn_relu", "GRU": "gru", "LSTM": "lstm"}  # PyTorch's and our names


class Stack(NamedTuple):
    """One layer in one direction. Lists have one tensor (B, H) for each step, in the order of the steps."""

    hidden: list[Any]
    cell: list[Any]  # none but for an LSTM
    gates: dict[str, list[Any]]
    first: tuple[Any, ...]  # the initial state h, or h and c


class Unrolled(NamedTuple):
    """All that a layer computed on one batch."""

    x: Any  # (T, B, D)
    stacks: list[Stack]
    batch_first: bool
    batched: bool  # False: the module got (T, D)


def unroll(module: Any, given: Any, state: Any) -> tuple[Any, Unrolled]:
    """(what the module returns, all that it computed) for the input and the initial state that it was given."""
    import torch

    batched, cells = given.dim() == 3, CELLS[KINDS[module.mode]].has_cell
    x = given if batched else given.unsqueeze(1)
    x = x.transpose(0, 1) if batched and module.batch_first else x
    if torch.is_grad_enabled() and not x.requires_grad:
        x = x.detach().requires_grad_()
    first = _first(module, x, state, batched)
    stacks: list[Stack] = []
    above = x
    for layer in range(module.num_layers):
        directions = range(2 if module.bidirectional else 1)
        for reverse in directions:
            number = len(stacks)
            own = tuple(_kept(part[number]) for part in first)
            stacks.append(_direction(module, f"l{layer}" + "_reverse" * reverse, above, own, bool(reverse)))
        above = torch.cat([torch.stack(stack.hidden) for stack in stacks[-len(directions) :]], -1)
        if module.dropout and module.training and layer < module.num_layers - 1:
            above = torch.nn.functional.dropout(above, module.dropout)
    states = [[stack.hidden for stack in stacks], *([[stack.cell for stack in stacks]] if cells else [])]
    ends = [torch.stack([_last(part, number, module) for number, part in enumerate(parts)]) for parts in states]
    output = above.transpose(0, 1) if batched and module.batch_first else above
    if not batched:
        output, ends = output.squeeze(1), [end.squeeze(1) for end in ends]
    return (output, tuple(ends) if cells else ends[0]), Unrolled(x, stacks, module.batch_first, batched)


def _first(module: Any, x: Any, state: Any, batched: bool) -> tuple[Any, ...]:
    """The initial state, (LD, B, H) each: as it was given, or zero."""
    cells = CELLS[KINDS[module.mode]].has_cell
    if state is not None:
        parts = tuple(state) if cells else (state,)
        return parts if batched else tuple(part.unsqueeze(1) for part in parts)
    size = module.num_layers * (2 if module.bidirectional else 1), x.shape[1], module.hidden_size
    return tuple(x.new_zeros(size).requires_grad_(x.requires_grad) for _part in range(2 if cells else 1))


def _last(states: Sequence[Any], number: int, module: Any) -> Any:
    """The state at the end: of the reverse direction that of step 0."""
    return states[0] if module.bidirectional and number % 2 else states[-1]


def _direction(module: Any, suffix: str, above: Any, first: tuple[Any, ...], reverse: bool) -> Stack:
    """One layer in one direction, on the inputs above (T, B, ·)."""
    import torch

    linear, steps, names = torch.nn.functional.linear, len(above), CELLS[KINDS[module.mode]].gates
    weights = [getattr(module, f"{name}_{suffix}") for name in ("weight_ih", "weight_hh")]
    biases = [getattr(module, f"{name}_{suffix}") if module.bias else None for name in ("bias_ih", "bias_hh")]
    inputs = linear(above, weights[0], biases[0])  # (T, B, G·H)
    hidden, cell, gates = [None] * steps, [None] * steps, {name: [None] * steps for name in names}
    state = first
    for t in reversed(range(steps)) if reverse else range(steps):
        state, opened = _step(module.mode, inputs[t], linear(state[0], weights[1], biases[1]), state)
        state = tuple(_kept(part) for part in state)
        hidden[t], cell[t] = state[0], state[-1]
        for name, gate in zip(names, opened, strict=True):
            gates[name][t] = gate
    return Stack(hidden, cell if len(first) > 1 else [], gates, first)


def _step(mode: str, own: Any, recurrent: Any, state: tuple[Any, ...]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """(the next state, the gates), of W_ih x + b_ih, W_hh h + b_hh, and the state before."""
    if mode == "LSTM":
        i, f, g, o = (own + recurrent).chunk(4, -1)
        i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
        c = f * state[1] + i * g
        return (o * c.tanh(), c), (i, f, g, o)
    if mode == "GRU":
        (r, z, n), (from_r, from_z, from_n) = own.chunk(3, -1), recurrent.chunk(3, -1)
        r, z = (r + from_r).sigmoid(), (z + from_z).sigmoid()
        n = (n + r * from_n).tanh()
        return ((1 - z) * n + z * state[0],), (r, z, n)
    a = own + recurrent
    return (a.relu() if mode == "RNN_RELU" else a.tanh(),), ()


def _kept(state: Any) -> Any:
    """The state, which keeps its gradient after backward()."""
    if state.requires_grad:
        state.retain_grad()
    return state
