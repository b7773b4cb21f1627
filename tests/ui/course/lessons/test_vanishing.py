"""Lesson “Why it vanishes, why it explodes”: W alone is a power of its scale; tanh only takes away."""

import math

import pytest
from course_runs import measured_of

from ui.course.lesson import Attempt
from ui.course.lessons.vanishing import LAG, LESSON


@pytest.mark.parametrize("seed", range(4))
def test_w_alone_and_with_tanh(seed):
    measured = measured_of("vanishing", seed)
    for part, scale in ((measured.small, 0.5), (measured.large, 1.5)):
        assert part.linear == pytest.approx(LAG * math.log10(scale), abs=1e-4)
        assert part.tanh <= part.bound + 1e-6 and part.bound == pytest.approx(part.linear, abs=1e-4)
    assert measured.small.tanh < measured.small.linear and measured.taken == "less"
    assert 0 < measured.large.tanh < 2
    assert all(value < 0 for _optimizer, value in measured.small.trained)
    told = LESSON.explain(measured, {}, str)
    assert "-6.02" in told[0] and "+3.52" in told[0] and "It still shrinks with either" in told[3]


@pytest.mark.parametrize(("scale", "taken"), [(1.1, "vanishes"), (1.5, "less")])
def test_what_tanh_takes_is_said_as_it_was_measured(scale, taken):
    measured = measured_of("vanishing", large=scale)
    assert measured.taken == taken
    assert ("more than $W$ had added" in LESSON.explain(measured, {}, str)[1]) == (taken == "vanishes")


def test_every_task_can_be_done():
    runs = [measured_of("vanishing", **controls) for controls in ({"large": 1.15}, {"small": 0.15}, {"large": 1.1})]
    assert [task.done(Attempt({}, measured)) for task, measured in zip(LESSON.tasks, runs, strict=True)] == [True] * 3


def test_who_adds_factors_is_answered():
    answers = LESSON.corrections({"small": -1.0, "large": 1.5, "tanh": "same"}, measured_of("vanishing"))
    assert len(answers) == 3 and "not added" in answers[0] and "slope 1" in answers[2]
