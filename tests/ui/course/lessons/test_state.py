"""Lesson “A number that remembers”: powers of W, and a unit that learns to hold."""

import numpy as np
import pytest
from course_runs import measured_of

from rnn_core import Model, ModelConfig
from ui.course.lesson import Attempt
from ui.course.lessons.state import LESSON, STEPS, states
from ui.unroll.changes import parse
from ui.unroll.sentence import sentence
from ui.unroll.workspace import own_workspace


@pytest.mark.parametrize("weight", [0.0, 0.5, 1.0, 1.5])
def test_the_state_is_a_power_of_w(weight):
    np.testing.assert_allclose(states(weight), np.float32(weight) ** np.arange(STEPS), rtol=1e-5)


def test_a_negative_w_ends_it_at_once():
    assert states(-1.0).tolist() == [1.0] + [0.0] * (STEPS - 1)


@pytest.mark.parametrize("seed", range(4))
def test_the_unit_learns_to_multiply_by_one(seed):
    measured = measured_of("state", seed)
    assert LESSON.truth(measured) == {"half": 0.5**5, "one": 1.0, "minus": 0.0}
    assert measured.learned == pytest.approx(1, abs=0.01) and measured.errors[1] < 1e-3 * measured.errors[0]
    told = LESSON.explain(measured, {}, str)
    assert "0.03125" in told[0] and "it found the multiplication by 1" in told[2]


def test_a_unit_that_is_dead_does_not_and_nothing_else_is_said():
    measured = measured_of("state", weight=-1.0)
    told = LESSON.explain(measured, {}, str)
    assert "ReLU makes it 0" in told[0]
    assert ("not to 1" in told[2]) == (abs(measured.learned - 1) >= 0.05)


def test_every_task_can_be_done():
    attempts = [Attempt({}, measured_of("state", weight=weight)) for weight in (1.0, 0.3, 1.5)]
    assert [[task.done(attempt) for task in LESSON.tasks] for attempt in attempts] == np.eye(3, dtype=bool).tolist()


def test_behind_its_door_the_same_unit_lies_open():
    query = LESSON.door.query
    own = own_workspace(sentence(query["sentence"], query["symbols"]), query["unrolled_cell"], 1, False, 0)
    assert all(own.change(change) for change in parse(query["changes"]))
    size = len(own.symbols)
    model = Model(ModelConfig(query["unrolled_cell"], size, int(query["units"]), size, bias=False))
    model.load_state_dict(own.computation.weights)
    seen = model.forward(np.array(own.computation.ids)[:, None]).hidden[0, 1:, 0, 0]
    assert seen.tolist() == states(0.5)[: len(seen)].tolist() and seen[5] == 0.5**5


def test_who_thinks_of_a_store_is_answered():
    measured = measured_of("state")
    [answer] = LESSON.corrections({"half": 1.0, "one": 1.0, "minus": 0.0}, measured)
    assert "It stores nothing" in answer
