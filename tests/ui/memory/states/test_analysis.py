"""The plane: what it measures, when its axes move, its trees."""

import numpy as np
import pytest
from scipy.cluster.hierarchy import linkage

from rnn_core import Model, ModelConfig, TrainConfig, Trainer
from rnn_core.tasks import TASKS
from ui.memory.states.analysis import NOTHING, by_frequency, measure, square
from ui.memory.states.controls import StatesChoices
from ui.memory.states.renderer import StatesRenderer
from ui.memory.states.view import LAYOUT
from ui.network import trees
from ui.network.settings import SETTINGS
from ui.network.setup import lab_setup

SMALL = {"text": {"text": "the rain, the river, the sea. " * 40, "sequence_length": 12, "batch_size": 4}}


def network(task, cell="rnn_tanh", hidden_size=2, seed=1, **options):
    """(task, model) of that task's name."""
    task = TASKS[task](**SMALL.get(task, {}))
    sizes = {"input_size": task.input_size, "hidden_size": hidden_size, "output_size": task.output_size}
    return task, Model(ModelConfig(cell, **sizes, output=task.output, loss=task.loss, seed=seed, **options))


def measured(task, model, stack=0, update=7, run=1):
    return measure(run, update, model, task, task.example(0).x, stack, by_frequency(task))


# what is measured


@pytest.mark.parametrize("cell", ["rnn_tanh", "gru", "lstm"])
def test_the_path_is_that_of_the_trace(cell):
    task, model = network("text", cell)
    found, trace = measured(task, model), model.forward(task.example(0).x)
    assert np.array_equal(found.path.hidden, trace.hidden[0, :, 0])
    assert found.path.symbols.tolist() == [-1, *trace.x[:, 0]] and found.path.steps.tolist() == list(range(-1, 12))
    assert found.path.predictions[1:] == pytest.approx(trace.probs[:, 0], abs=1e-6)
    if cell == "lstm":
        assert np.array_equal(found.path.whole, np.concatenate([trace.hidden[0, :, 0], trace.cell[0, :, 0]], axis=1))
    assert len(found.cloud.hidden) == len(found.cloud.symbols) == len(found.cloud.predictions) <= 500


def test_the_other_direction_is_walked_from_its_end():
    task, model = network("text", bidirectional=True)
    found, trace = measured(task, model, stack=1), model.forward(task.example(0).x)
    assert found.path.steps.tolist() == [-1, *range(11, -1, -1)]
    assert np.array_equal(found.path.hidden[1:], trace.hidden[1, :0:-1, 0])
    assert found.path.symbols[1:].tolist() == trace.x[::-1, 0].tolist()
    assert found.path.predictions is None and found.cloud.predictions is None  # the outputs need both directions


def test_the_square_says_what_the_network_says_there():
    task, model = network("text")
    found = measured(task, model)
    plane = StatesRenderer(LAYOUT)
    shown = plane._axes_for(found, StatesChoices(), 0)
    behind = square(found, shown.basis, NOTHING, shown.low, shown.high)
    weights = model.state_dict()
    for row, column in ((0, 0), (12, 47), (60, 31)):
        state = np.array([behind.centres[column], behind.centres[row]])
        sums = weights["weight_ho"] @ state + weights["bias_o"]
        share = np.exp(sums - sums.max()) / np.exp(sums - sums.max()).sum()
        assert behind.kinds[row, column] == share.argmax()
        assert behind.sure[row, column] == pytest.approx(share.max(), abs=1e-6)


@pytest.mark.parametrize("cell", ["rnn_tanh", "rnn_relu", "gru", "lstm"])
def test_the_field_is_a_step_of_the_model(cell):
    task, model = network("text", cell, dtype="float64")
    found = measured(task, model)
    shown = StatesRenderer(LAYOUT)._axes_for(found, StatesChoices(), 0)
    behind = square(found, shown.basis, 3, shown.low, shown.high)
    for arrow in (0, 100, 224):
        state = behind.tails[arrow][None, None]
        if cell == "lstm":
            nearest = np.abs(found.path.hidden - state[0]).sum(axis=1).argmin()
            state = (state, found.path.cell[nearest][None, None])
        assert model.forward([[3]], state).hidden[0, 1, 0] == pytest.approx(behind.heads[arrow], abs=1e-9)


def test_one_unit_lies_on_a_line():
    task, model = network("text", hidden_size=1)
    found = measured(task, model)
    shown = StatesRenderer(LAYOUT)._axes_for(found, StatesChoices(), 0)
    behind = square(found, shown.basis, NOTHING, shown.low, shown.high)
    assert (behind.heads[:, 1] == 0).all() and (behind.kinds == behind.kinds[0]).all()


def test_outputs_that_are_signs_have_names():
    task, model = network("flipflop", hidden_size=4)
    found = measured(task, model)
    assert found.kind == "signs" and len(found.names) == 8
    assert [found.names[i] for i in found.kinds(np.array([[-1.0, -1, -1], [1, -1, -1], [-1, 1, 1]]))] == [
        "− − −", "+ − −", "− + +",
    ]  # fmt: skip
    assert found.input_of(NOTHING) is None and found.input_of(0) == pytest.approx(
        task.held_out().x.mean(axis=(0, 1)), abs=1e-6
    )


