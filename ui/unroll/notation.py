"""Names of the tape's arrays in a formula, in the article's letters or in PyTorch's names.

The browser sets `_x` and `_{...}` as an index and `^x` as an exponent.
"""

from ui.equations import letters_of

VECTORS_OF_SYMBOLS = {"x", "y", "vs", "v", "exp", "p", "dv", "bo"}
SCALARS = {"sum", "top", "L", "rate", "N", "M"} | {
    family + part for family in ("t", "m", "v", "s", "et", "ei") for part in "xhc"
}
GIVEN = {"U", "W", "V", "P", "Gx", "Gh", "Gc", "bu", "bw", "bc", "bo"}


def parts(name: str) -> tuple[str, str, int | None]:
    """The family, the gate and the step that a name is made of.

    >>> parts("da_f*.3"), parts("U_f"), parts("s.-1"), parts("ds*.2")
    (('da*', 'f', 3), ('U', 'f', None), ('s', '', -1), ('ds*', '', 2))
    """
    stem, _dot, step = name.partition(".")
    stem, star = stem.rstrip("*"), "*" if "*" in stem else ""
    family, _line, gate = stem.partition("_") if stem != "paths_c" else (stem, "", "")
    return family + star, gate, int(step) if step else None


def label(name: str, cell: str, notation: str) -> str:
    """The array's name in a formula.

    >>> label("s.-1", "lstm", "article"), label("U_f", "lstm", "pytorch"), label("wd.2", "rnn_tanh", "article")
    ('s_{−1}', 'U_f', 'W^T ∂L/∂a_3')
    """
    family, gate, step = parts(name)
    letter = letters_of(cell, notation)
    t, after = _index(step), _index(None if step is None else step + 1)
    before = _index(None if step is None else step - 1)
    u, w = (f"U_{gate}", f"W_{gate}") if gate else (letter["U"], letter["W"])
    block = {
        "U": u,
        "W": w,
        "V": letter["V"],
        "P": f"P_{gate}",
        "Gx": f"G^x_{gate}",
        "Gh": f"G^h_{gate}",
        "Gc": "G^c",
        "bc": "b_c",
        "bu": f"b_{{i{gate or 'h'}}}",
        "bw": f"b_{{h{gate or 'h'}}}",
        "bo": "b_o",
    }
    s, v = letter["s"], "logits" if notation == "pytorch" else "v"
    reset_before = cell == "gru_reset_before" and gate == "n"
    read = f"k_{t}" if reset_before else f"{letter['s']}_{before}"
    here, inner = _sum(gate, t), f"m_{after}" if cell == "gru" and gate == "n" else _sum(gate, after)
    shown, through = f"c_{t}", f"∂L/∂{s}_{t} ⊙ o_{t} ⊙ (1 − tanh²c_{t})"
    if cell == "lstm_layer_norm":
        inner, shown, through = f"({w} {s}_{t})", f"LN(c_{t})", f"LN′(c_{t})^T ∂L/∂LN(c_{t})"
    loss = "_τ" if family.endswith("*") else ""
    names = {
        **block, **_normalisation(letter, gate, t, before, loss),
        "0": "0", "rate": "η", "k": f"r_{t} ⊙ {s}_{before}",
        "x": f"x_{t}", "y": f"y_{t}", "s": f"{s}_{t}", "c": f"c_{t}", "q": f"tanh({shown})",
        "ux": f"{u} x_{t}", "ws": f"{w} {read}", "a": here, "m": f"m_{t}",
        "ub": f"({u} x_{t} + {block['bu']})", "vs": f"{letter['V']} {s}_{t}", "v": f"{v}_{t}",
        "exp": f"exp({v}_{t})", "top": f"max {v}_{t}", "sum": f"Σ exp({v}_{t})", "p": f"{letter['p']}_{t}",
        "L": "L" if step is None else f"L_{t}", "dv": f"∂L/∂{v}_{t}", "out": f"{letter['V']}^T ∂L/∂{v}_{t}",
        "wd": f"r_{after} ⊙ {w}^T ∂L/∂{inner}" if reset_before else f"{w}^T ∂L/∂{inner}",
        "dk": f"W_n^T ∂L{loss}/∂{_sum('n', t)}", "paths": f"Σ {letter['W']}^T ∂L/∂a_{after}",
        "kept": f"z_{after} ⊙ ∂L/∂{s}_{after}",
        "later": f"z_{after} ⊙ ∂L/∂{s}_{after} + Σ {letter['W']}^T ∂L/∂a_{after}",
        "pc": f"P_{gate} ⊙ c_{t if gate == 'o' else before}", "po": f"P_o ⊙ ∂L/∂{_sum('o', t)}",
        "pd": f"P_{gate} ⊙ ∂L/∂{_sum(gate, after)}",
        "carried": f"f_{after} ⊙ ∂L/∂c_{after} + P_i ⊙ ∂L/∂{_sum('i', after)} + P_f ⊙ ∂L/∂{_sum('f', after)}",
        "path": f"f_{after} ⊙ ∂L/∂c_{after}", "paths_c": f"f_{after} ⊙ ∂L_τ/∂c_{after}",
        "thru": through, "df": f"f′(a_{t})",
        "ds": f"∂L{loss}/∂{s}_{t}", "dc": f"∂L{loss}/∂c_{t}", "dm": f"∂L{loss}/∂m_{t}", "da": f"∂L{loss}/∂{here}",
    }  # fmt: skip
    stem = family.rstrip("*")
    if stem in names:
        return names[stem]
    if stem in ("r", "z", "n", "i", "f", "g", "o"):
        return f"{stem}_{t}"
    if stem.startswith("new"):
        return f"{block[stem[3:]]}′"
    return f"∂L/∂{block[stem[1:]]}" + ("" if step is None else f" [{_plain(t)}]")  # a gradient, or a step's share


