"""Recordings of long texts: read in parts they are what one pass gives, whatever is recorded."""

import numpy as np
import pytest
from core_models import build
from samples import sample
from uncompiled import one_uncompiled, uncompiled_overflows

from rnn_core import ConfigError, InputError, Model, ModelConfig
from rnn_core.analysis.parts import values_of
from rnn_core.analysis.recording import quantities, record, state_before, trace_at
from rnn_core.tasks import TASKS

pytestmark = pytest.mark.small
CELLS = ("rnn_tanh", "rnn_relu", "gru", "lstm")


@pytest.fixture
def in_parts(monkeypatch):
    monkeypatch.setattr("rnn_core.analysis.recording.CHUNK", 16)


def model(cell, layers=2, **options) -> Model:
    return Model(ModelConfig(cell, 7, 5, 7, num_layers=layers, seed=3, **options))


@pytest.mark.parametrize("cell", CELLS)
def test_in_parts_as_in_one_pass(cell, in_parts):
    network, x = model(cell), np.random.default_rng(0).integers(0, 7, (50, 1))
    trace = network.forward(x)
    for quantity in quantities(cell):
        recording = record(network, x, quantity=quantity, stack=1)
        assert recording.chunk == 16
        assert np.allclose(recording.values, values_of(trace, quantity)[1, :, 0], atol=1e-6)
    probs = trace.probs[:, 0]
    assert np.array_equal(recording.guesses[:, 0], probs.argmax(axis=-1))
    assert np.allclose(recording.odds, -np.sort(-probs, axis=-1)[:, :5], atol=1e-6)
    surprise = -np.log(probs[np.arange(49), x[1:, 0]])
    assert np.allclose(recording.surprise[:-1], surprise, atol=1e-5) and np.isnan(recording.surprise[-1])


@pytest.mark.parametrize("cell", CELLS)
def test_the_state_at_any_symbol(cell, in_parts):
    network, x = model(cell), np.random.default_rng(1).integers(0, 7, (40, 1))
    recording, trace = record(network, x), network.forward(x)
    for at in (0, 1, 15, 16, 17, 39):
        state = state_before(recording, at)
        hidden = state[0] if cell == "lstm" else state
        assert np.allclose(hidden, trace.hidden[:, at], atol=1e-6)
        if cell == "lstm":
            assert np.allclose(state[1], trace.cell[:, at], atol=1e-6)
    assert np.allclose(trace_at(recording, 20, 30).probs, trace.probs[20:30], atol=1e-6)


def test_sequences_one_after_the_other(in_parts):
    network, x = model("gru"), np.random.default_rng(2).integers(0, 7, (11, 3))
    targets = np.full((11, 3), -1)
    targets[-1] = [4, 5, 6]
    recording = record(network, x, targets)
    trace = network.forward(x)
    assert recording.values.shape == (33, 5) and recording.ids.tolist() == x.T.ravel().tolist()
    assert np.allclose(recording.values.reshape(3, 11, 5), trace.hidden[0, 1:].swapaxes(0, 1), atol=1e-6)
    asked = np.flatnonzero(np.isfinite(recording.surprise))
    assert asked.tolist() == [10, 21, 32]
    assert np.allclose(recording.surprise[asked], -np.log(trace.probs[-1, [0, 1, 2], [4, 5, 6]]), atol=1e-5)
    assert np.allclose(state_before(recording, 17)[:, 0], trace.hidden[:, 6, 1], atol=1e-6)


@pytest.mark.parametrize("cell", one_uncompiled(CELLS, "rnn_tanh"))
@pytest.mark.parametrize("output", ["every", "last"])
def test_both_ways_in_parts_as_in_one_pass(cell, output, in_parts):
    network = model(cell, layers=3, bidirectional=True, output=output)
    x = np.random.default_rng(3).integers(0, 7, (50, 3))  # five steps at a time
    trace, sequences = network.forward(x), lambda values: values.reshape(3, 50, 5).swapaxes(0, 1)
    targets = np.vstack([x[1:], [[4, 5, 6]]])
    for quantity in quantities(cell):
        for stack in range(6):
            recording = record(network, x, targets, quantity, stack)
            assert np.allclose(sequences(recording.values), values_of(trace, quantity)[stack], rtol=0, atol=1e-7)
    asked = slice(0, 50) if output == "every" else slice(49, 50)
    assert np.allclose(sequences(recording.odds)[asked], -np.sort(-trace.probs)[..., :5], rtol=0, atol=1e-7)
    assert np.array_equal(sequences(recording.guesses)[asked, :, 0], trace.probs.argmax(axis=-1))
    surprise = recording.surprise.reshape(3, 50).T
    expected = -np.log(np.take_along_axis(trace.probs, targets[asked, :, None], axis=-1)[..., 0])
    assert np.allclose(surprise[asked], expected, atol=1e-5)
    if output == "last":
        assert (recording.odds.reshape(3, 50, 5)[:, :-1] == 0).all()


