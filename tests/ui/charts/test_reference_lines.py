"""Lines of reference and their names."""

from ui.charts.reference_lines import level_names
from ui.theme import LIGHT


def test_the_name_of_several_lines_stands_below_all_of_them():
    levels, lowest = [("n = 3", 1.6), ("n = 4, 5", 1.37)], {"n = 4, 5": 1.23}
    names = level_names(levels, (1.0, 5.0), LIGHT, log=False, lowest=lowest)
    assert [(name["y"], name["yanchor"]) for name in names] == [(1.6, "bottom"), (1.23, "top")]
