"""The addresses of the pages. All are one document, which Streamlit's scripts fill; an old or unknown address leads to
a page that there is."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import streamlit as st
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.pages import FIRST, PAGES
from ui.server.previews import language_of, with_preview

NAMES = frozenset(PAGES) - {FIRST}
MOVED = {"hidden_states": "memory", FIRST: ""}
LONGEST = 60  # characters of an unknown name that a remark quotes
# First parts of other addresses: Streamlit's, and our own.
OTHERS: tuple[str, ...] = ("_stcore", "static", "media", "component", "app", "healthz", "script-health-check")
OTHERS += ("live", "class", "browser", "health", "metrics")
PREFIX = re.compile(r"((?:/[\w.~-]+)+)/?", re.ASCII)
CLOSED = "_stcore/metrics"  # Streamlit's own: ui/server/health.py has ours
HOST_CONFIG = "_stcore/host-config"
OWN = ("origin", "arriving", "returning", "history", "fields", "press", "navigation", "socket")
SCRIPTS = "".join(f'<script src="./browser/server/static/{name}.js"></script>' for name in OWN)


def document() -> str:
    """Streamlit's page with our scripts before its own."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    return page.replace("<script", f"{SCRIPTS}\n    <script", 1)


def host_config() -> dict[str, Any]:
    """Answer for Streamlit's scripts about the site around the page: none may send it messages, and no box
    of Streamlit's covers the page where the connection is lost, since a line of our own says so."""
    return {
        "allowedOrigins": [],
        "useExternalAuthToken": False,
        "enableCustomParentMessages": False,
        "enforceDownloadInNewTab": False,
        "metricsUrl": "",
        "blockErrorDialogs": True,
        "resourceCrossOriginMode": None,
    }


def stripped_prefix(headers: Mapping[str, str]) -> str:
    """The path that a proxy takes off before it asks, as its header X-Forwarded-Prefix says; empty for none.

    >>> stripped_prefix({"x-forwarded-prefix": "/course/rnn/"}), stripped_prefix({"x-forwarded-prefix": "//other.org"})
    ('/course/rnn', '')
    """
    return match[1] if (match := PREFIX.fullmatch(headers.get("x-forwarded-prefix", ""))) else ""


class Pages:
    """ASGI middleware that answers for the pages."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._document = app, document()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a browser that opens a page; pass on everything else."""
        answer = self._answer(scope) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        await (answer or self._app)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response | None:
        base = f"/{st.get_option('server.baseUrlPath').strip('/')}".rstrip("/")
        if not scope["path"].startswith(f"{base}/"):
            return None
        rest = scope["path"].removeprefix(f"{base}/")
        if rest in NAMES or not rest:
            return self._page(Request(scope), rest)
        if rest == CLOSED:
            return Response(status_code=404)
        if rest == HOST_CONFIG:
            return JSONResponse(host_config(), headers={"cache-control": "no-cache"})
        name = rest.strip("/")
        accepted = dict(scope["headers"]).get(b"accept", b"")
        if b"text/html" not in accepted or name.split("/")[0] in OTHERS or "." in name:
            return None
        query = scope["query_string"].decode("latin-1")
        if name not in NAMES and name not in MOVED:
            query += ("&" if query else "") + urlencode({"no_page": name[:LONGEST]})
            name = ""
        # Relative: it holds behind a proxy that strips a prefix, too.
        target = "./" + "../" * rest.count("/") + quote(MOVED.get(name, name))
        return RedirectResponse(target + (f"?{query}" if query else ""), 307, {"cache-control": "no-cache"})

    def _page(self, request: Request, name: str) -> HTMLResponse:
        code = language_of(request.url.query, request.headers.get("accept-language", ""))
        scheme = request.headers.get("x-forwarded-proto", request.url.scheme)
        path = stripped_prefix(request.headers) + request.url.path.removesuffix(name)
        root = str(request.url.replace(scheme=scheme, path=path, query=""))
        document = with_preview(self._document, name or FIRST, code, root)
        return HTMLResponse(document, headers={"cache-control": "no-cache", "vary": "Accept-Language"})
