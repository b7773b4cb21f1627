"""A sweep: what it trains, that its pieces do not matter, what diverges, what cannot be, what it is said to cost."""

import math
from dataclasses import replace

import pytest
from sweep_plans import DIVERGING, done, plan

from ui.settings import keys
from ui.sweeps.axes import Swept
from ui.sweeps.sweep import SweepRun
from ui.sweeps.trial import Cost, learn
from ui.training.lockstep import accuracy
from ui.training.run import new_trainer


def ended(looks):
    while True:
        try:
            next(looks)
        except StopIteration as end:
            return end.value


def test_each_cell_is_the_labs_network_with_its_two_values_to_the_last_bit():
    small = plan(seeds=2)
    view = done(SweepRun(1, small))
    assert len(view.outcomes) == 8 and view.finished and view.share == 1
    for place, outcome in view.outcomes.items():
        setup, training = small.network(place)
        assert setup.spectral_radius == small.across.values[place[0]] and setup.seed == place[2]
        assert training.learning_rate == small.down.values[place[1]]
        trainer = new_trainer(setup, training)
        trainer.step(small.budget)
        assert (outcome.updates, outcome.loss) == (small.budget, trainer.evaluate())
        assert outcome.right == accuracy(trainer) and outcome.chance == trainer.task.chance
    assert len({outcome.loss for outcome in view.outcomes.values()}) == 8


def test_a_sweep_that_was_stopped_between_all_slices_finds_the_same():
    run, small = SweepRun(1, plan()), plan()
    while not run.finished:
        run.train()
        run.rest()
    assert run.outcomes == done(SweepRun(2, small)).outcomes


def test_every_cell_has_its_first_seed_before_one_has_its_second():
    assert [place[2] for place in plan(seeds=2).places] == [0] * 4 + [1] * 4


def test_a_network_that_diverges_is_an_outcome_without_a_number_and_the_others_go_on():
    sweep = plan(Swept(keys.RADIUS, (0.5, 3.0)), Swept(keys.LEARNING_RATE, (0.001, 3.0)), budget=100, **DIVERGING)
    view = done(SweepRun(1, sweep))
    bad, good = view.outcomes[1, 1, 0], view.outcomes[0, 0, 0]
    assert bad.diverged and math.isnan(bad.loss) and bad.updates < 100 and not good.diverged
    assert view.value((1, 1), "loss") == math.inf and view.value((1, 1), "right") == -math.inf
    assert view.best("loss") != (1, 1) and view.best("right") != (1, 1)


def test_the_median_of_seeds_of_which_half_diverged_is_none():
    view = done(SweepRun(1, plan(seeds=3)))
    losses = sorted(view.outcomes[0, 0, seed].loss for seed in range(3))
    assert view.value((0, 0), "loss") == losses[1]
    diverged = {place: one._replace(diverged=place[2] < 2) for place, one in view.outcomes.items()}
    view = replace(view, outcomes=diverged)
    assert view.value((0, 0), "loss") == math.inf


def test_a_network_that_cannot_be_says_why():
    text = "abcd" * 20  # its held-out part is too short for a sequence of 60
    sweep = plan(Swept("text_sequence_length", (5, 60)), data="own")
    sweep = type(sweep)(sweep.values, text, *list(vars(sweep).values())[2:])
    view = done(SweepRun(1, sweep))
    assert view.outcomes[1, 0, 0].problem and not view.outcomes[0, 0, 0].problem
    assert view.value((1, 0), "loss") == math.inf and view.best("loss") is not None


def test_cells_whose_network_is_that_of_another_are_counted():
    assert plan().alike == 0
    assert plan(Swept(keys.FORGET_BIAS, (0.0, 1.0))).alike == 4  # a plain network has no forget gate
    assert plan(Swept(keys.FORGET_BIAS, (0.0, 1.0)), cell="lstm").alike == 0


def test_the_cost_is_measured_where_it_differs_and_nowhere_else(monkeypatch):
    made = []
    monkeypatch.setattr("ui.sweeps.trial.new_trainer", lambda *network: made.append(network) or new_trainer(*network))
    monkeypatch.setattr("ui.sweeps.trial._cost", lambda trainer: float(trainer.model.num_parameters))
    rates = Cost(plan())
    assert not made and rates.seconds is None
    while not rates.ended:
        rates.work()
    assert len(made) == 1 and rates.seconds > 0
    sizes = Cost(plan(Swept(keys.HIDDEN_SIZE, (2, 4, 128)), budget=100))
    while not sizes.ended:
        sizes.work()
    assert len(made) == 4
    assert sizes.weights[2, 0] == sizes.weights[2, 1] > sizes.weights[0, 0]
    assert sizes.seconds == pytest.approx(100 * sum(sizes.weights.values()))


def test_the_share_counts_updates_and_what_they_cost():
    run = SweepRun(1, plan(Swept(keys.HIDDEN_SIZE, (4, 64)), budget=20_000))
    while not run.cost.ended:
        run.cost.work()
    whole = sum(run.cost.weights.values())
    while not run.outcomes:
        run.train()
    first, view = sum(run.cost.weights[place[:2]] for place in run.outcomes) / whole, run.view()
    assert view.share == pytest.approx(first) or first < view.share  # the next one may have begun
    assert view.share < 1 and view.seconds_left > 0


def test_a_curve_has_the_mean_of_the_updates_since_the_point_before():
    small = plan(budget=250)
    outcome = ended(learn(*small.network((0, 0, 0)), 250))
    trainer = new_trainer(*small.network((0, 0, 0)))
    losses = trainer.step(250).loss
    assert len(outcome.curve) == 100 and outcome.curve[-1][0] == 250
    before = outcome.curve[-2][0]
    assert outcome.curve[-1][1] == pytest.approx(losses[before:].mean())
