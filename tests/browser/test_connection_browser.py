"""Lost connections, in a real browser."""

import time

import pytest
from actions import PATIENCE, choose, number, pause, slide, until
from relay import relayed
from serving import problem, serving

pytestmark = pytest.mark.browser
BACK = 5  # seconds of the page after a cut until it shows that the network trains on
TRIES = 10  # to connect


LIVE = "document.querySelector('.live[data-frames]')?.live"  # none while the script draws it anew


def update(page) -> int:
    """Updates of the network that is shown; 0 before the first picture of it."""
    return page.evaluate(f"{LIVE}?.frame.update ?? 0")


def run(page) -> int:
    """Which of the session's networks is shown; 0 while none is."""
    return page.evaluate(f"{LIVE}?.frame.run ?? 0")


def key(page) -> str | None:
    """The name of the session that is shown; None while none is."""
    return page.evaluate(f"{LIVE}?.key")


@pytest.fixture
def through(chromium, server):
    """A function that opens the app through a relay; (page, relay)."""
    with relayed(server) as relay:
        page = chromium.new_context(locale="en-US").new_page()

        def open_page(query="", drawn=".live[data-frames]", clock=False):
            if clock:
                page.clock.install()
            page.goto(f"{relay.url}/{query}")
            page.wait_for_selector(drawn, timeout=1000 * PATIENCE, state="attached")
            return page, relay

        yield open_page
        page.context.close()


def trains_on(page, asked, before):
    """Wait for newer pictures, and until the page has taken back that the connection is lost: both soon by its own
    clock, which stands still while it waits for an answer, as how long that takes is the machine's affair."""
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)
    left, line = iter(range(10 * BACK)), page.locator(".live-connection")

    def newer():
        if not asked:
            assert next(left, None) is not None, "the page did not ask soon enough"
            page.clock.run_for(100)
        told = line.inner_text()[:12]
        return update(page) > before + 5 and told in ("", "The controls")  # Streamlit's own connection follows

    until(page, newer)
    page.clock.resume()


@pytest.mark.parametrize("ahead", [0, 27])
def test_a_lost_connection_is_told_and_the_network_trains_on(through, ahead):
    """Three seconds without a connection; in the second case half a minute, by a clock of the page that runs ahead."""
    page, relay = through(clock=True)
    relay.cut()
    line = page.locator(".live-connection")
    line.get_by_text("The connection to the server is lost").wait_for()
    reset = page.get_by_role("button", name="Start over")
    assert reset.get_attribute("aria-disabled") == "true"
    reset.click(force=True)  # does nothing, now or later
    before, end, left = update(page), time.monotonic() + 3, iter(range(ahead))
    until(page, lambda: (next(left, None) is None or page.clock.fast_forward(1000)) and time.monotonic() > end)
    asked = set()  # requests for a picture that are under way
    page.on("request", lambda request: asked.add(request) if "/live/" in request.url else None)
    for over in ("requestfinished", "requestfailed"):
        page.on(over, lambda request: asked.discard(request))
    relay.restore()
    trains_on(page, asked, before)
    until(page, lambda: page.clock.fast_forward(1000) or line.inner_text() == "")  # its tries have become rare
    pause(page)  # buttons act again
    page.get_by_role("button", name="New seed").click()
    until(page, lambda: run(page) == 2)


def test_a_moment_that_was_chosen_without_a_connection_is_shown_when_it_is_back(through):
    page, relay = through("?speed=1000&hidden_size=6")
    until(page, lambda: update(page) > 60)
    relay.cut()
    page.locator(".live-connection").get_by_text("The connection to the server is lost").wait_for()
    page.get_by_role("slider", name="Look at update").fill("20")
    relay.restore()
    until(page, lambda: page.evaluate(f"{LIVE}?.frame.look.wanted") == 20 and update(page) == 20, 30)
    until(page, lambda: page.locator(".live-connection").inner_text() == "", 60)
    assert page.get_by_role("slider", name="Look at update").input_value() == "20"


