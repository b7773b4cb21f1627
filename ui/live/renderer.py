"""Renderers: a frame for each request of the browser (ui/server/routes.py), and what those of all pages have in
common.

A frame is JSON: Plotly figures, numbers and sentences in the reader's language. Symbols of a text travel as data
and are shown as text, never as markup.
"""

import json
import math
import threading
import time
from typing import NamedTuple, Self


class Renderer:
    """Makes the pictures of one session's page: `show` says how the page wants them, `frame` makes the next one.

    Those who inherit set `want`, which reads a request, and say in `_picture` what there is to see.
    """

    share = 0  # the browser rests so many times as long as a picture took to make

    def __init__(self):
        self._lock = threading.Lock()  # two requests may overlap when the browser has changed its mind
        self._options = None
        self.failure = ""  # why there was no picture the last time
        self.number = 0  # changes with whatever a picture depends on, beside the network

    @classmethod
    def of(cls, session) -> Self:
        """The session's own of this kind, kept as long as its page is open."""
        if not isinstance(session.pictures, cls):
            session.pictures = cls()
        return session.pictures

    def show(self, options) -> None:
        """Set the view options of all later frames; bump `number` if they changed."""
        if options != self._options:
            self._options, self.number = options, self.number + 1

    def frame(self, session, request) -> str:
        """Frame of a session as JSON."""
        with self._lock:
            begin = time.thread_time()
            token, snapshot, options = session.token, session.snapshot, self._options
            about = {"token": token, "status": snapshot.status, "watched": session.watched}
            if options is None:
                return json.dumps(about)
            more, figures = self._picture(session, snapshot, options, request)
            about |= more
            if figures is None:
                return json.dumps(sendable(about))
            drawn = ", ".join(f'"{name}": {figure.to_json(validate=False)}' for name, figure in figures.items())
            if self.share:
                about["rest"] = round(1000 * self.share * (time.thread_time() - begin))
            return json.dumps(sendable(about))[:-1] + f', "figures": {{{drawn}}}}}'

    def _picture(self, session, snapshot, options, request) -> tuple[dict, dict | None]:
        """(payload, figures by name); no figures as long as there is nothing to see."""
        raise NotImplementedError


def whole(query, name: str, default: int | None) -> int | None:
    """A number from the parameters of a request; the default where it is none, or far too large.

    >>> whole({"step": "3"}, "step", None), whole({"step": "-3"}, "step", 0)
    (3, 0)
    """
    text = query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


class Request(NamedTuple):
    """Request of the browser, read from its query."""

    token: str = ""  # of the picture that it has
    step: int | None = None  # the chosen step
    loss: bool = True  # the loss chart too
    samples: int = -1  # the update of the newest sample that it has
    opened: frozenset[str] = frozenset()
    reset: int = 0  # how often the axes were reset

    @classmethod
    def of(cls, query) -> "Request":
        """From the parameters of a request; what is not understood is left out.

        >>> Request.of({"step": "3", "open": "score_guide,x"}).step, Request.of({"step": "x"}).step
        (3, None)
        """

        opened = frozenset(query.get("open", "").split(","))
        return cls(
            query.get("token", ""), whole(query, "step", None), query.get("loss") != "0", whole(query, "samples", -1),
            opened, whole(query, "reset", 0),
        )  # fmt: skip


def sendable(content):
    """The same for JSON, which has no words for numbers that are not finite: those become None.

    >>> sendable({"loss": [1.5, math.nan]})
    {'loss': [1.5, None]}
    """
    if isinstance(content, dict):
        return {name: sendable(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [sendable(value) for value in content]
    return None if isinstance(content, float) and not math.isfinite(content) else content
