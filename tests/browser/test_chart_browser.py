"""The charts on a canvas: what is on the screen is what the figure says, read back pixel by pixel."""

import re
from itertools import pairwise

import numpy as np
import pytest
from chart_figures import FRAME, HEIGHT, area, column, figure_of, frame, interpolated, table, text_score, waves
from chart_page import pixels, selected, tooltip
from playwright.sync_api import Error

from rnn_core.tasks.order import OrderTask
from ui.theme import DARK, LIGHT

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("theme", "width", "ratio"), [(LIGHT, 800, 1), (DARK, 800, 1), (LIGHT, 358, 3), (DARK, 811, 1.25)]
)
def test_the_colour_of_every_cell_is_that_of_its_value(show, theme, width, ratio):
    figure, trace = text_score(theme)
    page = show(figure, width, device_scale_factor=ratio)
    left, right, top, bottom = area(figure, "yaxis2", width)
    states = trace.hidden[-1, 1:, 0]
    steps, units = states.shape
    cells = [(step, unit) for step in range(steps) for unit in range(units)]
    points = [(left + (step + 0.5) / steps * (right - left), top + (unit + 0.5) / units * (bottom - top))
              for step, unit in cells]  # fmt: skip
    seen = pixels(page, points)
    wanted = interpolated(theme.diverging, (states.ravel() + 1) / 2)
    assert np.abs(seen[:, :3] - wanted).max() <= 2
    assert (seen[:, 3] == 255).all()


def test_cells_begin_and_end_where_their_step_does(show):
    page = show(table([[(-1) ** step for step in range(7)]]))  # 99.4 pixels to a column
    edges = [FRAME.across(step / 7) for step in range(1, 7)]
    left, right = (pixels(page, [(edge + aside, 100) for edge in edges])[:, :3] for aside in (-2, 2))
    blue, orange = interpolated(LIGHT.diverging, [0, 1])
    assert np.abs(left - [orange, blue] * 3).max() <= 2 and np.abs(right - [blue, orange] * 3).max() <= 2
    row = pixels(page, [(x + 0.5, 100) for x in range(FRAME.left, FRAME.right)])
    gaps = np.flatnonzero(row[:, 3] == 0)
    assert len(gaps) == 6 and np.abs(gaps + FRAME.left + 0.5 - edges).max() <= 1  # one sharp pixel between two columns


def test_what_is_not_a_number_is_not_drawn(show):
    z = waves()
    z[2][3] = z[0][9] = None
    page = show(table(z))
    middle = [FRAME.down((unit + 0.5) / 6) for unit in range(6)]
    alpha = pixels(page, [(column(step), middle[unit]) for unit in range(6) for step in range(10)])[:, 3].reshape(6, 10)
    assert [tuple(cell) for cell in np.argwhere(alpha == 0)] == [(0, 9), (2, 3)]
    page.mouse.move(column(3), middle[2])
    assert tooltip(page) == ""


def test_a_log_axis_puts_powers_of_ten_at_equal_distances(show):
    marks = {
        "type": "scatter",
        "mode": "markers",
        "x": [0, 1, 2, 3, 4],
        "y": [1e-4, 1e-3, 1e-2, 0, 1],
        "marker": {"size": 9, "color": "#ff0000"},
    }
    page = show(
        figure_of(
            [marks],
            xaxis={"range": [-0.5, 9.5]},
            yaxis={"type": "log", "range": [-5, 1], "dtick": 2, "exponentformat": "power", "showgrid": True},
        )
    )
    for step, exponent in ((0, -4), (1, -3), (2, -2), (4, 0)):
        rows = pixels(page, [(column(step), y + 0.5) for y in range(HEIGHT)])
        red = np.flatnonzero((rows[:, 0] > 200) & (rows[:, 1] < 50) & (rows[:, 3] == 255))
        wanted = FRAME.down((1 - exponent) / 6)
        assert abs(red.mean() + 0.5 - wanted) <= 0.6
    rows = pixels(page, [(column(3), y + 0.5) for y in range(HEIGHT)])
    assert not ((rows[:, 0] > 200) & (rows[:, 1] < 50)).any()  # zero has no place there
    drawn_rows = np.flatnonzero(pixels(page, [(column(7), y + 0.5) for y in range(FRAME.bottom)])[:, 3] > 100)
    powers = [FRAME.down((1 - exponent) / 6) for exponent in (0, -2, -4)]
    assert np.abs(drawn_rows + 0.5 - powers).max() <= 1  # the lines of the grid
    texts = [text for text, *_ in page.evaluate("() => texts")]
    assert texts.count("10") == 2 and {"1", "−2", "−4"} <= set(texts)


