"""The loss of a moment: that of its very update, whoever looks at it and however far the training has come since."""

import numpy as np
import pytest
from sessions import setup

from ui.lab.runs import summary
from ui.training.kept_file import compressed
from ui.training.kept_run import content, unpack
from ui.training.reel import Reel
from ui.training.run import Run, new_trainer
from ui.training.shelf import shelved
from ui.training.snapshot import SampleChoice, Training
from ui.training.weights import NewWeights

NETWORK = {"cell": "gru", "hidden_size": 4}


def trained(updates):
    run = Run(1, setup(**NETWORK), Training(), SampleChoice())
    run._note(run.trainer.step(updates))
    return run


def moment(run, update):
    return run.rewind(update)(lambda share: True).view(complete=True)


@pytest.fixture(scope="module")
def losses():
    """Of the updates of the same network, one after the other."""
    trainer = new_trainer(setup(**NETWORK), Training())
    return [float(trainer.step(1).loss[0]) for _ in range(60)]


@pytest.mark.parametrize("since", [0, 500, 3000], ids=str)
def test_a_moment_of_the_past_has_the_loss_of_its_own_update(since, losses):
    run = trained(60)
    run._note(run.trainer.step(since)) if since else None
    back = unpack(compressed(content(run, True)), 1, SampleChoice()).run
    for update in (1, 10, 37, 59, 60):
        for one in (run, back):
            assert moment(one, update).training_loss == losses[update - 1], update
    assert moment(run, 0).training_loss is None


def test_the_newest_network_has_it_too_and_a_file_keeps_it(losses):
    run = trained(60)
    run._record = run._record.of(*wide(run._record))
    assert run.view().curve.loss[-1] != run.view().training_loss == losses[59]
    assert unpack(compressed(content(run, True)), 1, SampleChoice()).run.view().training_loss == losses[59]


def wide(record):
    """The same record in one bucket of 64 updates, as it is after many."""
    buckets, last, _numbers = record.parts()
    wanted = record.begun()[64]
    assert wanted[0, 0] == buckets.shape[1]
    return wanted, 64, 0, 60, last


def test_every_picture_of_a_film_has_the_loss_of_its_update(losses):
    run = trained(60)
    run._note(run.trainer.step(3000))
    reel = Reel(run, [0, 3, 10, 10, 59], run.view())
    found = [view.training_loss for view in reel.views(lambda share: True)]
    assert found == [None, losses[2], losses[9], losses[9], losses[58]]


@pytest.mark.parametrize("values", ["zero", "first"])
def test_weights_that_were_set_have_a_held_out_loss_of_their_own(values):
    run = trained(60)
    before = run.view(complete=True).held_out[-1]
    run.set_weights(NewWeights("recurrent", values))
    after = run.view()
    assert after.held_out[-2:] == (before, (60, run.trainer.evaluate())) and before[1] != after.held_out[-1][1]
    assert after.training_loss is None
    back = unpack(compressed(content(run, True)), 1, SampleChoice()).run.view()
    assert back.training_loss is None and back.held_out == after.held_out
    run._note(run.trainer.step(1))
    assert run.view().training_loss == run._record.curve().loss[-1]


def test_where_it_is_looked_at_later_the_loss_is_of_the_weights_that_are_shown():
    run = trained(60)
    before = run.view(complete=True)
    run.set_weights(NewWeights("recurrent", "zero"))
    run._note(run.trainer.step(30))
    run.view(complete=True)
    past = moment(run, 60)
    assert np.array_equal(past.trace.logits, before.trace.logits)
    assert past.held_out[-1] == before.held_out[-1] and past.training_loss == before.training_loss
    fork = run.rewind(60)(lambda share: True).fork(2, run)
    fork.set_weights(NewWeights("readout", "zero"))
    assert fork.view(complete=True).held_out[-1] == (60, fork.trainer.evaluate())
    fork._note(fork.trainer.step(5))
    assert moment(fork, 60).held_out[-1] == before.held_out[-1]


def test_the_list_of_runs_says_of_which_update_the_held_out_loss_is():
    run = trained(60)
    loss = run.view(complete=True).held_out[-1][1]
    assert summary(shelved(run, True, ""), str).endswith(f"held-out loss {loss:.4g}")
    run._note(run.trainer.step(30))
    assert summary(shelved(run, True, ""), str).endswith(f"held-out loss {loss:.4g} (update 60)")
