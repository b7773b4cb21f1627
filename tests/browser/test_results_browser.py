"""The page “Results” in a real browser: from the list to a measurement of now beside what is stored."""

from urllib.parse import parse_qs, urlsplit

import pytest
from actions import PATIENCE, until, violations

pytestmark = pytest.mark.browser


def test_from_the_list_to_a_measurement_of_now_that_rests_in_between(visit):
    page = visit("results", ready=".st-key-open_reber button")
    assert violations(page) == []
    page.locator(".st-key-open_both_directions button").click()  # the last row
    page.locator(".st-key-result_back").wait_for()
    until(page, lambda: page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0)
    page.get_by_role("button", name="All results").click()
    page.get_by_role("button", name="The embedded Reber grammar").click()
    page.locator(".live-figure canvas").first.wait_for(timeout=1000 * PATIENCE)
    until(page, lambda: "result=reber" in page.url)
    page.get_by_role("button", name="Run it now").click()
    page.get_by_role("button", name="Stop", exact=True).click()
    go_on = page.get_by_role("button", name="Continue", exact=True)
    go_on.wait_for()
    page.reload()  # what was measured is kept
    go_on.click(timeout=1000 * PATIENCE)
    page.get_by_text("Measured now: ").wait_for(timeout=2000 * PATIENCE)
    page.get_by_role("button", name="Run it again").wait_for()
    assert page.get_by_text("Measured now: Agrees: all 2 numbers").count() == 1
    assert page.locator(".live-still").get_by_text("verdict now").count() == 1
    assert violations(page) == []
    way = page.get_by_role("link", name="LSTM on the page “Lab”").get_attribute("href")
    asked = parse_qs(urlsplit(way).query)
    assert asked["data"] == ["reber"] and asked["cell"] == ["lstm"] and asked["hidden_size"] == ["12"]
    page.goto(way)
    page.wait_for_selector(".live[data-frames]", timeout=1000 * PATIENCE)
    assert page.get_by_text("could not be followed").count() == 0
