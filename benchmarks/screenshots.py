"""Photograph every page for README and docs: `make pictures` writes docs/<page>.png.

Each network trains until its loss says something; then it is paused, so that the picture is of one moment.
"""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from benchmarks.browser.serving import Server
from benchmarks.browser.visit import PATIENCE, chromium
from benchmarks.process import ROOT

WIDTH, HEIGHT = 1440, 1000
FRAMES = 120  # live pictures before ours
PAGES = {  # page -> the settings in its address
    "lab": "preset=write",
    "course": "lesson=untrained",
    "unroll": "",
    "gradients": "cell=lstm",
    "memory": "preset=marked&memory_view=text",
    "arena": "",
    "sweeps": "data=recall&recall_delay=10&sweep_updates=1000",
    "results": "result=adding",
    "language": "preset=write",
    "shapes": "shape=encoder_decoder",
}
SWEPT = "() => document.querySelector('.live-progress')?.value === 1"
STILL = {"unroll": ".unroll .made .full", "course": ".course-guess", "results": ".live-figure canvas"}


def main() -> None:
    with Server() as server, chromium() as browser:
        for name, settings in PAGES.items():
            page = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, locale="en-US").new_page()
            page.set_default_timeout(PATIENCE)
            page.goto(f"{server.url}/{'' if name == 'lab' else name}?{settings}")
            if name == "sweeps":
                page.get_by_role("button", name="Start the sweep").click()
                page.wait_for_function(SWEPT)
            else:
                ready(page, STILL.get(name, ""))
            save(page, ROOT / "docs" / f"{name}.png")
            page.context.close()


def ready(page: Page, still: str) -> None:
    """Wait until there is something to see, and let nothing move any more. still : what to wait for on a page where
    nothing does."""
    if still:
        page.locator(still).first.wait_for()
        return
    page.wait_for_function(f"() => (document.querySelector('.live')?.dataset.frames ?? 0) >= {FRAMES}")
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_role("button", name="Play", exact=True).wait_for()
    page.mouse.move(WIDTH - 2, HEIGHT - 2)


def save(page: Page, file: Path) -> None:
    """The window as it is, in few colours: a picture for a page of text."""
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    picture.convert("RGB").quantize(256).save(file, optimize=True)


if __name__ == "__main__":
    main()
