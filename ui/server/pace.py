"""How many bytes a second of pictures a page gets: a phone, and everybody where many look, fewer pictures. How many of
its network, which it fetches to keep it."""

import gzip
import time
from weakref import WeakKeyDictionary

from ui.training.named import looked_at
from ui.training.worker import AnyWorker

RATE = 54_000  # bytes a second of one page: pictures and the network that its browser keeps
LEAST = 10_000  # of pictures, however large the network is
HEADERS = 500  # bytes of an answer, beside the picture
FILE_EVERY = 8  # seconds from one file of a network to the next (ui/live/static/keeper.js)
FEW = 4  # pages that look: up to so many get as many pictures as they can draw
ALL_FILES = 2_000_000  # bytes a second of the networks that all pages fetch
LEAST_OF_FILES = 100_000  # of each
COUNTED_EVERY = 1.0  # seconds
LEVEL = 5  # of 9: the next one takes twice as long for a hundredth less
SPARE = "spare"  # parameter of a request: a phone, or a browser that saves data
REST = "x-rest"  # header: milliseconds that the browser should wait for the next picture

_counted = (float("-inf"), 0)
_files: "WeakKeyDictionary[AnyWorker, int]" = WeakKeyDictionary()  # session -> bytes of the file that was fetched last


def packed(picture: str) -> bytes:
    """The bytes that travel. The lone half of a surrogate pair, which a text may hold, arrives as no letter."""
    return gzip.compress(picture.encode(errors="surrogatepass"), LEVEL, mtime=0)


def note_file(session: AnyWorker, size: int) -> None:
    """The session's page has fetched its network, to keep it; it goes on doing so."""
    _files[session] = size


def rest(session: AnyWorker, size: int, spare: bool) -> int:
    """Milliseconds that its page should wait after a picture of so many bytes. spare : whether it asks for few."""
    if not spare and looking() <= FEW:
        return 0
    file = min(_files.get(session, 0) / FILE_EVERY, of_files())
    return round(1000 * (size + HEADERS) / max(LEAST, RATE - file))


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
