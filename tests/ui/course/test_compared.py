"""The chart of a lesson with every guess in it."""

import json
from itertools import pairwise

import pytest

from ui.charts.spec import foreign
from ui.course.compared import chart
from ui.course.figures import guessed_numbers
from ui.course.guess import ChoiceGuess, ManyGuess, NumberGuess, OrderGuess
from ui.course.lesson import Door, Lesson
from ui.theme import THEMES

YES = (("yes", "Yes"), ("no", "No, <b>never</b> in all the time that there is"))
GUESSES = (
    NumberGuess("number", "How much?", 1, 100, "", True, 1),
    ChoiceGuess("cures", "Does clipping cure it?", YES, title="Cured"),
    ManyGuess("who", "Who learns?", (("rnn", "RNN"), ("lstm", "LSTM")), YES),
    OrderGuess("order", "Which first?", (("a", "A"), ("b", "B"), ("c", "C"))),
)
ANSWERS = {"number": 10.0, "cures": "no", "who": {"rnn": "yes", "lstm": "no"}, "order": ("c", "b", "a")}
TRUTH = {"number": 5.0, "cures": "yes", "who": {"rnn": "yes", "lstm": "yes"}, "order": ("a", "c", "b")}


def figure(measured, answers, theme, translate):
    row = ("x", answers.get("number"), measured and measured["number"])
    words = {"title": "x", "theme": theme, "translate": translate}
    return guessed_numbers([row], bounds=(1, 100), logarithmic=True, **words)


def drawn(measured, answers, guesses=GUESSES):
    lesson = Lesson("l", "", "", "", guesses, iter, lambda measured: measured, figure, lambda *_: [], (), Door("lab"))
    return chart(lesson, measured, answers, THEMES["light"], str)


def marks(figure, name, axis):
    """(x, y) of the marks of that name on a y axis."""
    [trace] = [trace for trace in figure.data if trace.name == name and (trace.yaxis or "y") == axis]
    return [(round(x, 3), y) for x, y in zip(trace.x, trace.y, strict=True)]


def test_every_choice_and_order_is_drawn_beside_what_was_measured():
    shown = drawn(TRUTH, ANSWERS)
    x = marks(shown, "measured", "y2")[0][0]
    assert marks(shown, "your guess", "y2") == [(x, 2.0)] and marks(shown, "measured", "y2") == [(x, 0.5)]  # two lines
    assert [marks(shown, "your guess", axis) for axis in ("y3", "y4")] == [[(x, 0.5)], [(x, 2.0)]]
    assert [marks(shown, "measured", axis) for axis in ("y3", "y4")] == [[(x, 0.5)], [(x, 0.5)]]
    guessed, found = (marks(shown, name, "y5") for name in ("your guess", "measured"))
    first, second, third = sorted(x for x, _y in found)
    assert found == [(first, 0.5), (second, 1.5), (third, 2.5)]  # a, c, b: as they were measured
    assert guessed == [(third, 0.5), (first, 1.5), (second, 2.5)]
    texts = [note.text for note in shown.layout.annotations]
    assert {"Cured", "RNN", "LSTM", "Which first?", "1", "2", "3"} <= set(texts)
    assert any(text.startswith("No, &lt;b&gt;") and "<br>" in text for text in texts)
    assert min(note.font.size for note in shown.layout.annotations) >= 13
    ends = sorted(getattr(shown.layout, f"yaxis{number}").domain for number in ("", 2, 3, 4, 5))
    assert ends[0][0] == 0 and ends[-1][1] == 1 and all(low[1] < high[0] for low, high in pairwise(ends))
    assert foreign(json.loads(shown.to_json())) == []


def test_a_guess_that_is_not_judged_yet_stands_there_alone_and_nothing_where_nobody_guessed():
    shown = drawn(None, ANSWERS)
    assert len(marks(shown, "your guess", "y2")) == 1 and marks(shown, "measured", "y2") == []
    for measured in (None, TRUTH):
        assert not any((trace.yaxis or "y") != "y" for trace in drawn(measured, {}).data)


@pytest.mark.parametrize("answers", [{"cures": "no"}, {"number": 10.0, "cures": "no"}])
def test_the_legend_names_each_mark_once(answers):
    shown = drawn(TRUTH, answers, GUESSES[:2])
    assert sorted(trace.name for trace in shown.data if trace.showlegend is not False) == ["measured", "your guess"]
