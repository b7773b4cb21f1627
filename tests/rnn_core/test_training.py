"""Trainer against the oracle: every cell and optimiser, clipping, truncation, masks; configure; divergence."""

import tracemalloc

import numpy as np
import pytest
from agreement import of_largest
from core_models import build
from reference import GATES
from reference_training import train
from samples import Sample, sample

from rnn_core import CELLS, OPTIMIZERS, ConfigError, Model, ModelConfig, TrainConfig, Trainer
from rnn_core.tasks import TASKS, FixedBatches, TextTask

UPDATES = 6


def batches_of(s: Sample, count: int = 3) -> list[tuple]:
    """Different batches of the sample's shapes."""
    shape = {"T": len(s.x), "B": s.x.shape[1], "sizes": s.sizes, "ids": s.x.dtype.kind == "i"}
    network = s.network._asdict()
    several = [sample(**network, bias=s.bias, **shape, masked=s.mask is not None, seed=i) for i in range(count)]
    return [(one.x, one.targets) if one.mask is None else (one.x, one.targets, one.mask) for one in several]


def trainer_of(s: Sample, dtype: str = "float64", **settings) -> tuple[Trainer, list[tuple]]:
    """A Trainer on the sample's network, and the batches that it cycles through."""
    batches = batches_of(s)
    D, _, K = s.sizes
    task = FixedBatches(batches, input_size=D, output_size=K, output=s.network.output, loss=s.network.loss)
    return Trainer(build(s, dtype), task, TrainConfig(**settings)), batches


def assert_like_the_oracle(s: Sample, **settings) -> None:
    trainer, batches = trainer_of(s, **settings)
    history = trainer.step(UPDATES)
    steps, params = train(s.network, s.params, [batches[i % len(batches)] for i in range(UPDATES)], **settings)
    assert of_largest(history.loss, [step.loss for step in steps]) <= 1e-12
    assert of_largest(history.grad_norm, [step.grad_norm for step in steps]) <= 1e-11
    assert of_largest(history.clip_factor, [step.clip_factor for step in steps]) <= 1e-11
    for name, value in trainer.model.state_dict().items():
        assert of_largest(value, params[name]) <= 1e-10, name
    assert trainer.update == UPDATES
    assert not trainer.diverged


@pytest.mark.small
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("cell", GATES)
def test_updates(cell, optimizer):
    assert_like_the_oracle(sample(cell, T=4), optimizer=optimizer, learning_rate=0.02)


@pytest.mark.small
@pytest.mark.parametrize("settings", [{}, {"clip_norm": 0.3}, {"clip_value": 0.05}])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("cell", ["rnn_tanh", "lstm"])
def test_a_large_vocabulary_of_which_little_is_read(cell, optimizer, settings):
    """Only the columns of U that were read are cleared, measured and changed; some are read twice in a batch."""
    s = sample(cell, 2, T=4, sizes=(40, 5, 6))
    assert_like_the_oracle(s, optimizer=optimizer, learning_rate=0.05, **settings)


@pytest.mark.small
@pytest.mark.parametrize(
    "clip",
    [{"clip_norm": 0.3}, {"clip_value": 0.05}, {"clip_norm": 0.3, "clip_value": 0.05}, {"clip_norm": 1e6}],
)
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_clipping(optimizer, clip):
    assert_like_the_oracle(sample("gru", T=4), optimizer=optimizer, learning_rate=0.05, **clip)


@pytest.mark.small
@pytest.mark.parametrize("truncation", ["windowed", "chunked"])
@pytest.mark.parametrize("cell", GATES)
def test_truncation(cell, truncation):
    s = sample(cell, 2, T=4)
    assert_like_the_oracle(s, optimizer="sgd", learning_rate=0.1, truncate=2, truncation=truncation)


@pytest.mark.small
@pytest.mark.parametrize("output", ["every", "last"])
@pytest.mark.parametrize("cell", GATES)
def test_floats_masks_and_both_directions(cell, output):
    s = sample(cell, 2, True, output=output, loss="mse", ids=False, masked=True, T=4)
    rate = 0.002 if cell == "rnn_identity" else 0.02  # what no function bounds diverges at the other: beyond 1e181
    assert_like_the_oracle(s, optimizer="momentum", learning_rate=rate)


