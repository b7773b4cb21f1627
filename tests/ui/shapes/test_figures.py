"""The figures of the page “Shapes”: arrays in, what is drawn read from the figure."""

import numpy as np
import pytest

from ui.shapes import figures, figures_translation
from ui.shapes.bidirectional import Sides
from ui.shapes.deep import Memory
from ui.shapes.encoder_decoder import Alignment, Translation
from ui.shapes.many_to_one import Verdict
from ui.shapes.one_to_many import Drawings
from ui.shapes.records import Chain, Diagram
from ui.theme import DARK, LIGHT

RNG = np.random.default_rng(0)
STATES = RNG.uniform(-1, 1, (3, 5))


def texts(figure):
    return [trace for trace in figure["data"] if trace["type"] == "scatter" and trace["mode"] == "text"]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_columns_stand_apart_and_symbols_only_where_there_are_some(theme):
    view = Diagram(("a", "<b>", ""), (Chain(STATES),), ("", "", "y"), ("", "", "z"), first=4)
    figure = figures.diagram(view, theme=theme)
    heat = next(trace for trace in figure["data"] if trace["type"] == "heatmap")
    assert np.asarray(heat["x"]).tolist() == [0, 0.5, 1, 1.5, 2]
    table = np.asarray(heat["z"])
    assert np.allclose(table[:, ::2], STATES.T) and np.isnan(table[:, 1::2]).all()
    assert (heat["zmin"], heat["zmax"]) == (-1, 1)
    drawn = {tuple(trace["text"]): np.asarray(trace["x"]).tolist() for trace in texts(figure)}
    assert drawn[("a", "&lt;b&gt;")] == [0, 1] and drawn[("y",)] == [2] and drawn[("z",)] == [2]
    assert drawn[("→", "→")] == [0.5, 1.5] and drawn[("↑", "↑")] == [0, 1] and drawn[("↑",)] == [2]
    assert list(figure["layout"]["xaxis"]["ticktext"]) == ["0", "1", "2"]  # as a pointer says, however many blanks
    guess = next(trace for trace in texts(figure) if tuple(trace["text"]) == ("y",))
    assert list(guess["textfont"]["color"]) == [theme.wrong]


def test_arrows_follow_the_direction_and_layers_lie_on_one_another():
    one = Diagram(("a", "b", "c"), (Chain(STATES), Chain(-STATES, 0, True)), ("", "x", ""), ("", "x", ""))
    figure = figures.diagram(one, theme=LIGHT)
    arrows = [trace["text"][0] for trace in texts(figure) if trace["text"][0] in "→←"]
    assert sorted(arrows) == ["←", "→"]
    chains = tuple(Chain(STATES * scale, layer) for layer, scale in enumerate((0.1, 0.2, 0.3)))
    deep = one._replace(chains=chains)
    heats = [trace for trace in figures.diagram(deep, theme=LIGHT)["data"] if trace["type"] == "heatmap"]
    assert [round(float(np.nanmax(np.abs(h["z"])) / np.abs(STATES).max()), 1) for h in heats] == [0.3, 0.2, 0.1]


def test_the_scale_of_the_states_only_grows():
    small, large = (Diagram(("a",) * 3, (Chain(scale * STATES),), ("",) * 3, ("",) * 3) for scale in (1, 7))
    large = large._replace(gradient=np.array([1e-5, 0.0, 0.3]))
    found = figures.ranges_of(large)
    assert figures.ranges_of(small) == (1, None) and 5 < found.state <= 8 and found.gradient == (-5, 0)
    assert figures.ranges_of(small, found) == found
    line = figures.diagram(large, theme=LIGHT)["data"][-1]
    assert np.allclose(line["y"], [1e-5, np.nan, 0.3], equal_nan=True) and line["yaxis"] == "y4"


