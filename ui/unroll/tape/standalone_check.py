"""Compute every number of the page “Unroll” once more, with NumPy alone, and compare.

This file is complete: run it with Python 3.11 or newer and NumPy. It shares no code with the page that wrote it. The
page computes operation by operation, with one running gradient; this script takes every loss apart and follows it back
on its own (itemised gradients), then adds up what truncation keeps. Central differences check the gradients once more,
also the truncated ones: there a weight is moved only at the steps that the loss is allowed to see.

Conventions: GRU r z n, reset after the product, z = 1 keeps; LSTM i f g o. The loss is the sum over the predicted
steps.
"""

import json
import sys
from collections.abc import Callable, Mapping
from typing import TypedDict

import numpy as np
from numpy.typing import ArrayLike

Arrays = dict[str, np.ndarray]
Pick = Callable[[Arrays], np.ndarray]


class Page(TypedDict):
    """The page's network, its sentence and its numbers."""

    cell: str
    weights: dict[str, ArrayLike]
    ids: list[int]
    targets: list[int]
    truncate: int | None
    truncation: str
    rate: float
    symbols: list[str]
    numbers: dict[str, ArrayLike]


PAGE: Page = json.loads("null")
PLAIN = "rnn_tanh", "rnn_relu", "rnn_sigmoid", "rnn_identity"
GRUS = "gru", "gru_reset_before"
LSTMS = "lstm", "lstm_peephole", "lstm_layer_norm"
GATES = {cell: [""] for cell in PLAIN} | {cell: [*"rzn"] for cell in GRUS} | {cell: [*"ifgo"] for cell in LSTMS}
PEEPHOLES = "i", "f", "o"
GAINS = {"x": "gain_ih_l0", "h": "gain_hh_l0", "c": "gain_ch_l0"}  # of layer normalisation
TOLERANCE = 1e-6


def sigmoid(a: np.ndarray) -> np.ndarray:
    return 0.5 * (1.0 + np.tanh(0.5 * a))


def slope(cell: str, here: Arrays) -> np.ndarray:
    """f'(a) of a plain network."""
    s = here["s"]
    if cell == "rnn_relu":
        return (here["a"][0] > 0).astype(float)
    return {"rnn_tanh": 1 - s**2, "rnn_sigmoid": s * (1 - s)}.get(cell, np.ones_like(s))


def normalise(letter: str, a: np.ndarray, w: Arrays) -> Arrays:
    """Layer normalisation of all numbers of `a` together; what it computes on the way, under its names on the page."""
    z = a - a.mean()
    n = z / np.sqrt(a.var() + 1e-5)
    parts = {"t": a.sum(), "m": a.mean(), "z": z, "v": (z**2).sum(), "s": np.sqrt(a.var() + 1e-5), "n": n}
    parts["l"] = w[GAINS[letter]].reshape(a.shape) * n
    return {name + letter: np.asarray(value) for name, value in parts.items()}


def normalise_back(letter: str, d: np.ndarray, here: Arrays, w: Arrays, out: Arrays) -> np.ndarray:
    """The gradient of what was normalised, by the matrix of the derivatives; what is computed on the way goes out."""
    n = here["n" + letter].ravel()
    e = w[GAINS[letter]] * d.ravel()
    out |= {f"e{letter}": e.reshape(d.shape), f"et{letter}": e.sum(keepdims=True), f"ei{letter}": (e @ n).reshape(1)}
    matrix = (np.eye(n.size) - (1 + np.outer(n, n)) / n.size) / here["s" + letter]
    return (matrix @ e).reshape(d.shape)


def weights_of(page: Page) -> Arrays:
    """Name -> array, in PyTorch's names and shapes."""
    return {name: np.array(value, dtype=np.float64) for name, value in page["weights"].items()}


