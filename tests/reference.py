"""A slow oracle that shares no code with rnn_core: float64, one sequence, one time step, one gate at a time.

Conventions are PyTorch's: GRU r z n, reset after the matrix product, z = 1 keeps; LSTM i f g o. The gru_reset_before
is Cho's (2014, eq. 8): W_n (r * h); the lstm_peephole adds p_i c, p_f c, p_o c' to the sums of i, f, o; the
lstm_layer_norm is that of Ba et al. (2016, eqs. 20-22), without the bias that they add to b_ih and b_hh. Index 0 of
the T+1 axis is the initial state and index t+1 the state at step t, for the reverse direction too (its initial state
precedes step T-1). With output="last" the read-out sees the last state of each direction: step T-1 forward, 0 reverse.

Truncation, where a state's step is s, the forward initial state's is -1 and the reverse one's is T:
windowed(k) - a loss read at step t reaches the states with |t - s| <= k, of every layer;
chunked(k)  - nothing crosses from step s back to s-1 where s > 0 is a multiple of k (reverse: from s-1 to s).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

GATES = {
    "rnn_tanh": (), "rnn_relu": (), "gru": ("r", "z", "n"), "lstm": ("i", "f", "g", "o"),
    "rnn_sigmoid": (), "rnn_identity": (), "gru_reset_before": ("r", "z", "n"),
    "lstm_peephole": ("i", "f", "g", "o"), "lstm_layer_norm": ("i", "f", "g", "o"),
}  # fmt: skip
PAIRS = ("lstm", "lstm_peephole", "lstm_layer_norm")  # whose state is (h, c)
OWN = {  # parameters beside weights and biases: name -> blocks of H
    "lstm_peephole": {"weight_ch": 3},
    "lstm_layer_norm": {"gain_ih": 4, "gain_hh": 4, "gain_ch": 1, "bias_ch": 1},
}


class Network(NamedTuple):
    """Description of a network beyond the shapes of its parameters."""

    cell: str
    num_layers: int = 1
    bidirectional: bool = False
    output: str = "every"
    loss: str = "cross_entropy"

    @property
    def directions(self) -> int:
        return 2 if self.bidirectional else 1


class Result(NamedTuple):
    """One forward and backward pass; shapes as in rnn_core's Trace."""

    hidden: np.ndarray
    cell: np.ndarray | None
    gates: dict[str, np.ndarray]
    logits: np.ndarray
    probs: np.ndarray | None
    loss: float | None
    loss_per_step: np.ndarray | None
    grads: dict[str, np.ndarray] | None
    d_hidden: np.ndarray | None
    d_cell: np.ndarray | None
    d_logits: np.ndarray | None
    d_input: np.ndarray | None


def names(cell: str, layer: int, reverse: bool) -> list[str]:
    suffix = f"_l{layer}" + ("_reverse" if reverse else "")
    return [kind + suffix for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh", *OWN.get(cell, ()))]


def shapes(net: Network, sizes: tuple[int, int, int], bias: bool) -> dict[str, tuple]:
    """Parameter name -> shape for sizes D, H, K."""
    D, H, K = sizes
    rows = max(1, len(GATES[net.cell])) * H
    wanted: dict[str, tuple] = {}
    for layer in range(net.num_layers):
        for d in range(net.directions):
            w_ih, w_hh, b_ih, b_hh, *own = names(net.cell, layer, d == 1)
            wanted |= {w_ih: (rows, H * net.directions if layer else D), w_hh: (rows, H)}
            wanted |= {b_ih: (rows,), b_hh: (rows,)} if bias else {}
            own_shapes = zip(own, OWN.get(net.cell, {}).values(), strict=True)
            wanted |= {name: (blocks * H,) for name, blocks in own_shapes if bias or not name.startswith("bias")}
    return wanted | {"weight_ho": (K, H * net.directions)} | ({"bias_o": (K,)} if bias else {})


def softmax(logits: np.ndarray) -> np.ndarray:
    e = np.exp(logits - logits.max())
    return e / e.sum()


def sigmoid(a: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-a))


def normal(a: np.ndarray) -> np.ndarray:
    """Layer normalisation without gain and bias."""
    return (a - np.mean(a)) / np.sqrt(np.var(a) + 1e-5)


