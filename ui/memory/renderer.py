"""The pictures of the page “Memory”: of a long text only the rows that the browser shows, of a recording made in the
background."""

import html
import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from rnn_core.analysis.activations import state_bounds
from rnn_core.analysis.interventions import Reading
from rnn_core.analysis.memory import MemoryCurve
from rnn_core.analysis.properties import Property
from ui.charts.unit_order import by_similarity
from ui.i18n import Language
from ui.live.layout import Layout
from ui.live.metrics import line
from ui.live.renderer import Picture
from ui.live.request import parsed
from ui.memory import effects, figures, guides, interventions, search, texts
from ui.memory.controls import ChangeChoices, Choices
from ui.memory.curves_by_cell import Cells, MemoryCurves
from ui.memory.excerpt import row_starts
from ui.memory.interventions import Comparison, Unusable
from ui.memory.recorder import RecordedText, Recorder
from ui.memory.window import multiples_of, window_of
from ui.network.renderer import NetworkRenderer
from ui.theme import Theme
from ui.training.background import Job
from ui.training.session import TrainingSession
from ui.training.snapshot import Snapshot, View

DEFAULT_PLACE = 40  # the symbol where a change begins as long as none is chosen
REST = 150  # milliseconds that the browser rests between two pictures
MOST_COLUMNS, MOST_ROWS = 400, 120  # that one picture may hold
LONGEST_KEY = 40  # characters of a property's
LONGEST_RANGE = 200  # symbols of a brushed range


class Request(NamedTuple):
    """Request of the browser, read from its query."""

    token: str = ""
    step: int | None = None  # the chosen symbol
    unit: int | None = None
    begin: int | None = None  # of the brushed range
    end: int | None = None
    columns: int = 60  # symbols that fit a row
    row: int = 0  # the first row that it wants
    rows: int = 12
    lead: int = 0  # rows of these above the first that is seen
    goto: bool = False  # move to the chosen symbol
    point: int | None = None  # the symbol that the pointer is at
    multiples: bool = False  # all units at once
    property: str = ""  # the key of the one that is chosen
    opened: frozenset[str] = frozenset()

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Request":
        """From the parameters of a request; what is not understood is left out.

        >>> Request.of({"step": "7", "columns": "x", "rows": "9999"})[1:8]
        (7, None, None, None, 60, 0, 120)
        """
        request = parsed(cls, query, property=lambda key: key[:LONGEST_KEY])
        return request._replace(
            columns=max(1, min(request.columns, MOST_COLUMNS)),
            rows=max(1, min(request.rows, MOST_ROWS)),
            lead=min(request.lead, MOST_ROWS),
        )


@dataclass(frozen=True)
class ViewOptions:
    """View options: written by the page's script, read by the renderer."""

    language: Language
    theme: Theme
    view: str = "text"
    layer: int = 0
    choices: Choices = field(default_factory=Choices)
    change: ChangeChoices = field(default_factory=ChangeChoices)
    temperature: float = 1.0
    split: str = "train"  # the page reads a text of its own


class FrameContext(NamedTuple):
    """A reading, and what of it is looked at."""

    read: RecordedText
    options: ViewOptions
    request: Request
    result: search.UnitSearchResult | None
    order: np.ndarray  # of the units
    ends: np.ndarray  # (H, 2) of each unit's colour scale
    starts: np.ndarray  # of all rows of the text
    first: int  # row that is sent
    last: int  # and the one after the last
    goto: int | None  # the row to move to
    chosen: int | None  # symbol
    unit: int

    @property
    def followed(self) -> Property | None:
        """The property beside which the unit is shown; None where nothing was searched."""
        if self.result is None or self.options.view != "search":
            return None
        return search.followed(self.result, self.request.property, self.unit)

    @property
    def seen(self) -> int:
        """The first row that is seen."""
        return min(self.first + self.request.lead, self.last - 1)


