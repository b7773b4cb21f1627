"""Backwards: from the last step to the first, each term apart, then what every step adds to every gradient.

    dL/dv_t = p_t - y_t
    dL/ds_t = V^T dL/dv_t + W^T (f'(a_{t+1}) * dL/ds_{t+1})
    dL/da_t = f'(a_t) * dL/ds_t
    dL/dU = sum over t of dL/da_t x_t^T      dL/dW: s_{t-1} for x_t      dL/dV = sum over t of dL/dv_t s_t^T

Under windowed truncation a state has a column for each loss at or after its step, because how far a gradient reaches
depends on the loss that it comes from; the columns beyond the window are computed, shown, and left out of the sums.
Under chunked truncation, or none, all losses share one column.
"""

from collections.abc import Callable

from rnn_core import CELLS
from ui.unroll.tape.tape import GATES, NORMALISED, PEEPHOLES, Tape, blocks, gates_of, of


def backward(tape: Tape) -> None:
    """Write the backward pass, the gradients and the gradient step onto the tape."""
    computation = tape.computation
    by_loss = computation.truncate is not None and computation.truncation == "windowed"
    kinds = {
        "gru": _Gru, "gru_reset_before": _GruResetBefore, "lstm": _Lstm, "lstm_peephole": _LstmPeephole,
        "lstm_layer_norm": _LstmLayerNorm,
    }  # fmt: skip
    backward_pass = kinds.get(computation.cell, _Rnn)(tape, by_loss)
    for t in reversed(range(computation.steps)):
        tape.place = ("backward", t)
        backward_pass.step(t)
        backward_pass.shares(t)
    tape.place = ("backward", -1)
    backward_pass.arrive("ds.-1", -1)
    _sums(tape)


class _BackwardPass:
    """The way back through one kind of cell; a step finds here what the step after it left."""

    def __init__(self, tape: Tape, by_loss: bool):
        self.tape, self.by_loss, self.computation = tape, by_loss, tape.computation
        self.gates = GATES[self.computation.cell]

    # what comes to a state

    def arrive(self, name: str, t: int) -> None:
        """dL/ds_t: from the output of step t, and from step t+1."""
        out = self._from_output(t)
        later = self._from_later(t) if self._anything_after(t) else None
        if self.by_loss:
            parts = [part for part in (out, later) if part]
            self._by_loss(name, parts or ["0"], t, "d_state")
        else:
            terms = [out or "0"] if t >= 0 else []
            self.tape.do("d_state", "s", "add", name, *terms, later or "0", left_out=self._cut(t, later, len(terms)))

    def _from_output(self, t: int) -> str | None:
        if t < 0 or self.computation.targets[t] < 0:
            return None
        e = self.tape.do("d_output", "o", "each", f"dv.{t}", f"p.{t}", f"y.{t}", rule="subtract")
        return self.tape.do("d_from_output", "V", "transposed", f"out.{t}", "V", e)

    def _from_later(self, t: int) -> str:
        raise NotImplementedError

    def step(self, t: int) -> None:
        """The gradients of everything that step t computed."""
        raise NotImplementedError

    def _products_back(self, t: int, last: str) -> str:
        """W^T dL/da_{t+1}, for each gate, and their sum."""
        cut = self._link_cut(t)
        terms = []
        for gate in self.gates:
            terms.append(self._product_back(t, gate, cut))
        if len(terms) == 1:
            return terms[0]
        return self.tape.do("d_gates_path", "W", "add", last, *terms, cut=cut)

    def _product_back(self, t: int, gate: str, cut: bool) -> str:
        """W^T dL/da_{t+1} of one gate."""
        name, weight, inner = of("wd", gate) + f".{t}", of("W", gate), self._inner(gate, t + 1)
        return self.tape.do("d_from_later", "W", "transposed", name, weight, inner, cut=cut)

    def _inner(self, gate: str, t: int) -> str:
        """The gradient of what W s_{t-1} is a part of, in all columns."""
        return self._wide(of("da", gate), t)

    # columns: one for each loss, or one for all of them

    def _wide(self, name: str, t: int) -> str:
        return f"{name}*.{t}" if self.by_loss else f"{name}.{t}"

    def _losses(self, t: int) -> list[int]:
        """The steps whose losses have a column at step t."""
        return [loss for loss in range(max(t, 0), self.computation.steps) if self.computation.targets[loss] >= 0]

    def _anything_after(self, t: int) -> bool:
        """Whether a gradient comes to step t from the step after it."""
        return t + 1 < self.computation.steps and (not self.by_loss or bool(self._losses(t + 1)))

    def _out_of_reach(self, t: int) -> list[int]:
        return [i for i, loss in enumerate(self._losses(t)) if not self.computation.kept(loss, t)]

    def _link_cut(self, t: int) -> bool:
        """Whether chunked truncation cuts between step t+1 and step t."""
        return not self.by_loss and not self.computation.kept(t + 1, t)

    def _cut(self, t: int, later: str | None, index: int) -> tuple[int, ...]:
        return (index,) if later and self._link_cut(t) else ()

    def _by_loss(self, name: str, parts: list[str], t: int, what: str, part: str = "s") -> None:
        """The columns beside one another, and the sum of those within the window."""
        wide = self.tape.do("d_columns", part, "beside", self._starred(name), *parts)
        self.tape.do(what, part, "columns", name, wide, left_out=self._out_of_reach(t))

    @staticmethod
    def _starred(name: str) -> str:
        family, step = name.rsplit(".", 1)
        return f"{family}*.{step}"

    def _each(self, what: str, name: str, t: int, *operands: str, rule: str) -> str:
        """An elementwise operation on a gradient; by loss, the sum within the window too."""
        wide = self.tape.do(what, "s", "each", self._wide(name, t), *operands, rule=rule)
        if self.by_loss:
            self.tape.do("d_within", "s", "columns", f"{name}.{t}", wide, left_out=self._out_of_reach(t))
        return wide

    # what goes into the weights

    def shares(self, t: int) -> None:
        """Contribution of step t to the gradient of every weight."""
        do = self.tape.do
        for gate in self.gates:
            outer, inner = self._summed_outer(gate), self._summed_inner(gate)
            do("share_U", "U", "outer", of("dU", gate) + f".{t}", f"{outer}.{t}", f"x.{t}")
            do("share_W", "W", "outer", of("dW", gate) + f".{t}", f"{inner}.{t}", self._read_by(gate, t))
        if self.computation.targets[t] >= 0:
            do("share_V", "V", "outer", f"dV.{t}", f"dv.{t}", f"s.{t}")

    def _summed_outer(self, gate: str) -> str:
        return of("da", gate)

    def _summed_inner(self, gate: str) -> str:
        return of("da", gate)

    def _read_by(self, gate: str, t: int) -> str:
        """Factor of W at step t."""
        return f"s.{t - 1}"


