"""Weights that are set in the course of training: what that is, that it is replayed, and where it goes on."""

import numpy as np
import pytest
from sessions import entered, setup, stepped, training
from visits import PATIENCE, until

from ui.i18n import language
from ui.live.metrics import numbers
from ui.training.kept_file import compressed
from ui.training.kept_run import content, unpack
from ui.training.model_history import ModelHistory
from ui.training.run import Run, new_trainer
from ui.training.session import TrainingSession
from ui.training.snapshot import SampleChoice, Training
from ui.training.weights import MATRICES, VALUES, NewWeights, matrices_of


def alone(updates, new, later, **network):
    """Trainer of the same network, whose weights were set after so many updates, later still."""
    trainer = new_trainer(setup(**network), Training())
    trainer.step(updates)
    new.apply(trainer.model)
    if later:
        trainer.step(later)
    return trainer


def same(one, other):
    return np.array_equal(one.model.parameters, other.model.parameters) and np.array_equal(one.slots, other.slots)


@pytest.mark.parametrize(
    ("matrix", "network"),
    [
        (matrix, {"cell": cell, "num_layers": 2, "bidirectional": both})
        for cell, both in (("rnn_tanh", False), ("lstm_peephole", True), ("lstm_layer_norm", False))
        for matrix in matrices_of(cell, bias=True)
    ],
)
def test_one_matrix_of_every_layer_is_set(matrix, network):
    model, first = (new_trainer(setup(**network), Training()).model for _ in range(2))
    rng = np.random.default_rng(0)
    trained = {name: rng.normal(size=array.shape).astype(np.float32) for name, array in model.state_dict().items()}
    assert any(name.startswith(MATRICES[matrix]) for name in trained)
    for values in VALUES:
        model.load_state_dict(trained)
        for _twice in range(2):
            NewWeights(matrix, values).apply(model)
        for name, array in model.state_dict().items():
            wanted = 0 * array if values == "zero" else first.state_dict()[name]
            np.testing.assert_array_equal(array, wanted if name.startswith(MATRICES[matrix]) else trained[name])


@pytest.mark.parametrize("rest", [0, 1e9], ids=["many copies", "one copy"])
def test_every_update_before_and_after_is_reached_again(rest):
    run, new = Run(1, setup(cell="gru"), Training(), SampleChoice()), NewWeights("recurrent", "zero")
    run.model_history = ModelHistory(run.trainer, rest=rest)
    run._note(run.trainer.step(30))
    run.set_weights(new)
    run._note(run.trainer.step(30))
    assert same(run.trainer, alone(30, new, 30, cell="gru"))
    back = unpack(compressed(content(run, True)), 1, SampleChoice()).run
    for update in (10, 30, 31, 50, 60):
        expected = new_trainer(setup(cell="gru"), Training())
        expected.step(update)
        if update > 30:
            expected = alone(30, new, update - 30, cell="gru")
        for one in (run, back):
            assert same(one.rewind(update)(lambda share: True).trainer, expected), update


def test_a_run_that_comes_back_at_that_very_update_goes_on_as_without():
    run, new = Run(1, setup(), Training(), SampleChoice()), NewWeights("readout", "first")
    run._note(run.trainer.step(30))
    run.set_weights(new)
    back = unpack(compressed(content(run, True)), 1, SampleChoice()).run
    back._note(back.trainer.step(20))
    assert same(back.trainer, alone(30, new, 20))
    assert same(back.rewind(45)(lambda share: True).trainer, alone(30, new, 15))


def test_from_the_past_it_is_a_fork_and_the_chart_marks_it():
    new = NewWeights("recurrent", "zero")
    with entered() as session:
        stepped(session, setup(), 60)
        session.look(20)
        until(lambda: session.shown.look.newest is not None and session.shown.view.update == 20)
        session.set_weights(new)
        seen = until(lambda: (seen := session.snapshot).view.run == 2 and seen.notice and seen)
        assert seen.notice.kind == "forked" and seen.view.parent.update == 20 and seen.view.changes
        session.step(15)
        until(lambda: session.snapshot.view.update == 35)
        assert [(change.update, change.weights) for change in session.snapshot.view.changes] == [(20, new)]
        there = session.ask(lambda run: run.trainer.model.parameters.copy()).result(PATIENCE)
        assert np.array_equal(there, alone(20, new, 15).model.parameters)
        session.set_weights(NewWeights("readout", "zero"))  # of the newest, where nobody looks at the past
        until(lambda: len(session.snapshot.view.changes) == 2)
        assert session.snapshot.view.run == 2 and session.snapshot.view.update == 35


class Watched(TrainingSession):
    """A session that remembers every view that it published."""

    def __init__(self):
        super().__init__()
        self.views = []

    def _publish(self, *arguments, **more):
        super()._publish(*arguments, **more)
        if self._snapshot.view is not None:
            self.views.append(self._snapshot.view)


def test_no_update_is_shown_with_two_networks_while_it_trains():
    with entered(Watched) as session:
        session.request(setup(), Training())
        training(session)
        for count, values in enumerate(("zero", "first", "zero"), 1):
            session.set_weights(NewWeights("recurrent", values))
            until(lambda count=count: len(session.snapshot.view.changes) == count)
            training(session, updates=session.snapshot.view.update + 50)
        shown = {}
        for view in tuple(session.views):
            shown.setdefault((view.run, view.update), set()).add(view.trace.hidden.tobytes())
        assert {place for place, states in shown.items() if len(states) > 1} == set()


def test_a_fork_is_shown_with_the_weights_that_were_set_and_nothing_else():
    new = NewWeights("recurrent", "zero")
    with entered(Watched) as session:
        stepped(session, setup(), 60)
        session.look(20)
        until(lambda: session.shown.look.newest is not None and session.shown.view.update == 20)
        session.set_weights(new)
        until(lambda: session.snapshot.view.run == 2 and session.snapshot.notice)
        states = {view.trace.hidden.tobytes() for view in session.views if view.run == 2}
        assert len(states) == 1
        [label, update, note] = numbers(session.snapshot.view, "nats", language("en").gettext)[0]
        assert (label, update, note) == ("Update", "20", "W set to zero")


def test_a_browser_that_has_the_network_gets_it_once_more_where_only_weights_were_set():
    with entered() as session:
        stepped(session, setup(), 10)
        before = session.keep("").result(PATIENCE)
        assert session.keep(before.stamp).result(PATIENCE).content is None
        session.set_weights(NewWeights("recurrent", "zero"))
        after = session.keep(before.stamp).result(PATIENCE)
        assert after.update == before.update == 10 and after.content is not None
