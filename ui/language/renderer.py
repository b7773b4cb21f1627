"""Renderer of the page “Language”: a frame for each request of the browser, made with a copy of the network."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from rnn_core import InputError
from ui.i18n import Translate
from ui.language.figures import FigureStyle
from ui.language.frame_context import FrameContext, ViewOptions
from ui.language.guides import amount
from ui.language.model_copy import ModelCopy, listen
from ui.language.views import GUIDES, PICTURES
from ui.live.layout import Layout
from ui.live.metrics import line, pace
from ui.live.notices import notice
from ui.live.renderer import Picture
from ui.live.request import parsed
from ui.network.renderer import NetworkRenderer
from ui.training.session import TrainingSession
from ui.training.snapshot import Snapshot

PATIENCE = 0.06  # seconds for what can wait: branches that are not chosen, beams
LONGEST_QUERY = 20_000  # characters of what the browser keeps: branches, guesses


class Request(NamedTuple):
    """Request of the browser, read from its query."""

    token: str = ""
    run: int = -1  # the network that branches and guesses belong to
    sentence: int | None = None  # the chosen one
    branch: int = 0  # the chosen one
    step: int | None = None  # of that branch
    branches: tuple[Any, ...] = ()  # the symbols that were chosen for each
    guesses: tuple[Any, ...] = ()  # [symbol, percent] of each round
    opened: frozenset[str] = frozenset()

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Request":
        """From the parameters of a request; what is not understood is left out.

        >>> request = Request.of({"branches": "[[0, [1]]]", "step": "x", "open": "score_guide", "guesses": "{"})
        >>> request.branches, request.step, request.opened, request.guesses
        (([0, [1]],), None, frozenset({'score_guide'}), ())
        """
        return parsed(cls, query, branches=_listed, guesses=_listed)


def _listed(text: str) -> tuple[Any, ...]:
    """A list in JSON; empty if it is none, or far too long."""
    try:
        value = json.loads(text) if len(text) <= LONGEST_QUERY else []
    except (ValueError, RecursionError):
        value = []
    return tuple(value) if isinstance(value, list) else ()


class LanguageRenderer(NetworkRenderer):
    """Renderer of the page for one session."""

    share = 4

    def __init__(self, layout: Layout) -> None:
        super().__init__(layout)
        self._copy: ModelCopy | None = None

    def _picture(self, session: TrainingSession, snapshot: Snapshot, options: ViewOptions, request: Request) -> Picture:
        _, view = options.language.gettext, snapshot.view
        copy = self._copy = listen(session, self._copy) if view is not None else None
        if view is None or copy is None or copy.run != view.run:
            return {}, None
        context = FrameContext(
            copy, view, options, request, FigureStyle(options.theme, _, options.unit), self._cache, self._changed
        )
        self._cache.begin(PATIENCE)
        try:
            more, figures, content = PICTURES[options.view](context)
        except InputError:
            sentence = _("The network's numbers are too large to write or to score with: train at a smaller rate.")
            notices = self.header(snapshot, options)["notices"]
            return {"notices": [*notices, notice("warning", sentence)]}, None
        about: dict[str, Any] = {
            "parts": self._parts(request, context, *content, among=GUIDES[options.view]),
            "run": copy.run,
            "update": copy.update,
            "view": options.view,
            "numbers": numbers(context),
            "line": line(session.place, _),
        }
        if self._cache.late:
            about["token"] = ""  # the next picture is wanted at once: there is something newer to show
        return about | more, figures


def numbers(context: FrameContext) -> list[list[str]]:
    """Headline metrics: rows of (label, formatted value, note)."""
    view, copy, style = context.view, context.copy, context.style
    _ = style.translate
    training = "–" if view.training_loss is None else amount(view.training_loss, style)
    return [
        [_("Update"), f"{copy.update:,}", ""],
        [_("Training loss"), training, _("per symbol")],
        [_("Held-out loss"), amount(view.held_out[-1][1], style), _("per symbol")],
        pace(view, _),
        [
            _("Vocabulary"),
            f"{copy.task.output_size:,}",
            context.cache.recall("kind", copy.run, lambda: _kind(copy, _)),
        ],
    ]


def _kind(copy: ModelCopy, _: Translate) -> str:
    """Kind of the symbols, and how many of the held-out ones are unknown."""
    task = copy.task
    kind = _("words") if copy.kind == "words" else _("characters")
    if task.unknown is None:
        return kind
    share = 100 * float((task.held_out_ids == task.vocabulary.index(task.unknown)).mean())
    return _("{kind}; {share:.1f}% of the held-out text is unknown").format(kind=kind, share=share)
