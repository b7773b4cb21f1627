"""The condition of a network: measured now and then, from its own units and weights."""

import numpy as np
from sessions import setup

from rnn_core import Model, ModelConfig
from rnn_core.analysis.activity import activity, first_overflow
from rnn_core.tasks import TASKS
from rnn_core.tasks.base import Batch
from ui.training.condition import Condition, Conditions
from ui.training.run import Run
from ui.training.snapshot import SampleChoice, Training


def network(cell, **options):
    task = TASKS["recall"](delay=6)
    return Model(ModelConfig(cell, task.input_size, 8, task.output_size, **options)), task


def test_dead_units_are_zero_at_every_step():
    model, task = network("rnn_relu")
    weights = model.state_dict()
    for name in ("weight_ih_l0", "weight_hh_l0"):
        weights[name][:3] = 0
    weights["bias_ih_l0"][:3], weights["bias_ih_l0"][3:] = -1, 5
    model.load_state_dict(weights)
    assert activity(model, task.held_out()).dead == 3 / 8
    assert activity(network("gru")[0], task.held_out()).dead == 0


def test_saturated_are_states_of_tanh_and_gates_of_others():
    for cell in ("rnn_tanh", "gru", "lstm"):
        model, task = network(cell)
        assert activity(model, task.held_out()).saturated == 0
        model.parameters[:] *= 1000
        assert activity(model, task.held_out()).saturated > 0.9


def test_the_flow_is_the_gradient_of_the_last_loss_at_each_lag():
    model, task = network("rnn_tanh")
    x, targets, mask = task.held_out()
    found = activity(model, Batch(x, targets, mask)).flow
    trace = model.backward(x, targets, mask=mask)
    expected = np.linalg.norm(trace.d_hidden[0, 1:].astype(float), axis=(1, 2))[::-1]
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_the_loss_of_a_sequence_is_at_its_own_last_step_that_counts():
    task = TASKS["count"](longest=4)
    model = Model(ModelConfig("rnn_tanh", task.input_size, 5, task.output_size))
    found = activity(model, task.strings([1, 4])).flow
    alone = [activity(model, task.strings([n])).flow for n in (1, 4)]
    assert found[0] > 0 and found[1] > 0
    np.testing.assert_allclose(found[:2] * 2, [np.hypot(*(one[lag] for one in alone)) for lag in (0, 1)], rtol=1e-4)


def test_the_first_number_that_is_not_finite_is_found():
    model, task = network("rnn_tanh")
    x, targets, _mask = task.held_out()
    assert first_overflow(model.backward(x, targets)) is None
    weights = model.state_dict()
    weights["weight_ho"][:] = 3e38
    model.load_state_dict(weights)
    assert first_overflow(model.backward(x, targets))[:1] == ("loss",)


def test_a_run_measures_its_condition_once_for_an_update_and_how_far_its_weights_moved():
    run = Run(1, setup(), Training(), SampleChoice())
    run.model_history._rest = 0.0
    first = run.view(complete=True).condition
    assert isinstance(first, Condition) and (first.update, first.since, first.moved) == (0, 0, 0.0)
    assert run.view(complete=True).condition is first
    run.train(20)
    second = run.view(complete=True).condition
    begin = run.model_history.halfway(20)
    parameters = run.trainer.model.parameters
    moved = np.linalg.norm(parameters - begin.parameters) / np.linalg.norm(parameters)
    assert second.update == 20 and second.since == begin.update <= 10 and np.isclose(second.moved, moved)
    assert [update for update, _dead in second.dead] == [0, 20]


def test_it_rests_between_two_measurements(monkeypatch):
    run = Run(1, setup(), Training(), SampleChoice())
    conditions, now = Conditions(), [100.0]
    monkeypatch.setattr("ui.training.condition.time.monotonic", lambda: now[0])
    first = conditions.note(run.trainer, run.model_history, at_once=False)
    run.train(1)
    assert conditions.note(run.trainer, run.model_history, at_once=False) is first
    now[0] += 3
    assert conditions.note(run.trainer, run.model_history, at_once=False).update == 1
    assert conditions.until(0).newest is None
