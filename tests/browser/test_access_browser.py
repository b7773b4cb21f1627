"""For fingers, small screens, screen readers, paper and readers with colours of their own."""

import base64
import re

import pytest
from actions import drawn_twice, open_part, pause, settled, too_small, until

from ui.arena.presets import MATCHES
from ui.i18n import language
from ui.network.presets import PRESETS
from ui.pages import PAGES
from ui.settings.choices import CELL_NAMES, OPTIMIZER_NAMES, TASK_NAMES, text_names
from ui.theme import THEMES

pytestmark = pytest.mark.browser
# At full speed, as they begin, Arena and Shapes leave the other tests no processor.
ARENA, SHAPES = "arena?pace=10", "shapes?tempo=10"
AT_THE_END = "e => e.scrollLeft + e.clientWidth >= e.scrollWidth - 2"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
HEADINGS = {
    PAGES[name].title: PAGES[name].heading for name in ("lab", "gradients", "memory", "language", "shapes", "arena")
}
PICTURE = ".live-score, .live-matrix, .memory-text, [data-chart=race], .live-sentences, [data-chart=diagram]"
# Counts for eight seconds what a screen reader would be told: changes of live regions, and of what sliders say they are
# at; and the pictures that are drawn meanwhile. Then it pauses: the pages that still count get the processor.
COUNT = """() => {
  const frames = () => Number(document.querySelector(".live[data-frames]").dataset.frames);
  const [told, before] = [{regions: 0, values: 0}, frames()];
  setTimeout(() => {
    window.told = {...told, frames: frames() - before};
    document.querySelector(".live-play").click();
  }, 8000);
  for (const region of document.querySelectorAll(".live [role=status]")) {
    const whatever = {childList: true, characterData: true, subtree: true};
    new MutationObserver(() => (told.regions += 1)).observe(region, whatever);
  }
  for (const slider of document.querySelectorAll(".live [role=slider]")) {
    new MutationObserver(() => (told.values += 1)).observe(slider, {attributeFilter: ["aria-valuetext"]});
  }
}"""


def follow(page, name):
    """Follow a link of the side bar, which is a sheet below the picture and leaves when the page comes."""
    page.locator("[data-testid=stExpandSidebarButton]").click()
    bar = page.locator("[data-testid=stSidebar][data-collapsed=false]")

    def lies_below():  # it slides there
        box = bar.bounding_box()
        return box and box["y"] > 400 and box["height"] < 0.45 * 844 and box["width"] == 390

    bar.wait_for()
    until(page, lies_below)
    bar.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("heading", name=HEADINGS[name], level=1).wait_for()
    until(page, lambda: bar.count() == 0)  # the page that was asked for is to be seen
    until(page, lambda: page.locator(".live[data-frames]").count() == 1)


def test_on_a_phone_the_picture_comes_first(visit):
    page = visit("?tempo=10&pace=10", **PHONE)
    for name in HEADINGS:
        if name != "Lab":
            follow(page, name)
        assert_picture_first(page, name)


def assert_picture_first(page, name):
    until(page, lambda: drawn(page) > 3)
    tops = [box["y"] for one in page.locator(PICTURE).all() if one.is_visible() and (box := one.bounding_box())]
    assert min(tops) < 420, name
    heading = page.get_by_role("heading", level=1)
    assert heading.count() == 1 and heading.bounding_box()["y"] >= 40, name  # not under the bar of the page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
    charts = [chart.bounding_box() for chart in page.locator(".live-main [data-alt]:visible").all()]
    assert all(chart["x"] + chart["width"] <= 390 for chart in charts), name
    assert name != "Gradients" or all(chart["width"] > 300 for chart in charts)
    assert too_small(page) == [], name
    if name == "Lab":
        for chart in page.locator(".live-score, .live-loss").all():
            assert 300 < chart.bounding_box()["width"] <= 390
        page.locator(".live-score").tap(position={"x": 200, "y": 100})
        page.locator(".live-details h2").wait_for()
    if name == "Shapes":  # outputs that come last are in sight
        for shape in ("many to one", "encoder–decoder"):
            page.get_by_role("radio", name=shape).click()
            page.get_by_role("radio", name=shape, checked=True).wait_for()
            until(page, lambda: page.locator(".live-scroll").first.evaluate(AT_THE_END))
    if name == "Language":
        # the score of a sentence is seen with it
        assert page.locator(".live-score canvas").bounding_box()["y"] < 640
        page.get_by_role("radio", name="Guess", exact=True).click()  # it has a field for a number
        page.locator(".live-guess").wait_for()
        assert too_small(page) == []
    if name == "Arena":
        assert_standings_fit(page)
        heads = page.locator(".live-results thead")
        english = heads.inner_text()
        page.locator("[data-testid=stExpandSidebarButton]").click()
        page.locator("[data-testid=stSidebar]").get_by_text("简体中文").click()
        until(page, lambda: heads.inner_text() != english)
        assert_standings_fit(page)


@pytest.mark.parametrize("newcomer", [False, True])
def test_a_phone_lying_shows_the_score(visit, newcomer):
    page = visit("", newcomer, viewport={"width": 844, "height": 390}, has_touch=True)
    assert page.locator(".welcome button:visible").count() == 2 * newcomer
    assert page.locator(".live-score").bounding_box()["y"] < 300
    assert page.evaluate("document.documentElement.scrollWidth") <= 844


