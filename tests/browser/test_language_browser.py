"""The page “Language” in a real browser."""

import re

import numpy as np
import pytest
from actions import choose, open_part, until

from rnn_core.tasks import TEXTS
from rnn_core.tasks.words import words_of

pytestmark = pytest.mark.browser
MEGABYTE = 1_000_000
UPDATE = "Number(document.querySelector('.writing .live-value').textContent.replace(/,/g, ''))"
VIEWS = ("score", "write", "rulers", "game")
NAMES = {
    "en": ("Language", "Score sentences", "Write", "N-gram models", "Guess", "Pause"),
    "zh-CN": ("语言", "句子的概率", "生成文本", "n 元语法", "猜一猜", "暂停"),
}


def language(visit, **options):
    """The page, reached as a person does: from the Lab."""
    page = visit(**options)
    name = NAMES[options.get("locale", "en-US").replace("en-US", "en")][0]
    page.get_by_role("link", name=name, exact=True).click()
    page.wait_for_selector(".writing[data-frames]")
    return page


def choose_sample(page, name):
    """Choose a view, and wait until it is drawn."""
    page.get_by_role("radio", name=name, exact=True).click()
    places = {name: view for names in NAMES.values() for name, view in zip(names[1:], VIEWS, strict=False)}
    shown = (
        f"({{ frame, data }}) => data.view === '{places[name]}' && frame.view === data.view && Boolean(frame.figures)"
    )
    holds(page, f"({shown})(document.querySelector('.writing').writing)")


def holds(page, expression):
    """Wait until an expression is true in the browser, whose policy forbids Playwright to wait for it there itself."""
    until(page, lambda: page.evaluate(expression))


def number(page, place):
    """One of the numbers above the charts."""
    text = page.locator(".writing .live-value").nth(place).inner_text()
    return float(re.sub(r"[^0-9.]", "", text))


