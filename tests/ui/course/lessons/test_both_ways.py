"""Lesson “Both ways, and deep”: who fills a gap, and why a loss near zero is no better model of language."""

import pytest
from course_runs import measured_of

from ui.course.lesson import Attempt
from ui.course.lessons.both_ways import LESSON


@pytest.mark.parametrize("seed", range(4))
def test_only_both_directions_fill_the_gap(seed):
    measured = measured_of("both_ways", seed)
    assert measured.both.right > 0.95 and measured.best == "both"
    assert max(measured.forward.right, measured.deep.right) < 0.4  # one in four, and chance
    sizes = [filling.parameters for filling in measured[:3]]
    assert max(sizes) < 1.05 * min(sizes)
    assert measured.inside < 0.1 and measured.level == "nothing"
    assert measured.last > measured.one_way_last > 10 * measured.inside
    told = " ".join(LESSON.explain(measured, {}, str))
    assert "about one in four" in told and "labels texts, but cannot write them" in told


def test_an_untrained_network_is_not_said_to_have_found_the_answer():
    measured = measured_of("both_ways", updates=0)
    told = " ".join(LESSON.explain(measured, {}, str))
    assert measured.level == "same" and "has not learned to use the next letter" in told
    assert "cannot write them" not in told
    assert "tense" not in told and "not clearly ahead" in told
    equal = measured._replace(both=measured.forward, updates=600)
    assert "not clearly ahead" in " ".join(LESSON.explain(equal, {}, str))


def test_one_in_four_is_said_of_about_a_quarter_alone():
    measured = measured_of("both_ways")
    few = measured._replace(forward=measured.forward._replace(right=0.172), deep=measured.deep._replace(right=0.156))
    told = " ".join(LESSON.explain(few, {}, str))
    assert "one in four" not in told and "only the network of both directions has read it" in told


def test_every_task_can_be_done():
    runs = [measured_of("both_ways", **controls) for controls in ({"updates": 200}, {"updates": 20}, {"updates": 1500})]
    assert [task.done(Attempt({}, measured)) for task, measured in zip(LESSON.tasks, runs, strict=True)] == [True] * 3


def test_who_trusts_in_depth_is_answered():
    answers = LESSON.corrections({"best": "deep", "loss": "same"}, measured_of("both_ways"))
    assert "still to come" in answers[0] and "has read it" in answers[1]