def test_a_proxy_without_its_server_is_a_lost_connection(through):
    """nginx answers 502 while the server is started again; the page said that its pictures fail."""
    page, _relay = through()
    line, told = page.locator(".live-connection"), page.get_by_text("The connection to the server is lost")
    page.route("**/live/**", lambda route: route.fulfill(status=502))
    until(page, lambda: line.inner_text() != "")
    assert told.is_visible()
    page.unroute("**/live/**")
    until(page, lambda: line.inner_text() == "", 60)


WATCHED = "[...document.querySelectorAll('.live-still')].some((one) => one.connection)"  # its scripts are there


def test_a_page_without_a_moving_part_says_it_too(through):  # nor does Unroll have one, see below
    page, relay = through("gradients?view=unit", ".live-still")
    line = page.locator(".live-connection")
    until(page, lambda: line.count() == 1 and line.inner_text() == "" and page.evaluate(WATCHED))
    relay.cut()
    line.get_by_text("The connection to the server is lost").wait_for()
    relay.restore()
    until(page, lambda: line.inner_text() == "", 60)


BEGUN = "document.querySelector('.live-still')?.connection ?? document.querySelector('.live[data-frames]')"


@pytest.mark.parametrize("path", ["", "unroll"])
def test_no_box_covers_a_page_that_is_cut_off(chromium, server, path):
    """Streamlit gives its box after six tries, each later than the last; the page's clock runs ahead meanwhile."""
    with relayed(server) as relay:
        page = chromium.new_context(locale="en-US").new_page()
        page.clock.install()
        page.goto(f"{relay.url}/{path}")
        until(page, lambda: page.evaluate(f"() => Boolean({BEGUN})"))  # its scripts are there
        line, tries = page.locator(".live-connection"), []
        until(page, lambda: line.count() == 1 and line.inner_text() == "")
        page.on(
            "requestfailed", lambda request: tries.append(request.url) if "/_stcore/health" in request.url else None
        )
        relay.cut()
        line.get_by_text("The connection to the server is lost").wait_for()

        def tried_often():
            page.clock.fast_forward(1000)
            return len(tries) >= TRIES

        until(page, tried_often)
        assert page.locator("[role=dialog]").count() == 0
        relay.restore()

        def connected():
            page.clock.fast_forward(1000)
            return line.inner_text() == ""

        until(page, connected)
        page.context.close()


PAGES = ("", "unroll", "gradients", "hidden_states", "arena", "language", "shapes")


@pytest.mark.slow
def test_every_page_works_under_a_base_path_behind_a_proxy_that_strips_a_prefix(chromium, tmp_path):
    """Open every page by its address and press a button where there is one. Neither the server nor the browser knows
    the whole path of an address; test_proxy_browser.py has a proxy that strips a prefix alone."""
    context, problems = chromium.new_context(locale="en-US"), []
    context.on("console", lambda message: problems.extend(problem(message)))
    context.on("weberror", lambda error: problems.append(str(error.error)))
    with (
        serving(tmp_path / "log", options=["--server.baseUrlPath=rnn"], path="/rnn") as app,
        relayed(app, "/course") as relay,
    ):
        url = f"{relay.url}/rnn"
        for name in PAGES:
            page = context.new_page()  # in one that has been here before, the network would still be paused
            page.goto(f"{url}/{name}")
            if name == "unroll":
                page.locator(".unroll svg").first.wait_for(timeout=1000 * PATIENCE)
            else:
                page.wait_for_selector(".live[data-frames]", timeout=1000 * PATIENCE)
                pause(page)
            page.close()
        page = context.new_page()
        page.goto(f"{url}/no/where?cell=gru")
        page.get_by_text("There is no page named “no/where”. The Lab is shown.").wait_for()
        until(page, lambda: page.url.startswith(f"{url}/?") and "cell=gru" in page.url)
        with page.expect_download() as download:
            page.locator("a[data-file='history.csv']").click()
        assert download.value.suggested_filename == "loss.csv"
        context.close()
    assert problems == []


