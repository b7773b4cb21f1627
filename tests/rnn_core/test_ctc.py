"""CTC: against PyTorch's ctc_loss, a sum over every path and differences; decoding; training."""

import copy
import io
import itertools
import math

import numpy as np
import pytest
from ctc_cases import CASES, distances, passes_on
from golden_cases import FOLDER
from numba import config
from safetensors.numpy import load_file

from rnn_core import ConfigError, InputError, Model, ModelConfig, TrainConfig, Trainer, check_gradients
from rnn_core.checkpoint import dump, read_checkpoint
from rnn_core.ctc import (
    best_path,
    edit_distance,
    even_loss,
    label_error_rate,
    labels_of,
    prefix_beam_search,
    right_labels,
)
from rnn_core.kernels import threads
from rnn_core.tasks import FixedBatches

pytestmark = pytest.mark.small

BOUND = {"float64": 1e-12, "float32": 1e-5}


@pytest.mark.parametrize("dtype", BOUND)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_golden(case, dtype):
    stored = load_file(FOLDER / "ctc.safetensors")
    parts = {name.removeprefix(f"{case}/"): value for name, value in stored.items() if name.startswith(f"{case}/")}
    apart = distances(parts, parts, dtype)
    assert {name: d for name, d in apart.items() if not d <= BOUND[dtype]} == {}


