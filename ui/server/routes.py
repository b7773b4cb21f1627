"""Answers of this server beside Streamlit's own pages: frames, downloads, scripts; and the headers of all.

A picture does not travel as a rerun of the page's script. The browser asks for the next one when it has drawn the
last (ui/lab/static/lab.js), so a slow browser gets fewer pictures and never a queue of old ones, a page that nobody
looks at asks for none, and the script runs only when somebody touches a control.
"""

import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import streamlit
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from ui.pages import load
from ui.server import git_info, health, messages, previews, replies, uploads
from ui.server.logs import bound_all
from ui.server.middleware import STATIC, UI
from ui.server.open_files import raise_limit
from ui.server.stopping import watch

PATH = "/live"
HANDLERS, KEEPING = "ui.server.handlers", "ui.server.keeping"  # modules that load the core


class Modules(StaticFiles):
    """Our own scripts. The browser keeps them and asks each time whether they have changed: those of two versions would
    not fit together."""

    def file_response(self, *args: Any, **options: Any) -> Response:
        """The file, or that it has not changed."""
        response = super().file_response(*args, **options)
        response.headers["cache-control"] = "no-cache"
        return response


def later(name: str, module: str = HANDLERS) -> Callable[[Request], Awaitable[Response]]:
    """A handler of a module that loads the core: most of a second that the start need not wait for."""

    async def answer(request: Request) -> Response:
        answers = await run_in_threadpool(load, module)
        return await getattr(answers, name)(request)

    return answer


@asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[None]:
    """While the server runs: first, load what the first visitor needs, beside everything else."""
    watch()
    bound_all()
    raise_limit()
    replies.keep()
    git_info.hide()
    messages.bound()
    uploads.keep_off_disk()
    threading.Thread(target=_prepare, name="prepare", daemon=True).start()
    yield


def _prepare() -> None:
    compiling = load("ui.server.compiling")
    others = compiling.begin()
    load(HANDLERS).prepare()
    if others is not None:
        compiling.wait_for(others)


def base_path() -> str:
    """The path that Streamlit's pages lie under; empty for the root."""
    base = streamlit.get_option("server.baseUrlPath").strip("/")
    return f"/{base}" if base else ""


def routes() -> list[BaseRoute]:
    """The addresses of this app, below the path that Streamlit's pages lie under."""
    base = base_path()
    path = base + PATH
    return [
        Route(path + "/{key}", later("live")),
        Route(path + "/{key}/kept", later("keep", KEEPING), methods=["GET"]),
        Route(path + "/{key}/kept", later("bring", KEEPING), methods=["POST"]),
        Route(path + "/{key}/{name}", later("download"), methods=["GET"]),
        Route(path + "/{key}/{name}", later("command"), methods=["POST"]),
        Route(f"{base}/health", health.health),
        Route(f"{base}/metrics", health.metrics),
        Route(f"{base}/{previews.PATH}/{{page}}.png", previews.picture),
        *(Mount(f"{base}/browser/{at.relative_to(UI).as_posix()}", Modules(directory=at)) for at in STATIC),
    ]