TEXT = "The sea is grey and the stone is grey and the sky over the sea is blue. " * 42


def paste(page, text):
    choose(page, "Data", "Your own text")
    field = page.get_by_role("textbox", name="Your own text")
    field.fill(text)
    field.press("Control+Enter")
    until(page, lambda: run(page) >= 2)


def field(page):
    return page.get_by_role("textbox", name="Your own text")


def has_its_text(page) -> bool:
    """Whether the script that has the tab's text again is done with the side bar: the live element may come first."""
    there = field(page).count() and field(page).input_value() == TEXT
    return there and page.get_by_text("private text").count() == 0  # said until the tab is found


def test_a_reload_another_address_and_a_link_in_the_same_tab_lose_neither_network_nor_text(visit):
    page = visit()
    paste(page, TEXT)
    number_of_run = run(page)
    slide(page, "Hidden units", "ArrowRight")
    until(page, lambda: run(page) > number_of_run and update(page) > 30)
    before, seen, parameters = key(page), update(page), number(page, "Parameters")
    page.reload()
    page.wait_for_selector(".live[data-frames]")
    until(page, lambda: key(page) == before and has_its_text(page))
    # the picture of the network that stood in for it may be there for a moment
    until(page, lambda: number(page, "Parameters") == parameters and update(page) > seen)
    assert page.get_by_text("somebody").count() == 0
    page.reload()  # and once more
    page.wait_for_selector(".live[data-frames]")
    until(page, lambda: key(page) == before)
    assert before not in page.url

    # another address in the same tab, and the way back
    seen, root = update(page), page.url.partition("?")[0]
    page.goto(f"{root}gradients")
    page.wait_for_selector(".live[data-frames]")
    until(page, lambda: has_its_text(page))
    page.go_back()
    page.wait_for_selector(".live[data-frames]")
    until(page, lambda: key(page) == before and update(page) > seen and has_its_text(page))
    page.goto("about:blank")
    page.go_back()
    page.wait_for_selector(".live[data-frames]")
    until(page, lambda: key(page) == before and has_its_text(page))

    # a link in the same tab gets its settings and the tab's own text
    page.goto(f"{root}?data=own&cell=gru&hidden_size=5")
    page.wait_for_selector(".live[data-frames]")
    until(page, lambda: key(page) == before and has_its_text(page))
    until(page, lambda: page.get_by_role("button", name="Restore the previous network").is_visible())
    assert "cell=gru" in page.url and "hidden_size=5" in page.url and "sea" not in page.url


def test_a_tab_that_is_a_copy_gets_a_network_of_its_own_or_the_one_that_its_tab_had_before(visit):
    page = visit()
    until(page, lambda: update(page) > 10)
    copy = page.context.new_page()  # browsers copy what a tab keeps when it is duplicated
    copy.clock.install()
    copy.goto(page.url)
    copy.wait_for_selector(".live[data-frames]")
    copy.evaluate("key => sessionStorage.setItem('rnn-lab-tab', key)", page.evaluate("sessionStorage['rnn-lab-tab']"))
    copy.reload()
    copy.wait_for_selector(".live[data-frames]")
    until(copy, lambda: update(copy) > 10)
    assert key(copy) != key(page)
    stored = "sessionStorage['rnn-lab-tab']"

    def another():
        copy.clock.fast_forward(1000)  # it asks once a second, twelve times
        return copy.evaluate(stored) != page.evaluate(stored)

    until(copy, another)
    copy.close()

    # a page asks until the one that its tab had before has left
    before, late = key(page), page.context.new_page()
    late.goto(page.url)
    late.wait_for_selector(".live[data-frames]")
    late.evaluate("key => sessionStorage.setItem('rnn-lab-tab', key)", page.evaluate("sessionStorage['rnn-lab-tab']"))
    late.reload()
    late.wait_for_selector(".live[data-frames]")
    until(late, lambda: update(late) > 3)
    assert key(late) != before
    page.close()
    until(late, lambda: key(late) == before, 30)


