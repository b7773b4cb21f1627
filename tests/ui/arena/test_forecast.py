"""The record of the forecast from the gradient curve: what the table holds is what is offered, and nothing else."""

import pytest

from ui.arena.contest import SOLVED, reach_of
from ui.arena.forecast import BETTER, MOST, called, forecast, table
from ui.arena.records import Contender, Match, share, training_of
from ui.arena.trials import forecast_trials
from ui.training.lockstep import accuracy
from ui.training.run import new_trainer
from ui.training.snapshot import Training


def test_the_table_holds_every_network_of_the_grid():
    assert len(table()) == len(list(forecast_trials())) == 234


@pytest.mark.parametrize("task", ["recall", "adding", "copy", "order"])
@pytest.mark.parametrize("cell", ["rnn_tanh", "rnn_relu", "gru", "lstm"])
@pytest.mark.parametrize("ratio", [0.5, 1e-4])
def test_a_forecast_is_offered_only_where_it_was_better_than_a_guess(task, cell, ratio):
    own = [each for each in table() if (each.task, each.cell) == (task, cell)]
    alike = [each for each in own if called(each.ratio) is called(ratio)]
    found = forecast(task, cell, ratio, lag=30)
    assert (found is not None) == (len(alike) >= 5)
    if found is None:
        return
    right = sum(each.solved == found.learns for each in alike)
    guess = sum(each.solved == found.learns for each in own) / len(own)
    assert (found.right, found.alike) == (right, len(alike))
    assert found.offered == (right / len(alike) >= max(MOST, guess + BETTER))


@pytest.mark.parametrize(
    ("task", "cell", "ratio"),
    [("recall", "rnn_relu", 0.6), ("recall", "gru", 1.7e-4), ("adding", "gru", 3.7e-21), ("copy", "gru", 3.7e-8),
     ("copy", "rnn_tanh", 0.13)],
)  # fmt: skip
def test_what_was_foretold_wrongly_is_foretold_no_more(task, cell, ratio):
    assert not forecast(task, cell, ratio, lag=30).offered


def test_nothing_is_foretold_in_between_or_beyond_the_measured_lags():
    assert forecast("recall", "lstm", 0.01, lag=20) is None
    assert forecast("recall", "lstm", 0.5, lag=80) is None
    assert forecast("flipflop", "lstm", 0.5, lag=20) is None


def test_a_network_of_the_table_is_measured_as_it_says():
    contender = Contender("lstm", 24, forget_bias=5.0)
    match = Match("recall", (("batch_size", 32), ("delay", 10)), (contender,), 0)
    trainer = new_trainer(match.setup(contender), training_of(contender, Training()))
    ratio = share(reach_of(trainer))
    row = next(e for e in table() if (e.task, e.cell, e.lag, e.seed) == ("recall", "lstm", 10, 0) and e.ratio > 0.05)
    assert row.ratio == pytest.approx(ratio, rel=0.01)
    trainer.step(50)
    assert row.solved and accuracy(trainer) >= SOLVED
