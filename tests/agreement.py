"""How far two results are apart: the two measures that the bounds in the tests are stated in."""

from __future__ import annotations

import numpy as np


def of_largest(found, expected) -> float:
    """Largest difference, relative to the largest entry expected."""
    found, expected = np.asarray(found, np.float64), np.asarray(expected, np.float64)
    assert found.shape == expected.shape, f"{found.shape} is not {expected.shape}"
    difference, scale = np.abs(found - expected).max(), np.abs(expected).max()
    return float(difference / scale) if scale else float(difference)


def in_norm(found, expected) -> float:
    """Norm of the difference, relative to the larger of the two norms."""
    found, expected = np.asarray(found, np.float64), np.asarray(expected, np.float64)
    assert found.shape == expected.shape, f"{found.shape} is not {expected.shape}"
    scale = max(np.linalg.norm(found), np.linalg.norm(expected))
    return float(np.linalg.norm(found - expected) / scale) if scale else 0.0