def test_rows_in_another_order_keep_their_names(show):
    z, order = waves(units=3), ["2", "0", "1"]
    figure = table(z)
    figure["data"][0]["y"] = order
    figure["layout"]["yaxis"] |= {"type": "category", "tickvals": ["2", "1"]}
    page = show(figure)
    assert [text for text, *_ in page.evaluate("() => texts")][:2] == ["2", "1"]
    page.mouse.move(column(3), HEIGHT / 2)
    assert tooltip(page) == f"step 3, unit 0: {z[1][3]:.3f}"
    seen = pixels(page, [(column(3), FRAME.down((row + 0.5) / 3)) for row in range(3)])
    wanted = interpolated(LIGHT.diverging, [(z[row][3] + 1) / 2 for row in range(3)])
    assert np.abs(seen[:, :3] - wanted).max() <= 2


def test_markup_in_symbols_is_text(show):
    symbols = ["&lt;b&gt;", "&amp;amp;", "<i>x</i>", "%{x}"]
    line = {"type": "scatter", "mode": "text", "x": [0, 1, 2, 3], "y": [0, 0, 0, 0], "text": symbols}
    heat = table(waves(10, 2))["data"][0] | {"hovertemplate": "<b>%{y}</b>: %{z:.1f}<extra></extra>"}
    names = {"tickvals": [0, 1], "ticktext": ["&lt;img src=x onerror=alert(1)&gt;", "é"], "range": [1.5, -0.5]}
    heading = {"text": "x<sub>t</sub> &lt;u&gt;", "x": 0, "y": 1, "xref": "paper", "yref": "paper", "showarrow": False}
    page = show(figure_of([line, heat], xaxis={"range": [-0.5, 9.5]}, yaxis=names, annotations=[heading]))
    texts = [text for text, *_ in page.evaluate("() => texts")]
    assert {"<b>", "&amp;", "<i>x</i>", "%{x}", "<img src=x onerror=alert(1)>", "x", "t", " <u>"} <= set(texts)
    page.mouse.move(column(3), FRAME.top + 40)
    assert tooltip(page) == f"<img src=x onerror=alert(1)>: {waves(10, 2)[0][3]:.1f}"
    assert page.locator(".chart-tooltip *").count() == 0 and page.locator("img").count() == 0


def test_the_legend_shows_the_mark_of_a_trace(show):
    marker = {"symbol": "square", "size": 9, "color": "#00ff00", "line": {"width": 2, "color": "#ff0000"}}
    points = {"type": "scatter", "mode": "markers", "x": [1], "y": [1], "name": "saddle", "marker": marker}
    legend = {"orientation": "h", "x": 0, "y": 0.9, "yanchor": "bottom"}
    page = show(figure_of([points], xaxis={"range": [0, 9]}, yaxis={"range": [0, 10]}, showlegend=True, legend=legend))
    ((_text, left, *_),) = [found for found in page.evaluate("() => texts") if found[0] == "saddle"]
    drawn = pixels(page, [(x, y) for x in np.arange(left - 20, left - 8) for y in range(FRAME.top, FRAME.top + 50)])
    assert (np.abs(drawn[:, :3] - [0, 255, 0]).max(axis=1) < 3).sum() > 20  # its filling
    assert (np.abs(drawn[:, :3] - [255, 0, 0]).max(axis=1) < 90).sum() > 15  # its edge


@pytest.mark.parametrize("kind", ["pie", "scatter3d"])
def test_what_cannot_be_drawn_is_refused_by_name(show, kind):
    page = show(table(waves()))
    with pytest.raises(Error, match=kind):
        page.evaluate("kind => chart.draw({ data: [{ type: kind }], layout: {} })", kind)
    assert page.evaluate("() => chart.frames") == 1


