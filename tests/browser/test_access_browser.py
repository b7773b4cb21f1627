"""For fingers, small screens, screen readers, paper and readers with colours of their own."""

import base64
import re
import time

import pytest
from actions import PATIENCE, drawn_twice, open_part, pause, settled, until, violations

from ui.arena.presets import MATCHES
from ui.i18n import LANGUAGES, language
from ui.network.presets import PRESETS
from ui.settings.choices import CELL_NAMES, OPTIMIZER_NAMES, TASK_NAMES, text_names
from ui.theme import THEMES

pytestmark = pytest.mark.browser
# At full speed, as they begin, Arena and Shapes leave the other tests no processor.
ARENA, SHAPES = "arena?pace=10", "shapes?tempo=10"
PAGES = ["", "gradients", "memory", ARENA, "language", SHAPES]
SYMBOL = "memory?hidden_size=12&memory_length=1000&symbol=12"
# Every page in every view, with what opens beside a chosen step or symbol.
VIEWS = [
    "?cell=lstm&data=marked_en&step=3", "gradients?cell=lstm&state_step=3", SYMBOL, ARENA, "language", SHAPES,
    "unroll?place=60", "course", "course?lesson=way_back",
    "gradients?view=unit", "memory?memory_view=search", f"{SYMBOL}&memory_view=change",
    "memory?hidden_size=3&plane_axes=3&memory_view=plane",
    "language?look_at=write", "language?look_at=rulers", "language?look_at=game",
]  # fmt: skip
DRAWN = ".live[data-frames], .unroll .made .full, [data-chart] canvas, [class*=st-key-open_]"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# Whether the page is drawn in the theme of this colour: its script runs again after the browser's own change.
THEMED = """(root, colour) => {
  const style = getComputedStyle(root);
  const used = [style.getPropertyValue("--faded"), style.getPropertyValue("--live-faded"), root.figure ?? ""];
  return used.some((one) => one.includes(colour));
}"""
BACKGROUND = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"  # by Streamlit, without the script
PICTURE = ".live-score, .live-matrix, .memory-text, [data-chart=race], .live-sentences, [data-chart=diagram]"
# Counts what a screen reader would be told: changes of live regions, and of what sliders say they are at.
COUNT = """() => {
  window.told = {regions: 0, values: 0};
  for (const region of document.querySelectorAll(".live [role=status]")) {
    const whatever = {childList: true, characterData: true, subtree: true};
    new MutationObserver(() => (window.told.regions += 1)).observe(region, whatever);
  }
  for (const slider of document.querySelectorAll(".live [role=slider]")) {
    new MutationObserver(() => (window.told.values += 1)).observe(slider, {attributeFilter: ["aria-valuetext"]});
  }
}"""


@pytest.mark.parametrize("path", PAGES)
def test_on_a_phone_the_picture_comes_first(visit, path):
    page = visit(path, **PHONE)
    until(page, lambda: drawn(page) > 3)
    tops = [box["y"] for one in page.locator(PICTURE).all() if one.is_visible() and (box := one.bounding_box())]
    assert min(tops) < 420
    heading = page.get_by_role("heading", level=1)
    assert heading.count() == 1 and heading.bounding_box()["y"] >= 40  # not under the bar of the page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    charts = [chart.bounding_box() for chart in page.locator(".live-main [data-alt]:visible").all()]
    assert all(chart["x"] + chart["width"] <= 390 for chart in charts)
    assert path != "gradients" or all(chart["width"] > 300 for chart in charts)
    assert too_small(page) == []
    if path == ARENA:
        assert_standings_fit(page)
    if path == "language":  # the score of a sentence is seen with it
        assert page.locator(".live-score canvas").bounding_box()["y"] < 640


@pytest.mark.parametrize("newcomer", [False, True])
def test_a_phone_lying_shows_the_score(visit, newcomer):
    page = visit("", newcomer, viewport={"width": 844, "height": 390}, has_touch=True)
    assert page.locator(".welcome button:visible").count() == 2 * newcomer
    assert page.locator(".live-score").bounding_box()["y"] < 300
    assert page.evaluate("document.documentElement.scrollWidth") <= 844


def test_on_a_phone_the_side_bar_is_a_sheet_below_the_picture(visit):
    page = visit("", **PHONE)
    page.locator("[data-testid=stExpandSidebarButton]").click()
    bar = page.locator("[data-testid=stSidebar][data-collapsed=false]")
    bar.wait_for()

    def lies_below():  # it slides there
        box = bar.bounding_box()
        return box and box["y"] > 400 and box["height"] < 0.45 * 844 and box["width"] == 390

    until(page, lies_below)
    bar.get_by_role("link", name="Gradients").click()  # the page that was asked for is to be seen
    page.get_by_role("heading", name="How far back does it learn?").wait_for()
    until(page, lambda: page.locator("[data-testid=stSidebar][data-collapsed=false]").count() == 0)


