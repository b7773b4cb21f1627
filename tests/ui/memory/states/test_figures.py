"""The plane's figures, read as data: places, colours, arrows, marks, trees."""

import json

import numpy as np
import plotly.graph_objects as go
import pytest

from rnn_core.analysis.projection import fit
from tests.ui.memory.states.test_analysis import measured, network
from ui.charts.arrows import arrows
from ui.charts.shades import mix, shades
from ui.i18n import language
from ui.memory.states.analysis import NOTHING, square
from ui.memory.states.controls import StatesChoices
from ui.memory.states.figures import OTHER, FigureStyle, hues, plane, ranks, space
from ui.memory.states.figures_tree import tree
from ui.memory.states.renderer import StatesRenderer
from ui.memory.states.view import LAYOUT
from ui.network.trees import trees
from ui.theme import DARK, LIGHT, THEMES

_ = language("en").gettext


def style(colour="symbol", theme=LIGHT):
    return FigureStyle(theme, _, "s", colour)


def drawn(task="text", cell="rnn_tanh", hidden_size=2, found=None, colour="symbol", theme=LIGHT):
    """(measure, axes, square, figure) in two dimensions."""
    state = measured(*network(task, cell, hidden_size))
    shown = StatesRenderer(LAYOUT)._axes_for(state, StatesChoices(), 0)
    basis = type(shown.basis)(shown.basis.mean, shown.basis.directions[:2])
    behind = square(state, basis, NOTHING, shown.low, shown.high) if state.flat else None
    figure = plane(state, basis, behind, found, (shown.low, shown.high), style(colour, theme))
    return state, basis, behind, figure


def named(figure, name):
    return next(trace for trace in figure.data if trace.name == name)


def test_arrows_end_where_they_should_and_their_barbs_are_alike():
    tails, heads = np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[3.0, 4.0], [1.0, 1.1]])
    x, y = (part.reshape(2, 6) for part in arrows(tails, heads, 0.5))
    assert np.array_equal(x[:, 0], tails[:, 0]) and np.array_equal(y[:, 1], heads[:, 1])
    assert np.isnan(x[:, 5]).all() and not np.isnan(x[:, :5]).any()
    for barb in (2, 4):
        assert np.hypot(x[:, barb] - heads[:, 0], y[:, barb] - heads[:, 1]) == pytest.approx([0.5, 0.05])
    along = (x[0, [2, 4]] - 3) * 3 / 5 + (y[0, [2, 4]] - 4) * 4 / 5
    assert (along < 0).all() and along[0] == pytest.approx(along[1])


def test_shades_lie_on_the_scale():
    scale = ((0, "#000000"), (0.5, "#ff0000"), (1, "#ffffff"))
    assert shades(scale, [0, 0.25, 0.5, 1, 7, np.nan]) == [
        "#000000", "#800000", "#ff0000", "#ffffff", "#ffffff", "#000000",
    ]  # fmt: skip
    assert mix("#123456", "#654321", 0) == "#123456"


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_kinds_have_colours_that_differ_from_one_another(theme):
    channels = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in theme.kinds])
    apart = np.abs(channels[:, None] - channels[None]).sum(axis=2) + 999 * np.eye(len(channels))
    assert len(theme.kinds) == 10 and apart.min() > 60


def test_the_trajectory_goes_from_state_to_state():
    state, _basis, _behind, figure = drawn()
    way = named(figure, "this sequence")
    x, y = np.asarray(way.x).reshape(-1, 6), np.asarray(way.y).reshape(-1, 6)
    assert np.array_equal(np.stack([x[:, 0], y[:, 0]], axis=1), state.path.hidden[:-1].astype(np.float32))
    assert np.array_equal(np.stack([x[:, 1], y[:, 1]], axis=1), state.path.hidden[1:].astype(np.float32))
    labels = next(trace for trace in figure.data[1:] if trace.mode == "text" and len(trace.x) == 13)
    assert labels.text[1:] == tuple(
        "␣" if c == " " else c for c in (state.task.vocabulary[i] for i in state.path.symbols[1:])
    )


def test_the_square_has_a_band_of_colours_for_each_output():
    state, _basis, behind, figure = drawn()
    heat = figure.data[0]
    present = np.unique(behind.kinds)
    assert heat.type == "heatmap" and heat.zmax == len(present)
    z = np.asarray(heat.z)
    assert np.array_equal(present[np.floor(z).astype(int)], behind.kinds)
    surest = np.unravel_index(behind.sure.argmax(), z.shape)
    assert z[surest] % 1 == pytest.approx((behind.sure.max() - 1 / 11) / (1 - 1 / 11), abs=0.02)
    own = ranks(state, LIGHT)
    ends = [colour for place, colour in heat.colorscale][1::2][: len(present)]
    assert ends == [mix(LIGHT.background, own.get(int(kind), LIGHT.wrong), 0.55) for kind in present]


def test_one_value_is_painted_on_the_diverging_scale_around_zero():
    _state, _basis, behind, figure = drawn("sine")
    heat = figure.data[0]
    assert heat.zmin == -heat.zmax == -np.abs(behind.sure).max() and heat.colorscale[2][0] == 0.5


