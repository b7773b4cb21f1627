"""Networks that outlive the server, a tab, a reload, in a real browser."""

import time

import pytest
from actions import PATIENCE, choose, number, pause, settled, slide, until, violations
from keeping import ALL, LEAVES, LIVE, keeps, kept, opened, tab, update
from restarting import restarting

pytestmark = pytest.mark.browser
SMALL = "*small* network, compared with what came after it was put by"
TEXT = "The sea is grey and the stone is grey and the sky over the sea is blue. " * 42
HOLDS = """async ([identity, text]) => {
  const { fileOf } = await import(new URL("browser/live/static/store.js", location.origin).href);
  const unpacked = new Blob([await fileOf(identity)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return (await new Response(unpacked).text()).includes(text);
}"""
DAMAGE = """async () => {
  const { everyNetwork, keepNetwork } = await import(new URL("browser/live/static/store.js", location.origin).href);
  const network = (await everyNetwork()).find(({ present }) => present);
  await keepNetwork(network, new Uint8Array([1, 2, 3]).buffer);
}"""
WATCH = """() => {
  const live = document.querySelector(".live[data-frames]").live;
  const show = live.show.bind(live);
  [window.drawn, window.told] = [[], []];
  live.show = (frame, ...more) => (window.drawn.push([live.key, frame.update]), show(frame, ...more));
  const line = document.querySelector(".live-connection");
  new MutationObserver(() => window.told.push(line.textContent)).observe(line, { childList: true, subtree: true });
}"""


def key(page) -> str:
    return page.evaluate(f"{LIVE}.key")


IDENTITY = (
    f"fetch({LIVE}.address('kept')).then((answer) => JSON.parse(answer.headers.get('x-kept') ?? '{{}}').identity)"
)


def keeps_the_present(page) -> int:
    """Wait until the browser keeps the network that the server trains; its update. It may keep the one before, too."""
    identity = until(page, lambda: page.evaluate(IDENTITY))

    def there():
        page.evaluate(LEAVES)
        return next((one["update"] for one in page.evaluate(ALL) if one["identity"] == identity), 0)

    return until(page, there)


def field(page):
    return page.get_by_role("textbox", name="Your own text")


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """The app, whose server may be killed; the next test goes on with the one that was started in its place."""
    with restarting(tmp_path_factory.mktemp("survival")) as app:
        yield app


def test_a_killed_server_gets_the_network_back_from_the_browser(chromium, app):
    app.up()
    with tab(chromium) as page:
        page.goto(f"{app.url}/?hidden_size=12&speed=100")
        opened(page)
        choose(page, "Data", "Your own text")
        field(page).fill(TEXT)
        field(page).press("Control+Enter")
        until(page, lambda: page.evaluate(f"{LIVE}.frame.run") >= 2 and number(page, "Update") > 60)
        slide(page, "Learning rate", "ArrowLeft")
        until(page, lambda: "learning_rate" in page.url)
        before, name, at = keeps_the_present(page), key(page), page.url
        app.kill()
        line = page.locator(".live-connection")
        line.get_by_text("The connection to the server is lost").wait_for()
        page.evaluate(WATCH)
        second = app.up()
        line.get_by_text("It came back from this browser, as it was at update").wait_for(timeout=60_000)
        drawn = f"window.drawn.filter(([key]) => key !== '{name}').map(([_key, update]) => update)"
        until(page, lambda: max(page.evaluate(drawn), default=0) > before)  # and it trains on
        assert key(page) != name
        # No other network was shown in its place. A picture of the killed server, older than its file, may come late.
        assert min(page.evaluate(drawn)) >= before
        assert "Getting your network back…" in page.evaluate("window.told")
        until(page, lambda: page.url == at and field(page).input_value() == TEXT, 20)
        page.get_by_role("slider", name="Look at update").press("Home")
        until(page, lambda: page.evaluate(f"{LIVE}.frame.look.update") == 0)  # the past is there as well
        page.get_by_role("button", name="Back to now").first.click()
        until(page, lambda: page.url == at)
        pause(page)
        until(page, lambda: page.evaluate(f"{LIVE}.frame.status") == "paused")
        last = update(page)
        assert keeps(page, last) == last
        assert name not in second.log.read_text() and name not in page.url
        page.goto("about:blank")
        app.kill()
        app.up()
        page.go_back()
        opened(page)
        until(page, lambda: update(page) == last and page.evaluate(f"{LIVE}.frame.status") == "paused", 60)
        until(page, lambda: field(page).input_value() == TEXT and page.url == at)
        until(page, lambda: page.get_by_text("private text").count() == 0)
        assert next(one["update"] for one in page.evaluate(ALL) if one["present"]) == last


