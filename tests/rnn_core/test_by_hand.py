"""Where the answer is known without a computer: limits of the gates, one unit, exact rates."""

import math
from functools import partial

import numpy as np
import pytest
from agreement import of_largest
from core_models import backward, build
from reference import GATES, PAIRS
from samples import sample
from uncompiled import many_steps

from rnn_core import Model, ModelConfig, TrainConfig, Trainer
from rnn_core.tasks import TextTask

pytestmark = pytest.mark.small

# pytest's own absolute tolerance of 1e-12 would swallow small numbers
close = partial(pytest.approx, abs=0)


def network(cell: str, params: dict, sizes=(1, 1, 1), **settings) -> Model:
    """A float64 Model in which only the given parameters are not zero."""
    names = dict(zip(("input_size", "hidden_size", "output_size"), sizes, strict=True))
    model = Model(ModelConfig(cell=cell, dtype="float64", **names, **settings))
    given = {name: np.asarray(value, float) for name, value in params.items()}
    model.load_state_dict({name: given.get(name, np.zeros_like(old)) for name, old in model.state_dict().items()})
    return model


def test_update_gate_of_one_keeps_h():
    s = sample("gru", T=5)
    s.params["bias_ih_l0"][3:6] = 60.0
    trace = build(s).forward(s.x, state=s.state)
    assert (trace.gates["z"] == 1).all()
    assert np.array_equal(trace.hidden, np.broadcast_to(s.state[:, None], trace.hidden.shape))


def test_update_gate_of_zero_takes_the_candidate():
    s = sample("gru", T=5)
    s.params["bias_ih_l0"][3:6] = -60.0
    trace = build(s).forward(s.x, state=s.state)
    assert of_largest(trace.hidden[:, 1:], trace.gates["n"]) <= 1e-15


def test_forget_gate_of_one_and_input_gate_of_zero_keep_c():
    s = sample("lstm", T=5)
    s.params["bias_ih_l0"][:6] = [-60.0] * 3 + [60.0] * 3
    trace = build(s).forward(s.x, state=s.state)
    assert (trace.gates["f"] == 1).all()
    assert of_largest(trace.cell, np.broadcast_to(s.state[1][:, None], trace.cell.shape)) <= 1e-15


@many_steps
def test_a_forget_bias_of_thirty_is_the_lstm_of_1997():
    """After 200 updates f is still 1, exactly: the network is the LSTM without a forget gate, written out in NumPy."""
    task = TextTask(text="it was the best of times, it was the worst of times. " * 4, sequence_length=12, batch_size=4)
    model = Model(ModelConfig("lstm", task.input_size, 6, task.output_size, forget_bias=30.0, seed=1))
    Trainer(model, task, TrainConfig(learning_rate=0.05)).step(200)
    x = task.held_out().x[:, :1]
    trace, w = model.forward(x), {name: value.astype(float) for name, value in model.state_dict().items()}
    assert (trace.gates["f"] == 1).all()
    h, c = np.zeros((2, 6))
    for t, symbol in enumerate(x[:, 0]):
        a = w["weight_ih_l0"][:, symbol] + w["bias_ih_l0"] + w["weight_hh_l0"] @ h + w["bias_hh_l0"]
        i, g, o = 1 / (1 + np.exp(-a[:6])), np.tanh(a[12:18]), 1 / (1 + np.exp(-a[18:]))
        c = c + i * g
        h = o * np.tanh(c)
        assert of_largest(trace.cell[0, t + 1, 0], c) < 1e-5 and of_largest(trace.hidden[0, t + 1, 0], h) < 1e-5


def test_forget_gate_of_zero_forgets():
    s = sample("lstm", T=5)
    s.params["bias_ih_l0"][3:6] = -60.0
    trace = build(s).forward(s.x, state=s.state)
    assert of_largest(trace.cell[:, 1:], trace.gates["i"] * trace.gates["g"]) <= 1e-15


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("K", [2, 5, 300])
@pytest.mark.parametrize("cell", GATES)
def test_zero_weights_give_ln_k(cell, K, dtype):
    model = Model(ModelConfig(cell=cell, input_size=3, hidden_size=2, output_size=K, dtype=dtype))
    model.load_state_dict({name: np.zeros_like(p) for name, p in model.state_dict().items()})
    trace = model.backward(np.array([[0], [1], [2]]), np.array([[0], [1], [1]]))
    bound = 1e-14 if dtype == "float64" else 1e-6
    assert trace.loss == close(math.log(K), rel=bound)
    assert trace.loss_per_step.ravel().tolist() == close([math.log(K)] * 3, rel=bound)


# windowed truncation of a two-way network read at its ends is refused: tests/test_model.py
TRUNCATED = [
    (bidirectional, output, truncation)
    for bidirectional in (False, True)
    for output in ("every", "last")
    for truncation in ("windowed", "chunked")
    if (bidirectional, output, truncation) != (True, "last", "windowed")
]


