"""The last update of a diverging network after which its numbers were finite is kept."""

import numpy as np
import pytest
from sessions import setup

from ui.network.presets import PRESETS
from ui.network.settings import SETTINGS
from ui.network.setup import lab_setup
from ui.settings import keys
from ui.training.fallback import keep, last_finite
from ui.training.run import Run
from ui.training.snapshot import SampleChoice, Training

DEFAULTS = {key: setting.default for key, setting in SETTINGS.items()} | {keys.DATA: "river_en"}


def exploding():
    return Run(1, *lab_setup(DEFAULTS | PRESETS["explodes"].values), SampleChoice())


def overflowing():
    """Its states leave the finite numbers after an update that could still be made."""
    made = setup(cell="rnn_relu", seed=0, spectral_radius=3.0, steps=16)
    return Run(1, made, Training("sgd", 0.3, None, None), SampleChoice())


CASES = pytest.mark.parametrize("new", [exploding, overflowing])


def stepped(new=exploding):
    """One view after each update, until it has diverged; then the last."""
    run = new()
    seen = [run.view(complete=True)]
    while not run.diverged:
        run.train(1)
        seen.append(run.view(complete=True))
        assert len(seen) < 50
    return run, seen


@CASES
def test_it_falls_back_by_one_update_and_keeps_what_was_measured(new):
    run, (*before, fallen) = stepped(new)
    for seen in (*before, fallen):
        for numbers in (seen.trace.loss, seen.trace.hidden, seen.trace.logits, seen.trace.d_hidden):
            assert np.isfinite(numbers).all()
        assert seen.held_out[-1][0] == seen.update
    assert fallen.update == before[-1].update == len(before) - 1
    assert fallen.held_out == before[-1].held_out
    assert [update for update, _ in fallen.held_out] == list(range(len(before)))
    assert fallen.curve.update.tolist() == before[-1].curve.update.tolist()
    np.testing.assert_array_equal(fallen.trace.hidden, before[-1].trace.hidden)
    assert run.trainer.update == fallen.update


@CASES
def test_a_network_that_ran_on_falls_back_to_the_same_update(new):
    known = stepped(new)[1][-1]
    run = new()
    run.view(complete=True)
    run.train()
    run.train()
    fallen = run.view()
    assert run.diverged and fallen.update == known.update
    assert fallen.held_out[-1] == known.held_out[-1]
    np.testing.assert_array_equal(fallen.trace.hidden, known.trace.hidden)
    assert fallen.curve.loss.tolist() == known.curve.loss.tolist()


def test_it_trains_again_only_with_other_settings():
    run, (*_, fallen) = stepped()
    run.train(3)
    assert run.update == fallen.update and run.diverged
    run.configure(run.training)
    assert not run.diverged


@pytest.mark.parametrize("at", range(1, 40, 7))
def test_the_last_finite_moment_is_found(at):
    run = exploding()
    run.configure(lab_setup(DEFAULTS)[1])
    run.view()
    kept = keep(run.trainer, run._record)
    found = last_finite(run.trainer, kept, 40, lambda: run.update < at)
    assert found.update == at - 1
