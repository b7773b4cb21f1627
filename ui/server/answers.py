"""A bound on the answers under way: a reader who takes an answer slowly, or not at all, holds its bytes in memory."""

import asyncio
from itertools import count

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.training.memory import BUDGET, Budget

ANSWERS = "answers"  # in the budget of memory
PIECE = 64 * 2**10  # bytes that are handed on at a time
LARGE = 256 * 2**10  # bytes: smaller ones are as good as sent
PATIENCE = 60.0  # seconds for a piece


class SlowReaderError(Exception):
    """A reader took nothing for too long."""


class Answers:
    """ASGI middleware that takes large answers from the budget of memory until they are sent, a piece at a time."""

    def __init__(self, app: ASGIApp, budget: Budget = BUDGET) -> None:
        self._app, self._budget, self._numbers = app, budget, count()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and refuse a large answer where there is no memory for it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        number, start, refused = next(self._numbers), None, False

        async def bounded(message: Message) -> None:
            nonlocal start, refused
            body = message.get("body", b"")
            if refused:
                return
            if message["type"] == "http.response.start":
                start = message  # it waits for the first piece, which may be too much
                return
            if len(body) >= LARGE and not self._budget.take(ANSWERS, number, len(body)):
                if start is None:
                    raise SlowReaderError
                refused = True
                await Response(status_code=503, headers={"retry-after": "10"})(scope, receive, send)
                return
            if start is not None:
                begin, start = start, None
                await send(begin)
            if len(body) < LARGE:
                await send(message)
            else:
                await self._in_pieces(message, body, send)
                self._budget.give_back(ANSWERS, number)

        try:
            await self._app(scope, receive, bounded)
        except SlowReaderError:
            pass  # the connection is closed before the end: the browser sees that it is not all
        finally:
            self._budget.give_back(ANSWERS, number)

    async def _in_pieces(self, message: Message, body: bytes, send: Send) -> None:
        view, last = memoryview(body), not message.get("more_body", False)
        for begin in range(0, len(body), PIECE):
            piece = bytes(view[begin : begin + PIECE])
            more = begin + PIECE < len(body) or not last
            try:
                await asyncio.wait_for(send({"type": message["type"], "body": piece, "more_body": more}), PATIENCE)
            except TimeoutError:
                raise SlowReaderError from None
