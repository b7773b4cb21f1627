"""The pages in a real browser through nginx, as deploy/ has it, before two processes of the app."""

import pytest
from actions import PATIENCE, number, pause, slide, until
from nginx import proxied
from serving import problem, serving

pytestmark = pytest.mark.browser
FRAME = ".live[data-frames]"
LIVE = f"document.querySelector('{FRAME}')?.live"
KEPT = "Number(/[0-9,]+(?=[.])/.exec(document.querySelector('.live-kept').textContent)?.[0].replaceAll(',', '') ?? 0)"


@pytest.fixture(scope="module")
def farm(tmp_path_factory):
    """(address of nginx, the two processes behind it)"""
    folder = tmp_path_factory.mktemp("nginx")
    with serving(folder / "first") as first, serving(folder / "second") as second:
        ports = [int(url.rpartition(":")[2]) for url in (first, second)]
        with proxied(folder, *ports) as (url, _plain):
            yield url, (first, second)


def opened(chromium, problems):
    context = chromium.new_context(locale="en-US", ignore_https_errors=True)
    context.on("console", lambda message: problems.extend(problem(message)))
    context.on("weberror", lambda error: problems.append(str(error.error)))
    page = context.new_page()
    page.set_default_timeout(1000 * PATIENCE)
    return page


@pytest.mark.parametrize("path", ["", "/course/rnn"])
def test_pages_pictures_and_controls_come_through(chromium, farm, path):
    url, _processes = farm
    problems = []
    page = opened(chromium, problems)
    page.goto(f"{url}{path}/gradients")
    page.wait_for_selector(FRAME)
    picture = page.locator("meta[property='og:image']").get_attribute("content")
    assert picture == f"{url}{path}/browser/pictures/gradients.png" and page.request.get(picture).ok
    page.get_by_role("link", name="Lab", exact=True).click()
    until(page, lambda: page.evaluate(f"{LIVE}?.frame?.update ?? 0") > 3, PATIENCE)
    pause(page)
    before = number(page, "Parameters")
    slide(page, "Hidden units", "ArrowRight")  # the script runs: the web socket
    until(page, lambda: number(page, "Parameters") != before)
    assert page.url.startswith(f"{url}{path}/?") and problems == []
    page.context.close()


def test_the_link_of_a_class_leads_to_the_process_that_holds_it(chromium, farm):
    url, _processes = farm
    teacher = opened(chromium, [])
    teacher.goto(f"{url}/course/rnn/course")
    teacher.get_by_text("A class: many guess").click()
    teacher.get_by_role("button", name="Start a class").click()
    teacher.locator(".class-code").wait_for()
    link = teacher.locator(".class-link").get_attribute("href")
    assert link.startswith(f"{url}/course/rnn/course?class=") and "&server=" in link
    members = [opened(chromium, []) for _member in range(3)]  # of whom others would be led elsewhere
    for member in members:
        member.goto(link)
        member.locator(".class-room[data-frames]").wait_for()
    teacher.locator(".class-count").get_by_text("Members here: 3").wait_for()
    teacher.get_by_role("button", name="Open the guessing").click()
    for member in members:
        member.locator(".course-guess input[type=number]").first.fill("80")
        member.get_by_role("button", name="Send my guess").click()
    teacher.locator(".class-count").get_by_text("Guesses so far: 3").wait_for()
    for page in (teacher, *members):
        page.context.close()


def test_a_first_visit_and_a_looking_phone_take_few_bytes(chromium, farm):
    """Bytes as they travel: two megabytes until the first picture; at the default size 60 kB a second, of pictures and
    of the network that the browser keeps every eight seconds (ui/live/static/keeper.js)."""
    url, _processes = farm
    context = chromium.new_context(
        locale="en-US", ignore_https_errors=True, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page, addresses, sizes, arrived = context.new_page(), {}, {"live": 0, "else": 0}, []
    kept = []  # bytes of each file
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")

    def finished(event):
        address = addresses.get(event["requestId"], "")
        live = "/live/" in address
        sizes["live" if live else "else"] += event["encodedDataLength"]
        if "/kept" in address:
            kept.append(event["encodedDataLength"])
        elif live:
            arrived.append((event["timestamp"], event["encodedDataLength"]))

    wire.on("Network.responseReceived", lambda event: addresses.update({event["requestId"]: event["response"]["url"]}))
    wire.on("Network.loadingFinished", finished)
    page.goto(f"{url}/")
    page.wait_for_selector(FRAME, timeout=1000 * PATIENCE)
    assert 0.5e6 < sum(sizes.values()) <= 2e6
    arrived.clear()
    until(page, lambda: len(arrived) > 20 and kept, PATIENCE)
    (begin, _size), *later = arrived
    pictures = sum(size for _time, size in later) / (later[-1][0] - begin)
    assert pictures + max(kept) / 8 <= 60e3
    context.close()


def test_a_visitor_whose_process_is_killed_is_told_and_takes_the_network_to_another_and_back(chromium, farm, tmp_path):
    url, processes = farm
    page = opened(chromium, [])
    page.goto(f"{url}/course/rnn/?cell=gru&hidden_size=20")
    page.wait_for_selector(FRAME)
    parameters, key = number(page, "Parameters"), page.evaluate(f"{LIVE}.key")
    at = [page.request.get(f"{process}/live/{key}?token=x").status for process in processes]
    assert sorted(at) == [200, 404]
    until(page, lambda: page.locator(".live-kept span").inner_text().startswith("Kept in this browser"))
    kept = page.evaluate(f"{LIVE}.frame.update")
    processes[at.index(200)].process.kill()
    told = page.locator(".live-connection").get_by_text("It came back from this browser")
    told.wait_for()
    until(page, lambda: page.evaluate(f"{LIVE}.frame.update") > kept, PATIENCE)
    kept = page.evaluate(f"{LIVE}.frame.update")
    until(page, lambda: page.evaluate(KEPT) > kept, PATIENCE)
    second = page.evaluate(f"{LIVE}.key")
    assert second != key and number(page, "Parameters") == parameters
    # it is started again: the proxy leads the visitor back, whose web socket is still open at the other one
    port = int(processes[at.index(200)].rpartition(":")[2])
    with serving(tmp_path / "again", port) as again:
        until(page, lambda: page.evaluate(f"{LIVE}?.key") != second, PATIENCE)
        until(page, lambda: page.evaluate(f"{LIVE}?.frame?.update ?? 0") > kept, PATIENCE)
        assert page.request.get(f"{again}/live/{page.evaluate(f'{LIVE}.key')}?token=x").status == 200
        assert number(page, "Parameters") == parameters
    page.context.close()
