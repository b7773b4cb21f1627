"""The handlers behind the addresses of ui/server/routes.py: pictures and files of a session."""

import asyncio
import gc
import time

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from threadpoolctl import threadpool_limits

from ui.lab.settings import DEFAULT_TEXT, SETTINGS
from ui.lab.setup import lab_setup
from ui.live.notices import SOON
from ui.server.downloads import DOWNLOADS
from ui.settings.keys import DATA
from ui.training.run import Run
from ui.training.session import TrainingSession, session_named
from ui.training.snapshot import Look

WAIT = 10.0  # seconds that a request waits for a newer picture
COMMANDS = {
    "play": TrainingSession.play,
    "pause": TrainingSession.pause,
    "step": TrainingSession.step,
    "reset": TrainingSession.reset,
    "untrained": lambda session: (session.pause(), session.reset()),
}
HOLD = 0.25  # seconds that it waits for what a hand is about to change, while pictures of training go by
LOOK = 0.015  # seconds between two looks for one


def prepare() -> None:
    """Load, or compile, what the Lab needs when it is first opened."""
    threadpool_limits(1, user_api="blas")  # threads of small products wait for one another, and for everybody's
    values = {name: setting.default for name, setting in SETTINGS.items()} | {DATA: DEFAULT_TEXT["en"]}
    run = Run(0, *lab_setup(values), Look())
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
    want, begin = pictures.want(request.query_params), time.monotonic()
    end, held = begin + WAIT, begin + (HOLD if "hold" in request.query_params else 0.0)
    if session.snapshot.status == "compiling":
        end = begin + SOON  # then there is something to say

    def nothing_new():
        now = time.monotonic()
        known = session.token == want.token or (now < held and want.token.startswith(f"{session.settled}/"))
        return known and now < end

    while nothing_new() and not await request.is_disconnected():
        session.seen()
        await asyncio.sleep(LOOK)
    session.seen()
    picture = await run_in_threadpool(pictures.frame, session, want)
    return Response(picture, media_type="application/json", headers={"cache-control": "no-store"})


async def command(request: Request) -> Response:
    """Do at once what a button beside the score says."""
    session, name = session_named(request.path_params["key"]), request.path_params["name"]
    commands = COMMANDS if session is None else COMMANDS | session.commands
    if session is None or name not in commands:
        return Response(status_code=404)
    session.seen()
    commands[name](session)
    return Response(status_code=204)


async def download(request: Request) -> Response:
    """A file made from a session's network as it is now."""
    session, made = session_named(request.path_params["key"]), DOWNLOADS.get(request.path_params["name"])
    if session is None or made is None or not session.takeaway:
        return Response(status_code=404)
    content = await run_in_threadpool(made.content, session)
    if content is None:
        return Response(status_code=404)
    named = {"content-disposition": f'attachment; filename="{made.file}"', "cache-control": "no-store"}
    return Response(content, media_type=made.media_type, headers=named)