@pytest.mark.parametrize("shape", ["many_to_one", "encoder_decoder"])
def test_outputs_that_come_last_are_in_sight_on_a_phone(visit, shape):
    page = visit(f"{SHAPES}&shape={shape}", **PHONE)
    scroll = page.locator(".live-scroll").first
    until(page, lambda: scroll.evaluate("e => e.scrollLeft + e.clientWidth >= e.scrollWidth - 2"))


def test_the_arena_shows_on_a_phone_who_has_learned_in_chinese_too(visit):
    assert_standings_fit(visit(ARENA, locale="zh-CN", **PHONE))


def assert_standings_fit(page):
    """The columns that say who has learned stand within the screen of a phone."""
    headings = page.locator(".live-results thead th").all()[:4]
    assert len(headings) == 4
    for heading in headings:
        box = heading.bounding_box()
        assert box["x"] + box["width"] <= 390


@pytest.mark.parametrize(("locale", "lang"), [("zh-CN", "zh-CN"), ("en-US", "en")])
def test_the_document_says_its_language(visit, locale, lang):
    page = visit("", locale=locale)
    assert page.evaluate("document.documentElement.lang") == lang
    page.locator("[data-testid=stSidebar]").get_by_text("English" if lang == "zh-CN" else "简体中文").click()
    until(page, lambda: page.evaluate("document.documentElement.lang") == ("en" if lang == "zh-CN" else "zh-CN"))


def test_little_is_announced_while_a_network_trains(visit):
    slowly = ("?step=3&speed=10", "gradients?state_step=3&speed=10", "memory?speed=10", "language?speed=10", ARENA)
    pages = [visit(path) for path in slowly]
    for page in pages:
        page.evaluate(COUNT)
    frames, begin = [drawn(page) for page in pages], time.monotonic()
    until(pages[0], lambda: time.monotonic() - begin > 8)
    for page, before in zip(pages, frames, strict=True):
        told = page.evaluate("window.told")
        assert drawn(page) > before + 3
        assert told["regions"] <= 4 and told["values"] <= 3


def drawn(page) -> int:
    """How many pictures the page has drawn."""
    return int(page.locator(".live[data-frames]").get_attribute("data-frames"))


def test_at_rest_all_is_announced(visit):
    page = visit("?step=3")
    pause(page)
    details = page.locator(".live-details h2")
    score = page.locator(".live-score")
    until(page, lambda: score.get_attribute("aria-valuetext").startswith(details.inner_text()))
    until(page, lambda: page.locator(".live-announced").inner_text() == page.locator(".live-line").first.inner_text())


def test_fingers_find_what_they_press(visit):
    assert too_small(visit("language?look_at=game", **PHONE)) == []  # it has a field for a number


def too_small(page) -> list[str]:
    """What is pressed and is too low for a finger."""
    pressed = ".live :is(button, a, summary):not(dt *), .stNumberInput button"
    return page.evaluate(
        """(pressed) => [...document.querySelectorAll(pressed)]
      .map((e) => [e.textContent, e.getBoundingClientRect()]).filter(([, box]) => box.width && box.height < 43.5)
      .map(([text]) => text)""",
        pressed,
    )


def test_the_keyboard_sees_at_which_page_it_is(visit):
    page = visit("")
    page.get_by_role("link", name="Unroll").focus()
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outline")
    assert "solid" in outline and "2px" in outline


def test_reduced_motion_is_respected(visit):
    page = visit("", reduced_motion="reduce")
    slow = page.evaluate("""() => [...document.querySelectorAll("*")].filter((e) =>
      getComputedStyle(e).transitionDuration.split(",").some((time) => parseFloat(time) > 0.001)).length""")
    assert slow == 0


