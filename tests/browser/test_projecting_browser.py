"""The view for projecting: one chart fills the screen, in large letters, on every page; and what every chart offers."""

import csv

import pytest
from actions import frame, until

from ui.network.presets import PRESETS
from ui.pages import PAGES as ENTRIES
from ui.settings import keys

pytestmark = pytest.mark.browser
PROJECTOR = {"viewport": {"width": 1280, "height": 720}}
# The pages with charts of their own, and how many there are at first.
PAGES = {"Lab": 2, "Gradients": 5, "Language": 1, "Shapes": 3, "Arena": 3, "Sweeps": 2}
HEADINGS = {entry.title: entry.heading for entry in ENTRIES.values()}
SCALE = "() => new DOMMatrix(getComputedStyle(document.querySelector('.live-star > div')).transform).a"


# Where the row of that name begins and ends on the screen, before the page says that the network diverged.
ROW = """name => {
  const { layout } = document.querySelector(".live").live.score.figure;
  const canvas = document.querySelector(".live-score canvas").getBoundingClientRect();
  const plot = layout.height - layout.margin.t - layout.margin.b;
  const tops = layout.annotations.filter((one) => one.yref === "paper").map((one) => [one.text, (1 - one.y) * plot]);
  const said = document.querySelector(".live-notices").getBoundingClientRect().height;
  const row = tops.findIndex(([text]) => text.startsWith(name));
  return [tops[row][1], tops[row + 1]?.[1] ?? layout.height].map((y) => canvas.top - said + layout.margin.t + y);
}"""


def offered(page) -> list[str]:
    return page.locator(".live-bar-of-projector option").all_inner_texts()


def test_one_chart_fills_the_screen_on_every_page_and_lasts_through_page_changes(visit):
    page = visit("?present=1", **PROJECTOR)
    for name, count in PAGES.items():
        page.get_by_role("link", name=name, exact=True).click()
        page.get_by_role("heading", name=HEADINGS[name], level=1, include_hidden=True).wait_for(state="attached")
        assert_one_chart_fills_the_screen(page, name, count)
        assert "present=1" in page.url
        if name == "Lab":
            assert_a_large_screen_is_filled_with_larger_letters(page)
    page.get_by_role("link", name="Memory", exact=True).click()  # where no chart is drawn, a text fills it
    until(page, lambda: page.locator(".memory-text.live-star").is_visible())
    assert page.locator(".memory-text").bounding_box()["height"] > 400
    page.get_by_role("link", name="Unroll", exact=True).click()
    page.locator(".unroll.larger .diagram svg").wait_for()
    height = page.locator(".unroll .diagram text.symbol").first.bounding_box()["height"]
    assert height > 20  # 12 pixels of letters on the page

    page.goto(f"{page.url.split('/unroll')[0]}/course?lesson=way_back&present=1")  # a lesson is read
    until(page, lambda: page.locator(".course-pad").is_visible())
    assert page.get_by_text("This is backpropagation through time").is_visible()
    assert page.locator(".course-pad").bounding_box()["width"] < PROJECTOR["viewport"]["width"] / 2

    page.get_by_role("link", name="Arena", exact=True).click()
    until(page, lambda: "Standings" in offered(page))
    assert "present=1" in page.url
    page.locator(".live-bar-of-projector select").select_option("Standings")
    page.locator(".live-results").wait_for()
    assert not page.locator(".live-star canvas").count()
    page.get_by_role("button", name="Back to the page").click()
    page.locator("[data-testid=stSidebar]").wait_for()
    until(page, lambda: "present" not in page.url)
    until(page, lambda: not page.locator(".live-star").count())


def assert_one_chart_fills_the_screen(page, name, count):
    until(page, lambda: page.locator(".live-star canvas").count() == 1 and len(offered(page)) >= count)
    assert not page.locator("[data-testid=stSidebar]").is_visible()
    assert not page.get_by_role("heading", level=1).is_visible()
    assert all(offered(page)), name
    box = page.locator(".live-star").bounding_box()
    assert box["width"] > 1200 and box["height"] > 480 and 680 < box["y"] + box["height"] <= 720, name
    assert page.evaluate(SCALE) == pytest.approx(1.8)
    if name == "Lab":  # a step is chosen where it is seen
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        frame = page.locator(".live-star .chart-selection").bounding_box()
        assert frame["x"] <= box["x"] + box["width"] / 2 <= frame["x"] + frame["width"]


