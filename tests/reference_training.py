"""Slow oracles of what surrounds the network: PyTorch's optimisers and clipping, and the sampling distribution.

An optimiser is a function (p, g, state, lr) -> (p, state) on one array; state starts as None.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from reference import PAIRS, run


def sgd(p, g, state, lr):
    return p - lr * g, state


def momentum(p, g, state, lr, mu=0.9):
    v = g if state is None else mu * state + g
    return p - lr * v, v


def adagrad(p, g, state, lr, eps=1e-10):
    s = (0 if state is None else state) + g * g
    return p - lr * g / (np.sqrt(s) + eps), s


def rmsprop(p, g, state, lr, alpha=0.99, eps=1e-8):
    s = alpha * (0 if state is None else state) + (1 - alpha) * g * g
    return p - lr * g / (np.sqrt(s) + eps), s


def adam(p, g, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v, t = (0, 0, 0) if state is None else state
    t += 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return p - lr * m_hat / (np.sqrt(v_hat) + eps), (m, v, t)


def rprop(p, g, state, lr, shrink=0.5, grow=1.2, smallest=1e-6, largest=50.0):
    before, size = (np.zeros_like(p), np.full_like(p, lr)) if state is None else state
    agree = np.sign(g) * np.sign(before)
    size = np.clip(size * np.where(agree > 0, grow, np.where(agree < 0, shrink, 1.0)), smallest, largest)
    g = np.where(agree < 0, 0.0, g)
    return p - np.sign(g) * size, (g, size)


OPTIMIZERS = {
    "sgd": sgd, "momentum": momentum, "adagrad": adagrad, "rmsprop": rmsprop, "adam": adam, "rprop": rprop,
}  # fmt: skip


def norm(grads: dict[str, np.ndarray]) -> float:
    return math.sqrt(sum(float((g**2).sum()) for g in grads.values()))


def clip_by_norm(grads: dict[str, np.ndarray], max_norm: float) -> tuple[dict, float]:
    """(clipped, factor) as torch.nn.utils.clip_grad_norm_ does it."""
    factor = min(1.0, max_norm / (norm(grads) + 1e-6))
    return {name: g * factor for name, g in grads.items()}, factor


def clip_by_value(grads: dict[str, np.ndarray], limit: float) -> dict[str, np.ndarray]:
    return {name: np.clip(g, -limit, limit) for name, g in grads.items()}


def sampling(logits: np.ndarray, temperature: float = 1.0, top_k: int | None = None, top_p: float | None = None):
    """Distribution of the next symbol: temperature, then the k likeliest, then the smallest set that holds p."""
    a = np.asarray(logits, np.float64) / temperature
    p = np.exp(a - a.max())
    p /= p.sum()
    order = sorted(range(len(p)), key=lambda i: (-p[i], i))
    if top_k is not None:
        order = order[:top_k]
    if top_p is not None:
        mass, kept, whole = 0.0, [], sum(p[i] for i in order)
        for i in order:
            kept.append(i)
            mass += p[i] / whole
            if mass >= top_p:
                break
        order = kept
    q = np.zeros_like(p)
    q[order] = p[order]
    return q / q.sum()


class Step(NamedTuple):
    """Report of one update: loss and gradient norm before it, the norm's factor by clipping."""

    loss: float
    grad_norm: float
    clip_factor: float


def train(
    net, params, batches, optimizer="adam", learning_rate=0.01, clip_norm=None, clip_value=None,
    truncate=None, truncation="windowed", resets=None,
) -> tuple[list[Step], dict[str, np.ndarray]]:  # fmt: skip
    """(steps, parameters) after one update for each of batches: (x, targets) or (x, targets, mask).

    resets: whether each update starts from a zero state, not from where the one before ended; None: all do.
    """
    params, memory, steps, state = dict(params), dict.fromkeys(params), [], None
    for number, (x, targets, *mask) in enumerate(batches):
        if resets is None or resets[number]:
            state = None
        found = run(net, params, x, targets, state, *(mask or [None]), truncate, truncation)
        grads, factor = found.grads, 1.0
        size = norm(grads)
        if clip_norm is not None:
            grads, factor = clip_by_norm(grads, clip_norm)
        if clip_value is not None:
            grads = clip_by_value(grads, clip_value)
            factor = norm(grads) / size
        for name, g in grads.items():
            params[name], memory[name] = OPTIMIZERS[optimizer](params[name], g, memory[name], learning_rate)
        steps.append(Step(found.loss, size, factor))
        last = found.hidden[:, -1]
        state = (last, found.cell[:, -1]) if net.cell in PAIRS else last
    return steps, params
