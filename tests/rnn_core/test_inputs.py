"""Whatever is given to a public function: it works, or raises a ValueError, and then nothing has changed."""

import math
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rnn_core import (
    CELLS,
    OPTIMIZERS,
    ConfigError,
    InputError,
    Model,
    ModelConfig,
    TrainConfig,
    Trainer,
    check_gradients,
    generate,
    gradient_flow,
)
from rnn_core.analysis.bag import BagOfWords
from rnn_core.analysis.interventions import read
from rnn_core.analysis.memory import memory_curve
from rnn_core.analysis.ngrams import count_ngrams
from rnn_core.analysis.recording import record
from rnn_core.tasks import TASKS, FixedBatches, TextTask

settings.register_profile("seeded", derandomize=True, deadline=None, max_examples=150, database=None)
settings.load_profile("seeded")

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([2**31, 2**63, 10**400, -(2**63)]),
    st.floats(),
    st.complex_numbers(),
    st.text(max_size=5),
    st.binary(max_size=5),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.sampled_from(
        [object(), int, np.float32(0.5), np.int64(3), np.zeros(0), np.ones((2, 2)), np.array("x"), math.nan]
    ),
)


def in_or_out(inside: st.SearchStrategy) -> st.SearchStrategy:
    """Mostly what is allowed, sometimes anything at all."""
    return st.one_of(inside, inside, inside, inside, inside, inside, inside, JUNK)


SIZES = st.one_of(st.integers(1, 6), st.sampled_from([0, 1024, 1025, 65536, 65537, -1]))
MODEL_SETTINGS = st.fixed_dictionaries(
    {
        "cell": in_or_out(st.sampled_from(list(CELLS))),
        "input_size": in_or_out(SIZES),
        "hidden_size": in_or_out(SIZES),
        "output_size": in_or_out(SIZES),
    },
    optional={
        "num_layers": in_or_out(st.integers(0, 5)),
        "bidirectional": in_or_out(st.booleans()),
        "bias": in_or_out(st.booleans()),
        "output": in_or_out(st.sampled_from(["every", "last"])),
        "loss": in_or_out(st.sampled_from(["cross_entropy", "mse"])),
        "init": in_or_out(st.sampled_from(["uniform", "orthogonal", "identity"])),
        "dtype": in_or_out(st.just("float32")),
        "seed": in_or_out(st.integers(0, 2**64)),
        "forget_bias": in_or_out(st.floats(-3, 7)),
        "spectral_radius": in_or_out(st.floats(0, 3)),
    },
)
TRAIN_SETTINGS = {
    "optimizer": in_or_out(st.sampled_from(list(OPTIMIZERS))),
    "learning_rate": in_or_out(st.floats(0, 1e4)),
    "momentum": in_or_out(st.floats(-0.1, 1.1)),
    "beta1": in_or_out(st.floats(-0.1, 1.1)),
    "beta2": in_or_out(st.floats(-0.1, 1.1)),
    "alpha": in_or_out(st.floats(-0.1, 1.1)),
    "eps": in_or_out(st.floats(0, 1)),
    "clip_norm": in_or_out(st.floats(0, 10)),
    "clip_value": in_or_out(st.floats(0, 10)),
    "truncate": in_or_out(st.integers(0, 8)),
    "truncation": in_or_out(st.sampled_from(["windowed", "chunked"])),
    "stateful": in_or_out(st.booleans()),
    "seed": in_or_out(st.integers(0, 2**33)),
}


def small(config: ModelConfig) -> bool:
    return max(config.input_size, config.hidden_size, config.output_size) <= 6


@given(MODEL_SETTINGS, st.integers(1, 4), st.integers(1, 3))
def test_any_model_config(given_settings, T, B):
    try:
        config = ModelConfig(**given_settings)
    except ConfigError as error:
        assert len(str(error)) > 20
        return
    if not small(config):
        return
    model = Model(config)
    assert all(np.isfinite(p).all() for p in model.state_dict().values())
    lead = (T, B) if config.output == "every" else (B,)
    targets = np.zeros(lead, int) if config.loss == "cross_entropy" else np.zeros((*lead, config.output_size))
    assert math.isfinite(model.backward(np.zeros((T, B), int), targets).loss)


@given(st.sampled_from([field.name for field in fields(ModelConfig)]), JUNK)
def test_error_names_the_field_and_the_value(name, value):
    good = {"cell": "gru", "input_size": 2, "hidden_size": 2, "output_size": 2}
    try:
        ModelConfig(**good | {name: value})
    except ConfigError as error:
        assert name in str(error)
        assert not isinstance(value, int | float | str) or repr(value)[:20] in str(error)


