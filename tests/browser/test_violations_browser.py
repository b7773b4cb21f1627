"""No violation of accessibility, that axe knows of, in any view of any page: in both languages and both themes."""

import re

import pytest
from actions import drawn_twice, open_folds, pause, settled, until, violations

from ui.gradients.controls import VIEWS as GRADIENTS
from ui.i18n import LANGUAGES, language
from ui.language.controls import VIEWS as LANGUAGE
from ui.memory.controls import VIEWS as MEMORY
from ui.theme import THEMES

pytestmark = pytest.mark.browser
# Every page, with what opens beside a chosen step or symbol, and the views that its reader chooses among. At full
# speed, as they begin, Arena and Shapes leave the other tests no processor.
PAGES = {
    "?cell=lstm&data=marked_en&step=3": {},
    "gradients?cell=lstm&state_step=3": GRADIENTS,
    "memory?hidden_size=12&memory_length=1000&symbol=12&plane_axes=3": MEMORY,
    "arena?pace=10": {},
    "sweeps?sweep_column=1&sweep_row=2": {},
    "language": LANGUAGE,
    "shapes?tempo=10": {},
    "unroll?place=60&cut=windowed": {},
    "course": {},
    "course?lesson=way_back": {},
}
DRAWN = ".live[data-frames], .unroll .made .full, [data-chart] canvas, [class*=st-key-open_]"
COLOURED = ".unroll, .live[data-frames], .live:has([data-chart])"  # none on the list of lessons
# Whether the page is drawn in the theme of this colour: its script runs again after the browser's own change.
THEMED = """(root, colour) => {
  const style = getComputedStyle(root);
  const used = [style.getPropertyValue("--faded"), style.getPropertyValue("--live-faded"), root.figure ?? ""];
  return used.some((one) => one.includes(colour));
}"""
SHOWN = """(view) => {
  const drawn = { network: ".gradients[data-frames]", unit: ".live-still canvas", plane: ".plane[data-frames]" };
  const root = document.querySelector(".live[data-frames]"), live = root?.memory ?? root?.writing;
  return view in drawn ? document.querySelector(drawn[view]) !== null : live?.data.view === view && Boolean(live.frame);
}"""
COLOURS = "color-contrast"
AT_REST = "[data-testid=stApp][data-test-script-state=notRunning]"
BACKGROUND = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"  # by Streamlit, without the script
CHARTS = """() => [...document.querySelectorAll(".live canvas")].filter((canvas) =>
  canvas.closest("[data-alt], [data-chart]") && !canvas.closest("[data-panel]")).length"""


def assert_all_can_be_saved(page):
    """Every chart has a menu, every table a button."""
    others = page.locator(".memory-text, .memory-multiples")  # drawn symbol by symbol
    until(page, lambda: page.locator(".live-save").count() == page.evaluate(CHARTS) + others.count() > 0)
    assert set(page.locator(".live-save summary").all_inner_texts()) <= {"Save chart", ""}
    tables = page.locator("details[data-part$=table]").count()
    assert page.locator("details[data-part$=table] .live-save-table").count() == tables


def turn(page, scheme):
    """Have the browser ask for this theme, and wait until the page is drawn in it."""
    theme, coloured = THEMES[scheme], page.locator(COLOURED)
    page.emulate_media(color_scheme=scheme)
    until(page, lambda: page.evaluate(BACKGROUND) == f"rgb{tuple(bytes.fromhex(theme.background[1:]))}")
    until(page, lambda: not coloured.count() or coloured.first.evaluate(THEMED, theme.faded))
    drawn_twice(page)  # by then the browser has asked for a run of the script, which is not to be cut off
    page.locator(AT_REST).wait_for()


def assert_none(page, *rules, without=()):
    """Of what Streamlit draws itself, its uploader has a role="presentation" that can be focused: not ours to mend."""
    for rule, target, summary in violations(page, *rules, without=without):
        inside = page.evaluate("target => !!document.querySelector(target)?.closest('.stFileUploader')", target[0])
        assert inside, (page.url, rule, target, summary)


def look_at(page, path, view, name):
    """Choose a view of the page and wait until it is drawn, with what opens in it beside a step, symbol or branch."""
    if view:
        page.get_by_role("radio", name=name, exact=True).click()
        until(page, lambda: page.evaluate(SHOWN, view) and settled(page))
    if "step=3" in path and view != "unit":
        page.locator(".live-details").wait_for()
    if view == "text":
        page.locator(".memory .live-details").wait_for()
    if view == "write":
        page.locator(".live-branches .writing-symbol").nth(3).click()
        page.locator(".live-candidates tbody tr").first.wait_for()


@pytest.mark.parametrize("path", PAGES)
def test_no_violation_with_every_fold_and_every_menu_open(visit, path):
    """In English all rules in one theme; in the other, which is other colours and nothing else, that of colours. Then,
    in Chinese, all others: the colours are the same, and take axe twice the time of all the rest."""
    page = visit(path, ready=DRAWN, color_scheme="light")
    if page.locator(".live[data-frames] .live-play:visible").count():  # a sweep trains when it is asked to
        pause(page)
    schemes, views = ["light", "dark"], PAGES[path] or {"": ""}
    for view, name in views.items():
        look_at(page, path, view, name)
        if page.locator(".live[data-frames]").count():
            assert_all_can_be_saved(page)
        open_folds(page)  # and the menu beside each chart
        page.evaluate("document.querySelectorAll('.live-save').forEach((menu) => (menu.open = true))")
        if path.startswith("?"):
            page.get_by_text(".safetensors").first.wait_for()
        assert_none(page)
        schemes.reverse()
        turn(page, schemes[0])
        assert_none(page, COLOURS)

    turn(page, "dark")
    page.locator("[data-testid=stSidebar]").get_by_text(LANGUAGES["zh_CN"]).click()
    until(page, lambda: page.evaluate("document.documentElement.lang") == "zh-CN" and settled(page))
    for view, name in views.items():
        look_at(page, path, view, language("zh_CN").gettext(name))
        open_folds(page)
        assert_none(page, without=(COLOURS,))
        assert not re.search(r"Traceback|Error", page.inner_text("body"))
        if path.startswith("gradients"):  # opened tables push nothing off the page
            width = page.evaluate("document.documentElement.clientWidth")
            for chart in page.locator(".live-main [data-alt]:visible").all():
                box = chart.bounding_box()
                assert box["x"] + box["width"] <= width
        if path.startswith("unroll"):
            assert "反向" in page.locator(".unroll h2").inner_text()