def long_text():
    """A megabyte of lines, each of words that stand in the app's texts."""
    words = [word for word in words_of(TEXTS["river_en"].text) if word.isalpha()]
    drawn = np.random.default_rng(5).choice(words, MEGABYTE // 3)
    lines = [" ".join(drawn[i : i + 12]) for i in range(0, len(drawn), 12)]
    return "\n".join(lines)[:MEGABYTE]


def test_a_megabyte_is_pasted_and_trains_by_character_and_by_word(visit):
    page = language(visit, permissions=["clipboard-read", "clipboard-write"])
    choose(page, "Data", "Your own text")
    field = page.get_by_role("textbox", name="Your own text")
    field.wait_for()
    text = long_text()
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    field.click()
    page.keyboard.press("Control+V")
    page.keyboard.press("Control+Enter")
    page.get_by_text("A text of 1,000,000 characters is kept.").wait_for()
    holds(page, f"document.querySelectorAll('.writing .live-value')[4]?.textContent === '{len(set(text))}'")
    first = number(page, 0)
    holds(page, f"{UPDATE} > {first + 100}")
    open_part(page, "Characters or words, cleaning")
    page.get_by_role("radio", name="words", exact=True).click()
    holds(page, "/unknown/.test(document.querySelectorAll('.writing .live-note')[4]?.textContent)")
    holds(page, f"{UPDATE} > 20")
    assert page.locator(".writing .live-sentences li").count() >= 2


def test_sentences_side_by_side_and_how_much_of_a_field_is_filled(visit):
    page = language(visit)
    holds(page, f"{UPDATE} > 200")
    box = page.get_by_role("textbox", name="Sentences, one a line")
    box.fill("I ran by stone\nby I stone ran\nI ran %% by")
    box.press("Control+Enter")
    holds(page, "document.querySelectorAll('.live-sentences .writing-symbol').length === 14 + 14 + 9")
    assert "writing-best" in page.locator(".live-sentences li").first.get_attribute("class")
    assert "%" in page.locator(".live-sentences li").nth(2).locator("code").inner_text()
    page.locator(".live-sentences .writing-pick").nth(1).click()
    holds(page, "document.querySelectorAll('.live-sentences li')[1].classList.contains('writing-chosen')")
    assert page.locator(".writing .live-score canvas").bounding_box()["height"] > 200
    assert "I+ran+by+stone" in page.url or "I%20ran" in page.url

    # how much of a field is filled stands below it
    field = page.get_by_label("Context", exact=True)
    field.click()
    field.press_sequentially("the river said to me " * 3)
    told = page.get_by_test_id("InputInstructions").filter(has_text="63/200")
    told.wait_for()
    box = field.bounding_box()
    assert told.bounding_box()["y"] >= box["y"] + box["height"]


def test_a_continuation_is_branched(visit):
    page = language(visit)
    choose_sample(page, "Write")
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Play", exact=True).wait_for()
    symbols = "[...document.querySelectorAll('.live-branches li:nth-child({}) .writing-symbol > span')]"
    text = symbols + ".map(e => e.textContent)"
    rests = "({ frame }) => frame.status === 'paused' && frame.update === frame.look.newest"
    holds(page, f"({rests})(document.querySelector('.writing').writing)")
    whole = page.evaluate(text.format(1))
    page.locator(".live-branches .writing-symbol").nth(6).click()  # step 5: the line end stands before step 0
    rows = page.locator(".live-candidates tbody tr")
    rows.first.wait_for()
    other = rows.locator(":scope:not(.writing-drawn) .writing-take").first
    chosen = other.inner_text()
    other.click()
    page.locator(".live-branches li").nth(1).wait_for()
    fork = page.evaluate(text.format(2))
    holds(page, "location.search.includes('branches=')")
    assert fork[:6] == whole[:6] and fork[6] == chosen != whole[6] and len(fork) == len(whole) == 41
    assert page.evaluate(text.format(1)) == whole
    assert page.locator(".live-compared tbody tr").count() == 6  # three beams, greedy, two branches
    # and once more, from the branch
    page.locator(".live-branches li").nth(1).locator(".writing-symbol").nth(12).click()
    holds(page, "document.querySelector('.live-candidates h2').textContent.includes('11')")
    page.locator(".live-candidates .writing-take").nth(3).click()
    page.locator(".live-branches li").nth(2).wait_for()
    assert "from branch 2 at step 11" in page.locator(".live-branches li").nth(2).inner_text()
    page.get_by_role("button", name="Forget the branches").click()
    holds(page, "document.querySelectorAll('.live-branches li').length === 1")
    holds(page, "!location.search.includes('branches=')")


class Line:
    """The requests for pictures: they go to the server, unless the line is held."""

    def __init__(self, page):
        self._page, self._held, self._holding = page, [], False
        page.route("**/live/*?*", lambda route: self._held.append(route) if self._holding else route.continue_())

    def hold(self):
        self._holding = True
        until(self._page, lambda: self._held)

    def let_go(self):
        self._holding = False
        while self._held:
            self._held.pop(0).continue_()


def test_the_game_is_played_from_the_keyboard_once_its_text_is_there(visit):
    page = language(visit)
    line, field, seen = Line(page), page.locator(".live-guess"), page.locator(".live-seen")
    line.hold()
    page.get_by_role("radio", name="Guess", exact=True).click()
    field.wait_for()
    assert field.is_disabled() and seen.text_content() == ""
    line.let_go()
    until(page, field.is_enabled)
    first = seen.text_content()
    field.click()
    for key in ("e", "Enter", "s"):  # faster than the server answers; Enter is a line end
        page.keyboard.press(key)
    holds(page, f"document.querySelector('.live-seen').textContent.length === {len(first) + 3}")
    holds(page, "document.querySelector('.live-message').textContent.includes('It cost you')")
    page.get_by_role("radio", name="95%").check()
    page.keyboard.press("~")
    page.get_by_text("has no such symbol").wait_for()
    asked = number(page, 0)
    until(page, lambda: number(page, 0) > asked + 10)  # it stays while pictures come, and does not count
    assert "has no such symbol" in page.locator(".live-message").text_content()
    assert len(seen.text_content()) == len(first) + 3
    page.keyboard.press("t")
    holds(page, f"document.querySelector('.live-seen').textContent.length === {len(first) + 4}")
    page.get_by_role("button", name="Start this passage over").click()
    holds(page, "document.querySelector('.live-message').textContent.startsWith('Guess what comes next')")
    assert seen.text_content() == first

    # another passage: the field is closed until it is there
    line.hold()
    page.get_by_role("spinbutton", name="Number of the passage").fill("5")
    page.keyboard.press("Enter")
    until(page, field.is_disabled)
    line.let_go()
    until(page, field.is_enabled)
    second = seen.text_content()
    assert second[: len(first)] != first and page.locator(".live-message").text_content().startswith("Guess what")
    field.press("e")  # the first that counts
    until(page, lambda: len(seen.text_content()) == len(second) + 1)

    # when the game is over the same passage is played again from the first key on
    page.keyboard.type("e" * 30)
    until(page, field.is_disabled)
    line.hold()
    page.get_by_role("button", name="Start this passage over").click()
    page.keyboard.press("e")  # before the server has answered
    line.let_go()
    until(page, lambda: page.evaluate("document.querySelector('.writing').writing.frame.done") == 1)


def test_on_a_phone_nothing_is_cut_off(visit):
    page = visit(viewport={"width": 390, "height": 844})
    page.goto(page.url.split("?")[0].rstrip("/") + "/language?look_at=write&branches=[[0,[1,2]]]")
    page.wait_for_selector(".writing[data-frames]")
    page.locator(".live-branches li").nth(1).wait_for()  # the link names a branch
    page.problems.clear()  # Streamlit itself asks for its settings below the page's address first
    for name in NAMES["en"][1:5]:
        choose_sample(page, name)
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390, name
