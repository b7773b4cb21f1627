"""Refusal of requests under a name that is not this server's, and of those of other sites' pages, before Streamlit
sees them."""

import socket
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ui import environment

# A name that a foreign page has had pointed at this machine is none of these: localhost, and names below those of
# hosts that give each app a name of its own.
ALWAYS = ("localhost", "*.localhost", "*.streamlit.app", "*.hf.space")
SAFE = ("GET", "HEAD", "OPTIONS")
CLOSE = 1008  # of a web socket: against the rules


def names() -> tuple[str, ...]:
    """The names under which this server answers; "*" is any, "*.example.org" all below that one."""
    own = socket.gethostname().lower()
    return (*ALWAYS, own, f"{own}.local", *environment.hosts())


def answers_to(host: str | None, known: tuple[str, ...]) -> bool:
    """Whether a Host header is one of these names, or the number of an address, which nobody can point elsewhere.

    >>> [answers_to(host, ("lab.org", "*.school.org")) for host in ("lab.org:8501", "a.school.org", "192.168.1.7:80")]
    [True, True, True]
    >>> [answers_to(host, ("lab.org", "*.school.org")) for host in ("other.org", "school.org", "[::1]:8501", None, "[")]
    [False, False, True, True, False]
    """
    if host is None or "*" in known:
        return True
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:  # such as "["
        return False
    try:
        ip_address(name)
    except ValueError:
        return name in known or any(name.endswith(one[1:]) for one in known if one.startswith("*."))
    return True


def same_origin(headers: Headers) -> bool:
    """Whether a request comes from a page of this app, or from no page at all.

    >>> same_origin({"host": "lab.org", "origin": "https://lab.org"}), same_origin({"host": "lab.org"})
    (True, True)
    >>> same_origin({"host": "lab.org", "origin": "https://other.org"}), same_origin({"sec-fetch-site": "cross-site"})
    (False, False)
    """
    if "sec-fetch-site" in headers:
        return headers["sec-fetch-site"] in ("same-origin", "none")
    origin = headers.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc in (headers.get("host"), headers.get("x-forwarded-host"))
    except ValueError:  # such as "http://["
        return False


class Hosts:
    """ASGI middleware that refuses foreign names and foreign pages.

    Streamlit would judge the origin of a web socket too, and ask an outside host for this machine's address first,
    while everybody waits: what has passed here goes on without one.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._names = app, names()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        named = answers_to(headers.get("host"), self._names)
        changes = scope["type"] == "websocket" or scope["method"] not in SAFE
        if named and (not changes or same_origin(headers)):
            if scope["type"] == "websocket":
                scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0].lower() != b"origin"]}
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": CLOSE})  # before it was accepted: status 403
        elif not named:
            said = "This server is not known by the name in the address. Who runs it can say its names:"
            await PlainTextResponse(f"{said} {environment.HOSTS}.\n", 421)(scope, receive, send)
        else:
            await PlainTextResponse("This came from another site's page.\n", 403)(scope, receive, send)
