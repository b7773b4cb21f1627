"""What a page keeps in its browser, seen from a test."""

from contextlib import contextmanager

from actions import PATIENCE, until
from serving import problem

LIVE = "document.querySelector('.live[data-frames]').live"
LEAVES = "document.dispatchEvent(new Event('visibilitychange'))"  # as when a tab is put away
ALL = """async () => {
  const { everyNetwork } = await import(new URL("browser/live/static/store.js", location.origin).href);
  return everyNetwork();
}"""


def update(page) -> int:
    return page.evaluate(f"{LIVE}.frame.update ?? 0")


def opened(page):
    page.wait_for_selector("[data-frames]", timeout=1000 * PATIENCE)


def kept(page) -> int:
    """The update that the page says is kept; 0 while it says none."""
    line = page.locator(".live-kept span").inner_text()
    return int(line.removesuffix(".").split()[-1].replace(",", "")) if line.startswith("Kept in this browser") else 0


def keeps(page, least):
    """Wait until the browser keeps that update, or a later one; which one."""

    def there():
        page.evaluate(LEAVES)
        return kept(page) >= least and kept(page)

    return until(page, there)


@contextmanager
def tab(chromium, **options):
    """A page of a browser of its own, whose errors are looked at in the end; those of a lost connection are none."""
    context = chromium.new_context(locale="en-US", **options)
    page, problems = context.new_page(), []
    context.on("console", lambda message: problems.extend(problem(message)))
    context.on("weberror", lambda error: problems.append(str(error.error)))
    yield page
    context.close()
    lost = ("Failed to load resource", "WebSocket connection", "Failed to fetch", "net::ERR")
    lost += ("Client Error in reaching", "Streamlit server is not responding")
    assert [one for one in problems if not any(part in one for part in lost)] == []
