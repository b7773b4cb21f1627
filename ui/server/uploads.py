"""A bound on the files that readers upload: Streamlit bounds each file alone, and holds it until the browser says to
delete it or has been gone for a while."""

import re
from collections.abc import Callable

from starlette.responses import Response
from streamlit import runtime

ADDRESS = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)$")
OF_A_SESSION = 200 * 2**20  # bytes: the largest network that the Lab can save (ui/lab/panels.py), and a text
OF_ALL = 600 * 2**20


def stored() -> dict[str, dict[str, int]]:
    """The bytes that Streamlit holds: session -> file -> bytes."""
    storage = dict(runtime.get_instance().uploaded_file_mgr.file_storage)
    return {session: {name: len(file.data) for name, file in list(files.items())} for session, files in storage.items()}


class TooMuchError(Exception):
    """The arrived part of a file is more than the session may hold."""


class Uploads:
    """ASGI middleware that bounds what one session, and what all together, may hold in files.

    held : what is held now. What is still arriving counts too, by what has arrived, whatever the request says of it.
    """

    def __init__(self, app, stored: Callable[[], dict[str, dict[str, int]]] = stored):
        self._app, self._stored = app, stored
        self._arriving: dict[tuple[str, str], int] = {}

    async def __call__(self, scope, receive, send) -> None:
        """Refuse a file that is too much as soon as it is."""
        found = ADDRESS.search(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else None
        if not found:
            await self._app(scope, receive, send)
        elif found.groups() in self._arriving:
            await Response("it is arriving already", status_code=409)(scope, receive, send)
        else:
            await self._bounded(found.groups(), scope, receive, send)

    async def _bounded(self, place, scope, receive, send) -> None:
        length, started = dict(scope["headers"]).get(b"content-length", b"0"), False

        async def counted():
            message = await receive()
            self._arriving[place] += len(message.get("body", b""))
            if not self._fits(place):
                raise TooMuchError
            return message

        async def noted(message):
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
        files = {(session, file): size for session, sizes in self._stored().items() for file, size in sizes.items()}
        files.pop(place, None)  # it is replaced
        sizes = [*files.items(), *self._arriving.items(), (place, more)]
        own = sum(size for (session, _file), size in sizes if session == place[0])
        return own <= OF_A_SESSION and sum(size for _place, size in sizes) <= OF_ALL