class _Rnn(_BackwardPass):
    """s_t = f(a_t)."""

    def _from_later(self, t: int) -> str:
        return self._products_back(t, "")

    def step(self, t: int) -> None:
        self.arrive(f"ds.{t}", t)
        do = self.tape.do
        function = self.computation.cell.removeprefix("rnn_")
        of_what = "s" if function in ("tanh", "sigmoid") else "a"
        slope = do("slope", "s", "each", f"df.{t}", f"{of_what}.{t}", rule=f"slope_{function}")
        self._each("d_sum", "da", t, slope, self._wide("ds", t), rule="times")


class _AnyGru(_BackwardPass):
    """s_t = (1 - z) n + z s_{t-1}; n = tanh(a_n)."""

    def _from_later(self, t: int) -> str:
        cut, do = self._link_cut(t), self.tape.do
        kept = do("d_kept", "s", "each", f"kept.{t}", f"z.{t + 1}", self._wide("ds", t + 1), rule="times", cut=cut)
        gates = self._products_back(t, f"paths.{t}")
        return do("d_both_paths", "W", "add", f"later.{t}", kept, gates, cut=cut)

    def step(self, t: int) -> None:
        self.arrive(f"ds.{t}", t)
        ds = self._wide("ds", t)
        da_n = self._each("d_candidate", "da_n", t, ds, f"z.{t}", f"n.{t}", rule="d_candidate")
        self._each("d_update", "da_z", t, ds, f"s.{t - 1}", f"n.{t}", f"z.{t}", rule="d_update")
        self._reset(t, da_n)

    def _reset(self, t: int, da_n: str) -> None:
        """The gradient of the reset gate."""
        raise NotImplementedError


class _Gru(_AnyGru):
    """a_n = u + r m."""

    def _reset(self, t: int, da_n: str) -> None:
        m = f"m.{t}" if self.computation.bias else f"ws_n.{t}"
        self._each("d_reset", "da_r", t, da_n, m, f"r.{t}", rule="d_gate")
        self._each("d_inner", "dm", t, da_n, f"r.{t}", rule="times")

    def _inner(self, gate: str, t: int) -> str:
        return self._wide("dm" if gate == "n" else of("da", gate), t)

    def _summed_inner(self, gate: str) -> str:
        return "dm" if gate == "n" else of("da", gate)