def _normalisation(letter: dict[str, str], gate: str, t: str, before: str, loss: str) -> dict[str, str]:
    """Names of what layer normalisation computes, for the input's products, the state's, and the cell."""
    s = letter["s"]
    whole = {"x": f"{letter['U']} x_{t}", "h": f"{letter['W']} {s}_{before}", "c": f"c_{t}"}
    block = {"x": f"U_{gate} x_{t}", "h": f"W_{gate} {s}_{before}", "c": f"c_{t}"}
    gains = {"x": f"G^x_{gate}", "h": f"G^h_{gate}", "c": "G^c"}
    names = {
        "N": "H", "M": "4H", "u": f"LN(c_{t})", "du": f"∂L{loss}/∂LN(c_{t})", "dux": f"∂L{loss}/∂({block['x']})",
        "dws": f"∂L{loss}/∂({block['h']})",
    }  # fmt: skip
    for part, every in whole.items():
        one, gain = block[part], gains[part]
        back = f"{gain} ⊙ ∂L/∂{_sum(gate, t)}" if part != "c" else f"{gain} ⊙ ∂L/∂LN(c_{t})"
        each = f"{gain.split('_')[0]} ⊙ ∂L/∂a_{t}" if part != "c" else back
        names |= {
            f"t{part}": f"Σ {every}", f"m{part}": f"mean({every})", f"z{part}": f"{one} − mean",
            f"v{part}": f"Σ ({every} − mean)²", f"s{part}": f"sd({every})", f"n{part}": f"norm({one})",
            f"l{part}": f"{gain} ⊙ norm({one})", f"e{part}": back, f"et{part}": f"Σ {each}",
            f"ei{part}": f"Σ {each} ⊙ norm({every})",
        }  # fmt: skip
    return names


def _index(step: int | None) -> str:
    if step is None:
        return ""
    return f"{{−{-step}}}" if step < 0 else str(step) if step < 10 else f"{{{step}}}"


def _sum(gate: str, t: str) -> str:
    """a_t, or that of a gate."""
    return f"a_{{{gate},{_plain(t)}}}" if gate else f"a_{t}"


def _plain(index: str) -> str:
    return index.strip("{}")


def axes(name: str) -> tuple[str, str]:
    """Meaning of the rows and the columns of an array: units, symbols, losses, or nothing.

    >>> axes("U_f"), axes("dV.3"), axes("s.2"), axes("sum.1"), axes("ds*.2")
    (('unit', 'symbol'), ('symbol', 'unit'), ('unit', ''), ('', ''), ('unit', 'loss'))
    """
    family, _gate, _step = parts(name)
    stem = family.rstrip("*")
    if stem in SCALARS:
        return "", ""
    if stem in VECTORS_OF_SYMBOLS:
        return "symbol", ""
    weight = stem.removeprefix("new") if stem.startswith("new") else stem.removeprefix("d")
    if weight in GIVEN and stem not in ("dv",):
        return {"U": ("unit", "symbol"), "W": ("unit", "unit"), "V": ("symbol", "unit"), "bo": ("symbol", "")}.get(
            weight, ("unit", "")
        )
    return "unit", "loss" if family.endswith("*") else ""
