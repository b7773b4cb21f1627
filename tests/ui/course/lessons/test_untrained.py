"""Lesson “Before it has learned”: the first loss is the logarithm of the number of symbols."""

import math

import pytest

from ui.course.lesson import Attempt, finish
from ui.course.lessons.untrained import LESSON
from ui.theme import THEMES


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_the_first_loss_is_close_to_the_logarithm_of_the_symbols(seed):
    measured = finish(LESSON.run(seed))
    for symbols, losses in zip(measured.symbols, measured.losses, strict=True):
        assert losses.mean() == pytest.approx(math.log(symbols), rel=0.02)
        assert losses.std() < 0.1
    told = LESSON.explain(measured, {}, str)
    assert f"{measured.mean[0]:.3f}" in told[1] and "3.401" in told[1]


def test_a_small_vocabulary_does_the_first_task_and_a_large_one_the_second():
    small, large, three = (Attempt({"symbols": n}, finish(LESSON.run(0, symbols=n))) for n in (5, 250, 3))
    assert three.measured.symbols == (3, 300)  # what is tried is not measured twice
    told = LESSON.explain(three.measured, {}, str)
    assert told[2].endswith("1.10 nats for 3, 5.70 nats for 300.")
    drawn = LESSON.figure(three.measured, {}, THEMES["light"], str)
    assert list(drawn.layout.yaxis.ticktext) == ["3 symbols", "300 symbols"]
    done = [[task.done(attempt) for task in LESSON.tasks] for attempt in (small, large, three)]
    assert done == [[True, False, False], [False, True, False], [True, False, True]]
