"""What the page does when the server cannot be reached, in a real browser."""

import time

import pytest
from actions import PATIENCE, number, pause, until
from relay import relayed
from serving import free_port, problem, serving

pytestmark = pytest.mark.browser
BACK = 5  # seconds after a cut until the network trains on


def update(page) -> int:
    return page.evaluate("document.querySelector('.live').live.frame.update")


@pytest.fixture
def through(chromium, server):
    """A function that opens the app through a relay; (page, relay)."""
    with relayed(server) as relay:
        page = chromium.new_context(locale="en-US").new_page()

        def open_page(query=""):
            page.goto(f"{relay.url}/{query}")
            page.wait_for_selector(".live[data-frames]", timeout=1000 * PATIENCE)
            return page, relay

        yield open_page
        page.context.close()


@pytest.mark.parametrize("seconds", [3, pytest.param(30, marks=pytest.mark.slow)])
def test_a_lost_connection_is_told_and_the_network_trains_on(through, seconds):
    page, relay = through()
    relay.cut()
    line = page.locator(".live-connection")
    line.get_by_text("The connection to the server is lost").wait_for()
    reset = page.get_by_role("button", name="Start over")
    assert reset.get_attribute("aria-disabled") == "true"
    reset.click(force=True)  # does nothing, now or later
    before, end = update(page), time.monotonic() + seconds
    until(page, lambda: time.monotonic() > end)
    relay.restore()
    until(page, lambda: update(page) > before + 5, BACK)
    assert line.inner_text() == "" or "The controls" in line.inner_text()
    until(page, lambda: line.inner_text() == "", 30)
    pause(page)  # buttons act again
    page.get_by_role("button", name="New seed").click()
    until(page, lambda: page.evaluate("document.querySelector('.live').live.frame.run") == 2)


def test_a_server_that_was_started_again_gives_the_reader_a_network_again(chromium, tmp_path):
    page, port = chromium.new_context(locale="en-US").new_page(), free_port()
    with serving(tmp_path / "first", port) as url:
        page.goto(f"{url}/?cell=gru&hidden_size=20")
        page.wait_for_selector(".live[data-frames]", timeout=1000 * PATIENCE)
        parameters, key = number(page, "Parameters"), page.evaluate("document.querySelector('.live').live.key")
        url.process.kill()
        line = page.locator(".live-connection")
        line.get_by_text("The connection to the server is lost").wait_for()
    with serving(tmp_path / "second", port):
        line.get_by_text("this is a new one with the settings of this page").wait_for(timeout=60_000)
        assert page.evaluate("document.querySelector('.live').live.key") != key
        first = update(page)
        until(page, lambda: update(page) > first + 5)
        assert number(page, "Parameters") == parameters
        pause(page)
        assert key not in (tmp_path / "second").read_text()
    page.context.close()


PAGES = ("", "unroll", "gradients", "hidden_states", "arena", "language", "shapes")


def every_page_works(chromium, url):
    """Open every page by its address and press a button where there is one."""
    page, problems = chromium.new_context(locale="en-US").new_page(), []
    page.on("console", lambda message: problems.extend(problem(message)))
    page.on("pageerror", lambda error: problems.append(str(error)))
    for name in PAGES:
        page.goto(f"{url}/{name}")
        if name == "unroll":
            page.locator(".unroll svg").first.wait_for(timeout=1000 * PATIENCE)
        else:
            page.wait_for_selector(".live[data-frames]", timeout=1000 * PATIENCE)
            pause(page)
    page.context.close()
    assert problems == []


@pytest.mark.slow
def test_every_page_works_under_a_base_path(chromium, tmp_path):
    with serving(tmp_path / "log", options=["--server.baseUrlPath=rnn"], path="/rnn") as url:
        every_page_works(chromium, url)


@pytest.mark.slow
def test_every_page_works_behind_a_proxy_that_strips_a_prefix(chromium, server):
    with relayed(server, "/course/rnn") as relay:
        every_page_works(chromium, relay.url)
