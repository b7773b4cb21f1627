"""One network on several threads: the same bits with any number of them, and clean ends."""

import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from core_models import build
from numba import config
from reference import GATES
from samples import sample

from rnn_core import OPTIMIZERS, ConfigError, Model, ModelConfig, TrainConfig, Trainer, load_checkpoint, save_checkpoint
from rnn_core.kernels import threads
from rnn_core.kernels.parallel import FAILED
from rnn_core.tasks import FixedBatches, TextTask

TEXT = "the quick brown fox jumps over the lazy dog and runs away from the small red hen. " * 6
UPDATES = 2 if config.DISABLE_JIT else 6  # one thread does all of them in Python: a third update is like the second

compiled_only = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="without compilation one thread does it all")


MANY = threads.Pool(7)


@pytest.fixture(autouse=True)
def small_networks_too(monkeypatch):
    """Threads also where they do not pay, and more than there are cores."""
    monkeypatch.setattr(threads, "MIN_WORK", 1)
    monkeypatch.setattr(threads, "POOL", MANY)


def trainer(cell: str, count: int, network=None, **settings) -> Trainer:
    task = TextTask(text=TEXT, sequence_length=5, batch_size=11)
    config = ModelConfig(cell, task.input_size, 21, task.output_size, **{"seed": 3} | (network or {}))
    one = Trainer(
        Model(config), task, TrainConfig(**{"optimizer": "sgd", "clip_norm": 1.0, "threads": count} | settings)
    )
    assert one._threads == count
    return one


def result(one: Trainer, updates: int = UPDATES) -> np.ndarray:
    """Every number that these updates leave: losses, norms, factors, parameters, the optimiser's memory, the state."""
    history = one.step(updates)
    columns = history.loss, history.grad_norm, history.clip_factor
    state = [array for array in one.state if array is not None]
    return np.concatenate([array.ravel() for array in (*columns, one.model.parameters, one.slots, *state)])


def same(a: np.ndarray, b: np.ndarray) -> bool:
    """To the last bit; without compilation, products are NumPy's, and round otherwise with fewer rows."""
    return np.allclose(a, b, rtol=1e-3, atol=1e-4) if config.DISABLE_JIT else a.tobytes() == b.tobytes()


def assert_the_same(make) -> None:
    alone, *others = (result(make(count)) for count in (1, 2, 8))
    assert all(same(alone, other) for other in others)


@pytest.mark.small
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("cell", GATES)
def test_cells(cell, dtype):
    assert_the_same(lambda count: trainer(cell, count, {"dtype": dtype, "num_layers": 2}))


@compiled_only
@pytest.mark.small
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("more", [{}, {"clip_norm": 0.01}, {"clip_norm": None, "clip_value": 0.001}], ids=str)
def test_optimisers_and_clipping(optimizer, more):
    assert_the_same(lambda count: trainer("gru", count, optimizer=optimizer, **more))


@pytest.mark.small
@pytest.mark.parametrize("cell", ["gru", "lstm"])
@pytest.mark.parametrize("stateful", [False, True])
@pytest.mark.parametrize("truncation", ["windowed", "chunked"])
def test_truncation_and_a_state_that_is_carried(truncation, stateful, cell):
    network = {"num_layers": 2}
    settings = {"truncate": 2, "truncation": truncation, "stateful": stateful}
    assert_the_same(lambda count: trainer(cell, count, network, **settings))


@pytest.mark.small
@pytest.mark.parametrize("truncate", [None, 2])
@pytest.mark.parametrize("cell", GATES)
def test_two_directions_without_biases(cell, truncate):
    network = {"bidirectional": True, "num_layers": 2, "bias": False}
    assert_the_same(lambda count: trainer(cell, count, network, truncate=truncate))


@pytest.mark.small
@pytest.mark.parametrize("loss", ["mse", "cross_entropy"])
@pytest.mark.parametrize("output", ["every", "last"])
def test_floats_and_masks(output, loss):
    s = sample("lstm", bidirectional=True, output=output, loss=loss, ids=False, masked=True, T=4, B=5)
    D, _, K = s.sizes
    task = FixedBatches([(s.x, s.targets, s.mask)], input_size=D, output_size=K, output=output, loss=loss)
    assert_the_same(lambda count: Trainer(build(s, "float32"), task, TrainConfig(optimizer="sgd", threads=count)))


@compiled_only
@pytest.mark.small
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_large_vocabulary_of_which_little_is_read(optimizer):
    rng = np.random.default_rng(0)
    batches = [tuple(rng.integers(0, 300, (2, 4, 3))) for _ in range(3)]
    task = FixedBatches(batches, input_size=300, output_size=300)

    def make(count):
        model = Model(ModelConfig("gru", 300, 9, 300))
        return Trainer(model, task, TrainConfig(optimizer=optimizer, threads=count))

    assert_the_same(make)


@pytest.mark.small
def test_threads_come_and_go_in_mid_training():
    alone, changing = (trainer("lstm", 1, stateful=True, truncate=3) for _ in range(2))
    expected = [result(alone, 2) for _ in range(5)]
    found = []
    for count in (1, 2, 8, 3, 1):
        changing.configure(threads=count)
        found.append(result(changing, 2))
    assert all(map(same, found, expected))


