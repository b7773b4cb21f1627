"""The doctor over a table of settings: what it must say, and where it must be silent."""

from dataclasses import replace

import pytest

from ui.i18n import language
from ui.lab.doctor.advice import advise
from ui.lab.doctor.diagnosis import diagnose
from ui.lab.doctor.outcome import outcome
from ui.network.presets import PRESETS
from ui.network.settings import SETTINGS
from ui.network.setup import lab_setup
from ui.settings import keys
from ui.training.looking_back import LEAST_TRIAL
from ui.training.run import Run
from ui.training.snapshot import SampleChoice, Trial

ENGLISH = language("en").gettext
LATER = 1.05  # of the updates at one view: those at the next
SEEDS = (0, 1, 2)
MARKS = (300, 1000, 3000, 18_000)  # a learner looks after seconds, and after minutes


def run_of(values, seed=0) -> Run:
    """The Lab's network with these settings, its seed so much higher."""
    values = {name: setting.default for name, setting in SETTINGS.items()} | {keys.DATA: "river_en"} | values
    return Run(1, *lab_setup(values | {keys.SEED: values[keys.SEED] + seed}), SampleChoice())


def views(values, marks, seed=0):
    """Views at these updates, looked at often on the way; ends where the run diverges."""
    return views_of(run_of(values, seed), marks)


def views_of(run, marks):
    run.view(complete=True)
    for mark in marks:
        while run.update < mark and not run.diverged:
            target = min(mark, max(run.update + 5, int(LATER * run.update)))
            while run.update < target and not run.diverged:
                run.train(target - run.update)
            view = run.view(complete=True)
        yield view


def kind_of(view) -> str | None:
    found = diagnose(view)
    return None if found is None else found.kind


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
    [view] = views(values, (mark,))
    assert kind_of(view) == kind
    for code in ("en", "zh_CN"):
        advice = advise(view, language(code).gettext)
        assert advice.sentence and "{" not in advice.sentence + advice.label


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
    [view] = views(values, (mark,), seed)
    assert kind_of(view) == kind


# What may be said of an experiment, whenever a learner looks; nothing where it is not named.
MAY = {
    name: {"overfits"} for name in ("article", "slow", "write", "by_heart", "chinese", "marked", "memory_text", "reber")
}
MAY |= {"explodes": {"diverged"}, "forgets": {"vanishing"}, "truncated": {"truncated", "noisy"}}
MAY |= {"orthogonal": {"clipped", "noisy", "vanishing"}}  # it learns by jumps, and may be back at chance for good
MUST = {"explodes": 300, "forgets": 1000, "by_heart": 1000}  # after so many updates it speaks


def no_false_alarm(name, marks, seed) -> None:
    for view in views(PRESETS[name].values, marks, seed):
        kind = kind_of(view)
        assert kind is None or kind in MAY.get(name, ()), (name, seed, view.update)
        assert kind is not None or view.update < MUST.get(name, 10**9), (name, seed, view.update)


@pytest.mark.claims
@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("seed", SEEDS)
def test_an_experiment_raises_no_false_alarm(name, seed):
    no_false_alarm(name, MARKS, seed)


@pytest.mark.parametrize("name", ["flipflop", "grammar", "adding"])
def test_a_sample_of_the_experiments_raises_none(name):
    no_false_alarm(name, (600, 1000), 0)


def test_the_networks_that_learn_to_recall_are_left_alone():
    for seed in SEEDS:
        assert [kind_of(view) for view in views({"data": "recall"}, (600, 1200), seed)] == [None, None]


def test_measurements_that_are_few_and_old_are_enough():
    run = run_of({})
    run.view(complete=True)
    while run.update < 600:
        run.train(600 - run.update)
    run._measure_from = float("inf")  # no held-out loss is measured any more
    view = run.view()
    condition = view.condition._replace(update=600)
    assert view.held_out[-1][0] == 0 and kind_of(replace(view, condition=condition)) is None
