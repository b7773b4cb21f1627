"""Renderers: a frame for each request of the browser (ui/server/routes.py), and what those of all pages have in
common.

A frame is JSON: Plotly figures, numbers and sentences in the reader's language. Symbols of a text travel as data
and are shown as text, never as markup.
"""

import json
import math
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Self

from ui.live.cache import Cache


class Renderer:
    """Makes the pictures of one session's page: `show` says how the page wants them, `frame` makes the next one.

    Those who inherit set `want`, which reads a request, and say in `_picture` what there is to see.
    """

    share = 0  # the browser rests so many times as long as a picture took to make

    def __init__(self):
        self._lock = threading.Lock()  # two requests may overlap when the browser has changed its mind
        self._options = None
        self._cache = Cache()
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

    def _changed(self) -> None:
        """There is more to show: something that was computed beside the frames is done."""
        self.number += 1

    def frame(self, session, request) -> str:
        """Frame of a session as JSON."""
        with self._lock:
            begin = time.thread_time()
            token, snapshot, options = session.token, session.snapshot, self._options
            about = {"token": token, "status": snapshot.status, "watched": session.watched}
            about["renderer"] = type(self).__name__
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


def opened_parts(opened, makers: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
    """The guides and tables that the reader has opened. makers : by their names, what makes them.

    >>> opened_parts({"loss_guide", "x"}, {"loss_guide": lambda: ["Read me."], "loss_table": dict})
    {'loss_guide': ['Read me.']}
    """
    return {name: makers[name]() for name in opened & makers.keys()}


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
