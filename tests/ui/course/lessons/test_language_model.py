"""Lesson “A model of language”: the order of three sentences, and what temperature does to the entropy."""

import math

import numpy as np
import pytest
from course_runs import measured_of

from ui.course.lesson import Attempt
from ui.course.lessons.language_model import EXPECTED, LESSON, OWN, SENTENCES, SHORTEST, _entropy

QUOTED = "What do I keep of night and day?"


def test_the_sentences_have_the_same_letters():
    assert len({"".join(sorted(text)) for text in SENTENCES.values()}) == 1


def test_entropy_of_known_distributions():
    assert _entropy(np.array([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]])) == pytest.approx(math.log(2) / 2)


@pytest.mark.parametrize("seed", range(4))
def test_sentences_and_temperature(seed):
    measured = measured_of("language_model", seed)
    assert measured.order == EXPECTED and measured.totals["words"] > -len(SENTENCES["words"]) * math.log(34)
    assert 20 < measured.share < 60 and measured.cooler < measured.entropy < 1.5
    told = LESSON.explain(measured, {}, str)
    assert "prefers words that it knows" in told[1] and f"{measured.share / 100:.0%}" in told[2]
    assert "less than 1" in told[2]


@pytest.mark.parametrize(("temperature", "words"), [(1.0, "leaves the probabilities"), (2.0, "more than 1")])
def test_what_is_said_of_a_temperature(temperature, words):
    measured = measured_of("language_model", temperature=temperature)
    assert measured.share == pytest.approx(100) if temperature == 1 else measured.share > 100
    assert words in LESSON.explain(measured, {}, str)[2]


def test_another_order_is_not_explained_away():
    measured = measured_of("language_model", updates=0)
    assert measured.order != EXPECTED
    assert "not what one would expect" in LESSON.explain(measured, {}, str)[1]


def test_a_sentence_of_the_readers_is_compared_with_texts_of_its_length():
    quoted, odd, unknown = (measured_of("language_model", sentence=text) for text in (QUOTED, QUOTED[::-1], "snow ☃"))
    assert quoted.typed.letters == len(QUOTED) and len(quoted.typed.own) == OWN
    assert quoted.typed.wins and not odd.typed.wins and not unknown.typed.wins
    assert not quoted.typed._replace(letters=SHORTEST - 1).wins
    assert f"{quoted.typed.total / math.log(10):.1f}" in LESSON.explain(quoted, {}, str)[-1]
    assert "cannot read it" in LESSON.explain(unknown, {}, str)[-1]
    assert QUOTED not in " ".join(LESSON.explain(quoted, {}, str))  # a reader's text is never Markdown


def test_every_task_can_be_done():
    runs = [measured_of("language_model", **controls) for controls in (
        {"temperature": 0.2}, {"sentence": QUOTED}, {"updates": 0})]  # fmt: skip
    assert [task.done(Attempt({}, measured)) for task, measured in zip(LESSON.tasks, runs, strict=True)] == [True] * 3


def test_who_expects_no_change_is_answered():
    answers = LESSON.corrections({"order": ("letters", "order", "words"), "share": 110}, measured_of("language_model"))
    assert "never seen words like these" in answers[0] and "never flatter" in answers[1]
