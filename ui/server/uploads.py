"""A bound on the files that readers upload: Streamlit bounds each file alone, and holds it until the browser says to
delete it or has been gone for a while. All together take their part of the server's one budget of memory."""

import re
from collections.abc import Callable
from typing import Any

from starlette.formparsers import MultiPartParser
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime

from ui.training.memory import BUDGET, Budget

ADDRESS = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)$")
OF_A_SESSION = 200 * 2**20  # bytes: the largest network that the Lab can save (ui/lab/panels.py), and a text
OF_ALL = 600 * 2**20
UPLOADS = "uploads"  # in the budget of memory


def stored() -> dict[str, dict[str, int]]:
    """The bytes that Streamlit holds: session -> file -> bytes."""
    if not runtime.exists():
        return {}
    manager: Any = runtime.get_instance().uploaded_file_mgr  # of its interface, Streamlit types less
    storage = dict(manager.file_storage)
    return {session: {name: len(file.data) for name, file in list(files.items())} for session, files in storage.items()}


def keep_off_disk() -> None:
    """Hold in memory what arrives: Starlette writes a file of more than a megabyte to disk until all of it is there.
    Nothing that a reader uploads is to be written there (docs/hosting.md)."""
    MultiPartParser.spool_max_size = OF_A_SESSION


class TooMuchError(Exception):
    """The arrived part of a file is more than the session may hold."""


class Uploads:
    """ASGI middleware that bounds what one session, and what all together, may hold in files.

    stored : what is held now. What is still arriving counts too, by what has arrived, whatever the request says of it.
    """

    def __init__(
        self, app: ASGIApp, stored: Callable[[], dict[str, dict[str, int]]] = stored, budget: Budget = BUDGET
    ) -> None:
        self._app, self._stored, self._budget = app, stored, budget
        self._arriving: dict[tuple[str, str], int] = {}
        budget.count(UPLOADS, self._size)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a file that is too much as soon as it is."""
        found = ADDRESS.search(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else None
        if not found:
            await self._app(scope, receive, send)
        elif (place := (found[1], found[2])) in self._arriving:
            await Response("it is arriving already", status_code=409)(scope, receive, send)
        else:
            await self._bounded(place, scope, receive, send)

    async def _bounded(self, place: tuple[str, str], scope: Scope, receive: Receive, send: Send) -> None:
        length, started = dict(scope["headers"]).get(b"content-length", b"0"), False

        async def counted() -> Message:
            message = await receive()
            self._arriving[place] += len(message.get("body", b""))
            if not self._fits(place):
                raise TooMuchError
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        self._arriving[place] = 0
        try:
            if not length.isdigit() or not self._fits(place, int(length)):
                raise TooMuchError
            await self._app(scope, counted, noted)
        except TooMuchError:
            if not started:
                await Response("too much", status_code=413)(scope, receive, send)
        finally:
            del self._arriving[place]

    def _fits(self, place: tuple[str, str], more: int = 0) -> bool:
        """Whether there is room for what arrives there, and so many bytes more."""
        files = self._files()
        files.pop(place, None)  # it is replaced
        sizes = [*files.items(), *self._arriving.items(), (place, more)]
        own = sum(size for (session, _file), size in sizes if session == place[0])
        together = sum(size for _place, size in sizes)
        return own <= OF_A_SESSION and together <= OF_ALL and together <= self._size() + self._budget.free

    def _files(self) -> dict[tuple[str, str], int]:
        """Bytes of each file that is held."""
        return {(session, file): size for session, sizes in self._stored().items() for file, size in sizes.items()}

    def _size(self) -> int:
        """Bytes of all files that are held or arriving."""
        return sum(self._files().values()) + sum(list(self._arriving.values()))
