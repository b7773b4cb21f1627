"""The page “Unroll” in a real browser."""

import csv
import io
import re
import struct
from xml.etree import ElementTree

import numpy as np
import pytest
from actions import until

from ui.unroll.sentence import sentence
from ui.unroll.tape import open_up
from ui.unroll.tape.tape import Computation
from ui.unroll.workspace import own_workspace

pytestmark = pytest.mark.browser
PATIENCE = 60  # seconds

# State of the screen: the operation, its chosen number in full, and the column of figures that must add up.
SCREEN = """() => {
  const root = document.querySelector(".unroll") ?? window.unrollRoot;
  const made = root.querySelector(".made");
  const lines = [...root.querySelectorAll(".made .line")].map((line) => ({
    kind: line.className, term: line.querySelector(".term")?.textContent ?? null,
    full: line.querySelector(".term")?.title ?? "",
  }));
  return {at: Number(root.dataset.at), result: root.dataset.result, value: Number(made.dataset.value),
          lit: root.querySelectorAll(".operation td.lit").length, lines,
          how: root.querySelector(".made .how")?.textContent ?? "", title: root.querySelector("h2").textContent};
}"""
# The component lives in a shadow root; Playwright's locators look into it, evaluate() needs a root.
ROOT = """() => {
  const find = (node) => {
    for (const child of node.querySelectorAll("*")) {
      if (child.classList?.contains("unroll")) return child;
      const inner = child.shadowRoot && find(child.shadowRoot);
      if (inner) return inner;
    }
    return null;
  };
  window.unrollRoot = find(document);
  return window.unrollRoot !== null;
}"""


def ready(page):
    """Wait until the view has drawn an operation."""
    page.locator(".unroll .made .full").wait_for(timeout=1000 * PATIENCE)
    assert page.evaluate(ROOT)
    return page


@pytest.fixture
def unroll(chromium, server):
    """A function that opens the page in a context of its own; at the end every page is checked for errors."""
    opened = []

    def open_page(query="", **options):
        options = {"viewport": {"width": 1440, "height": 900}, "locale": "en-US"} | options
        page = chromium.new_context(**options).new_page()
        page.set_default_timeout(30_000)
        page.problems = []
        page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.goto(f"{server}/unroll{query}")
        opened.append(page)
        return ready(page)

    yield open_page
    for page in opened:
        page.context.close()
        # Streamlit itself asks for its settings below the page's address first.
        assert [text for text in page.problems if "404" not in text] == []


def figure(text: str) -> float:
    return float(text.replace("−", "-"))


def check_sum(seen):
    """The figures shown add up to the figure shown, the one for rounding included."""
    terms = [line for line in seen["lines"] if line["term"] is not None and "left-out" not in line["kind"]]
    if len(terms) < 2:
        return
    total = figure(terms[-1]["term"])
    assert "sum" in terms[-1]["kind"]
    parts = [figure(line["term"]) for line in terms[:-1]]
    exponent = int(terms[-1]["term"].replace("−", "-").partition("e")[2] or 0)
    digits = len(terms[-1]["term"].partition("e")[0].partition(".")[2])
    exact = [figure(line["full"]) for line in terms[:-1] if line["full"]]
    assert abs(sum(exact) - seen["value"]) < 1e-12 + 1e-12 * max(map(abs, exact)), seen
    unit = 10.0 ** (exponent - digits)
    for line in terms[:-1]:
        if "rounding" in line["kind"]:  # no more than rounding each figure can make
            assert abs(figure(line["term"])) < 0.51 * unit * len(terms), seen
    assert abs(sum(parts) - total) < 0.2 * unit, seen


def test_a_whole_sentence_forwards_and_backwards_by_keys(unroll):
    page = unroll()
    tape = open_up(own_workspace(sentence("the cat sat on mats", "words"), "rnn_tanh", 4, False, 0).computation)
    seen = []
    for _press in range(len(tape.operations)):
        seen.append(page.evaluate(SCREEN))
        page.keyboard.press("ArrowRight")
    assert [one["result"] for one in seen] == [operation.result for operation in tape.operations]
    for one in seen:
        assert one["value"] in tape[one["result"]]  # to the last digit
        assert one["lit"] >= 2
        check_sum(one)
    assert any(line["kind"] == "line rounding" for one in seen for line in one["lines"])
    for expected in reversed(tape.operations[:-1]):
        page.keyboard.press("ArrowLeft")
        assert page.evaluate(SCREEN)["result"] == expected.result
    page.keyboard.press("ArrowDown")
    assert page.evaluate(SCREEN)["title"].startswith("Forward · step 1")
    page.keyboard.press("End")
    page.keyboard.press(" ")  # from the end, play begins anew
    until(page, lambda: 1 <= page.evaluate(SCREEN)["at"] <= 3)
    page.keyboard.press(" ")
    at = page.evaluate(SCREEN)["at"]
    until(page, lambda: f"place={at}" in page.evaluate("location.href"))  # the address says where the reader rests


