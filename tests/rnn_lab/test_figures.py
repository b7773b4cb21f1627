"""The figures of a notebook are those of the pages, on a background of their own; what does not fit is said."""

import json
import subprocess
import sys

import numpy as np
import pytest

from rnn_core import InputError, Model, ModelConfig
from rnn_core.trace import BackwardTrace
from rnn_lab import figures, measure_gradients
from ui.charts import score as charts
from ui.gradients import figures as of_gradients
from ui.gradients.analysis import flow, input_norms
from ui.i18n import language
from ui.theme import DARK, LIGHT

T, B = 8, 2
TEXT = "ab\nba ab"
VOCABULARY = tuple("ab\n ")


def traced(cell="lstm", **options) -> tuple[Model, BackwardTrace]:
    model = Model(ModelConfig(cell, 4, 6, 4, **options))
    ids = np.array([[VOCABULARY.index(symbol)] * B for symbol in TEXT])
    return model, model.backward(ids, np.roll(ids, -1, axis=0))


def numbers(figure):
    return json.loads(figure.to_json())["data"]


def test_the_score_is_that_of_the_page():
    _, trace = traced(num_layers=2)
    figure = figures.score(trace, VOCABULARY, layer=0, gates=["f", "c"], notation="pytorch", theme="dark", unit="bits")
    page = charts.score(
        trace, VOCABULARY, theme=DARK, layer=0, gates=["f", "c"], notation="pytorch", unit="bits",
        translate=language("en").gettext,
    )  # fmt: skip
    assert [piece | {"textfont": 0} for piece in numbers(figure)] == [
        piece | {"textfont": 0} for piece in numbers(page)
    ]
    assert figure.layout.yaxis == page.layout.yaxis and figure.layout.height == page.layout.height
    assert figure.layout.paper_bgcolor == DARK.background and page.layout.paper_bgcolor != DARK.background


def test_the_matrix_is_that_of_the_page():
    model, trace = traced("gru")
    figure = figures.gradient_matrix(measure_gradients(model, trace, step=5, truncate=3), VOCABULARY, lang="zh_CN")
    style = of_gradients.FigureStyle(LIGHT, VOCABULARY, "s", language("zh_CN").gettext)
    alone = model.backward(trace.x[:, :1], trace.targets[:, :1], mask=np.arange(T)[:, None] == 5)
    one = model.backward(trace.x[:, :1], trace.targets[:, :1])
    page = of_gradients.matrix(flow(model, one, 0, 3), 5, input_norms(alone), None, style)
    assert [piece | {"textfont": 0} for piece in numbers(figure)] == [
        piece | {"textfont": 0} for piece in numbers(page)
    ]
    assert figure.layout.xaxis.title.text == language("zh_CN").gettext("state at step k") != "state at step k"


def test_another_sequence_of_the_batch():
    model = Model(ModelConfig("rnn_tanh", 4, 6, 4))
    x, targets = np.random.default_rng(0).integers(0, 4, (2, T, B))
    whole, second = model.backward(x, targets), model.backward(x[:, 1:], targets[:, 1:])
    mine, known = (figures.score(trace, VOCABULARY, sequence=at).data[1].z for trace, at in ((whole, 1), (second, 0)))
    assert np.array_equal(mine, known) and not np.array_equal(mine, figures.score(whole, VOCABULARY).data[1].z)
    mine, known = measure_gradients(model, whole, sequence=1), measure_gradients(model, second)
    assert np.array_equal(mine.flow.flow, known.flow.flow) and np.array_equal(mine.inputs, known.inputs)


def test_units_in_the_order_of_what_they_do():
    _, trace = traced()
    plain, sorted_ = (figures.score(trace, VOCABULARY, order=order).data[1] for order in ("index", "similarity"))
    rows = [int(unit) for unit in sorted_.y]
    assert sorted(rows) == list(range(6)) and np.array_equal(plain.z[rows], sorted_.z)


