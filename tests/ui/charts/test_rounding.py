"""Rounded numbers read as the others do, in the words that the charts have for them."""

import numpy as np
import pytest

from ui.charts.rounding import ABOVE, BELOW, DECIMALS, DIGITS, LIMIT, NONE, Rounding, roundings, whole_numbers

HEAT = {"type": "heatmap", "zmin": -1, "zmax": 1, "hovertemplate": "unit %{y}: %{z:.3f}"}
LINE = {"type": "scatter", "yaxis": "y2", "hovertemplate": "%{x}: %{y:.3f}"}
AXES = {"yaxis2": {"range": [0, 100]}, "yaxis3": {"type": "log", "range": [-3, 0]}}


@pytest.mark.parametrize(
    ("trace", "found"),
    [
        (HEAT, {"z": Rounding(DECIMALS, 3)}),
        (HEAT | {"hovertemplate": "%{z:.2f}", "zmin": -12, "zmax": 0}, {"z": Rounding(DECIMALS, 2)}),
        (HEAT | {"zmin": -1e-4, "zmax": 1e-4}, {"z": Rounding(DECIMALS, 6)}),  # more, for the colours' sake
        (HEAT | {"hovertemplate": "%{z}"}, {}),
        (HEAT | {"hovertemplate": "%{z:.3f} %{z}"}, {}),
        (HEAT | {"hovertemplate": "%{customdata}"}, {}),
        (HEAT | {"zmin": None}, {}),
        ({"type": "heatmap", "z": []}, {}),
        (LINE, {"y": Rounding(DECIMALS, 3)}),
        (LINE | {"hovertemplate": "%{y:.1f} %"}, {"y": Rounding(DECIMALS, 2)}),  # more, for the height's sake
        (LINE | {"hovertemplate": "%{y:.2e}"}, {}),
        (LINE | {"yaxis": "y3", "hovertemplate": "%{y:.2e}"}, {"y": Rounding(DIGITS, 3)}),
        (LINE | {"yaxis": "y3"}, {}),
        (LINE | {"yaxis": "y9"}, {}),  # an axis without a range
        (LINE | {"hoverinfo": "skip", "hovertemplate": None}, {}),
    ],
)
def test_what_is_told_says_how_many_digits_are_kept(trace, found):
    assert roundings(trace, AXES) == found


@pytest.mark.parametrize("decimals", [1, 3, 5])
def test_rounded_numbers_are_told_alike(decimals):
    values = np.random.default_rng(decimals).normal(0, 0.3, 3000).astype(np.float32)
    found = whole_numbers(values, Rounding(DECIMALS, decimals)) / 10**decimals

    def told(values):
        return [f"{value + 0.0:.{decimals}f}".replace(f"-{0:.{decimals}f}", f"{0:.{decimals}f}") for value in values]

    assert told(found) == told(values)


@pytest.mark.parametrize("digits", [3, 4])
def test_numbers_of_so_many_digits_are_told_alike(digits):
    spread = 30 if digits == 3 else 8
    values = 10 ** np.random.default_rng(digits).uniform(-spread, spread, 3000)
    values = np.concatenate([values, 10.0 ** np.arange(-spread, spread), 9.9999 * 10.0 ** np.arange(-spread, spread)])
    found = whole_numbers(values, Rounding(DIGITS, digits))
    least = 10 ** (digits - 1)
    power, more = np.divmod(found, 9 * least)  # as ui/charts/static/arrays.js does
    told = [f"{float(f'{m + least}e{p - digits + 1}'):.{digits - 1}e}" for p, m in zip(power, more, strict=True)]
    assert told == [f"{value:.{digits - 1}e}" for value in values]


def test_what_is_no_number_stays_so():
    found = whole_numbers(np.array([np.nan, np.inf, -np.inf, 0.5]), Rounding(DECIMALS, 2))
    assert found.tolist() == [NONE, ABOVE, BELOW, 50]


@pytest.mark.parametrize(
    ("value", "rounding"),
    [(LIMIT / 100, Rounding(DECIMALS, 2)), (0.0, Rounding(DIGITS, 3)), (-1.0, Rounding(DIGITS, 3)),
     (1e-40, Rounding(DIGITS, 4)), (1e-320, Rounding(DIGITS, 3))],
)  # fmt: skip
def test_numbers_that_do_not_fit_are_not_rounded(value, rounding):
    assert whole_numbers(np.array([1.0, value]), rounding) is None
