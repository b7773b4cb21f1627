"""The handlers behind the addresses of ui/server/routes.py: pictures and files of a session."""

import asyncio
import gc
import gzip
import logging
import time
import weakref
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from streamlit.dataframe_util import is_dataframe_like
from threadpoolctl import threadpool_limits

from ui.i18n import LANGUAGES, language
from ui.live.notices import SOON
from ui.live.renderer import Renderer
from ui.live.request import whole
from ui.live.scripts import ask_for_run
from ui.network.settings import SETTINGS
from ui.network.setup import lab_setup
from ui.pages import FIRST, page
from ui.server import pace
from ui.server.downloads import DOWNLOADS
from ui.server.stopping import HEADER, STOPPING
from ui.settings.choices import DEFAULT_TEXT
from ui.settings.keys import DATA
from ui.training.looking_back import LooksBack
from ui.training.named import session_named
from ui.training.run import Run
from ui.training.snapshot import SampleChoice
from ui.training.worker import AnyWorker, Worker

WAIT = 10.0  # seconds that a request waits for a newer picture
COMMANDS: dict[str, Callable[..., bool]] = {
    "play": Worker.play,
    "pause": Worker.pause,
    "step": Worker.step,
    "reset": Worker.reset,
    "untrained": Worker.untrain,
}
AGAIN = "again"  # has the page's script run
LOOK = "look"  # at an update of its training, which the query names; at the newest where it names none
HAVE, ROUND = "have", "round"  # the frame that the browser has; as many digits as its charts tell are enough for it
HOLD = 0.25  # seconds that it waits for what a hand is about to change, while pictures of training go by
CALLED_OFF = 0.25  # seconds after which the server knows that a request was called off
POLL = 0.015  # seconds between two looks for one
PATIENCE = 30.0  # seconds that a file may take the training thread
LOG = logging.getLogger(__name__)

_one_at_a_time: "weakref.WeakKeyDictionary[AnyWorker, asyncio.Lock]" = weakref.WeakKeyDictionary()  # files


def prepare() -> None:
    """Load, or compile, what the first page needs when it is first opened."""
    threadpool_limits(1, user_api="blas")  # threads of small products wait for one another, and for everybody's
    values = {name: setting.default for name, setting in SETTINGS.items()} | {DATA: DEFAULT_TEXT["en"]}
    setup, training = lab_setup(values)
    if setup is None:
        raise ValueError("the Lab's first settings name no text")
    run = Run(0, setup, training, SampleChoice())
    run.train(1)
    run.view(complete=True)
    page(FIRST)
    is_dataframe_like([])  # loads pandas, as Streamlit does with the first component that it draws
    for code in LANGUAGES:
        language(code)
    # Streamlit collects garbage after every run of a script and holds everybody up meanwhile: 120 ms with a compiler in
    # memory, a few without what is there now. No collection frees that any more, not even what a visitor had who came
    # meanwhile: it must not need one.
    gc.collect()
    gc.freeze()


async def live(request: Request) -> Response:
    """The next picture of a session: as soon as there is one that the browser has not got, or when it has waited.

    hold : somebody has touched a control: a picture that shows the change is worth more than one that does not.
    """
    session = session_named(request.path_params["key"])
    renderer = session and session.renderer  # another page may bring its own meanwhile
    if renderer is None or (not session.present and await _called_off(request)):
        return Response(status_code=404)
    if not session.resume():
        return Response(status_code=503)
    asked, begin = renderer.layout.request(request.query_params), time.monotonic()
    end, held = begin + WAIT, begin + (HOLD if "hold" in request.query_params else 0.0)
    if session.snapshot.status == "compiling":
        end = begin + SOON  # then there is something to say

    def nothing_new() -> bool:
        now = time.monotonic()
        known = session.token == asked.token or (now < held and asked.token.startswith(f"{session.settled}/"))
        return known and now < end and session.present and not STOPPING.is_set()

    while nothing_new() and not await request.is_disconnected():
        session.seen()
        await asyncio.sleep(POLL)
    session.seen()
    try:
        picture = await run_in_threadpool(_packed, renderer, session, asked, request.query_params)
    except Exception as error:
        if renderer.failure != repr(error):  # the browser asks again every second: the log says it once
            LOG.exception("no picture of %s", type(renderer).__name__)
        renderer.failure = repr(error)
        return Response(status_code=500)
    renderer.failure = ""
    rest = pace.rest(session, len(picture), pace.SPARE in request.query_params)
    headers = {"cache-control": "no-store", pace.REST: str(rest)}
    headers |= HEADER if STOPPING.is_set() else {}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
    else:
        picture = gzip.decompress(picture)
    return Response(picture, media_type="application/json", headers=headers)


async def _called_off(request: Request) -> bool:
    """Whether nobody waits for the answer any more. A tab that is closed leaves, and calls its last request off; where
    the server reads that request only then, nobody is there whose network it should wake."""
    await asyncio.sleep(CALLED_OFF)
    return await request.is_disconnected()


def _packed(renderer: Renderer, session: AnyWorker, asked: Any, query: Mapping[str, str]) -> bytes:
    """The next picture, where the browser has the one that it names. In a thread of its own: Streamlit would compress
    it while everybody waits. Numbers of a network that rests, or as it was, have all their digits."""
    moves = session.shown is session.snapshot and session.snapshot.status != "paused"
    return pace.packed(renderer.frame(session, asked, query.get(HAVE, ""), moves and ROUND in query))


async def command(request: Request) -> Response:
    """Do at once what a button beside the score says."""
    session, name = session_named(request.path_params["key"]), request.path_params["name"]
    commands = COMMANDS if session is None else COMMANDS | session.commands
    of_renderer = getattr(session.renderer, "commands", {}) if session is not None else {}
    looks = (LOOK,) if isinstance(session, LooksBack) else ()
    if session is None or name not in (AGAIN, *looks, *commands, *of_renderer):
        return Response(status_code=404)
    if not session.resume():
        return Response(status_code=503)
    if name == AGAIN:
        return Response(status_code=204, background=BackgroundTask(ask_for_run, session))
    if name in of_renderer:
        accepted = of_renderer[name](session.renderer, session, request.query_params)
    elif name == LOOK:
        accepted = session.look(whole(request.query_params, "update", None))
    else:
        accepted = commands[name](session)
    return Response(status_code=204 if accepted else 429)


async def download(request: Request) -> Response:
    """A file made from a session's network as it is now; of each session one at a time."""
    session, made = session_named(request.path_params["key"]), DOWNLOADS.get(request.path_params["name"])
    if session is None or made is None or not session.takeaway:
        return Response(status_code=404)
    end, turn = time.monotonic() + PATIENCE, _one_at_a_time.setdefault(session, asyncio.Lock())
    while turn.locked():
        if time.monotonic() > end or STOPPING.is_set() or await request.is_disconnected():
            return Response(status_code=503)
        await asyncio.sleep(POLL)
    async with turn:
        if not session.resume():
            return Response(status_code=503)
        content = await run_in_threadpool(made.content, session)
        if isinstance(content, Future):
            content = await _answer(content, session, end)
    if content is None:
        return Response(status_code=404)
    named = {"content-disposition": f'attachment; filename="{made.file}"', "cache-control": "no-store"}
    return Response(content, media_type=made.media_type, headers=named)


async def _answer(future: Future[Any], session: AnyWorker, end: float) -> Any:
    """Answer of the training thread; None if it ends, or takes longer than until then. No other thread waits for it."""
    while not future.done():
        if not session.present or time.monotonic() > end or STOPPING.is_set():
            future.cancel()
            return None
        await asyncio.sleep(POLL)
    return future.result()
