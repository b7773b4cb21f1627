"""Colours between colours: of a scale at a share of its length, of two colours mixed."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike


def mix(one: str, other: str, share: float) -> str:
    """So much of the other colour in the one; both as #rrggbb.

    >>> mix("#000000", "#ff8000", 0.5)
    '#804000'
    """
    ends = (np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) for colour in (one, other))
    first, second = ends
    return "#" + "".join(f"{int(channel + 0.5):02x}" for channel in first + share * (second - first))


def shades(scale: Sequence[tuple[float, str]], shares: ArrayLike) -> list[str]:
    """The colours of a Plotly scale at these places, 0 .. 1.

    >>> shades(((0, "#000000"), (1, "#ffffff")), [0.0, 1.0])
    ['#000000', '#ffffff']
    """
    positions = [position for position, _colour in scale]
    found = []
    for share in np.clip(np.nan_to_num(np.asarray(shares, float)), 0, 1):
        at = min(int(np.searchsorted(positions, share, side="right")), len(positions) - 1)
        low, high = scale[at - 1], scale[at]
        found.append(mix(low[1], high[1], (share - low[0]) / (high[0] - low[0])))
    return found
