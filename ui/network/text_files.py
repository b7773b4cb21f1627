"""Where a reader's own text comes from: the bytes of a file, or a download. No Streamlit here.

What the bytes are is decided in this order: a byte order mark; documents that are no plain text; control characters,
which only UTF-16 explains; strict UTF-8; at last GB18030, where chardet recognises it. Any
other encoding is refused, for a text read wrongly teaches a network nonsense. A text that was cut in the middle of a
character loses what is left of it. Line ends become "\\n", as browsers make them in a text that is pasted: the same
text gives the same network on either way. Nothing else is changed.
"""

import codecs
import logging
import re
import threading
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import chardet
import pooch
import requests
from urllib3.exceptions import ReadTimeoutError

MAX_BYTES = 5 * 2**20  # of one file
URL = "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt"
SHA256 = "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed"
TIMEOUT = 10.0  # seconds without a byte from the server
CACHE = Path(pooch.os_cache("rnn-lab"))
LOG = logging.getLogger(__name__)

MARKS = (  # byte order marks
    (b"\xef\xbb\xbf", "utf-8", "UTF-8 with BOM"),
    (b"\xff\xfe", "utf-16-le", "UTF-16 LE"),
    (b"\xfe\xff", "utf-16-be", "UTF-16 BE"),
)
DOCUMENTS = (b"%PDF-", b"%!PS", b"{\\rtf")  # may be of printable characters alone, yet are no plain text
SOME = 6  # bytes beyond ASCII: so many are not UTF-8 by chance, beside half a character
MANY = 100  # characters beyond ASCII: the same for GB18030
ASCII = bytes(range(0x80))
CONTINUATION = bytes(range(0x80, 0xC0))  # no character begins with one of these in UTF-8
CONTROL = r"[\x00-\x08\x0e-\x1f]"  # tab, line ends and form feed are text
# Scripts of Europe, punctuation, kana, Chinese, full width: nine in ten of the characters of a text in UTF-16.
USUAL = re.compile(r"[\t-\r -\u024f\u0370-\u052f\u2000-\u206f\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")


class Text(NamedTuple):
    """A text, the name of the encoding it came in, and how many bytes of characters cut in two were left out."""

    text: str
    encoding: str
    cut: int = 0


class TextError(Exception):
    """A text that cannot be had: a short key for the reason, and the values that a sentence about it needs."""

    def __init__(self, kind: str, values: dict[str, Any]):
        super().__init__(kind, values)
        self.kind, self.values = kind, values


def decode(data: bytes) -> Text:
    """The text of a file. Raises TextError: "too_large", "empty", "binary", "damaged" or "unknown_encoding".

    >>> decode("你好，世界。\\r\\n".encode("gb18030"))
    Text(text='你好，世界。\\n', encoding='GB18030', cut=0)
    >>> decode(b"\\x89PNG\\r\\n\\x1a\\n")
    Traceback (most recent call last):
    ui.network.text_files.TextError: ('binary', {'size': 8})
    """
    if len(data) > MAX_BYTES:
        raise TextError("too_large", {"size": len(data), "limit": MAX_BYTES})
    read = _read(data)
    if not read.text.strip():
        raise TextError("empty", {"size": len(data)})
    return read._replace(text=read.text.replace("\r\n", "\n").replace("\r", "\n"))


def _read(data: bytes) -> Text:
    """The characters as they are."""
    for mark, codec, name in MARKS:
        if data.startswith(mark):
            return _strictly(data, codec, name, len(mark))
    if data.startswith(DOCUMENTS):
        raise TextError("binary", {"size": len(data)})
    if re.search(CONTROL.encode(), data):
        return _utf16(data)
    with suppress(TextError):
        read = _cut_utf8(data)
        if not read.cut or len(data.translate(None, ASCII)) - read.cut >= SOME:
            return read
    if _mostly_utf8(data):
        _strictly(data, "utf-8", "UTF-8")  # raises, and says where
    guess = _guess(data)
    if guess != "GB18030":
        raise TextError("unknown_encoding", {"guess": guess})
    read = _strictly(data, "gb18030", "GB18030")
    if read.cut and len(read.text) - len(read.text.encode("ascii", "ignore")) < MANY:
        raise TextError("unknown_encoding", {"guess": guess})
    return read


def _cut_utf8(data: bytes) -> Text:
    """UTF-8 that may have been cut in the middle of a character, at either end."""
    rest = data.lstrip(CONTINUATION)
    begun = len(data) - len(rest)
    if begun > 3:
        raise TextError("damaged", {"encoding": "UTF-8", "position": 1})
    read = _strictly(rest, "utf-8", "UTF-8")
    return read._replace(cut=read.cut + begun)


