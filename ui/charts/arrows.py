"""Arrows as one curve: shaft and two barbs each, a gap between them."""

import numpy as np
from numpy.typing import ArrayLike

ANGLE = 0.45  # radians between shaft and barb


def arrows(tails: ArrayLike, heads: ArrayLike, barb: float) -> tuple[np.ndarray, np.ndarray]:
    """(x, y) of a curve that draws an arrow from each tail (N, 2) to its head; barb: their length, no longer than half
    of the shaft. Where an axis is as long as the other the barbs stand at the right angle.

    >>> x, y = arrows(np.zeros((1, 2)), np.array([[1.0, 0.0]]), 0.1)
    >>> len(x), x[:2].tolist(), bool(np.isnan(x[-1]))
    (6, [0.0, 1.0], True)
    """
    tails, heads = np.asarray(tails, float), np.asarray(heads, float)
    offset = heads - tails
    length = np.hypot(offset[:, 0], offset[:, 1])
    angle = np.arctan2(offset[:, 1], offset[:, 0])
    barb = np.minimum(barb, length / 2)
    points = np.full((len(tails), 6, 2), np.nan)
    points[:, 0], points[:, 1], points[:, 3] = tails, heads, heads
    for place, turn in ((2, ANGLE), (4, -ANGLE)):
        points[:, place, 0] = heads[:, 0] - barb * np.cos(angle + turn)
        points[:, place, 1] = heads[:, 1] - barb * np.sin(angle + turn)
    return points[:, :, 0].ravel(), points[:, :, 1].ravel()
