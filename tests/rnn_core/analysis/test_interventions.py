"""Interventions against a reference that computes one unit at a time with plain floats, and against limits."""

import math

import numpy as np
import pytest
from core_models import build
from samples import sample

from rnn_core import ConfigError, InputError, Model, ModelConfig, generate
from rnn_core.analysis.interventions import Change, divergence, read, write
from rnn_core.analysis.memory import curve_of, memory_curve
from rnn_core.analysis.steps import Clamp

pytestmark = pytest.mark.small
CELLS = ("rnn_tanh", "rnn_relu", "gru", "lstm")


def sigmoid(a):
    return 1 / (1 + math.exp(-a))


def slow_read(cell, params, ids, layers, held=lambda quantity, layer, unit, step, value: value, exchange=None):
    """(hidden, cell, probabilities), step by step and unit by unit. held : the value that a number really gets.
    exchange : (step, hidden, cell), the state that is there before that step."""
    H = len(params["weight_ho"][0])
    h, c = [[0.0] * H for _ in range(layers)], [[0.0] * H for _ in range(layers)]
    states, cells, outputs = [], [], []
    for t, symbol in enumerate(ids):
        if exchange and exchange[0] == t:
            h, c = [list(row) for row in exchange[1]], [list(row) for row in exchange[2]]
        x = [float(symbol == k) for k in range(len(params["weight_ih_l0"][0]))]
        new_h, new_c = [], []
        for layer in range(layers):
            wx, wh, bx, bh = (params[f"{name}_l{layer}"] for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))

            def from_x(row, wx=wx, bx=bx, x=x):
                return sum(wx[row][k] * x[k] for k in range(len(x))) + bx[row]

            def from_h(row, wh=wh, bh=bh, before=h[layer]):
                return sum(wh[row][k] * before[k] for k in range(H)) + bh[row]

            row_h, row_c = [], []
            for j in range(H):

                def hold(quantity, value, layer=layer, j=j, t=t):
                    return held(quantity, layer, j, t, value)

                after = c[layer][j]
                if cell == "lstm":
                    i = hold("i", sigmoid(from_x(j) + from_h(j)))
                    f = hold("f", sigmoid(from_x(H + j) + from_h(H + j)))
                    g = hold("g", math.tanh(from_x(2 * H + j) + from_h(2 * H + j)))
                    o = hold("o", sigmoid(from_x(3 * H + j) + from_h(3 * H + j)))
                    after = hold("cell", f * after + i * g)
                    value = o * math.tanh(after)
                elif cell == "gru":
                    r = hold("r", sigmoid(from_x(j) + from_h(j)))
                    z = hold("z", sigmoid(from_x(H + j) + from_h(H + j)))
                    n = hold("n", math.tanh(from_x(2 * H + j) + r * from_h(2 * H + j)))
                    value = (1 - z) * n + z * h[layer][j]
                else:
                    a = from_x(j) + from_h(j)
                    value = math.tanh(a) if cell == "rnn_tanh" else max(a, 0.0)
                row_h.append(hold("hidden", value))
                row_c.append(after)
            new_h.append(row_h)
            new_c.append(row_c)
            x = row_h
        h, c = new_h, new_c
        states.append(h)
        cells.append(c)
        logits = [sum(w * v for w, v in zip(row, h[-1], strict=True)) + b
                  for row, b in zip(params["weight_ho"], params["bias_o"], strict=True)]  # fmt: skip
        total = sum(map(math.exp, logits))
        outputs.append([math.exp(logit) / total for logit in logits])
    return np.array(states).swapaxes(0, 1), np.array(cells).swapaxes(0, 1), np.array(outputs)


def network(cell, layers=2):
    """(model, parameters as lists, ids)."""
    s = sample(cell, layers, sizes=(4, 3, 4), seed=7)
    ids = np.random.default_rng(3).integers(0, 4, 12)
    return build(s), {name: value.tolist() for name, value in s.params.items()}, ids


def agree(reading, reference):
    states, cells, outputs = reference
    assert reading.hidden == pytest.approx(states, abs=1e-12)
    if reading.cell is not None:
        assert reading.cell == pytest.approx(cells, abs=1e-12)
    assert np.exp(reading.log_probs) == pytest.approx(outputs, abs=1e-12)


@pytest.mark.parametrize("cell", CELLS)
def test_without_a_change_it_is_the_forward_pass(cell):
    model, params, ids = network(cell)
    reading, trace = read(model, ids), model.forward(ids[:, None])
    agree(reading, slow_read(cell, params, ids, 2))
    assert reading.hidden == pytest.approx(trace.hidden[:, 1:, 0], abs=1e-12)
    assert set(reading.gates) == set(trace.gates)
    for name, values in trace.gates.items():
        assert reading.gates[name] == pytest.approx(values[:, :, 0], abs=1e-12)