def test_long_arrows_of_the_field_are_cut_and_keep_their_direction():
    _state, _basis, behind, figure = drawn()
    field = named(figure, "one step under this input")
    x, y = np.asarray(field.x).reshape(-1, 6), np.asarray(field.y).reshape(-1, 6)
    way, true = np.stack([x[:, 1] - x[:, 0], y[:, 1] - y[:, 0]], axis=1), behind.heads - behind.tails
    cell = 2 * 1.08 / 15
    assert (np.hypot(*way.T) <= cell).all()
    far = np.hypot(*true.T) > 1e-3
    cosine = (way * true).sum(axis=1)[far] / (np.hypot(*way.T) * np.hypot(*true.T))[far]
    assert cosine == pytest.approx(np.ones(far.sum()), abs=1e-3)


def test_fixed_points_are_marked_by_their_unstable_directions():
    states = np.array([[0.5, 0.5], [-0.5, 0.2], [0.0, 0.0], [0.1, -0.3]])
    _state, _basis, _behind, figure = drawn(found=(states, np.array([0, 0, 1, 2])))
    stable = named(figure, "stable fixed point (2)")
    assert stable.marker.symbol == "circle" and np.array_equal(
        np.stack([stable.x, stable.y], axis=1), states[:2].astype(np.float32)
    )
    assert named(figure, "1 unstable direction (1)").marker.symbol == "diamond"
    assert named(figure, "2 unstable directions (1)").marker.symbol == "square"
    assert not any("fixed" in (trace.name or "") for trace in drawn()[3].data)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_symbols_keep_their_colours_and_the_rest_is_grey(theme):
    state = measured(*network("grammar", hidden_size=6))
    found = hues(state.cloud, state, style(theme=theme))
    own = ranks(state, theme)
    assert len(own) == 10 and own[int(state.often[0])] == theme.kinds[0]
    for symbol, colour, group in zip(state.cloud.symbols, found.colours, found.groups, strict=True):
        assert colour == own.get(int(symbol), theme.wrong)
        assert group == (symbol if int(symbol) in own else OTHER)
    assert found.names[int(state.often[0])] == "."


def test_colours_by_position_and_by_prediction():
    state = measured(*network("text", hidden_size=6))
    early, late = np.flatnonzero(state.cloud.steps == 0)[0], np.flatnonzero(state.cloud.steps == 11)[0]
    by_position = hues(state.cloud, state, style("position"))
    assert by_position.groups is None and by_position.colours[late] == LIGHT.sequential[-1][1]
    assert by_position.colours[early] != by_position.colours[late]
    by_prediction = hues(state.cloud, state, style("prediction"))
    own = ranks(state, LIGHT)
    likeliest = state.cloud.predictions.argmax(axis=1)
    assert by_prediction.colours == [own.get(int(kind), LIGHT.wrong) for kind in likeliest]


def test_what_has_no_symbols_is_coloured_by_prediction():
    state = measured(*network("flipflop", hidden_size=4))
    assert hues(state.cloud, state, style("symbol")).colours == hues(state.cloud, state, style("prediction")).colours


def test_the_cloud_is_split_by_colour_and_none_of_it_is_lost():
    state, basis, _behind, figure = drawn("grammar", hidden_size=6)
    cloud = [trace for trace in figure.data if trace.mode == "markers" and trace.marker.size == 4]
    assert sum(len(trace.x) for trace in cloud) == len(state.cloud.hidden)
    assert {trace.name for trace in cloud} >= {".", "others"}
    everything = np.concatenate([np.stack([trace.x, trace.y], axis=1) for trace in cloud])
    expected = basis.project(state.cloud.hidden).astype(np.float32)
    assert sorted(map(tuple, everything)) == sorted(map(tuple, expected))
    assert all(len(trace.customdata) == len(trace.x) for trace in cloud)


def test_the_axes_name_their_share_of_the_variance():
    state, basis, _behind, figure = drawn("grammar", hidden_size=6)
    first, _second = basis.shares(state.cloud.hidden)
    assert figure.layout.xaxis.title.text == f"principal component 1 ({first:.0%} of the variance)"
    assert drawn()[3].layout.yaxis.title.text == "unit 1 of s"


def test_space_has_a_third_coordinate_everywhere():
    state = measured(*network("flipflop", hidden_size=6))
    basis = fit(state.cloud.hidden, 3)
    figure = space(state, basis, (np.zeros((1, 6)), np.array([3])), 2.0, style("prediction"))
    assert figure.layout.meta == {"space": True}
    lists = [[len(trace._props[name]) for name in "xyz"] for trace in figure.data]
    assert all(x == y == z for x, y, z in lists)
    cube = figure.data[0]._props
    assert np.nanmax(np.abs(cube["z"])) == pytest.approx(2 / np.sqrt(3)) and len(cube["z"]) == 36


@pytest.mark.parametrize("hidden_size", [2, 5])
def test_plotly_accepts_every_property(hidden_size):
    found = (np.zeros((2, hidden_size)), np.array([0, 4]))
    figure = drawn("grammar", hidden_size=hidden_size, found=found)[3]
    go.Figure(json.loads(figure.to_json(validate=False)), skip_invalid=False)


def test_the_tree_has_its_leaves_and_joins():
    task, model = network("grammar", hidden_size=6)
    found = trees(model, task, 0, "symbol").now
    figure = tree(found, task.groups, theme=LIGHT, translate=_, top=1.5)
    assert figure.layout.yaxis.ticktext == found.names and figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]
    joins = figure.data[0]
    assert np.array_equal(np.asarray(joins.x).reshape(-1, 5)[:, :4], found.heights)
    humans = named(figure, "HUM")
    assert [found.names[i] for i in humans.y] == [n for n in found.names if n in ("man", "woman", "boy", "girl")]
    assert sum(len(trace.y) for trace in figure.data[1:]) == 30
