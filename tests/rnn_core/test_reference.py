"""The oracle itself: golden files, central differences, and its truncation from the itemised gradients."""

import numpy as np
import pytest
from agreement import in_norm, of_largest
from golden_cases import CASES, found, given
from reference import GATES, PAIRS, itemised, loss_of, run
from samples import sample


@pytest.mark.parametrize("case", CASES, ids=str)
def test_golden(case):
    g, expected = given(case), found(case, "float64")
    state = (g["h0"], g["c0"]) if case.cell in PAIRS else g["h0"]
    result = run(case.network, case.unflatten(g["parameters"]), g["x"], g["targets"], state)
    assert of_largest(result.logits, expected["logits"]) <= 1e-12
    assert of_largest([result.loss], expected["loss"]) <= 1e-12
    assert of_largest(result.d_hidden, expected["d_hidden"]) <= 1e-12
    assert of_largest(result.d_input, expected["d_input"]) <= 1e-12
    for name, grad in case.unflatten(expected["grads"]).items():
        assert of_largest(result.grads[name], grad) <= 1e-12, name
    if case.cell in PAIRS:
        assert of_largest(result.d_cell, expected["d_cell"]) <= 1e-12


@pytest.mark.parametrize("case", CASES, ids=str)
def test_golden_files_test_something(case):
    """No gradient in them is all zero: a dead network would agree with any bug."""
    expected = found(case, "float64")
    for name, grad in case.unflatten(expected["grads"]).items():
        assert np.abs(grad).max() > 1e-3, name
    assert (np.abs(expected["d_hidden"]).max(axis=(1, 2, 3)) > 1e-3).all()


@pytest.mark.parametrize("loss", ["cross_entropy", "mse"])
@pytest.mark.parametrize("cell", GATES)
def test_masked_loss_against_differences(cell, loss):
    s = sample(cell, 1, True, loss=loss, masked=True, T=3, sizes=(2, 3, 2))
    result = s.reference()
    numeric = {name: np.zeros_like(p) for name, p in s.params.items()}
    for name, p in s.params.items():
        for index in np.ndindex(p.shape):
            keep, values = p[index], []
            for step in (1e-5, -1e-5):
                p[index] = keep + step
                values.append(s.reference().loss)
            p[index] = keep
            numeric[name][index] = (values[0] - values[1]) / 2e-5
    for name, grad in result.grads.items():
        assert in_norm(grad, numeric[name]) <= 1e-7, name


@pytest.mark.parametrize("k", [1, 2, 3, 9])
@pytest.mark.parametrize("cell", GATES)
def test_windowed_is_the_itemised_gradient_cut_at_k(cell, k):
    """One layer, one way: entries of the itemised gradient with t - s > k set to zero, then summed over t."""
    s = sample(cell, T=6)
    s = s._replace(state=None)
    parts = itemised(*s.arguments) / s.x.size
    t, step = np.arange(6), np.arange(-1, 6)
    keep = (t[:, None] - step <= k)[:, None, :, None, None]
    assert of_largest((parts * keep).sum(axis=0), s.reference(k).d_hidden) <= 1e-12
    assert of_largest(parts.sum(axis=0), s.reference().d_hidden) <= 1e-12


@pytest.mark.parametrize("truncation", ["windowed", "chunked"])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", GATES)
def test_long_truncation_is_none(cell, bidirectional, truncation):
    s = sample(cell, 2, bidirectional)
    whole, cut = s.reference(), s.reference(5, truncation)
    assert of_largest(cut.d_hidden, whole.d_hidden) <= 1e-14
    for name, grad in whole.grads.items():
        assert of_largest(cut.grads[name], grad) <= 1e-14
    assert of_largest(s.reference(2, truncation).d_hidden, whole.d_hidden) > 1e-3


@pytest.mark.parametrize("cell", GATES)
def test_chunks_are_separate_runs(cell):
    """Chunked truncation: the gradients of the chunks run one after the other with the state carried."""
    s = sample(cell, 2, T=6, B=1)
    whole, state = s.reference(2, "chunked"), s.state
    total = {name: 0 for name in s.params}
    for start in (0, 2, 4):
        part = run(*s.arguments[:2], s.x[start : start + 2], s.targets[start : start + 2], state)
        total = {name: total[name] + part.grads[name] / 3 for name in total}
        last = part.hidden[:, -1]
        state = (last, part.cell[:, -1]) if cell in PAIRS else last
    for name, grad in total.items():
        assert of_largest(whole.grads[name], grad) <= 1e-13, name


def test_loss_by_hand():
    assert loss_of(sample("gru").network, np.zeros(4), 2)[0] == pytest.approx(np.log(4), abs=1e-15)
    squared = loss_of(sample("gru", loss="mse").network, np.array([1.0, 3.0]), [0.0, 1.0])
    assert squared[0] == 2.5
    assert squared[1].tolist() == [1.0, 2.0]