class _GruResetBefore(_AnyGru):
    """a_n = u + W_n k; k = r s_{t-1}."""

    def _reset(self, t: int, da_n: str) -> None:
        dk = self.tape.do("d_reset_state", "W", "transposed", self._wide("dk", t), "W_n", da_n)
        self._each("d_reset", "da_r", t, dk, f"s.{t - 1}", f"r.{t}", rule="d_gate")

    def _product_back(self, t: int, gate: str, cut: bool) -> str:
        if gate != "n":
            return super()._product_back(t, gate, cut)
        dk = self._wide("dk", t + 1)
        return self.tape.do("d_through_reset", "W", "each", f"wd_n.{t}", dk, f"r.{t + 1}", rule="times", cut=cut)

    def _read_by(self, gate: str, t: int) -> str:
        return f"k.{t}" if gate == "n" else super()._read_by(gate, t)


class _Lstm(_BackwardPass):
    """c_t = f c_{t-1} + i g; s_t = o tanh(c_t)."""

    def _from_later(self, t: int) -> str:
        return self._products_back(t, f"paths.{t}")

    def _cell_path(self, t: int) -> str:
        """Gradient that comes to c_t from c_{t+1}, along the cell."""
        return self.tape.do(
            "d_cell_path", "s", "each", f"path.{t}", f"f.{t + 1}", self._wide("dc", t + 1), rule="times",
            cut=self._link_cut(t),
        )  # fmt: skip

    def arrive(self, name: str, t: int) -> None:
        super().arrive(name, t)
        path = self._cell_path(t) if self._anything_after(t) else None
        if t < 0:
            if self.by_loss:
                self._by_loss("dc.-1", [path or "0"], t, "d_cell")
            else:
                self.tape.do("d_cell", "s", "add", "dc.-1", path or "0", left_out=self._cut(t, path, 0))
            return
        through = self._through(t)
        if self.by_loss:
            parts = (["0"] if self.computation.targets[t] >= 0 else []) + ([path] if path else [])
            wide = self.tape.do("d_columns", "s", "beside", f"paths_c.{t}", *(parts or ["0"]))
            self.tape.do("d_cell", "s", "add", f"dc*.{t}", wide, *through)
            self.tape.do("d_within", "s", "columns", f"dc.{t}", f"dc*.{t}", left_out=self._out_of_reach(t))
        else:
            self.tape.do("d_cell", "s", "add", f"dc.{t}", path or "0", *through, left_out=self._cut(t, path, 0))

    def _through(self, t: int) -> list[str]:
        """Gradients that come to c_t from what step t made of it."""
        ds = self._wide("ds", t)
        return [self.tape.do("d_through_state", "s", "each", f"thru.{t}", ds, f"o.{t}", f"q.{t}", rule="through_state")]

    def _output_gate(self, t: int) -> str:
        return self._each("d_gate_o", "da_o", t, self._wide("ds", t), f"q.{t}", f"o.{t}", rule="d_gate")

    def step(self, t: int) -> None:
        self.arrive(f"ds.{t}", t)
        self._other_gates(t)
        self._output_gate(t)

    def _other_gates(self, t: int) -> None:
        dc = self._wide("dc", t)
        self._each("d_gate_i", "da_i", t, dc, f"g.{t}", f"i.{t}", rule="d_gate")
        self._each("d_gate_f", "da_f", t, dc, f"c.{t - 1}", f"f.{t}", rule="d_gate")
        self._each("d_gate_g", "da_g", t, dc, f"i.{t}", f"g.{t}", rule="d_candidate_cell")


class _LstmPeephole(_Lstm):
    """The same with P_i c_{t-1}, P_f c_{t-1} and P_o c_t in the sums of the gates."""

    def _cell_path(self, t: int) -> str:
        path, cut = super()._cell_path(t), self._link_cut(t)
        terms = [
            self.tape.do(
                "d_peephole_later", "s", "each", f"pd_{gate}.{t}", f"P_{gate}", self._wide(f"da_{gate}", t + 1),
                rule="times", cut=cut,
            )
            for gate in ("i", "f")
        ]  # fmt: skip
        return self.tape.do("d_cell_paths", "s", "add", f"carried.{t}", path, *terms, cut=cut)

    def _through(self, t: int) -> list[str]:
        da_o = self._output_gate(t)
        peephole = self.tape.do("d_peephole", "s", "each", f"po.{t}", "P_o", da_o, rule="times")
        return [*super()._through(t), peephole]

    def step(self, t: int) -> None:
        self.arrive(f"ds.{t}", t)
        self._other_gates(t)

    def shares(self, t: int) -> None:
        super().shares(t)
        for gate in PEEPHOLES:
            seen = f"c.{t}" if gate == "o" else f"c.{t - 1}"
            self.tape.do("share_P", "s", "each", f"dP_{gate}.{t}", f"da_{gate}.{t}", seen, rule="times")