def normal_back(a: np.ndarray, d: np.ndarray) -> np.ndarray:
    """The gradient by a of a function whose gradient by normal(a) is d."""
    n = normal(a)
    return (d - d.mean() - n * np.mean(n * d)) / np.sqrt(np.var(a) + 1e-5)


def step_forward(cell: str, p: list, x: np.ndarray, h: np.ndarray, c: np.ndarray) -> tuple:
    """(h', c', gates): one time step; p is weight_ih, weight_hh, bias_ih, bias_hh, and what the cell has of its own."""
    w_ih, w_hh, b_ih, b_hh, *own = p
    H = len(h)
    u, w = w_ih @ x + b_ih, w_hh @ h + b_hh
    if cell == "rnn_tanh":
        return np.tanh(u + w), c, ()
    if cell == "rnn_relu":
        return np.maximum(u + w, 0), c, ()
    if cell == "rnn_sigmoid":
        return sigmoid(u + w), c, ()
    if cell == "rnn_identity":
        return u + w, c, ()
    if cell == "gru":
        r = sigmoid(u[:H] + w[:H])
        z = sigmoid(u[H : 2 * H] + w[H : 2 * H])
        n = np.tanh(u[2 * H :] + r * w[2 * H :])
        return (1 - z) * n + z * h, c, (r, z, n)
    if cell == "gru_reset_before":
        r, z = sigmoid(u[:H] + w[:H]), sigmoid(u[H : 2 * H] + w[H : 2 * H])
        n = np.tanh(u[2 * H :] + w_hh[2 * H :] @ (r * h) + b_hh[2 * H :])
        return (1 - z) * n + z * h, c, (r, z, n)
    a = u + w
    if cell == "lstm_layer_norm":
        gain_x, gain_h, gain_c, bias_c = own
        a = gain_x * normal(w_ih @ x) + b_ih + gain_h * normal(w_hh @ h) + b_hh
        i, f, g, o = sigmoid(a[:H]), sigmoid(a[H : 2 * H]), np.tanh(a[2 * H : 3 * H]), sigmoid(a[3 * H :])
        c = f * c + i * g
        return o * np.tanh(gain_c * normal(c) + bias_c), c, (i, f, g, o)
    if cell == "lstm_peephole":
        a[: 2 * H] += own[0][: 2 * H] * np.concatenate([c, c])
    i, f = sigmoid(a[:H]), sigmoid(a[H : 2 * H])
    g = np.tanh(a[2 * H : 3 * H])
    c = f * c + i * g
    o = sigmoid(a[3 * H :] + (own[0][2 * H :] * c if own else 0))
    return o * np.tanh(c), c, (i, f, g, o)


