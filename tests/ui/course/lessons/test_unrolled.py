"""Lesson “One network, unrolled”: the counts of the article, and shares that sum to the gradient."""

import pytest
from course_runs import measured_of

from ui.course.lesson import Attempt
from ui.course.lessons.unrolled import LESSON


@pytest.mark.parametrize("seed", range(4))
def test_the_counts_and_the_shares(seed):
    measured = measured_of("unrolled", seed)
    assert measured.shared == (1_610_000, 1_610_000) and measured.separate == (8_050_000, 80_500_000)
    parts = measured.shares.part
    assert parts.sum() == pytest.approx(1) and parts[0] == 0 == measured.shares.norm[0]
    assert measured.largest == parts.argmax() > 0
    told = " ".join(LESSON.explain(measured, {}, str))
    assert f"was that of step {measured.largest}" in told
    assert ("do not all pull the same way" in told) == (measured.total < 0.9 * measured.shares.norm.sum())


def test_every_task_can_be_done():
    runs = [measured_of("unrolled", **controls) for controls in TASK_CONTROLS]
    assert [task.done(Attempt({}, measured)) for task, measured in zip(LESSON.tasks, runs, strict=True)] == [True] * 3
    assert "−0%" not in " ".join(LESSON.explain(runs[2], {}, str))  # shares below 0 that round to it are there


TASK_CONTROLS = ({"steps": 2}, {"steps": 12}, {"steps": 30})


def test_who_gives_each_layer_its_own_weights_is_answered():
    measured = measured_of("unrolled")
    answers = LESSON.corrections({"short": 8_050_000, "long": 80_500_000, "step": "0"}, measured)
    assert ["set of weights" in answer for answer in answers] == [True, False]  # both counts by one sentence
    assert "before step 0 that is 0" in answers[1]
    for many in (4e7, 1e9):  # neither is five sets
        answers = LESSON.corrections(
            {"short": many, "long": measured.shared[1], "step": str(measured.largest)}, measured
        )
        assert len(answers) == 1 and answers[0].startswith("You expected more parameters than there are")
