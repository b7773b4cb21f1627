"""The pictures of the page «Memory»: of a long text only the rows that the browser shows, of a recording made in the
background."""

import json
import threading
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import numpy as np

from rnn_core.recording import record
from ui.figures import memory as figures
from ui.figures.order import by_similarity
from ui.frames import line, sendable
from ui.language import Language
from ui.memory import change, reading, search
from ui.memory.controls import ChangeChoices, Choices
from ui.memory.jobs import Job
from ui.memory.passage import Passage, passage, row_starts
from ui.memory.window import multiples_of, window_of
from ui.notices import notices
from ui.theme import Theme

PATIENCE = 0.3  # seconds for the training thread to hand out a copy; then the last recording is shown again
REST = 150  # milliseconds that the browser rests between two pictures
MOST_COLUMNS, MOST_ROWS = 400, 120  # that one picture may hold
LONGEST_RANGE = 200  # symbols of a brushed range
PARTS = {"text_guide", "text_table", "search_guide", "change_guide", "change_table", "curve_guide", "curve_table"}


class Want(NamedTuple):
    """What the browser asks for, from its query."""

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
    opened: frozenset[str] = frozenset()

    @classmethod
    def of(cls, query) -> "Want":
        """From the parameters of a request; what is not understood is left out.

        >>> Want.of({"step": "7", "columns": "x", "rows": "9999"})[1:8]
        (7, None, None, None, 60, 0, 120)
        """

        def number(name, default, most=10**8):
            text = query.get(name, "")
            return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 10 else default

        return cls(
            query.get("token", ""), *(number(name, None) for name in ("step", "unit", "begin", "end")),
            max(1, number("columns", 60, MOST_COLUMNS)), number("row", 0), max(1, number("rows", 12, MOST_ROWS)),
            number("lead", 0, MOST_ROWS),
            query.get("goto") == "1", number("point", None), query.get("multiples") == "1",
            frozenset(query.get("open", "").split(",")) & PARTS,
        )  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """How the page wants it."""

    language: Language
    theme: Theme
    view: str = "text"
    layer: int = 0
    choices: Choices = field(default_factory=Choices)
    change: ChangeChoices = field(default_factory=ChangeChoices)
    temperature: float = 1.0


