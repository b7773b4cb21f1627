"""Renderers: a frame for each request of the browser (ui/server/routes.py), and what those of all pages have in
common.

A frame is JSON: Plotly figures, numbers and sentences in the reader's language. Symbols of a text travel as data
and are shown as text, never as markup.
"""

import json
import math
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from ui.charts.changes import arrays, changes, is_array
from ui.charts.plain import Json, plain
from ui.live.cache import Cache
from ui.live.notices import notices_of_the_session
from ui.training.snapshot import SnapshotOf
from ui.training.worker import AnyWorker

if TYPE_CHECKING:
    from ui.live.layout import Layout


class Sent(NamedTuple):
    """What a browser has that has taken the last frame: the frame's name, the newest figures and arrays until then."""

    name: str
    figures: dict[str, Json]
    arrays: dict[str, Json]


Picture = tuple[dict[str, Any], dict[str, Any] | None]  # payload, figures by name
Part = list[str] | dict[str, Any] | None  # a guide's sentences, or a table; None: there is nothing to say yet


class Renderer:
    """Makes the frames of one layout for a session: `show` says how the page wants them, `frame` makes the next one.

    Those who inherit say in `_picture` what there is to see.
    """

    # of its page's own buttons: whether it is done, from the renderer, the session and the query
    commands: ClassVar[Mapping[str, Callable[..., bool]]] = {}
    share: ClassVar[int] = 0  # the browser rests so many times as long as a picture took to make

    def __init__(self, layout: "Layout") -> None:
        self.layout = layout
        self._lock = threading.Lock()  # two requests may overlap when the browser has changed its mind
        self._options = None
        self._cache = Cache()
        self._sent = Sent("", {}, {})
        self.failure = ""  # why there was no picture the last time
        self.number = 0  # changes with whatever a picture depends on, beside the network

    def show(self, options: Any) -> None:
        """Set the view options of all later frames; bump `number` if they changed."""
        if options != self._options:
            self._options, self.number = options, self.number + 1

    def _changed(self) -> None:
        """Have the browser fetch another frame: something that was computed beside the frames is done."""
        self.number += 1

    def frame(self, session: AnyWorker, request: Any, have: str = "", rounded: bool = False) -> str:
        """Frame of a session as JSON. have : name of the frame that the browser took last; of figures and arrays that
        it has, only the changes are sent. rounded : numbers of figures have as many digits as the charts tell."""
        with self._lock:
            begin = time.thread_time()
            token, snapshot, options = session.token, session.shown, self._options
            about = {"token": token, "status": snapshot.status, "watched": session.watched}
            about |= {"renderer": type(self).__name__, "returning": session.returning}
            if options is None:
                return json.dumps(about)
            about |= self.header(snapshot, options)
            more, figures = self._picture(session, snapshot, options, request)
            about |= more
            if figures is None:
                return json.dumps(sendable(about))
            drawn = {name: plain(figure, rounded) for name, figure in figures.items()}
            known = self._sent if have and have == self._sent.name else Sent("", {}, {})
            about["name"] = secrets.token_hex(4)
            beside = {name: value for name, value in about.items() if isinstance(value, dict)}
            held = {
                name: {key: part for key, part in value.items() if is_array(part)} for name, value in beside.items()
            }
            self._sent = Sent(about["name"], known.figures | drawn, known.arrays | {n: v for n, v in held.items() if v})
            if self.share:
                about["rest"] = round(1000 * self.share * (time.thread_time() - begin))
            about |= {name: arrays(value, known.arrays.get(name, {})) for name, value in beside.items()}
            told = {name: changes(figure, known.figures.get(name)) for name, figure in drawn.items()}
            return json.dumps(sendable(about) | {"figures": told}, ensure_ascii=False)

    def header(self, snapshot: SnapshotOf[Any], options: Any) -> dict[str, Any]:
        """Header of every frame: its notices, the most urgent first."""
        return {"notices": notices_of_the_session(snapshot, self.layout.sentences, options.language.gettext)}

    def _parts(
        self, request: Any, *context: Any, among: Mapping[str, Callable[..., Part]] | None = None
    ) -> dict[str, Part]:
        """The opened guides and tables. among : those of the present view, where it has not all of the layout's."""
        return opened_parts(request.opened, self.layout.guides if among is None else among, *context)

    def _picture(self, session: Any, snapshot: Any, options: Any, request: Any) -> Picture:
        """(payload, figures by name); no figures as long as there is nothing to see. What is given is of the page's
        own kinds."""
        raise NotImplementedError


def opened_parts(opened: frozenset[str], guides: Mapping[str, Callable[..., Part]], *context: Any) -> dict[str, Part]:
    """The guides and tables that the reader has opened, each made from the context; None: there is nothing to say yet.

    >>> guides = {"loss_guide": lambda loss: [f"It is {loss}."], "table": lambda loss: {}, "late": lambda loss: None}
    >>> opened_parts(frozenset({"loss_guide", "late", "x"}), guides, 2)
    {'loss_guide': ['It is 2.']}
    """
    made = {name: guides[name](*context) for name in sorted(opened & guides.keys())}
    return {name: part for name, part in made.items() if part is not None}


def sendable(content: Any) -> Any:
    """The same for JSON, which has no words for numbers that are not finite: those become None.

    >>> sendable({"loss": [1.5, math.nan]})
    {'loss': [1.5, None]}
    """
    if isinstance(content, dict):
        return {name: sendable(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [sendable(value) for value in content]
    return None if isinstance(content, float) and not math.isfinite(content) else content
