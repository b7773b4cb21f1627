"""The chart that lessons have in common."""

import pytest

from ui.course.figures import guessed_numbers
from ui.theme import THEMES


def drawn(rows, **options):
    return guessed_numbers(rows, title="x", theme=THEMES["light"], translate=str, bounds=(0, 2), **options)


@pytest.mark.parametrize(
    ("guess", "measured", "named"), [(None, None, True), (1.0, None, True), (1.0, 2.0, True), (None, 2.0, False)]
)
def test_a_guess_is_in_the_legend_unless_somebody_only_tries(guess, measured, named):
    shown = {trace.name: trace.showlegend is not False for trace in drawn([("a", guess, measured)]).data if trace.name}
    assert shown == {"your guess": named, "measured": True}


def test_a_row_that_says_the_same_as_another_is_drawn_once():
    figure = drawn([("W = 1", None, 1.0), ("W = 1", None, 1.0), ("W = -1", None, 0.0)], spread=[(0.5, 1.5)])
    assert list(figure.layout.yaxis.ticktext) == ["W = 1", "W = -1"]
    assert [list(trace.y) for trace in figure.data] == [[], [0, 0, None], [], [0, 1]]
    assert len(drawn([("a", 1.0, 1.0), ("a", None, 1.0)]).layout.yaxis.ticktext) == 2
