"""Lesson “One letter is not enough”: the network beats the table of pairs, and what is said of it is so."""

import pytest
from course_runs import measured_of

from rnn_core import Model, ModelConfig
from rnn_core.tasks.text import TextTask
from ui.course.lesson import Attempt
from ui.course.lessons.one_letter import LESSON, contrast


@pytest.mark.parametrize("seed", range(4))
def test_more_than_the_last_letter_is_used(seed):
    measured = measured_of("one_letter", seed)
    assert measured.alike > measured.single > measured.pairs > measured.loss
    assert 40 < measured.share < 70
    found = measured.contrast
    assert found.lowest < found.by_pairs < found.highest  # the same last letter, another past
    assert found.before_lowest[-1] == found.letter == found.before_highest[-1]
    told = " ".join(LESSON.explain(measured, {}, str))
    assert f"{measured.share:.0f}% of what pairs pay" in told and "has not yet" not in told
    assert measured.loss < measured.bound < measured.pairs and "can only come from what came before" in told


def test_a_network_that_learned_too_little_is_not_said_to_use_the_past():
    measured = measured_of("one_letter", updates=10)
    told = " ".join(LESSON.explain(measured, {}, str))
    assert measured.share > 100 and "has not yet" in told


def test_a_gain_that_a_rule_without_memory_has_too_proves_no_memory():
    measured = measured_of("one_letter", hidden_size=8)
    told = " ".join(LESSON.explain(measured, {}, str))
    assert measured.bound < measured.loss < measured.pairs
    assert "can only come from" not in told and f"would pay {measured.bound:.2f}" in told


def test_where_no_letter_can_be_compared_there_is_no_example():
    task = TextTask(text="0123456789 " * 100)
    assert contrast(Model(ModelConfig("gru", task.input_size, 4, task.output_size)), task) is None
    measured = measured_of("one_letter")
    told, without = (LESSON.explain(each, {}, str) for each in (measured, measured._replace(contrast=None)))
    assert without == told[:-1]


def test_every_task_can_be_done():
    short, small, long = (
        Attempt({}, measured_of("one_letter", **controls))
        for controls in ({"updates": 10}, {"hidden_size": 8, "updates": 1000}, {"updates": 1000})
    )
    done = [[task.done(attempt) for task in LESSON.tasks] for attempt in (short, small, long)]
    assert done[0] == [True, False, False] and done[1][1] and done[2] == [False, False, True]


def test_who_thinks_that_the_last_letter_tells_all_is_answered():
    measured = measured_of("one_letter")
    [answer] = LESSON.corrections({"share": 100}, measured)
    assert "“th”" in answer and LESSON.corrections({"share": 60}, measured) == []