class _LstmLayerNorm(_Lstm):
    """a = LN(U x_t) + LN(W s_{t-1}) + b; s_t = o tanh(LN(c_t) + b_c)."""

    def _through(self, t: int) -> list[str]:
        ds = self._wide("ds", t)
        du = self._each("d_through_tanh", "du", t, ds, f"o.{t}", f"q.{t}", rule="through_state")
        return [self._back(t, "c", "", {"": du}, "N", lambda _gate, *operands: self._to_cell(t, *operands))[""]]

    def _to_cell(self, t: int, *operands: str) -> str:
        return self.tape.do("d_norm", "s", "each", f"thru.{t}", *operands, rule="d_normal")

    def step(self, t: int) -> None:
        super().step(t)
        sums = {gate: self._wide(f"da_{gate}", t) for gate in self.gates}
        for letter, family in NORMALISED.items():
            self._back(
                t, letter, "_", sums, "M",
                lambda gate, *operands, name=family: self._each(
                    "d_norm", f"d{name}_{gate}", t, *operands, rule="d_normal"
                ),
            )  # fmt: skip

    def _back(
        self, t: int, letter: str, mark: str, given: dict[str, str], count: str, last: Callable[..., str]
    ) -> dict[str, str]:
        """Back through a normalisation, from the gradients of what it left. last : what is done in the end."""
        do = self.tape.do
        scaled = {
            gate: do(
                "d_norm_gain", "s", "each", f"e{letter}{mark}{gate}.{t}", f"G{letter}{mark}{gate}", d, rule="times"
            )
            for gate, d in given.items()
        }
        normal = {gate: f"n{letter}{mark}{gate}.{t}" for gate in given}
        total = do("d_norm_total", "s", "total", f"et{letter}.{t}", *scaled.values())
        pairs = [name for gate in given for name in (scaled[gate], normal[gate])]
        inner = do("d_norm_inner", "s", "inner", f"ei{letter}.{t}", *pairs)
        by = f"s{letter}.{t}"
        return {gate: last(gate, scaled[gate], total, normal[gate], inner, count, by) for gate in given}

    def _inner(self, gate: str, t: int) -> str:
        return self._wide(f"dws_{gate}", t)

    def _summed_outer(self, gate: str) -> str:
        return f"dux_{gate}"

    def _summed_inner(self, gate: str) -> str:
        return f"dws_{gate}"

    def shares(self, t: int) -> None:
        super().shares(t)
        do = self.tape.do
        for letter in NORMALISED:
            for gate in self.gates:
                d, normal = f"da_{gate}.{t}", f"n{letter}_{gate}.{t}"
                do("share_G", "s", "each", f"dG{letter}_{gate}.{t}", d, normal, rule="times")
        do("share_G", "s", "each", f"dGc.{t}", f"du.{t}", f"nc.{t}", rule="times")


def _sums(tape: Tape) -> None:
    """dL/dU, dL/dW, dL/dV and the biases' gradients as sums over the steps; then one step downhill."""
    computation, do = tape.computation, tape.do
    tape.place = ("backward", -2)
    steps = range(computation.steps)
    read = [t for t in steps if computation.targets[t] >= 0]
    gates = GATES[computation.cell]
    sums = []
    for gate in gates:
        sums += [
            (of(letter, gate), letter, [f"d{of(letter, gate)}.{t}" for t in steps]) for letter in ("U", "W")
        ]  # fmt: skip
    sums.append(("V", "V", [f"dV.{t}" for t in read]))
    for own, _blocks in CELLS[computation.cell].own_parameters(bias=False):
        letter, rows = blocks(f"{own}_l0")
        names = [of(letter, gate) for gate in gates_of(computation.cell, rows)]
        sums += [(name, "s", [f"d{name}.{t}" for t in steps]) for name in names]
    if computation.bias:
        for gate in gates:
            inner = "dm" if computation.cell == "gru" and gate == "n" else of("da", gate)
            sums.append((of("bu", gate), "U", [f"{of('da', gate)}.{t}" for t in steps]))
            sums.append((of("bw", gate), "W", [f"{inner}.{t}" for t in steps]))
        if CELLS[computation.cell].normalised:
            sums.append(("bc", "s", [f"du.{t}" for t in steps]))
        sums.append(("bo", "V", [f"dv.{t}" for t in read]))
    for name, part, shares in sums:
        do("gradient", part, "add", f"d{name}", *shares)
    tape.place = ("backward", -3)
    for name, part, _shares in sums:
        do("descend", part, "each", f"new{name}", name, "rate", f"d{name}", rule="descend")
