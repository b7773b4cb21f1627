"""How many bytes a second of pictures a page gets: a phone, and everybody where many look, fewer pictures. How many of
its network, which it fetches to keep it."""

import gzip
import time

from ui.training.named import looked_at

RATE = 44_000  # bytes a second of one page; with headers, and the network that its browser keeps, that is under 60 kB
FEW = 4  # pages that look: up to so many get as many pictures as they can draw
ALL_FILES = 2_000_000  # bytes a second of the networks that all pages fetch
LEAST_OF_FILES = 100_000  # of each
COUNTED_EVERY = 1.0  # seconds
LEVEL = 5  # of 9: the next one takes twice as long for a hundredth less
SPARE = "spare"  # parameter of a request: a phone, or a browser that saves data
REST = "x-rest"  # header: milliseconds that the browser should wait for the next picture

_counted = (float("-inf"), 0)


def packed(picture: str) -> bytes:
    """The bytes that travel."""
    return gzip.compress(picture.encode(), LEVEL, mtime=0)


def rest(size: int, spare: bool) -> int:
    """Milliseconds that a page should wait after so many bytes. spare : whether it asks for few."""
    return round(1000 * size / RATE) if spare or looking() > FEW else 0


def of_files() -> int:
    """Bytes a second that a page may fetch of its network, to keep it: a share of what all may, at least a little."""
    return max(LEAST_OF_FILES, ALL_FILES // max(1, looking()))


def looking() -> int:
    """How many pages look at their networks; counted once a second."""
    global _counted
    now = time.monotonic()
    if now - _counted[0] > COUNTED_EVERY:
        _counted = now, looked_at()
    return _counted[1]
