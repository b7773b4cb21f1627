"""The figures, read back from their own data: what they show is what the trace holds."""

import json
import math
import tomllib
from itertools import pairwise
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest

from rnn_core import CELLS, Model, ModelConfig
from rnn_core.tasks import TASKS, TextTask
from ui.charts.limits import Limits, decades, gradient_norms, limits, round_up
from ui.charts.loss import loss
from ui.charts.score import score
from ui.charts.staves import _usual_width
from ui.charts.symbols import label, labels, visible
from ui.charts.unit_order import by_similarity
from ui.theme import DARK, LIGHT
from ui.training.history import Record

ROOT = Path(__file__).parents[3]
HOSTILE = ("<b>", "&amp;", "\n", " ", "", "$x$", "\u202e", "\ud800", "%{x}", "é", "河", "a" * 40)


def model_of(task, cell="rnn_tanh", **options) -> Model:
    """A small network for a task."""
    return Model(
        ModelConfig(
            cell,
            task.input_size,
            5,
            task.output_size,
            output=task.output,
            loss=task.loss,
            **options,
        )
    )


def trace_of(name, cell="rnn_tanh", **options):
    """The trace of the first training sequence of a task with its own defaults, and the vocabulary."""
    task = TASKS[name]()
    x, targets, mask = task.example(0)
    return model_of(task, cell, **options).backward(x, targets, mask=mask), task.vocabulary


def heat_maps(figure) -> list:
    return [trace for trace in figure.data if trace.type == "heatmap"]


def strict(figure) -> go.Figure:
    """The same figure with every property checked by Plotly, which the live path leaves out."""
    return go.Figure(json.loads(figure.to_json(validate=False)), skip_invalid=False)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("name", TASKS)
def test_every_task_and_cell_has_a_score(name, cell):
    trace, vocabulary = trace_of(name, cell)
    gates = (*trace.gates, *(["c"] if cell == "lstm" else []))
    figure = score(trace, vocabulary, theme=LIGHT, gates=gates)
    strict(figure)
    assert np.array_equal(heat_maps(figure)[0].z, trace.hidden[-1, 1:, 0].T)
    assert {drawn.xaxis for drawn in figure.data} == {"x"}  # one shared time axis
    assert figure.layout.xaxis.range == (-0.5, len(trace.x) - 0.5)
    domains = sorted(axis["domain"] for name, axis in figure.to_dict()["layout"].items() if name.startswith("yaxis"))
    assert all(below[1] <= above[0] for below, above in pairwise(domains))


def test_the_hidden_state_is_centred_on_zero_and_bounded_by_one():
    figure = score(*trace_of("text"), theme=LIGHT)
    drawn = heat_maps(figure)[0]
    assert (drawn.zmin, drawn.zmax) == (-1, 1)
    assert drawn.colorscale[2] == (0.5, LIGHT.diverging[2][1])


def test_gates_are_drawn_as_chosen():
    trace, vocabulary = trace_of("text", "lstm")
    figure = score(trace, vocabulary, theme=LIGHT, gates=("f", "g", "c"))
    _hidden, forget, candidate, cell, _output = heat_maps(figure)
    assert np.array_equal(forget.z, trace.gates["f"][-1, :, 0].T) and (forget.zmin, forget.zmax) == (0, 1)
    assert np.array_equal(candidate.z, trace.gates["g"][-1, :, 0].T) and (candidate.zmin, candidate.zmax) == (-1, 1)
    assert np.array_equal(cell.z, trace.cell[-1, 1:, 0].T)


@pytest.mark.parametrize(("first", "begins"), [("output", "output"), ("loss", "loss"), ("gradient", "gradient norm")])
def test_a_row_can_stand_right_below_the_input(first, begins):
    trace, vocabulary = trace_of("text", "lstm")
    usual, moved = (
        [one.text for one in score(trace, vocabulary, theme=LIGHT, gates=("f",), first=row).layout.annotations]
        for row in ("", first)
    )
    assert moved[0] == usual[0] and moved[1].startswith(begins) and usual[1].startswith("hidden state")
    assert sorted(moved) == sorted(usual)