def cell_step(cell: str, w: Arrays, symbol: int, s: np.ndarray, c: np.ndarray) -> Arrays:
    """Arrays of one step, as a dictionary; w: name -> array, symbol: an id."""
    H = s.size
    ux = w["weight_ih_l0"][:, symbol].reshape(-1, H)
    ws = (w["weight_hh_l0"] @ s).reshape(-1, H)
    bu, bw = (w.get(name, np.zeros(ux.size)).reshape(-1, H) for name in ("bias_ih_l0", "bias_hh_l0"))
    here = {"ux": ux, "ws": ws, "a": ux + ws + bu + bw, "m": ws[-1] + bw[-1], "ub": ux[-1] + bu[-1]}
    a = here["a"]
    if cell in PLAIN:
        here["s"] = np.tanh(a[0]) if cell == "rnn_tanh" else sigmoid(a[0]) if cell == "rnn_sigmoid" else a[0].copy()
        if cell == "rnn_relu":
            here["s"][a[0] <= 0] = 0.0
    elif cell in GRUS:
        r, z = sigmoid(a[0]), sigmoid(a[1])
        if cell == "gru":
            a[2] = here["a_n"] = here["ub"] + r * here["m"]
        else:
            here["k"] = r * s
            ws[2] = w["weight_hh_l0"][2 * H :] @ here["k"]
            a[2] = here["ub"] + ws[2] + bw[2]
        n = np.tanh(a[2])
        here |= {"r": r, "z": z, "n": n, "s": n + z * (s - n)}
    else:
        P = w.get("weight_ch_l0", np.zeros(3 * H)).reshape(3, H)
        if cell == "lstm_layer_norm":
            here |= normalise("x", ux, w) | normalise("h", ws, w)
            a = here["a"] = here["lx"] + here["lh"] + bu + bw
        a[:2] += P[:2] * c
        i, f, g = sigmoid(a[0]), sigmoid(a[1]), np.tanh(a[2])
        u = here["c"] = f * c + i * g
        a[3] += P[2] * here["c"]
        if cell == "lstm_layer_norm":
            here |= normalise("c", here["c"], w)
            u = here["u"] = here["lc"] + w.get("bias_ch_l0", np.zeros(H))
        o, q = sigmoid(a[3]), np.tanh(u)
        here |= {"i": i, "f": f, "g": g, "o": o, "q": q, "s": o * q, "pc": P * np.stack([c, c, here["c"]])}
    here["vs"] = w["weight_ho"] @ here["s"]
    here["v"] = here["vs"] + w.get("bias_o", 0.0)
    e = np.exp(here["v"] - here["v"].max())
    here["p"] = e / e.sum()
    return here


def read(page: Page, weights: Callable[[int], Arrays], last: int | None = None) -> list[Arrays]:
    """One dictionary for each step; `weights` is a function: step -> name -> array."""
    H = np.array(page["weights"]["weight_hh_l0"]).shape[1]
    s, c = np.zeros(H), np.zeros(H)
    steps: list[Arrays] = []
    for t, symbol in enumerate(page["ids"] if last is None else page["ids"][: last + 1]):
        here = cell_step(page["cell"], weights(t), symbol, s, c)
        here |= {"s_before": s, "c_before": c}
        target = page["targets"][t]
        here["L"] = -np.log(here["p"][target]) if target >= 0 else np.zeros(())
        s, c = here["s"], here.get("c", c)
        steps.append(here)
    return steps


def reaches(page: Page, loss: int, step: int) -> bool:
    """Whether the gradient of the loss at one step is followed to the state at another, at or before it."""
    length = page["truncate"]
    if length is None:
        return True
    windowed = page["truncation"] == "windowed"
    return loss <= step + length if windowed else loss // length == max(step, 0) // length


def follow(page: Page, w: Arrays, steps: list[Arrays], loss: int) -> dict[int, Arrays]:
    """The loss of one step followed back to the start, whatever the truncation: (step -> dictionary, step -1 too)."""
    cell, H = page["cell"], steps[0]["s"].size
    V, W = w["weight_ho"], w["weight_hh_l0"].reshape(-1, H, H)
    P = w.get("weight_ch_l0", np.zeros(3 * H)).reshape(3, H)
    onehot = np.eye(len(V))[page["targets"][loss]]
    found = {loss: {"ds": V.T @ (steps[loss]["p"] - onehot), "carried": np.zeros(H)}}
    for t in range(loss, -1, -1):
        here, d = steps[t], found[t]
        ds, kept = d["ds"], np.zeros(H)
        if cell in PLAIN:
            d["da"] = d["inner"] = (ds * slope(cell, here))[None]
        elif cell in GRUS:
            r, z, n = here["r"], here["z"], here["n"]
            d_n, d_z = ds * (1 - z) * (1 - n**2), ds * (here["s_before"] - n) * z * (1 - z)
            kept, d["dk"] = ds * z, W[2].T @ d_n
            d_rm = d_n * here["m"] if cell == "gru" else d["dk"] * here["s_before"]
            d["da"] = np.stack([d_rm * r * (1 - r), d_z, d_n])
            d["inner"] = d["da"] * np.stack([np.ones(H), np.ones(H), r if cell == "gru" else np.ones(H)])
        else:
            i, f, g, o, q = (here[name] for name in "ifgoq")
            d["thru"], d["po"] = ds * o * (1 - q**2), P[2] * ds * q * o * (1 - o)
            if cell == "lstm_layer_norm":
                d["du"] = d["thru"]
                d["thru"] = normalise_back("c", d["du"], here, w, d)
            d["dc"] = dc = d["carried"] + d["thru"] + d["po"]
            d["da"] = d["inner"] = np.stack([
                dc * g * i * (1 - i), dc * here["c_before"] * f * (1 - f), dc * i * (1 - g**2), ds * q * o * (1 - o)
            ])  # fmt: skip
            if cell == "lstm_layer_norm":
                d["outer"], d["inner"] = (normalise_back(letter, d["da"], here, w, d) for letter in "xh")
        back = np.einsum("gij,gi->gj", W, d["inner"])
        if cell == "gru_reset_before":
            back[2] = here["r"] * d["dk"]
        found[t - 1] = {"wd": back, "kept": kept, "paths": back.sum(axis=0), "ds": back.sum(axis=0) + kept}
        if cell in LSTMS:
            path, pd = d["dc"] * here["f"], P[:2] * d["da"][:2]
            found[t - 1] |= {"path": path, "pd": pd, "carried": path + pd.sum(axis=0)}
    if cell in LSTMS:
        found[-1]["dc"] = found[-1]["carried"]
    return found