def test_a_second_tab_finds_the_network_and_one_press_erases_all(visit):
    page = visit("?speed=100&hidden_size=6")
    until(page, lambda: update(page) > 30)
    first = keeps(page, 30)
    other = page.context.new_page()
    other.goto(page.url)
    keeps(page, first + 1)  # the first tab goes on
    opened(other)
    line = other.locator(".live-kept")
    line.get_by_text("This browser keeps a network with these settings, at update").wait_for()
    line.get_by_role("button", name="Continue with it").click()
    until(other, lambda: update(other) > first and other.evaluate(f"{LIVE}.frame.run") >= 2)
    assert key(other) != key(page)
    keeps(other, first)
    keeps(page, first)
    assert len({one["tab"] for one in page.evaluate(ALL)}) == 2
    erase = page.get_by_role("button", name="Erase my networks")
    erase.focus()
    page.keyboard.press("Enter")
    page.locator(".live-kept").get_by_text("Networks are not kept in this browser.").wait_for()
    until(page, lambda: page.evaluate(ALL) == [])
    other.locator(".live-kept").get_by_text("Networks are not kept").wait_for()
    page.reload()
    opened(page)
    again = page.locator(".live-kept").get_by_role("button", name="Keep them")
    again.wait_for()
    assert page.evaluate(ALL) == []
    again.click()
    keeps(page, 1)
    other.goto(page.url.partition("?")[0] + "course?lang=en")
    other.get_by_role("button", name="Erase my networks").click()
    other.get_by_text("No network is kept in this browser any more.").wait_for()
    page.evaluate(LEAVES)  # the tab would see it within eight seconds, as the other one did above
    page.locator(".live-kept").get_by_text("Networks are not kept").wait_for()
    until(page, lambda: page.evaluate(ALL) == [])


def test_a_server_that_is_told_to_end_lets_the_page_fetch_its_network_first(chromium, app):
    first = app.up()
    with tab(chromium) as page:
        page.goto(f"{app.url}/?hidden_size=12&speed=1000")
        opened(page)
        keeps(page, 1)
        before = until(page, lambda: update(page) > 300 and update(page))
        first.process.terminate()
        first.process.wait(10)
        until(page, lambda: kept(page) >= before)  # of which nothing was kept when it was told
        app.up()
        page.locator(".live-connection").get_by_text("It came back from this browser").wait_for(timeout=60_000)
        until(page, lambda: update(page) > before)


def opened_list(page):
    """The list of runs, open."""
    fold = page.locator("details", has=page.get_by_text("Runs: return to one, compare two"))
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    return fold


def test_runs_are_kept_compared_and_come_back_with_their_names(chromium, app):
    app.up()
    with tab(chromium, viewport={"width": 1300, "height": 900}) as page:
        page.set_default_timeout(60_000)
        page.goto(f"{app.url}/?hidden_size=6&speed=100")
        opened(page)
        begin = time.monotonic()
        until(page, lambda: time.monotonic() - begin > 6 and update(page) > 20)  # long enough for the list
        slide(page, "Hidden units", "ArrowRight")
        until(page, lambda: page.evaluate(f"{LIVE}.frame.run") == 2 and "hidden_size=7" in page.url)
        # the browser keeps the run before without another click
        until(page, lambda: sorted(one["present"] for one in page.evaluate(ALL)) == [False, True])
        name = opened_list(page).get_by_role("textbox", name="Name of run 1")
        name.fill(SMALL)
        name.press("Enter")
        page.get_by_text(f"Changed from {SMALL}: Hidden units: 7").wait_for()
        box = page.get_by_role("combobox", name="Beside this network")

        def chosen():
            """A run of the script that comes late closes the list again."""
            box.press("ArrowDown")
            box.press("Enter")
            return page.locator("[data-chart^=compared_score]").count() == 2

        until(page, lambda: settled(page))
        until(page, chosen)
        until(page, lambda: page.locator("[data-chart^=compared_score] canvas").count() == 2)
        axes = "element => JSON.stringify(element.closest('.live-still').chart.figure.layout.yaxis?.range ?? null)"
        charts = page.locator("[data-chart^=compared_score]")
        assert charts.nth(0).evaluate(axes) == charts.nth(1).evaluate(axes)
        assert charts.nth(0).bounding_box()["y"] == charts.nth(1).bounding_box()["y"]  # of which one has a long name
        assert violations(page) == []

        def all_kept():
            """The other run with its name as well."""
            page.evaluate(LEAVES)
            others = [one for one in page.evaluate(ALL) if not one["present"]]
            return len(others) == 1 and page.evaluate(HOLDS, [others[0]["identity"], SMALL]) and kept(page)

        until(page, all_kept)
        app.kill()
        page.locator(".live-connection").get_by_text("The connection to the server is lost").wait_for()
        app.up()
        page.locator(".live-connection").get_by_text("It came back from this browser").wait_for()
        fold = opened_list(page)
        until(page, lambda: fold.get_by_role("textbox", name="Name of run 1").input_value() == SMALL)
        fold.get_by_role("button", name="Return to it").press("Enter")
        until(page, lambda: "hidden_size=6" in page.url and update(page) > 20)
        until(page, lambda: page.get_by_role("slider", name="Hidden units").input_value() == "6", 20)

        def exchanged():
            page.evaluate(LEAVES)
            kept_runs = {one["present"]: page.evaluate(HOLDS, [one["identity"], SMALL]) for one in page.evaluate(ALL)}
            return kept_runs == {True: True, False: False}

        until(page, exchanged)
        app.kill()
        page.locator(".live-connection").get_by_text("The connection to the server is lost").wait_for()
        page.evaluate(DAMAGE)  # the file of the one in training: the other comes back all the same
        app.up()
        page.locator(".live-connection").get_by_text("this is a new one with the settings of this page").wait_for()
        until(page, lambda: opened_list(page).get_by_role("button", name="Return to it").count() == 1)


