"""Forwards: from the symbol x_t and the state s_{t-1} to the state s_t, the guess and the loss of the step.

    a_t = U x_t + W s_{t-1}      s_t = f(a_t)      v_t = V s_t      p_t = softmax(v_t)      L_t = -ln p_t[target]

GRU and LSTM have such an a_t for each gate; their equations are those of rnn_core/cells (PyTorch's).
"""

import numpy as np

from ui.unroll.tape.tape import GATES, NORMALISED, PEEPHOLES, Tape, of

OVERFLOW = 300.0  # logits beyond this are shifted by the largest before the exponential


def forward(tape: Tape) -> None:
    """Write the forward pass onto the tape."""
    computation = tape.computation
    kinds = {
        "gru": _gru, "gru_reset_before": _gru_reset_before, "lstm": _lstm, "lstm_peephole": _lstm_peephole,
        "lstm_layer_norm": _lstm_layer_norm,
    }  # fmt: skip
    step = kinds.get(computation.cell, _rnn)
    losses = []
    for t in range(computation.steps):
        tape.place = ("forward", t)
        step(tape, t)
        _read_out(tape, t)
        if computation.targets[t] >= 0:
            losses.append(tape.do("surprise", "L", "surprise", f"L.{t}", f"p.{t}", f"y.{t}"))
    tape.place = ("forward", computation.steps)
    tape.do("loss", "L", "add", "L", *losses)


def _products(tape: Tape, t: int, gate: str, state: str = "") -> tuple[str, str]:
    """U x_t and W s_{t-1} of one gate. state : what it reads in place of s_{t-1}."""
    u = tape.do("pick", "U", "pick", of("ux", gate) + f".{t}", of("U", gate), f"x.{t}")
    w = tape.do("recur", "W", "product", of("ws", gate) + f".{t}", of("W", gate), state or f"s.{t - 1}")
    return u, w


def _pre_activation(tape: Tape, t: int, gate: str, state: str = "", cell: str = "") -> str:
    """a_t = U x_t + W s_{t-1} (+ b) (+ P c). state : read in place of s_{t-1}. cell : what the gate's peephole sees."""
    terms = [*_products(tape, t, gate, state)]
    if cell:
        terms.append(tape.do("peephole", "s", "each", f"pc_{gate}.{t}", f"P_{gate}", cell, rule="times"))
    if tape.computation.bias:
        terms += [of("bu", gate), of("bw", gate)]
    return tape.do("sum", "s", "add", of("a", gate) + f".{t}", *terms)


def _rnn(tape: Tape, t: int) -> None:
    a = _pre_activation(tape, t, "")
    tape.do("squash", "s", "each", f"s.{t}", a, rule=tape.computation.cell.removeprefix("rnn_"))


def _gru(tape: Tape, t: int) -> None:
    for gate in ("r", "z"):
        a = _pre_activation(tape, t, gate)
        tape.do(f"gate_{gate}", "s", "each", f"{gate}.{t}", a, rule="sigmoid")
    u, m = _products(tape, t, "n")
    if tape.computation.bias:
        u = tape.do("sum", "s", "add", f"ub_n.{t}", u, "bu_n")
        m = tape.do("sum", "s", "add", f"m.{t}", m, "bw_n")
    a = tape.do("reset", "s", "each", f"a_n.{t}", u, f"r.{t}", m, rule="candidate")
    _blend(tape, t, a)


def _gru_reset_before(tape: Tape, t: int) -> None:
    for gate in ("r", "z"):
        a = _pre_activation(tape, t, gate)
        tape.do(f"gate_{gate}", "s", "each", f"{gate}.{t}", a, rule="sigmoid")
    k = tape.do("reset_state", "s", "each", f"k.{t}", f"r.{t}", f"s.{t - 1}", rule="times")
    _blend(tape, t, _pre_activation(tape, t, "n", k))


def _blend(tape: Tape, t: int, a: str) -> None:
    """n_t = tanh(a), and the new state between it and the one before."""
    tape.do("candidate", "s", "each", f"n.{t}", a, rule="tanh")
    tape.do("blend", "s", "each", f"s.{t}", f"z.{t}", f"n.{t}", f"s.{t - 1}", rule="blend")


def _lstm(tape: Tape, t: int) -> None:
    for gate in GATES["lstm"]:
        _gate(tape, t, gate)
    _expose(tape, t, _cell(tape, t))


