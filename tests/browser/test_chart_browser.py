"""The charts on a canvas: what is on the screen is what the figure says, read back pixel by pixel."""

import functools
import http.server
import json
import math
import threading
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Error

from rnn_core import Model, ModelConfig
from rnn_core.tasks import TextTask
from ui.figures.loss import loss
from ui.figures.score import score
from ui.history import Record
from ui.theme import DARK, LIGHT

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
POLICY = "default-src 'none'; script-src 'self'; style-src 'none'; connect-src 'self'"
PAGE = b"""<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>chart</title>
<body><div id="chart"></div>
<script type="module" src="/tests/browser/chart_page.js"></script>"""
LEFT, RIGHT, TOP, BOTTOM = 60, 44, 10, 40  # margins of the figures made here, pixels
WIDTH, HEIGHT = 800, 330
PLOT = WIDTH - LEFT - RIGHT  # pixels of the x axis


class Handler(http.server.SimpleHTTPRequestHandler):
    """The repository's files, and one page under a strict content security policy."""

    def do_GET(self):
        if self.path != "/":
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        return self.wfile.write(PAGE)

    def end_headers(self):
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def address():
    """Where the page with one empty chart is."""
    handler = functools.partial(Handler, directory=str(ROOT))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def show(chromium, address):
    """A function that opens the page and draws a figure; no page may have an error at its end."""
    opened = []

    def open_page(figure, width=WIDTH, **options):
        page = chromium.new_context(viewport={"width": width, "height": 900}, **options).new_page()
        page.set_default_timeout(10_000)
        page.problems = []
        page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.goto(address)
        page.wait_for_function("() => window.chart")
        draw(page, figure)
        opened.append(page)
        return page

    yield open_page
    for page in opened:
        page.context.close()
        assert [problem for problem in page.problems if "favicon" not in problem] == []


def draw(page, figure):
    """Hand the figure to the chart and wait until it is on the screen."""
    if not isinstance(figure, dict):
        figure = json.loads(figure.to_json(validate=False))
    page.evaluate("figure => drawn(figure)", figure)


def pixels(page, points) -> np.ndarray:
    """(n, 4) red, green, blue, alpha of the canvas at the points, in CSS pixels."""
    return np.array(page.evaluate("points => pixels(points)", [[float(x), float(y)] for x, y in points]))


def tooltip(page) -> str:
    """What the box says; nothing if there is none."""
    box = page.locator(".chart-tooltip")
    return box.inner_text() if box.is_visible() else ""


def view(page) -> list:
    return page.evaluate("() => chart.view.x")


def selected(page) -> list:
    """Every step that was called back, in order."""
    return page.evaluate("() => selected")


def column(step, steps=10) -> float:
    """The pixel in the middle of a step of the figures made here."""
    return LEFT + (step + 0.5) / steps * PLOT


def table(z, **layout) -> dict:
    """A figure of one heat map, a step to a column, that fills all its height."""
    heat = {
        "type": "heatmap",
        "z": z,
        "colorscale": [list(stop) for stop in LIGHT.diverging],
        "zmin": -1,
        "zmax": 1,
        "xgap": 1,
        "hovertemplate": "step %{x}, unit %{y}: %{z:.3f}<extra></extra>",
    }
    axes = {"xaxis": {"range": [-0.5, len(z[0]) - 0.5], "tickformat": "d", "showspikes": True}}
    axes["yaxis"] = {"range": [len(z) - 0.5, -0.5]}
    return figure_of([heat], **axes, **layout)


def figure_of(traces, **layout) -> dict:
    margin = {"l": LEFT, "r": RIGHT, "t": TOP, "b": BOTTOM}
    return {
        "data": traces,
        "layout": {"template": LIGHT.template, "height": HEIGHT, "margin": margin, "uirevision": "one", **layout},
    }


def waves(steps=10, units=6) -> list:
    """Some numbers between -1 and 1, no two alike."""
    return [[math.sin(1 + 3 * unit + 0.7 * step) for step in range(steps)] for unit in range(units)]


