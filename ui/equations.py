"""The equations of each cell, in the article's letters or in PyTorch's, as LaTeX.

The output is the article's o; p where o is taken, as the LSTM's output gate, and in PyTorch's notation. The biases have
PyTorch's names, two for each sum: the article's cell has none.
"""

# {U}, {W}: input and recurrent weights; {s}: the state; {b...}, {d...}: the biases beside them, or nothing
CELLS = {
    "rnn_tanh": [r"{s}_t = \tanh({U} x_t{b} + {W} {s}_{{t-1}}{d})"],
    "rnn_relu": [r"{s}_t = \max(0,\; {U} x_t{b} + {W} {s}_{{t-1}}{d})"],
    "rnn_sigmoid": [r"{s}_t = \sigma({U} x_t{b} + {W} {s}_{{t-1}}{d})"],
    "rnn_identity": [r"{s}_t = {U} x_t{b} + {W} {s}_{{t-1}}{d}"],
    "gru": [
        r"r_t = \sigma({U}_r x_t{b_r} + {W}_r {s}_{{t-1}}{d_r})",
        r"z_t = \sigma({U}_z x_t{b_z} + {W}_z {s}_{{t-1}}{d_z})",
        r"n_t = \tanh({U}_n x_t{b_n} + r_t \odot ({W}_n {s}_{{t-1}}{d_n}))",
        r"{s}_t = (1 - z_t) \odot n_t + z_t \odot {s}_{{t-1}}",
    ],
    "gru_reset_before": [
        r"r_t = \sigma({U}_r x_t{b_r} + {W}_r {s}_{{t-1}}{d_r})",
        r"z_t = \sigma({U}_z x_t{b_z} + {W}_z {s}_{{t-1}}{d_z})",
        r"n_t = \tanh({U}_n x_t{b_n} + {W}_n (r_t \odot {s}_{{t-1}}){d_n})",
        r"{s}_t = (1 - z_t) \odot n_t + z_t \odot {s}_{{t-1}}",
    ],
    "lstm": [
        r"i_t = \sigma({U}_i x_t{b_i} + {W}_i {s}_{{t-1}}{d_i})",
        r"f_t = \sigma({U}_f x_t{b_f} + {W}_f {s}_{{t-1}}{d_f})",
        r"g_t = \tanh({U}_g x_t{b_g} + {W}_g {s}_{{t-1}}{d_g})",
        r"o_t = \sigma({U}_o x_t{b_o} + {W}_o {s}_{{t-1}}{d_o})",
        r"c_t = f_t \odot c_{{t-1}} + i_t \odot g_t",
        r"{s}_t = o_t \odot \tanh(c_t)",
    ],
    "lstm_peephole": [
        r"i_t = \sigma({U}_i x_t{b_i} + {W}_i {s}_{{t-1}}{d_i} + P_i \odot c_{{t-1}})",
        r"f_t = \sigma({U}_f x_t{b_f} + {W}_f {s}_{{t-1}}{d_f} + P_f \odot c_{{t-1}})",
        r"g_t = \tanh({U}_g x_t{b_g} + {W}_g {s}_{{t-1}}{d_g})",
        r"c_t = f_t \odot c_{{t-1}} + i_t \odot g_t",
        r"o_t = \sigma({U}_o x_t{b_o} + {W}_o {s}_{{t-1}}{d_o} + P_o \odot c_t)",
        r"{s}_t = o_t \odot \tanh(c_t)",
    ],
    "lstm_layer_norm": [
        r"i_t = \sigma(G^x_i \odot {norm}({U} x_t)_i{b_i} + G^h_i \odot {norm}({W} {s}_{{t-1}})_i{d_i})",
        r"f_t = \sigma(G^x_f \odot {norm}({U} x_t)_f{b_f} + G^h_f \odot {norm}({W} {s}_{{t-1}})_f{d_f})",
        r"g_t = \tanh(G^x_g \odot {norm}({U} x_t)_g{b_g} + G^h_g \odot {norm}({W} {s}_{{t-1}})_g{d_g})",
        r"o_t = \sigma(G^x_o \odot {norm}({U} x_t)_o{b_o} + G^h_o \odot {norm}({W} {s}_{{t-1}})_o{d_o})",
        r"c_t = f_t \odot c_{{t-1}} + i_t \odot g_t",
        r"{s}_t = o_t \odot \tanh(G^c \odot {norm}(c_t){bc})",
        r"{norm}(a) = (a - \bar a) \,/\, \sqrt{{\overline{{(a - \bar a)^2}} + 10^{{-5}}}}",
    ],
}
READ_OUT = {"cross_entropy": r"{p}_t = \mathrm{{softmax}}({V} {s}_t{b_out})", "mse": r"{p}_t = {V} {s}_t{b_out}"}
LETTERS = {
    "article": {"U": "U", "W": "W", "V": "V", "s": "s", "p": "o"},
    "pytorch": {"U": r"W_{ih}", "W": r"W_{hh}", "V": r"W_{ho}", "s": "h", "p": "p"},
}


def letters_of(cell: str, notation: str) -> dict[str, str]:
    """Letters of the weights, the state and the output.

    >>> letters_of("gru", "article")["p"], letters_of("lstm", "article")["p"], letters_of("gru", "pytorch")["p"]
    ('o', 'p', 'p')
    """
    return LETTERS[notation] | ({"p": "p"} if cell.startswith("lstm") else {})


def equations(cell: str, loss: str, *, bias: bool, notation: str) -> list[str]:
    """The cell's equations, then the read-out's.

    >>> equations("rnn_tanh", "mse", bias=False, notation="article")
    ['s_t = \\\\tanh(U x_t + W s_{t-1})', 'o_t = V s_t']
    >>> equations("rnn_tanh", "mse", bias=True, notation="article")[0]
    's_t = \\\\tanh(U x_t + b_{ih} + W s_{t-1} + b_{hh})'
    """
    letters = letters_of(cell, notation)
    if notation == "pytorch" and len(CELLS[cell]) > 1:
        letters |= {"U": "U", "W": "W"}  # the blocks of weight_ih and of weight_hh, one for each gate
    for gate in ("", *"rznifgo"):
        place = f"_{gate}" if gate else ""
        letters["b" + place] = f" + b_{{i{gate or 'h'}}}" if bias else ""
        letters["d" + place] = f" + b_{{h{gate or 'h'}}}" if bias else ""
    letters["norm"] = r"\mathrm{norm}"
    letters["bc"] = " + b_c" if bias else ""
    letters["b_out"] = " + b_o" if bias else ""
    return [line.format(**letters) for line in (*CELLS[cell], READ_OUT[loss])]
