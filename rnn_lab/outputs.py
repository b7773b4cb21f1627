"""What a module of PyTorch made of its states, in the order of rnn_core's traces: time first, then the batch."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnn_core import InputError


class Layout(NamedTuple):
    """How the arrays of a module lie."""

    steps: int  # T
    batch: int  # B
    batch_first: bool
    batched: bool  # False: of one sequence alone, without that axis

    def time_first(self, name: str, value: Any, more: int = 0) -> Any:
        """An array or tensor as (T, B, ...), or (1, B, ...) where it is of the end alone. more : axes behind these.

        Raises InputError for any other shape.
        """
        shape, lead = tuple(value.shape), len(value.shape) - more
        if lead == 2 and self.batched:
            value = value.swapaxes(0, 1) if self.batch_first else value
        elif lead == 1:
            value = value[None] if self.batched else value[:, None]
        elif lead == 0 and not self.batched:
            value = value[None, None]
        if len(value.shape) != 2 + more or value.shape[0] not in (self.steps, 1) or value.shape[1] != self.batch:
            size = (self.batch, self.steps) if self.batch_first else (self.steps, self.batch)
            whole, end = (size, (self.batch,)) if self.batched else ((self.steps,), ())
            tail = " and K outputs" * more
            raise InputError(f"{name} has shape {shape}; expected {whole}{tail}, or {end}{tail} at the end alone")
        return value


class Outputs(NamedTuple):
    """Outputs, named as in a Trace; S = T or 1."""

    logits: np.ndarray  # (S, B, K)
    probs: np.ndarray | None
    targets: np.ndarray | None  # (S, B) ids, or (S, B, K)
    mask: np.ndarray | None  # (S, B)
    loss_per_step: np.ndarray | None  # (S, B)


def array_of(name: str, value: Any) -> np.ndarray:
    """An array, or a tensor outside its graph, as NumPy has it; half precision becomes single.

    Raises InputError where it holds no numbers.
    """
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        value = value.float() if value.is_floating_point() and value.element_size() < 4 else value
        value = value.resolve_conj().numpy()
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        raise InputError(f"{name} is a {type(value).__name__} of type {array.dtype}; expected an array of real numbers")
    return array


def outputs_of(layout: Layout, logits: ArrayLike | None, targets: ArrayLike | None) -> Outputs:
    """The Outputs of logits and targets, each as `Recording.trace` takes it. Raises InputError."""
    if logits is None:
        if targets is not None:
            raise InputError("targets are given without logits; expected both, or neither")
        return Outputs(np.zeros((0, layout.batch, 1), np.float32), None, None, None, None)
    made = layout.time_first("logits", array_of("logits", logits), 1)
    made = made.astype(np.float64 if made.dtype == np.float64 else np.float32)
    wanted = None if targets is None else array_of("targets", targets)
    if wanted is not None and wanted.dtype.kind == "f":
        wanted = layout.time_first("targets", wanted, 1).astype(made.dtype)
        if wanted.shape != made.shape:
            raise InputError(f"targets have {wanted.shape[2]} numbers; expected {made.shape[2]}, as the logits")
        return Outputs(made, None, wanted, None, np.square(made.astype(np.float64) - wanted).mean(-1))
    logs = made - made.max(-1, keepdims=True).astype(np.float64)
    logs -= np.log(np.exp(logs).sum(-1, keepdims=True))
    probs = np.exp(logs).astype(made.dtype)
    if wanted is None:
        return Outputs(made, probs, None, None, None)
    wanted = layout.time_first("targets", wanted)
    if wanted.shape != made.shape[:2] or wanted.dtype.kind not in "iu" or wanted.max() >= made.shape[2]:
        raise InputError(
            f"targets have shape {wanted.shape} and type {wanted.dtype}, at most {wanted.max()}; "
            f"expected ids below {made.shape[2]} of shape {made.shape[:2]}, steps first"
        )
    counted = wanted >= 0
    ids = np.where(counted, wanted, 0).astype(np.int32)
    losses = -np.take_along_axis(logs, ids[..., None], -1)[..., 0]
    return Outputs(made, probs, ids, None if counted.all() else counted.astype(made.dtype), losses)
