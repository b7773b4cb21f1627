"""JAX: one jit of the whole training step, time in a lax.scan; with `many`, many steps in one compiled loop too.

The weights are kept transposed, which is the layout that XLA likes: "U" (D, G*H), "W" (H, G*H), "V" (H, K).
"""

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp
from jax.tree_util import tree_leaves, tree_map

from benchmarks.cases import ADAM, EPS, POOL, Case, batches, parameters


class Scan:
    """The state of training, handed from call to call without a copy."""

    def __init__(self, case: Case, many: bool, unroll: int = 1):
        one = training_step(case, unroll)
        x, targets = (jnp.asarray(np.stack(arrays)) for arrays in zip(*batches(case), strict=True))
        start = initial(case)
        memory = {"adam": (zeros(start), zeros(start)), "adagrad": zeros(start), "sgd": ()}[case.optimizer]
        self.state = (start, memory, jnp.float32(0))
        self.update = 0
        self.step = self.step_many if many else self.step_singly
        if many:
            self.x, self.targets = x, targets

            def loop(state, x, targets, first, n):
                def body(i, carried):
                    batch = (first + i) % POOL
                    return one(carried[0], x[batch], targets[batch])

                return lax.fori_loop(0, n, body, (state, jnp.float32(0)))

            self.compiled = jax.jit(loop, donate_argnums=0)
        else:
            self.pool = [(x[i], targets[i]) for i in range(POOL)]
            self.compiled = jax.jit(one, donate_argnums=0)

    def step_singly(self, n: int) -> float:
        for _ in range(n):
            self.state, loss = self.compiled(self.state, *self.pool[self.update % POOL])
            self.update += 1
        return float(loss)  # waits for the result

    def step_many(self, n: int) -> float:
        first, n = np.int32(self.update), np.int32(n)
        self.state, loss = self.compiled(self.state, self.x, self.targets, first, n)
        self.update += int(n)
        return float(loss)


def initial(case):
    given = parameters(case)
    names = {"U": "weight_ih_l0", "W": "weight_hh_l0", "b_u": "bias_ih_l0", "b_w": "bias_hh_l0"}
    names |= {"V": "weight_ho", "b_v": "bias_o"}
    return {letter: jnp.asarray(np.ascontiguousarray(given[name].T)) for letter, name in names.items()}


def zeros(tree):
    return tree_map(jnp.zeros_like, tree)


def training_step(case, unroll):
    """(state, x, targets) -> (state, loss)."""
    loss = loss_function(case, unroll)

    def one(state, x, targets):
        p, memory, update = state
        value, grads = jax.value_and_grad(loss)(p, x, targets)
        p, memory = updated(case, p, memory, clipped(case, grads), update + 1)
        return (p, memory, update + 1), value

    return one


def loss_function(case, unroll):
    cell = {"rnn": rnn, "gru": gru, "lstm": lstm}[case.cell]

    def loss(p, x, targets):
        # all steps at once; a row of U is the product with a one-hot vector
        projected = (x @ p["U"] if case.adding else p["U"][x]) + p["b_u"] + early(case, p["b_w"])
        zero = jnp.zeros((case.batch, case.hidden), jnp.float32)
        state = (zero, zero) if case.cell == "lstm" else zero
        last, hidden = lax.scan(lambda state, e: cell(p, state, e), state, projected, unroll=unroll)
        if case.adding:
            last = last[0] if case.cell == "lstm" else last
            return jnp.mean((last @ p["V"] + p["b_v"] - targets) ** 2)
        logits = hidden @ p["V"] + p["b_v"]
        chosen = jnp.take_along_axis(logits, targets[..., None], -1)[..., 0]
        return jnp.mean(jax.nn.logsumexp(logits, -1) - chosen)

    return loss


def early(case, bias):
    """The part of the recurrent bias that may be added outside the scan: all but that of the GRU's n."""
    return bias if case.cell != "gru" else bias.at[2 * case.hidden :].set(0)


def rnn(p, h, e):
    h = jnp.tanh(e + h @ p["W"])
    return h, h


def gru(p, h, e):
    size = h.shape[1]
    u = h @ p["W"]
    gates = jax.nn.sigmoid(e[:, : 2 * size] + u[:, : 2 * size])
    r, z = gates[:, :size], gates[:, size:]
    n = jnp.tanh(e[:, 2 * size :] + r * (u[:, 2 * size :] + p["b_w"][2 * size :]))
    h = (1 - z) * n + z * h
    return h, h


def lstm(p, state, e):
    h, c = state
    i, f, g, o = jnp.split(e + h @ p["W"], 4, axis=1)
    c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
    h = jax.nn.sigmoid(o) * jnp.tanh(c)
    return (h, c), h


def clipped(case, grads):
    if case.clip_norm is not None:
        norm = jnp.sqrt(sum(jnp.vdot(g, g) for g in tree_leaves(grads)))
        factor = jnp.minimum(1.0, case.clip_norm / (norm + 1e-6))
        grads = tree_map(lambda g: g * factor, grads)
    if case.clip_value is not None:
        grads = tree_map(lambda g: jnp.clip(g, -case.clip_value, case.clip_value), grads)
    return grads


def updated(case, p, memory, grads, update):
    """Parameters and the optimiser's memory after the update."""
    rate, eps = case.learning_rate, EPS[case.optimizer]
    if case.optimizer == "sgd":
        return tree_map(lambda p, g: p - rate * g, p, grads), memory
    if case.optimizer == "adagrad":
        v = tree_map(lambda v, g: v + g * g, memory, grads)
        return tree_map(lambda p, g, v: p - rate * g / (jnp.sqrt(v) + eps), p, grads, v), v
    (b1, b2), (m, v) = ADAM, memory
    m = tree_map(lambda m, g: b1 * m + (1 - b1) * g, m, grads)
    v = tree_map(lambda v, g: b2 * v + (1 - b2) * g * g, v, grads)
    rate, scale = rate / (1 - b1**update), 1 / (1 - b2**update)
    return tree_map(lambda p, m, v: p - rate * m / (jnp.sqrt(v * scale) + eps), p, m, v), (m, v)


build = Scan