def _strictly(data: bytes, codec: str, name: str, skip: int = 0) -> Text:
    """The text in a known encoding, without a single wrong byte but those of a last character that is cut in two."""
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        text = decoder.decode(data[skip:])
    except UnicodeDecodeError as error:
        raise TextError("damaged", {"encoding": name, "position": skip + error.start + 1}) from error
    if re.search(CONTROL, text):
        raise TextError("binary", {"size": len(data)})
    return Text(text, name, len(decoder.getstate()[0]))


def _utf16(data: bytes) -> Text:
    """UTF-16 without a mark. Read in the wrong order, letters become rare characters: the right one has more ASCII.
    ASCII with a stray control character reads as Chinese: where all bytes are ASCII, half of the text must be too."""
    found = []
    for _mark, codec, name in MARKS[-2:]:
        with suppress(TextError):
            read = _strictly(data, codec, name)
            text, plain = read.text, len(read.text.encode("ascii", "ignore"))
            if 2 * plain >= len(text) if data.isascii() else 10 * len(USUAL.findall(text)) >= 9 * len(text):
                found.append((plain, read))
    if not found:
        raise TextError("binary", {"size": len(data)})
    return max(found)[1]


def _mostly_utf8(data: bytes) -> bool:
    """Whether four in five of the characters beyond ASCII are UTF-8. GB18030 does not get there by chance; UTF-8 with
    a hole can be read as GB18030, all of it wrong."""
    text = data.decode("utf-8", "replace")
    return len(text) - len(text.encode("ascii", "ignore")) >= 5 * text.count("\ufffd")


def _guess(data: bytes) -> str:
    """The most likely encoding of those that files are in today. Lines of ASCII tell nothing: left in, one line of
    Chinese late in an English text was not seen."""
    lines = b"\n".join(line for line in data.split(b"\n") if not line.isascii())
    return str(chardet.detect(lines, encoding_era=chardet.EncodingEra.MODERN_WEB)["encoding"])


class Download:
    """A text from the net, fetched once, in a thread of its own. No method waits for the network.

    A file that is in the cache, with the right hash, needs no network.

    >>> Download("https://example.org/text.txt", "86c4e6").status
    'waiting'
    """

    def __init__(self, url: str, sha256: str):
        self._url, self._sha256 = url, sha256
        self._lock = threading.Lock()
        self._future: Future[Text] | None = None

    @property
    def status(self) -> str:
        """One of "waiting" (for a start), "running", "done", "failed"."""
        future = self._future
        if future is None:
            return "waiting"
        return "running" if not future.done() else "failed" if future.exception() else "done"

    def start(self) -> None:
        """Fetch it, unless it is being fetched or is there. After a failure: try again, once."""
        with self._lock:
            if self.status in ("waiting", "failed"):
                self._future = Future()
                threading.Thread(target=self._work, args=(self._future,), name="download", daemon=True).start()

    def result(self) -> Text | None:
        """The text; None while there is none. Raises the TextError of a failure: "offline", "slow", "http",
        "wrong_file", "cache" or "unexpected"."""
        future = self._future
        if future is None or not future.done():
            return None
        error = future.exception()
        if isinstance(error, TextError):
            raise TextError(error.kind, error.values)  # a new one: raising adds to its traceback
        return future.result()

    def _work(self, future: Future[Text]) -> None:
        try:
            future.set_result(self._fetch())
        except TextError as error:
            LOG.warning("download of %s: %s, %r", self._url, error.kind, error.__cause__)
            future.set_exception(TextError(error.kind, error.values))  # without the frames of the failure
        except Exception as error:  # whatever it is, "running" must end
            LOG.exception("download of %s", self._url)
            future.set_exception(TextError("unexpected", {"detail": f"{type(error).__name__}: {error}"}))

    def _fetch(self) -> Text:
        """The text, from the cache or from the net."""
        values = {"host": urlsplit(self._url).hostname}
        downloader = pooch.HTTPDownloader(timeout=TIMEOUT, stream=False)  # streaming leaves a failed answer open
        try:
            path = pooch.retrieve(self._url, self._sha256, f"{self._sha256}.txt", CACHE, downloader=downloader)
            return decode(Path(path).read_bytes())
        except requests.HTTPError as error:
            raise TextError(
                "http", values | {"status": error.response.status_code if error.response is not None else 0}
            ) from error
        except requests.RequestException as error:
            if isinstance(error, requests.Timeout) or any(isinstance(arg, ReadTimeoutError) for arg in error.args):
                raise TextError("slow", values | {"seconds": TIMEOUT}) from error
            raise TextError("offline", values) from error
        except ValueError as error:  # of pooch: not the known hash
            raise TextError("wrong_file", values) from error
        except OSError as error:
            raise TextError("cache", {"folder": str(CACHE), "detail": str(error)}) from error


_DOWNLOADS: dict[tuple[str, str], Download] = {}


def tiny_shakespeare() -> Download:
    """The download that all sessions of this server share; whoever needs it calls `start()`."""
    return _DOWNLOADS.setdefault((URL, SHA256), Download(URL, SHA256))
