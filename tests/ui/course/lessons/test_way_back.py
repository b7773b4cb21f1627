"""Lesson “The way back”: a loss at the last step alone reaches every state, and backpropagation is right."""

import numpy as np
import pytest
from course_runs import measured_of

from ui.course.lesson import Attempt
from ui.course.lessons.way_back import LESSON, STEPS
from ui.theme import THEMES


@pytest.mark.parametrize("seed", range(4))
def test_the_curve_of_the_last_loss(seed):
    measured = measured_of("way_back", seed)
    for curve in (measured.before, measured.after):
        assert len(curve) == STEPS and curve[-1] == 1 and (curve > 0).all()
    assert measured.before[0] < 1e-3 and measured.after[0] > 10 * measured.before[0]
    assert measured.error < 1e-5  # relative, against differences
    assert -0.2 < measured.last_part < 0.9  # most of the gradient comes from earlier steps
    told = LESSON.explain(measured, {}, str)
    assert "carried it farther" in told[0]
    assert ("times as large" in told[0]) == (measured.after[-2] > 1)
    assert f"{measured.last_part:.0%} of ∂L/∂W" in told[1].replace("−", "-")


def test_an_untrained_network_is_said_to_be_one():
    measured = measured_of("way_back", updates=0)
    assert (measured.before == measured.after).all()
    assert "Nothing was trained" in LESSON.explain(measured, {}, str)[0]
    names = [trace.name for trace in LESSON.figure(measured, {}, THEMES["light"], str).data]
    assert "measured, not trained" in names and "measured, after training" not in names


def test_what_is_said_follows_what_was_measured():
    measured = measured_of("way_back")
    turned = measured._replace(before=measured.after, after=measured.before)
    assert "fade faster" in LESSON.explain(turned, {}, str)[0]
    assert "less than a factor of ten" in LESSON.explain(measured._replace(before=measured.after), {}, str)[0]


def test_every_task_can_be_done():
    runs = [measured_of("way_back", **controls) for controls in ({"updates": 0}, {"updates": 1000}, {"updates": 200})]
    assert [task.done(Attempt({}, measured)) for task, measured in zip(LESSON.tasks, runs, strict=True)] == [True] * 3


def test_a_curve_is_answered_by_its_own_misconception():
    measured = measured_of("way_back")
    alone = (*np.full(STEPS - 1, 1e-4), 1.0)
    [answer] = LESSON.corrections({"curve": alone}, measured)
    assert "depends on all of them" in answer
    [answer] = LESSON.corrections({"curve": (1.0,) * STEPS}, measured) or [""]
    assert not answer or "another factor" in answer
    assert LESSON.corrections({"curve": tuple(np.maximum(measured.after, 1e-4))}, measured) == []