def numbers(page: Page) -> Arrays:
    """Every number under its name on the page: `s.2` is the state at step 2, `dW.2` that step's share of dL/dW."""
    w, cell = weights_of(page), page["cell"]
    steps, T = read(page, lambda t: w), len(page["ids"])
    losses = [t for t in range(T) if page["targets"][t] >= 0]
    followed = {loss: follow(page, w, steps, loss) for loss in losses}
    out: Arrays = {}
    _forward_numbers(page, steps, out)
    for t in range(-1, T):
        _backward_numbers(page, w, steps, followed, t, out)
    _gradients(page, w, steps, followed, out)
    w_after = {name: value - page["rate"] * out[f"gradient {name}"] for name, value in w.items()}
    for name in w:
        blocks, gradient = _blocks(cell, name), out.pop(f"gradient {name}")
        for block, g, n in zip(blocks, *(np.split(v, len(blocks)) for v in (gradient, w_after[name])), strict=True):
            out[f"d{block}"], out[f"new{block}"] = g, n
    out["L after"] = np.sum([here["L"] for here in read(page, lambda t: w_after)])
    return out


def _blocks(cell: str, name: str) -> list[str]:
    """The blocks of a parameter, one for each gate, from the first row on."""
    if name == "weight_ch_l0":
        return [f"P_{gate}" for gate in PEEPHOLES]
    whole = {"gain_ch_l0": "Gc", "bias_ch_l0": "bc", "weight_ho": "V", "bias_o": "bo"}
    letters = {"weight_ih_l0": "U", "weight_hh_l0": "W", "bias_ih_l0": "bu", "bias_hh_l0": "bw"}
    letters |= {"gain_ih_l0": "Gx", "gain_hh_l0": "Gh"}
    return [whole[name]] if name in whole else [letters[name] + (gate and f"_{gate}") for gate in GATES[cell]]


def _forward_numbers(page: Page, steps: list[Arrays], out: Arrays) -> None:
    gates = GATES[page["cell"]]
    for t, here in enumerate(steps):
        for g, gate in enumerate(gates):
            mark = f"_{gate}" if gate else ""
            out |= {f"ux{mark}.{t}": here["ux"][g], f"ws{mark}.{t}": here["ws"][g], f"a{mark}.{t}": here["a"][g]}
        if page["cell"] == "gru":
            out |= {f"a_n.{t}": here["a_n"], f"m.{t}": here["m"], f"ub_n.{t}": here["ub"]}
        if page["cell"] == "lstm_peephole":
            out |= {f"pc_{gate}.{t}": here["pc"][g] for g, gate in enumerate(PEEPHOLES)}
        if page["cell"] == "lstm_layer_norm":
            out |= {f"{part}{x}.{t}": here[part + x] for part in "tmvsznl" for x in GAINS}
            out |= {f"{part}_{gate}.{t}": here[part][g]
                    for part in ("zx", "nx", "lx", "zh", "nh", "lh") for g, gate in enumerate(gates)}  # fmt: skip
        for name in ("r", "z", "n", "k", "i", "f", "g", "o", "c", "u", "q", "s", "v", "vs", "p", "L"):
            if name in here:
                out[f"{name}.{t}"] = here[name]
        shift = np.exp(here["v"].max()) if f"top.{t}" not in page["numbers"] else 1.0
        e = np.exp(here["v"] - here["v"].max()) * shift
        out |= {f"exp.{t}": e, f"sum.{t}": e.sum(), f"top.{t}": here["v"].max()}
    out["L"] = np.sum([here["L"] for here in steps])