def test_several_networks_at_the_same_time():
    """More calls than there are cores, and helpers that come late, if at all."""
    expected = result(trainer("gru", 1), 24)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: result(trainer("gru", 3), 24), range(16)))
    assert all(same(each, expected) for each in found)


@pytest.mark.small
def test_no_thread_is_to_be_had(monkeypatch):
    expected = result(trainer("gru", 1))

    def refuse(*_arguments):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threads.POOL, "_executor", type("Full", (), {"submit": refuse})())
    assert same(result(trainer("gru", 4)), expected)


@compiled_only
@pytest.mark.small
def test_divergence():
    """The update that would overflow is made by nobody."""
    s = sample("rnn_tanh", T=4, B=5, loss="mse", ids=False)
    D, _, K = s.sizes
    found = []
    for count in (1, 4):
        task = FixedBatches([(s.x, s.targets)], input_size=D, output_size=K, loss="mse")
        one = Trainer(build(s, "float32"), task, TrainConfig(optimizer="sgd", learning_rate=900.0, threads=count))
        history = one.step(500)
        assert one.diverged and len(history.loss) < 500 and np.isfinite(one.model.parameters).all()
        found.append((history.loss.tobytes(), one.model.parameters.tobytes()))
    assert found[0] == found[1]


@compiled_only
@pytest.mark.parametrize("fails", ["caller", "helper"])
def test_what_one_thread_raises_ends_the_call_on_all(fails):
    caller, both_there = threading.get_ident(), threading.Barrier(2)

    def call(crew):
        both_there.wait(60)
        if (threading.get_ident() == caller) == (fails == "caller"):
            raise ArithmeticError("one of them")
        while not crew.words[FAILED]:  # as the compiled code looks at it while it waits
            time.sleep(0.001)

    with pytest.raises(ArithmeticError, match="one of them"):
        threads.run_together(call, (), np.array([0, 1, 2]), 2)
    assert same(result(trainer("gru", 2)), result(trainer("gru", 1)))


@compiled_only
@pytest.mark.skipif(not config.BOUNDSCHECK, reason="only the run with bounds checks sees it")
@pytest.mark.small
def test_a_symbol_out_of_range_ends_the_call_on_all_threads():
    one = trainer("gru", 4)
    one.step(1)
    one._arrays.ids[:, :, -1] = 1000
    with pytest.raises(IndexError):
        one.step(3)


@compiled_only
def test_threads_are_made_once(monkeypatch):
    monkeypatch.setattr(threads, "POOL", threads.Pool(2))
    before = threading.active_count()
    for _ in range(20):
        result(trainer("rnn_tanh", 8))
    assert threading.active_count() <= before + 2


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_after_a_fork():
    """The child has none of its parent's threads, and makes its own."""
    expected = result(trainer("gru", 2))
    child = os.fork()
    if child == 0:
        try:
            signal.alarm(60)
            right = same(result(trainer("gru", 2)), expected)
        finally:
            os._exit(0 if right else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_memory_does_not_grow():
    def kilobytes():
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024

    one = trainer("rnn_tanh", 2)
    one.step(500)
    before = kilobytes()
    for _ in range(30):
        one.step(100)
    assert kilobytes() - before < 4096


@pytest.mark.small
def test_one_thread_where_more_do_not_pay(monkeypatch):
    monkeypatch.setattr(threads, "MIN_WORK", 2_000_000)
    shapes = {(32, 1): 1, (32, 8): 1, (1024, 1): 1, (128, 50): 4}
    assert {shape: threads_of(*shape) for shape in shapes} == shapes


def threads_of(hidden: int, batch: int) -> int:
    task = TextTask(text=TEXT, sequence_length=25, batch_size=batch)
    model = Model(ModelConfig("gru", task.input_size, hidden, task.output_size))
    return Trainer(model, task, TrainConfig(threads=4))._threads


@pytest.mark.small
@pytest.mark.parametrize(
    ("quota", "most"), [("150000 100000", 1), ("50000 100000", 1), ("max 100000", None), ("", None)]
)
def test_a_container_may_use_as_many_as_it_is_granted(tmp_path, quota, most):
    file = tmp_path / "cpu.max"
    every = threads.usable_cores(file)  # there is no such file
    file.write_text(quota)
    assert threads.usable_cores(file) == (most or every)


@pytest.mark.small
@pytest.mark.parametrize("batch", range(1, 70))
def test_parts_are_even(batch):
    """Each sequence in one part; no part costs more than a tile above an even share."""
    for count in (1, 2, 3, 8):
        edges = threads.parts_of(batch, count)
        sizes = np.diff(edges)
        assert edges[0] == 0 and edges[-1] == batch and len(sizes) == min(count, batch)
        assert (sizes >= 0).all() and sizes.max() <= batch / len(sizes) + threads.ROWS


@pytest.mark.small
def test_files_do_not_keep_them(tmp_path):
    one = trainer("gru", 2)
    one.step(2)
    save_checkpoint(tmp_path / "a.safetensors", one)
    again = load_checkpoint(tmp_path / "a.safetensors")
    assert again.config.threads == 1
    again.configure(threads=2)
    assert same(result(again), result(one))


@pytest.mark.small
@pytest.mark.parametrize("count", [0, 65, 1.5, True, "2"])
def test_numbers_of_threads_that_cannot_be(count):
    with pytest.raises(ConfigError, match="threads is"):
        TrainConfig(threads=count)