class MemoryRenderer(NetworkRenderer):
    """Renderer of the page “Memory” for one session."""

    def __init__(self, layout: Layout) -> None:
        super().__init__(layout)
        self._recorder = Recorder(self._changed)
        self._searches: Job[int, search.UnitSearchResult] = Job(self._changed)
        self._comparisons: Job[int, Comparison | Unusable] = Job(self._changed)
        self._curves: Job[int, dict[str, MemoryCurve]] = Job(self._changed)
        self._plain: dict[Hashable, Reading] = {}  # the last reading without a change
        self._cells = Cells()  # how long other cells remembered this text
        self._patient = True  # while the network trains, what only grew old may wait

    def _picture(self, session: TrainingSession, snapshot: Snapshot, options: ViewOptions, request: Request) -> Picture:
        _ = options.language.gettext
        if snapshot.view is None:
            return {}, None
        self._patient = snapshot.status == "running"
        read, problem = self._recorder.read(session, snapshot.view.run, options.choices, options.layer, _)
        if read is None:
            return {"progress": problem}, None
        about: dict[str, Any] = {"line": line(session.place, _)}
        return about, self._draw(about, self._frame_context(read, options, request), snapshot.view)

    def _frame_context(self, read: RecordedText, options: ViewOptions, request: Request) -> FrameContext:
        """Context of a frame: the selected rows, symbol and unit of a recording."""
        recording = read.recording
        symbols, units = recording.values.shape
        result = None
        if options.view == "search" or options.choices.sort == "tracks":
            subject, _ = (*read.subject, options.language.code), options.language.gettext
            self._searches.request(
                subject, read.update, partial(search.find, recording, read.excerpt, _=_), self._patient
            )
            result = self._searches.about(subject).result
        # found anew when the number of updates has doubled, so that units rarely jump
        sort = options.choices.sort
        known = (read.subject, (read.update + 1).bit_length(), sort, result is not None)
        order = self._cache.recall(
            "order", known, lambda: search.order_of(recording.values, sort, result, by_similarity)
        )
        bounded = math.isfinite(state_bounds(recording.model.config.cell)[1])
        ends = self._cache.recall(
            "ends", read.version, lambda: figures.bounds_of_units(recording.values, recording.quantity, bounded)
        )
        starts = self._cache.recall(
            "rows", (read.excerpt.key, request.columns),
            lambda: row_starts(read.excerpt.line_ends, recording.steps, request.columns),
        )  # fmt: skip
        chosen = None if request.step is None else min(request.step, symbols - 1)
        if chosen is None and options.view == "change":
            chosen = min(DEFAULT_PLACE, recording.steps // 3)
        goto = None if chosen is None or not request.goto else int(np.searchsorted(starts, chosen, side="right")) - 1
        first = min(request.row if goto is None else max(0, goto - request.rows // 3), len(starts) - 2)
        last = min(len(starts) - 1, first + request.rows)
        # Where none is chosen, the first of the order; it stays while the network trains and the order changes.
        ordered = (read.run, options.layer, sort, sort == "tracks" and result is not None, units)
        first_unit = self._cache.recall("unit", ordered, lambda: int(order[0]))
        unit = first_unit if request.unit is None or request.unit >= units else request.unit
        return FrameContext(read, options, request, result, order, ends, starts, first, last, goto, chosen, unit)

    def _draw(self, about: dict[str, Any], context: FrameContext, view: View) -> dict[str, Any]:
        """Enter everything about a reading into what is sent; the figures."""
        read, options, request, recording = context.read, context.options, context.request, context.read.recording
        _, theme, unit = options.language.gettext, options.theme, context.unit
        low, high = context.ends[unit].tolist()
        rows = context.starts[context.first : context.last + 1]
        job = self._searches if options.view == "search" else self._recorder.job
        compared = self._comparisons.share if options.view == "change" else None
        about |= {
            "run": read.run,
            "update": read.update,
            "symbols": len(recording.ids),
            "units": len(context.order),
            "unit": unit,
            "order": context.order.tolist(),
            "step": context.chosen,
            "steps": recording.steps,
            "goto": context.goto,
            "total": len(context.starts) - 1,
            "row": context.first,
            "rest": REST,
            "progress": texts.share_done(compared, _) or texts.under_way(job, _),
            "unread": texts.unread(read.excerpt, _),
            "numbers": texts.numbers(read, view, unit, context.result, _),
            "legend": texts.legend(recording, unit, low, high, theme, _),
            "window": window_of(
                recording, read.excerpt, rows, unit, (low, high), options.choices.guesses, context.followed
            ),
        }
        drawn: dict[str, go.Figure] = {}
        if request.multiples:
            names = texts.names_of_units(context.order, context.result, _)
            seen = context.starts[context.seen :]
            about["multiples"] = multiples_of(recording, seen, context.order, context.ends, names)
        at = request.point if request.point is not None and request.point < len(recording.ids) else context.chosen
        if at is not None:
            about["details"] = texts.details(recording, read.excerpt, at, unit, _)
            outer = float(context.ends[:, 0].min()), float(context.ends[:, 1].max())
            name = texts.quantity_name(recording.quantity, _)
            drawn["units"] = figures.units(
                recording.values[at], context.order, *outer, name, theme=theme, translate=_
            )  # fmt: skip
        comparison, curves, others = None, None, list[MemoryCurves]()
        if options.view == "search":
            about["search"] = self._search(context, drawn)
        elif options.view == "change" and context.chosen is not None:
            about["change"], comparison, curves, others = self._change(context, context.chosen)
        if comparison is not None:
            name = texts.quantity_name(recording.quantity, _)
            drawn["change"] = figures.changed(comparison, name, theme=theme, translate=_)
        if curves:
            named = [(other.name(_), other.curves) for other in others]
            drawn["curve"] = figures.curves(curves, named, theme=theme, translate=_)
        shown = (int(context.starts[context.seen]), int(context.starts[context.last]))
        content = guides.GuideContext(read, unit, shown, at, context.order, comparison, curves, others, _)
        about["parts"] = self._parts(request, content)
        return drawn

    def _search(self, context: FrameContext, drawn: dict[str, go.Figure]) -> dict[str, Any]:
        """Payload of the search, with places like the marked one; the chart of one finding is added to `drawn`."""
        read, request, language = context.read, context.request, context.options.language
        recording, text, _ = read.recording, read.excerpt, language.gettext
        payload: dict[str, Any] = {"sentences": [_("Searching …")]}
        result = context.result
        if result is not None:
            payload = {"sentences": search.sentences(result, _), "table": search.table(result, _)}
            payload["sentences"] += search.elsewhere(recording, _)
            payload["note"] = texts.search_note(result, recording, _)
            each = context.followed
            if each is not None:
                known = (read.version, each.key, context.unit, language.code, context.options.theme)
                payload["key"] = each.key
                payload["beside"], drawn["beside"] = self._cache.recall(
                    "beside", known, lambda: self._beside(context, result, each)
                )
        marked, chosen = _range(request, len(recording.ids)), context.chosen
        if marked is not None:
            payload["pattern"] = self._cache.recall(
                "pattern", (read.version, *marked, language.code),
                lambda: search.same_pattern(recording, text, *marked, _),
            )  # fmt: skip
        if chosen is not None:
            payload["nearest"] = self._cache.recall(
                "nearest", (read.version, chosen, language.code),
                lambda: search.nearest_states(recording, text, chosen, _),
            )  # fmt: skip
        return payload

    @staticmethod
    def _beside(context: FrameContext, result: search.UnitSearchResult, each: Property) -> tuple[str, go.Figure]:
        """(a sentence, the figure): how the chosen unit goes with a property."""
        recording, _ = context.read.recording, context.options.language.gettext
        sentence, values, numbers = search.agreement(recording, result, each, context.unit, _)
        quantity, name = texts.quantity_name(recording.quantity, _), html.escape(search.name_of(each, _), quote=False)
        return sentence, figures.agreement(
            values, numbers, each.binary, quantity, name, theme=context.options.theme, translate=_
        )  # fmt: skip

    def _change(
        self, context: FrameContext, at: int
    ) -> tuple[dict[str, Any], Comparison | None, dict[str, MemoryCurve] | None, list[MemoryCurves]]:
        """(payload, comparison, memory curves, curves of other cells) of a change at symbol `at`."""
        read, options, unit = context.read, context.options, context.unit
        recording, _, wanted = read.recording, options.language.gettext, options.change
        held = unit if wanted.kind == "unit" and wanted.units == "one" else None
        subject = (read.subject, wanted, at, held, options.temperature)
        text = read.subject[:-2]  # the quantity and the layer that are looked at do not matter to how long it lasts
        self._comparisons.request(
            subject,
            read.update,
            lambda progress: interventions.compare(read, wanted, at, unit, options.temperature, self._plain, progress),
            self._patient,
        )
        payload: dict[str, Any] = {"problem": "", "at": at}
        if interventions.goes_on(recording.model.config):
            self._curves.request(
                text,
                read.update,
                lambda progress: interventions.curves(recording, read.excerpt, progress),
                self._patient,
            )
        else:
            payload["lasts"] = [effects.no_curves(_)]
        comparison_done, measured = self._comparisons.about(subject), self._curves.about(text)
        result, others = comparison_done.result, list[MemoryCurves]()
        if isinstance(result, Unusable):
            payload["problem"], result = interventions.problem_of(result, _), None
        elif result is not None:
            payload |= effects.change_messages(result, _)
        elif comparison_done.error:
            payload["problem"] = effects.cannot_change(comparison_done.error, _)
        if measured.result and measured.version is not None:
            others = self._cells.note(read, measured.version, measured.result)
            payload["lasts"] = effects.lasting(measured.result, others, _)
        return payload, result, measured.result, others


def _range(request: Request, symbols: int) -> tuple[int, int] | None:
    """The brushed range within the text, where there is one."""
    if request.begin is None or request.end is None or not request.begin < min(request.end, symbols):
        return None
    return request.begin, min(request.end, symbols, request.begin + LONGEST_RANGE)
