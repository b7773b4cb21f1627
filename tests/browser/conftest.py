"""A real browser in front of the real server, both started as the README says."""

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from chart_page import draw, served
from playwright import sync_api
from serving import PATIENCE, problem, serving

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def executable() -> str | None:
    """Where a browser is; where there is none, the reason why the tests do not run."""
    return next(filter(None, map(shutil.which, NAMES)), str(MAC) if MAC.exists() else None)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The address of the app, started for these tests."""
    with serving(tmp_path_factory.mktemp("server") / "log") as url:
        yield url


@pytest.fixture(scope="session")
def chromium():
    """The browser; where there is none the tests are skipped, except in CI."""
    path = executable()
    if path is None:
        assert os.environ.get("CI") != "true", "no browser: install chromium"
        pytest.skip("no browser: install chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


@pytest.fixture
def hearing(chromium):
    """A function that starts a browser whose microphone hears a WAV file, again and again."""
    started = []

    def start(file):
        names = ("fake-ui-for-media-stream", "fake-device-for-media-stream", f"file-for-fake-audio-capture={file}")
        arguments = [f"--use-{name}" for name in names]
        started.append(chromium.browser_type.launch(executable_path=executable(), args=arguments))
        return started[-1]

    yield start
    for browser in started:
        browser.close()


@pytest.fixture
def visit(chromium, server):
    """A function that opens the app in a context of its own; every page is checked for errors at the end.

    newcomer : the browser has never been here. ready : what is waited for. browser : another one.
    """
    opened = []

    def open_page(query="", newcomer=False, ready=".live[data-frames]", browser=chromium, **options):
        options = {"viewport": {"width": 1440, "height": 900}, "locale": "en-US"} | options
        context = browser.new_context(**options)
        if not newcomer:
            context.add_init_script("try { localStorage.setItem('rnn-lab-visited', '1'); } catch { }")
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.problems, page.hosts = [], set()
        page.on("console", lambda message: page.problems.extend(problem(message)))
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("request", lambda request: page.hosts.add(urlsplit(request.url).netloc))
        page.goto(f"{server}/{query}")
        page.wait_for_selector(ready, timeout=1000 * PATIENCE)
        opened.append(page)
        return page

    yield open_page
    for page in opened:
        page.context.close()
        assert page.problems == []
        assert page.hosts - {""} <= {urlsplit(server).netloc}


@pytest.fixture(scope="session")
def chart_address():
    """Where the page with one empty chart is."""
    with served() as address:
        yield address


@pytest.fixture
def show(chromium, chart_address):
    """A function that opens the page with one chart and draws a figure; no page may have an error at its end."""
    opened = []

    def open_page(figure, width=800, **options):
        page = chromium.new_context(viewport={"width": width, "height": 900}, **options).new_page()
        page.set_default_timeout(10_000)
        page.problems = []
        page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.goto(chart_address)
        page.wait_for_function("() => window.chart")
        draw(page, figure)
        opened.append(page)
        return page

    yield open_page
    for page in opened:
        page.context.close()
        assert [problem for problem in page.problems if "favicon" not in problem] == []