@pytest.mark.small
@pytest.mark.parametrize("truncation", ["windowed", "chunked"])
@pytest.mark.parametrize("cell", GATES)
def test_state_is_carried(cell, truncation):
    """Two lanes through a text, twice: the state goes on from update to update, the gradient does not."""
    task = TextTask(text="abcdbacbdacdbbca" * 2, sequence_length=3, batch_size=2)
    s = sample(cell, sizes=(4, 3, 4))
    settings = {"optimizer": "sgd", "learning_rate": 0.1, "truncate": 2, "truncation": truncation}
    trainer = Trainer(build(s), task, TrainConfig(stateful=True, **settings))
    history = trainer.step(9)
    block = task.block(0, seed=0, stateful=True)
    assert 1 < block.reset[:9].sum() < 9
    batches = list(zip(block.x[:9], block.targets[:9], strict=True))
    steps, params = train(s.network, s.params, batches, resets=block.reset, **settings)
    assert of_largest(history.loss, [step.loss for step in steps]) <= 1e-12
    for name, value in trainer.model.state_dict().items():
        assert of_largest(value, params[name]) <= 1e-11, name


@pytest.mark.small
def test_configure_keeps_the_model():
    """The rate changes between updates 3 and 4; the optimiser's memory goes on."""
    s = sample("lstm", T=4)
    whole, _ = trainer_of(s, optimizer="momentum", learning_rate=0.02)
    whole.step(3)
    before = {name: value.copy() for name, value in whole.model.state_dict().items()}
    whole.configure(learning_rate=0.0)
    whole.step(2)
    assert all(np.array_equal(value, before[name]) for name, value in whole.model.state_dict().items())
    whole.configure(learning_rate=0.02, clip_norm=0.1)
    history = whole.step(1)
    assert whole.update == 6
    assert history.clip_factor[0] == pytest.approx(0.1 / (history.grad_norm[0] + 1e-6), rel=1e-12)


def test_running_for_a_time_stops_at_a_number_of_updates():
    s = sample("gru")
    (bounded, _batches), (plain, _same) = trainer_of(s), trainer_of(s)
    counts = [len(bounded.run(seconds=60, at_most=most).loss) for most in (1, 2, 7)]
    assert counts == [1, 2, 7] and bounded.update == 10
    plain.step(10)
    assert np.array_equal(bounded.model.parameters, plain.model.parameters)


def test_run_fits_its_time():
    trainer, _ = trainer_of(sample("rnn_tanh", T=4))
    trainer.step(1)
    history = trainer.run(seconds=0.02)
    assert len(history.loss) == len(history.update) == trainer.update - 1 >= 1
    assert history.update.tolist() == list(range(2, trainer.update + 1))


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("sizes", [(3, 3, 4), (20, 33, 40)], ids=str)
@pytest.mark.parametrize("cell", GATES)
def test_divergence_stops_at_the_last_finite_state(cell, sizes, dtype):
    """Squared error with a huge rate runs away in any network."""
    s = sample(cell, T=4, loss="mse", ids=False, sizes=sizes)
    trainer, _ = trainer_of(s, dtype, optimizer="sgd", learning_rate=900.0)
    history = trainer.step(500)
    assert trainer.diverged and history.diverged
    assert len(history.loss) < 500
    assert all(np.isfinite(value).all() for value in trainer.model.state_dict().values())
    update = trainer.update
    trainer.configure(learning_rate=0.0)
    assert not trainer.diverged
    trainer.step(1)
    assert trainer.update in (update, update + 1)


def zero_trainer(target: float, dtype: str, K: int = 1, **settings) -> Trainer:
    """Squared errors of a network whose weights are all zero: loss target^2, gradient -2/K target by bias_o alone."""
    model = Model(ModelConfig("rnn_tanh", 1, 2, K, loss="mse", dtype=dtype))
    model.load_state_dict({name: np.zeros_like(p) for name, p in model.state_dict().items()})
    task = FixedBatches([(np.ones((1, 1, 1)), np.full((1, 1, K), target))])
    return Trainer(model, task, TrainConfig(**{"optimizer": "sgd", "learning_rate": 0.0} | settings))


