"""Streamlit's own scripts and styles, compressed: most of the bytes of a first visit. Streamlit sends them as they are,
since it would compress each anew for every visitor; here each is compressed once."""

import gzip
from functools import cache
from pathlib import Path

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

FOLDER = Path(streamlit.__file__).parent / "static"
KINDS = {".js": "text/javascript", ".css": "text/css"}
LEVEL = 6  # of 9; a script of 480 kB takes 20 ms
FOREVER = "public, immutable, max-age=31536000"  # the name of each holds a hash of what is in it


@cache
def names() -> frozenset[str]:
    """The addresses of what is compressed, below the path of the pages."""
    files = (FOLDER / "static").rglob("*")
    return frozenset(file.relative_to(FOLDER).as_posix() for file in files if file.suffix in KINDS)


@cache
def compressed(name: str) -> bytes:
    """One of them."""
    return gzip.compress((FOLDER / name).read_bytes(), LEVEL, mtime=0)


class Compression:
    """ASGI middleware that answers for Streamlit's scripts and styles where the browser takes gzip."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a browser that asks for one of them; pass on everything else."""
        name = self._name(scope) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        if name is None:
            await self._app(scope, receive, send)
            return
        content = await run_in_threadpool(compressed, name)
        headers = {"content-encoding": "gzip", "vary": "Accept-Encoding", "cache-control": FOREVER}
        await Response(content, media_type=KINDS[Path(name).suffix], headers=headers)(scope, receive, send)

    def _name(self, scope: Scope) -> str | None:
        base = f"/{streamlit.get_option('server.baseUrlPath').strip('/')}".rstrip("/")
        name = scope["path"].removeprefix(f"{base}/")
        headers = Headers(scope=scope)
        takes = "gzip" in headers.get("accept-encoding", "") and "range" not in headers
        return name if takes and name in names() else None
