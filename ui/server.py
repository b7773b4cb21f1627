"""What this server answers beside Streamlit's own pages: live pictures, downloads, scripts; and the headers of all.

A picture does not travel as a rerun of the page's script. The browser asks for the next one when it has drawn the
last (ui/browser/live.js), so a slow browser gets fewer pictures and never a queue of old ones, a page that nobody
looks at asks for none, and the script runs only when somebody touches a control.
"""

import asyncio
import base64
import hashlib
import re
import time
from collections import OrderedDict
from pathlib import Path

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from ui.downloads import DOWNLOADS
from ui.frames import Want
from ui.session import session_named

PATH = "/live"
BROWSER = Path(__file__).parent / "browser"
WAIT = 10.0  # seconds that a request waits for a newer picture
UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)$")
MAX_UPLOADS = 40 * 2**20  # bytes that a session may hold in files
REMEMBERED = 10_000  # sessions
LOOK = 0.015  # seconds between two looks for one


def headers() -> dict[str, str]:
    """The headers of every answer.

    Streamlit writes its styles at run time and loads components from blob: addresses that its own scripts make; the
    hash is that of the one inline script of its index.html.
    """
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    inline = [hashlib.sha256(script.encode()).digest() for script in re.findall(r"<script>(.*?)</script>", page, re.S)]
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in inline)
    policy = {
        "default-src": "'self'",
        "script-src": f"'self' blob: {hashes}",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
    return {
        "content-security-policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "x-frame-options": "SAMEORIGIN",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",  # the address may hold what somebody typed
        "permissions-policy": "camera=(), microphone=(), geolocation=()",
    }


class Headers:
    """ASGI middleware that adds `headers()` to every answer."""

    def __init__(self, app):
        self._app = app
        self._headers = [(name.encode(), value.encode()) for name, value in headers().items()]

    async def __call__(self, scope, receive, send) -> None:
        """Answer a request; only HTTP has headers to add."""

        async def send_with_headers(message):
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *self._headers]
            await send(message)

        await self._app(scope, receive, send if scope["type"] != "http" else send_with_headers)


class Uploads:
    """ASGI middleware that bounds what one session may upload: Streamlit bounds each file alone."""

    def __init__(self, app):
        self._app = app
        self._sizes: OrderedDict[str, dict[str, int]] = OrderedDict()  # session -> file -> bytes

    async def __call__(self, scope, receive, send) -> None:
        """Refuse a file that would be too much; a file that is deleted makes room."""
        found = UPLOAD.search(scope["path"]) if scope["type"] == "http" else None
        if found:
            session, file = found.groups()
            if scope["method"] == "PUT" and not self._fits(session, file, Request(scope).headers):
                await Response("too much", status_code=413)(scope, receive, send)
                return
            if scope["method"] == "DELETE":
                self._sizes.get(session, {}).pop(file, None)
        await self._app(scope, receive, send)

    def _fits(self, session, file, headers) -> bool:
        size = headers.get("content-length", "")
        files = self._sizes.pop(session, {})
        self._sizes[session] = files  # the newest last
        if len(self._sizes) > REMEMBERED:
            self._sizes.popitem(last=False)
        if not size.isdecimal() or sum(files.values()) - files.get(file, 0) + int(size) > MAX_UPLOADS:
            return False
        files[file] = int(size)
        return True


async def live(request: Request) -> Response:
    """The next picture of a session: as soon as there is one that the browser has not got, or when it has waited."""
    session = session_named(request.path_params["key"])
    if session is None or session.pictures is None:
        return Response(status_code=404)
    want, end = Want.of(request.query_params), time.monotonic() + WAIT
    while (session.token == want.token) and time.monotonic() < end and not await request.is_disconnected():
        session.seen()
        await asyncio.sleep(LOOK)
    session.seen()
    picture = await run_in_threadpool(session.pictures.frame, session, want)
    return Response(picture, media_type="application/json", headers={"cache-control": "no-store"})


async def download(request: Request) -> Response:
    """A file made from a session's network as it is now."""
    session, made = session_named(request.path_params["key"]), DOWNLOADS.get(request.path_params["name"])
    if session is None or made is None:
        return Response(status_code=404)
    content = await run_in_threadpool(made.content, session)
    if content is None:
        return Response(status_code=404)
    named = {"content-disposition": f'attachment; filename="{made.file}"', "cache-control": "no-store"}
    return Response(content, media_type=made.media_type, headers=named)


def routes() -> list:
    """The addresses of this app."""
    return [
        Route(PATH + "/{key}", live),
        Route(PATH + "/{key}/{name}", download),
        Mount("/browser", StaticFiles(directory=BROWSER)),
    ]


def middleware() -> list[Middleware]:
    """What every answer goes through."""
    return [Middleware(Headers), Middleware(Uploads)]
