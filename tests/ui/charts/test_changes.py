"""Changes of a figure, and the figure that they make of the one before."""

import base64

import numpy as np
import pytest
from visits import whole, whole_array

from ui.charts.changes import arrays, changes, numbers_in, text
from ui.charts.rounding import LIMIT

ONE = {"data": [{"x": [1, 2], "y": [1]}, {"z": {"dtype": "f4", "bdata": "AAAA"}}], "layout": {"a": 1, "b": {"c": 2}}}


def test_only_what_differs_is_told():
    two = {"data": [{"x": [1, 2], "y": [2]}, ONE["data"][1]], "layout": {"a": 1, "b": {"c": 3}}}
    assert changes(two, ONE) == {"changes": True, "data": [{"y": [2]}, {}], "layout": {"b": {"c": 3}}}
    assert whole(changes(two, ONE), ONE) == two
    assert changes(ONE, ONE) == {"changes": True, "data": [{}, {}], "layout": {}}


@pytest.mark.parametrize(
    "other",
    [
        {**ONE, "data": ONE["data"][:1]},
        {**ONE, "data": [*ONE["data"], {"x": []}]},
        {**ONE, "data": [{"x": [1, 2]}, ONE["data"][1]]},
        {**ONE, "layout": {"a": 1}},
        {**ONE, "layout": {"a": 1, "d": 2}},
    ],
    ids=["fewer traces", "more traces", "another part of a trace", "less layout", "another layout"],
)
def test_a_figure_of_other_parts_is_told_whole(other):
    assert changes(other, ONE) == other == whole(changes(other, ONE), ONE)


def packed(values, dtype="f8", **facts):
    return {"dtype": dtype, "bdata": base64.b64encode(np.asarray(values, dtype)).decode()} | facts


def told(now, before):
    return arrays({"y": now}, {"y": before})["y"]


def test_a_letter_for_each_step():
    steps = [0, -1, 1, 27630, -27631, -31727]  # the same as in tests/ui/charts/static/arrays.test.js
    letters = text(np.array(steps))
    assert [ord(letter) for letter in letters] == [35, 36, 37, 0xD7FF, 0xE000, 0x10000]
    assert numbers_in(letters).tolist() == steps
    widest = np.array([2 * LIMIT - 1, 1 - 2 * LIMIT])
    assert numbers_in(text(widest)).tolist() == widest.tolist()


@pytest.mark.parametrize(
    ("now", "before", "told_by"),
    [
        (packed([1, 2, 3, 4]), packed([1, 2, 3]), {"kept": [3, 0]}),
        (packed([1, 2, 5, 6, 9, 8]), packed([1, 2, 4, 9, 8]), {"kept": [2, 2]}),
        (packed([1, np.nan, 1, 1]), packed([1, np.nan, 1]), {"kept": [3, 0]}),  # each number is kept once
        (packed([1, 1]), packed([1, 1, 1]), {"kept": [2, 0]}),
        (packed([9, 8, 7]), packed([1, 2, 3]), {"dtype": "f8"}),  # nothing is the same
        (packed([1, 2]), packed([1, 2], "f4"), {"dtype": "f8"}),
        (packed([5, 0, 255], "u1"), packed([6, 255, 0], "u1"), {"steps": "$\u0220\u0221"}),
        (packed([6, 7, 8, 9], "i2"), packed([1, 2, 3, 4], "i2"), {"steps": "-###", "along": True}),
        (packed([2**31 - 1], "i4"), packed([0], "i4"), {"dtype": "i4"}),
        (packed([1, 2, 3], "u1"), packed([1, 2], "u1"), {"kept": [2, 0]}),
    ],
)
def test_of_an_array_travels_what_differs(now, before, told_by):
    found = told(now, before)
    assert found.items() >= told_by.items()
    assert whole_array(found, before) == now


def test_rounded_numbers_travel_as_steps():
    def rounded(*numbers, decimals=3):
        return {"decimals": decimals, "whole": np.array(numbers, "<i4").tobytes()}

    assert told(rounded(5, 0), None) == {"decimals": 3, "steps": text(np.array([5, 0]))}
    assert told(rounded(5, 0), rounded(4, 0)) == {"steps": text(np.array([1, 0]))}
    assert told(rounded(5, 0), rounded(4, 0, 0)) == told(rounded(5, 0), None)  # of another length
    assert told(rounded(5, 0), rounded(4, 0, decimals=2)) == told(rounded(5, 0), None)
    assert told(rounded(5, 0), packed([4, 0])) == told(rounded(5, 0), None)
    assert told(packed([4, 0]), rounded(5, 0)) == packed([4, 0])