@given(st.fixed_dictionaries({}, optional=TRAIN_SETTINGS))
def test_any_train_config(given_settings):
    task = TextTask(text="abcab " * 9, sequence_length=3)
    trainer = Trainer(Model(ModelConfig("gru", task.input_size, 3, task.output_size)), task, TrainConfig())
    before = trainer.config, trainer.model.state_dict()
    try:
        trainer.configure(**given_settings)
    except ValueError:
        assert trainer.config == before[0]
        trainer.step(1)
        return
    history = trainer.step(2)
    assert len(history.loss) == 2 or history.diverged
    assert all(np.isfinite(p).all() for p in trainer.model.state_dict().values())


@settings(max_examples=250)
@given(
    st.one_of(st.text(max_size=60), st.text(alphabet="ab\ud800\x00", max_size=40), st.text().map(lambda t: t * 30)),
    in_or_out(st.integers(1, 9)),
    in_or_out(st.integers(1, 4)),
    st.booleans(),
)
@example("\ud800\udfff\udc80 lone surrogates " * 2, 3, 1, True)
@example("\x00" * 50 + "\x00\x01" * 9, 3, 2, False)
@example("\ufeffBOM \u202eright to left\u202c \u200f", 4, 1, False)
@example("one", 1, 1, False)
@example("a" * 500, 5, 1, False)
@example("".join(map(chr, range(0x4E00, 0x4E00 + 5000))), 5, 2, True)
@example("\U0010ffff" * 9 + "\U0001f600" * 9, 2, 1, True)
@example("e\u0301\u200d\n\r\t " * 9, 2, 1, True)
def test_any_text(text, sequence_length, batch_size, stateful):
    try:
        task = TextTask(text=text, sequence_length=sequence_length, batch_size=batch_size)
        assert set(task.vocabulary) == set(text)
        model = Model(ModelConfig("gru", task.input_size, 2, task.output_size))
        trainer = Trainer(model, task, TrainConfig(stateful=stateful))
        history = trainer.step(2)
    except ConfigError as error:
        assert str(error).isprintable()
        return
    assert np.isfinite(history.loss).all() and math.isfinite(trainer.evaluate())
    ids = generate(model, task.encode(text[:3]), 5, seed=1)
    assert set(task.decode(ids)) <= set(text)


@given(st.sampled_from(list(TASKS)), st.data())
def test_any_task(name, data):
    names = [field.name for field in fields(TASKS[name]) if field.name != "text"]
    given_settings = data.draw(st.dictionaries(st.sampled_from(names), in_or_out(st.integers(-1, 40)), max_size=3))
    try:
        task = TASKS[name](**given_settings)
    except ConfigError:
        return
    batch = task.block(0, seed=1)
    assert np.isfinite(batch.x).all() and batch.x.shape[1:3] == (task.sequence_length, task.batch_size)
    assert math.isfinite(task.chance)


ARRAYS = st.one_of(
    JUNK,
    st.lists(st.lists(st.integers(-1, 4), min_size=1, max_size=3), max_size=4),
    st.lists(st.lists(st.floats(), min_size=1, max_size=3), max_size=4),
    st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda shape: np.zeros(shape, np.int64)),
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 4)).map(np.zeros),
    st.sampled_from(["float16", ">f8", "uint8", ">i2", "bool", "datetime64[s]", "S3", "complex64", "longdouble"]).map(
        lambda kind: np.zeros((2, 1), kind)
    ),
)
GRU = Model(ModelConfig("gru", 3, 2, 3, seed=1))
LSTM = Model(ModelConfig("lstm", 3, 2, 3, output="last", loss="mse", bidirectional=True, seed=1))
CALLS = {
    "forward": lambda m, a, b, c: m.forward(a, b),
    "backward": lambda m, a, b, c: m.backward(a, b, state=c),
    "mask": lambda m, a, b, c: m.backward([[0], [1]], [[1], [1]], mask=a, truncate=b, truncation=c),
    "state": lambda m, a, b, c: m.forward([[0], [1]], state=(a, b)),
    "truncate": lambda m, a, b, c: m.backward([[0], [1]], [[1], [1]], truncate=a),
    "load_state_dict": lambda m, a, b, c: m.load_state_dict(m.state_dict() | {"weight_ho": a, "bias_o": b}),
    "load_state_dict of anything": lambda m, a, b, c: m.load_state_dict(a),
    "gradient_flow": lambda m, a, b, c: gradient_flow(m, a, b, layer=c),
    "check_gradients": lambda m, a, b, c: check_gradients(m, a, b, state=c),
    "check_gradients, options": lambda m, a, b, c: check_gradients(m, [[0]], [[0]], entries=a, step=b, seed=c),
    "generate": lambda m, a, b, c: generate(m, a, b, temperature=c),
    "generate, options": lambda m, a, b, c: generate(m, [0], 3, top_k=a, top_p=b, seed=c),
    "astype": lambda m, a, b, c: m.astype(a),
    "Model": lambda m, a, b, c: Model(a),
    "Trainer": lambda m, a, b, c: Trainer(a, TextTask(), TrainConfig()),
    "Trainer, task": lambda m, a, b, c: Trainer(m, a, TrainConfig()),
    "step": lambda m, a, b, c: (
        Trainer(m, FixedBatches([([[0], [2]], [[1], [2]])]), TrainConfig()).step(a)
        if not isinstance(a, int | np.integer) or a < 10
        else None
    ),
    "run": lambda m, a, b, c: (
        Trainer(m, FixedBatches([([[0], [2]], [[1], [2]])]), TrainConfig()).run(a)
        if not isinstance(a, int | float | np.number) or a < 1
        else None
    ),
    "FixedBatches": lambda m, a, b, c: FixedBatches([(a, b), (a, b)], input_size=c),
    "FixedBatches of anything": lambda m, a, b, c: FixedBatches(a),
}


