"""Small batches for CTC, and PyTorch's side of them."""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np
from agreement import of_largest

from rnn_core import Model, ModelConfig


class CtcCase(NamedTuple):
    """Sizes of a batch, and how far apart its logits lie."""

    steps: int
    batch: int
    outputs: int
    scale: float = 2.0
    masked: bool = False

    def __str__(self) -> str:
        return f"{self.steps}-{self.batch}-{self.outputs}-{self.scale:g}{'-masked' if self.masked else ''}"


CASES = [
    CtcCase(1, 3, 2),
    CtcCase(5, 3, 3),
    CtcCase(7, 3, 4, masked=True),
    CtcCase(60, 1, 2, scale=20.0),  # p(l | x) below the smallest float
]
LARGER = [CtcCase(40, 8, 12, scale=10.0), CtcCase(300, 2, 6, masked=True)]  # against PyTorch itself


def batch_of(case: CtcCase) -> dict[str, np.ndarray]:
    """logits, paths, mask: exact in float32. The first sequence of several has no label, the last as many as it can."""
    rng = np.random.default_rng([case.steps, case.batch, case.outputs])
    shape = case.steps, case.batch
    logits = case.scale * rng.normal(size=(*shape, case.outputs))
    paths, mask = rng.integers(0, case.outputs, shape), np.ones(shape)
    if case.batch > 1:
        paths[:, 0] = 0
        paths[:, -1] = np.arange(case.steps) % 2 if case.outputs == 2 else 1 + np.arange(case.steps) % 2
    if case.masked:
        mask[-3:, 1], mask[2, -1] = 0, 0
    return {"logits": logits.astype(np.float32), "paths": paths.astype(np.int32), "mask": mask.astype(np.float32)}


def distances(given: dict, found: dict, dtype: str) -> dict[str, float]:
    """How far rnn_core's loss and gradient are from what PyTorch found, for a network whose logits are its inputs."""
    trace, counted = passes_on(given["logits"], given["paths"], given["mask"], dtype), given["mask"].sum()
    return {
        "losses": of_largest(trace.loss_per_step.sum(axis=0), found["losses"]),
        "loss": of_largest([trace.loss], [found["losses"].sum() / counted]),
        "gradient": of_largest(trace.d_input * counted, found["gradient"]),
    }


def passes_on(logits, paths, mask=None, dtype="float64"):
    """The Trace of a network whose logits are its inputs."""
    size = logits.shape[2]
    model = Model(ModelConfig("rnn_identity", size, size, size, bias=False, loss="ctc", dtype=dtype))
    one = np.eye(size)
    model.load_state_dict({"weight_ih_l0": one, "weight_hh_l0": 0 * one, "weight_ho": one})
    return model.backward(logits, paths, mask=mask)


def by_torch(given: dict, dtype_name: str) -> dict[str, np.ndarray]:
    """-ln p of each sequence (B,), and the gradient of their sum by the logits, by PyTorch's ctc_loss."""
    import torch

    losses, gradient = [], np.zeros(given["logits"].shape)
    for b, (path, counted) in enumerate(zip(given["paths"].T, given["mask"].T > 0, strict=True)):
        logits = torch.tensor(given["logits"][counted, b], dtype=getattr(torch, dtype_name), requires_grad=True)
        labels = [symbol for symbol, _same in itertools.groupby(path[counted].tolist()) if symbol]
        lengths = torch.tensor([len(logits)]), torch.tensor([len(labels)])
        arguments = logits.log_softmax(-1)[:, None], torch.tensor([labels], dtype=torch.long).reshape(1, -1), *lengths
        loss = torch.nn.functional.ctc_loss(*arguments, reduction="sum")
        gradient[counted, b] = torch.autograd.grad(loss, logits)[0].numpy()
        losses.append(loss.item())
    return {"losses": np.array(losses), "gradient": gradient}