def _backward_numbers(
    page: Page, w: Arrays, steps: list[Arrays], followed: Mapping[int, dict[int, Arrays]], t: int, out: Arrays
) -> None:
    """Gradient that arrives at step t, loss by loss where the page shows it so."""
    cell, gates = page["cell"], GATES[page["cell"]]
    by_loss = page["truncate"] is not None and page["truncation"] == "windowed"

    def size(name: str) -> int:
        return 1 if name[:2] in ("et", "ei") else steps[0]["s"].size

    def both(name: str, pick: Pick, first: int, reach: int) -> np.ndarray | None:
        """Columns of the losses from step `first`; the sum of those that reach step `reach` is put out."""
        columns = [pick(found[t]) for loss, found in followed.items() if loss >= first]
        kept = [pick(found[t]) for loss, found in followed.items() if loss >= first and reaches(page, loss, reach)]
        out[f"{name}.{t}"] = np.sum(kept, axis=0) if kept else np.zeros(size(name))
        return np.stack(columns, axis=1) if columns else None

    if t >= 0 and t in followed:
        onehot = np.eye(len(w["weight_ho"]))[page["targets"][t]]
        out |= {f"dv.{t}": steps[t]["p"] - onehot, f"out.{t}": w["weight_ho"].T @ (steps[t]["p"] - onehot)}
    if t + 1 < len(steps):  # what comes from step t+1 has come as far as that step
        terms = {(f"wd_{gate}" if gate else "wd"): _row("wd", g) for g, gate in enumerate(gates)}
        terms["paths"] = _entry("paths")
        if cell in GRUS:
            terms |= {"kept": _entry("kept"), "later": _entry("ds")}
        if cell in LSTMS:
            terms["path"] = _entry("path")
        if cell == "lstm_peephole":
            terms |= {"carried": _entry("carried"), "pd_i": _row("pd", 0), "pd_f": _row("pd", 1)}
        for name, pick in terms.items():
            wide = both(name, pick, t + 1, t + 1)
            if by_loss and wide is not None:
                out[f"{name}.{t}"] = wide
    first = max(t, 0)
    states: dict[str, Pick] = {"ds": _entry("ds")} | ({"dc": _entry("dc")} if cell in LSTMS else {})
    if t >= 0:
        states |= {(f"da_{gate}" if gate else "da"): _row("da", g) for g, gate in enumerate(gates)}
        states |= {"dm": _row("inner", -1)} if cell == "gru" else {}
        states |= {"dk": _entry("dk")} if cell == "gru_reset_before" else {}
        states |= {"thru": _entry("thru"), "paths_c": _entry("carried")} if cell in LSTMS else {}
        states |= {"po": _entry("po")} if cell == "lstm_peephole" else {}
        if cell == "lstm_layer_norm":
            states |= {name: _entry(name) for name in ("du", "ec", *(part + x for part in ("et", "ei") for x in GAINS))}
            for g, gate in enumerate(gates):
                states |= {f"dux_{gate}": _row("outer", g), f"dws_{gate}": _row("inner", g)}
                states |= {f"e{x}_{gate}": _row(f"e{x}", g) for x in "xh"}
        out[f"df.{t}"] = slope(cell, steps[t])
    for name, pick in states.items():
        wide = both(name, pick, first, t)
        if by_loss:
            wide = np.zeros((size(name), 1)) if wide is None else wide
            out[f"{name}.{t}" if name[0] != "d" else f"{name}*.{t}"] = wide


def _entry(name: str) -> Pick:
    return lambda d: d[name]


def _row(name: str, row: int) -> Pick:
    return lambda d: d[name][row]


