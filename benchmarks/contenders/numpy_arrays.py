"""NumPy, as fast as it goes: one product over T*B wherever possible, and an optimiser over one flat array.

The weights are kept transposed: U (D, G*H), W (H, G*H), V (H, K).
"""

import numpy as np

from benchmarks.cases import ADAM, EPS, POOL, Case, batches, parameters
from benchmarks.contenders.numpy_cells import CELLS

LARGEST_ONE_HOT = 1000  # symbols; beyond, adding up rows is faster than a product with one-hot vectors


class Arrays:
    """Parameters, gradients and moments, each in one flat array with views into it."""

    def __init__(self, case: Case):
        given = {name: np.ascontiguousarray(value.T) for name, value in parameters(case).items()}
        self.case = case
        self.flat = np.concatenate([value.ravel() for value in given.values()])
        self.flat_grads, self.m, self.v, self.scratch = (np.zeros_like(self.flat) for _ in range(4))
        self.params, self.grads = views(self.flat, given), views(self.flat_grads, given)
        self.cell = CELLS[case.cell](case.steps, case.batch, case.hidden)
        self.pool = batches(case)
        self.one_hot = np.eye(case.vocabulary, dtype=np.float32) if case.vocabulary <= LARGEST_ONE_HOT else None
        self.update = 0

    def step(self, n: int) -> float:
        for _ in range(n):
            x, targets = self.pool[self.update % POOL]
            self.update += 1
            loss = self.forward_and_backward(x, targets)
            self.clip()
            getattr(self, self.case.optimizer)()
        return float(loss)

    def forward_and_backward(self, x, targets):
        """The loss; leaves the gradient in `grads`."""
        p, g, size = self.params, self.grads, self.case.hidden
        flat_x = x.reshape(-1, x.shape[-1]) if self.case.adding else x.ravel()
        projected = flat_x @ p["weight_ih_l0"] if self.case.adding else p["weight_ih_l0"][flat_x]
        projected += p["bias_ih_l0"]
        projected = projected.reshape(self.case.steps, self.case.batch, -1)
        hidden = self.cell.forward(projected, p["weight_hh_l0"], p["bias_hh_l0"])  # (T+1, B, H)

        read = hidden[-1] if self.case.adding else hidden[1:].reshape(-1, size)
        outputs = read @ p["weight_ho"]
        outputs += p["bias_o"]
        loss, d_outputs = (squared_error if self.case.adding else cross_entropy)(outputs, targets)
        np.matmul(read.T, d_outputs, out=g["weight_ho"])
        np.sum(d_outputs, axis=0, out=g["bias_o"])

        d_hidden = (d_outputs @ p["weight_ho"].T).reshape(-1, self.case.batch, size)
        d_projected, d_recurrent = self.cell.backward(d_hidden, p["weight_hh_l0"])
        np.matmul(hidden[:-1].reshape(-1, size).T, d_recurrent, out=g["weight_hh_l0"])
        np.sum(d_recurrent, axis=0, out=g["bias_hh_l0"])
        np.sum(d_projected, axis=0, out=g["bias_ih_l0"])
        if self.case.adding:
            np.matmul(flat_x.T, d_projected, out=g["weight_ih_l0"])
        elif self.one_hot is not None:
            np.matmul(self.one_hot[flat_x].T, d_projected, out=g["weight_ih_l0"])
        else:
            g["weight_ih_l0"][:] = 0
            np.add.at(g["weight_ih_l0"], flat_x, d_projected)
        return loss

    def clip(self):
        if self.case.clip_norm is not None:
            norm = float(np.dot(self.flat_grads, self.flat_grads)) ** 0.5
            if norm > self.case.clip_norm:
                self.flat_grads *= self.case.clip_norm / (norm + 1e-6)
        if self.case.clip_value is not None:
            np.clip(self.flat_grads, -self.case.clip_value, self.case.clip_value, out=self.flat_grads)

    def sgd(self):
        np.multiply(self.flat_grads, self.case.learning_rate, out=self.scratch)
        self.flat -= self.scratch

    def adagrad(self):
        g, v, scratch = self.flat_grads, self.v, self.scratch
        np.multiply(g, g, out=scratch)
        v += scratch
        np.sqrt(v, out=scratch)
        scratch += EPS["adagrad"]
        np.divide(g, scratch, out=scratch)
        scratch *= self.case.learning_rate
        self.flat -= scratch

    def adam(self):
        g, m, v, scratch, (b1, b2) = self.flat_grads, self.m, self.v, self.scratch, ADAM
        m *= b1
        np.multiply(g, 1 - b1, out=scratch)
        m += scratch
        v *= b2
        np.multiply(g, g, out=scratch)
        scratch *= 1 - b2
        v += scratch
        np.sqrt(v, out=scratch)
        scratch *= (1 - b2**self.update) ** -0.5
        scratch += EPS["adam"]
        np.divide(m, scratch, out=scratch)
        scratch *= self.case.learning_rate / (1 - b1**self.update)
        self.flat -= scratch


def views(flat, shaped):
    """Parts of the flat array with the names and shapes of `shaped`."""
    ends = np.cumsum([value.size for value in shaped.values()])
    parts = np.split(flat, ends[:-1])
    return {name: part.reshape(shaped[name].shape) for name, part in zip(shaped, parts, strict=True)}


def cross_entropy(logits, targets):
    """The mean loss and its gradient, which takes the place of the logits (T*B, K)."""
    each, targets = np.arange(len(logits)), targets.ravel()
    logits -= logits.max(axis=1, keepdims=True)
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=1, keepdims=True)
    loss = -np.log(logits[each, targets]).mean()
    logits[each, targets] -= 1
    logits *= 1 / len(logits)
    return loss, logits


def squared_error(outputs, targets):
    """The mean loss and its gradient, which takes the place of the outputs (B, 1)."""
    outputs -= targets
    loss = np.square(outputs).mean()
    outputs *= 2 / outputs.size
    return loss, outputs


build = Arrays
