"""Optimisers: from a gradient to an update. The formulas and the order of operations are PyTorch's.

An optimiser is one kernel over flat arrays: update(params, grads, slots, settings, step, start) with slots (2, P)
its memory, zero at first, settings as laid out in `Setting`, and step counting from 1. params and grads (N,) are all of
the network's, or N of them from number `start` on: the numbers of the memory that are theirs begin there.
"""

from collections.abc import Callable
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numba import types

from rnn_core.kernels.jit import inlined, kernel
from rnn_core.kernels.linking import array, by_address
from rnn_core.kernels.vectors import view

Array = np.ndarray


class Setting(IntEnum):
    """Positions in the array of settings (float64) that training kernels read."""

    LEARNING_RATE = 0
    MOMENTUM = 1
    BETA1 = 2
    BETA2 = 3
    ALPHA = 4
    EPS = 5
    CLIP_NORM = 6
    CLIP_VALUE = 7
    DROPOUT = 8
    SEED = 9
    VANISHING_PENALTY = 10


@inlined
def _memory(slots: Array, number: int, start: int, params: Array) -> Array:
    return view(slots, number * slots.shape[1] + start, (params.size,))


@kernel
def sgd(params: Array, grads: Array, slots: Array, settings: Array, step: int, start: int) -> None:
    """p -= lr * g (Robbins & Monro 1951)."""
    rate = params.dtype.type(settings[Setting.LEARNING_RATE])
    for i in range(params.size):
        params[i] -= rate * grads[i]


@kernel
def momentum(params: Array, grads: Array, slots: Array, settings: Array, step: int, start: int) -> None:
    """v = mu v + g; p -= lr * v (Polyak 1964)."""
    rate, mu = params.dtype.type(settings[Setting.LEARNING_RATE]), params.dtype.type(settings[Setting.MOMENTUM])
    v = _memory(slots, 0, start, params)
    for i in range(params.size):
        v[i] = mu * v[i] + grads[i]
        params[i] -= rate * v[i]


@kernel
def adagrad(params: Array, grads: Array, slots: Array, settings: Array, step: int, start: int) -> None:
    """v += g^2; p -= lr * g / (sqrt v + eps) (Duchi et al. 2011)."""
    rate, eps = params.dtype.type(settings[Setting.LEARNING_RATE]), params.dtype.type(settings[Setting.EPS])
    v = _memory(slots, 0, start, params)
    for i in range(params.size):
        v[i] += grads[i] * grads[i]
        params[i] -= rate * grads[i] / (np.sqrt(v[i]) + eps)


@kernel
def rmsprop(params: Array, grads: Array, slots: Array, settings: Array, step: int, start: int) -> None:
    """v = alpha v + (1 - alpha) g^2; p -= lr * g / (sqrt v + eps) (Tieleman & Hinton 2012)."""
    rate, eps = params.dtype.type(settings[Setting.LEARNING_RATE]), params.dtype.type(settings[Setting.EPS])
    alpha, rest = params.dtype.type(settings[Setting.ALPHA]), params.dtype.type(1.0 - settings[Setting.ALPHA])
    v = _memory(slots, 0, start, params)
    for i in range(params.size):
        v[i] = alpha * v[i] + rest * grads[i] * grads[i]
        params[i] -= rate * grads[i] / (np.sqrt(v[i]) + eps)


@kernel
def adam(params: Array, grads: Array, slots: Array, settings: Array, step: int, start: int) -> None:
    """m = b1 m + (1-b1) g; v = b2 v + (1-b2) g^2; p -= lr m' / (sqrt v' + eps) (Kingma & Ba 2015, algorithm 1)."""
    kind = params.dtype.type
    b1, b2 = settings[Setting.BETA1], settings[Setting.BETA2]
    rate = kind(settings[Setting.LEARNING_RATE] / (1.0 - b1**step))  # m' = m / (1 - b1^t)
    scale = kind(1.0 / np.sqrt(1.0 - b2**step))  # v' = v / (1 - b2^t)
    eps, beta1, rest1, beta2, rest2 = kind(settings[Setting.EPS]), kind(b1), kind(1.0 - b1), kind(b2), kind(1.0 - b2)
    m, v = _memory(slots, 0, start, params), _memory(slots, 1, start, params)
    for i in range(params.size):
        m[i] = beta1 * m[i] + rest1 * grads[i]
        v[i] = beta2 * v[i] + rest2 * grads[i] * grads[i]
        params[i] -= rate * m[i] / (np.sqrt(v[i]) * scale + eps)


SHRINK, GROW, SMALLEST, LARGEST = 0.5, 1.2, 1e-6, 50.0  # of Rprop's steps, as in the paper


@kernel
def rprop(params: Array, grads: Array, slots: Array, settings: Array, step: int, start: int) -> None:
    """p -= d sign(g); d, lr at first, grows by 1.2 where g keeps its sign, and halves, without a move, where it changes
    (Riedmiller & Braun 1993, without their step back, as PyTorch)."""
    kind = params.dtype.type
    zero, shrink, grow = kind(0.0), kind(SHRINK), kind(GROW)
    smallest, largest, first = kind(SMALLEST), kind(LARGEST), kind(settings[Setting.LEARNING_RATE])
    before, d = _memory(slots, 0, start, params), _memory(slots, 1, start, params)
    for i in range(params.size):
        size, g = first if step == 1 else d[i], grads[i]
        agree = g * before[i]
        if agree > zero:
            size = min(size * grow, largest)
        elif agree < zero:
            size = max(size * shrink, smallest)
            g = zero
        if g > zero:
            params[i] -= size
        elif g < zero:
            params[i] += size
        before[i], d[i] = g, size


class Optimizer(NamedTuple):
    """One optimiser: its kernel, how many arrays it remembers, which of them is a mean of squares, its own eps, and
    whether the learning rate is that of its first update alone: another one then begins with an empty memory."""

    update: Callable[..., None]
    slots: int = 0
    squares: int | None = None
    eps: float = 1e-8
    rate_at_first: bool = False


OPTIMIZERS = {
    "sgd": Optimizer(sgd),
    "momentum": Optimizer(momentum, 1),
    "adagrad": Optimizer(adagrad, 1, squares=0, eps=1e-10),
    "rmsprop": Optimizer(rmsprop, 1, squares=0),
    "adam": Optimizer(adam, 2, squares=1),
    "rprop": Optimizer(rprop, 2, rate_at_first=True),
}


def signature(float_type: types.Type) -> Any:
    """The Numba signature of every optimiser's kernel for this float type."""
    row, rows = array(float_type, 1), array(float_type, 2)
    return types.void(row, row, rows, array(types.float64, 1), types.int64, types.int64)


call_update = by_address(signature)
