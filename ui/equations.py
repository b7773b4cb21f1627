"""The equations of each cell, in the article's letters or in PyTorch's, as LaTeX."""

# {U}, {W}: input and recurrent weights; {s}: the state; {b...}: a bias, or nothing
CELLS = {
    "rnn_tanh": [r"{s}_t = \tanh({U} x_t + {W} {s}_{{t-1}}{b})"],
    "rnn_relu": [r"{s}_t = \max(0,\; {U} x_t + {W} {s}_{{t-1}}{b})"],
    "gru": [
        r"r_t = \sigma({U}_r x_t + {W}_r {s}_{{t-1}}{b_r})",
        r"z_t = \sigma({U}_z x_t + {W}_z {s}_{{t-1}}{b_z})",
        r"n_t = \tanh({U}_n x_t{b_n} + r_t \odot ({W}_n {s}_{{t-1}}{d_n}))",
        r"{s}_t = (1 - z_t) \odot n_t + z_t \odot {s}_{{t-1}}",
    ],
    "lstm": [
        r"i_t = \sigma({U}_i x_t + {W}_i {s}_{{t-1}}{b_i})",
        r"f_t = \sigma({U}_f x_t + {W}_f {s}_{{t-1}}{b_f})",
        r"g_t = \tanh({U}_g x_t + {W}_g {s}_{{t-1}}{b_g})",
        r"o_t = \sigma({U}_o x_t + {W}_o {s}_{{t-1}}{b_o})",
        r"c_t = f_t \odot c_{{t-1}} + i_t \odot g_t",
        r"{s}_t = o_t \odot \tanh(c_t)",
    ],
}
READ_OUT = {"cross_entropy": r"{y}_t = \mathrm{{softmax}}({V} {s}_t{b_V})", "mse": r"{y}_t = {V} {s}_t{b_V}"}
LETTERS = {
    "article": {"U": "U", "W": "W", "V": "V", "s": "s", "y": "o"},
    "pytorch": {"U": r"W_{ih}", "W": r"W_{hh}", "V": r"W_{ho}", "s": "h", "y": "y"},
}


def equations(cell: str, loss: str, *, bias: bool, notation: str) -> list[str]:
    """The cell's equations, then the read-out's.

    >>> equations("rnn_tanh", "mse", bias=False, notation="article")
    ['s_t = \\\\tanh(U x_t + W s_{t-1})', 'o_t = V s_t']
    """
    letters = dict(LETTERS[notation])
    if cell == "lstm":
        letters["y"] = "y"  # o is its output gate
    if notation == "pytorch" and cell in ("gru", "lstm"):
        letters |= {"U": "U", "W": "W"}  # the blocks of weight_ih and of weight_hh, one for each gate
    for name in ("", "_r", "_z", "_n", "_i", "_f", "_g", "_o", "_V"):
        letters["b" + name] = f" + b{name}" if bias else ""
    letters["d_n"] = " + d_n" if bias else ""
    return [line.format(**letters) for line in (*CELLS[cell], READ_OUT[loss])]
