"""The app's figures of a trace, as Plotly figures: drawn by the code that draws them on the pages.

`trace` is a Trace of rnn_core (`model.forward`, `model.backward`), or the Recording of one's own PyTorch module
(`rnn_lab.record`). T steps, B sequences, H units, K outputs; losses in nats.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rnn_core import InputError, Trace
from rnn_core.analysis.activations import state_bounds
from rnn_core.inputs import check_whole
from rnn_lab.measuring import Gradients, one_sequence, stack_of
from rnn_lab.recording import Recording
from ui.charts import score as charts
from ui.charts.symbols import visible, width
from ui.charts.unit_order import by_similarity
from ui.gradients import figures as of_gradients
from ui.i18n import LANGUAGES, Language, language
from ui.memory import figures as of_memory
from ui.memory import figures_text
from ui.memory.excerpt import row_starts
from ui.settings.choices import QUANTITIES
from ui.theme import THEMES, Theme

ORDERS, UNITS, NOTATIONS = ("index", "similarity"), ("nats", "bits", "perplexity"), ("article", "pytorch")
COLUMNS = 60  # of a narrow symbol, in a row of text
LONGEST = 20_000  # symbols of a coloured text: Plotly draws each of them
FONT, PIXELS = 13, 800  # of symbols in a row; of that row, where nobody knows how wide it will be


def score(
    trace: Trace | Recording,
    vocabulary: Sequence[str] | None = None,
    *,
    sequence: int = 0,
    layer: int = -1,
    gates: Sequence[str] = (),
    order: str = "index",
    unit: str = "nats",
    notation: str = "article",
    theme: str = "light",
    lang: str = "en",
) -> go.Figure:
    """The score of one sequence: inputs, hidden states, outputs, loss and gradient norm over one axis of steps.

    Parameters
    ----------
    trace : a Trace or a Recording; what its pass did not compute is left out.
    vocabulary : the symbol of each id; None: the ids themselves, or a task of real numbers.
    sequence : which of the batch, 0 .. B-1. layer : an index into `trace.hidden`: layer · directions + direction.
    gates : names from `trace.gates`, and "c" for the cell state of an LSTM; each gets a row.
    order : of the units, by "index" or by "similarity" of what they do.
    unit : of a cross-entropy: "nats", "bits" or "perplexity".
    notation : "article" (s_t, o_t) or "pytorch" (h_t). theme : "light" or "dark". lang : "en" or "zh_CN".

    Raises InputError where an argument is none of these, or the vocabulary has fewer symbols than the trace has ids.

    >>> from rnn_core import Model, ModelConfig
    >>> figure = score(Model(ModelConfig("gru", 3, 8, 3)).forward([[0], [2], [1]]), "abc", gates=["z"])
    >>> figure.layout.xaxis.title.text, figure.layout.annotations[1].text
    ('step t', 'hidden state s<sub>t</sub>, 8 units')
    """
    one, _ = _one(trace, sequence), _language(lang).gettext
    stack = stack_of(one, layer)
    for name in gates:
        _choice("gates", name, (*one.gates, *(("c",) if one.cell is not None else ())))
    similar = _choice("order", order, ORDERS) == "similarity"
    colours = _theme(theme)
    figure = charts.score(
        one,
        _symbols(one, vocabulary),
        theme=colours,
        layer=stack,
        gates=gates,
        notation=_choice("notation", notation, NOTATIONS),
        rows=by_similarity(one.hidden[stack, 1:, 0]) if similar else None,
        unit=_choice("unit", unit, UNITS),
        translate=_,
    )
    return _alone(figure, colours)


def gradient_matrix(
    gradients: Gradients,
    vocabulary: Sequence[str] | None = None,
    *,
    notation: str = "article",
    theme: str = "light",
    lang: str = "en",
) -> go.Figure:
    """How much the loss of each step (down) depends on the state of each step (across), on a scale of powers of ten.

    Below it the inputs that the loss of `gradients.step` depends on, the gradient that training gets for each step, and
    the factor by which each unit hands it back.

    Parameters
    ----------
    gradients : of `rnn_lab.measure_gradients`, or of `Recording.measure_gradients`.
    vocabulary, notation, theme, lang : as in `score`.

    Raises InputError where an argument is none of these.

    >>> from rnn_core import Model, ModelConfig
    >>> from rnn_lab import measure_gradients
    >>> model = Model(ModelConfig("lstm", 3, 8, 3))
    >>> gradients = measure_gradients(model, model.backward([[0], [2], [1]], [[2], [1], [0]]))
    >>> gradient_matrix(gradients, "abc").layout.xaxis.title.text
    'state at step k'
    """
    if not isinstance(gradients, Gradients):
        raise InputError(
            f"gradients is a {type(gradients).__name__}; expected what rnn_lab.measure_gradients(model, trace) returns"
        )
    found, colours, letter = gradients.flow, _theme(theme), _choice("notation", notation, NOTATIONS)
    symbols = _symbols(found.trace, vocabulary)
    style = of_gradients.FigureStyle(colours, symbols, "s" if letter == "article" else "h", _language(lang).gettext)
    return _alone(of_gradients.matrix(found, gradients.step, gradients.inputs, None, style), colours)


def coloured_text(
    trace: Trace | Recording,
    vocabulary: Sequence[str] | None = None,
    *,
    unit: int,
    quantity: str = "hidden",
    sequence: int = 0,
    layer: int = -1,
    columns: int | None = None,
    theme: str = "light",
    lang: str = "en",
) -> go.Figure:
    """The symbols that were read, each coloured by what one unit did at it.

    Parameters
    ----------
    trace : a Trace or a Recording of ids, at most 20,000 steps.
    vocabulary : the symbol of each id. unit : 0 .. H-1.
    quantity : "hidden", "cell" (LSTM), or a name from `trace.gates`.
    columns : symbols of a row; None: as many as fit. A line end begins a new row.
    sequence, layer, theme, lang : as in `score`.

    Raises InputError where an argument is none of these, or the trace holds real numbers: then say which symbols they
    stand for, `recording.trace(ids=...)`.

    >>> from rnn_core import Model, ModelConfig
    >>> figure = coloured_text(Model(ModelConfig("gru", 3, 8, 3)).forward([[0], [2], [1]]), "abc", unit=5)
    >>> figure.data[0].text.tolist(), figure.data[0].zmin, figure.data[0].zmax
    ([['a', 'c', 'b']], -1.0, 1.0)
    """
    one = _one(trace, sequence)
    _, colours, stack = _language(lang).gettext, _theme(theme), stack_of(one, layer)
    known = {"hidden": one.hidden[:, 1:]} | ({} if one.cell is None else {"cell": one.cell[:, 1:]}) | one.gates
    values = known[_choice("quantity", quantity, tuple(known))][stack, :, 0]
    check_whole("unit", unit, 0, values.shape[1] - 1)
    if one.x.ndim != 2:
        raise InputError(
            f"the trace holds real numbers of shape {one.x.shape}; expected (T, B) ids of symbols: "
            "for a Recording, recording.trace(ids=...)"
        )
    if len(one.x) > LONGEST:
        raise InputError(f"the trace has {len(one.x):,} steps; a figure shows at most {LONGEST:,}: take a part of it")
    names = _symbols(one, vocabulary) or ()
    symbols = [names[number] for number in one.x[:, 0]]
    fitting = max(1, COLUMNS // max(width(visible(symbol)) for symbol in symbols))
    row = fitting if columns is None else check_whole("columns", columns, 1, LONGEST)
    starts = row_starts(np.array([symbol == "\n" for symbol in symbols]), len(symbols), row)
    bounded = bool(np.isfinite(state_bounds(one.config.cell)[1]))
    low, high = of_memory.bounds_of_units(values, quantity, bounded)[unit].tolist()
    heading = f"{_(QUANTITIES[quantity])}, {_('unit')} {unit}"
    figure = figures_text.text(symbols, values[:, unit], starts, (low, high), heading, theme=colours, translate=_)
    return _alone(figure, colours)


def _one(trace: Trace | Recording, sequence: int) -> Trace:
    """The trace of one sequence."""
    if isinstance(trace, Recording):
        trace = trace.trace()
    if not isinstance(trace, Trace):
        raise InputError(f"trace is a {type(trace).__name__}; expected a Trace of rnn_core or a Recording")
    return one_sequence(trace, sequence)


def _symbols(trace: Trace, vocabulary: Sequence[str] | None) -> tuple[str, ...] | None:
    """The vocabulary, large enough for every id of a trace; without one the ids, or None where there are none."""
    ids = trace.x.ndim == 2
    inputs, outputs = int(trace.x.max()) + 1 if ids else 0, 0 if trace.probs is None else trace.probs.shape[-1]
    needed = max(inputs, outputs)
    if vocabulary is None:
        return tuple(map(str, range(needed))) or None
    symbols = tuple(vocabulary)
    if len(symbols) < needed or not all(isinstance(symbol, str) for symbol in symbols):
        raise InputError(f"vocabulary has {len(symbols)} entries; expected at least {needed} strings, one for each id")
    return symbols


def _choice(name: str, value: str, allowed: Sequence[str]) -> str:
    """The value, if it is one of those allowed."""
    if not isinstance(value, str) or value not in allowed:
        raise InputError(f"{name} is {value!r}; expected one of {', '.join(map(repr, allowed)) or 'none'}")
    return value


def _theme(name: str) -> Theme:
    return THEMES[_choice("theme", name, tuple(THEMES))]


def _language(code: str) -> Language:
    return language(_choice("lang", code, tuple(LANGUAGES)))


def _alone(figure: go.Figure, theme: Theme) -> go.Figure:
    """The figure without the page around it, which gives it a background and fits symbols into their columns."""
    pieces, notes = [], []
    for piece in figure.data:
        fitted = piece.meta if isinstance(piece.meta, dict) else {}
        if fitted.get("turned"):
            notes += _upright(piece)
            continue
        if "columns" in fitted:
            room = PIXELS / fitted["columns"] / max(1, fitted["letters"])
            piece.textfont.size = float(np.clip(1.6 * room, 6, FONT))  # a letter is about 0.6 of its height wide
        pieces.append(piece)
    figure.data = pieces
    figure.update_layout(
        paper_bgcolor=theme.background, plot_bgcolor=theme.background, annotations=[*figure.layout.annotations, *notes]
    )
    return figure


def _upright(piece: go.Scatter) -> list[dict[str, Any]]:
    """Words that are written upwards: Plotly turns annotations alone."""
    font, many = piece.textfont, len(piece.text)
    colours = [font.color] * many if isinstance(font.color, str) else font.color
    return [
        {"x": x, "y": y, "xref": piece.xaxis, "yref": piece.yaxis, "text": word, "textangle": -90, "showarrow": False,
         "font": {"family": font.family, "size": 11, "color": colour}}
        for x, y, word, colour in zip(piece.x, piece.y, piece.text, colours, strict=True)
    ]  # fmt: skip