def test_a_reload_of_unroll_keeps_what_is_done_afterwards(visit):
    """The tab's state from before the reload came when the Lab was opened: what was done in between was lost."""
    page = visit()
    until(page, lambda: update(page) > 3)
    page.get_by_role("link", name="Unroll").click()
    step = page.get_by_role("button", name="One gradient step")
    step.click()
    until(page, lambda: "changes" in page.url)
    page.get_by_role("button", name="Copy the Lab").click()
    page.get_by_role("button", name="Back to your sentence").wait_for()
    page.reload()
    back = page.get_by_role("button", name="Back to your sentence")
    back.click()
    back.wait_for(state="detached")
    first = page.url
    step.click()
    until(page, lambda: page.url != first)
    second = page.url
    page.get_by_role("link", name="Lab").click()
    page.wait_for_selector(".live[data-frames]:not(.live-still)")
    until(page, lambda: update(page) > 3)
    page.get_by_role("link", name="Unroll").click()
    step.wait_for()
    until(page, lambda: page.url == second, 30)


def test_a_text_that_is_half_written_when_the_connection_is_lost_is_not_handed_in(through):
    page, relay = through()
    paste(page, TEXT)
    until(page, lambda: update(page) > 3)
    number_of_run = run(page)
    field(page).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("Half a sent")
    relay.cut()
    page.locator(".live-connection").get_by_text("The connection to the server is lost").wait_for()
    until(page, lambda: field(page).is_disabled())
    relay.restore()
    until(page, lambda: page.locator(".live-connection").inner_text() == "", 60)
    slide(page, "Learning rate", "ArrowRight")  # whatever the page has to tell the server goes with it
    until(page, lambda: "learning_rate" in page.url)
    seen = update(page)
    until(page, lambda: update(page) > seen + 5)
    assert run(page) == number_of_run and field(page).input_value() == TEXT + "Half a sent"
    field(page).press("Control+Enter")  # by the reader's own hand
    until(page, lambda: run(page) == number_of_run + 1)


def test_a_reload_of_shapes_keeps_the_labs_network_too(visit):
    page = visit("?cell=gru")
    until(page, lambda: update(page) > 30)
    lab, seen = key(page), update(page)
    page.get_by_role("link", name="Shapes").click()
    until(page, lambda: page.locator(".shapes[data-frames]").count() == 1)
    shapes = page.evaluate("document.querySelector('.shapes[data-frames]').shapes.key")
    page.reload()
    until(page, lambda: page.locator(".shapes[data-frames]").count() == 1)
    until(page, lambda: page.evaluate("document.querySelector('.shapes[data-frames]').shapes.key") == shapes)
    page.get_by_role("link", name="Lab").click()
    until(page, lambda: page.locator(".live[data-frames]:not(.shapes)").count() == 1)
    until(page, lambda: key(page) == lab and update(page) >= seen)


def test_a_page_that_was_refused_opens_by_itself_when_there_is_a_place_and_its_server_stops_at_once(chromium, tmp_path):
    with serving(tmp_path / "log", RNN_LAB_SESSIONS="1") as url:
        first, second = (chromium.new_context(locale="en-US").new_page() for _visitor in range(2))
        first.goto(url)
        first.wait_for_selector(".live[data-frames]", timeout=1000 * PATIENCE)
        second.goto(url)
        second.get_by_text("The server is full").wait_for()
        first.context.close()
        second.wait_for_selector(".live[data-frames]", timeout=1000 * PATIENCE)
        pause(second)
        url.process.terminate()
        url.process.wait(5)  # at once, while a page waits for a picture
        second.context.close()