def step_backward(cell, p, x, h, c, h_new, c_new, gates, dh, dc) -> tuple:
    """(dx, dh_prev, dc_prev, dc_total, dp): the derivative of step_forward at the same values.

    dc arrives at c' from the next step only; dc_total adds the way through h'.
    """
    w_ih, w_hh, _, b_hh, *own = p
    if cell.startswith("rnn_"):
        slopes = {"rnn_tanh": 1 - h_new**2, "rnn_relu": h_new > 0, "rnn_sigmoid": h_new * (1 - h_new)}
        da = dh * slopes.get(cell, 1.0)
        d_u = d_w = da
        dh_prev, dc_prev = np.zeros_like(h), dc
    elif cell == "gru":
        H = len(h)
        r, z, n = gates
        w_n = w_hh[2 * H :] @ h + b_hh[2 * H :]
        # h' = (1 - z) n + z h ;  n = tanh(u_n + r w_n)
        da_n = dh * (1 - z) * (1 - n**2)
        da_z = dh * (h - n) * z * (1 - z)
        da_r = da_n * w_n * r * (1 - r)
        d_u = np.concatenate([da_r, da_z, da_n])
        d_w = np.concatenate([da_r, da_z, da_n * r])
        dh_prev, dc_prev = dh * z, dc
    elif cell == "gru_reset_before":
        H = len(h)
        r, z, n = gates
        # h' = (1 - z) n + z h ;  n = tanh(u_n + W_n (r h))
        da_n = dh * (1 - z) * (1 - n**2)
        da_z = dh * (h - n) * z * (1 - z)
        d_rh = w_hh[2 * H :].T @ da_n
        d_gates = np.concatenate([d_rh * h * r * (1 - r), da_z])
        da = np.concatenate([d_gates, da_n])
        d_w_hh = np.concatenate([np.outer(d_gates, h), np.outer(da_n, r * h)])
        return w_ih.T @ da, dh * z + d_rh * r + w_hh[: 2 * H].T @ d_gates, dc, dc, [np.outer(da, x), d_w_hh, da, da]
    elif cell == "lstm_layer_norm":
        gain_x, gain_h, gain_c, bias_c = own
        i, f, g, o = gates
        # h' = o q ;  q = tanh(gain_c n + bias_c) ;  n = normal(c') ;  c' = f c + i g
        n_x, n_h, n_c = normal(w_ih @ x), normal(w_hh @ h), normal(c_new)
        q = np.tanh(gain_c * n_c + bias_c)
        d_inner = dh * o * (1 - q**2)
        dc = dc + normal_back(c_new, d_inner * gain_c)
        da = np.concatenate([dc * g * i * (1 - i), dc * c * f * (1 - f), dc * i * (1 - g**2), dh * q * o * (1 - o)])
        d_x, d_h = normal_back(w_ih @ x, da * gain_x), normal_back(w_hh @ h, da * gain_h)
        dp = [np.outer(d_x, x), np.outer(d_h, h), da, da, da * n_x, da * n_h, d_inner * n_c, d_inner]
        return w_ih.T @ d_x, w_hh.T @ d_h, dc * f, dc, dp
    else:
        i, f, g, o = gates
        # h' = o tanh(c') ;  c' = f c + i g
        dc = dc + dh * o * (1 - np.tanh(c_new) ** 2)
        p_i, p_f, p_o = np.split(own[0], 3) if own else (0, 0, 0)
        dc = dc + p_o * dh * np.tanh(c_new) * o * (1 - o)
        da_i = dc * g * i * (1 - i)
        da_f = dc * c * f * (1 - f)
        da_g = dc * i * (1 - g**2)
        da_o = dh * np.tanh(c_new) * o * (1 - o)
        d_u = d_w = np.concatenate([da_i, da_f, da_g, da_o])
        dh_prev, dc_prev = np.zeros_like(h), dc * f + p_i * da_i + p_f * da_f
    dp = [np.outer(d_u, x), np.outer(d_w, h), d_u, d_w]
    if own:
        dp.append(np.concatenate([da_i * c, da_f * c, da_o * c_new]))
    return w_ih.T @ d_u, dh_prev + w_hh.T @ d_w, dc_prev, dc, dp