def _gradients(
    page: Page, w: Arrays, steps: list[Arrays], followed: Mapping[int, dict[int, Arrays]], out: Arrays
) -> None:
    """The share of every step and the sum of the shares."""
    total = {name: np.zeros_like(value) for name, value in w.items()}
    for t, here in enumerate(steps):
        found = [d[t] for loss, d in followed.items() if loss >= t and reaches(page, loss, t)]
        normalised = page["cell"] == "lstm_layer_norm"
        keys = ["da", "inner", *(["outer", "du"] if normalised else ["da", "da"])]
        da, inner, outer, du = (np.sum([d[key] for d in found], axis=0) if found else np.zeros_like(here["ux"])
                                for key in keys)  # fmt: skip
        x, y = np.eye(w["weight_ih_l0"].shape[1])[page["ids"][t]], np.eye(len(w["weight_ho"]))[page["targets"][t]]
        dv = here["p"] - y if page["targets"][t] >= 0 else np.zeros_like(here["p"])
        share = {"weight_ih_l0": np.outer(outer.ravel(), x), "weight_hh_l0": np.outer(inner.ravel(), here["s_before"])}
        if page["cell"] == "gru_reset_before":
            share["weight_hh_l0"][-here["s"].size :] = np.outer(da[-1], here["k"])
        share |= {"weight_ho": np.outer(dv, here["s"])}
        if page["cell"] == "lstm_peephole":
            share["weight_ch_l0"] = (da[[0, 1, 3]] * np.stack([here["c_before"], here["c_before"], here["c"]])).ravel()
        if normalised:
            du = du if found else np.zeros_like(here["s"])
            share |= {"gain_ih_l0": (da * here["nx"]).ravel(), "gain_hh_l0": (da * here["nh"]).ravel()}
            share["gain_ch_l0"] = du * here["nc"]
        for name, value in share.items():
            blocks = _blocks(page["cell"], name)
            for block, part in zip(blocks, np.split(value, len(blocks)), strict=True):
                out[f"d{block}.{t}"] = part
        share |= {"bias_ih_l0": da.ravel(), "bias_hh_l0": (da if normalised else inner).ravel(), "bias_o": dv}
        share["bias_ch_l0"] = du
        for name in total:
            total[name] += share[name]
    out |= {f"gradient {name}": value for name, value in total.items()}


def differences(page: Page, entries: int = 200, step: float = 1e-5, seed: int = 0) -> dict[str, float]:
    """Parameter -> largest |gradient - central difference| over at most so many entries, drawn at random."""
    w, rng, T = weights_of(page), np.random.default_rng(seed), len(page["ids"])
    losses = [t for t in range(T) if page["targets"][t] >= 0]
    sees = {loss: min(t for t in range(loss + 1) if reaches(page, loss, t)) for loss in losses}
    largest: dict[str, float] = {}
    for name, value in w.items():
        chosen = rng.permutation(value.size)[:entries]
        blocks = _blocks(page["cell"], name)
        gradient = np.concatenate([np.array(page["numbers"]["d" + block]).ravel() for block in blocks])
        for index in chosen:
            slope = 0.0
            for sign in (1, -1):
                moved = w | {name: value.copy()}
                moved[name].flat[index] += sign * step
                for start in set(sees.values()):  # the losses that see the steps from `start` on
                    mine = [loss for loss in losses if sees[loss] == start]
                    steps = read(page, _from_step(start, w, moved), last=max(mine))
                    slope += sign * float(sum(steps[loss]["L"] for loss in mine)) / (2 * step)
            largest[name] = max(largest.get(name, 0.0), abs(slope - gradient[index]))
    return largest


def _from_step(start: int, before: Arrays, after: Arrays) -> Callable[[int], Arrays]:
    """The weights of each step: from `start` on `after`."""
    return lambda t: after if t >= start else before


def deviations(page: Page) -> dict[str, tuple[int, float]]:
    """Name -> (how many numbers, largest deviation from the page's) for every array of the page."""
    mine = numbers(page)
    found: dict[str, tuple[int, float]] = {}
    for name, value in page["numbers"].items():
        theirs, ours = np.ravel(value), np.ravel(mine[name])
        found[name] = (theirs.size, float(np.abs(theirs - ours).max()) if theirs.shape == ours.shape else np.inf)
    return found


def main() -> None:
    """Print the comparison; the exit status says whether all is within the tolerance."""
    families: dict[str, tuple[int, float]] = {}
    for name, (count, deviation) in deviations(PAGE).items():
        family = name.split(".")[0]
        known = families.get(family, (0, 0.0))
        families[family] = (known[0] + count, max(known[1], deviation))
    print("sentence:", " ".join(map(ascii, PAGE["symbols"])))
    print(f"{'quantity':<12}{'numbers':>9}{'largest deviation':>20}")
    for family, (count, deviation) in families.items():
        print(f"{family:<12}{count:>9}{deviation:>20.1e}")
    for name, deviation in differences(PAGE).items():
        print(f"dL/d {name:<14} against central differences: {deviation:.1e}")
    worst = max(deviation for _count, deviation in families.values())
    print(f"{sum(count for count, _ in families.values())} numbers, largest deviation {worst:.1e}")
    sys.exit(not worst <= TOLERANCE)


if __name__ == "__main__":
    main()
