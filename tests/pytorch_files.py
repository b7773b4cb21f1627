"""Files as PyTorch's users save them, made by PyTorch: modules with any names, in either format."""

from __future__ import annotations

import io

import safetensors.torch
import torch
from torch import nn

torch.set_num_threads(1)
LAYERS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}
NAMES = (("embedding", "rnn", "fc"), ("encoder", "lstm", "decoder"), ("model.emb", "model.net.gru", "head.out"))


class Network(nn.Module):
    """An embedding or one-hot vectors, a recurrent layer, a linear layer; under any names, dots and all."""

    def __init__(
        self, kind="lstm", symbols=6, hidden=5, layers=1, both=False, bias=True, embedding=None, tied=False,
        names=NAMES[0], relu=False, outputs=None, linear_bias=None,
    ):  # fmt: skip
        super().__init__()
        self.symbols = symbols
        options = {"nonlinearity": "relu"} if relu else {}
        rnn = LAYERS[kind](embedding or symbols, hidden, layers, bidirectional=both, bias=bias, **options)
        linear = nn.Linear(hidden * (1 + both), outputs or symbols, bias=bias if linear_bias is None else linear_bias)
        self.parts = [nn.Embedding(symbols, embedding) if embedding else None, rnn, linear]
        for name, part in zip(names, self.parts, strict=True):
            if part is not None:
                self._put(name, part)
        if tied:
            linear.weight = self.parts[0].weight

    def _put(self, name, part):
        """The module under a name with dots in it."""
        *holders, last = name.split(".")
        here = self
        for holder in holders:
            if holder not in dict(here.named_children()):
                here.add_module(holder, nn.Module())
            here = dict(here.named_children())[holder]
        here.add_module(last, part)

    def forward(self, ids, last=False):
        embedding, rnn, linear = self.parts
        x = nn.functional.one_hot(ids, self.symbols).to(linear.weight.dtype) if embedding is None else embedding(ids)
        above = rnn(x)[0]
        if last:
            above = torch.cat([above[-1, :, : rnn.hidden_size], above[0, :, rnn.hidden_size :]], dim=-1)[None]
        return linear(above)


def network(seed=0, dtype=torch.float32, **options) -> Network:
    """A random one, its numbers large enough to matter."""
    torch.manual_seed(seed)
    made = Network(**options)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.copy_(torch.empty_like(parameter).uniform_(-0.9, 0.9))
    return made.to(dtype)


def torch_file(content) -> bytes:
    """What torch.save writes of it."""
    file = io.BytesIO()
    torch.save(content, file)
    return file.getvalue()


def safetensors_file(state) -> bytes:
    """What the library of the same name writes of a state dict."""
    return safetensors.torch.save({name: tensor.clone().contiguous() for name, tensor in state.items()})
