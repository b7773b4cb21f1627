"""The handlers behind the addresses of ui/course/classroom/routes.py.

Whoever asks shows a key in a header of its own, the teacher's or the token that a member got on joining: neither stands
in an address, so neither is projected or logged. ui/server/hosts.py has refused what comes from another site's page.
"""

import asyncio
import gzip
import json
import time
from collections.abc import Collection
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ui.course.classroom import registry
from ui.course.classroom.classroom import PARTS, Classroom
from ui.course.classroom.codes import read_code
from ui.course.classroom.export import guesses_csv
from ui.course.classroom.frames import Frames, Variant
from ui.i18n import LANGUAGES
from ui.server.stopping import STOPPING
from ui.theme import THEMES

KEY = "x-class-key"
WAIT = 10.0  # seconds that a request waits for something new
POLL = 0.05  # seconds between two looks for it
LONGEST = 64 * 2**10  # bytes of a request
FULL, CROWD = 503, 425  # of the answer where nobody else can join now, or nobody else from this address
STATUS = {"unknown": 404, "ended": 410, "often": 429}  # of the answer where there is no class
NO_STORE = {"cache-control": "no-store"}


def _known(request: Request) -> tuple[Classroom | None, str]:
    """The class that the request has a key for, and whose it is: "teacher" or "member"; no class for anybody else."""
    code, key = read_code(request.path_params["code"]) or "", request.headers.get(KEY, "")
    classroom = registry.CLASSES.known(code)
    if classroom is not None and key:
        if classroom.is_teacher(key):
            return classroom, "teacher"
        if classroom.is_member(key):
            return classroom, "member"
    return None, ""


def _found(request: Request) -> Classroom | Response:
    """The class of the code in the address, for whoever has no key; the answer where it is none."""
    found = registry.CLASSES.find(request.path_params["code"], _address(request))
    return Response(status_code=STATUS[found]) if isinstance(found, str) else found


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


async def _body(request: Request) -> Any:
    """The JSON of a request; None where it is none, or too long."""
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > LONGEST:
            return None
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


async def join(request: Request) -> Response:
    """Become a member, or come back as one: the token, and what this member has guessed so far."""
    classroom, who = _known(request)
    if who == "teacher":
        return JSONResponse({"teacher": True}, headers=NO_STORE)
    body = await _body(request)
    name = body.get("name") if isinstance(body, dict) else None
    if classroom is None:
        found = _found(request)
        if isinstance(found, Response):
            return found
        classroom = found
    name = name if isinstance(name, str) else ""
    token = classroom.join(request.headers.get(KEY, ""), name, _address(request))
    if token is None:
        return Response(status_code=FULL if classroom.is_full else CROWD)
    answers = {lesson: classroom.answers(token, lesson) for lesson in classroom.works}
    own = {lesson: answer for lesson, answer in answers.items() if answer is not None}
    return JSONResponse({"token": token, "answers": own}, headers=NO_STORE)


async def frame(request: Request) -> Response:
    """The next frame of a class: as soon as there is one that the browser has not got, or when it has waited."""
    classroom, _who = _known(request)
    if classroom is None:
        found = _found(request)
        return found if isinstance(found, Response) else Response(status_code=403)
    end, token = time.monotonic() + WAIT, request.query_params.get("token", "")
    while classroom.token == token and not classroom.ended and time.monotonic() < end and not STOPPING.is_set():
        if await request.is_disconnected():
            break
        await asyncio.sleep(POLL)
    if classroom.ended:
        return Response(status_code=STATUS["ended"])
    query = request.query_params
    variant = Variant(_one_of(LANGUAGES, query.get("language")), _one_of(THEMES, query.get("theme")))
    classroom.frames = classroom.frames or Frames(classroom)
    content, headers = await classroom.frames.frame(variant), dict(NO_STORE)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
    else:
        content = gzip.decompress(content)
    return Response(content, media_type="application/json", headers=headers)


def _one_of(known: Collection[str], name: str | None) -> str:
    """The name, or the first that is known."""
    return name if name is not None and name in known else next(iter(known))


async def guess(request: Request) -> Response:
    """Take a member's guess, or another in its place."""
    classroom, who = _known(request)
    if who != "member" or classroom is None:
        return Response(status_code=403 if who else 404)
    body = await _body(request)
    body = body if isinstance(body, dict) else {}
    done = classroom.guess(request.headers[KEY], str(body.get("lesson")), body.get("answers"))
    return Response(status_code={"taken": 204, "late": 409, "wrong": 400}[done])


async def lead(request: Request) -> Response:
    """Do what the teacher says: "go" to a part of a lesson, "close" the guessing, "stop" the training, "end" it all."""
    classroom, who = _known(request)
    if who != "teacher" or classroom is None:
        return Response(status_code=403 if who else 404)
    body = await _body(request)
    body = body if isinstance(body, dict) else {}
    match request.path_params["name"], body.get("lesson"), body.get("part"):
        case "go", str(lesson), str(part) if part in PARTS:
            done = classroom.go(lesson, part)
        case "close", str(lesson), _:
            done = classroom.close(lesson)
        case "stop", _, _:
            done = classroom.stop()
        case "end", _, _:
            registry.CLASSES.end(classroom)
            done = True
        case _:
            return Response(status_code=400)
    return Response(status_code=204 if done else 409)


async def guesses(request: Request) -> Response:
    """All guesses, for the teacher alone."""
    classroom, who = _known(request)
    if who != "teacher" or classroom is None:
        return Response(status_code=403 if who else 404)
    named = {"content-disposition": 'attachment; filename="guesses.csv"', **NO_STORE}
    return Response(guesses_csv(classroom), media_type="text/csv; charset=utf-8", headers=named)