@pytest.mark.parametrize("k", [4, 5, 1000])
@pytest.mark.parametrize(("bidirectional", "output", "truncation"), TRUNCATED)
@pytest.mark.parametrize("cell", GATES)
def test_truncation_at_the_length_or_beyond_is_full(cell, bidirectional, output, truncation, k):
    s = sample(cell, 2, bidirectional, output=output, T=4)
    model = build(s)
    full, cut = backward(model, s), backward(model, s, k, truncation)
    assert of_largest(cut.d_hidden, full.d_hidden) <= 1e-14
    for name, grad in full.grads.items():
        assert of_largest(cut.grads[name], grad) <= 1e-14, name


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", GATES)
def test_a_batch_is_its_single_sequences(cell, bidirectional):
    s = sample(cell, 2, bidirectional, T=4, B=3)
    model = build(s)
    together = backward(model, s)
    grads = dict.fromkeys(s.params, 0.0)
    for b in range(3):
        at = slice(b, b + 1)
        state = tuple(a[:, at] for a in s.state) if cell in PAIRS else s.state[:, at]
        alone = backward(model, s._replace(x=s.x[:, at], targets=s.targets[:, at], state=state))
        assert of_largest(together.logits[:, at], alone.logits) <= 1e-14
        assert of_largest(together.loss_per_step[:, at], alone.loss_per_step) <= 1e-14
        assert of_largest(3 * together.d_hidden[:, :, at], alone.d_hidden) <= 1e-13
        grads = {name: grads[name] + alone.grads[name] / 3 for name in grads}
    for name, grad in grads.items():
        assert of_largest(together.grads[name], grad) <= 1e-13, name


def test_a_masked_step_counts_for_nothing():
    s = sample("gru", T=4, B=1)
    mask = np.array([[0.0], [2.0], [2.0], [0.0]])
    other = s.targets.copy()
    other[[0, 3]] = (other[[0, 3]] + 1) % 4
    model = build(s)
    a, b = backward(model, s._replace(mask=mask)), backward(model, s._replace(mask=mask, targets=other))
    assert a.loss == b.loss == close(a.loss_per_step[1:3].mean(), rel=1e-14)
    assert all(np.array_equal(a.grads[name], b.grads[name]) for name in a.grads)


def test_one_tanh_unit_over_two_steps():
    """h1 = tanh(u x1), h2 = tanh(u x2 + w h1), o = v h2, loss (o - y)^2."""
    u, w, v, x1, x2, y = 0.5, -0.8, 1.5, 1.0, 2.0, 0.3
    h1 = math.tanh(u * x1)
    h2 = math.tanh(u * x2 + w * h1)
    do = 2 * (v * h2 - y)
    da2 = do * v * (1 - h2**2)
    da1 = da2 * w * (1 - h1**2)
    params = {"weight_ih_l0": [[u]], "weight_hh_l0": [[w]], "weight_ho": [[v]]}
    model = network("rnn_tanh", params, bias=False, output="last", loss="mse")
    trace = model.backward(np.array([[[x1]], [[x2]]]), np.array([[y]]))
    assert trace.loss == close((v * h2 - y) ** 2, rel=1e-14)
    assert trace.grads["weight_ho"].item() == close(do * h2, rel=1e-14)
    assert trace.grads["weight_hh_l0"].item() == close(da2 * h1, rel=1e-14)
    assert trace.grads["weight_ih_l0"].item() == close(da2 * x2 + da1 * x1, rel=1e-14)
    assert trace.d_hidden.ravel() == close([da1 * w, da2 * w, do * v], rel=1e-14)
    assert trace.d_input.ravel() == close([da1 * u, da2 * u], rel=1e-14)
    # windowed by 0 steps or cut before the last step, h1 is a constant
    short = model.backward(np.array([[[x1]], [[x2]]]), np.array([[y]]), truncate=1, truncation="chunked")
    assert short.grads["weight_ih_l0"].item() == close(da2 * x2, rel=1e-14)


def test_one_lstm_unit_over_one_step():
    """Each gate by hand, in PyTorch's order i f g o."""
    rows = np.array([[0.1], [0.2], [0.3], [0.4]])
    h0, c0, v = 0.5, -0.7, 2.0
    i, f, g, o = (1 / (1 + math.exp(-a)) for a in (1.1, 1.2, 1.3, 1.4))
    g = math.tanh(0.3 * 2 + 1.4 * h0)
    i, f, o = (1 / (1 + math.exp(-(r * 2 + w * h0))) for r, w in ((0.1, 1.2), (0.2, 1.3), (0.4, 1.5)))
    c1 = f * c0 + i * g
    params = {"weight_ih_l0": rows, "weight_hh_l0": rows + 1.1, "weight_ho": [[v]]}
    model = network("lstm", params, bias=False, loss="mse")
    trace = model.backward(
        np.array([[[2.0]]]), np.array([[[0.0]]]), state=(np.full((1, 1, 1), h0), np.full((1, 1, 1), c0))
    )
    assert trace.cell.ravel() == close([c0, c1], rel=1e-14)
    assert trace.hidden[0, 1].item() == close(o * math.tanh(c1), rel=1e-14)
    dh = 2 * v * v * o * math.tanh(c1)
    dc = dh * o * (1 - math.tanh(c1) ** 2)
    assert trace.d_cell.ravel() == close([dc * f, dc], rel=1e-14)