def test_all_rows_of_a_small_vocabulary_and_the_targets_marked():
    trace, vocabulary = trace_of("reber")
    figure = score(trace, vocabulary, theme=LIGHT)
    table = heat_maps(figure)[-1]
    assert np.array_equal(table.z, trace.probs[:, 0].T)
    marks = next(drawn for drawn in figure.data if drawn.type == "scatter" and drawn.mode == "markers")
    counted = trace.mask[:, 0] > 0 if trace.mask is not None else np.ones(len(trace.x), bool)
    assert list(marks.x) == np.flatnonzero(counted).tolist()
    assert list(marks.y) == trace.targets[counted, 0].tolist()


def test_a_large_vocabulary_shows_what_occurs_and_the_rest():
    text = "".join(chr(0x4E00 + i) for i in range(300)) * 4
    task = TextTask(text=text, sequence_length=12)
    trace = model_of(task).backward(*task.example(0)[:2])
    figure = score(trace, task.vocabulary, theme=LIGHT)
    table = heat_maps(figure)[-1]
    names = list(figure.to_dict()["layout"][table.yaxis.replace("y", "yaxis")]["ticktext"])
    assert len(names) == len(table.z) == 14  # 12 inputs, the last target, the rest
    assert names[-1] == "best other"
    assert {task.vocabulary[i] for i in trace.targets[:, 0]} <= set(names)
    shown = [task.vocabulary.index(name) for name in names[:-1]]
    assert np.allclose(table.z[-1], np.delete(trace.probs[:, 0], shown, axis=1).max(axis=1))
    assert np.array_equal(table.z.max(axis=0), trace.probs[:, 0].max(axis=1))  # the darkest row is the guess


def test_channels_that_come_out_have_the_colours_of_those_that_go_in():
    trace, vocabulary = trace_of("flipflop")
    lines = [drawn for drawn in score(trace, vocabulary, theme=LIGHT).data if drawn.type == "scatter"]
    given = [drawn.line.color for drawn in lines if drawn.name.startswith("channel")]
    made = [drawn.line.color for drawn in lines if drawn.name == "output"]
    wanted = [drawn.line.color for drawn in lines if drawn.name == "target"]
    assert made == wanted == given and len(set(made)) == trace.config.output_size > 1


