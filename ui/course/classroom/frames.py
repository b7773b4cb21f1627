"""Frames of a class: made once for each language and theme, and sent to all of its members as the same bytes."""

import asyncio
import gzip
import html
import json
from collections.abc import Awaitable, Iterator, Mapping
from typing import Any, NamedTuple

import plotly.graph_objects as go
from starlette.concurrency import run_in_threadpool

from ui.charts.formatting import short
from ui.course.classroom.classroom import Classroom, View
from ui.course.classroom.codes import written_code
from ui.course.classroom.figures import drawn_curves, histogram
from ui.course.classroom.tally import Counts, Curves, Histogram, tally
from ui.course.figures import training
from ui.course.lesson import Lesson
from ui.course.lessons import heading_of
from ui.i18n import Translate, language
from ui.live.renderer import sendable
from ui.theme import THEMES, Theme

LEVEL = 4  # of gzip's 9: a frame is packed once and sent to many
MOST_NAMES = 60  # that are listed


class Variant(NamedTuple):
    """For whom a frame is."""

    language: str
    theme: str


class Frames:
    """The frames of one class. Used by the server's event loop alone."""

    def __init__(self, classroom: Classroom):
        self._classroom = classroom
        self._made: dict[Variant, tuple[str, asyncio.Future[bytes]]] = {}
        self.count = 0  # frames that were made so far

    def frame(self, variant: Variant) -> Awaitable[bytes]:
        """The frame of now, packed: made by the first who asks for it, the same for everybody."""
        token = self._classroom.token
        known = self._made.get(variant)
        if known is None or known[0] != token or _failed(known[1]):
            self.count += 1
            making = asyncio.ensure_future(run_in_threadpool(packed, self._classroom, variant))
            known = self._made[variant] = token, making
        return asyncio.shield(known[1])


def _failed(making: asyncio.Future[Any]) -> bool:
    return making.done() and (making.cancelled() or making.exception() is not None)


def packed(classroom: Classroom, variant: Variant) -> bytes:
    """A frame as JSON, in gzip."""
    return gzip.compress(json.dumps(sendable(content(classroom, variant))).encode(), LEVEL, mtime=0)


def content(classroom: Classroom, variant: Variant) -> dict[str, Any]:
    """Where the class is, and what can be seen there. It is the same for the teacher and all members, so nothing is in
    it that nobody may know yet: no guess before the guessing is closed, no measured value before it is compared."""
    _, theme, view = language(variant.language).gettext, THEMES[variant.theme], classroom.view
    view = view._replace(lesson=view.lesson.told_in(variant.language))
    lesson, run, names = view.lesson, view.run, view.names
    frame: dict[str, Any] = {
        "token": view.token,
        "code": written_code(classroom.code),
        "lesson": lesson.name,
        "title": heading_of(lesson, _),
        "part": view.part,
        "closed": view.closed,
        "here": view.here,
        "guessed": len(view.guesses),
        "names": names[:MOST_NAMES] + (["…"] if len(names) > MOST_NAMES else []),
        "status": run.status if run else "",
        "share": 0.0,
        "waiting": 0,
        "numbers": [],
        "guesses": [],
        "results": [],
    }
    if view.part == "guess" and not view.closed:
        frame["guesses"] = [
            {"name": guess.name, "label": _(guess.label), "kind": guess.kind} | guess.spec(_)
            for guess in lesson.guesses
        ]
    if view.part == "run" and run is not None and run.status == "running":
        shown = run.progress.shown
        frame |= {"share": run.progress.share, "waiting": run.waiting, "numbers": _numbers(lesson, shown, _)}
        drawn = training(shown, theme, _)
        if drawn is not None:
            return frame | {"results": [_chart("training", lesson.picture_of(shown, _), drawn)]}
    if view.closed and view.part != "read":
        frame["results"] = list(_results(view, theme, _))
    return frame


def _numbers(lesson: Lesson, shown: Mapping[str, Any], _: Translate) -> list[tuple[str, str, str]]:
    """Headline metrics of a run: (label, number, empty note)."""
    numbers = shown.get("numbers", {})
    return [
        (lesson.named(label, _), f"{value:,}" if isinstance(value, int) else short(value), "")
        for label, value in numbers.items()
    ]


def _results(view: View, theme: Theme, _: Translate) -> Iterator[dict[str, Any]]:
    """The guesses of all, and the measured values among them once they are compared."""
    lesson, measured = view.lesson, view.measured
    truth = lesson.truth(measured) if measured is not None else {}
    for guess in lesson.guesses:
        tallied = tally(guess, [answers[guess.name] for answers in view.guesses], truth.get(guess.name), _)
        match tallied:
            case Counts(label, rows):
                yield {"name": guess.name, "label": label, "rows": rows}
            case Histogram(label, unit, edges, counts, logarithmic, value, written):
                title = _("guessed value ({unit})").format(unit=unit) if unit else _("guessed value")
                drawn = histogram(
                    edges,
                    counts,
                    value,
                    logarithmic=logarithmic,
                    title=html.escape(title, quote=False),
                    written=written,
                    theme=theme,
                    translate=_,
                )
                yield _chart(guess.name, label, drawn)
            case Curves(label, axes, x, curves, value):
                yield _chart(guess.name, label, drawn_curves(x, curves, value, axes=axes, theme=theme, translate=_))
    if measured is not None:
        yield _chart("measured", _("What was measured."), lesson.figure(measured, {}, theme, _))


def _chart(name: str, label: str, drawn: go.Figure) -> dict[str, Any]:
    """A chart for the browser, without what is empty: a class has no single guess beside the measured value."""
    figure = json.loads(drawn.to_json(validate=False))
    figure["data"] = [trace for trace in figure["data"] if trace.get("type") != "scatter" or trace.get("x") != []]
    return {"name": name, "label": label, "figure": figure}
