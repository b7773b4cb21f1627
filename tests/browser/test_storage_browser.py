"""A browser without room, or that lets the page keep nothing, and one whose networks were erased."""

from urllib.parse import urljoin

import pytest
from actions import PATIENCE, pause, until
from keeping import ALL, LEAVES, keeps, opened, tab, update

pytestmark = pytest.mark.browser
FULL = "throw new DOMException('full', 'QuotaExceededError');"


def test_a_browser_that_keeps_nothing_is_told_of(chromium, server):
    refused = "Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('no', 'SecurityError'); } })"
    with tab(chromium, viewport={"width": 390, "height": 780}) as page:
        page.add_init_script(refused)
        page.goto(f"{server}/?speed=100&lang=zh_CN")
        opened(page)
        page.locator(".live-kept").get_by_text("此浏览器不允许本页保存任何内容").wait_for()
        seen = update(page)
        until(page, lambda: update(page) > seen)
        for name in ("gradients?", "memory?", "memory?memory_view=plane&", "language?"):
            page.goto(f"{server}/{name}lang=zh_CN")
            page.locator(".live-kept").get_by_text("此浏览器不允许本页保存任何内容").wait_for()


def test_a_browser_without_room_is_told_of_and_keeps_again_when_there_is_some(chromium, server):
    full = "window.put = IDBObjectStore.prototype.put; IDBObjectStore.prototype.put = () => "
    with tab(chromium) as page:
        page.add_init_script(full + f"{{ {FULL} }};")
        page.goto(f"{server}/?speed=100&hidden_size=6")
        opened(page)
        page.locator(".live-kept").get_by_text("This browser has no room left").wait_for()
        page.evaluate("void (IDBObjectStore.prototype.put = window.put)")
        keeps(page, 1)
        pause(page)
        keeps(page, update(page))
        page.evaluate("indexedDB.deleteDatabase('rnn-lab-networks')")  # the browser, or its owner, makes room
        until(page, lambda: page.evaluate(ALL) != [])


def test_where_there_is_no_room_what_was_kept_stays_and_can_be_erased(visit):
    page = visit("?speed=100&hidden_size=6")
    first = keeps(page, 1)
    page.evaluate(f"void (IDBObjectStore.prototype.put = () => {{ {FULL} }})")
    line = page.locator(".live-kept")
    until(page, lambda: page.evaluate(LEAVES) and line.get_by_text("This browser has no room left").is_visible())
    assert [one["update"] >= first for one in page.evaluate(ALL)] == [True]
    line.get_by_role("button", name="Erase my networks").click()
    line.get_by_text("Networks are not kept in this browser.").wait_for()
    assert page.evaluate(ALL) == []


def test_a_browser_that_refused_for_a_while_is_asked_again(chromium, server):
    with tab(chromium) as page:
        page.add_init_script(
            "window.openAgain = IDBFactory.prototype.open; IDBFactory.prototype.open = () => { throw 0; };"
        )
        page.goto(f"{server}/?speed=100&hidden_size=6")
        opened(page)
        page.locator(".live-kept").get_by_text("This browser does not let the page keep anything").wait_for()
        page.evaluate("void (IDBFactory.prototype.open = window.openAgain)")
        keeps(page, 1)


def test_what_was_erased_is_not_offered(visit):
    page = visit("?speed=100&hidden_size=6")
    keeps(page, 1)
    other = page.context.new_page()
    other.goto(page.url)
    line = other.locator(".live-kept")
    line.get_by_role("button", name="Continue with it").wait_for(timeout=1000 * PATIENCE)
    page.get_by_role("button", name="Erase my networks").click()
    until(page, lambda: page.evaluate(ALL) == [])
    other.evaluate(LEAVES)  # the tab would see it within eight seconds
    line.get_by_role("button", name="Keep them").click()
    line.get_by_text("Kept in this browser").wait_for()


def test_a_chart_can_be_saved_while_nothing_is_kept(visit):
    page = visit("?hidden_size=6")
    page.route("**/kept?*", lambda route: route.fulfill(status=202))
    for name in ("arena", "shapes"):
        page.goto(urljoin(page.url, name))
        page.wait_for_selector("[data-frames]")
        page.locator("[data-chart=race] + .live-tools").get_by_text("Save chart").wait_for()
        assert page.locator(".live-kept").is_hidden()