class Sequence:
    """One sequence (no batch axis): the forward pass keeps every state, backward walks them again."""

    def __init__(self, net: Network, params: dict, x: np.ndarray, h0=None, c0=None):
        self.net, self.params, self.x = net, params, np.asarray(x, float)
        self.T, self.H, self.dirs = len(x), params["weight_hh_l0"].shape[1], net.directions
        LD = net.num_layers * self.dirs
        self.hidden, self.cell = np.zeros((2, LD, self.T + 1, self.H))
        self.gates = np.zeros((len(GATES[net.cell]), LD, self.T, self.H))
        if h0 is not None:
            self.hidden[:, 0] = h0
        if c0 is not None:
            self.cell[:, 0] = c0
        self.inputs = []
        below = self.x
        for layer in range(net.num_layers):
            self.inputs.append(below)
            for d in range(self.dirs):
                self._forward(layer, d, below)
            below = np.concatenate([self.hidden[layer * self.dirs + d, 1:] for d in range(self.dirs)], axis=1)
        # one row per read-out: the places (direction, step) it reads, concatenated
        if net.output == "every":
            self.places = [[(d, t) for d in range(self.dirs)] for t in range(self.T)]
        else:
            self.places = [[(d, 0 if d else self.T - 1) for d in range(self.dirs)]]
        self.top = (net.num_layers - 1) * self.dirs
        self.read = np.array(
            [np.concatenate([self.hidden[self.top + d, t + 1] for d, t in row]) for row in self.places]
        )
        self.logits = self.read @ params["weight_ho"].T + params.get("bias_o", 0.0)

    def steps(self, d: int) -> list[int]:
        return list(range(self.T))[:: -1 if d else 1]

    def before(self, d: int, t: int) -> int:
        """The index in the T+1 axis of the state that step t starts from."""
        if d == 0:
            return t
        return 0 if t == self.T - 1 else t + 2

    def cell_parameters(self, layer: int, d: int) -> list:
        w_ih, w_hh, b_ih, b_hh, *own = names(self.net.cell, layer, d == 1)
        rows = len(self.params[w_ih])
        return [
            self.params[w_ih],
            self.params[w_hh],
            *(self.params.get(b, np.zeros(rows)) for b in (b_ih, b_hh)),
            *(self.params.get(name, np.zeros(self.H)) for name in own),
        ]

    def _forward(self, layer: int, d: int, inputs: np.ndarray) -> None:
        ld, p = layer * self.dirs + d, self.cell_parameters(layer, d)
        for t in self.steps(d):
            prev = self.before(d, t)
            h, c, gates = step_forward(self.net.cell, p, inputs[t], self.hidden[ld, prev], self.cell[ld, prev])
            self.hidden[ld, t + 1], self.cell[ld, t + 1] = h, c
            for index, gate in enumerate(gates):
                self.gates[index, ld, t] = gate

    def backward(self, d_read, reach=lambda s: True, link=lambda s, p: True) -> tuple:
        """(grads, d_hidden, d_cell, d_input) of a scalar with derivative d_read by the top layer's states.

        d_read: (direction, step) -> (H,). reach(s): whether a state at step s gets any gradient; link(s, p):
        whether gradient crosses from step s to the step p before it in that direction.
        """
        grads = {name: np.zeros_like(value) for name, value in self.params.items()}
        d_hidden, d_cell = np.zeros_like(self.hidden), np.zeros_like(self.cell)
        d_above = np.zeros((self.T, self.dirs, self.H))
        for (d, t), value in d_read.items():
            d_above[t, d] += value
        for layer in reversed(range(self.net.num_layers)):
            inputs = self.inputs[layer]
            d_inputs = np.zeros_like(inputs)
            for d in range(self.dirs):
                ld, p = layer * self.dirs + d, self.cell_parameters(layer, d)
                dh, dc = np.zeros((2, self.H))
                for t in reversed(self.steps(d)):
                    dh = dh + d_above[t, d]
                    if not reach(t):
                        dh, dc = np.zeros((2, self.H))
                    d_hidden[ld, t + 1] = dh
                    prev = self.before(d, t)
                    old = (self.hidden[ld, prev], self.cell[ld, prev])
                    new = (self.hidden[ld, t + 1], self.cell[ld, t + 1], self.gates[:, ld, t])
                    dx, dh, dc, d_cell[ld, t + 1], dp = step_backward(self.net.cell, p, inputs[t], *old, *new, dh, dc)
                    d_inputs[t] += dx
                    for name, value in zip(names(self.net.cell, layer, d == 1), dp, strict=True):
                        if name in grads:
                            grads[name] += value
                    if not link(t, t + 1 if d else t - 1):
                        dh, dc = np.zeros((2, self.H))
                if reach(self.T if d else -1):
                    d_hidden[ld, 0], d_cell[ld, 0] = dh, dc
            d_above = d_inputs.reshape(self.T, -1, self.H) if layer else d_inputs
        return grads, d_hidden, d_cell, d_above

    def truncated(self, d_logits: np.ndarray, truncate: int | None, truncation: str) -> tuple:
        """Result of backward, for a loss with these d_logits (S, K), under full or truncated BPTT."""
        d_rows = d_logits @ self.params["weight_ho"]
        seeds = [
            {place: d_row[i * self.H : (i + 1) * self.H] for i, place in enumerate(row)}
            for row, d_row in zip(self.places, d_rows, strict=True)
        ]
        parts = []
        for seed in seeds:
            if truncate is None:
                parts.append(self.backward(seed))
            elif truncation == "chunked":
                parts.append(
                    self.backward(seed, link=lambda s, p: max(s, p) % truncate or max(s, p) == self.T or p < 0)
                )
            else:
                for origin in sorted({t for _, t in seed}):
                    at_origin = {place: value for place, value in seed.items() if place[1] == origin}
                    parts.append(self.backward(at_origin, reach=lambda s, t=origin: abs(t - s) <= truncate))
        grads = {name: sum(part[0][name] for part in parts) for name in self.params}
        grads["weight_ho"] = d_logits.T @ self.read
        if "bias_o" in grads:
            grads["bias_o"] = d_logits.sum(axis=0)
        return grads, *(sum(part[i] for part in parts) for i in (1, 2, 3))


