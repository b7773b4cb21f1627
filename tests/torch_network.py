"""PyTorch's own layers and cells under our names, behind the golden files and the live comparison."""

from __future__ import annotations

import numpy as np
import torch
from reference import OWN, PAIRS
from samples import Sample
from torch import nn
from torch.nn.functional import layer_norm, linear

LAYERS = {"rnn_tanh": nn.RNN, "rnn_relu": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}
CELLS = {"rnn_tanh": nn.RNNCell, "rnn_relu": nn.RNNCell, "gru": nn.GRUCell, "lstm": nn.LSTMCell}
OPTIMIZERS = {
    "sgd": lambda p, lr: torch.optim.SGD(p, lr=lr),
    "momentum": lambda p, lr: torch.optim.SGD(p, lr=lr, momentum=0.9),
    "adagrad": lambda p, lr: torch.optim.Adagrad(p, lr=lr),
    "rmsprop": lambda p, lr: torch.optim.RMSprop(p, lr=lr),
    "adam": lambda p, lr: torch.optim.Adam(p, lr=lr),
    "rprop": lambda p, lr: torch.optim.Rprop(p, lr=lr),
}


def nonlinearity(cell: str) -> dict:
    return {"nonlinearity": cell[4:]} if cell in ("rnn_tanh", "rnn_relu") else {}


def plain(f):
    """h' of the plain network with a function that nn.RNN has not."""
    return lambda x, w_ih, b_ih, h, w_hh, b_hh: f(linear(x, w_ih, b_ih) + linear(h, w_hh, b_hh))


def gru_reset_before(x, w_ih, b_ih, h, w_hh, b_hh):
    """h' of Cho et al. (2014, eqs. 5-8)."""
    (u_r, u_z, u_n), (w_r, w_z, w_n) = linear(x, w_ih, b_ih).chunk(3, dim=-1), w_hh.chunk(3)
    b_r, b_z, b_n = (None,) * 3 if b_hh is None else b_hh.chunk(3)
    r, z = torch.sigmoid(u_r + linear(h, w_r, b_r)), torch.sigmoid(u_z + linear(h, w_z, b_z))
    return (1 - z) * torch.tanh(u_n + linear(r * h, w_n, b_n)) + z * h


def lstm_peephole(x, w_ih, b_ih, state, w_hh, b_hh, w_ch):
    """(h', c') of Gers, Schraudolph & Schmidhuber (2002)."""
    h, c = state
    a_i, a_f, a_g, a_o = (linear(x, w_ih, b_ih) + linear(h, w_hh, b_hh)).chunk(4, dim=-1)
    p_i, p_f, p_o = w_ch.chunk(3)
    c = torch.sigmoid(a_f + p_f * c) * c + torch.sigmoid(a_i + p_i * c) * torch.tanh(a_g)
    return torch.sigmoid(a_o + p_o * c) * torch.tanh(c), c