@pytest.mark.parametrize("labels", [(), (1,), (1, 1), (2, 1), (1, 2, 1), (2, 2, 1)])
def test_against_every_path(labels):
    """The sum over all paths, the share of those through each symbol, and what is possible after each step."""
    steps, size = 5, 3
    spelled = [0 if i % 2 else labels[i // 2] for i in range(2 * len(labels) - 1)]
    given = np.array(spelled + [0] * (steps - len(spelled)))[:, None]
    trace = passes_on(np.random.default_rng(len(labels)).normal(size=(steps, 1, size)), given)
    y, total, through, prefixes = trace.probs[:, 0], 0.0, np.zeros((steps, size)), {}
    for path in itertools.product(range(size), repeat=steps):
        if labels_of(path) == labels:
            p = math.prod(y[t, symbol] for t, symbol in enumerate(path))
            total += p
            for t, symbol in enumerate(path):
                through[t, symbol] += p
            prefixes |= {path[:t]: math.prod(y[i, path[i]] for i in range(t)) for t in range(steps + 1)}
    possible = [sum(p for prefix, p in prefixes.items() if len(prefix) == t) for t in range(steps + 1)]
    assert trace.loss * steps == pytest.approx(-math.log(total), rel=1e-12)
    assert trace.d_logits[:, 0] * steps == pytest.approx(y - through / total, abs=1e-13)
    assert trace.loss_per_step[:, 0] == pytest.approx(-np.diff(np.log(possible)), abs=1e-12)


def test_central_differences():
    rng = np.random.default_rng(4)
    model = Model(ModelConfig("lstm", 3, 4, 4, bidirectional=True, loss="ctc", seed=1))
    x, paths, mask = rng.normal(size=(7, 3, 3)), rng.integers(0, 4, (7, 3)), np.ones((7, 3))
    mask[5:, 0], mask[2, 2] = 0, 0
    assert max(check_gradients(model, x, paths, mask=mask, entries=20).values()) < 1e-6


def test_only_the_labels_of_a_path_count():
    logits = np.random.default_rng(0).normal(size=(6, 2, 3))
    early, late = np.array([[1, 1, 2, 0, 2, 0], [0] * 6]).T, np.array([[0, 1, 2, 2, 0, 2], [0] * 6]).T
    assert np.array_equal(passes_on(logits, early).d_logits, passes_on(logits, late).d_logits)


@pytest.mark.parametrize("fault", [{"output": "last"}, {"output_size": 1}])
def test_a_network_that_cannot_be_is_refused(fault):
    with pytest.raises(ConfigError, match="ctc"):
        ModelConfig("gru", 2, 3, **{"output_size": 3, "loss": "ctc"} | fault)


def test_weights_between_0_and_1_are_refused():
    x, paths, mask = np.zeros((4, 1, 3)), np.ones((4, 1), int), np.full((4, 1), 0.5)
    with pytest.raises(InputError, match="1 for each step that counts"):
        passes_on(x, paths, mask)
    with pytest.raises(InputError, match="1 for each step that counts"):
        FixedBatches([(x, paths, mask)], loss="ctc")


# training


def task(seed=0) -> FixedBatches:
    """Two batches in which a label sounds for some steps, with blanks between."""
    rng = np.random.default_rng(seed)
    batches = []
    for _ in range(2):
        paths = np.repeat(rng.integers(0, 4, (5, 6)), 2, axis=0)
        x = np.eye(4)[paths] + 0.1 * rng.normal(size=(10, 6, 4))
        batches.append((x, paths, (np.arange(10)[:, None] < np.array([10, 10, 8, 10, 6, 10])).astype(float)))
    return FixedBatches(batches, loss="ctc", output_size=4)


def trainer(**settings) -> Trainer:
    one = task()
    model = Model(ModelConfig("lstm", one.input_size, 12, one.output_size, bidirectional=True, loss="ctc", seed=2))
    return Trainer(model, one, TrainConfig(learning_rate=0.02, **settings))


@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="many steps")
def test_it_learns_the_labels_without_their_times():
    one = trainer()
    assert one.task.chance == pytest.approx(one.step(1).loss[0], rel=0.1)  # at first all symbols are about as probable
    one.step(300)
    batch = one.task.held_out()
    assert one.task.accuracy(one.model.forward(batch.x).probs, batch) == 1


def test_the_same_bits_on_several_threads(monkeypatch):
    monkeypatch.setattr(threads, "MIN_WORK", 1)
    found = []
    for count in (1, 3):
        one = trainer(threads=count)
        history = one.step(2)
        found.append(np.concatenate([history.loss, history.grad_norm, one.model.parameters]))
        assert one._threads == count
    assert np.allclose(*found, rtol=1e-4) if config.DISABLE_JIT else found[0].tobytes() == found[1].tobytes()


def test_a_copy_and_a_checkpoint_go_on_the_same():
    one = trainer()
    one.step(2)
    others = copy.deepcopy(one), read_checkpoint(io.BytesIO(dump(one)))
    expected = one.step(2).loss
    assert all(np.array_equal(other.step(2).loss, expected) for other in others)


# decoding


def test_a_beam_as_wide_as_all_prefixes_finds_every_labelling():
    steps, size = 4, 3
    probs = np.random.default_rng(1).dirichlet(np.ones(size), steps)
    found: dict = {}
    for path in itertools.product(range(size), repeat=steps):
        labels = labels_of(path)
        found[labels] = found.get(labels, 0) + math.prod(probs[t, symbol] for t, symbol in enumerate(path))
    search = prefix_beam_search(np.log(probs), width=1000)
    assert {each.labels: pytest.approx(math.exp(each.log_prob), rel=1e-10) for each in search} == found
    assert search[0].labels == max(found, key=found.get)


def test_the_best_labelling_need_not_be_that_of_the_best_path():
    logits = np.log([[0.6, 0.4], [0.6, 0.4]])
    assert best_path(logits) == () and prefix_beam_search(logits, width=2)[0].labels == (1,)


def test_what_cannot_be_read_is_refused():
    for wrong in (np.zeros(3), np.zeros((0, 3)), np.full((2, 2), np.nan)):
        with pytest.raises(InputError, match="finite numbers"):
            best_path(wrong)
    with pytest.raises(InputError, match="integer ids"):
        labels_of([0.5])
    with pytest.raises(InputError, match="at least one"):
        label_error_rate([(1,)], [()])


def test_the_loss_of_equal_probabilities():
    rng = np.random.default_rng(3)
    paths, mask = rng.integers(0, 3, (6, 4)), np.ones((6, 4))
    mask[4:, 1] = 0
    assert even_loss(paths, mask, 3) == pytest.approx(passes_on(np.zeros((6, 4, 3)), paths, mask).loss, rel=1e-12)


def test_right_labels_are_those_of_an_alignment_with_the_least_edits():
    """What is left of both sequences has no more edits, and no more of them agree in any alignment that has none."""
    rng = np.random.default_rng(0)
    for found, wanted in [rng.integers(1, 4, (2, 5)).tolist() for _ in range(20)] + [([], [1]), ([1, 2], [])]:
        right = right_labels(found, wanted)
        agree = max(
            size
            for size in range(len(found) + 1)
            for one in itertools.combinations(range(len(found)), size)
            for other in itertools.combinations(range(len(wanted)), size)
            if [found[i] for i in one] == [wanted[j] for j in other]
            and sum(
                max(b - a, d - c) - 1
                for (a, b), (c, d) in zip(
                    itertools.pairwise((-1, *one, len(found))),
                    itertools.pairwise((-1, *other, len(wanted))),
                    strict=True,
                )
            )
            == edit_distance(found, wanted)
        )
        assert len(right) == len(found) and sum(right) == agree
    assert right_labels((1, 2, 1), (2, 1)) == (False, True, True)