def test_of_many_figures_only_the_newest_is_drawn(show):
    page = show(table(waves()))
    figures = [table([[share] * 10]) for share in (-1, 0, 1)]
    page.evaluate(
        "async figures => { figures.slice(0, 2).forEach((f) => chart.draw(f)); await drawn(figures[2]) }", figures
    )
    assert page.evaluate("() => chart.frames") == 2
    assert np.abs(pixels(page, [(column(3), 100)])[0][:3] - interpolated(LIGHT.diverging, [1])[0]).max() <= 2


def test_the_figure_can_be_read_back(show):
    figure, trace = text_score()
    page = show(figure)
    z = page.evaluate(
        "() => chart.figure.data.find((trace) => trace.type === 'heatmap').z.map((row) => Array.from(row))"
    )
    assert np.array_equal(np.array(z, np.float32), trace.hidden[-1, 1:, 0].T)


def test_the_chart_follows_the_width_of_its_element(show):
    page = show(table(waves(), meta={"selectable": True}))
    page.evaluate("() => { document.getElementById('chart').style.width = '400px'; }")
    page.wait_for_function("() => document.querySelector('canvas').width === 400")
    page.mouse.click(frame(400).across(0.65), 100)
    assert selected(page) == [6]
    assert page.locator("canvas").bounding_box()["height"] == HEIGHT


@pytest.mark.parametrize("width", [240, 358, 800])
@pytest.mark.parametrize("steps", [3, 25, 200])
def test_labels_and_symbols_never_overlap(show, width, steps):
    symbols = {
        "type": "scatter",
        "mode": "text",
        "x": list(range(steps)),
        "y": [0] * steps,
        "text": ["w", "河"] + ["w"] * (steps - 2),  # a sign that is wider than its letter
        "textfont": {"family": "monospace"},
        "meta": {"columns": steps, "letters": 1},
        "cliponaxis": False,
    }
    axis = {"range": [-0.5, steps - 0.5], "tickformat": "d", "nticks": min(steps, 14) + 1}
    page = show(figure_of([symbols], xaxis=axis, yaxis={"range": [-1, 1], "visible": False}), width)
    drawn = [tuple(text) for text in page.evaluate("() => texts")]
    for wanted in (lambda text: text in ("w", "河"), str.isdigit):
        spans = sorted((left, right) for text, left, right, *_ in drawn if wanted(text))
        assert len(spans) >= 2 and all(before[1] <= after[0] + 0.1 for before, after in pairwise(spans))
        assert spans[-1][1] <= width
    assert min(size for text, *_, size, _line in drawn if text == "w") >= 6  # still to be read
    labels = [int(text) for text, *_ in drawn if text.isdigit()]
    assert len(set(labels)) == len(labels)  # whole numbers, each once


@pytest.mark.parametrize("width", [240, 358])
def test_a_line_without_room_for_all_writes_what_the_task_asks_for_and_says_so(show, width):
    task = OrderTask(sequence_length=100)
    batch = task.example(1)
    letters = [task.vocabulary[i] for i in batch.x[:, 0]]
    line = {
        "type": "scatter",
        "mode": "text",
        "x": list(range(100)),
        "y": [0] * 100,
        "text": letters,
        "textfont": {"family": "monospace"},
        "meta": {"columns": 100, "letters": 1, "note": "some are left out"},
        "cliponaxis": False,
    }
    axis = {"range": [-0.5, 99.5], "tickformat": "d"}
    page = show(figure_of([line], xaxis=axis, yaxis={"range": [-1, 1], "visible": False}), width)
    drawn = [text for text, *_ in page.evaluate("() => texts")]
    assert "some are left out" in drawn
    wanted = [letter for letter in letters if letter in "XYEB"]
    assert [letter for letter in drawn if letter in set("XYEB")] == wanted and len(wanted) == 4
    assert 10 < sum(letter in set("abcd") for letter in drawn) < 96


def test_an_axis_of_enormous_or_tiny_numbers_has_powers_of_ten(show):
    for top, wanted in ((4e22, "2×10²²"), (4e-7, "2×10⁻⁷")):
        line = {"type": "scatter", "mode": "lines", "x": [0, 9], "y": [0, top]}
        page = show(figure_of([line], xaxis={"range": [0, 9]}, yaxis={"range": [0, top]}))
        texts = [text for text, *_ in page.evaluate("() => texts")]
        assert wanted in texts and not [text for text in texts if re.search(r"\de[+−-]?\d|\d[BM]$", text)]
