"""The page “Arena” in a real browser."""

import math
import re

import pytest
from actions import choose, pause, until

pytestmark = pytest.mark.browser
DRAWN = "document.querySelector('.arena').arena"


def arena(page, what="frame"):
    return page.evaluate(f"{DRAWN}.{what}")


def test_four_run_in_lockstep_and_another_task_starts_the_match_anew(visit):
    page = visit("arena")
    until(page, lambda: min(arena(page, "frame.updates")) > 50)
    assert len(set(arena(page, "frame.updates"))) == 1
    names = page.locator(".live-results tbody th").all_inner_texts()
    assert [name[0] for name in names] == ["1", "2", "3", "4"] and "LSTM" in names[3]
    pause(page)
    heads = page.locator(".live-results thead th").all_inner_texts()
    column = page.locator(f".live-results tbody :nth-child({heads.index('parameters') + 1})")
    parameters = [int(text.replace(",", "")) for text in column.all_inner_texts()]
    assert max(parameters) < 1.05 * min(parameters)
    until(page, lambda: arena(page, "frame.status") == "paused")
    at = arena(page, "frame.update")
    page.get_by_role("button", name="One step").click()
    until(page, lambda: arena(page, "frame.updates") == [at + 1] * 4)
    page.get_by_role("button", name="Play", exact=True).click()
    run = arena(page, "frame.run")
    choose(page, "Task", "Adding problem")
    until(page, lambda: arena(page, "frame.run") > run and "task=adding" in page.url)
    until(page, lambda: arena(page, "frame.update") > 20)


def first_reached(verdict) -> float:
    """The update after which it was right often enough, as the verdict says; infinite where it has not been so yet."""
    found = re.search(r"first reached 95% after update ([\d,]+)", verdict)
    return int(found[1].replace(",", "")) if found else math.inf


def test_an_experiment_and_the_curve_that_foretells_it(visit):
    page = visit("arena?match=start")
    until(page, lambda: arena(page, "frame.update") > 500)
    verdicts = page.locator(".live-verdicts li").all_inner_texts()
    assert len(verdicts) == 4
    plain, orthogonal, lstm, forget_bias_5 = map(first_reached, verdicts)
    assert max(orthogonal, forget_bias_5) <= 500 < min(plain, lstm), verdicts  # the pictures may lag behind
    assert all("which is no forecast here" in verdicts[number] for number in (0, 1)), verdicts  # a plain network
    assert "a forecast that it does not learn, right for 8 of 8" in verdicts[2], verdicts


def test_a_sweep_is_cancelled_and_resumed(visit):
    page = visit("arena?seeds=5&budget=5000")  # a minute at least: it is not done before the press
    button = page.locator(".live-sweeper")
    button.click()
    until(page, lambda: button.inner_text() == "Cancel the sweep")
    until(page, lambda: (arena(page, "frame.sweep.share") or 0) > 0)
    button.click()
    until(page, lambda: button.inner_text() == "Resume the sweep")
    share, seen = arena(page, "frame.sweep.share"), arena(page, "frame.update")
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, lambda: arena(page, "frame.update") > seen + 20)
    assert 0 < share == arena(page, "frame.sweep.share") < 1  # it rests, while the match goes on
    button.click()
    until(page, lambda: share < arena(page, "frame.sweep.share"))


def test_what_a_sweep_has_found_is_shown(visit):
    page = visit("arena?lags=40&seeds=3&budget=3000&contenders=2")
    button = page.locator(".live-sweeper")
    button.click()
    until(page, lambda: page.locator(".live-swept").inner_text().startswith("Done."))
    assert (
        page.locator("[data-chart=climb] canvas").is_visible() and page.locator("[data-chart=rule] canvas").is_visible()
    )
    assert page.locator(".live-found li").count() == 3  # one for each contender, one for the rule
    assert button.inner_text() == "Restart the sweep"