@pytest.mark.parametrize(
    ("cell", "quantity"),
    [(cell, "hidden") for cell in CELLS] + [("lstm", q) for q in ("cell", *"ifgo")] + [("gru", q) for q in "rzn"],
)
@pytest.mark.parametrize("unit", [1, None])
def test_a_number_that_is_held(cell, quantity, unit):
    model, params, ids = network(cell)
    clamp = Clamp(quantity, unit, 0.3, layer=0, begin=4, end=9)

    def held(name, layer, j, step, value):
        here = name == quantity and layer == 0 and unit in (None, j) and 4 <= step < 9
        return 0.3 if here else value

    reading = read(model, ids, change=Change(clamps=(clamp,)))
    agree(reading, slow_read(cell, params, ids, 2, held))
    shown = reading.quantity(quantity)[0, 4:9]
    assert (shown == 0.3).all() if unit is None else (shown[:, 1] == 0.3).all()
    before = read(model, ids)
    assert np.array_equal(before.log_probs[:4], reading.log_probs[:4])
    assert not np.allclose(before.log_probs[4:], reading.log_probs[4:], atol=1e-6)


@pytest.mark.parametrize("cell", CELLS)
def test_another_symbol_and_another_state(cell):
    model, params, ids = network(cell)
    other = (ids[5] + 1) % 4
    changed = ids.copy()
    changed[5] = other
    agree(read(model, ids, change=Change(symbols=((5, int(other)),))), slow_read(cell, params, changed, 2))
    zero = np.zeros((2, 3))
    agree(
        read(model, ids, change=Change(state="zero", at=6)), slow_read(cell, params, ids, 2, exchange=(6, zero, zero))
    )
    elsewhere = model.forward([[1], [2], [0]])
    hidden = elsewhere.hidden[:, -1, 0]
    cells = zero if elsewhere.cell is None else elsewhere.cell[:, -1, 0]
    agree(
        read(model, ids, change=Change(state=elsewhere.state, at=6)),
        slow_read(cell, params, ids, 2, exchange=(6, hidden, cells)),
    )


def test_limits():
    model, _params, ids = network("lstm", layers=1)
    keep = Change(clamps=(Clamp("f", None, 1.0, begin=3), Clamp("i", None, 0.0, begin=3)))
    cells = read(model, ids, change=keep).cell[0]
    assert (cells[3:] == cells[2]).all()  # f = 1, i = 0 keeps c
    off = Change(clamps=(Clamp("hidden", None, 0.0),))
    log_probs = read(model, ids, change=off).log_probs
    assert log_probs == pytest.approx(np.broadcast_to(log_probs[0], log_probs.shape))  # only the bias is left


def test_it_writes_as_generate_does():
    """At a low temperature both take the most probable symbol; the same seed writes the same."""
    model = Model(ModelConfig("gru", 9, 12, 9, seed=5))
    prompt = np.array([1, 4, 2])
    assert write(model, prompt, 30, temperature=1e-6).tolist() == generate(model, prompt, 30, temperature=0).tolist()
    free, again, other = (write(model, prompt, 60, seed=seed) for seed in (1, 1, 2))
    assert free.tolist() == again.tolist() != other.tolist()
    held = Change(clamps=(Clamp("hidden", None, 0.0, begin=2),))
    changed = write(model, prompt, 3000, change=held)
    bias = model.state_dict()["bias_o"].astype(float)
    share = np.bincount(changed, minlength=9) / 3000
    assert share == pytest.approx(np.exp(bias) / np.exp(bias).sum(), abs=0.04)  # without memory only the bias decides


def test_the_divergence_is_that_of_its_definition():
    rng = np.random.default_rng(0)
    p, q = (rng.dirichlet(np.ones(5), 4) for _ in range(2))
    slow = [sum(a * math.log(a / b) for a, b in zip(x, y, strict=True)) for x, y in zip(p, q, strict=True)]
    assert divergence(np.log(p), np.log(q)) == pytest.approx(slow)
    assert (divergence(np.log(p), np.log(p)) == 0).all()


