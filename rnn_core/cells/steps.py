"""The order in which a layer visits its steps, forwards and backwards, in either direction.

`hidden` and `cell` have T+1 entries: index 0 is the initial state, index t+1 the state at step t, for the reverse
direction as well, whose initial state comes before step T-1. Seen as a step it is -1, for the reverse direction T.
"""

from rnn_core.kernels.jit import inlined, part
from rnn_core.kernels.vectors import view


@part
def forward_step(i, steps, reverse):
    """The step that the forward pass visits as its i-th."""
    return steps - 1 - i if reverse else i


@part
def previous_state(t, steps, reverse):
    """Index in `hidden` of the state that step t starts from."""
    if reverse:
        return t + 2 if t + 1 < steps else 0
    return t


@part
def steps_between(first, last, steps):
    """Number of steps that the backward pass visits when only states at first <= s < last receive gradient."""
    return min(last, steps) - max(first, 0)


@part
def backward_step(i, first, last, steps, reverse):
    """The step that the backward pass visits as its i-th."""
    return max(first, 0) + i if reverse else min(last, steps) - 1 - i


@part
def flows_on(t, first, last, chunk, steps, reverse):
    """Whether the gradient goes on from step t to the state before it: not out of the window, not across a cut."""
    if reverse:
        return t + 1 < last and ((t + 1) % chunk != 0 or t + 1 == steps)
    return t - 1 >= first and (t % chunk != 0 or t == 0)


@inlined
def sequences(a, t, begin, end):
    """The rows of a part of the batch at one index of time: a (T, B, W) -> (end - begin, W)."""
    return view(a, (t * a.shape[1] + begin) * a.shape[2], (end - begin, a.shape[2]))


@inlined
def block(row, k, size):
    """The k-th block of `size` numbers in a row: one gate of all units."""
    return view(row, k * size, (size,))