def test_the_numbers_beside_a_low_stave_do_not_touch():
    for size in (2, 5):
        task = TASKS["recall"](symbols=size)
        trace = model_of(task).backward(*task.example(0)[:2])
        figure = score(trace, task.vocabulary, theme=LIGHT)
        for drawn in heat_maps(figure):
            pixels = drawn.colorbar.len * (figure.layout.height - 40)
            assert len(drawn.colorbar.tickvals) == len(drawn.colorbar.ticktext) <= max(1, pixels // 10)


def test_a_step_in_perplexity_is_the_exponential_of_its_loss():
    trace, vocabulary = trace_of("text")
    figure = score(trace, vocabulary, theme=LIGHT, unit="perplexity")
    bars = next(drawn for drawn in figure.data if drawn.type == "bar")
    assert np.allclose(10**bars.y, np.exp(trace.loss_per_step[:, 0]))
    axis = figure.layout[bars.yaxis.replace("y", "yaxis")]
    assert list(axis.ticktext)[:2] == ["1", "10"] and list(axis.tickvals)[:2] == [0, 1]
    assert any(note.text == "perplexity of the step (log)" for note in figure.layout.annotations)
    for top, last in ((80.0, "10²⁴"), (1e30, "1")):  # nats of a network that diverges
        figure = score(trace, vocabulary, theme=LIGHT, unit="perplexity", ranges=Limits(loss=top))
        names = figure.layout[bars.yaxis.replace("y", "yaxis")].ticktext
        assert names[-1] == last and len(names) <= 4


def test_an_output_after_the_last_step_stands_in_the_last_column():
    trace, vocabulary = trace_of("adding")
    figure = score(trace, vocabulary, theme=LIGHT)
    bars = next(drawn for drawn in figure.data if drawn.type == "bar")
    assert np.isnan(bars.y[:-1]).all() and bars.y[-1] == pytest.approx(trace.loss)


def test_steps_that_do_not_count_have_no_loss_and_no_target():
    trace, vocabulary = trace_of("recall")
    figure = score(trace, vocabulary, theme=LIGHT)
    bars = next(drawn for drawn in figure.data if drawn.type == "bar")
    assert np.isnan(bars.y[:-1]).all() and np.isfinite(bars.y[-1])
    target = next(d for d in figure.data if d.type == "scatter" and d.mode == "text" and set(d.y) == {1})
    assert list(target.text[:-1]) == ["·"] * (len(trace.x) - 1)


def test_gradient_norms_and_a_gap_where_truncation_cuts():
    task = TASKS["adding"]()
    x, targets, _mask = task.example(0)
    trace = model_of(task).backward(x, targets, truncate=3)
    norms = gradient_norms(trace)
    assert np.allclose(norms, np.sqrt((trace.d_hidden[-1, 1:, 0].astype(float) ** 2).sum(axis=-1)))
    drawn = score(trace, None, theme=LIGHT).data[-1]
    assert np.array_equal(np.isnan(drawn.y), norms == 0) and (norms == 0).any()


def test_the_structure_stays_while_the_numbers_change():
    task = TASKS["text"]()
    x, targets, _mask = task.example(0)
    first, second = (model_of(task, "lstm", seed=seed).backward(x, targets) for seed in (0, 1))
    ranges = limits(second, previous=limits(first))
    figures = [score(t, task.vocabulary, theme=LIGHT, gates=("f",), ranges=ranges).to_dict() for t in (first, second)]
    assert figures[0]["layout"] == figures[1]["layout"]
    assert [set(trace) for trace in figures[0]["data"]] == [set(trace) for trace in figures[1]["data"]]


def test_limits_only_grow():
    trace, _vocabulary = trace_of("sine", "rnn_relu")
    small = limits(trace)
    before = Limits(8.0, 8.0, 50.0, (-8, 4), (-7.0, 7.0), (-9.0, 9.0))
    assert limits(trace, previous=before) == before
    assert limits(trace, previous=small) == small


def test_round_numbers():
    assert [round_up(number) for number in (0, 0.07, 1, 1.1, 7, 95)] == [1.0, 0.08, 1.0, 1.5, 8.0, 100.0]
    assert decades(np.array([1e-30, 2.0])) == (-11, 1)
    assert decades(np.array([0.0, np.nan])) == (-3, 0)


@pytest.mark.parametrize("symbol", HOSTILE)
def test_no_symbol_is_markup_or_invisible(symbol):
    shown = label(symbol)
    assert "<" not in shown and ">" not in shown
    assert shown.strip() and len(visible(symbol)) <= 12
    shown.encode("utf-8")


def test_hostile_symbols_in_a_figure():
    size = len(HOSTILE)
    x = np.arange(size, dtype=np.int32)[:, None]
    trace = Model(ModelConfig("gru", size, 3, size)).backward(x, x[::-1].copy())
    figure = score(trace, HOSTILE, theme=DARK)
    assert "<b>" not in json.dumps(figure.to_dict()["data"], default=str)
    figure.to_json(validate=False).encode("utf-8")
    assert labels([-1, 3], HOSTILE) == ["·", "␣"]


def test_the_other_notation():
    trace, vocabulary = trace_of("text")
    figure = score(trace, vocabulary, theme=LIGHT, notation="pytorch")
    assert any("h<sub>t</sub>" in note.text for note in figure.layout.annotations)


def record(losses, capacity=512):
    kept = Record(capacity)
    kept.append(np.array(losses), np.full(len(losses), 0.5), np.full(len(losses), 0.8))
    return kept.curve()


def test_the_loss_with_its_levels_and_its_clipping_threshold():
    references = [("chance", math.log(8)), ("best", 0.25)]
    figure = loss(record([2.0, 1.5, 1.0]), [(0, 2.1), (3, 0.9)], references=references, theme=LIGHT, clip=1.0)
    strict(figure)
    assert list(figure.data[1].y) == [2.0, 1.5, 1.0] and list(figure.data[2].y) == [2.1, 0.9]
    assert [shape.y0 for shape in figure.layout.shapes] == [math.log(8), 0.25, 1.0]
    assert [note.text for note in figure.layout.annotations] == ["chance", "best", "clipped above"]


def test_the_loss_with_a_former_run_with_what_was_set_and_with_the_moment_that_is_looked_at():
    former = ("network 1", record([2.0, 1.5, 1.2, 1.1]).since(2), ((4, 1.3),))
    marks = [(2, "learning rate 0.3"), (3, "SGD")]
    for unit in ("nats", "perplexity"):
        figure = loss(record([2.0, 1.5, 1.0]), [(3, 0.9)], references=[], theme=LIGHT, former=former, marks=marks,
                      looked_at=1, unit=unit)  # fmt: skip
        strict(figure)
        trained, measured = [trace for trace in figure.data if trace.name == "network 1"]
        assert trained.x.tolist() == [3, 4] and trained.line.dash == measured.line.dash == "dash"
        assert figure.layout.xaxis.range[1] >= 4 and not measured.showlegend
        assert [shape.x0 for shape in figure.layout.shapes if shape.xref == "x"] == [2, 3, 1]
        assert [note.text for note in figure.layout.annotations] == ["learning rate 0.3", "SGD"]


def test_the_loss_before_the_first_update():
    empty = Record().curve()
    strict(loss(empty, [(0, 2.1)], references=[("chance", 2.0)], theme=DARK))
    strict(loss(empty, [], references=[], theme=DARK, unit="squared"))


def test_the_gradient_norm_before_and_after_clipping():
    kept = Record()
    kept.append(np.ones(3), np.array([0.5, 0.3, 0.5]), np.array([0.8, 1.0, 0.8]))
    figure = loss(kept.curve(), [], references=[], theme=LIGHT, clip=0.4)
    assert list(figure.data[4].y) == [0.5, 0.3, 0.5]
    assert np.allclose(figure.data[5].y, [0.4, np.nan, 0.4], equal_nan=True)  # drawn where it clips


def test_perplexity_is_the_exponential_of_the_nats():
    figure = loss(record([2.0, 1.5]), [(1, 0.7)], references=[("chance", 3.0)], theme=LIGHT, unit="perplexity")
    strict(figure)
    assert np.allclose(figure.data[1].y, np.exp([2.0, 1.5])) and np.allclose(figure.data[2].y, np.exp(0.7))
    assert figure.layout.shapes[0].y0 == pytest.approx(math.exp(3.0)) and figure.layout.yaxis.type == "log"


def test_a_perplexity_is_drawn_as_large_as_it_is():
    figure = loss(record([2.0, 300.0]), [(1, 650.0)], references=[("chance", 3.0)], theme=LIGHT, unit="perplexity")
    strict(figure)
    assert np.allclose(np.log(figure.data[1].y), [2.0, 300.0]) and np.allclose(np.log(figure.data[2].y), 650.0)
    assert tuple(figure.layout.yaxis.range) == (0, 283)  # e to 650 is 2e282
    beyond = loss(record([2.0, 1e22]), [], references=[], theme=LIGHT, unit="perplexity")
    assert np.isinf(beyond.data[1].y[1]) and beyond.layout.yaxis.range[1] == 1  # not drawn, and no other number


def test_the_names_of_levels_that_nearly_coincide_do_not_cover_one_another():
    levels = [("chance", 3.5), ("bigram model", 2.0), ("best possible", 1.6)]
    apart = loss(record([2.0]), [(1, 3.4)], references=levels, theme=LIGHT)
    assert [note.text for note in apart.layout.annotations] == ["chance", "bigram model", "best possible"]
    assert [note.yanchor for note in apart.layout.annotations] == ["bottom", "bottom", "top"]
    diverged = loss(record([2.0, 7e20]), [(1, 3.4)], references=levels, theme=LIGHT)
    assert [note.text for note in diverged.layout.annotations] == ["chance · bigram model · best possible"]


def test_units_in_another_order_keep_their_names():
    trace, vocabulary = trace_of("text", "gru")
    order = by_similarity(trace.hidden[-1, 1:, 0])
    assert sorted(order) == list(range(5))
    figure = score(trace, vocabulary, theme=LIGHT, gates=("z",), rows=order)
    strict(figure)
    state, gate = heat_maps(figure)[:2]
    assert np.array_equal(state.z, trace.hidden[-1, 1:, 0].T[order])
    assert np.array_equal(gate.z, trace.gates["z"][-1, :, 0].T[order])
    assert list(state.y) == [str(unit) for unit in order]


def test_the_change_since_an_earlier_moment():
    trace, vocabulary = trace_of("text")
    before = trace.hidden[-1, :, 0] - 0.25
    drawn = heat_maps(score(trace, vocabulary, theme=LIGHT, gates=("change",), before=before, before_update=7))[1]
    assert np.allclose(drawn.z, 0.25) and (drawn.zmin, drawn.zmax) == (-0.3, 0.3)
    none = heat_maps(score(trace, vocabulary, theme=LIGHT, gates=("change",)))[1]
    assert not none.z.any()


def test_decimation_keeps_every_update_and_every_spike():
    rng = np.random.default_rng(7)
    losses = rng.random(10_000)
    losses[4321] = 99.0
    kept = Record(capacity=64)
    for part in np.split(losses, [1, 10, 5000, 5001]):
        kept.append(part, 2 * part, np.full(len(part), 0.5))
    curve = kept.curve()
    assert len(curve.update) <= 64 and curve.update[-1] == 10_000
    starts = np.arange(0, 10_000, curve.width)
    assert np.allclose(curve.loss, [losses[start : start + curve.width].mean() for start in starts])
    assert np.allclose(curve.loss_high, np.maximum.reduceat(losses, starts)) and curve.loss_high.max() == 99
    assert np.allclose(curve.loss_low, np.minimum.reduceat(losses, starts))
    assert np.allclose(curve.norm_high, 2 * curve.loss_high) and np.allclose(curve.clipped, curve.loss)


def luminance(colour: str) -> float:
    """Relative luminance, 0 .. 1 (WCAG 2)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_colours_can_be_told_apart(theme):
    away = 1 if theme is DARK else -1  # from the background
    arms = [[luminance(colour) for _at, colour in theme.diverging[arm]] for arm in (slice(2, None), slice(2, None, -1))]
    for steps in (*arms, [luminance(colour) for _at, colour in theme.sequential]):
        assert (away * np.diff(steps) > 0).all()
    assert contrast(theme.diverging[2][1], theme.background) < 1.15  # zero fades into the page
    for text in (theme.ink, theme.faded, theme.right, theme.training, theme.held_out, theme.gradient):
        assert contrast(text, theme.background) >= 4.5
    # Deuteranopia (Viénot, Brettel & Mollon 1999): the two ends of the diverging scale stay far apart
    ends = [
        np.array([int(c[at : at + 2], 16) for at in (1, 3, 5)]) / 255
        for c in (theme.diverging[0][1], theme.diverging[-1][1])
    ]
    seen = [np.array([0.625 * r + 0.375 * g, 0.7 * r + 0.3 * g, 0.3 * g + 0.7 * b]) for r, g, b in ends]
    assert np.abs(seen[0] - seen[1]).max() > 0.3


def test_the_pages_backgrounds_are_the_themes():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    for theme in (LIGHT, DARK):
        assert config["theme"][theme.name]["backgroundColor"] == theme.background
        assert config["theme"][theme.name]["textColor"] == theme.ink


def test_the_loss_of_a_step_in_bits():
    model = Model(ModelConfig("rnn_tanh", 4, 3, 4, seed=3))
    trace = model.backward([[0], [1]], [[1], [2]])
    nats, bits = (score(trace, tuple("abcd"), theme=LIGHT, unit=unit) for unit in ("nats", "bits"))
    bars = [next(piece.y for piece in figure.data if piece.type == "bar") for figure in (nats, bits)]
    assert bars[0] == pytest.approx(trace.loss_per_step[:, 0]) and bars[1] == pytest.approx(bars[0] / math.log(2))
    assert any("bits" in note.text for note in bits.layout.annotations)


def test_words_in_narrow_columns_stand_upright():
    vocabulary = ("the", "cat", "sat", "upon", "ninetynine", "mats")
    for steps, symbols, upright in ((25, vocabulary, True), (8, vocabulary, False), (25, tuple("abcdef"), False)):
        model = Model(ModelConfig("rnn_tanh", 6, 4, 6))
        ids = np.arange(steps)[:, None] % 6
        figure = score(model.backward(ids, ids), symbols, theme=LIGHT)
        lines = [trace for trace in figure.data if trace.type == "scatter" and trace.mode == "text"]
        assert len(lines) == 3 and all(line.meta["turned"] == upright for line in lines)
        plain = score(model.backward(ids, ids), tuple("abcdef"), theme=LIGHT).layout.height
        assert figure.layout.height - plain == (60 + 126 if upright else 0)


def test_one_long_label_does_not_make_a_whole_line_small():
    assert _usual_width(["a"] * 30 + ["U+1F469U+20…"]) == 1
    assert _usual_width(["river", "flows"] * 5) == 5 and _usual_width([]) == 1
