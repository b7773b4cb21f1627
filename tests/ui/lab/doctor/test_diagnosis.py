"""The doctor over a table of settings: what it must say, and where it must be silent."""

from dataclasses import replace

import pytest
from experiments import SEEDS, experiment, kind_of, no_false_alarm, run_of, views_of

from ui.i18n import language
from ui.lab.doctor.advice import advise
from ui.lab.doctor.outcome import outcome
from ui.lab.verdict import LEARNED
from ui.network.presets import PRESETS
from ui.training.looking_back import LEAST_TRIAL
from ui.training.run import Run
from ui.training.snapshot import SampleChoice, Trial

ENGLISH = language("en").gettext

FAR = {"data": "order", "order_sequence_length": 60, "learning_rate": 0.001, "hidden_size": 16}
SPEAKS = {  # settings -> what ails them, after so many updates
    "no clipping, W doubles": (PRESETS["explodes"].values, 3, "diverged"),
    "BPTT over 4 of 20 steps": (PRESETS["truncated"].values, 600, "truncated"),
    "learning rate 1": ({"learning_rate": 1.0}, 600, "above"),
    "LSTM, learning rate 1": ({"cell": "lstm", "learning_rate": 1.0}, 600, "saturated"),
    "ReLU, learning rate 0.3": ({"cell": "rnn_relu", "learning_rate": 0.3}, 600, "dead"),
    "SGD, learning rate 0.0001": ({"optimizer": "sgd", "learning_rate": 0.0001}, 1000, "slow"),
    "order over 60 steps": (FAR, 600, "vanishing"),
}


@pytest.mark.parametrize("name", SPEAKS)
def test_it_says_what_ails_a_training(name):
    values, mark, kind = SPEAKS[name]
    [view] = views_of(run_of(values), (mark,))
    assert kind_of(view) == kind
    for code in ("en", "zh_CN"):
        advice = advise(view, language(code).gettext)
        assert advice.sentence and "{" not in advice.sentence + advice.label


def test_saturated_units_of_a_network_that_has_learned_ail_nothing():
    values, mark, kind = SPEAKS["LSTM, learning rate 1"]
    [view] = views_of(run_of(values), (mark,))
    low = tuple((update, 0.09 * view.chance) for update, _loss in view.held_out)
    assert kind_of(view) == kind and kind_of(replace(view, held_out=low)) != kind


def tried(run, view):
    """The outcome of the remedy, after as many updates as without it."""
    what = advise(view, language("en").gettext).remedy
    if what.setup == run.setup:
        other = run.rewind(what.begin)(lambda *_share: True).fork(2, run, what.training)
    else:
        other = Run(2, what.setup, what.training, SampleChoice())
        other.parent = run.as_parent(0)
    end = max(run.update, other.update + LEAST_TRIAL) + 1
    other.trial = Trial(what.diagnosis, run.setup, run.training, other.update, end - 1)
    while other.update < end and not other.diverged:
        other.train(min(end, other.update + 10) - other.update)
        view = other.view(complete=True)
    return outcome(view)


@pytest.mark.parametrize("name", ["no clipping, W doubles", "ReLU, learning rate 0.3", "SGD, learning rate 0.0001"])
def test_its_remedy_is_judged_by_what_it_does(name):
    values, mark, _kind = SPEAKS[name]
    run = run_of(values)
    *_before, view = views_of(run, (mark,))
    found = tried(run, view)
    assert found.over and found.kind in ("helps", "passed") and (found.without is None or found.loss < found.without)


def test_what_was_tried_is_not_proposed_again():
    run = run_of(SPEAKS["SGD, learning rate 0.0001"][0])
    [view] = views_of(run, (1000,))
    what = advise(view, ENGLISH).remedy
    told = [advise(view, ENGLISH).payload(None, past, ENGLISH)["sentence"] for past in (False, True)]
    assert told[1] == "Of the newest network, not of this moment: " + told[0]
    for again in (
        advise(view, ENGLISH, [(what.setup, what.training)]),
        advise(
            replace(view, trial=Trial("noisy", what.setup, what.training, 0, 500), parent=run.as_parent(0)), ENGLISH
        ),
    ):
        assert again.diagnosis is not None and again.remedy is None and again.label == ""
        assert "“learning rate 0.001” has been tried already." in again.sentence


@pytest.mark.claims
@pytest.mark.parametrize("name", SPEAKS)
@pytest.mark.parametrize("seed", SEEDS)
def test_it_says_so_over_seeds(name, seed):
    values, mark, kind = SPEAKS[name]
    [view] = views_of(run_of(values, seed), (mark,))
    assert kind_of(view) == kind


@pytest.mark.claims
def test_its_remedy_against_states_at_their_ends_keeps_what_the_orthogonal_network_learns():
    """That is back at chance after ten minutes, where a slower one has learned, with each seed."""
    [view] = views_of(experiment("orthogonal"), (60_000,))
    what = advise(view, ENGLISH).remedy
    assert kind_of(view) == what.diagnosis == "saturated"
    slower = PRESETS["orthogonal"].values | {"learning_rate": what.training.learning_rate}
    for seed in SEEDS:
        [later] = views_of(run_of(slower, seed), (60_000,))
        assert later.held_out[-1][1] <= LEARNED * later.chance and kind_of(later) is None


@pytest.mark.parametrize("name", ["flipflop", "grammar", "adding"])
def test_a_sample_of_the_experiments_raises_none(name):
    for view in views_of(experiment(name), (600, 1000)):
        no_false_alarm(name, view)


def test_the_networks_that_learn_to_recall_are_left_alone():
    for seed in SEEDS:
        assert [kind_of(view) for view in views_of(run_of({"data": "recall"}, seed), (600, 1200))] == [None, None]


def test_measurements_that_are_few_and_old_are_enough():
    run = run_of({})
    run.view(complete=True)
    while run.update < 600:
        run.train(600 - run.update)
    run._measure_from = float("inf")  # no held-out loss is measured any more
    view = run.view()
    condition = view.condition._replace(update=600)
    assert view.held_out[-1][0] == 0 and kind_of(replace(view, condition=condition)) is None
