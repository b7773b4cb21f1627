"""Middleware: headers, who may ask, the addresses of the pages, bounds on uploads and on answers."""

import base64
import hashlib
import re
from pathlib import Path

import streamlit
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui import environment
from ui.pages import FIRST, PAGES
from ui.server.answers import Answers
from ui.server.compression import Compression
from ui.server.hosts import Hosts
from ui.server.pages import Pages
from ui.server.uploads import Uploads

UI = Path(__file__).resolve().parents[1]
STATIC = sorted(UI.rglob("static"))
IMPORT = re.compile(r'^import [^"]*"(\.[^"]+\.js)";$', re.MULTILINE)


def headers() -> dict[str, str]:
    """The headers of every answer.

    Streamlit writes its styles at run time and loads components from blob: addresses that its own scripts make; the
    hash is that of the one inline script of its index.html.
    """
    embedders = environment.embed_origins()
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    inline = [hashlib.sha256(script.encode()).digest() for script in re.findall(r"<script>(.*?)</script>", page, re.S)]
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in inline)
    policy = {
        "default-src": "'self'",
        "script-src": f"'self' blob: {hashes}",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self' blob:",  # a recording: the browser reads it from there, and plays it
        "media-src": "'self' blob:",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": f"'self' {embedders}".strip(),
    }
    alone = {} if embedders else {"x-frame-options": "SAMEORIGIN"}  # it cannot name others
    return alone | {
        "content-security-policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",  # the address may hold what somebody typed
        "permissions-policy": "camera=(), microphone=(self), geolocation=()",
    }


# Streamlit's scripts for elements of every page; of live elements, and what reads their data; for formulas.
PARTS: tuple[str, ...] = ("ButtonGroup", "Selectbox", "Slider", "NumberInput", "Html")
PARTS += ("BidiComponent", "serialization", "recordbatch", "rehype-katex")


def scripts(page: str) -> list[Path]:
    """The scripts of a page's elements, those of live elements and charts, and what these import, one from within
    another."""
    live = UI / "live" / "static"
    found = [live / "channel.js", live / "figure.js", *(UI / page / "static").glob("*.js")]
    for path in found:  # which grows meanwhile
        imported = (path.parent / name for name in IMPORT.findall(path.read_text(encoding="utf-8")))
        found += dict.fromkeys(other.resolve() for other in imported if other.resolve() not in found)
    return sorted(found)


def preloads(page: str) -> str:
    """The Link header of a page: its scripts come at once, and those that Streamlit would only ask for once it has the
    first elements. Those of other pages stay out: proxies refuse headers of more than 4 kB."""
    ours = [f"browser/{path.relative_to(UI).as_posix()}" for path in scripts(page)]
    static = Path(streamlit.__file__).parent / "static"
    theirs = [path.relative_to(static).as_posix() for one in PARTS for path in static.glob(f"static/js/{one}.*.js")]
    return ", ".join(f"<./{address}>; rel=modulepreload" for address in (*theirs, *ours))


class Headers:
    """ASGI middleware that adds `headers()` to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._headers = [(name.encode(), value.encode()) for name, value in headers().items()]
        self._page = {page: (b"link", preloads(page).encode()) for page in PAGES}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; only HTTP has headers to add."""

        link = self._page.get(scope["path"].rpartition("/")[2], self._page[FIRST]) if scope["type"] == "http" else None

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = message.get("headers", [])
                page = any(name == b"content-type" and value.startswith(b"text/html") for name, value in given)
                message["headers"] = [*given, *self._headers, *([link] if page and link else [])]
            await send(message)

        await self._app(scope, receive, send if scope["type"] != "http" else send_with_headers)


def middleware() -> list[Middleware]:
    """Middleware in the order in which a request passes it."""
    return [Middleware(kind) for kind in (Headers, Hosts, Answers, Compression, Pages, Uploads)]
