"""The bytes that a phone is sent: of a first visit, and a second of each page that trains at its first settings.

    python -m benchmarks.browser.phone
    python -m benchmarks.browser.phone arena shapes

One phone, alone; bytes as they travel, with their headers, from the server to it; the numbers are those of
docs/hosting.md.
"""

import re
import sys
import time
from collections import Counter

from benchmarks.browser.serving import Server
from benchmarks.browser.visit import PATIENCE, chromium

PAGES = ("lab", "gradients", "memory", "language", "arena", "shapes", "sweeps")
SETTLE, WATCHED = 10, 30  # seconds
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "locale": "en-US"}
KINDS = {"picture": r"/live/[^/]+\?", "kept network": r"/live/[^/]+/kept", "script of the page": "^ws"}  # by address
OF_SWEEPS = "Start the sweep"  # what its button says: the other pages train when they are opened


class Traffic:
    """Bytes and answers of a page, by kind."""

    def __init__(self, page):
        self._kinds: dict[str, str] = {}  # of a request
        self.bytes, self.answers = Counter(), Counter()
        self._wire = page.context.new_cdp_session(page)
        self._wire.send("Network.enable")
        self._wire.on("Network.requestWillBeSent", self._asked)
        self._wire.on("Network.loadingFinished", self._answered)
        self._wire.on("Network.webSocketFrameReceived", self._heard)

    def _asked(self, event) -> None:
        self._kinds[event["requestId"]] = kind(event["request"]["url"])

    def _answered(self, event) -> None:
        self._count(self._kinds.get(event["requestId"], "files"), event["encodedDataLength"])

    def _heard(self, event) -> None:
        self._count("script of the page", len(event["response"]["payloadData"]) * 3 // 4)  # it is told in base64

    def _count(self, kind: str, size: float) -> None:
        self.bytes[kind] += size
        self.answers[kind] += 1

    def clear(self) -> None:
        """Count from now on."""
        self.bytes.clear()
        self.answers.clear()


def kind(url: str) -> str:
    """What a request is for."""
    return next((name for name, pattern in KINDS.items() if re.search(pattern, url)), "files")


def main(*pages: str) -> None:
    with Server() as server, chromium() as browser:
        print(f"first visit: {first_visit(browser, server) / 1e6:.2f} MB", flush=True)
        for name in pages or PAGES:
            tell(name, *watched(browser, server, name))


def first_visit(browser, server) -> int:
    """Bytes until the pictures are there, and all that is loaded then."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    traffic = Traffic(page)
    opened(page, server.url)
    total = sum(traffic.bytes.values())
    context.close()
    return total


def watched(browser, server, name: str) -> tuple[Traffic, float]:
    """Traffic of the page, and for how many seconds."""
    context = browser.new_context(**PHONE)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    traffic = Traffic(page)
    opened(page, f"{server.url}/{'' if name == 'lab' else name}", start=name == "sweeps")
    page.wait_for_timeout(1000 * SETTLE)
    traffic.clear()
    begin = time.monotonic()
    page.wait_for_timeout(1000 * WATCHED)  # Playwright hears of the traffic meanwhile
    seconds = time.monotonic() - begin
    page.close()
    context.close()
    return traffic, seconds


def opened(page, address: str, start: bool = False) -> None:
    """Open a page, have it start, and wait until it draws."""
    page.goto(address)
    if start:
        page.get_by_role("button", name=OF_SWEEPS).first.click()
    page.locator(".live[data-frames]").first.wait_for()


def tell(name: str, traffic: Traffic, seconds: float) -> None:
    """One line for a page."""
    parts = [
        f"{kind} {size / seconds / 1000:.1f} ({traffic.answers[kind]} of {size / traffic.answers[kind] / 1000:.1f} kB)"
        for kind, size in traffic.bytes.most_common()
    ]
    print(f"{name}: {sum(traffic.bytes.values()) / seconds / 1000:.1f} kB/s: {', '.join(parts)}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