def test_the_line_between_encoder_and_decoder():
    view = Diagram(("a", "▶", "x"), (Chain(STATES),), ("", "x", "⏎"), ("", "x", "⏎"), boundary=1)
    figure = figures.diagram(view, theme=LIGHT)
    assert [shape["x0"] for shape in figure["layout"]["shapes"]] == [0.5]
    inputs = next(trace for trace in texts(figure) if tuple(trace["text"]) == ("a", "▶", "x"))
    assert list(inputs["textfont"]["color"]) == [LIGHT.ink, LIGHT.held_out, LIGHT.held_out]


def test_the_verdict():
    found = Verdict(("not", "good"), np.array([0.6, 0.2]), 0.7, 0, (), 0.5, ())
    figure = figures.verdict(found, theme=LIGHT)
    network, bag, words = figure["data"]
    assert network["y"].tolist() == [0.6, 0.2] and list(network["marker"]["color"]) == [LIGHT.right, LIGHT.held_out]
    assert bag["y"].tolist() == [0.7, 0.7] and list(words["text"]) == ["not", "good"]
    axis = figure["layout"]["xaxis"]
    assert axis["title"]["text"] == "words of the sentence" and axis["showticklabels"] is False


def test_drawings_lift_the_pen():
    points = np.zeros((4, 10, 3))
    points[..., 0], points[..., 2] = np.arange(4)[:, None], 1
    drawn = points.copy()
    drawn[2, :, 2] = 0  # the way to the third point is above the paper
    legible = np.arange(10) != 7
    figure = figures.drawings(Drawings(drawn, points, legible, 3), theme=LIGHT)
    assert len(figure["data"]) == 20
    own = figure["data"][1]["x"]
    assert np.isnan(own).tolist() == [False, False, True, False, False]
    assert not np.isnan(figure["data"][0]["x"]).any()
    assert [figure["data"][2 * d + 1]["line"]["color"] == LIGHT.held_out for d in range(10)] == (~legible).tolist()


def test_the_alignment_has_a_row_for_each_output():
    found = Alignment(np.array([[0.9, 0.1], [0.25, 0.75], [0.5, 0.5]], np.float32), ("a", " "), ("x", "y", "⏎"))
    figure = figures_translation.alignment(found, theme=DARK)
    assert np.array_equal(figure["data"][0]["z"], found.weights) and figure["data"][0]["zmax"] == 1
    assert figure["layout"]["xaxis"]["ticktext"] == ("a", "␣")
    assert figure["layout"]["yaxis"]["ticktext"] == ("x", "y", "⏎")
    assert figure["layout"]["yaxis"]["range"] == (4.7, -0.5)  # the first one on top, two rows of inputs below
    words = [(*row["text"], *row["y"]) for row in figure["data"][1:]]
    assert words == [("a", 3.1), ("␣", 4.1)]


def test_bars_of_lengths_sides_and_memory():
    found = Translation(np.array([1, 3]), np.array([2, 4]), np.array([1.0, 0.25]), 0.9, 0.8, (), "", "")
    bars = figures_translation.bottleneck(found, theme=LIGHT)["data"][0]
    assert bars["x"].tolist() == [1, 3] and bars["y"].tolist() == [100, 25]
    beside = figures_translation.bottleneck(found._replace(plain=np.array([0.5, 0])), theme=LIGHT)
    assert [bars["y"].tolist() for bars in beside["data"]] == [[100, 25], [50, 0]]
    assert beside["layout"]["showlegend"]
    sides = Sides(("is", "are"), np.array([1.0, -2]), np.array([0.5, 0]), np.zeros(2), np.array([0.9, 0.1]),
                  np.array([0.5, 0.5]), 0)  # fmt: skip
    figure = figures.sides(sides, theme=DARK)
    assert [trace["y"].tolist() for trace in figure["data"]] == [[1, -2], [0.5, 0], [90, 10], [50, 50]]
    assert figure["layout"]["yaxis"]["range"] == (-2, 2) and figure["layout"]["xaxis"]["title"]["text"] == "verb"
    lines = figures.memory(Memory(np.array([[1, 0.5], [0.2, 0]])), theme=LIGHT)["data"]
    assert [line["y"].tolist() for line in lines] == [[100, 50], [20, 0]]