def test_a_text_has_the_symbols_the_rows_and_the_colours_of_the_page():
    _, trace = traced()
    figure = figures.coloured_text(trace, VOCABULARY, unit=2, columns=4, theme="dark")
    (heat,) = figure.data
    assert heat.text.tolist() == [["a", "b", "⏎", ""], ["b", "a", "␣", "a"], ["b", "", "", ""]]
    states = trace.hidden[0, 1:, 0, 2]
    assert np.array_equal(heat.z[~np.isnan(heat.z)].astype(np.float32), states) and np.isnan(heat.z[0, 3])
    assert (heat.zmin, heat.zmax) == (-1, 1) and heat.colorscale[1][1] == DARK.diverging[1][1]
    assert figure.layout.yaxis.ticktext == ("0", "3", "7") and figure.layout.title.text == "hidden state, unit 2"
    gate = figures.coloured_text(trace, VOCABULARY, unit=2, quantity="f").data[0]
    assert (gate.zmin, gate.zmax) == (0, 1) and gate.colorscale[1][1] == LIGHT.sequential[1][1]
    assert figures.coloured_text(trace, VOCABULARY, unit=2, quantity="cell").data[0].zmin < 0


def test_words_that_would_be_too_wide_stand_upright():
    model = Model(ModelConfig("gru", 4, 6, 4))
    trace = model.backward(*np.random.default_rng(0).integers(0, 4, (2, 20, 1)))
    figure = figures.score(trace, ("river", "mountain", "a", "the"))
    words = [note.text for note in figure.layout.annotations if note.textangle == -90]
    assert len(words) == 60 and not any(piece.to_plotly_json().get("mode") == "text" for piece in figure.data)


def test_without_a_vocabulary_the_ids_are_shown():
    _, trace = traced()
    assert figures.score(trace).data[0].text[:3] == ("0", "1", "2")
    assert figures.coloured_text(trace, unit=0).data[0].text[0][:3].tolist() == ["0", "1", "2"]


def test_real_numbers_have_no_symbols():
    model = Model(ModelConfig("gru", 2, 3, 1, loss="mse"))
    trace = model.backward(np.zeros((T, 1, 2)), np.ones((T, 1, 1)))
    figures.score(trace), figures.gradient_matrix(measure_gradients(model, trace))
    with pytest.raises(InputError, match=r"holds real numbers of shape \(8, 1, 2\)"):
        figures.coloured_text(trace, unit=0)


MODEL, TRACE = traced()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: figures.score(3), "trace is a int; expected a Trace of rnn_core or a Recording"),
        (lambda: figures.score(TRACE, "abc"), "vocabulary has 3 entries; expected at least 4 strings"),
        (lambda: figures.score(TRACE, sequence=2), "sequence is 2; expected a whole number from 0 to 1"),
        (lambda: figures.score(TRACE, layer=1), "layer is 1; expected a whole number from -1 to 0"),
        (lambda: figures.score(TRACE, gates=["z"]), "gates is 'z'; expected one of 'i', 'f', 'g', 'o', 'c'"),
        (lambda: figures.score(TRACE, theme="grey"), "theme is 'grey'; expected one of 'light', 'dark'"),
        (lambda: figures.score(TRACE, lang="fr"), "lang is 'fr'; expected one of 'en', 'zh_CN'"),
        (lambda: figures.score(TRACE, unit="nat"), "unit is 'nat'"),
        (lambda: figures.score(TRACE, order="size"), "order is 'size'"),
        (lambda: figures.score(TRACE, notation="mine"), "notation is 'mine'"),
        (lambda: figures.gradient_matrix(TRACE), "expected what rnn_lab.measure_gradients"),
        (lambda: measure_gradients(MODEL, MODEL.forward(TRACE.x)), "trace is of a forward pass"),
        (lambda: measure_gradients(MODEL, TRACE, step=8), "step is 8; expected a whole number from 0 to 7"),
        (lambda: figures.coloured_text(TRACE, unit=6), "unit is 6; expected a whole number from 0 to 5"),
        (
            lambda: figures.coloured_text(TRACE, unit=0, quantity="r"),
            "quantity is 'r'; expected one of 'hidden', 'cell'",
        ),
        (lambda: figures.coloured_text(TRACE, unit=0, columns=0), "columns is 0"),
    ],
)
def test_what_does_not_fit_is_said(wrong, said):
    with pytest.raises(InputError) as error:
        wrong()
    assert said in str(error.value)


def test_neither_streamlit_nor_pytorch_is_loaded():
    code = (
        "import sys; from rnn_lab import figures, record; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"plotly", "rnn_core"} <= set(run.stdout.split())
    assert not {"streamlit", "torch", "pandas", "IPython"} & set(run.stdout.split())
