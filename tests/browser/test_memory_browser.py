"""The page “Memory” in a real browser."""

import csv
import io
import re
import xml.etree.ElementTree as ElementTree

import pytest
from actions import choose, settled, until

pytestmark = pytest.mark.browser
SCRUBBER = "Look at update"
LIVE = "document.querySelector('.memory').memory"


@pytest.fixture
def memory(visit):
    """A function that opens the page in a context of its own; at the end every page is checked for errors."""
    return lambda query="", **options: visit(f"memory{query}", **options)


def frame(page, what="frame"):
    return page.evaluate(f"{LIVE}.{what}")


def pause(page, name="Pause"):
    page.get_by_role("button", name=name).click()
    until(page, lambda: frame(page, "frame.status") == "paused")
    newest = "({ frame }) => frame.update === frame.look.newest"
    until(page, lambda: page.evaluate(f"({newest})({LIVE})"))  # the text is read once more


def place(page, at):
    """Where on the screen a visible symbol is."""
    page.locator(".memory-text").scroll_into_view_if_needed()
    return page.evaluate(
        """(at) => {
          const { text, frame } = document.querySelector(".memory").memory;
          const { left, top } = document.querySelector(".memory-text canvas").getBoundingClientRect();
          const { starts } = frame.window;
          const row = starts.findLastIndex((start) => start <= at);
          const scrolled = document.querySelector(".memory-text").scrollTop - frame.row * text.rowHeight;
          return [left + 2 + (at - starts[row] + 0.5) * text.cellWidth, top + row * text.rowHeight - scrolled + 9];
        }""",
        at,
    )


def click(page, at):
    page.mouse.click(*place(page, at))
    return until(page, lambda: (seen := frame(page, "frame.step")) == at and str(seen))


def test_a_symbol_is_pointed_at_chosen_and_left_by_keys(memory):
    page = memory("?cell=gru&hidden_size=16&memory_length=1000")
    pause(page)
    page.mouse.move(*place(page, 7))
    until(page, lambda: (frame(page, "frame.details?.title") or "").startswith("Symbol 7:"))
    assert page.locator(".live-units canvas").is_visible()
    click(page, 4)
    page.mouse.move(5, 5)
    until(page, lambda: (frame(page, "frame.details?.title") or "").startswith("Symbol 4:"))
    page.keyboard.press("ArrowRight")
    until(page, lambda: "Symbol 5:" in page.locator(".memory .live-details").inner_text())
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    until(page, lambda: frame(page, "frame.step") == 3)
    told = page.locator(".memory-text").get_attribute("aria-valuetext")
    assert told.startswith("Symbol 3:")
    until(page, lambda: "symbol=3" in page.url)
    unit = page.locator(".memory-multiples button").nth(5)
    number = int(re.search(r"\d+", unit.inner_text()).group())
    unit.click()
    until(page, lambda: frame(page, "frame.unit") == number)
    until(page, lambda: unit.get_attribute("aria-pressed") == "true")
    until(page, lambda: f"chosen_unit={number}" in page.url)
    before = page.evaluate(f"JSON.stringify({LIVE}.frame.window.values)")
    page.get_by_role("spinbutton", name="Unit").fill("0")
    page.keyboard.press("Enter")
    until(page, lambda: frame(page, "frame.unit") == 0)
    assert page.evaluate(f"JSON.stringify({LIVE}.frame.window.values)") != before


def test_it_moves_while_the_network_trains_and_stands_at_a_moment_and_before_training(memory):
    page = memory("?hidden_size=8&memory_length=1000&memory_sort=index")
    first = frame(page, "frame.update")
    until(page, lambda: frame(page, "frame.update") > first + 20)
    page.get_by_role("button", name="Hold this moment").click()
    until(page, lambda: frame(page, "frame.look.past"))
    held = frame(page, "frame.look.update")
    until(page, lambda: frame(page, "frame.update") == held)
    until(page, lambda: frame(page, "frame.look.newest") > held + 50)
    scrubber = page.get_by_role("slider", name=SCRUBBER)
    assert frame(page, "frame.update") == held == int(scrubber.input_value())
    until(page, lambda: f"update={held}" in page.url)
    newest = page.evaluate(f"JSON.stringify({LIVE}.frame.window.values)")
    scrubber.press("Home")
    until(page, lambda: frame(page, "frame.update") == 0 and "update=0" in page.url)
    untrained = page.evaluate(f"JSON.stringify({LIVE}.frame.window.values)")
    assert untrained != newest
    lab = page.locator(".live-past").inner_text()
    until(page, lambda: page.locator(".live-past").inner_text() != lab)  # it trains on
    assert page.evaluate(f"JSON.stringify({LIVE}.frame.window.values)") == untrained
    page.get_by_role("radio", name="State space").click()  # another view, the same network
    page.locator(".plane:not(.live-empty)").wait_for()
    until(page, lambda: page.evaluate("document.querySelector('.plane').plane.frame.update") == 0)
    assert scrubber.input_value() == "0"
    scrubber.press("End")
    until(page, lambda: page.evaluate("document.querySelector('.plane').plane.frame.update") > 100)
    until(page, lambda: "update=" not in page.url)


