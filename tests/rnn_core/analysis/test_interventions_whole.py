"""Interventions in networks of two directions and in networks that are read at the end, against the slow oracle of
tests/reference.py, which walks each direction on its own and is told here what to hold and what to exchange."""

import numpy as np
import pytest
import reference
from core_models import build
from samples import sample

from rnn_core import ConfigError, InputError
from rnn_core.analysis.interventions import Change, read, write
from rnn_core.analysis.steps import Clamp

pytestmark = pytest.mark.small
CELLS = ("rnn_tanh", "rnn_relu", "gru", "gru_reset_before", "lstm", "lstm_peephole", "lstm_layer_norm")
KINDS = [(True, "every"), (True, "last"), (False, "last")]
T = 11


class Changed(reference.Sequence):
    """A sequence whose numbers are held, and whose forward states are exchanged before a step."""

    def __init__(self, net, params, ids, held=None, exchange=None):
        self.held, self.exchange = held, exchange
        super().__init__(net, params, reference.onehot(ids, params["weight_ih_l0"].shape[1]))

    def _forward(self, layer, d, inputs):
        ld, p = layer * self.dirs + d, self.cell_parameters(layer, d)
        for t in self.steps(d):
            before = self.before(d, t)
            h, c = self.hidden[ld, before], self.cell[ld, before]
            if self.exchange and d == 0 and t == self.exchange[0]:
                h, c = self.exchange[1][ld], self.exchange[2][ld]
            h, c, gates = self.step(ld, t, p, inputs[t], h, c)
            self.hidden[ld, t + 1], self.cell[ld, t + 1] = h, c
            for index, gate in enumerate(gates):
                self.gates[index, ld, t] = gate

    def step(self, ld, t, p, x, h, c):
        """One step by the oracle; then, where a number is held, the rest of the step anew with it, by hand."""
        after, memory, gates = reference.step_forward(self.net.cell, p, x, h, c)
        if not self.held or self.held[1] != ld or not self.held[4] <= t < self.held[5]:
            return after, memory, gates
        quantity, _ld, unit, value = self.held[:4]
        units, H = slice(None) if unit is None else unit, len(h)
        gates = [gate.copy() for gate in gates]
        if self.net.cell.startswith("gru"):
            r, z, n = gates
            if quantity == "r":
                r[units] = value
                u, weight, bias = p[0][2 * H :] @ x + p[2][2 * H :], p[1][2 * H :], p[3][2 * H :]
                n = np.tanh(u + (r * (weight @ h + bias) if self.net.cell == "gru" else weight @ (r * h) + bias))
            if quantity == "z":
                z[units] = value
            if quantity == "n":
                n[units] = value
            gates, after = [r, z, n], (1 - z) * n + z * h
        elif self.net.cell.startswith("lstm"):
            i, f, g, o = gates
            if quantity in ("i", "f", "g"):
                {"i": i, "f": f, "g": g}[quantity][units] = value
            memory = f * c + i * g
            if quantity == "cell":
                memory[units] = value
            if self.net.cell == "lstm_peephole":  # the output gate sees what became of the cell
                a_o = (p[0] @ x + p[2] + p[1] @ h + p[3])[3 * H :]
                o = reference.sigmoid(a_o + p[4][2 * H :] * memory)
            if quantity == "o":
                o[units] = value
            shown = memory
            if self.net.cell == "lstm_layer_norm":
                shown = p[6] * reference.normal(memory) + p[7]
            gates, after = [i, f, g, o], o * np.tanh(shown)
        if quantity == "hidden":
            after = after.copy()
            after[units] = value
        return after, memory, gates


def network(cell, bidirectional, output, layers=2):
    s = sample(cell, layers, bidirectional, output=output, sizes=(4, 3, 4), seed=7)
    return s, build(s), np.random.default_rng(3).integers(0, 4, T)


def agree(reading, slow):
    assert reading.hidden == pytest.approx(slow.hidden[:, 1:], abs=1e-12)
    if reading.cell is not None:
        assert reading.cell == pytest.approx(slow.cell[:, 1:], abs=1e-12)
    for gate, name in zip(slow.gates, reading.gates, strict=True):
        assert reading.gates[name] == pytest.approx(gate, abs=1e-12)
    expected = np.array([reference.softmax(row) for row in slow.logits])
    assert np.exp(reading.log_probs) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("both", "output"), KINDS)
@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize("cell", CELLS)
def test_without_a_change_it_is_the_forward_pass(cell, layers, both, output):
    s, model, ids = network(cell, both, output, layers)
    reading, trace = read(model, ids), model.forward(ids[:, None])
    agree(reading, Changed(s.network, s.params, ids))
    assert reading.hidden == pytest.approx(trace.hidden[:, 1:, 0], abs=1e-12)
    assert np.exp(reading.log_probs) == pytest.approx(trace.probs[:, 0], abs=1e-12)
    hidden = trace.state if trace.cell is None else trace.state[0]
    assert reading.state[0] == pytest.approx(hidden, abs=1e-12)


