"""The doctor's line in a real browser: what it says, its evidence, and a remedy that is tried."""

import pytest
from actions import frame, until, violations

pytestmark = pytest.mark.browser
SLOW = "?optimizer=sgd&learning_rate=0.0001&hidden_size=8&speed=1000"


def line(page):
    return page.locator(".live-doctor p")


def test_it_speaks_shows_its_evidence_and_tries_its_remedy(visit):
    page = visit(SLOW)
    until(page, lambda: "The learning rate looks too low" in line(page).inner_text())
    assert violations(page) == []
    page.get_by_role("button", name="Pause", exact=True).click()
    until(page, lambda: frame(page, "frame.status") == "paused")
    marks = "loss.figure.layout.annotations.map(({text}) => text)"
    until(page, lambda: "hardly falls from here on" in frame(page, marks))
    page.get_by_role("button", name="Show the evidence").click()
    assert page.locator(".live-pointed").count() == 1
    begin = frame(page, "frame.doctor.remedy").split("update ")[1].split(":")[0].replace(",", "")
    button = page.get_by_role("button", name=f"Try it from update {int(begin):,}: learning rate 0.001")
    button.focus()
    page.keyboard.press("Enter")
    until(page, lambda: frame(page, "frame.run") == 2 and frame(page, "frame.learningRate") == 0.001)
    assert frame(page, "frame.update") >= int(begin)
    judged = (
        "with “learning rate 0.001” the held-out loss is "  # as many updates later; it helped, or the time was short
    )
    until(page, lambda: judged in line(page).inner_text())
    assert "learning_rate=0.001" in page.url
    page.get_by_role("button", name="Restore the previous network").click()
    until(page, lambda: frame(page, "frame.run") == 1)


def test_on_a_phone_in_chinese_it_stays_within_the_screen(visit):
    page = visit(f"{SLOW}&lang=zh_CN", viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
    hidden = line(page).is_hidden()
    assert hidden or frame(page, "frame.update") >= 500  # silence is its normal state
    until(page, lambda: "学习率似乎太低" in line(page).inner_text())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    button = page.locator(".live-doctor [data-act=try_remedy]")
    assert button.inner_text().endswith("学习率 0.001") and button.bounding_box()["height"] >= 24
    button.tap()
    until(page, lambda: frame(page, "frame.run") == 2)
