"""Small encoder-decoders with a batch each, and PyTorch's side of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from reference import GATES, PAIRS, Network, shapes

D, H, K, T, S, B = 4, 3, 3, 4, 3, 2


class PairCase(NamedTuple):
    """An encoder-decoder: its cell, layers and biases."""

    cell: str
    num_layers: int
    bias: bool

    def __str__(self) -> str:
        return f"{self.cell}-{self.num_layers}-{'bias' if self.bias else 'plain'}"

    def shapes(self) -> dict[str, tuple]:
        """Parameter name -> shape, in the order of the flat vectors in the file."""
        network = Network(self.cell, self.num_layers, False, "every", "cross_entropy")
        encoder, decoder = shapes(network, (D, H, 1), self.bias), shapes(network, (K + 1, H, K), self.bias)
        read = {f"encoder.{name}": s for name, s in encoder.items() if name not in ("weight_ho", "bias_o")}
        return read | {f"decoder.{name}": s for name, s in decoder.items()}

    def unflatten(self, flat) -> dict[str, np.ndarray]:
        """The named arrays of a flat vector."""
        ends = np.cumsum([np.prod(shape) for shape in self.shapes().values()])
        assert ends[-1] == flat.size
        parts = np.split(flat, ends[:-1])
        return {name: part.reshape(s) for (name, s), part in zip(self.shapes().items(), parts, strict=True)}

    def flatten(self, arrays) -> np.ndarray:
        """The flat vector of named arrays."""
        return np.concatenate([np.ravel(arrays[name]) for name in self.shapes()])


CASES = [PairCase(cell, layers, bias) for cell in GATES for layers in (1, 2) for bias in (True, False)]


def batch_of(case: PairCase, seed: int = 0) -> dict[str, np.ndarray]:
    """Parameters (flat), x, targets, mask: exact in float32."""
    rng = np.random.default_rng((list(GATES).index(case.cell), case.num_layers, case.bias, seed))
    size = sum(int(np.prod(shape)) for shape in case.shapes().values())
    return {
        "parameters": rng.uniform(-0.9, 0.9, size).astype(np.float32),
        "x": rng.integers(0, D, (T, B)).astype(np.int32),
        "targets": rng.integers(0, K, (S, B)).astype(np.int32),
        "mask": np.array([[1, 1], [1, 0.5], [1, 0]], np.float32),
    }


def central_differences(network, step: float, *batch) -> dict[str, np.ndarray]:
    """The gradient of `network.loss` of this batch by each parameter, without its backward pass."""
    parameters, found = network.state_dict(), {}
    for name, value in parameters.items():
        found[name] = np.empty_like(value)
        for at in np.ndindex(value.shape):
            losses = []
            for sign in (1, -1):
                moved = parameters | {name: value.copy()}
                moved[name][at] += sign * step
                network.load_state_dict(moved)
                losses.append(network.loss(*batch))
            found[name][at] = (losses[0] - losses[1]) / (2 * step)
    network.load_state_dict(parameters)
    return found


def by_torch(case: PairCase, given: dict, dtype_name: str) -> dict[str, np.ndarray]:
    """logits, loss, grads (flat), and dL/dh of every state of both halves, by PyTorch's autograd."""
    import torch
    from torch_network import Net, loss_of

    dtype = getattr(torch, dtype_name)
    halves, params = {}, case.unflatten(given["parameters"])
    for half, sizes in (("encoder", (D, H, 1)), ("decoder", (K + 1, H, K))):
        net = Net(case.cell, sizes, case.num_layers, False, case.bias, "every", dtype)
        own = {name.removeprefix(f"{half}."): value for name, value in params.items() if name.startswith(half)}
        net.load({name: np.zeros(p.shape) for name, p in net.named().items()} | own)
        halves[half] = net
    encoder, decoder = halves["encoder"], halves["decoder"]
    targets = torch.tensor(given["targets"]).long()
    reads = torch.cat([torch.full_like(targets[:1], K), targets[:-1]])
    x, read = (torch.nn.functional.one_hot(ids, n).to(dtype) for ids, n in
               ((torch.tensor(given["x"]).long(), D), (reads, K + 1)))  # fmt: skip
    # the layers of nn give the result, the cells of nn, step by step, every state
    logits = decoder(x=read, state=encoder.rnn(x)[1])
    zero = torch.zeros(case.num_layers, B, H, dtype=dtype, requires_grad=True)
    zero = (zero, torch.zeros_like(zero)) if case.cell in PAIRS else zero
    _none, read_states = encoder.unroll(x, zero)
    last = [torch.stack([row[-1][part] for row in read_states]) for part in range(len(read_states[0][0]))]
    unrolled, written_states = decoder.unroll(read, tuple(last) if case.cell in PAIRS else last[0])
    mask = torch.tensor(given["mask"], dtype=dtype)
    loss, unrolled_loss = (loss_of("cross_entropy", each, targets, mask) for each in (logits, unrolled))
    torch.testing.assert_close(unrolled_loss, loss)
    named = {f"{half}.{name}": p for half, net in halves.items() for name, p in net.named().items()}
    named = {name: named[name] for name in case.shapes()}
    grads = dict(zip(named, torch.autograd.grad(loss, [*named.values()]), strict=True))

    def d_hidden(states):
        single = [pair[0] for row in states for pair in row]
        found = torch.autograd.grad(unrolled_loss, single, retain_graph=True, allow_unused=True)
        found = [torch.zeros_like(s) if d is None else d for s, d in zip(single, found, strict=True)]
        return torch.stack(found).reshape(len(states), len(states[0]), B, H).numpy()

    return {
        "logits": logits.detach().numpy().copy(),
        "loss": loss.detach().reshape(1).numpy().copy(),
        "grads": case.flatten({name: g.numpy() for name, g in grads.items()}),
        "encoder_d_hidden": d_hidden(read_states),
        "decoder_d_hidden": d_hidden(written_states),
    }