def assert_a_large_screen_is_filled_with_larger_letters(page):
    page.set_viewport_size({"width": 3840, "height": 2160})
    until(page, lambda: page.evaluate(SCALE) == pytest.approx(5.4))
    box = page.locator(".live-star").bounding_box()
    assert box["width"] * box["height"] > 0.85 * 3840 * 2160
    page.set_viewport_size(PROJECTOR["viewport"])
    until(page, lambda: page.evaluate(SCALE) == pytest.approx(1.8))


def test_the_controls_of_the_states_leave_them_the_room(visit):
    page = visit("memory?memory_view=plane&present=1", **PROJECTOR)
    until(page, lambda: page.locator(".live-star canvas").count() == 1)
    box = page.locator(".live-star").bounding_box()
    assert box["height"] > 400 and box["y"] + box["height"] <= 720


def test_on_a_phone_symbols_and_pixels_have_their_room(visit):
    """Most symbols of the unrolled network were left out, and small pictures had the height of a wide screen."""
    page = visit("shapes?shape=captions&lang=en&width=6&tempo=10&present=1", viewport={"width": 390, "height": 844})
    diagram = page.locator('[data-chart="diagram"].live-star')
    until(page, lambda: diagram.bounding_box()["width"] > 12 * 35)
    assert page.evaluate(SCALE) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Back to the page").click()
    page.locator('[data-chart="finding"]').wait_for()
    until(page, lambda: 250 < page.locator('[data-chart="finding"]').bounding_box()["height"] < 350)


def test_every_chart_and_table_has_its_files(visit, tmp_path):
    page = visit("?lang=en")
    menus = page.locator(".live-save summary")
    assert menus.count() == 2
    for kind, ending in (("Picture (PNG)", "png"), ("Drawing (SVG)", "svg"), ("Numbers (CSV)", "csv")):
        menus.first.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        button = page.get_by_role("button", name=kind).first
        button.focus()
        with page.expect_download() as taken:
            page.keyboard.press("Enter")
        assert taken.value.suggested_filename == f"rnn-lab-score.{ending}"
        assert (tmp_path / "file").write_bytes(b"") == 0
        taken.value.save_as(tmp_path / "file")
        assert (tmp_path / "file").stat().st_size > 1000
        assert not page.locator(".live-choices-of-save").first.is_visible()
    with open(tmp_path / "file", encoding="utf-8-sig", newline="") as file:
        values = [row["value"] for row in csv.DictReader(file)]
    assert max(map(len, values)) > len("-0.123")  # all digits, though pictures travel with three
    until(page, lambda: any("decimals" in trace.get("z", {}) for trace in frame(page, "frame.figures.score.data")))
    page.get_by_text("The loss as a table").click()
    with page.expect_download() as taken:
        page.locator("[data-part=loss_table] .live-save-table").click()
    taken.value.save_as(tmp_path / "table.csv")
    with open(tmp_path / "table.csv", encoding="utf-8-sig", newline="") as file:
        written = list(csv.reader(file))
    heads = page.locator("[data-part=loss_table] thead th").all_inner_texts()
    assert written[0] == heads and len(written) > 1


@pytest.mark.parametrize("name", [name for name, one in PRESETS.items() if keys.FIRST_ROW in one.values])
def test_the_row_that_an_experiment_speaks_of_is_in_the_first_screen(visit, name):
    page = visit(f"?preset={name}&speed=10", **PROJECTOR)
    row = {"gradient": "gradient norm"}.get(PRESETS[name].values[keys.FIRST_ROW], "output")
    until(page, lambda: frame(page, "frame.update") > 0)
    begin, end = page.evaluate(ROW, row)
    assert 0 < begin < end < PROJECTOR["viewport"]["height"]
