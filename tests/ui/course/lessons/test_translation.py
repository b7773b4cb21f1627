"""Lesson “Only after the whole input was read”: strings turned round, those of trained lengths and longer ones."""

import pytest
from course_runs import measured_of

from ui.course.lesson import Attempt
from ui.course.lessons.translation import BEYOND, LESSON, LONGEST
from ui.i18n import language
from ui.theme import THEMES


@pytest.mark.parametrize("seed", range(4))
def test_trained_lengths_and_longer_ones(seed):
    measured = measured_of("translation", seed)
    assert measured.trained > 0.85 and measured.longer < 0.4
    assert len(measured.by_length) == LONGEST + BEYOND and measured.by_length[-1] < 0.1
    assert measured.first > 0.9 and measured.early < 0.3 and measured.when == "end"
    told = LESSON.explain(measured, {}, str)
    assert "not a rule" in told[0] and "cannot begin earlier" in told[1]
    assert f"{measured.trained:.0%}" in told[0] and f"{measured.longer:.0%}" in told[0]
    [dots] = [
        trace
        for trace in LESSON.figure(measured, {}, THEMES["light"], language("en").gettext).data
        if trace.name == "measured"
    ]
    assert list(dots.x)[:2] == [100 * measured.longer, 100 * measured.trained]  # as in the sentence


@pytest.mark.parametrize(("longer", "words"), [(0.9, "less sure"), (1.0, "no harder"), (0.1, "not a rule")])
def test_what_is_said_follows_what_was_measured(longer, words):
    measured = measured_of("translation")._replace(trained=0.95, longer=longer)
    assert words in LESSON.explain(measured, {}, str)[0]
    early = measured._replace(early=0.95)
    assert "cannot begin earlier" not in LESSON.explain(early, {}, str)[1] and early.when == "early"


@pytest.mark.parametrize("longer", [0.0, 0.04, 0.05, 0.1])
def test_of_a_network_that_has_learned_little_no_rule_is_told(longer):
    measured = measured_of("translation")._replace(trained=0.05, longer=longer, first=0.32, early=0.2)
    told = LESSON.explain(measured, {}, str)
    assert "It has not learned" in told[0] and "pack" not in told[0] and "no harder" not in told[0]
    assert "cannot begin earlier" not in told[1]


def test_every_task_can_be_done():
    runs = [
        measured_of("translation", **controls)
        for controls in ({"longest": 4}, {"hidden_size": 4, "longest": 10}, {"longest": 4})
    ]
    assert [task.done(Attempt({}, measured)) for task, measured in zip(LESSON.tasks, runs, strict=True)] == [True] * 3


def test_who_thinks_that_it_translates_while_it_reads_is_answered():
    answers = LESSON.corrections({"longer": 90, "when": "early"}, measured_of("translation"))
    assert "seven letters" in answers[0] and "last input letter" in answers[1]
