"""Dropout between layers against PyTorch, where it is installed: a network whose outputs are masked by hand."""

import numpy as np
import pytest
import torch
from agreement import of_largest
from dropout_reference import B, T, masks, samples, trainer
from torch_network import OPTIMIZERS as TORCH_OPTIMIZERS
from torch_network import as_torch, loss_of

torch.set_num_threads(1)


@pytest.mark.parametrize(
    ("cell", "more", "truncate", "truncation"),
    [
        ("lstm", {}, None, "windowed"),
        ("gru", {"bidirectional": True}, None, "windowed"),
        ("gru_reset_before", {"bias": False}, None, "windowed"),
        ("rnn_tanh", {"output": "last"}, None, "windowed"),
        ("rnn_relu", {"bidirectional": True, "output": "last"}, None, "windowed"),
        ("lstm", {"bidirectional": True}, 2, "chunked"),
        ("gru", {}, 2, "windowed"),
    ],
)
def test_updates_are_pytorchs_with_these_masks(cell, more, truncate, truncation):
    """Thirty updates of a network of three layers, whose gradient autograd finds through the masked outputs."""
    given = samples(cell, **more)
    one = trainer(given, learning_rate=0.1, truncate=truncate, truncation=truncation)
    history = one.step(30)
    net = as_torch(given[0])[0]
    descent, k, dirs = TORCH_OPTIMIZERS["sgd"](net.parameters(), 0.1), truncate, 1 + net.rnn.bidirectional
    width = 4 * dirs
    zero = torch.zeros(3 * dirs, B, 4, dtype=torch.float64)
    state = (zero, zero) if cell == "lstm" else zero
    for update in range(30):
        mask = torch.tensor(masks(9, update, 0.4, 2, T, B, width))
        x = torch.tensor(np.eye(5)[given[update % 3].x])
        targets = torch.tensor(given[update % 3].targets).long().reshape(-1, B)

        def losses(cut, x=x, mask=mask, targets=targets):
            logits, _states = net.unroll(x, state, cut, lambda layer, outputs: outputs * mask[layer])
            return [
                loss_of("cross_entropy", row[None], target[None]) for row, target in zip(logits, targets, strict=True)
            ]

        descent.zero_grad()
        if truncation == "windowed" and k is not None:
            loss = sum(losses(lambda d, s, p, t=t: abs(t - p) > k)[t] for t in range(T)) / T
        else:
            each = losses(lambda d, s, p: k is not None and 0 <= p < T and max(s, p) % k == 0)
            loss = sum(each) / len(each)
        loss.backward()
        assert history.loss[update] == pytest.approx(loss.item(), rel=1e-12)
        norm = np.sqrt(sum(float((p.grad**2).sum()) for p in net.parameters()))
        assert history.grad_norm[update] == pytest.approx(norm, rel=1e-10)
        descent.step()
    for name, value in one.model.state_dict().items():
        assert of_largest(value, net.named()[name].detach().numpy()) <= 1e-11, name