def test_both_ways_where_one_pass_has_no_room():
    network = Model(ModelConfig("gru", 2000, 4, 2000, bidirectional=True))
    x = np.zeros((50_000, 1), int)
    with pytest.raises(ConfigError, match="GB of memory"):
        network.forward(x)
    shares = []
    assert record(network, x, progress=lambda share: not shares.append(share) and share < 0.1) is None
    assert len(shares) > 20


def test_without_biases_both_ways(in_parts):
    network = model("gru", bidirectional=True, bias=False)
    x = np.random.default_rng(4).integers(0, 7, (40, 1))
    assert np.allclose(record(network, x).odds, -np.sort(-network.forward(x).probs[:, 0])[:, :5], atol=1e-6)


def test_a_network_that_answers_at_the_end():
    task = TASKS["order"]()
    network = Model(ModelConfig("gru", task.input_size, 4, task.output_size, output="last"))
    batch = task.example(0)
    targets = np.full(batch.x.shape, -1)
    targets[-1] = batch.targets
    recording = record(network, batch.x, targets)
    assert np.flatnonzero(np.isfinite(recording.surprise)).tolist() == [len(batch.x) - 1]
    assert (recording.odds[:-1] == 0).all() and recording.odds[-1, 0] > 0


def test_one_output_at_the_end_in_parts(in_parts):
    network, x = model("lstm", output="last"), np.random.default_rng(5).integers(0, 7, (50, 2))
    targets, shares = np.full((50, 2), -1), []
    targets[-1] = [3, 1]
    recording = record(network, x, targets, "cell", 1, lambda share: not shares.append(share))
    trace = network.forward(x)
    assert np.allclose(recording.values.reshape(2, 50, 5).swapaxes(0, 1), trace.cell[1, 1:], atol=1e-6)
    assert np.allclose(recording.odds[[49, 99]], -np.sort(-trace.probs[0])[:, :5], atol=1e-6)
    assert np.allclose(recording.surprise[[49, 99]], -np.log(trace.probs[0, [0, 1], [3, 1]]), atol=1e-5)
    assert len(shares) == 7 and np.count_nonzero(recording.odds[:, 0]) == 2


def test_progress_is_told_and_ends_the_reading(in_parts):
    shares = []
    x = np.zeros((40, 1), int)
    assert record(model("gru"), x, progress=lambda share: not shares.append(share) and share < 0.5) is None
    assert shares == [16 / 40, 32 / 40]


@pytest.mark.parametrize("output", ["every", "last"])
def test_both_ways_progress_grows_to_the_whole_and_ends_the_reading(output, in_parts):
    network, x, shares = model("lstm", bidirectional=True, output=output), np.zeros((70, 1), int), []
    assert record(network, x, progress=lambda share: not shares.append(share)) is not None
    assert len(shares) == 4 * 5 + (
        5 if output == "every" else 1
    )  # of 16 steps: both directions of both layers, outputs
    assert np.allclose(np.diff(shares), 1 / len(shares)) and shares[-1] == 1.0
    told = []
    assert record(network, x, progress=lambda share: not told.append(share) and share < 0.3) is None
    assert told == [share for share in shares if share < 0.3] + [next(share for share in shares if share >= 0.3)]


@pytest.mark.parametrize("bidirectional", [False, True])
@uncompiled_overflows
def test_a_state_that_runs_away_is_refused(bidirectional, in_parts):
    network = model("rnn_relu", layers=1, bidirectional=bidirectional)
    weights = network.state_dict()
    weights["weight_hh_l0_reverse" if bidirectional else "weight_hh_l0"][:] = 30 * np.eye(5)
    network.load_state_dict(weights)
    assert record(network, np.ones((10, 1), int)) is not None
    with pytest.raises(InputError, match="leaves the finite numbers between symbols"):
        record(network, np.ones((100, 1), int))


def test_bad_input():
    network = model("gru")
    with pytest.raises(InputError, match="hidden, r, z, n"):
        record(network, np.zeros((4, 1), int), quantity="cell")
    with pytest.raises(InputError, match="shape"):
        record(network, np.zeros(4, int))
    with pytest.raises(InputError, match="0 to 6"):
        record(network, np.full((4, 1), 7))
    with pytest.raises(InputError, match="targets"):
        record(network, np.zeros((4, 1), int), targets=np.zeros((3, 1), int))
    with pytest.raises(ConfigError, match="mse"):
        record(build(sample("gru", loss="mse")), np.zeros((4, 1), int))


@pytest.mark.parametrize("quantity", ["cell", "i", "speed"])
def test_a_quantity_that_the_cell_has_not_is_refused(quantity):
    trace = Model(ModelConfig("gru", 4, 3, 4)).forward([[0], [3]])
    with pytest.raises(InputError, match=f"quantity is {quantity!r}; gru has hidden, r, z, n"):
        values_of(trace, quantity)
