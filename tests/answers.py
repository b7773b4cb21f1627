"""Requests to what the server answers beside Streamlit."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from starlette.applications import Starlette
from visits import PATIENCE

from ui.server import middleware, routes


def finished(coroutine):
    """The result of a coroutine. It runs in another thread: the browser tests leave an event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result(PATIENCE)


def ask(app, path, query="", method="GET", headers=(), body=b"", address="127.0.0.1"):
    """(status, headers, body) of a request to an ASGI app, from this address."""
    sent = []

    async def receive():
        await asyncio.sleep(0 if not sent else 3600)
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers], "http_version": "1.1",
        "scheme": "http", "server": ("127.0.0.1", 80), "client": (address, 1), "root_path": "",
    }  # fmt: skip
    finished(app(scope, receive, send))
    content = b"".join(message.get("body", b"") for message in sent)
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}, content


def app():
    """The server's answers, without Streamlit."""
    return Starlette(routes=routes.routes(), middleware=middleware.middleware())
