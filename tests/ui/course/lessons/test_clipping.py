"""Lesson “Clipping”: it tames what explodes and does not bring back what has vanished."""

import pytest
from course_runs import measured_of

from ui.course.lesson import Attempt
from ui.course.lessons.clipping import CHANCE, LESSON, MOST, SOLVED


@pytest.mark.parametrize("seed", range(4))
def test_with_clipping_and_without(seed):
    measured = measured_of("clipping", seed)
    burst, faded = measured.exploding, measured.vanishing
    assert burst.lasted is not None and burst.lasted <= 5 and burst.norm > 5
    assert burst.survived and burst.clipped[1] < 2.5 < burst.clipped[0]
    assert faded.ratio < 1e-5 and not measured.cured
    told = LESSON.explain(measured, {}, str)
    assert f"after update {burst.lasted}." in told[0] and f"made all {MOST} updates" in told[0]
    learned = faded.free >= SOLVED, faded.clipped >= SOLVED
    assert ("clipping alone did not teach it" in told[1]) == (learned == (False, False))
    assert ("clipping was not what it lacked" in told[1]) == (learned == (True, True))
    assert ("in the tanh network at least" in told[2]) == (faded.factor < 1)


def test_the_lessons_own_run_learns_with_neither():
    faded = measured_of("clipping").vanishing
    assert max(faded.free, faded.clipped) < 3 * CHANCE


def test_every_task_can_be_done():
    runs = [
        measured_of("clipping", **controls)
        for controls in ({"radius": 0.5}, {"clip": 0.1}, {"clip": 1e6, "radius": 4.0})
    ]
    assert [task.done(Attempt({}, measured)) for task, measured in zip(LESSON.tasks, runs, strict=True)] == [True] * 3


def test_a_first_gradient_that_is_no_number_is_told():
    measured = measured_of("clipping")
    burst = measured.exploding._replace(lasted=0, survived=False)
    told = LESSON.explain(measured._replace(exploding=burst), {}, str)[0]
    assert "no update could be made" in told and "did not save it" in told


def test_a_loss_of_many_digits_is_written_as_a_power_of_ten():
    measured = measured_of("clipping")
    burst = measured.exploding._replace(clipped=(32_175_494.8, 2.31), survived=True)
    assert "from 3.22×10⁷ to 2.31 nats" in LESSON.explain(measured._replace(exploding=burst), {}, str)[0]


def test_who_expects_it_to_last_is_answered_with_what_was_measured():
    measured = measured_of("clipping")
    told = LESSON.corrections({"lasted": 100, "cures": "no"}, measured)
    shown = [sentence.format(**LESSON.facts(measured)) for sentence in told]
    assert len(shown) == 1 and f"{measured.exploding.norm:.3g}" in shown[0] and "millions" not in shown[0]
    other = measured._replace(exploding=measured.exploding._replace(norm=8.9, lasted=3))
    [sentence] = LESSON.corrections({"lasted": 100, "cures": "no"}, other)
    assert "8.9" in sentence.format(**LESSON.facts(other)) and "finite: 3." in sentence.format(**LESSON.facts(other))


def test_who_expects_a_cure_is_answered():
    [answer] = LESSON.corrections({"lasted": 2, "cures": "yes"}, measured_of("clipping"))
    assert "is not too large" in answer