# The names that do not fit into the first list of the side bar. Chinese letters are as wide as they are high.
CUT = """async (names) => {
  const box = document.querySelector("[data-testid=stSidebar] .stSelectbox input");
  const style = getComputedStyle(box);
  const room = box.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const wide = /[\\u3000-\\uffef]/g;
  const ruler = document.body.appendChild(document.createElement("span"));
  ruler.style = `position: absolute; white-space: pre; font: ${style.font}`;
  await document.fonts.load(style.font);
  const width = (name) => {
    ruler.textContent = name.replace(wide, "");
    return ruler.getBoundingClientRect().width + (name.match(wide) ?? []).length * parseFloat(style.fontSize);
  };
  return names.filter((name) => width(name) > room);
}"""


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_name_of_what_is_chosen_is_read_whole(visit, code):
    _, page = language(code).gettext, visit(f"?lang={code}")
    names = [preset.title for preset in (*PRESETS.values(), *MATCHES.values())]
    names += [*TASK_NAMES.values(), *CELL_NAMES.values(), *OPTIMIZER_NAMES.values()]
    assert page.evaluate(CUT, [*map(_, names), *text_names(_).values()]) == []


LABELS = """() => [...document.querySelectorAll("[aria-label], [placeholder], [data-testid=stFileUploader] section")]
  .filter((e) => !e.closest("[data-testid^=stBidi]"))
  .map((e) => [e.ariaLabel, e.getAttribute("placeholder"), e.matches("section") && e.innerText].join())"""


def test_streamlits_own_words_are_in_the_readers_language(visit):
    page = visit("?lang=zh_CN")
    open_part(page, "保存与分享")
    page.get_by_test_id("stFileUploader").get_by_text("每个文件不超过 192MB").wait_for()
    english = [
        label for label in page.evaluate(LABELS) if re.search("Upload|per file|Help|Open|crement|[Ss]idebar|App", label)
    ]
    assert english == [] and page.get_by_role("button", name="“循环单元”的说明").count() == 1
    page.locator("[data-testid=stSidebar]").get_by_text("English").click()
    page.get_by_role("button", name="Help for Cell").wait_for()
    open_part(page, "Keep and share")
    page.get_by_test_id("stFileUploader").get_by_text("192MB per file").wait_for()


def test_with_colours_of_the_readers_own_what_is_chosen_is_seen(visit):
    page = visit(ARENA, forced_colors="active")
    chosen = page.locator("[role=radio][aria-checked=true]").first
    assert "3px" in chosen.evaluate("e => getComputedStyle(e).outline")
    swatches = page.locator(".live-swatch").evaluate_all("all => all.map((e) => getComputedStyle(e).backgroundColor)")
    assert len(set(swatches)) == len(swatches) >= 2
    track = page.locator(".stSlider [role=group] > div > div").first  # with what is filled of it
    thumb = page.locator(".stSlider [data-rac]:has(> div > input)").first
    for part, painted in ((track, "backgroundImage"), (thumb, "backgroundColor")):
        assert part.evaluate(f"e => getComputedStyle(e).{painted}") not in ("none", "rgb(0, 0, 0)", "rgba(0, 0, 0, 0)")
        assert part.evaluate("e => getComputedStyle(e).forcedColorAdjust") == "none"


def test_on_paper_there_are_charts_and_settings_and_no_buttons(visit):
    page = visit("?hidden_size=16")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert not page.locator("[data-testid=stSidebar]").is_visible()
    assert not page.locator(".live-buttons, .live-scrubber input").filter(visible=True).count()
    assert page.locator(".live h2").first.evaluate("e => getComputedStyle(e).breakAfter") == "avoid"
    folded = page.locator("[data-testid=stExpander]:has(> details:not([open]))")
    assert folded.count() and not folded.filter(visible=True).count()
    assert "hidden_size: 16" in page.locator(".live-printed").inner_text()
    assert page.locator(".live-score").is_visible() and page.locator(".live-loss").is_visible()
    assert page.locator("[data-testid=stMain]").evaluate("e => getComputedStyle(e).overflow") == "visible"


