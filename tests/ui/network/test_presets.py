"""Every experiment shows what its sentence promises, in as many updates as half a minute has at its speed."""

import math

import numpy as np
import pytest

from rnn_core.analysis.fixed_points import fixed_points, step_map
from rnn_core.analysis.properties import properties
from rnn_core.analysis.recording import record
from rnn_core.analysis.unit_search import search
from ui.network.presets import PRESETS
from ui.network.settings import SETTINGS
from ui.network.setup import lab_setup
from ui.settings import keys
from ui.training.run import Run
from ui.training.snapshot import SampleChoice

SECONDS = 30
TEXT = "river_en"


def run_of(name, **other) -> Run:
    """The experiment's network before its first update."""
    values = {key: setting.default for key, setting in SETTINGS.items()} | {keys.DATA: TEXT}
    setup, training = lab_setup(values | PRESETS[name].values | other)
    return Run(1, setup, training, SampleChoice())


def trained(name, updates, **other):
    """The view after so many updates."""
    run = run_of(name, **other)
    step = min(updates, 50)
    while run.update < updates and not run.diverged:
        run._note(run.trainer.step(step))
    return run.view(complete=True)


def losses(name, *updates, **other) -> list[float]:
    """The held-out loss after so many updates each."""
    run, found = run_of(name, **other), []
    for update in updates:
        run.trainer.step(update - run.update)
        found.append(run.trainer.evaluate())
    return found


def norms(view) -> np.ndarray:
    return np.linalg.norm(view.trace.d_hidden[0, 1:, 0], axis=-1)


@pytest.mark.parametrize("name", PRESETS)
def test_every_value_is_one_that_its_control_has(name):
    for key, value in PRESETS[name].values.items():
        setting = SETTINGS[key]
        assert setting.parse(setting.spell(value)) == value != setting.default, key


@pytest.mark.parametrize("name", PRESETS)
def test_every_experiment_starts_and_takes_half_a_minute(name):
    run = run_of(name)
    assert math.isfinite(run.view(complete=True).trace.loss)
    assert (PRESETS[name].values.get(keys.SPEED, 100) or 1000) * SECONDS >= 30


def test_the_articles_network_has_its_formula():
    view = trained("article", 1)
    assert set(view.trace.grads) == {"weight_ih_l0", "weight_hh_l0", "weight_ho"}
    run = run_of("article")
    trace, weights = run.view(complete=True).trace, run.trainer.model.state_dict()
    states = trace.hidden[0, :, 0]
    from_input = weights["weight_ih_l0"][:, trace.x[:, 0]].T
    assert np.allclose(states[1:], np.tanh(from_input + states[:-1] @ weights["weight_hh_l0"].T), atol=1e-6)


def test_in_slow_motion_the_change_of_one_update_is_there():
    run = run_of("slow")
    run.view()
    run.train(1)
    view = run.view()
    assert view.update - view.before_update == 1
    assert np.abs(view.trace.hidden[0, :, 0] - view.before[0]).max() > 1e-3


def test_a_network_learns_to_write():
    view = trained("write", 1000)
    assert view.held_out[-1][1] < view.bigram
    words = set(run_of("write").task.text.split())
    written = view.samples[-1].text.split()[1:-1]
    assert np.mean([word in words for word in written]) > 0.7


def test_learning_by_heart():
    run = run_of("by_heart")
    run.trainer.step(60)
    early, history = run.trainer.evaluate(), run.trainer.step(500)
    assert run.trainer.evaluate() > early + 0.5 and history.loss[-1] < 0.5


def test_an_lstm_and_an_orthogonal_start_leave_chance_where_the_plain_network_has_not_yet():
    chance = run_of("forgets").task.chance
    assert losses("forgets", 1000)[0] > 0.95 * chance
    assert losses("remembers", 1000)[0] < 0.7 * chance
    assert losses("orthogonal", 1000)[0] < 0.95 * chance


def test_gradients_explode_and_clipping_helps():
    start = norms(run_of("explodes").view(complete=True))
    assert start[0] > 10 * start[-1]
    run = run_of("explodes")
    run.trainer.step(30)
    assert run.diverged
    assert losses("explodes", 1000, clipping="norm")[0] < 2.5


def test_the_reber_grammar_is_found():
    run = run_of("reber")
    history = run.trainer.step(1500).loss
    task = run.task
    assert history[200:300].mean() > task.coin_flip_loss > history[-200:].mean()
    assert history[-200:].mean() < task.best + 0.01


def test_two_numbers_are_added():
    early, late = losses("adding", 50, 2000)
    assert 0.1 < early < 0.25 and late < 0.01


def test_the_grammar_is_learned_to_the_best_possible():
    view = trained("grammar", 3000)
    assert view.held_out[-1][1] == pytest.approx(view.best, abs=0.05)


def test_three_bits_are_held_by_eight_states_of_rest():
    run = run_of("flipflop")
    run.trainer.step(1500)
    assert run.trainer.evaluate() < 0.01
    states = run.trainer.model.forward(run.task.held_out().x).hidden[0, 1:].reshape(-1, 16)
    found = fixed_points(step_map(run.trainer.model), states)
    assert np.bincount(found.unstable).tolist() == [8, 12, 6, 1]


def test_reading_from_both_ends_sees_the_answer():
    assert losses("both_ways", 3000)[0] < 0.1


def test_truncation_hides_the_answer():
    run = run_of("truncated")
    run.trainer.step(1500)
    assert run.trainer.evaluate() > 2.0
    run.trainer.configure(truncate=None)
    run.trainer.step(1500)
    assert run.trainer.evaluate() < 0.1


def test_chinese_is_learned_from_far_above():
    view = trained("chinese", 1000)
    assert view.chance > 4 and view.held_out[-1][1] < view.bigram + 0.1


def test_units_that_mean_something_are_found():
    run = run_of("marked")
    run.trainer.step(1000)
    ids = run.task.held_out_ids
    recording = record(run.trainer.model, ids[:, None], quantity="cell")
    found = {each.property.kind: each for each in search(recording.values, properties(list(run.task.decode(ids))))}
    assert all(found[kind].found and found[kind].unseen > 0.9 for kind in ("quotes", "brackets"))
    assert found["column"].found