def test_frequent_symbols_come_first():
    task, _model = network("text")
    order = [task.vocabulary[i] for i in by_frequency(task)]
    assert order[0] == " " and order[1] == "e" and set(order) == set(task.vocabulary)


# the axes


def trained(updates, hidden_size=8):
    """The measures of one network after these numbers of updates."""
    task, model = network("grammar", hidden_size=hidden_size)
    trainer, found = Trainer(model, task, TrainConfig(learning_rate=0.01)), []
    for update in updates:
        trainer.step(update - trainer.update) if update > trainer.update else None
        found.append(measured(task, model.copy(), update=update))
    return found


def test_the_axes_stay_until_the_updates_have_doubled():
    plane = StatesRenderer(LAYOUT)
    first, second, third, fourth = (plane._axes_for(found, StatesChoices(), 0) for found in trained([16, 20, 31, 32]))
    assert first.basis is second.basis is third.basis and first.update == third.update == 16
    assert first.high <= second.high <= third.high  # axes only grow
    assert fourth.basis is not first.basis and fourth.update == 32
    turned = (fourth.basis.directions * first.basis.directions).sum(axis=1)
    assert (turned > 0).all()  # no axis flips


def test_held_axes_stay_and_a_button_fits_them():
    plane, (early, late) = StatesRenderer(LAYOUT), trained([16, 80])
    held = plane._axes_for(early, StatesChoices(hold=True), 0)
    assert plane._axes_for(late, StatesChoices(hold=True), 0).basis is held.basis
    fitted = plane._axes_for(late, StatesChoices(hold=True), 1)
    assert fitted.basis is not held.basis and fitted.update == 80
    assert fitted.basis.shares(late.cloud.hidden)[:2].sum() > held.basis.shares(late.cloud.hidden)[:2].sum()
    assert (np.abs(fitted.basis.project(late.path.hidden)[:, :2]) <= fitted.high).all()


def test_the_range_of_relu_follows_its_states():
    task, model = network("text", "rnn_relu", spectral_radius=1.4)
    found, plane = measured(task, model), StatesRenderer(LAYOUT)
    shown = plane._axes_for(found, StatesChoices(), 0)
    assert shown.high >= found.path.hidden.max() and shown.low < 0
    model.load_state_dict({name: value / 4 for name, value in model.state_dict().items()})
    assert plane._axes_for(measured(task, model), StatesChoices(), 0).high == shown.high


# trees


def test_the_tree_is_that_of_the_mean_states():
    task, model = network("grammar", hidden_size=6)
    found = trees.trees(model, task, 0, "symbol")
    ids = task.training_ids[:10_000].reshape(-1, 100).T
    hidden = model.forward(np.ascontiguousarray(ids)).hidden[0, 1:]
    heights = linkage([hidden[ids == task.encode(name)[0]].mean(axis=0) for name in task.vocabulary], "average")[:, 2]
    assert sorted(found.now.names) == sorted(task.vocabulary)
    assert np.sort(found.now.heights.max(axis=1)) == pytest.approx(np.sort(heights), rel=1e-4)
    assert found.now.counts == tuple((ids == task.encode(name)[0]).sum() for name in found.now.names)
    leaves = found.now.positions[found.now.heights == 0]
    assert sorted(leaves) == list(range(30))  # each leaf is joined where it stands
    assert found.now.names == found.before.names and found.now.together == found.before.together  # it is untrained


def test_words_of_a_text_are_leaves_too():
    task, model = network("text")
    found = trees.trees(model, task, 0, "word").now
    assert set(found.names) == {"the", "rain", "river", "sea"}
    assert dict(zip(found.names, found.counts, strict=True))["the"] > found.counts[found.names.index("sea")]
    text = task.decode(task.training_ids[: len(task.training_ids) // 100 * 100])
    assert sum(found.counts) <= len(text.split())


@pytest.mark.parametrize("task", ["adding", "flipflop", "sine"])
def test_numbers_have_no_tree(task):
    task, model = network(task)
    assert trees.trees(model, task, 0, "symbol") is None


def test_elmans_classes_come_together():
    """Short of the published setting, which is in ui/network/results."""
    task, model = network("grammar", hidden_size=24, seed=0)
    Trainer(model, task, TrainConfig(learning_rate=0.01, clip_norm=1.0)).step(300)
    found = trees.trees(model, task, 0, "symbol")
    assert len(found.now.together) >= 6 and len(found.before.together) <= 3


def test_every_setting_of_the_lab_is_a_network_that_can_be_measured():
    values = {key: setting.default for key, setting in SETTINGS.items()}
    for name in TASKS:
        setup, _training = lab_setup(values | {"data": name if name != "text" else "river_en"})
        task = TASKS[name](**dict(setup.task_options))
        sizes = {"input_size": task.input_size, "hidden_size": 2, "output_size": task.output_size}
        model = Model(ModelConfig("gru", **sizes, output=task.output, loss=task.loss))
        found = measured(task, model)
        shown = StatesRenderer(LAYOUT)._axes_for(found, StatesChoices(), 0)
        behind = square(found, shown.basis, 0, shown.low, shown.high)
        assert np.isfinite(behind.heads).all() and np.isfinite(behind.sure).all()
        assert found.kind == "value" or 0 <= behind.kinds.min() <= behind.kinds.max() < len(found.names)
