"""rnn_core against PyTorch's results in tests/golden: every cell, depth, direction, with biases and without."""

import numpy as np
import pytest
from agreement import of_largest
from core_models import build, cast
from golden_cases import CASES, FOLDER, SIZES, found, given
from reference import GATES
from samples import Sample

pytestmark = pytest.mark.small

BOUND = {"float64": 1e-12, "float32": 1e-5}


def worst(case, dtype: str) -> dict[str, float]:
    """Quantity -> distance from PyTorch's, relative to the largest entry."""
    g, expected = given(case), found(case, dtype)
    state = (g["h0"], g["c0"]) if case.cell == "lstm" else g["h0"]
    model = build(
        Sample(case.network, SIZES, case.unflatten(g["parameters"]), g["x"], g["targets"], state, None), dtype
    )
    trace = model.backward(cast(g["x"], dtype), cast(g["targets"], dtype), state=cast(state, dtype))
    assert trace.logits.dtype == trace.d_hidden.dtype == dtype
    assert set(trace.grads) == set(case.shapes())
    distances = {name: of_largest(trace.grads[name], g) for name, g in case.unflatten(expected["grads"]).items()}
    distances["loss"] = of_largest([trace.loss], expected["loss"])
    for name in {"logits", "d_hidden", "d_input", "d_cell"} & set(expected):
        distances[name] = of_largest(getattr(trace, name), expected[name])
    return distances


@pytest.mark.parametrize("dtype", BOUND)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_against_pytorch(case, dtype):
    assert {name: d for name, d in worst(case, dtype).items() if not d <= BOUND[dtype]} == {}


def test_files_are_small_and_say_their_version():
    files = sorted(FOLDER.glob("*.safetensors"))
    assert {f.stem for f in files} == {*GATES, "encoder_decoder"}
    assert sum(f.stat().st_size for f in files) < 1_000_000
    for f in files:
        header = f.read_bytes()[8 : 8 + int.from_bytes(f.read_bytes()[:8], "little")]
        assert b'"torch":"2.13.0' in header


def test_gradients_are_of_the_size_that_the_bound_means():
    """The bounds are relative to each array's largest entry: none is so small that they mean nothing."""
    smallest = min(np.abs(g).max() for case in CASES for g in case.unflatten(found(case, "float64")["grads"]).values())
    assert smallest > 1e-3