def _lstm_peephole(tape: Tape, t: int) -> None:
    for gate in ("i", "f", "g"):
        _gate(tape, t, gate, f"c.{t - 1}" if gate in PEEPHOLES else "")
    c = _cell(tape, t)
    _gate(tape, t, "o", c)
    _expose(tape, t, c)


def _gate(tape: Tape, t: int, gate: str, cell: str = "") -> None:
    """A gate or the candidate of an LSTM. cell : what its peephole sees."""
    _open(tape, t, gate, _pre_activation(tape, t, gate, cell=cell))


def _open(tape: Tape, t: int, gate: str, a: str) -> None:
    """The function of its sum."""
    what, rule = ("candidate", "tanh") if gate == "g" else (f"gate_{gate}", "sigmoid")
    tape.do(what, "s", "each", f"{gate}.{t}", a, rule=rule)


def _lstm_layer_norm(tape: Tape, t: int) -> None:
    gates = GATES["lstm_layer_norm"]
    for gate in gates:
        _products(tape, t, gate)
    scaled = [
        _normalised(tape, t, letter, [f"{family}_{gate}.{t}" for gate in gates], "M")
        for letter, family in NORMALISED.items()
    ]
    for gate, of_input, of_state in zip(gates, *scaled, strict=True):
        biases = [f"bu_{gate}", f"bw_{gate}"] if tape.computation.bias else []
        _open(tape, t, gate, tape.do("sum", "s", "add", f"a_{gate}.{t}", of_input, of_state, *biases))
    c = _cell(tape, t)
    (scaled_cell,) = _normalised(tape, t, "c", [c], "N")
    if tape.computation.bias:
        scaled_cell = tape.do("sum_cell", "s", "add", f"u.{t}", scaled_cell, "bc")
    _expose(tape, t, scaled_cell)


def _normalised(tape: Tape, t: int, letter: str, arrays: list[str], count: str) -> list[str]:
    """Layer normalisation of all these numbers together: G * (a - mean) / deviation, array by array."""
    do, part = tape.do, {"x": "U", "h": "W"}.get(letter, "s")
    gates = [f"_{gate}" for gate in GATES["lstm_layer_norm"]] if len(arrays) > 1 else [""]
    total = do("norm_total", part, "total", f"t{letter}.{t}", *arrays)
    mean = do("norm_mean", part, "each", f"m{letter}.{t}", total, count, rule="divide")
    centred = [
        do("norm_centred", part, "each", f"z{letter}{gate}.{t}", array, mean, rule="subtract")
        for gate, array in zip(gates, arrays, strict=True)
    ]
    squares = do("norm_squares", part, "squares", f"v{letter}.{t}", *centred)
    deviation = do("norm_deviation", part, "each", f"s{letter}.{t}", squares, count, rule="deviation")
    scaled = []
    for gate, array in zip(gates, centred, strict=True):
        normal = do("norm_divided", part, "each", f"n{letter}{gate}.{t}", array, deviation, rule="divide")
        scaled.append(do("norm_gain", part, "each", f"l{letter}{gate}.{t}", f"G{letter}{gate}", normal, rule="times"))
    return scaled


def _cell(tape: Tape, t: int) -> str:
    """c_t = f c_{t-1} + i g."""
    return tape.do("cell", "s", "each", f"c.{t}", f"f.{t}", f"c.{t - 1}", f"i.{t}", f"g.{t}", rule="cell")


def _expose(tape: Tape, t: int, c: str) -> None:
    """s_t = o tanh(c_t)."""
    q = tape.do("cell_tanh", "s", "each", f"q.{t}", c, rule="tanh")
    tape.do("expose", "s", "each", f"s.{t}", f"o.{t}", q, rule="times")


def _read_out(tape: Tape, t: int) -> None:
    """v_t = V s_t (+ b), its exponentials, their sum, the softmax."""
    bias = tape.computation.bias
    v = tape.do("read", "V", "product", f"vs.{t}" if bias else f"v.{t}", "V", f"s.{t}")
    if bias:
        v = tape.do("sum_out", "o", "add", f"v.{t}", v, "bo")
    if np.abs(tape[v]).max() > OVERFLOW:
        top = tape.put(f"top.{t}", [tape[v].max()])
        e = tape.do("exp_shifted", "o", "each", f"exp.{t}", v, top, rule="exp_shifted")
    else:
        e = tape.do("exp", "o", "each", f"exp.{t}", v, rule="exp")
    total = tape.do("exp_sum", "o", "total", f"sum.{t}", e)
    tape.do("softmax", "o", "each", f"p.{t}", e, total, rule="divide")