def lstm_layer_norm(x, w_ih, b_ih, state, w_hh, b_hh, gain_ih, gain_hh, gain_ch, bias_ch=None):
    """(h', c') of Ba, Kiros & Hinton (2016, eqs. 20-22), by nn.LayerNorm's function."""
    h, c = state
    products = (linear(x, w_ih), gain_ih, b_ih), (linear(h, w_hh), gain_hh, b_hh)
    i, f, g, o = sum(layer_norm(a, a.shape[-1:], gain, bias) for a, gain, bias in products).chunk(4, dim=-1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(layer_norm(c, c.shape[-1:], gain_ch, bias_ch)), c


def with_step(step, layers, cell, own=()) -> tuple[type, type]:
    """(layers, cell) like these of nn, which has no such step; the gradient is autograd's.

    step(x, weight_ih, bias_ih, h, weight_hh, bias_hh, *own) -> h'; of an LSTM (h, c). own : name -> blocks of H; those
    whose name begins with "bias" only where there are biases.
    """
    pairs = layers is nn.LSTM

    def named(module):
        return [name for name in dict(own) if module.bias or not name.startswith("bias")]

    def register(module, end):
        for name in named(module):
            blocks = own[name]
            like = module.get_parameter(f"weight_hh{end}")
            module.register_parameter(f"{name}{end}", nn.Parameter(like.new_zeros(blocks * like.shape[1])))

    class Cell(cell):
        def __init__(self, *sizes, **options):
            super().__init__(*sizes, **options)
            register(self, "")

        def forward(self, x, h):
            mine = [getattr(self, name) for name in named(self)]
            return step(x, self.weight_ih, self.bias_ih, h, self.weight_hh, self.bias_hh, *mine)

    class Layers(layers):
        def __init__(self, *sizes, **options):
            super().__init__(*sizes, **options)
            both = ("", "_reverse")[: 1 + self.bidirectional]
            self.ends = [f"_l{layer}{end}" for layer in range(self.num_layers) for end in both]
            for end in self.ends:
                register(self, end)

        def forward(self, x, state=None):
            if state is None:
                state = x.new_zeros(len(self.ends), x.shape[1], self.hidden_size)
                state = (state, state) if pairs else state
            dirs, last = 1 + self.bidirectional, []
            for layer in range(self.num_layers):
                both = []
                for d in range(dirs):
                    w_ih, w_hh, *biases = self.all_weights[layer * dirs + d]
                    b_ih, b_hh = biases or (None, None)
                    ld = layer * dirs + d
                    mine = [getattr(self, name + self.ends[ld]) for name in named(self)]
                    h = tuple(part[ld] for part in state) if pairs else state[ld]
                    rows = [None] * len(x)
                    for t in range(len(x))[:: -1 if d else 1]:
                        h = step(x[t], w_ih, b_ih, h, w_hh, b_hh, *mine)
                        rows[t] = h[0] if pairs else h
                    last.append(h)
                    both.append(torch.stack(rows))
                x = torch.cat(both, dim=-1)
            return x, tuple(map(torch.stack, zip(*last, strict=True))) if pairs else torch.stack(last)

    return Layers, Cell


LAYERS["rnn_sigmoid"], CELLS["rnn_sigmoid"] = with_step(plain(torch.sigmoid), nn.RNN, nn.RNNCell)
LAYERS["rnn_identity"], CELLS["rnn_identity"] = with_step(plain(lambda a: a), nn.RNN, nn.RNNCell)
LAYERS["gru_reset_before"], CELLS["gru_reset_before"] = with_step(gru_reset_before, nn.GRU, nn.GRUCell)
for name, step in {"lstm_peephole": lstm_peephole, "lstm_layer_norm": lstm_layer_norm}.items():
    LAYERS[name], CELLS[name] = with_step(step, nn.LSTM, nn.LSTMCell, OWN[name])


class Net(nn.Module):
    """nn.RNN, nn.GRU or nn.LSTM with a linear read-out; state_dict in rnn_core's names."""

    def __init__(self, cell, sizes, num_layers, bidirectional, bias, output, dtype):
        super().__init__()
        D, H, K = sizes
        options = {"num_layers": num_layers, "bidirectional": bidirectional, "bias": bias, "dtype": dtype}
        self.rnn = LAYERS[cell](D, H, **options, **nonlinearity(cell))
        self.weight_ho = nn.Parameter(torch.zeros(K, H * (1 + bidirectional), dtype=dtype))
        self.bias_o = nn.Parameter(torch.zeros(K, dtype=dtype)) if bias else None
        self.cell, self.output = cell, output

    def named(self) -> dict[str, nn.Parameter]:
        return {name.removeprefix("rnn."): p for name, p in self.named_parameters()}

    def load(self, arrays) -> None:
        with torch.no_grad():
            for name, p in self.named().items():
                p.copy_(torch.as_tensor(arrays[name]))

    def read_out(self, above: torch.Tensor) -> torch.Tensor:
        """(T, B, directions * H) of the top layer -> logits (S, B, K)."""
        if self.output == "last":
            H = self.rnn.hidden_size
            ends = [above[-1, :, :H]] + ([above[0, :, H:]] if self.rnn.bidirectional else [])
            above = torch.cat(ends, dim=-1)[None]
        logits = above @ self.weight_ho.T
        return logits if self.bias_o is None else logits + self.bias_o

    def forward(self, x, state=None):
        return self.read_out(self.rnn(x, state)[0])

    def unroll(self, x, state, cut=lambda d, s, p: False, drop=lambda layer, outputs: outputs):
        """(logits, states): the same network from nn.*Cell, so that every single state is in the graph.

        states[layer * directions + d][t + 1] is (h, c) at step t, index 0 the initial one. cut(d, s, p): detach the
        state of step p before step s reads it. drop(layer, outputs): what the layer above reads of them.
        """
        rnn, dirs = self.rnn, 1 + self.rnn.bidirectional
        T, H = len(x), rnn.hidden_size
        states, below = [], x
        for layer in range(rnn.num_layers):
            outputs = []
            for d in range(dirs):
                suffix = f"l{layer}" + ("_reverse" if d else "")
                cell = CELLS[self.cell](below.shape[-1], H, bias=rnn.bias, dtype=x.dtype, **nonlinearity(self.cell))
                wanted = {name: getattr(rnn, f"{name}_{suffix}") for name, _ in cell.named_parameters()}
                ld = layer * dirs + d
                row = [None] * (T + 1)
                row[0] = tuple(s[ld] for s in state) if self.cell in PAIRS else (state[ld],)
                for t in range(T)[:: -1 if d else 1]:
                    p = t + 1 if d else t - 1
                    prev = row[0] if p in (-1, T) else row[p + 1]
                    if cut(d, t, p):
                        prev = tuple(s.detach() for s in prev)
                    argument = prev if self.cell in PAIRS else prev[0]
                    new = torch.func.functional_call(cell, wanted, (below[t], argument))
                    row[t + 1] = tuple(new) if self.cell in PAIRS else (new,)
                states.append(row)
                outputs.append(torch.stack([s[0] for s in row[1:]]))
            below = torch.cat(outputs, dim=-1)
            if layer + 1 < rnn.num_layers:
                below = drop(layer, below)
        return self.read_out(below), states


def as_torch(s: Sample) -> tuple:
    """(net, x, targets, state, mask) of a sample, in float64; x and the state are leaves."""
    net = Net(
        s.network.cell,
        s.sizes,
        s.network.num_layers,
        s.network.bidirectional,
        s.bias,
        s.network.output,
        torch.float64,
    )
    net.load(s.params)
    x = torch.tensor(np.eye(s.sizes[0])[s.x] if s.x.dtype.kind == "i" else s.x, requires_grad=True)
    lead = s.targets if s.network.output == "every" else s.targets[None]
    targets = torch.tensor(lead).long() if s.network.loss == "cross_entropy" else torch.tensor(lead)
    mask = None if s.mask is None else torch.tensor(s.mask).reshape(targets.shape[:2])
    leaf = [torch.tensor(a, requires_grad=True) for a in (s.state if isinstance(s.state, tuple) else (s.state,))]
    return net, x, targets, tuple(leaf) if len(leaf) == 2 else leaf[0], mask


def loss_of(kind: str, logits, targets, mask=None):
    """Mean over predicted steps, weighted by the mask: targets ids or floats with logits' leading axes."""
    if kind == "mse":
        each = ((logits - targets) ** 2).mean(dim=-1)
    else:
        flat = nn.functional.cross_entropy(logits.flatten(0, -2), targets.flatten(), reduction="none")
        each = flat.reshape(logits.shape[:-1])
    return each.mean() if mask is None else (each * mask).sum() / mask.sum()
