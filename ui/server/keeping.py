"""The addresses by which a session's network is kept in the reader's browser, and comes back from there."""

import asyncio
import contextlib
import json
import time
import weakref
from concurrent.futures import Future

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from rnn_core import CheckpointError
from ui.live.scripts import ask_for_run
from ui.server import pace, stopping
from ui.server.handlers import POLL
from ui.training.kept_file import MOST_BYTES, compressed, unpacked_size
from ui.training.kept_run import unpack
from ui.training.memory import BUDGET
from ui.training.named import session_named
from ui.training.session import TrainingSession
from ui.training.snapshot import SampleChoice

MOST = 32 * 2**20  # bytes of a file that is kept: what the browser keeps at most (ui/live/static/store.js)
PATIENCE = 5.0  # seconds that the training thread may take
WHILE_UNPACKED = 3  # times its size: the bytes, the checkpoint in them, the network made of it
RETURNS = "returns"  # in the budget of memory
KIND = "application/octet-stream"
KEPT = "x-kept"  # header: what the file is

_arriving: "weakref.WeakSet[TrainingSession]" = weakref.WeakSet()  # sessions whose file is under way


async def keep(request: Request) -> Response:
    """The session's newest network as a file, and beside it which other runs there are, or were until the reader
    deleted them; 204 where the browser has it, 202 while the training thread is busy, with
    a compilation for instance: that is no error. Asking does not count as looking."""
    session = session_named(request.path_params["key"])
    if session is None:
        return Response(status_code=404)
    if shelved := session.shelf.get(request.query_params.get("run", "")):
        about = {name: getattr(shelved, name) for name in ("identity", "stamp", "update", "settings")}
        return Response(shelved.file, media_type=KIND, headers={KEPT: json.dumps(about), "cache-control": "no-store"})
    future, end = session.keep(request.query_params.get("stamp", "")), time.monotonic() + PATIENCE
    while not future.done() and session.present and time.monotonic() < end:
        await asyncio.sleep(POLL)
    kept = None if not future.done() and future.cancel() else future.result()
    if kept is None:
        return Response(status_code=202)
    file = b"" if kept.content is None else await run_in_threadpool(compressed, kept.content)
    stopping.note_fetched(session.key)
    shelf = {run.identity: run.stamp for run in session.shelf.runs}
    about = kept._replace(content=None)._asdict() | {"shelf": shelf, "forgotten": session.shelf.forgotten}
    about |= {"rate": pace.of_files(), "kind": session.kind}
    headers = {KEPT: json.dumps(about), "cache-control": "no-store"}
    pace.note_file(session, len(file))
    if not file:
        return Response(status_code=204, headers=headers)
    return Response(file, media_type=KIND, headers=headers)


async def bring(request: Request) -> Response:
    """Take a file that the browser has kept, and have the page's script take it up.

    instead : the network takes the place of one that nobody asked for; else it is one more run, of its own.
    shelf : it did not train, and goes on the list; settings : of its page, in short. Networks in lockstep, and sweeps,
    always go on in the place of those that the page has.
    """
    session = session_named(request.path_params["key"])
    if session is None:
        return Response(status_code=404)
    if session in _arriving:
        return Response(status_code=429)
    owner = object()
    _arriving.add(session)
    try:
        data = bytearray()
        async for piece in request.stream():
            data += piece
            if len(data) > MOST:
                return Response("too much", status_code=413)
            if not BUDGET.take(RETURNS, owner, len(data)):
                return Response("no memory", status_code=503)
        size = unpacked_size(bytes(data[-4:]))
        if size <= MOST_BYTES and not BUDGET.take(RETURNS, owner, len(data) + WHILE_UNPACKED * size):
            return Response("no memory", status_code=503)
        if not isinstance(session, TrainingSession):
            await _a_while(session.bring(bytes(data)))
            return Response(status_code=204)
        instead = request.query_params.get("instead") == "1"
        kept = await run_in_threadpool(unpack, bytes(data), 0, SampleChoice())
        if "shelf" in request.query_params:
            await run_in_threadpool(session.put_on_shelf, kept, request.query_params.get("settings", "")[:8])
        else:
            session.bring(kept, instead)
            return Response(status_code=204, background=BackgroundTask(ask_for_run, session, "take_up"))
        return Response(status_code=204)
    except CheckpointError as error:
        return Response(str(error), status_code=422, media_type="text/plain; charset=utf-8")
    finally:
        _arriving.discard(session)
        BUDGET.give_back(RETURNS, owner)


async def _a_while(future: Future[None]) -> None:
    """Wait for it, unless its thread is busy for long: then it comes about later."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(future)), PATIENCE)