def test_one_gru_unit_over_one_step():
    """Reset after the product, with its bias inside: n = tanh(u x + r (w h + b_hn)); z = 1 keeps."""
    x, h0 = 2.0, 0.5
    w_ih, w_hh, b_ih, b_hh = [0.1, 0.2, 0.3], [1.1, 1.2, 1.3], [0.01, 0.02, 0.03], [0.4, 0.5, 0.6]
    r, z = (1 / (1 + math.exp(-(w_ih[j] * x + b_ih[j] + w_hh[j] * h0 + b_hh[j]))) for j in (0, 1))
    n = math.tanh(w_ih[2] * x + b_ih[2] + r * (w_hh[2] * h0 + b_hh[2]))
    columns = {name: np.array(v)[:, None] for name, v in {"weight_ih_l0": w_ih, "weight_hh_l0": w_hh}.items()}
    model = network("gru", columns | {"bias_ih_l0": b_ih, "bias_hh_l0": b_hh})
    trace = model.forward(np.array([[[x]]]), state=np.full((1, 1, 1), h0))
    assert [trace.gates[name].item() for name in "rzn"] == close([r, z, n], rel=1e-14)
    assert trace.hidden[0, 1].item() == close((1 - z) * n + z * h0, rel=1e-14)


@pytest.mark.parametrize(("b", "printed"), [(0, 0.5), (1, 0.7311), (2, 0.8808), (3, 0.9526), (5, 0.9933)])
def test_lstm_without_recurrent_weights_forgets_at_the_gates_rate(b, printed):
    T, H = 5, 2
    params = {"bias_ih_l0": [0, 0, b, b, 0.5, 0.5, 0, 0], "weight_ho": [[1.0, -1.0]]}
    model = network("lstm", params, sizes=(1, H, 1), output="last", loss="mse")
    state = (np.zeros((1, 1, H)), np.array([[[0.3, -0.4]]]))
    trace = model.backward(np.zeros((T, 1, 1)), np.array([[1.0]]), state=state)
    rate = 1 / (1 + math.exp(-b))
    assert rate == pytest.approx(printed, abs=5e-5)
    assert (trace.d_cell[0, 0] / trace.d_cell[0, T]).ravel() == close([rate**T] * 2, rel=1e-13)


@pytest.mark.parametrize(("scale", "after"), [(1.1, 117.4), (1.0, 1.0), (0.5, 8.9e-16)])
def test_linear_flow_through_a_scaled_orthogonal_matrix(scale, after):
    """A ReLU that stays on is linear: W = s Q, Q a permutation, multiplies the gradient's norm by s at each step."""
    T, H = 50, 3
    params = {"weight_hh_l0": scale * np.roll(np.eye(H), 1, axis=0), "weight_ho": np.ones((1, H))}
    model = network("rnn_relu", params, sizes=(1, H, 1), bias=False, output="last", loss="mse")
    trace = model.backward(np.zeros((T, 1, 1)), np.zeros((1, 1)), state=np.array([[[1.0, 2.0, 3.0]]]))
    norms = np.linalg.norm(trace.d_hidden[0, :, 0], axis=1)
    assert norms[:-1] / norms[1:] == close([scale] * T, rel=1e-13)
    assert norms[0] / norms[-1] == close(after, rel=1e-2)


def test_tanh_flow_is_bounded_by_the_largest_singular_value():
    s = sample("rnn_tanh", T=12, B=1, output="last")
    norms = np.linalg.norm(backward(build(s), s).d_hidden[0, :, 0], axis=1)
    largest = np.linalg.svd(s.params["weight_hh_l0"], compute_uv=False)[0]
    assert (norms <= norms[-1] * largest ** np.arange(12, -1, -1) * (1 + 1e-12)).all()


@pytest.mark.parametrize(
    ("w", "attractor", "slope"),
    [(1.25, 0.7104, 0.6191), (1.5, 0.8586, 0.3943), (2, 0.9575, 0.1664), (3, 0.9949, 0.0305)],
)
def test_latch(w, attractor, slope):
    """x_t = tanh(w x_{t-1}) settles at its attractor, where one step multiplies a gradient by w (1 - x^2)."""
    model = network("rnn_tanh", {"weight_hh_l0": [[w]], "weight_ho": [[1.0]]}, output="last", loss="mse")
    trace = model.backward(np.zeros((60, 1, 1)), np.zeros((1, 1)), state=np.full((1, 1, 1), 0.5))
    assert trace.hidden[0, -1].item() == pytest.approx(attractor, abs=5e-5)
    assert trace.d_hidden[0, -2].item() / trace.d_hidden[0, -1].item() == pytest.approx(slope, abs=1e-4)


def test_parameter_count_of_the_article():
    """2HC + H^2 for a vocabulary of 8,000 and 100 units, no biases."""
    model = Model(ModelConfig(cell="rnn_tanh", input_size=8000, hidden_size=100, output_size=8000, bias=False))
    assert model.num_parameters == 1_610_000 == sum(p.size for p in model.state_dict().values())
