"""Lesson “Not at every step”: a verdict at the end, and what counting words cannot tell apart."""

import pytest
from course_runs import measured_of

from ui.course.lesson import Attempt
from ui.course.lessons.not_every_step import LESSON, WORDS


@pytest.mark.parametrize("seed", range(4))
def test_the_verdict_comes_with_the_last_words(seed):
    measured = measured_of("not_every_step", seed)
    assert measured.right > 0.95 > 0.85 > measured.bag_right
    assert measured.good[-1] < 0.05 and measured.turn >= 5  # after “view”
    sides = measured.good >= 0.5
    assert (sides[measured.turn :] == sides[-1]).all() and sides[measured.turn - 1] != sides[-1]
    assert measured.swapped_bag[0] == measured.swapped_bag[1] and measured.swapped[0] > 0.9 > 0.1 > measured.swapped[1]
    told = LESSON.explain(measured, {}, str)
    assert f"turned at word {measured.turn + 1}, “{WORDS[measured.turn]}”" in told[0]
    assert ("changed sides" in told[0]) == (measured.crossings > 1)
    assert "in their order" in told[1]


def test_a_network_that_learned_nothing_is_not_said_to_mind_the_order():
    measured = measured_of("not_every_step", updates=20)
    differs = (measured.swapped[0] >= 0.5) != (measured.swapped[1] >= 0.5)
    told = LESSON.explain(measured, {}, str)
    assert ("in their order" in told[1]) == differs
    constant = measured._replace(good=measured.good * 0 + 0.7)
    assert "same from the first word on" in LESSON.explain(constant, {}, str)[0] and constant.turn == 0


def test_every_task_can_be_done():
    runs = [measured_of("not_every_step", **controls) for controls in (
        {"hidden_size": 6, "updates": 1500}, {"updates": 20}, {"hidden_size": 16})]  # fmt: skip
    assert [task.done(Attempt({}, measured)) for task, measured in zip(LESSON.tasks, runs, strict=True)] == [True] * 3


def test_who_expects_the_turn_too_early_is_answered():
    answers = LESSON.corrections({"turn": "2", "bag": "other"}, measured_of("not_every_step"))
    assert "nothing bad has been read" in answers[0] and "same words" in answers[1]