def test_a_long_text_is_scrolled_and_only_what_is_seen_is_sent(memory):
    page = memory("?data=marked_en&hidden_size=16&memory_length=30000&guesses=false")
    pause(page)
    sizes = []
    page.on("response", lambda answer: sizes.append(len(answer.body())) if "/live/" in answer.url else None)
    page.locator(".memory-text").focus()
    page.keyboard.press("End")
    until(page, lambda: frame(page, "frame.step") == 29_999 and frame(page, "frame.window.end") == 30_000)
    assert frame(page, "frame.row") > 700
    page.evaluate("document.querySelector('.memory-text').scrollTop = 4000")
    until(page, lambda: 100 < frame(page, "frame.row") < 250)
    until(page, lambda: page.evaluate(f"{LIVE}.text.row === {LIVE}.frame.row"))
    assert frame(page, "frame.window.end") - frame(page, "frame.window.begin") < 2000
    assert max(sizes) < 100_000
    dark = """() => { const c = document.querySelector(".memory-text canvas");
        const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
        let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n / (c.width * c.height); }"""
    until(page, lambda: page.evaluate(dark) > 0.2)  # rows are drawn there


def test_brushing_finds_the_same_pattern_elsewhere(memory):
    page = memory("?data=marked_en&cell=lstm&hidden_size=24&quantity=cell&memory_view=search&memory_length=3000")
    until(page, lambda: frame(page, "frame.update") > 60)
    pause(page)
    (x, y), (x2, y2) = place(page, 6), place(page, 11)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move((x + x2) / 2, y2, steps=3)
    page.mouse.move(x2, y2, steps=3)
    page.mouse.up()
    until(page, lambda: frame(page, "text.range") == [6, 12])  # one that is found on the way is shown, too
    until(page, lambda: page.locator(".memory-alike li").count() > 3)
    until(page, lambda: "Units active over the marked range" in page.locator(".memory-pattern").inner_text())
    until(page, lambda: "range_begin=6" in page.url and "range_end=12" in page.url)
    entry = page.locator(".memory-alike li").nth(2)
    at = int(entry.locator("button").inner_text().replace(",", ""))
    entry.locator("button").click()
    until(page, lambda: frame(page, "frame.step") == at and frame(page, "frame.window.begin") <= at)
    until(page, lambda: page.locator(".memory-nearest li").count() > 3)
    until(page, lambda: page.locator(".memory-findings tbody tr").count() > 10)
    row = page.locator(".memory-findings tbody tr").nth(1)
    unit = int(row.locator("button").inner_text())
    row.locator("button").click()
    until(page, lambda: frame(page, "frame.unit") == unit)
    page.get_by_role("button", name="Clear the range").click()
    until(
        page,
        lambda: page.get_by_text(
            "Mark a range of the text: drag over it, or on a touch screen press “Mark a range from here”."
        ).is_visible(),
    )


def test_an_intervention_changes_what_comes_after_and_what_is_written(memory):
    page = memory("?data=marked_en&cell=lstm&hidden_size=24&memory_view=change&change=state&memory_length=3000")
    until(page, lambda: frame(page, "frame.update") > 100)
    pause(page)
    click(page, 60)
    until(page, lambda: frame(page, "frame.change.at") == 60 and frame(page, "frame.figures.change"))
    told = until(page, lambda: page.locator(".memory-message").inner_text())
    assert "symbol 60" in told and "the loss changes by" in told
    assert page.locator(".live-change canvas").is_visible()
    before, after = (page.locator(f".memory-{name}").inner_text() for name in ("before", "after"))
    assert len(before) > 100 and before != after
    until(page, lambda: "fallen to a half" in page.locator(".memory-lasts").inner_text())
    until(page, lambda: "symbol=60" in page.url)  # the script has run
    choose(page, "From the chosen symbol on", "hold units at a value")
    until(page, lambda: "change=state" not in page.url)
    until(page, lambda: page.locator(".memory-message").inner_text() != told)
    page.get_by_text("The comparison as a table").click()
    until(page, lambda: page.locator("[data-part=change_table] tbody tr").count() == 72)