@pytest.mark.parametrize(("both", "output"), KINDS)
@pytest.mark.parametrize(
    ("cell", "quantity"),
    [(cell, "hidden") for cell in CELLS]
    + [(cell, q) for cell in reference.PAIRS for q in ("cell", *"ifgo")]
    + [(cell, q) for cell in ("gru", "gru_reset_before") for q in "rzn"],
)
def test_a_number_that_is_held_at_places_of_the_text(cell, quantity, both, output):
    s, model, ids = network(cell, both, output)
    plain = read(model, ids)
    for stack in range(4 if both else 2):
        for unit in (1, None) if quantity == "hidden" else (1,):
            change = Change(clamps=(Clamp(quantity, unit, 0.3, layer=stack, begin=3, end=8),))
            reading = read(model, ids, change=change)
            agree(reading, Changed(s.network, s.params, ids, held=(quantity, stack, unit, 0.3, 3, 8)))
            shown = reading.quantity(quantity)[stack, 3:8]
            assert (shown == 0.3).all() if unit is None else (shown[:, 1] == 0.3).all()
            # each direction meets the change in its own order
            backwards = both and stack % 2 == 1
            spared = slice(8, T) if backwards else slice(0, 3)
            assert np.array_equal(reading.hidden[stack, spared], plain.hidden[stack, spared])
            if quantity == "hidden" and cell != "rnn_relu":  # of which units are silent here
                reached = 2 if backwards else 8
                assert not np.allclose(reading.hidden[stack, reached], plain.hidden[stack, reached], atol=1e-9)


@pytest.mark.parametrize(("both", "output"), KINDS)
@pytest.mark.parametrize("cell", CELLS)
def test_another_symbol_and_another_state_of_the_forward_chain(cell, both, output):
    s, model, ids = network(cell, both, output)
    changed = ids.copy()
    changed[5] = (ids[5] + 1) % 4
    agree(read(model, ids, change=Change(symbols=((5, int(changed[5])),))), Changed(s.network, s.params, changed))
    zero = np.zeros((4 if both else 2, 3))
    emptied = read(model, ids, change=Change(state="zero", at=6))
    agree(emptied, Changed(s.network, s.params, ids, exchange=(6, zero, zero)))
    if both:
        assert np.array_equal(emptied.hidden[1], read(model, ids).hidden[1])  # the backward chain of the first layer
    elsewhere = model.forward([[1], [2], [0]])
    states = elsewhere.state if isinstance(elsewhere.state, tuple) else (elsewhere.state, None)
    hidden, cells = (zero if part is None else part[:, 0] for part in states)
    agree(
        read(model, ids, change=Change(state=elsewhere.state, at=6)),
        Changed(s.network, s.params, ids, exchange=(6, hidden, cells)),
    )


def test_what_has_no_next_symbol_does_not_write_and_what_is_not_there_is_refused():
    for both, output in KINDS:
        _s, model, ids = network("gru", both, output)
        with pytest.raises(ConfigError, match="to write"):
            write(model, ids, 3)
        with pytest.raises(InputError, match="layer is"):
            read(model, ids, change=Change(clamps=(Clamp("hidden", 0, 0.0, layer=4 if both else 2),)))


@pytest.mark.parametrize(("both", "output"), [(False, "every"), *KINDS])
@pytest.mark.parametrize("cell", CELLS)
def test_beside_the_plain_reading_it_is_the_same(cell, both, output):
    """What is taken over is what would have been computed: bit for bit, where states meet again and where not."""
    _s, model, _ids = network(cell, both, output)
    ids = np.random.default_rng(5).integers(0, 4, 60)
    plain = read(model, ids)
    stack = 3 if both else 1
    for change in (
        Change(clamps=(Clamp("hidden", 1, 0.3, layer=0, begin=20, end=22),)),
        Change(clamps=(Clamp("hidden", None, -0.2, layer=stack, begin=30, end=31),)),
        Change(symbols=((25, int(ids[25] + 1) % 4),)),
        Change(state="zero", at=30),
    ):
        alone, beside = read(model, ids, change=change), read(model, ids, change=change, plain=plain)
        for name in ("hidden", "cell", "log_probs"):
            if getattr(alone, name) is not None:
                assert np.array_equal(getattr(alone, name), getattr(beside, name))
        for name, values in alone.gates.items():
            assert np.array_equal(values, beside.gates[name])
        assert all(np.array_equal(a, b) for a, b in zip(alone.state, beside.state, strict=True))


@pytest.mark.parametrize(("both", "output"), [(False, "every"), *KINDS])
def test_progress_grows_to_the_whole_and_ends_the_reading(both, output, monkeypatch):
    monkeypatch.setattr("rnn_core.analysis.interventions.TOLD_EVERY", 4)
    _s, model, ids = network("gru", both, output)
    shares, told, stacks = [], [], 4 if both else 2
    plain = read(model, ids, progress=lambda share: not shares.append(share))
    assert np.allclose(shares, [(stack + step / T) / stacks for stack in range(stacks) for step in (0, 4, 8)])
    assert np.array_equal(plain.hidden, read(model, ids).hidden)
    assert read(model, ids, plain=plain, progress=lambda share: not told.append(share) and len(told) < 5) is None
    assert told == shares[:5]