RAGGED = [[0], [0, 1]]


@pytest.mark.small
@pytest.mark.parametrize(
    "call",
    [
        lambda: GRU.forward(RAGGED),
        lambda: GRU.backward([[0], [1]], RAGGED),
        lambda: generate(GRU, RAGGED, 3),
        lambda: read(GRU, RAGGED),
        lambda: record(GRU, RAGGED),
        lambda: record(GRU, [[0], [1]], RAGGED),
        lambda: memory_curve(GRU, RAGGED),
        lambda: BagOfWords(3).fit([[0, 1]], RAGGED),
        lambda: count_ngrams([0, 1, 2, 0], 3, 2).probabilities(RAGGED, RAGGED, 2),
        lambda: TextTask().accuracy(RAGGED, TextTask().example(0)),
    ],
)
def test_ragged_lists_are_no_array(call):
    with pytest.raises(InputError, match="expected an array of real numbers"):
        call()


@pytest.mark.parametrize("model", [GRU, LSTM], ids=["gru", "lstm"])
@pytest.mark.parametrize("call", CALLS)
@settings(max_examples=60)
@given(st.data())
def test_any_argument(call, model, data):
    target = model.copy()
    before = target.parameters.tobytes()
    try:
        CALLS[call](target, data.draw(ARRAYS), data.draw(ARRAYS), data.draw(ARRAYS))
    except (ConfigError, InputError) as error:
        assert len(str(error)) < 2000
        assert target.parameters.tobytes() == before


@pytest.mark.small
@pytest.mark.parametrize(
    "change",
    [
        lambda a: np.broadcast_to(a, a.shape),
        lambda a: np.asfortranarray(a),
        lambda a: np.repeat(a, 2, axis=1)[:, ::2],
        lambda a: np.ndarray(a.shape, a.dtype, b"x" + a.tobytes(), offset=1),
        lambda a: a.astype(a.dtype.newbyteorder(">")),
        lambda a: a.tolist(),
    ],
    ids=["read-only", "Fortran order", "strided", "unaligned", "big-endian", "list"],
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_any_memory_layout(dtype, change):
    """The same numbers, however they lie in memory, give the same bits."""
    rng = np.random.default_rng(0)
    model = Model(ModelConfig("gru", 3, 2, 3, dtype=dtype, loss="mse"))
    x, y, mask, state = (
        rng.uniform(size=(4, 2, 3)),
        rng.uniform(size=(4, 2, 3)),
        rng.uniform(size=(4, 2)),
        np.ones((1, 2, 2)),
    )
    arrays = [a.astype(dtype) for a in (x, y, state, mask)]
    expected, found = model.backward(*arrays), model.backward(*map(change, arrays))
    assert found.loss == expected.loss
    assert all(np.array_equal(found.grads[name], expected.grads[name]) for name in expected.grads)
    ids = rng.integers(0, 3, (4, 2)).astype(np.int32)
    assert model.forward(change(ids)).logits.tobytes() == model.forward(ids).logits.tobytes()
    again = model.backward(expected.x, expected.targets, expected.hidden[:, 0], expected.mask)
    assert again.loss == expected.loss


@pytest.mark.small
def test_a_trace_keeps_its_own_arrays():
    x, targets = np.array([[0], [1]], np.int32), np.array([[1], [2]], np.int32)
    mask = np.array([[1.0], [0.5]], np.float32)
    trace = GRU.backward(x, targets, mask=mask)
    x[:], targets[:], mask[:] = 0, 0, 7
    assert trace.x.tolist() == [[0], [1]]
    assert trace.targets.tolist() == [[1], [2]]
    assert trace.mask.tolist() == [[1.0], [0.5]]