def test_a_table_and_the_diagram_are_taken_along(unroll, tmp_path):
    page = unroll()
    page.get_by_text("The sentence as a table").click()
    table = page.locator("[data-name=steps-table]")
    with page.expect_download() as download:
        table.get_by_role("button", name="Table (CSV)").click()
    assert download.value.suggested_filename == "rnn-lab-steps-table.csv"
    rows = list(csv.reader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))
    assert rows[0][:4] == ["step t", "input", "target", "guess"]
    assert [row[1] for row in rows[1:]] == ["the", "cat", "sat", "on", "mats"]
    shown = table.locator("tbody td").all_inner_texts()
    assert [cell for row in rows[1:] for cell in row] == shown

    for name, kind in (("Drawing (SVG)", "svg"), ("Picture (PNG)", "png")):
        with page.expect_download() as taken:
            page.locator(".unroll").get_by_role("button", name=name).click()
        assert taken.value.suggested_filename == f"rnn-lab-unrolled.{kind}"
        taken.value.save_as(tmp_path / kind)
    drawing = ElementTree.parse(tmp_path / "svg").getroot()
    texts = {text.text for text in drawing.iter("{http://www.w3.org/2000/svg}text")}
    assert {"the", "cat"} <= texts and all(
        "fill:" in part.get("style") for part in drawing.iter() if part is not drawing
    )
    picture = (tmp_path / "png").read_bytes()
    assert struct.unpack(">II", picture[16:24]) == (2 * int(drawing.get("width")), 2 * int(drawing.get("height")))
    assert len(picture) > 10_000  # something is drawn


@pytest.mark.parametrize(
    ("query", "own"),
    [
        ("unrolled_cell=lstm_peephole&cut=windowed&reach=1&with_bias=true", "P_i P_f P_o"),
        ("unrolled_cell=lstm_layer_norm&cut=windowed&reach=1&with_bias=true", "Gx_i Gx_f Gx_g Gx_o Gh_i Gc bc"),
        ("unrolled_cell=gru&cut=chunked", ""),
    ],
)
def test_the_gated_cells_with_truncation(unroll, query, own):
    page = unroll(f"?{query}&units=2&sentence=a b a")
    shown = {grid.get_attribute("data-array") for grid in page.locator(".weights .grid").all()}
    assert {"V", *own.split()} <= shown
    assert page.evaluate("() => window.unrollRoot.view.data.ops.length") > 100
    count = page.evaluate("() => window.unrollRoot.view.data.ops.length")
    struck = 0
    for _press in range(count):
        seen = page.evaluate(SCREEN)
        check_sum(seen)
        struck += sum("left-out" in line["kind"] for line in seen["lines"])
        page.keyboard.press("ArrowRight")
    assert struck > 0
    assert page.locator(".diagram svg:visible .left-out .cut").count() == (1 if "chunked" in query else 0)


FOCUSED = "() => window.unrollRoot.getRootNode().activeElement?.closest('.unroll *')"


