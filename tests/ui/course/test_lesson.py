"""The records of a lesson, with a lesson that measures nothing real."""

from typing import NamedTuple

import plotly.graph_objects as go
import pytest

from ui.course.lesson import (
    Attempt,
    ChoiceGuess,
    Control,
    Door,
    Lesson,
    Misconception,
    NumberGuess,
    Progress,
    Task,
    finish,
)


class Measured(NamedTuple):
    loss: float


def run(seed, size=4):
    for number in range(3):
        yield Progress(number / 3)
    yield Progress(1.0, measured=Measured(float(seed + size)))


LESSON = Lesson(
    name="toy",
    title="Toy",
    claim="A claim.",
    misconception="An idea.",
    guesses=(
        NumberGuess("loss", "Loss", 0, 10, "", False, 4.0, (Misconception("too small", low=0, high=1),)),
        ChoiceGuess("same", "Same?", (("yes", "Yes"), ("no", "No"))),
    ),
    run=run,
    truth=lambda measured: {"loss": measured.loss, "same": "yes"},
    figure=lambda measured, answers, theme, _: go.Figure(),
    explain=lambda measured, answers, _: [],
    tasks=(Task("Above 8", lambda attempt: attempt.measured.loss > 8),),
    door=Door("lab"),
    controls=(
        Control("size", "Size", 4, low=1, high=9),
        Control("cell", "Cell", "a", options=(("a", "A"), ("b", "B"))),
        Control("sentence", "Sentence", "", longest=3),
    ),
)


def test_a_lesson_is_answered_when_all_its_guesses_are():
    assert LESSON.read({"loss": 3, "same": "no"}) == {"loss": 3.0, "same": "no"}
    for nonsense in (None, [], "x", {}, {"loss": 3}, {"loss": 30, "same": "no"}, {"loss": 3, "same": "x"}):
        assert LESSON.read(nonsense) is None


def test_the_score_is_the_mean_of_its_guesses():
    measured = finish(LESSON.run(0))
    assert LESSON.score({"loss": 4.0, "same": "yes"}, measured) == 1
    assert LESSON.score({"loss": 2.0, "same": "no"}, measured) == 0.25
    assert [verdict.score for verdict in LESSON.judge({"loss": 2.0, "same": "no"}, measured)] == [0.5, 0]
    assert LESSON.corrections({"loss": 0.5, "same": "no"}, measured) == ["too small"]


def test_a_task_looks_at_a_run_with_other_controls():
    [task] = LESSON.tasks
    assert not task.done(Attempt({"size": 4}, finish(LESSON.run(0))))
    assert task.done(Attempt({"size": 9}, finish(LESSON.run(0, size=9))))


def test_a_control_takes_what_it_can_be_set_to():
    size, cell, sentence = LESSON.controls
    assert [size.read(raw) for raw in (1, 9, 9.0, 10, 0, "3", None, True)] == [1, 9, 9, 4, 4, 4, 4, 4]
    assert [cell.read(raw) for raw in ("b", "x", None, 3)] == ["b", "a", "a", "a"]
    assert [sentence.read(raw) for raw in ("ab", "abcd", None, 3)] == ["ab", "abc", "", ""]


def test_a_run_without_a_measurement_is_told():
    with pytest.raises(ValueError, match="measured"):
        finish(iter([Progress(1.0)]))
