"""The handlers behind the addresses of ui/server/routes.py: pictures and files of a session."""

import asyncio
import gc
import logging
import time
import weakref
from concurrent.futures import Future
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from threadpoolctl import threadpool_limits

from ui.live.notices import SOON
from ui.network.settings import SETTINGS
from ui.network.setup import lab_setup
from ui.server.downloads import DOWNLOADS
from ui.server.stopping import STOPPING
from ui.settings.choices import DEFAULT_TEXT
from ui.settings.keys import DATA
from ui.training.run import Run
from ui.training.session import TrainingSession, session_named
from ui.training.snapshot import SampleChoice

WAIT = 10.0  # seconds that a request waits for a newer picture
COMMANDS = {
    "play": TrainingSession.play,
    "pause": TrainingSession.pause,
    "step": TrainingSession.step,
    "reset": TrainingSession.reset,
    "untrained": TrainingSession.untrain,
}
HOLD = 0.25  # seconds that it waits for what a hand is about to change, while pictures of training go by
POLL = 0.015  # seconds between two looks for one
PATIENCE = 30.0  # seconds that a file may take the training thread
LOG = logging.getLogger(__name__)

_one_at_a_time: "weakref.WeakKeyDictionary[TrainingSession, asyncio.Lock]" = weakref.WeakKeyDictionary()  # files


def prepare() -> None:
    """Load, or compile, what the Lab needs when it is first opened."""
    threadpool_limits(1, user_api="blas")  # threads of small products wait for one another, and for everybody's
    values = {name: setting.default for name, setting in SETTINGS.items()} | {DATA: DEFAULT_TEXT["en"]}
    run = Run(0, *lab_setup(values), SampleChoice())
    run.train(1)
    run.view(complete=True)
    # Streamlit collects garbage after every run of a script and holds everybody up meanwhile: 120 ms with a compiler in
    # memory. What is there now stays for good; without it a collection takes a few.
    gc.collect()
    gc.freeze()


async def live(request: Request) -> Response:
    """The next picture of a session: as soon as there is one that the browser has not got, or when it has waited.

    hold : somebody has touched a control: a picture that shows the change is worth more than one that does not.
    """
    session = session_named(request.path_params["key"])
    pictures = session and session.pictures  # another page may bring its own meanwhile
    if pictures is None:
        return Response(status_code=404)
    if not session.resume():
        return Response(status_code=503)
    asked, begin = pictures.request(request.query_params), time.monotonic()
    end, held = begin + WAIT, begin + (HOLD if "hold" in request.query_params else 0.0)
    if session.snapshot.status == "compiling":
        end = begin + SOON  # then there is something to say

    def nothing_new():
        now = time.monotonic()
        known = session.token == asked.token or (now < held and asked.token.startswith(f"{session.settled}/"))
        return known and now < end and session.present and not STOPPING.is_set()

    while nothing_new() and not await request.is_disconnected():
        session.seen()
        await asyncio.sleep(POLL)
    session.seen()
    try:
        picture = await run_in_threadpool(pictures.frame, session, asked)
    except Exception as error:
        if pictures.failure != repr(error):  # the browser asks again every second: the log says it once
            LOG.exception("no picture of %s", type(pictures).__name__)
        pictures.failure = repr(error)
        return Response(status_code=500)
    pictures.failure = ""
    return Response(picture, media_type="application/json", headers={"cache-control": "no-store"})


async def command(request: Request) -> Response:
    """Do at once what a button beside the score says."""
    session, name = session_named(request.path_params["key"]), request.path_params["name"]
    commands = COMMANDS if session is None else COMMANDS | session.commands
    if session is None or name not in commands:
        return Response(status_code=404)
    if not same_origin(request.headers):
        return Response(status_code=403)
    if not session.resume():
        return Response(status_code=503)
    return Response(status_code=204 if commands[name](session) else 429)


def same_origin(headers) -> bool:
    """Whether a request comes from a page of this app, or from no page at all.

    >>> same_origin({"host": "lab.org", "origin": "https://lab.org"}), same_origin({"host": "lab.org"})
    (True, True)
    >>> same_origin({"host": "lab.org", "origin": "https://other.org"}), same_origin({"sec-fetch-site": "cross-site"})
    (False, False)
    """
    if "sec-fetch-site" in headers:
        return headers["sec-fetch-site"] in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc in (headers.get("host"), headers.get("x-forwarded-host"))


async def download(request: Request) -> Response:
    """A file made from a session's network as it is now; of each session one at a time."""
    session, made = session_named(request.path_params["key"]), DOWNLOADS.get(request.path_params["name"])
    if session is None or made is None or not session.takeaway:
        return Response(status_code=404)
    async with _one_at_a_time.setdefault(session, asyncio.Lock()):
        if not session.resume():
            return Response(status_code=503)
        content = await run_in_threadpool(made.content, session)
        if isinstance(content, Future):
            content = await _answer(content, session)
    if content is None:
        return Response(status_code=404)
    named = {"content-disposition": f'attachment; filename="{made.file}"', "cache-control": "no-store"}
    return Response(content, media_type=made.media_type, headers=named)


async def _answer(future: Future, session: TrainingSession):
    """Answer of the training thread; None if it ends, or takes too long. No other thread waits for it."""
    end = time.monotonic() + PATIENCE
    while not future.done():
        if not session.present or time.monotonic() > end or STOPPING.is_set():
            future.cancel()
            return None
        await asyncio.sleep(POLL)
    return future.result()