def test_a_network_whose_settings_were_changed_after_it_was_kept_comes_back(chromium, app):
    app.up()
    with tab(chromium) as page:
        page.goto(f"{app.url}/?speed=100&hidden_size=6")
        opened(page)
        keeps(page, 1)
        page.route("**/kept?*", lambda route: route.abort())  # from here on nothing newer is kept
        slide(page, "Learning rate", "ArrowLeft")
        until(page, lambda: "learning_rate" in page.url)
        app.kill()
        page.locator(".live-connection").get_by_text("The connection to the server is lost").wait_for()
        page.unroute("**/kept?*")
        app.up()
        page.locator(".live-connection").get_by_text("It came back from this browser").wait_for(timeout=60_000)


def goes(page, name):
    """To another page of the tab."""
    page.locator("[data-testid=stSidebarNavLink]").filter(has_text=name).click()
    until(page, lambda: there(page, {"Lab": "live"}.get(name, name.lower())) > 0)


def there(page, name) -> int:
    """The update of the networks of the page whose live element has this name; 0 before it has any."""
    return page.evaluate(f"document.querySelector('.{name}[data-frames]')?.{name}?.frame?.update ?? 0")


def test_a_killed_server_gets_the_networks_of_every_page_back_from_the_browser(chromium, app):
    app.up()
    with tab(chromium) as page:
        page.goto(f"{app.url}/?cell=gru&hidden_size=20")
        opened(page)
        lab = keeps(page, 20)
        goes(page, "Shapes")
        pause(page)
        shapes = there(page, "shapes")
        assert keeps(page, shapes) == shapes
        goes(page, "Arena")
        arena = keeps(page, 20)
        assert {one["kind"] for one in page.evaluate(ALL)} == {"lab", "shapes", "arena"}
        app.kill()
        line = page.locator(".live-connection")
        line.get_by_text("The connection to the server is lost").wait_for()
        app.up()
        line.get_by_text("came back from this browser").wait_for(timeout=60_000)
        assert there(page, "arena") >= arena
        page.reload()  # the other pages' networks are still on their way
        until(page, lambda: there(page, "arena") > arena)
        goes(page, "Shapes")
        until(page, lambda: there(page, "shapes") == shapes)
        page.get_by_role("button", name="Play", exact=True).wait_for()  # paused, as they were
        goes(page, "Lab")
        until(page, lambda: there(page, "live") >= lab)
        assert "hidden_size=20" in page.url


def test_a_server_that_was_started_again_gives_who_keeps_nothing_a_network_again(chromium, app):
    app.up()
    with tab(chromium) as page:
        page.context.add_init_script("try { localStorage.setItem('rnn-lab-networks-off', '1'); } catch { }")
        unroll, name = page.context.new_page(), "sessionStorage['rnn-lab-tab']"
        unroll.goto(f"{app.url}/unroll?changes=g0.1~g0.2")
        unroll.get_by_role("button", name="Undo").wait_for(timeout=1000 * PATIENCE)
        until(unroll, lambda: unroll.evaluate(f"{name} !== undefined"))
        known = unroll.evaluate(name)
        page.goto(f"{app.url}/?cell=gru&hidden_size=20")
        opened(page)
        parameters, before = number(page, "Parameters"), key(page)
        app.kill()
        line = page.locator(".live-connection")
        line.get_by_text("The connection to the server is lost").wait_for()
        second = app.up()
        line.get_by_text("this is a new one with the settings of this page").wait_for(timeout=60_000)
        assert key(page) != before
        first = update(page)
        until(page, lambda: update(page) > first + 5)
        assert number(page, "Parameters") == parameters
        page.evaluate("document.body.dispatchEvent(new PointerEvent('pointerup', { bubbles: true }))")
        assert "this is a new one" in line.inner_text()  # until something is done
        slide(page, "Hidden units", "ArrowRight")
        until(page, lambda: line.inner_text() == "", 10)
        pause(page)
        assert before not in second.log.read_text()
        until(unroll, lambda: unroll.evaluate(name) != known)
        unroll.get_by_role("button", name="Undo").click()  # the first press counts
        until(unroll, lambda: unroll.url.endswith("changes=g0.1"), 30)