def test_pointing_lights_copies_and_operands_and_the_diagram_is_one_tab_stop(unroll):
    page = unroll("?place=10")
    opacities = """() => ["W", "U"].map((name) => {
      const nodes = window.unrollRoot.querySelectorAll(`.diagram .weight-${name}`);
      return [...nodes].map((node) => Number(getComputedStyle(node).opacity));
    })"""

    def only_w_is_lit():  # the page may still move under the pointer
        page.locator(".chip[data-weight='W']").hover()
        lit, faded = page.evaluate(opacities)
        return min(lit) == 1 and max(faded) < 0.3

    until(page, only_w_is_lit)
    assert page.evaluate("() => window.unrollRoot.dataset.lit") == "W"
    page.locator(".diagram .weight-V").nth(2).hover(position={"x": 4, "y": 6}, force=True)
    assert page.evaluate("() => window.unrollRoot.dataset.lit") == "V"
    page.locator(".unroll h2").hover()
    assert page.evaluate("() => window.unrollRoot.dataset.lit") == ""
    result = page.locator(".operation .grid.result td[data-i='2']")
    result.hover()
    lit = page.locator(".operation .grid:not(.result) td.lit")
    assert lit.count() == 8  # a row of W and the whole column s
    assert {cell.get_attribute("data-i") for cell in page.locator(".operation .grid[data-array='W'] td.lit").all()} == {
        "2"
    }
    assert re.fullmatch(r"-?\d\.\d{10,}(e-\d+)?", result.get_attribute("title").replace("−", "-"))
    page.locator(".diagram .part-s").nth(3).click()
    assert page.evaluate(SCREEN)["result"] == "s.2"

    # one stop of the Tab key; arrow keys walk in it
    page.locator(".chip").last.focus()
    inside = []
    for _press in range(7):
        page.keyboard.press("Tab")
        inside.append(page.evaluate(f"() => ({FOCUSED})()?.closest('.diagram, .keys, .seek, input').className"))
        if inside[-1] == "diagram":
            before = page.evaluate(SCREEN)["at"]
            page.keyboard.press("ArrowRight")
            assert page.evaluate(SCREEN)["at"] == before + 1
            assert page.evaluate(f"() => ({FOCUSED})().className") == "diagram"
    # then the buttons beside the slider, and the slider
    assert inside == ["diagram", *["keys"] * 5, ""]


def test_a_weight_is_edited_and_everything_follows_then_checked_and_trained(unroll):
    page = unroll("?place=1")
    before = page.evaluate(SCREEN)
    page.get_by_role("button", name=re.compile(r"Weight W\[1,2\]")).first.click()
    field = page.get_by_role("textbox", name="New value")
    field.fill("100")
    field.press("Enter")
    page.get_by_text("A weight is a number from −50 to 50.").wait_for()
    field.fill("-1.5")
    field.press("Enter")
    received = until(page, lambda: page.evaluate("() => Number(window.unrollRoot.dataset.received)") > 1)
    assert received
    until(page, lambda: "changes=W.1.2" in page.evaluate("location.href"))
    one = own_workspace(sentence("the cat sat on mats", "words"), "rnn_tanh", 4, False, 0).computation
    one.weights["weight_hh_l0"][1, 2] = -1.5
    tape = open_up(Computation(one.cell, one.weights, one.ids, one.targets))
    shown = page.get_by_test_id("stMetric").filter(has_text="Loss now").get_by_test_id("stMetricValue")
    until(page, lambda: shown.inner_text() == f"{tape.loss:.4f}")
    assert page.evaluate(SCREEN)["result"] == before["result"]  # the reader stays where they were
    value = "(name) => window.unrollRoot.view.data.arrays[name].v"
    assert np.array_equal(page.evaluate(value, "s.4"), tape["s.4"][:, 0])
    page.get_by_role("button", name="Undo").click()
    until(page, lambda: "changes" not in page.evaluate("location.href"))

    # the second computation, the file of it, a step, and training beside weights that are not shared
    page.get_by_role("button", name="Check these numbers").click()
    page.get_by_text(
        re.compile(r"\d+ numbers compared\. Largest deviation from the second computation: \d\.\d×10⁻¹.")
    ).wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the computation").click()
    source = download.value.path().read_text()
    assert "def differences(" in source and "PAGE: Page = json.loads('{" in source
    page.get_by_role("button", name="One gradient step").click()
    page.get_by_text(re.compile(r"brought the loss of the same sentence from \d\.\d+ to \d\.\d+")).wait_for()
    page.get_by_role("button", name="Train both beside one another").click()
    page.get_by_text(re.compile("Beyond them shared weights still work")).wait_for(timeout=1000 * PATIENCE)


def test_a_phone_and_the_largest_sizes(unroll):
    query = "?unrolled_cell=lstm&units=8&symbols=characters&sentence=abcdefghij"
    page = unroll(query, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    for key in ("Home", *["ArrowDown"] * 12, "End"):
        page.keyboard.press(key)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert page.locator(".unroll").bounding_box()["width"] <= 390
    page.locator(".key.previous").tap()
    page.set_viewport_size({"width": 1440, "height": 900})
    until(page, lambda: page.locator(".diagram").bounding_box()["width"] > 600)
    fits = "(diagram) => { const width = (part) => part?.getBoundingClientRect().width ?? 0;"
    fits += " const drawing = width(diagram.querySelector('svg')); return 0 < drawing && drawing <= width(diagram); }"
    until(page, lambda: page.locator(".diagram").evaluate(fits))  # drawn anew
