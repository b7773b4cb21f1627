"""A chart taken along: PNG, SVG and CSV are made in the browser from the figure that is on the screen."""

import base64
import csv
import io
import json
import struct
import xml.etree.ElementTree as ElementTree
import zlib

import numpy as np
import plotly.graph_objects as go
import pytest
from chart_figures import HEIGHT, MARGIN, WIDTH, figure_of, table, text_score, waves

from rnn_core.tasks.captions.pictures import INK, SIDE
from ui.charts.loss import loss
from ui.settings import keys
from ui.shapes import captions, speech
from ui.shapes.controls import arranged
from ui.shapes.training import ShapesRun
from ui.theme import LIGHT
from ui.training.history import Record
from ui.training.snapshot import SampleChoice

pytestmark = pytest.mark.browser
SVG = "{http://www.w3.org/2000/svg}"
PNG = """async () => {
  const bytes = new Uint8Array(await (await chart.png()).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}"""


def rows(page) -> list[dict]:
    text = page.evaluate("() => chart.csv()")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def drawing(page) -> ElementTree.Element:
    return ElementTree.fromstring(page.evaluate("() => chart.svg('a chart')"))


def curves() -> dict:
    line = {"type": "scatter", "mode": "lines+markers", "line": {"color": "#1f6fb2"}, "marker": {"size": 6}}
    traces = [
        line | {"name": "a, b", "x": [0, 1, 2, 3], "y": [0.5, None, 0.25, 1e-3]},
        {"type": "bar", "name": "=sum", "x": [0, 1, 2], "y": [1, 2, 3], "marker": {"color": "#c2500a"}},
        line | {"mode": "text", "name": "signs", "x": [1, 2], "y": [1, 1], "text": ["&lt;", "x"]},
    ]
    titles = {"xaxis": {"title": {"text": "step t"}}, "yaxis": {"title": {"text": "loss (nats)"}}}
    return figure_of(traces, **titles)


def test_a_png_has_twice_the_size_and_the_ground_of_the_page(show):
    page = show(table(waves(), hoverlabel={"bgcolor": "#0f131a"}))
    data = base64.b64decode(page.evaluate(PNG))
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height, depth, kind = struct.unpack(">IIBB", data[16:26])
    assert (width, height, depth) == (2 * WIDTH, 2 * HEIGHT, 8)
    at, packed = 8, b""
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        packed += data[at + 8 : at + 8 + length] if name == b"IDAT" else b""
        at += length + 12
    first = zlib.decompress(packed)[1:4]  # the corner: a filter cannot change the first pixel
    assert (first, kind in (2, 6)) == (bytes((0x0F, 0x13, 0x1A)), True)
    assert len(data) > 5000  # more than a ground


def test_an_svg_holds_the_titles_and_every_mark(show):
    page = show(curves())
    root = drawing(page)
    assert (root.get("width"), root.get("height")) == (str(WIDTH), str(HEIGHT))
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert {"step t", "loss (nats)", "<", "x"} <= set(texts)
    assert root.find(f"{SVG}title").text == "a chart"
    paths = [path for path in root.iter(f"{SVG}path") if path.get("fill") == "#1f6fb2" and "a" in path.get("d")]
    assert sum(path.get("d").count("M") for path in paths) == 3  # the points that have a number
    assert sum(rect.get("fill") == "#c2500a" for rect in root.iter(f"{SVG}rect")) == 3
    line = [path for path in root.iter(f"{SVG}path") if path.get("stroke") == "#1f6fb2" and path.get("fill") == "none"]
    assert [path.get("d").count("M") for path in line] == [2]  # broken where there is no number


def test_a_long_title_of_the_x_axis_ends_before_the_edge(show):
    titles = {"xaxis": {"title": {"text": "change of the gradient over twenty steps, in powers of ten"}}}
    page = show(figure_of(curves()["data"], margin=MARGIN | {"l": 190, "r": 10}, **titles), width=360)
    [title] = [text for text in drawing(page).iter(f"{SVG}text") if text.text.startswith("change of")]
    left = float(title.get("x"))
    assert left >= 4 and left + float(title.get("textLength")) <= 360 - 4  # of a letter a little may reach beyond


def test_an_svg_of_the_score_has_its_heat_maps_as_images_of_one_pixel_a_cell(show):
    figure, trace = text_score()
    root = drawing(show(figure))
    sizes = [(image.get("width"), image.get("height")) for image in root.iter(f"{SVG}image")]
    steps, _batch, units = trace.hidden[-1, 1:].shape
    assert sizes[0] == (str(steps), str(units)) and len(sizes) == 2
    headings = "".join(text.text for text in root.iter(f"{SVG}text"))
    assert "hidden state" in headings and "gradient norm" in headings