@pytest.mark.small
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("K", [1, 39])
@pytest.mark.parametrize("target", [1e-30, 1e-20, 1.0, 1e12])
def test_loss_and_norm_of_any_size(target, K, dtype):
    """Squares are added in float64: float32 alone would lose norms below 1e-23."""
    trainer = zero_trainer(target, dtype, K)
    history = trainer.step(1)
    exact = float(np.float32(target))
    assert history.loss[0] == pytest.approx(exact**2, rel=1e-6, abs=0)
    assert history.grad_norm[0] == pytest.approx(2 * exact / K**0.5, rel=1e-6, abs=0)
    trace = trainer.model.backward(*trainer.task.held_out()[:2])
    assert trace.loss == pytest.approx(exact**2, rel=1e-6, abs=0)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("target", [1e10, 1e14, 1e18, 1e30, 1e36, 3e38])
def test_parameters_stay_finite_whatever_the_gradient(target, optimizer, dtype):
    trainer = zero_trainer(target, dtype, optimizer=optimizer, learning_rate=1000.0)
    for _ in range(20):
        history = trainer.step(1)
        assert np.isfinite(history.loss).all() and np.isfinite(history.grad_norm).all()
        assert all(np.isfinite(value).all() for value in trainer.model.state_dict().values())
        assert history.diverged == trainer.diverged == (len(history.loss) == 0)


@pytest.mark.parametrize("cell", GATES)
def test_at_a_high_loss_next_to_nothing_is_subnormal(cell):
    """Closed gates and sure guesses are zero, not numbers with which a processor computes many times more slowly."""
    task = TextTask(text="the quick brown fox jumps over the lazy dog and runs away. " * 9, batch_size=8)
    model = Model(ModelConfig(cell, task.input_size, 32, task.output_size))
    rate = 1.0 if cell in ("rnn_relu", "rnn_identity") else 10.0  # at 10 their first update would be their last
    trainer = Trainer(model, task, TrainConfig(learning_rate=rate, clip_norm=1.0))
    assert trainer.step(100).loss.max() > 10
    for name, array in trainer._buffers._asdict().items():
        if name == "probs":  # stay above zero, so that their logarithms are finite; one product reads them
            continue
        size = np.abs(array)
        assert ((size > 0) & (size < np.finfo(np.float32).tiny)).sum() <= array.size / 1000, name


def test_a_model_goes_on_with_its_own_vocabulary_only():
    """Of equal size, another one would give every id another meaning without a word."""
    one, other = TextTask(text="abc " * 30, sequence_length=4), TextTask(text="xyz " * 30, sequence_length=4)
    model = Model(ModelConfig("gru", one.input_size, 4, one.output_size))
    Trainer(model, one, TrainConfig()).step(2)
    for same in (model, model.copy(), model.astype("float64")):
        with pytest.raises(ConfigError, match="in which id 1 is 'a'; in that of task 'text' it is 'x'"):
            Trainer(same, other, TrainConfig())
        Trainer(same, TextTask(text="cab " * 40, sequence_length=5), TrainConfig()).step(1)
    model.vocabulary = None
    assert Trainer(model, other, TrainConfig()).model.vocabulary == other.vocabulary


@pytest.mark.parametrize("options", [{}, {"bidirectional": True}, {"num_layers": 3}], ids=str)
@pytest.mark.parametrize("cell", sorted(CELLS))
def test_it_says_how_much_memory_it_takes(cell, options):
    def made():
        task = TASKS["copy"](batch_size=32)
        model = Model(ModelConfig(cell, task.input_size, 48, task.output_size, **options))
        trainer = Trainer(model, task, TrainConfig())
        trainer._arrays_of(0, trainer.config)
        return trainer

    made()  # what is loaded or planned once
    tracemalloc.start()
    try:
        trainer = made()
        taken = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert trainer.nbytes == pytest.approx(taken, rel=0.15)