def interpolated(scale, shares) -> np.ndarray:
    """(n, 3) the colours of a scale at these positions."""
    colours = np.array([[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for _, colour in scale])
    return np.stack([np.interp(shares, [stop for stop, _ in scale], channel) for channel in colours.T], axis=-1)


def text_score(theme=LIGHT, **options):
    """The score of a network that reads a text."""
    task = TextTask()
    x, targets, mask = task.example(0)
    model = Model(ModelConfig("rnn_tanh", task.input_size, 32, task.output_size, seed=1))
    trace = model.backward(x, targets, mask=mask)
    return score(trace, task.vocabulary, theme=theme, **options), trace


def area(figure, name, width=WIDTH):
    """Left, right, top and bottom of a stave, in pixels."""
    layout = figure.to_dict()["layout"]
    margin, height = layout["margin"], layout["height"]
    inner = height - margin["t"] - margin["b"]
    low, high = layout[name]["domain"]
    return margin["l"], width - margin["r"], height - margin["b"] - high * inner, height - margin["b"] - low * inner


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
    edges = [LEFT + step * PLOT / 7 for step in range(1, 7)]
    left, right = (pixels(page, [(edge + aside, 100) for edge in edges])[:, :3] for aside in (-2, 2))
    blue, orange = interpolated(LIGHT.diverging, [0, 1])
    assert np.abs(left - [orange, blue] * 3).max() <= 2 and np.abs(right - [blue, orange] * 3).max() <= 2
    row = pixels(page, [(x + 0.5, 100) for x in range(LEFT, WIDTH - RIGHT)])
    gaps = np.flatnonzero(row[:, 3] == 0)
    assert len(gaps) == 6 and np.abs(gaps + LEFT + 0.5 - edges).max() <= 1  # one sharp pixel between two columns


def test_what_is_not_a_number_is_not_drawn(show):
    z = waves()
    z[2][3] = z[0][9] = None
    page = show(table(z))
    middle = [TOP + (unit + 0.5) * (HEIGHT - TOP - BOTTOM) / 6 for unit in range(6)]
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
        wanted = TOP + (1 - exponent) / 6 * (HEIGHT - TOP - BOTTOM)
        assert abs(red.mean() + 0.5 - wanted) <= 0.6
    rows = pixels(page, [(column(3), y + 0.5) for y in range(HEIGHT)])
    assert not ((rows[:, 0] > 200) & (rows[:, 1] < 50)).any()  # zero has no place there
    drawn_rows = np.flatnonzero(pixels(page, [(column(7), y + 0.5) for y in range(HEIGHT - BOTTOM)])[:, 3] > 100)
    powers = [TOP + (1 - exponent) / 6 * (HEIGHT - TOP - BOTTOM) for exponent in (0, -2, -4)]
    assert np.abs(drawn_rows + 0.5 - powers).max() <= 1  # the lines of the grid
    texts = [text for text, *_ in page.evaluate("() => texts")]
    assert texts.count("10") == 2 and {"1", "−2", "−4"} <= set(texts)


def test_the_tooltip_says_the_exact_value(show):
    z = waves()
    page = show(table(z))
    page.mouse.move(column(3), TOP + 4.5 * (HEIGHT - TOP - BOTTOM) / 6)
    assert tooltip(page) == f"step 3, unit 4: {z[4][3]:.3f}"
    spike = page.locator(".chart-spike").bounding_box()
    assert abs(spike["x"] + spike["width"] / 2 - column(3)) <= 1 and spike["height"] == HEIGHT - TOP - BOTTOM
    z[4][3] = -0.25  # the pointer rests, the network goes on
    draw(page, table(z))
    assert tooltip(page) == "step 3, unit 4: -0.250"
    page.mouse.move(WIDTH - RIGHT - 1, TOP + 1)
    box = page.locator(".chart-tooltip").bounding_box()
    assert box["y"] >= 0 and box["x"] + box["width"] <= WIDTH
    page.mouse.move(5, 600)
    assert tooltip(page) == ""


def test_rows_in_another_order_keep_their_names(show):
    z, order = waves(units=3), ["2", "0", "1"]
    figure = table(z)
    figure["data"][0]["y"] = order
    figure["layout"]["yaxis"] |= {"type": "category", "tickvals": ["2", "1"]}
    page = show(figure)
    assert [text for text, *_ in page.evaluate("() => texts")][:2] == ["2", "1"]
    page.mouse.move(column(3), HEIGHT / 2)
    assert tooltip(page) == f"step 3, unit 0: {z[1][3]:.3f}"
    seen = pixels(page, [(column(3), TOP + (row + 0.5) * (HEIGHT - TOP - BOTTOM) / 3) for row in range(3)])
    wanted = interpolated(LIGHT.diverging, [(z[row][3] + 1) / 2 for row in range(3)])
    assert np.abs(seen[:, :3] - wanted).max() <= 2


def test_the_tooltip_of_every_stave(show):
    figure, trace = text_score()
    page = show(figure)
    seen = {}
    for name in ("yaxis2", "yaxis4", "yaxis5", "yaxis6"):
        left, right, _top, bottom = area(figure, name)
        page.mouse.move(left + 7.5 / 25 * (right - left), bottom - 6)
        seen[name] = tooltip(page)
    probabilities = figure.data[-4]["z"]
    assert seen["yaxis2"] == f"step 7, unit 30: {trace.hidden[-1, 8, 0, 30]:.3f}"
    assert seen["yaxis4"] == f"step 7, symbol others: probability {probabilities[-1, 7]:.3f}"
    assert seen["yaxis5"] == f"step 7: loss {trace.loss_per_step[7, 0]:.3f}"
    norm = np.linalg.norm(trace.d_hidden[-1, 8, 0].astype(np.float64))
    mantissa, exponent = f"{norm:.2e}".split("e")
    assert seen["yaxis6"] == f"step 7: gradient norm {mantissa}e{int(exponent)}"


def test_a_click_selects_the_nearest_step(show):
    page = show(table(waves(), meta={"selectable": True}))
    page.mouse.click(column(6) + 0.3 * PLOT / 10, 100)
    page.mouse.click(column(6) - 0.3 * PLOT / 10, 200)
    assert selected(page) == [6, 6]
    frame = page.locator(".chart-selection").bounding_box()
    assert frame["x"] == pytest.approx(column(6) - PLOT / 20, abs=0.6)
    assert frame["width"] == pytest.approx(PLOT / 10, abs=0.6)
    page.evaluate("() => chart.select(2)")
    assert page.locator(".chart-selection").bounding_box()["x"] == pytest.approx(column(2) - PLOT / 20, abs=0.6)
    assert selected(page) == [6, 6]  # what the page itself says is not called back
    page.evaluate("() => chart.select(null)")
    assert not page.locator(".chart-selection").is_visible()


def test_arrow_keys_move_the_selection(show):
    page = show(table(waves(), meta={"selectable": True}))
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.id") == "chart"
    assert "solid" in page.evaluate("() => getComputedStyle(document.activeElement).outline")
    for key in ("ArrowLeft", "ArrowLeft", "ArrowRight", "ArrowRight", "Home", "ArrowLeft", "ArrowRight", "End", "a"):
        page.keyboard.press(key)
    assert selected(page) == [9, 8, 9, 0, 1, 9]  # clamped at both ends, said once
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert selected(page)[6:] == [None]
    page.keyboard.press("ArrowRight")
    assert selected(page)[7:] == [0]
    used = page.evaluate("""() => ["ArrowLeft", "Home", "Escape", "Escape", "a", "PageDown"].map((key) => {
      const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
      document.getElementById("chart").dispatchEvent(event);
      return event.defaultPrevented;
    })""")
    assert used == [True, True, True, False, False, False]


def test_only_a_selectable_chart_can_be_selected(show):
    page = show(table(waves()))
    page.mouse.click(column(6), 100)
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.evaluate("() => chart.select(2)")
    assert selected(page) == [] and not page.locator(".chart-selection").is_visible()


def test_the_selection_stays_inside_another_sequence(show):
    page = show(table(waves(), meta={"selectable": True}))
    page.evaluate("() => chart.select(8)")
    draw(page, table(waves(steps=10), meta={"selectable": True}))
    assert page.locator(".chart-selection").bounding_box()["x"] == pytest.approx(column(8) - PLOT / 20, abs=0.6)
    draw(page, table(waves(steps=5), meta={"selectable": True}))
    assert page.locator(".chart-selection").bounding_box()["x"] == pytest.approx(column(4, 5) - PLOT / 10, abs=0.6)


def test_a_finger_scrolls_and_zooms_nothing(show):
    page = show(table(waves(), meta={"selectable": True}))
    page.evaluate("""([from, to]) => {
      for (const [type, clientX] of [["down", from], ["move", (from + to) / 2], ["move", to], ["up", to]]) {
        const options = { pointerType: "touch", clientX, clientY: 100, bubbles: true, pointerId: 7 };
        document.querySelector("canvas").dispatchEvent(new PointerEvent(`pointer${type}`, options));
      }
    }""", [column(2), column(6)])  # fmt: skip
    assert view(page) == [-0.5, 9.5] and selected(page) == []


def drag(page, start, end):
    page.mouse.move(start, 100)
    page.mouse.down()
    page.mouse.move(end, 130, steps=5)
    page.mouse.up()


def test_a_zoom_survives_and_a_double_click_ends_it(show):
    page = show(table(waves(), meta={"selectable": True}))
    drag(page, column(2), column(6))
    assert view(page) == pytest.approx([2, 6], abs=0.02)
    assert selected(page) == []  # a drag is no click
    z = [[-value for value in row] for row in waves()]
    draw(page, table(z, meta={"selectable": True}))
    assert view(page) == pytest.approx([2, 6], abs=0.02)
    labels = [text for text, *_, line in page.evaluate("() => texts") if line > HEIGHT - BOTTOM]
    assert set(labels) <= set("23456") and labels == sorted(set(labels)) and len(labels) >= 3  # whole steps, each once
    # step 3 lies at a quarter of the axis now
    seen = pixels(page, [(LEFT + PLOT / 4, TOP + 5)])[0]
    assert np.abs(seen[:3] - interpolated(LIGHT.diverging, [(z[0][3] + 1) / 2])[0]).max() <= 2
    page.mouse.click(LEFT + PLOT / 4, 100)
    assert selected(page) == [3]
    page.keyboard.press("End")  # the view follows the selection
    assert view(page) == pytest.approx([5.5, 9.5], abs=0.02)
    page.mouse.dblclick(column(5), 100)
    assert view(page) == [-0.5, 9.5]
    drag(page, column(2), column(6))
    draw(page, table(z, uirevision="another"))
    assert view(page) == [-0.5, 9.5]


def test_markup_in_symbols_is_text(show):
    symbols = ["&lt;b&gt;", "&amp;amp;", "<i>x</i>", "%{x}"]
    line = {"type": "scatter", "mode": "text", "x": [0, 1, 2, 3], "y": [0, 0, 0, 0], "text": symbols}
    heat = table(waves(10, 2))["data"][0] | {"hovertemplate": "<b>%{y}</b>: %{z:.1f}<extra></extra>"}
    names = {"tickvals": [0, 1], "ticktext": ["&lt;img src=x onerror=alert(1)&gt;", "é"], "range": [1.5, -0.5]}
    heading = {"text": "x<sub>t</sub> &lt;u&gt;", "x": 0, "y": 1, "xref": "paper", "yref": "paper", "showarrow": False}
    page = show(figure_of([line, heat], xaxis={"range": [-0.5, 9.5]}, yaxis=names, annotations=[heading]))
    texts = [text for text, *_ in page.evaluate("() => texts")]
    assert {"<b>", "&amp;", "<i>x</i>", "%{x}", "<img src=x onerror=alert(1)>", "x", "t", " <u>"} <= set(texts)
    page.mouse.move(column(3), TOP + 40)
    assert tooltip(page) == f"<img src=x onerror=alert(1)>: {waves(10, 2)[0][3]:.1f}"
    assert page.locator(".chart-tooltip *").count() == 0 and page.locator("img").count() == 0


def test_of_a_cloud_the_nearest_point_is_told_and_none_that_is_far(show):
    points = {
        "x": [5, 5.2],
        "y": [8, 2],
        "customdata": ["high", "low"],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    cloud = {"type": "scatter", "mode": "markers", "meta": {"cloud": True}, "marker": {"color": "#ff0000"}} | points
    page = show(figure_of([cloud], xaxis={"range": [-0.5, 9.5]}, yaxis={"range": [0, 10]}))
    down = TOP + np.array([0.2, 0.5, 0.8]) * (HEIGHT - TOP - BOTTOM)
    told = []
    for place in down:
        page.mouse.move(column(5), place)
        told.append(tooltip(page))
    assert told == ["high", "", "low"]


def test_the_legend_shows_the_mark_of_a_trace(show):
    marker = {"symbol": "square", "size": 9, "color": "#00ff00", "line": {"width": 2, "color": "#ff0000"}}
    points = {"type": "scatter", "mode": "markers", "x": [1], "y": [1], "name": "saddle", "marker": marker}
    legend = {"orientation": "h", "x": 0, "y": 0.9, "yanchor": "bottom"}
    page = show(figure_of([points], xaxis={"range": [0, 9]}, yaxis={"range": [0, 10]}, showlegend=True, legend=legend))
    ((_text, left, *_),) = [found for found in page.evaluate("() => texts") if found[0] == "saddle"]
    drawn = pixels(page, [(x, y) for x in np.arange(left - 20, left - 8) for y in range(TOP, TOP + 50)])
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
    page.mouse.click(LEFT + 0.65 * (400 - LEFT - RIGHT), 100)
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


@pytest.mark.parametrize("width", [300, 358])
def test_the_loss_on_a_phone(show, width):
    record = Record()
    record.append(loss=np.geomspace(2, 1e-3, 900), norm=np.geomspace(3, 0.02, 900), clip_factor=np.ones(900))
    figure = loss(
        record.curve(),
        ((0, 2.0), (450, 0.5)),
        references=[("chance", 0.167)],
        theme=LIGHT,
        unit="squared",
        clip=1,
    )
    page = show(figure, width, device_scale_factor=2, has_touch=True, is_mobile=True)
    texts = {text for text, *_ in page.evaluate("() => texts")}
    assert {"training", "held out", "chance", "clipped above", "update"} <= texts
    assert all(right <= width for _text, _left, right, *_ in page.evaluate("() => texts"))
    lines = {text: line for text, *_, line in page.evaluate("() => texts")}
    assert all(6 < lines[name] < 26 for name in ("training", "held out"))  # in the margin above
    left, right, top, bottom = area(figure, "yaxis", width)
    low, high = figure.to_dict()["layout"]["yaxis"]["range"]
    curve = record.curve()

    def tap(update, number):
        down = (high - math.log10(number)) / (high - low)
        page.touchscreen.tap(left + update / 1000 * (right - left), top + down * (bottom - top))
        return tooltip(page)

    assert tap(450, 0.5) == "update 450: 0.500"
    update, number = tap(440, np.interp(440, curve.update, curve.loss)).split(": ")
    assert abs(int(update) - 440) <= 4  # a pixel
    assert number == f"{curve.loss[curve.update == int(update)][0]:.4g}"
    page.touchscreen.tap(100, 700)  # beside the chart
    assert tooltip(page) == ""
    assert view(page) == [0, 1000]