def loss_of(net: Network, logits: np.ndarray, target) -> tuple[float, np.ndarray]:
    """(loss, d_logits) of one read-out: nats, or the squared error's mean over the outputs."""
    if net.loss == "mse":
        error = logits - np.asarray(target, float)
        return float(np.mean(error**2)), 2 * error / len(error)
    p = softmax(logits)
    onehot = np.eye(len(logits))[int(target)]
    return float(-np.log(p[int(target)])), p - onehot


def onehot(x: np.ndarray, size: int) -> np.ndarray:
    return np.eye(size)[x] if np.issubdtype(np.asarray(x).dtype, np.integer) else np.asarray(x, float)


def sequences(net: Network, params: dict, x: np.ndarray, state=None) -> list[Sequence]:
    """One Sequence for each of the batch; x (T, B) ids or (T, B, D), state h0 or (h0, c0) of (L*dirs, B, H)."""
    dense = onehot(x, params["weight_ih_l0"].shape[1])
    h0, c0 = state if isinstance(state, tuple) else (state, None)
    return [
        Sequence(net, params, dense[:, b], None if h0 is None else h0[:, b], None if c0 is None else c0[:, b])
        for b in range(dense.shape[1])
    ]


def run(
    net: Network,
    params: dict,
    x: np.ndarray,
    targets: np.ndarray | None = None,
    state=None,
    mask: np.ndarray | None = None,
    truncate: int | None = None,
    truncation: str = "windowed",
) -> Result:
    """The whole batch: forward, and with targets backward; the loss is the mean weighted by the mask."""
    params = {name: np.asarray(value, np.float64) for name, value in params.items()}
    batch = sequences(net, params, x, state)
    logits = np.stack([s.logits for s in batch], axis=1)
    hidden = np.stack([s.hidden for s in batch], axis=2)
    cell = np.stack([s.cell for s in batch], axis=2) if net.cell in PAIRS else None
    gates = {name: np.stack([s.gates[i] for s in batch], axis=2) for i, name in enumerate(GATES[net.cell])}
    probs = np.apply_along_axis(softmax, 2, logits) if net.loss == "cross_entropy" else None
    if targets is None:
        return Result(hidden, cell, gates, logits, probs, *[None] * 7)
    rows, B = logits.shape[:2]
    targets = targets if net.output == "every" else np.asarray(targets)[None]
    weights = np.ones((rows, B)) if mask is None else np.asarray(mask, float).reshape(rows, B)
    weights = weights / weights.sum()
    losses, d_logits = np.zeros((rows, B)), np.zeros_like(logits)
    for t in range(rows):
        for b in range(B):
            losses[t, b], d = loss_of(net, logits[t, b], targets[t, b])
            d_logits[t, b] = d * weights[t, b]
    parts = [s.truncated(d_logits[:, b], truncate, truncation) for b, s in enumerate(batch)]
    grads = {name: sum(part[0][name] for part in parts) for name in params}
    d_hidden, d_cell = (np.stack([part[i] for part in parts], axis=2) for i in (1, 2))
    d_input = np.stack([part[3] for part in parts], axis=1)
    return Result(
        hidden, cell, gates, logits, probs, float((losses * weights).sum()), losses,
        grads, d_hidden, d_cell if net.cell in PAIRS else None, d_logits, d_input,
    )  # fmt: skip


def itemised(net: Network, params: dict, x: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """(T, LD, T+1, B, H): [t] is the derivative of loss t of each sequence by every state; output="every"."""
    params = {name: np.asarray(value, np.float64) for name, value in params.items()}
    batch = sequences(net, params, x)
    parts = np.zeros((len(x), *batch[0].hidden.shape[:2], len(batch), batch[0].H))
    for b, s in enumerate(batch):
        for t in range(len(x)):
            d_logits = np.zeros_like(s.logits)
            d_logits[t] = loss_of(net, s.logits[t], targets[t, b])[1]
            parts[t, :, :, b] = s.truncated(d_logits, None, "windowed")[1]
    return parts
