"""rnn_core's side of a sample: the same network as a Model, the same batch through its public functions."""

from __future__ import annotations

import numpy as np
from agreement import of_largest
from reference import PAIRS
from samples import Sample

from rnn_core import Model, ModelConfig


def build(s: Sample, dtype: str = "float64") -> Model:
    """A Model with the sample's parameters."""
    model = Model(ModelConfig(**s.settings(dtype)))
    model.load_state_dict({name: value.astype(dtype) for name, value in s.params.items()})
    return model


def cast(value, dtype: str):
    """Floats of an array, or of a tuple of arrays, in this dtype; ids and None as they are."""
    if isinstance(value, tuple):
        return tuple(cast(v, dtype) for v in value)
    return value if value is None or value.dtype.kind == "i" else value.astype(dtype)


def backward(model: Model, s: Sample, truncate=None, truncation="windowed"):
    """The Trace of the sample's batch."""
    x, targets, state, mask = (cast(v, model.config.dtype) for v in (s.x, s.targets, s.state, s.mask))
    return model.backward(x, targets, state=state, mask=mask, truncate=truncate, truncation=truncation)


def loss_at(model: Model, s: Sample, **changed: np.ndarray) -> float:
    """The loss with x or state replaced, without going backwards."""
    s = s._replace(**changed)
    return model.loss(*(cast(v, model.config.dtype) for v in (s.x, s.targets, s.state, s.mask)))


def distances(case, dtype: str, g: dict, expected: dict) -> dict[str, float]:
    """Quantity -> distance from what PyTorch found for what was given, relative to the largest entry."""
    state = (g["h0"], g["c0"]) if case.cell in PAIRS else g["h0"]
    model = build(
        Sample(case.network, case.sizes, case.unflatten(g["parameters"]), g["x"], g["targets"], state, None), dtype
    )
    trace = model.backward(cast(g["x"], dtype), cast(g["targets"], dtype), state=cast(state, dtype))
    assert trace.logits.dtype == trace.d_hidden.dtype == dtype
    assert set(trace.grads) == set(case.shapes())
    found = {name: of_largest(trace.grads[name], g) for name, g in case.unflatten(expected["grads"]).items()}
    found["loss"] = of_largest([trace.loss], expected["loss"])
    for name in {"logits", "d_hidden", "d_input", "d_cell"} & set(expected):
        found[name] = of_largest(getattr(trace, name), expected[name])
    return found