def test_the_csv_holds_the_numbers_of_the_figure(show):
    page = show(curves())
    found = rows(page)
    first = [(row["x"], row["y"]) for row in found if row["series"] == "a, b"]
    assert [x for x, _y in first] == ["0", "1", "2", "3"]
    assert [float(y) if y else None for _x, y in first] == [0.5, None, 0.25, 1e-3]
    assert {row["stave"] for row in found} == {"loss (nats)"}
    assert [row["text"] for row in found if row["series"] == "signs"] == ["<", "x"]
    assert [row["y"] for row in found if row["series"] == "'=sum"] == ["1", "2", "3"]  # no formula for a spreadsheet


def test_the_csv_of_the_score_and_of_the_loss(show):
    figure, trace = text_score()
    found = rows(show(figure))
    hidden = [row for row in found if row["stave"].startswith("hidden state")]
    shown = np.array([float(row["value"]) for row in hidden]).reshape(-1, len(trace.x))
    np.testing.assert_array_equal(shown.astype(np.float32), trace.hidden[-1, 1:, 0].T)
    losses = [float(row["y"]) for row in found if row["stave"].startswith("loss of the step")]
    np.testing.assert_array_equal(np.float32(losses), np.float32(trace.loss_per_step[:, 0]))
    record = Record()
    record.append(loss=np.linspace(3, 1, 50), norm=np.ones(50), clip_factor=np.ones(50))
    figure = loss(record.curve(), [(0, 3.0), (50, 1.5)], references=[], theme=LIGHT, translate=str)
    held_out = [row for row in rows(show(figure)) if row["series"] == "held out"]
    assert [(float(row["x"]), float(row["y"])) for row in held_out] == [(0, 3.0), (50, 1.5)]


@pytest.mark.parametrize("wide", [False, True])
def test_numbers_of_32_bits_are_written_as_short_as_they_are(show, wide):
    y = np.array([0.1, 1 / 3, 0.0839999978542328, 3e-39, 123456.7], np.float32)
    if wide:
        y = y.astype(np.float64)  # as in a chart that leaves gaps
    figure = {"data": [{"type": "scatter", "mode": "lines", "x": [0, 1, 2, 3, 4], "y": y}]}
    figure["layout"] = {"template": LIGHT.template}
    page = show(json.loads(go.Figure(figure).to_json()))
    written = [row["y"] for row in rows(page)]
    np.testing.assert_array_equal(np.float32(written), y)
    assert written[0] == "0.1" and written[2] == "0.084" and written[4] == "123456.7"
    assert max(map(len, written)) <= len("3.00000007e-39")


def shape_after_an_update(name, typed):
    setup, training = arranged(name, {keys.SHAPE_UNITS: 6}, "en")
    trained = ShapesRun(1, setup, training, SampleChoice("typed", typed=typed))
    trained.train(1)
    return trained.view()


def test_the_csv_of_speech_holds_the_probabilities_drawn_and_when_a_vowel_sounds(show):
    view = shape_after_an_update("speech", "ae")
    found, listed = view.finding, rows(show(speech.figure(view, LIGHT, str)))
    for k, name in enumerate(("blank", *found.symbols[1:])):
        of_it = [row for row in listed if row["series"] == name]
        assert [int(row["x"]) for row in of_it] == list(range(64))
        assert np.array_equal(np.float32([row["y"] for row in of_it]), found.probs[:, k])
    sounding = [row for row in listed if row["text"]]
    assert [(int(row["x"]), 1 + int(row["y"]), row["text"]) for row in sounding] == [
        (begin, end, found.symbols[vowel]) for begin, end, vowel in found.sounding
    ]
    assert len(listed) == 6 * 64 + 2 and {row["series"] for row in sounding} == {"sounds from step x to step y"}


def test_the_csv_of_captions_holds_the_ink_the_gradients_and_the_probabilities(show):
    view = shape_after_an_update("captions", "0,0,3,1,1,2,1,7")  # a small red ring above a large blue square
    found, listed = view.finding, rows(show(captions.figure(view, LIGHT, str)))

    def table(name):
        of_it = [row for row in listed if row["series"] == name]
        made = np.full((SIDE, SIDE), np.nan, np.float32)
        made[[int(row["y"]) for row in of_it], [int(row["x"]) for row in of_it]] = [
            row["value"] or "nan" for row in of_it
        ]
        return made

    for number, word in enumerate(found.words, 1):
        assert np.array_equal(table(f"{number}: {word}"), found.gradient[number - 1].astype(np.float32))
    red, _green, blue, _yellow = (table(f"picture: {name}") for name in ("red", "green", "blue", "yellow"))
    top, bottom = (np.nan_to_num(table)[..., None] * INK[k] for table, k in ((red, 0), (blue, 2)))
    assert np.allclose(top[:5], found.ink[:5]) and np.allclose(bottom[10:], found.ink[10:])
    assert np.nanmin(red) == 0 and not (red[10:] > 0).any() and not (blue[:5] > 0).any()  # the paper is with the first
    told = [row for row in listed if row["series"] == "probability of word x"]
    assert [(int(row["x"]), row["text"]) for row in told] == list(enumerate(found.words, 1))
    assert np.array_equal(np.float32([row["y"] for row in told]), found.probs)
    assert len(listed) == (4 + len(found.words)) * SIDE**2 + len(told)