class Memory:
    """The picture maker of the page «Memory» for one session."""

    want = staticmethod(Want.of)

    def __init__(self):
        self._lock = threading.Lock()
        self._stage: Stage | None = None
        self.number = 0  # of the stage and of what was computed in the background
        self._recordings, self._atlases = Job(self._changed), Job(self._changed)
        self._comparisons, self._curves = Job(self._changed), Job(self._changed)
        self._kept = None  # (run, update, model, task): the network that is frozen, or the last one
        self._passage: Passage | None = None
        self._rows = (None, None)  # what the rows belong to, and where they start
        self._cached = {}  # name -> (what it belongs to, what it is)

    def _changed(self) -> None:
        self.number += 1

    def show(self, stage: Stage) -> None:
        """From now on like this."""
        if stage != self._stage:
            self._stage, self.number = stage, self.number + 1

    def figure(self, _name: str, _snapshot):
        """This page offers no chart as a file."""
        return None

    def frame(self, session, want: Want) -> str:
        """The picture of a TrainingSession as JSON."""
        with self._lock:
            token, snapshot, stage = session.token, session.snapshot, self._stage
            about = {"token": token, "status": snapshot.status}
            if stage is None:
                return json.dumps(about)
            _ = stage.language.gettext
            about["notices"] = notices(snapshot, "train", _)
            if snapshot.former is not None:
                former = _("Bring back the network before ({update:,} updates)")
                about["former"] = former.format(update=snapshot.former)
            if snapshot.view is None:
                return json.dumps(about)
            problem = self._read(session, snapshot.view, stage, want)
            job = self._recordings
            if problem or not isinstance(job.result, tuple) or job.subject[0] != snapshot.view.run:
                about["progress"] = problem or reading.under_way(job, _)
                return json.dumps(about)
            about |= self._picture(session, snapshot.view, stage, want)
            drawn = about.pop("figures")
            drawn = ", ".join(f'"{name}": {figure.to_json(validate=False)}' for name, figure in drawn.items())
            return json.dumps(sendable(about))[:-1] + f', "figures": {{{drawn}}}}}'

    def _read(self, session, view, stage, want) -> str:
        """Have the text read by the newest network, or by the frozen one; why it cannot be, in a sentence."""
        _, choices = stage.language.gettext, stage.choices
        frozen = choices.frozen and self._kept is not None and self._kept[0] == view.run
        if not frozen:
            try:
                copy = session.ask(_copy).result(PATIENCE)
            except TooLate:
                copy = None
            if copy is not None and copy[0] == view.run:
                self._kept = copy
        if self._kept is None or self._kept[0] != view.run:
            return ""
        run, update, model, task = self._kept
        key = (run, choices.text, choices.length, choices.own)
        if self._passage is None or self._passage.key != key:
            bidirectional = model.config.bidirectional
            self._passage = passage(key, task, choices.text, choices.length, choices.own, bidirectional)
        if self._passage is None:
            return reading.nothing_to_read(task, _)
        stack = min(stage.layer, model.config.num_layers * model.config.directions - 1)
        read = self._passage

        def make(progress):
            made = record(model, read.x, read.targets, choices.quantity, stack, progress)
            return None if made is None else (made, read, update, task)

        running = session.snapshot.status == "running"
        self._recordings.want((*key, choices.quantity, stack), update, make, patient=running)
        return ""

    def _picture(self, session, view, stage, want) -> dict:
        """Everything about the recording that is there."""
        _, theme = stage.language.gettext, stage.theme
        recording, read, update, task = self._recordings.result
        version = (self._recordings.subject, update)
        symbols, units = recording.values.shape
        chosen = None if want.step is None else min(want.step, symbols - 1)
        begin, end = _range(want, symbols)
        analysed = stage.view == "search" or stage.choices.sort == "tracks"
        if analysed:
            make = partial(search.find, recording, read, _=_)
            subject = (*self._recordings.subject, stage.language.code)
            self._atlases.want(subject, update, make)
        atlas = self._atlases.result if self._atlases.is_about((*version[0], stage.language.code)) else None
        order = self._order(recording, stage, atlas, version)
        unit = int(order[0]) if want.unit is None or want.unit >= units else want.unit
        bounded = recording.model.config.cell != "rnn_relu"
        ends = self._once(
            "bounds", version, lambda: figures.bounds_of_units(recording.values, recording.quantity, bounded)
        )
        low, high = ends[unit].tolist()
        starts = self._starts(read, recording, want.columns)
        total = len(starts) - 1
        goto = None
        if want.goto and chosen is not None:
            goto = int(np.searchsorted(starts, chosen, side="right")) - 1
        first = min(want.row if goto is None else max(0, goto - want.rows // 3), max(0, total - 1))
        last = min(total, first + want.rows)
        seen = min(first + want.lead, last - 1)
        job = self._atlases if analysed else self._recordings
        about = {
            "run": recording_run(self._recordings),
            "update": update,
            "symbols": symbols,
            "units": units,
            "unit": unit,
            "step": chosen,
            "steps": recording.steps,
            "goto": goto,
            "total": total,
            "row": first,
            "rest": REST,
            "progress": reading.under_way(job, _),
            "line": line(session.place, _),
            "unread": reading.unread(read, _),
            "numbers": reading.numbers(recording, update, view, stage.choices.frozen, unit, atlas, _),
            "legend": reading.legend(recording, unit, low, high, theme, _),
            "window": window_of(recording, read, starts[first : last + 1], unit, (low, high), stage.choices.guesses),
            "figures": {},
        }
        if want.multiples:
            names = self._names(order, atlas, units, recording, _)
            about["multiples"] = multiples_of(recording, starts[seen:], order, ends, names)
        at = want.point if want.point is not None and want.point < symbols else chosen
        if at is not None:
            about["details"] = reading.details(recording, read, at, unit, _)
            about["order"] = order.tolist()
            about["figures"]["units"] = figures.units(
                recording.values[at], order, *_outer(ends), reading.quantity_name(recording.quantity, _), theme=theme,
                translate=_,
            )  # fmt: skip
        extra = {"search": self._search, "change": self._change}.get(stage.view)
        comparison = curves = None
        if stage.view == "search":
            about["search"] = extra(recording, read, version, atlas, begin, end, chosen, _)
        elif stage.view == "change":
            comparison, curves = extra(about, recording, read, task, version, stage, chosen, unit)
        shown = (starts[seen], starts[last])
        about["parts"] = reading.parts(want.opened, recording, read, unit, shown, comparison, curves, _)
        return about

    def _search(self, recording, read, version, atlas, begin, end, chosen, _) -> dict:
        """What was found, and places like the one that is marked."""
        told = {"sentences": [_("Searching …")]}
        if atlas is not None:
            told = {"sentences": search.sentences(atlas, _), "table": search.table(atlas, _)}
            told["note"] = reading.search_note(atlas, recording, _)
        if begin is not None:
            key = (version, begin, end)
            told["pattern"] = self._once("pattern", key, lambda: search.same_pattern(recording, read, begin, end, _))
        if chosen is not None:
            told["nearest"] = self._once(
                "nearest", (version, chosen), lambda: search.nearest_states(recording, read, chosen, _)
            )
        return told

    def _change(self, about, recording, read, task, version, stage, chosen, unit):
        """The network beside itself, and how long a change lasts."""
        _, theme = stage.language.gettext, stage.theme
        if not change.possible(recording.model.config):
            about["change"] = {"problem": reading.one_way(_)}
            return None, None
        at = recording.steps // 3 if chosen is None else chosen
        at = min(at, len(recording.ids) - 1, 40) if chosen is None else at
        subject = (version[0], stage.change, at, unit if stage.change.units == "one" else None, stage.temperature)
        self._comparisons.want(
            subject, version[1],
            lambda progress: change.compare(recording, read, task, stage.change, at, unit, stage.temperature),
        )  # fmt: skip
        self._curves.want(version[0], version[1], lambda progress: change.curves(recording, read, progress))
        told = {"problem": "", "at": at}
        result = self._comparisons.result if self._comparisons.is_about(subject) else None
        if isinstance(result, change.Unusable):
            told["problem"], result = change.problem_of(result, _), None
        elif self._comparisons.error and self._comparisons.subject == subject:
            told["problem"] = reading.cannot_change(self._comparisons.error, _)
        if result is not None:
            told |= reading.told_of_change(result, _)
            about["figures"]["change"] = figures.changed(
                result, reading.quantity_name(recording.quantity, _), theme=theme, translate=_
            )
        curves = self._curves.result if self._curves.is_about(version[0]) else None
        if curves:
            about["figures"]["curve"] = figures.curves(curves, theme=theme, translate=_)
            told["lasts"] = reading.lasting(curves, _)
        about["change"] = told
        return result, curves

    def _order(self, recording, stage, atlas, version):
        """The order of the units; found anew when the number of updates has doubled, so that they rarely jump."""
        run_updates = (version[0], (version[1] + 1).bit_length(), stage.choices.sort, atlas is not None)
        return self._once(
            "order", run_updates,
            lambda: search.order_of(recording.values, stage.choices.sort, atlas, by_similarity),
        )  # fmt: skip

    def _starts(self, read, recording, columns):
        """Where the rows of the text begin."""
        key = (read.key, columns)
        return self._once("rows", key, lambda: row_starts(read.line_ends, recording.steps, columns))

    def _names(self, order, atlas, units, recording, _) -> list[str]:
        """What stands over each of the small pictures."""
        names = [_("unit {number}").format(number=unit) for unit in order]
        if atlas is not None and len(atlas.best) == units:
            names = [
                f"{name} · {atlas.best[unit][0]} {atlas.best[unit][1]:.2f}" if atlas.best[unit][0] else name
                for name, unit in zip(names, order, strict=True)
            ]
        return names

    def _once(self, name, key, make):
        """What `make()` returns, made again only for another key."""
        if self._cached.get(name, (None,))[0] != key:
            self._cached[name] = (key, make())
        return self._cached[name][1]


def recording_run(job) -> int:
    """Of which run the recording is."""
    return job.subject[0]


def _outer(ends) -> tuple[float, float]:
    """The bounds within which all units' bounds lie."""
    return float(ends[:, 0].min()), float(ends[:, 1].max())


def _range(want, symbols):
    """The brushed range within the text; (None, None) where there is none."""
    if want.begin is None or want.end is None or not want.begin < min(want.end, symbols):
        return None, None
    return want.begin, min(want.end, symbols, want.begin + LONGEST_RANGE)


def _copy(run):
    """On the training thread: which network, its updates, a copy of it, and its task."""
    return None if run is None else (run.number, run.update, run.trainer.model.copy(), run.task)
