"""Lesson “How far does it reach?”: a few steps, farther after training, and never more than the sequence."""

import numpy as np
import pytest
from course_runs import measured_of

from ui.course.lesson import Attempt
from ui.course.lessons.reach import LESSON, STEPS, lag_of


@pytest.mark.parametrize("seed", range(4))
def test_the_reach_of_a_trained_network(seed):
    measured = measured_of("reach", seed)
    truth = LESSON.truth(measured)
    assert 3 <= truth["half"] <= 12 and 15 <= truth["hundredth"] <= STEPS
    assert measured.before.half <= 4 and measured.before.hundredth <= 14
    assert measured.flow.shape == (STEPS, STEPS) and (np.triu(measured.flow, 1) == 0).all()
    assert measured.losses[1] < measured.losses[0]
    told = LESSON.explain(measured, {}, str)
    assert "Training made it reach farther." in told[1] and f"{measured.after.factor:.2f}" in told[0]


def test_a_gradient_that_never_falls_so_far_is_said_not_to():
    measured = measured_of("reach", updates=0, init="orthogonal")
    told = LESSON.explain(measured, {}, str)
    assert "same network" in told[1]
    assert "trained network" not in LESSON.explain(measured_of("reach", updates=0), {}, str)[0].replace("untrained", "")
    assert ("not within 39 steps" in told[0]) == (None in (measured.after.half, measured.after.hundredth))
    assert lag_of(None, STEPS) == STEPS


def test_what_is_said_follows_what_was_measured():
    measured = measured_of("reach")
    turned = measured._replace(before=measured.after, after=measured.before)
    assert "less far" in LESSON.explain(turned, {}, str)[1]
    assert "did not change how far" in LESSON.explain(measured._replace(before=measured.after), {}, str)[1]
    half = measured._replace(before=measured.after._replace(half=measured.after.half + 1))
    assert "less far" in LESSON.explain(half, {}, str)[1]  # though the reach to 1% is what it was
    both = half._replace(before=half.before._replace(hundredth=measured.after.hundredth - 1))
    assert "longer and the other shorter" in LESSON.explain(both, {}, str)[1]
    growing = measured._replace(after=measured.after._replace(factor=1.1))
    assert "does not fall on average" in LESSON.explain(growing, {}, str)[0]


def test_every_task_can_be_done():
    runs = [measured_of("reach", **controls) for controls in (
        {"updates": 100, "init": "orthogonal"}, {"updates": 0, "spectral_radius": 0.5},
        {"spectral_radius": 0.5})]  # fmt: skip
    assert [task.done(Attempt({}, measured)) for task, measured in zip(LESSON.tasks, runs, strict=True)] == [True] * 3


def test_who_takes_no_limit_for_no_limit_is_answered():
    answers = LESSON.corrections({"half": 40, "hundredth": 25}, measured_of("reach"))
    assert len(answers) == 1 and "factors below 1" in answers[0]
