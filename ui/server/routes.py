"""Answers of this server beside Streamlit's own pages: frames, downloads, scripts; and the headers of all.

A picture does not travel as a rerun of the page's script. The browser asks for the next one when it has drawn the
last (ui/lab/static/lab.js), so a slow browser gets fewer pictures and never a queue of old ones, a page that nobody
looks at asks for none, and the script runs only when somebody touches a control.
"""

import importlib
import threading
from contextlib import asynccontextmanager

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from ui.server import previews
from ui.server.middleware import STATIC, UI
from ui.server.stopping import watch

PATH = "/live"


class Modules(StaticFiles):
    """Our own scripts. The browser keeps them and asks each time whether they have changed: those of two versions would
    not fit together."""

    def file_response(self, *args, **options) -> Response:
        """The file, or that it has not changed."""
        response = super().file_response(*args, **options)
        response.headers["cache-control"] = "no-cache"
        return response


def _later(name: str):
    """A handler of ui/server/handlers.py, which loads the core: most of a second that the start need not wait for."""

    async def answer(request: Request) -> Response:
        answers = await run_in_threadpool(importlib.import_module, "ui.server.handlers")
        return await getattr(answers, name)(request)

    return answer


@asynccontextmanager
async def lifespan(_app):
    """While the server runs: first, load what the first visitor needs, beside everything else."""
    watch()
    threading.Thread(target=_prepare, name="prepare", daemon=True).start()
    yield


def _prepare() -> None:
    importlib.import_module("ui.server.handlers").prepare()


def routes() -> list:
    """The addresses of this app, below the path that Streamlit's pages lie under."""
    base = streamlit.get_option("server.baseUrlPath").strip("/")
    base = f"/{base}" if base else ""
    path = base + PATH
    return [
        Route(path + "/{key}", _later("live")),
        Route(path + "/{key}/{name}", _later("download"), methods=["GET"]),
        Route(path + "/{key}/{name}", _later("command"), methods=["POST"]),
        Route(f"{base}/{previews.PATH}/{{page}}.png", previews.picture),
        *(Mount(f"{base}/browser/{at.relative_to(UI).as_posix()}", Modules(directory=at)) for at in STATIC),
    ]
