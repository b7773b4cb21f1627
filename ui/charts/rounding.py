"""Numbers of a figure with as many digits as its reader is told: in a live picture no others travel.

What a chart tells of a number is said by its hovertemplate; the digits that are kept give the same words, and colours
and heights that cannot be told apart. Numbers taken along as a file are fetched with all their digits.
"""

import math
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

DECIMALS, DIGITS = "decimals", "digits"  # after the point; that count
SHADES = 200  # of a colour scale: no eye tells more
HEIGHTS = 2048  # on an axis: pixels of the largest screen
LIMIT = 2**18  # whole numbers are smaller
NONE, ABOVE, BELOW = LIMIT, LIMIT + 1, LIMIT + 2  # in their place: no number, infinity, minus infinity
TOLD = re.compile(r"%\{([yz])(?::\.(\d)([fe]))?[^}]*\}")


class Rounding(NamedTuple):
    """How many digits of which kind are kept."""

    kind: str
    digits: int


def roundings(trace: Mapping[str, Any], layout: Mapping[str, Any]) -> dict[str, Rounding]:
    """name -> rounding, of the numbers of a trace that may be rounded. layout : of its figure, for the axes.

    >>> roundings({"type": "heatmap", "zmin": -1, "zmax": 1, "hovertemplate": "unit %{y}: %{z:.3f}"}, {})
    {'z': Rounding(kind='decimals', digits=3)}
    >>> roundings({"type": "scatter", "hovertemplate": "%{x}: %{y:.2e}"}, {"yaxis": {"type": "log"}})
    {'y': Rounding(kind='digits', digits=3)}
    """
    told = TOLD.findall(trace.get("hovertemplate") or "")
    name = "z" if trace.get("type") == "heatmap" else "y"
    forms = {(int(digits), form) for letter, digits, form in told if letter == name and form}
    if len(forms) != 1 or any(letter == name and not form for letter, _digits, form in told):
        return {}
    [(digits, form)] = forms
    if name == "z":
        low, high, parts = trace.get("zmin"), trace.get("zmax"), SHADES
    else:
        axis = layout.get(str(trace.get("yaxis", "y")).replace("y", "yaxis"), {})
        (low, high), parts = axis.get("range") or (None, None), HEIGHTS
        if axis.get("type") == "log":  # where three digits are less than any screen shows
            return {name: Rounding(DIGITS, digits + 1)} if form == "e" and digits >= 2 else {}
    if form != "f" or low is None or high is None or low == high:
        return {}
    return {name: Rounding(DECIMALS, max(digits, math.ceil(math.log10(parts / abs(high - low)))))}


def whole_numbers(values: np.ndarray, rounding: Rounding) -> np.ndarray | None:
    """The rounded values as whole numbers (int32): in units of the last decimal, or counted through all numbers of so
    many digits; None where one of them does not fit.

    >>> whole_numbers(np.array([-0.1234, 2.0, np.nan]), Rounding(DECIMALS, 2)).tolist()
    [-12, 200, 262144]
    >>> whole_numbers(np.array([1.0, 9.99, 10.0, 0.12345]), Rounding(DIGITS, 3)).tolist()
    [0, 899, 900, -877]
    """
    values = np.asarray(values, np.float64)
    finite = np.isfinite(values)
    there = np.where(finite, values, 1.0)
    if rounding.kind == DECIMALS:
        found = np.copysign(np.floor(np.abs(there) * 10.0**rounding.digits + 0.5), there)
    elif (there < 1e-200).any():  # none of its logarithm, or too many digits for the power of ten
        return None
    else:
        found = _counted(there, rounding.digits)
    if (np.abs(found) >= LIMIT).any():
        return None
    special = np.select([np.isnan(values), values > 0], [NONE, ABOVE], BELOW)
    return np.where(finite, found, special).astype("<i4")


def _counted(values: np.ndarray, digits: int) -> np.ndarray:
    """Numbers of so many digits that lie between 1 and these, those below 1 negative."""
    least = 10.0 ** (digits - 1)
    power = np.floor(np.log10(values))
    # ten times the least where the logarithm falls short of a power of ten: it is counted as that
    return power * 9 * least + np.floor(values / 10.0 ** (power - digits + 1) + 0.5) - least