# The shares of a picture's pixels that are white, and that are nearly black.
SHARES = """async (png) => {
  const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (c) => c.charCodeAt(0))]));
  const context = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, picture.width, picture.height);
  let [white, black] = [0, 0];
  for (let i = 0; i < data.length; i += 4) {
    const sum = data[i] + data[i + 1] + data[i + 2];
    white += sum === 765;
    black += sum < 150;
  }
  return [(4 * white) / data.length, (4 * black) / data.length];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_is_white_and_ink_dark_in_either_theme(visit, scheme):
    page = visit("", color_scheme=scheme)
    page.emulate_media(media="print")
    until(page, lambda: page.evaluate("document.documentElement.dataset.theme") == scheme)
    white, black = page.evaluate(SHARES, base64.b64encode(page.screenshot()).decode())
    assert white > 0.5 and 0.005 < black < 0.3


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_a_wrong_guess_can_be_read(theme):
    def luminance(colour):
        shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(theme.wrong), luminance(theme.background)))
    assert (light + 0.05) / (dark + 0.05) >= 4.5


CHARTS = """() => [...document.querySelectorAll(".live canvas")].filter((canvas) =>
  canvas.closest("[data-alt], [data-chart]") && !canvas.closest("[data-panel]")).length"""


def assert_all_can_be_saved(page):
    """Every chart has a menu, every table a button."""
    others = page.locator(".memory-text, .memory-multiples")  # drawn symbol by symbol
    until(page, lambda: page.locator(".live-save").count() == page.evaluate(CHARTS) + others.count() > 0)
    assert set(page.locator(".live-save summary").all_inner_texts()) <= {"Save chart", ""}
    tables = page.locator("details[data-part$=table]").count()
    assert page.locator("details[data-part$=table] .live-save-table").count() == tables


def open_every_fold(page):
    """Open the folds of the side bar, of the page and of its live element, then the menu beside each chart."""
    closed = page.locator("details:not([open]):not(.live-save) > summary:visible")
    while closed.count():
        until(page, lambda: settled(page))
        fold = closed.first.element_handle()
        fold.click()
        until(page, lambda fold=fold: fold.evaluate("fold => fold.parentElement.open || !fold.isConnected"), 10)
    page.evaluate("document.querySelectorAll('.live-save').forEach((menu) => (menu.open = true))")


@pytest.mark.parametrize("path", VIEWS)
def test_no_violation_with_every_fold_and_every_menu_open(chromium, server, path):
    """Of what Streamlit draws itself, its uploader has a role="presentation" that can be focused: not ours to mend."""
    page = chromium.new_context(
        viewport={"width": 1440, "height": 900}, locale="en-US", color_scheme="light"
    ).new_page()
    page.goto(f"{server}/{path}")
    page.wait_for_selector(DRAWN, timeout=1000 * PATIENCE)
    if page.locator(".live[data-frames]").count():
        pause(page)
        assert_all_can_be_saved(page)
    open_every_fold(page)
    if "step=3" in path or "symbol=12" in path:
        page.locator(".live-details").wait_for()
    if path.startswith("?"):
        page.get_by_text(".safetensors").first.wait_for()
    coloured = page.locator(".unroll, .live[data-frames], .live:has([data-chart])")  # none on the list of lessons
    for scheme, theme in THEMES.items():  # another theme is other colours and nothing else
        page.emulate_media(color_scheme=scheme)
        until(page, lambda theme=theme: page.evaluate(BACKGROUND) == f"rgb{tuple(bytes.fromhex(theme.background[1:]))}")
        until(page, lambda theme=theme: not coloured.count() or coloured.first.evaluate(THEMED, theme.faded))
        for rule, target, summary in violations(page, *(["color-contrast"] if scheme != "light" else [])):
            inside = page.evaluate("target => !!document.querySelector(target)?.closest('.stFileUploader')", target[0])
            assert inside, (scheme, rule, target, summary)
    page.context.close()


def test_the_symbols_that_are_written_are_one_stop_of_the_tab_key(visit):
    page = visit("language?look_at=write")
    strip = page.locator(".live-branches .writing-strip").first
    until(page, lambda: strip.locator("button").count() > 3)
    pause(page)
    assert strip.locator("button[tabindex='0']").count() == 1
    strip.locator("button").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert strip.locator("button").nth(2).evaluate("e => e === document.activeElement && e.tabIndex === 0")
    assert strip.locator("button[tabindex='0']").count() == 1


# The page draws something above a fold while it is pressed: the fold lies elsewhere when the finger is lifted.
GROW = """fold => {
  const above = document.createElement("div");
  above.style.height = "200px";
  fold.closest("details").before(above);
}"""


@pytest.mark.parametrize(
    "fold", ["section[data-testid=stSidebar] details > summary", ".live details[data-part] > summary"]
)
def test_a_press_counts_for_what_it_began_on(visit, fold):
    page = visit()
    pause(page)
    until(page, lambda: settled(page))
    fold = page.locator(fold).first
    fold.scroll_into_view_if_needed()
    box = fold.bounding_box()
    opened = lambda: fold.evaluate("fold => fold.parentElement.open")  # noqa: E731
    page.mouse.move(box["x"] + 30, box["y"] + box["height"] / 2)
    page.mouse.down()
    fold.evaluate(GROW)
    page.mouse.up()
    until(page, opened, 10)
    page.mouse.move(box["x"] + 30, fold.bounding_box()["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 30, box["y"] - 40)  # the reader thinks better of it
    page.mouse.up()
    drawn_twice(page)
    assert opened()
