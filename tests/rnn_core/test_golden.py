"""rnn_core against PyTorch's results in tests/golden: every cell, depth, direction, with biases and without."""

import numpy as np
import pytest
from core_models import distances
from golden_cases import CASES, FEW, FOLDER, STORED, found, given

pytestmark = pytest.mark.small

BOUND = {"float64": 1e-12, "float32": 1e-5}


@pytest.mark.parametrize("dtype", BOUND)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_against_pytorch(case, dtype):
    apart = distances(case, dtype, given(case), found(case, dtype))
    assert {name: d for name, d in apart.items() if not d <= BOUND[dtype]} == {}


def test_files_are_small_and_say_their_version():
    files = sorted(FOLDER.glob("*.safetensors"))
    assert {f.stem for f in files} == {*STORED, *FEW, "encoder_decoder", "ctc"}
    assert sum(f.stat().st_size for f in files) < 1_000_000
    for f in files:
        header = f.read_bytes()[8 : 8 + int.from_bytes(f.read_bytes()[:8], "little")]
        assert b'"torch":"2.13.0' in header


def test_gradients_are_of_the_size_that_the_bound_means():
    """The bounds are relative to each array's largest entry: none is so small that they mean nothing."""
    smallest = min(np.abs(g).max() for case in CASES for g in case.unflatten(found(case, "float64")["grads"]).values())
    assert smallest > 1e-3
