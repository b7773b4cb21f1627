"""The cells of the NumPy contender: forward beside backward, G*H columns a step, W transposed as (H, G*H).

forward(projected (T, B, G*H), W, bias_hh) -> hidden (T+1, B, H), whose first is zero; `projected` is written to.
backward(d_hidden of the last S steps (S, B, H), W) -> d_projected and d_recurrent, both (T*B, G*H): the gradients with
respect to U x + bias_ih and to W h + bias_hh.
"""

import numpy as np


def sigmoid(a):
    """1 / (1 + exp(-a)), in place of a."""
    np.negative(a, out=a)
    np.exp(a, out=a)
    a += 1
    return np.reciprocal(a, out=a)


class Rnn:
    """h' = tanh(e + W h + b)."""

    def __init__(self, steps, batch, size):
        self.hidden = np.zeros((steps + 1, batch, size), np.float32)
        self.d = np.empty((steps, batch, size), np.float32)

    def forward(self, projected, w, bias):
        h = self.hidden
        projected += bias
        for t, e in enumerate(projected):
            e += h[t] @ w
            np.tanh(e, out=h[t + 1])
        return h

    def backward(self, d_hidden, w):
        h, d, steps = self.hidden, self.d, len(self.d)
        dh = d_hidden[-1]
        slope = 1 - np.square(h[1:])
        for t in range(steps - 1, -1, -1):
            np.multiply(slope[t], dh, out=d[t])
            if t:
                dh = d[t] @ w.T
                if steps - t < len(d_hidden):
                    dh += d_hidden[t - steps - 1]
        d = d.reshape(-1, d.shape[2])
        return d, d


class Gru:
    """r, z = sigmoid(e + W h + b); n = tanh(e + r (W h + b)); h' = (1 - z) n + z h."""

    def __init__(self, steps, batch, size):
        self.size = size
        self.hidden = np.zeros((steps + 1, batch, size), np.float32)
        self.gates = np.empty((steps, batch, 3 * size), np.float32)
        self.recurrent_n = np.empty((steps, batch, size), np.float32)
        self.d_projected, self.d_recurrent = np.empty_like(self.gates), np.empty_like(self.gates)

    def forward(self, projected, w, bias):
        size, h, gates = self.size, self.hidden, self.gates
        projected[..., : 2 * size] += bias[: 2 * size]
        for t, e in enumerate(projected):
            u, a, wn = h[t] @ w, gates[t], self.recurrent_n[t]
            np.add(e[:, : 2 * size], u[:, : 2 * size], out=a[:, : 2 * size])
            sigmoid(a[:, : 2 * size])
            r, z, n = a[:, :size], a[:, size : 2 * size], a[:, 2 * size :]
            np.add(u[:, 2 * size :], bias[2 * size :], out=wn)
            np.multiply(r, wn, out=n)
            n += e[:, 2 * size :]
            np.tanh(n, out=n)
            np.subtract(h[t], n, out=h[t + 1])
            h[t + 1] *= z
            h[t + 1] += n
        return h

    def backward(self, d_hidden, w):
        size, h, steps = self.size, self.hidden, len(self.gates)
        r, z, n = (self.gates[..., k * size : (k + 1) * size] for k in range(3))
        n_slope, r_slope = (1 - z) * (1 - n * n), self.recurrent_n * r * (1 - r)
        z_slope = (h[:-1] - n) * z * (1 - z)
        dh = d_hidden[-1]
        for t in range(steps - 1, -1, -1):
            d, du = self.d_projected[t], self.d_recurrent[t]
            dn = d[:, 2 * size :]
            np.multiply(dh, n_slope[t], out=dn)
            np.multiply(dn, r_slope[t], out=d[:, :size])
            np.multiply(dh, z_slope[t], out=d[:, size : 2 * size])
            du[:, : 2 * size] = d[:, : 2 * size]
            np.multiply(dn, r[t], out=du[:, 2 * size :])
            if t:
                dh = dh * z[t]
                dh += du @ w.T
                if steps - t < len(d_hidden):
                    dh += d_hidden[t - steps - 1]
        return self.d_projected.reshape(-1, 3 * size), self.d_recurrent.reshape(-1, 3 * size)


class Lstm:
    """i, f, o = sigmoid(e + W h + b); g = tanh(e + W h + b); c' = f c + i g; h' = o tanh(c')."""

    def __init__(self, steps, batch, size):
        self.size = size
        self.hidden = np.zeros((steps + 1, batch, size), np.float32)
        self.cell = np.zeros_like(self.hidden)
        self.tanh_cell = np.empty((steps, batch, size), np.float32)
        self.gates = np.empty((steps, batch, 4 * size), np.float32)
        self.d = np.empty_like(self.gates)

    def forward(self, projected, w, bias):
        size, h, c = self.size, self.hidden, self.cell
        projected += bias
        for t, e in enumerate(projected):
            a = np.matmul(h[t], w, out=self.gates[t])
            a += e
            i, f, g, o = (a[:, k * size : (k + 1) * size] for k in range(4))
            sigmoid(a[:, : 2 * size])
            np.tanh(g, out=g)
            sigmoid(o)
            np.multiply(f, c[t], out=c[t + 1])
            c[t + 1] += i * g
            np.tanh(c[t + 1], out=self.tanh_cell[t])
            np.multiply(o, self.tanh_cell[t], out=h[t + 1])
        return h

    def backward(self, d_hidden, w):
        size, tc, steps = self.size, self.tanh_cell, len(self.gates)
        i, f, g, o = (self.gates[..., k * size : (k + 1) * size] for k in range(4))
        slopes = (g * i * (1 - i), self.cell[:-1] * f * (1 - f), i * (1 - g * g))  # of c' by the sums of i, f, g
        o_slope, c_slope = tc * o * (1 - o), o * (1 - tc * tc)  # of h'
        dh, dc = d_hidden[-1], np.zeros_like(tc[0])
        for t in range(steps - 1, -1, -1):
            d = self.d[t]
            dc += dh * c_slope[t]
            for k, slope in enumerate(slopes):
                np.multiply(dc, slope[t], out=d[:, k * size : (k + 1) * size])
            np.multiply(dh, o_slope[t], out=d[:, 3 * size :])
            if t:
                dc *= f[t]
                dh = d @ w.T
                if steps - t < len(d_hidden):
                    dh += d_hidden[t - steps - 1]
        d = self.d.reshape(-1, 4 * size)
        return d, d


CELLS = {"rnn": Rnn, "gru": Gru, "lstm": Lstm}
