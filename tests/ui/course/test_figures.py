"""The chart that lessons have in common."""

import pytest

from ui.course.classroom.figures import drawn_curves, histogram
from ui.course.figures import GUESS, guessed_curve, guessed_numbers, training
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


def test_a_dot_where_the_guess_was_right_lies_within_its_diamond():
    guess, measured = (trace.marker for trace in drawn([("a", 1.0, 1.0)]).data if trace.mode == "markers")
    assert guess.symbol == "diamond" and guess.color == THEMES["light"].background != guess.line.color
    assert measured.size + 2 * measured.line.width < guess.size


@pytest.mark.parametrize("logarithmic", [False, True])
def test_a_diamond_at_an_end_of_the_slider_is_whole_and_covers_no_name(logarithmic):
    words = {"title": "", "theme": THEMES["light"], "translate": str}
    figure = guessed_numbers([("a", 1.0, 2.0)], bounds=(1.0, 1e4), logarithmic=logarithmic, **words)
    low, high = figure.layout.xaxis.range
    first, last = (0, 4) if logarithmic else (1, 1e4)
    phone = 170  # pixels of the narrowest axis, beside long names
    assert min(first - low, high - last) / (high - low) * phone >= GUESS / 2 - 0.5


def test_what_is_written_on_a_chart_is_as_large_as_a_hint_beside_it():
    words = {"theme": THEMES["light"], "translate": str}
    axes = {"titles": ("t", "y"), "bounds": ((0, 1), (0, 1)), "logarithmic": False}
    losses = {"losses": ([0, 1], [2.0, 1.0])}
    for figure in (
        drawn([("a", 1.0, 2.0)]),
        guessed_curve([0, 1], [0, 1], [("measured", [1, 0])], **axes, **words),
        training(losses, THEMES["light"], str),
        histogram([0, 1, 2], [3, 4], 1.0, logarithmic=False, title="nats", written="1 nat", **words),
        drawn_curves([0, 1], [[0, 1]], [1, 0], axes=[("t", 0, 1, False), ("y", 0, 1, False)], **words),
    ):
        layout = figure.layout
        themed = layout.template.layout
        sizes = [font.size for axis in (themed.xaxis, themed.yaxis) for font in (axis.tickfont, axis.title.font)]
        sizes += [layout.legend.font.size, *(note.font.size for note in layout.annotations)]
        assert min(sizes) >= 12


@pytest.mark.parametrize(("squared", "title"), [(True, "squared error"), (False, "loss (nats)")])
def test_a_loss_while_training_has_its_own_unit(squared, title):
    shown = {"losses": ([0, 1], [2.0, 1.0]), "squared": squared}
    assert training(shown, THEMES["light"], str).layout.yaxis.title.text == title