def assert_standings_fit(page):
    """The columns that say who has learned stand within the screen of a phone."""
    headings = page.locator(".live-results thead th").all()[:4]
    assert len(headings) == 4
    for heading in headings:
        box = heading.bounding_box()
        assert box["x"] + box["width"] <= 390


def test_little_is_announced_while_a_network_trains(visit):
    slowly = ("?step=3&speed=10", "gradients?state_step=3&speed=10", "memory?speed=10", "language?speed=10", ARENA)
    pages = []
    for path in slowly:
        pages.append(visit(path))
        pages[-1].evaluate(COUNT)  # while the others open
    for page in pages:
        told = until(page, lambda page=page: page.evaluate("window.told"))
        assert told["frames"] > 3
        assert told["regions"] <= 4 and told["values"] <= 3


def drawn(page) -> int:
    """How many pictures the page has drawn."""
    return int(page.locator(".live[data-frames]").get_attribute("data-frames"))


def test_the_keyboard_sees_at_which_page_it_is_and_at_rest_all_is_announced(visit):
    page = visit("?step=3")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.get_by_role("link", name="Unroll").focus()
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outline")
    assert "solid" in outline and "2px" in outline
    pause(page)
    details = page.locator(".live-details h2")
    score = page.locator(".live-score")
    until(page, lambda: score.get_attribute("aria-valuetext").startswith(details.inner_text()))
    until(page, lambda: page.locator(".live-announced").inner_text() == page.locator(".live-line").first.inner_text())
    page.emulate_media(reduced_motion="reduce")  # which is respected
    assert page.evaluate(SLOW) == 0
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(SLOW) > 0
    for fold in ("section[data-testid=stSidebar] details > summary", ".live details[data-part] > summary"):
        assert_a_press_counts_for_what_it_began_on(page, fold)


SLOW = """() => [...document.querySelectorAll("*")].filter((e) =>
  getComputedStyle(e).transitionDuration.split(",").some((time) => parseFloat(time) > 0.001)).length"""


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


def cut_off(page, code) -> list[str]:
    """The names of what is chosen that cannot be read whole in this language."""
    _ = language(code).gettext
    names = [preset.title for preset in (*PRESETS.values(), *MATCHES.values())]
    names += [*TASK_NAMES.values(), *CELL_NAMES.values(), *OPTIMIZER_NAMES.values()]
    return page.evaluate(CUT, [*map(_, names), *text_names(_).values()])


LABELS = """() => [...document.querySelectorAll("[aria-label], [placeholder], [data-testid=stFileUploader] section")]
  .filter((e) => !e.closest("[data-testid^=stBidi]"))
  .map((e) => [e.ariaLabel, e.getAttribute("placeholder"), e.matches("section") && e.innerText].join())"""


def test_the_document_says_its_language_and_streamlits_own_words_and_names_are_in_it(visit):
    page = visit("", locale="zh-CN")
    lang = "document.documentElement.lang"
    page.get_by_role("heading", name="看循环神经网络如何学习").wait_for()
    until(page, lambda: drawn(page) > 3)
    assert page.evaluate(lang) == "zh-CN"
    assert cut_off(page, "zh_CN") == []
    open_part(page, "保存与分享")
    page.get_by_test_id("stFileUploader").get_by_text("每个文件不超过 192MB").wait_for()
    english = [
        label for label in page.evaluate(LABELS) if re.search("Upload|per file|Help|Open|crement|[Ss]idebar|App", label)
    ]
    assert english == [] and page.get_by_role("button", name="“循环单元”的说明").count() == 1
    page.locator("[data-testid=stSidebar]").get_by_text("English").click()
    until(page, lambda: page.evaluate(lang) == "en")
    page.get_by_role("button", name="Help for Cell").wait_for()
    open_part(page, "Keep and share")
    page.get_by_test_id("stFileUploader").get_by_text("192MB per file").wait_for()
    assert cut_off(page, "en") == []
    page.locator("[data-testid=stSidebar]").get_by_text("简体中文").click()
    until(page, lambda: page.evaluate(lang) == "zh-CN")


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


def test_on_paper_there_are_charts_and_settings_and_no_buttons_dark_on_white(visit):
    page = visit("?hidden_size=16", color_scheme="dark")
    for scheme in ("dark", "light"):
        page.emulate_media(media="screen", color_scheme=scheme)
        until(page, lambda scheme=scheme: page.evaluate("document.documentElement.dataset.theme") == scheme)
        page.emulate_media(media="print")
        white, black = page.evaluate(SHARES, base64.b64encode(page.screenshot()).decode())
        assert white > 0.5 and 0.005 < black < 0.3, scheme
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert not page.locator("[data-testid=stSidebar]").is_visible()
    assert not page.locator(".live-buttons, .live-scrubber input").filter(visible=True).count()
    assert page.locator(".live h2").first.evaluate("e => getComputedStyle(e).breakAfter") == "avoid"
    folded = page.locator("[data-testid=stExpander]:has(> details:not([open]))")
    assert folded.count() and not folded.filter(visible=True).count()
    assert "hidden_size: 16" in page.locator(".live-printed").inner_text()
    assert page.locator(".live-score").is_visible() and page.locator(".live-loss").is_visible()
    assert page.locator("[data-testid=stMain]").evaluate("e => getComputedStyle(e).overflow") == "visible"


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_a_wrong_guess_can_be_read(theme):
    def luminance(colour):
        shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(theme.wrong), luminance(theme.background)))
    assert (light + 0.05) / (dark + 0.05) >= 4.5


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


def assert_a_press_counts_for_what_it_began_on(page, fold):
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