def test_the_effect_of_a_change_stands_in_the_first_screen_with_its_controls(memory):
    page = memory("?hidden_size=12&memory_length=1000&memory_view=change")
    until(page, lambda: frame(page, "frame.figures.change"))
    assert_in_the_first_screen(page, 1440, 900)
    page.set_viewport_size({"width": 390, "height": 844})
    until(page, lambda: 0 < page.locator(".live-change").bounding_box()["width"] <= 390)
    until(page, lambda: settled(page))
    assert_in_the_first_screen(page, 390, 844)


def assert_in_the_first_screen(page, width, height):
    text, chart = page.locator(".memory-text").bounding_box(), page.locator(".live-change").bounding_box()
    effect = page.locator(".memory-message").bounding_box()
    kind = page.get_by_role("combobox", name="From the chosen symbol on").bounding_box()
    assert 0 < kind["y"] < effect["y"] and effect["y"] + effect["height"] <= height
    if width > 1100:  # beside the text, in which its place is chosen; the two curves are in sight
        assert chart["x"] > text["x"] + text["width"] and chart["y"] + 200 < height
    else:  # a few rows of it, then the chart
        assert effect["y"] < text["y"] < chart["y"] < effect["y"] + height - 200
    assert page.evaluate("document.documentElement.scrollWidth") <= width


SAVED = """async (picture) => {
  const bytes = new Uint8Array(await (await picture.png()).arrayBuffer());
  return { png: Array.from(bytes.slice(0, 24)), svg: picture.svg("a title"), csv: await picture.csv() };
}"""


def test_the_coloured_text_and_all_units_can_be_saved(memory):
    page = memory("?hidden_size=12&memory_length=1000", viewport={"width": 1440, "height": 900})
    pause(page)
    for name, columns in (("text", 6), ("multiples", 14)):
        assert_can_be_saved(page, name, columns)


def assert_can_be_saved(page, name, columns):
    picture = page.evaluate_handle(f"{LIVE}.{name}")
    until(page, lambda: picture.evaluate("picture => picture.figure !== null"))
    saved = picture.evaluate(SAVED)
    width, height = (int.from_bytes(bytes(saved["png"][at : at + 4])) for at in (16, 20))
    assert bytes(saved["png"][1:4]) == b"PNG" and width > 400 and height > 100
    root = ElementTree.fromstring(saved["svg"])
    assert [float(root.get(side)) for side in ("width", "height")] == [width / 2, height / 2]
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "−1 … 1" in texts[0]  # what the colours mean
    first, *rows = csv.reader(io.StringIO(saved["csv"].removeprefix("\ufeff")))
    assert (
        len(first) == columns
        and first[:2] == ["symbol number", "symbol"]
        and [row[0] for row in rows[:2]] == ["0", "1"]
    )
    if name == "text":  # the symbols that are drawn, in their order
        drawn = [text for text in texts[2:] if len(text) == 1][:1]
        assert drawn == [rows[0][1]]
    menu = page.locator(f".memory-{name} + .live-tools .live-save")
    menu.locator("summary").click()
    with page.expect_download() as download:
        menu.get_by_role("button", name="Numbers (CSV)").click()
    assert download.value.suggested_filename == f"rnn-lab-{name}.csv"


def test_two_directions_show_the_change_before_it_begins(memory):
    page = memory("?data=count&cell=gru&bidirectional=true&hidden_size=16&layer=1&memory_view=change&symbol=45")
    until(page, lambda: frame(page, "frame.update") > 50)
    pause(page)
    told = until(page, lambda: page.locator(".memory-message").inner_text())
    assert "The change begins at symbol 45." in told
    page.locator(".live-change canvas").wait_for()
    assert page.locator(".memory-written").is_hidden() and "Memory curves" in page.locator(".memory-lasts").inner_text()
    click(page, 50)
    until(page, lambda: "The change begins at symbol 50." in page.locator(".memory-message").inner_text())
    choose(page, "From the chosen symbol on", "empty the memory")
    until(page, lambda: "of the forward direction" in page.locator(".memory-message").inner_text())


def test_a_phone(memory):
    page = memory("?hidden_size=12&memory_length=1000&memory_view=search", viewport={"width": 390, "height": 844},
                  has_touch=True, is_mobile=True)  # fmt: skip
    pause(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".memory-text").scroll_into_view_if_needed()
    page.touchscreen.tap(*place(page, 2))
    until(page, lambda: frame(page, "frame.step") == 2)
    page.get_by_role("button", name="Mark a range from here").tap()
    page.locator(".memory-text").scroll_into_view_if_needed()
    page.touchscreen.tap(*place(page, 6))
    until(page, lambda: frame(page, "text.range") == [2, 7])
    until(page, lambda: re.search(r"units are active|No unit stays", page.locator(".memory-pattern").inner_text()))