@pytest.mark.parametrize("kind", ["symbol", "state"])
def test_a_memory_curve_is_the_mean_over_readings(kind):
    """Every place anew, from the first symbol on, by the reader that goes step by step."""
    model, _params, ids = network("gru")
    ids = np.random.default_rng(9).integers(0, 4, 30)
    curve = memory_curve(model, ids[:, None], kind=kind, reach=6, places=8, seed=2)
    first = 1 if kind == "state" else 0
    at = np.arange(first, 25)[np.unique(np.linspace(0, 24 - first, 8).astype(int))]
    plain, found, losses = read(model, ids), [], []
    for place in at:
        if kind == "state":
            changes = [Change(state="zero", at=int(place))]
        else:
            changes = [Change(symbols=((int(place), k),)) for k in range(4) if k != ids[place]]
        options = []
        for change in changes:
            other = read(model, ids, change=change)
            rows = np.arange(place, place + 6)
            kl = divergence(plain.log_probs, other.log_probs)[rows]
            asked = [ids[t + 1] if t + 1 < 30 else None for t in rows]
            loss = [math.nan if k is None else plain.log_probs[t, k] - other.log_probs[t, k]
                    for t, k in zip(rows, asked, strict=True)]  # fmt: skip
            options.append((kl, loss))
        found.append([kl for kl, _loss in options])
        losses.append([loss for _kl, loss in options])
    if kind == "state":
        assert curve.mean == pytest.approx(np.mean([kl[0] for kl in found], axis=0), abs=1e-10)
        assert curve.loss == pytest.approx(np.nanmean([loss[0] for loss in losses], axis=0), abs=1e-10)
    else:  # which symbol was read is drawn: it is one of three, place by place
        low, high = (np.mean([pick(kl, axis=0) for kl in found], axis=0) for pick in (np.min, np.max))
        assert (low - 1e-10 <= curve.mean).all() and (curve.mean <= high + 1e-10).all()
    assert curve.places == len(at)


def test_how_long_it_lasts():
    kl = np.array([4.0, 2.1, 1.9, 0.3, 0.03, 0.05])[:, None]
    curve = curve_of(kl, np.full((6, 1), np.nan))
    assert (curve.half, curve.hundredth) == (2, None) and (curve.loss == 0).all()
    assert curve_of(kl[:5], kl[:5]).hundredth == 4


def test_a_network_without_recurrence_forgets_at_once():
    model = Model(ModelConfig("rnn_tanh", 5, 6, 5, seed=1))
    weights = model.state_dict()
    weights["weight_hh_l0"][:] = 0
    model.load_state_dict(weights)
    x = np.random.default_rng(4).integers(0, 5, (60, 2))
    curve = memory_curve(model, x, reach=10, places=20)
    assert curve.mean[0] > 0.005 and (curve.mean[1:] == 0).all() and (curve.half, curve.hundredth) == (1, 1)
    assert (memory_curve(model, x, kind="state", reach=10, places=20).mean == 0).all()


def test_a_network_that_runs_away_is_refused():
    model, _params, ids = network("rnn_relu", layers=1)
    weights = model.state_dict()
    weights["weight_hh_l0"][:] = 1e200 * np.eye(3)
    model.load_state_dict(weights)
    with pytest.raises(InputError, match="no longer finite"):
        read(model, ids, change=Change(clamps=(Clamp("hidden", None, 1.0, end=2),)))


def test_bad_input():
    model, _params, ids = network("gru")
    for clamp, said in (
        (Clamp("cell", 0, 0.0), "gru has hidden, r, z, n"),
        (Clamp("hidden", 3, 0.0), "unit is 3"),
        (Clamp("hidden", 0, 0.0, layer=2), "layer is 2"),
        (Clamp("hidden", 0, math.nan), "value is nan"),
    ):
        with pytest.raises(InputError, match=said):
            read(model, ids, change=Change(clamps=(clamp,)))
    with pytest.raises(InputError, match="step is 12"):
        read(model, ids, change=Change(symbols=((12, 0),)))
    with pytest.raises(InputError, match="0 to 3"):
        read(model, ids, change=Change(symbols=((0, 4),)))
    with pytest.raises(InputError, match="state"):
        read(model, ids, change=Change(state=np.zeros((1, 1, 3))))
    with pytest.raises(InputError, match="ids has shape"):
        read(model, ids[:, None])
    both = Model(ModelConfig("gru", 4, 3, 4, bidirectional=True))
    for function in (lambda: write(both, ids, 3), lambda: memory_curve(both, ids[:, None])):
        with pytest.raises(ConfigError, match="one direction"):
            function()
    with pytest.raises(InputError, match="at least 3"):
        memory_curve(model, ids[:2, None])
    with pytest.raises(InputError, match="'symbol', 'state'"):
        memory_curve(model, ids[:, None], kind="x")
