"""The pictures of the page «Memory»: of a long text only the rows that the browser shows, of a recording made in the
background."""

import html
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import numpy as np

from rnn_core.analysis.properties import Property
from ui.charts.unit_order import by_similarity
from ui.i18n import Language
from ui.live.metrics import line
from ui.live.model_picker import NEWEST, told, wanted_in
from ui.live.notices import announced
from ui.live.renderer import PictureMaker, whole
from ui.memory import effects, figures, guides, interventions, search, texts
from ui.memory.controls import ChangeChoices, Choices
from ui.memory.curves_by_cell import Cells
from ui.memory.passage import row_starts
from ui.memory.recorder import Read, Reader
from ui.memory.window import multiples_of, window_of
from ui.theme import Theme
from ui.training.background import Job

DEFAULT_PLACE = 40  # the symbol where a change begins as long as none is chosen
REST = 150  # milliseconds that the browser rests between two pictures
MOST_COLUMNS, MOST_ROWS = 400, 120  # that one picture may hold
LONGEST_KEY = 40  # characters of a property's
LONGEST_RANGE = 200  # symbols of a brushed range
PARTS = {"text_guide", "text_table", "units_table", "search_guide"}
PARTS |= {"change_guide", "change_table", "curve_guide", "curve_table"}


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
    property: str = ""  # the key of the one that is chosen
    opened: frozenset[str] = frozenset()
    network: str = NEWEST  # which one

    @classmethod
    def of(cls, query) -> "Want":
        """From the parameters of a request; what is not understood is left out.

        >>> Want.of({"step": "7", "columns": "x", "rows": "9999"})[1:8]
        (7, None, None, None, 60, 0, 120)
        """

        columns, rows = (whole(query, name, default) for name, default in (("columns", 60), ("rows", 12)))
        return cls(
            query.get("token", ""), *(whole(query, name, None) for name in ("step", "unit", "begin", "end")),
            max(1, min(columns, MOST_COLUMNS)), whole(query, "row", 0), max(1, min(rows, MOST_ROWS)),
            min(whole(query, "lead", 0), MOST_ROWS),
            query.get("goto") == "1", whole(query, "point", None), query.get("multiples") == "1",
            query.get("property", "")[:LONGEST_KEY],
            frozenset(query.get("open", "").split(",")) & PARTS, wanted_in(query.get("network", "")),
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


class Scene(NamedTuple):
    """A reading, and what of it is looked at."""

    read: Read
    stage: Stage
    want: Want
    atlas: search.Atlas | None
    order: np.ndarray  # of the units
    ends: np.ndarray  # (H, 2) of each unit's colour scale
    starts: np.ndarray  # of all rows of the text
    first: int  # row that is sent
    last: int  # and the one after the last
    goto: int | None  # the row to move to
    chosen: int | None  # symbol
    unit: int

    @property
    def followed(self):
        """The property beside which the unit is shown; None where nothing was searched."""
        if self.atlas is None or self.stage.view != "search":
            return None
        return search.followed(self.atlas, self.want.property, self.unit)

    @property
    def seen(self) -> int:
        """The first row that is seen."""
        return min(self.first + self.want.lead, self.last - 1)


class Memory(PictureMaker):
    """The picture maker of the page «Memory» for one session."""

    want = staticmethod(Want.of)

    def __init__(self):
        super().__init__()
        self._reader = Reader(self._changed)
        self._atlases, self._comparisons, self._curves = (Job(self._changed) for _job in range(3))
        self._plain = {}  # the last reading without a change
        self._cells = Cells()  # how long other cells remembered this text
        self._patient = True  # while the network trains, what only grew old may wait
        self._cached = {}  # name -> (what it belongs to, what it is)

    def _changed(self) -> None:
        self.number += 1

    def _picture(self, session, snapshot, stage: Stage, want: Want):
        _ = stage.language.gettext
        about = announced(snapshot, "train", _)
        if snapshot.view is None:
            return about, None
        self._patient = snapshot.status == "running"
        read, problem = self._reader.read(session, snapshot.view.run, stage.choices, stage.layer, _, want.network)
        if read is None:
            return about | {"progress": problem}, None
        about["line"], about["networks"] = line(session.place, _), told(self._reader.network, _)
        return about, self._draw(about, self._scene(read, stage, want), snapshot.view)

    def _scene(self, read: Read, stage: Stage, want: Want) -> Scene:
        """What is looked at in a reading."""
        recording = read.recording
        symbols, units = recording.values.shape
        atlas = None
        if stage.view == "search" or stage.choices.sort == "tracks":
            subject, _ = (*read.subject, stage.language.code), stage.language.gettext
            self._atlases.want(subject, read.update, partial(search.find, recording, read.passage, _=_), self._patient)
            atlas = self._atlases.about(subject).result
        # found anew when the number of updates has doubled, so that units rarely jump
        known = (read.subject, (read.update + 1).bit_length(), stage.choices.sort, atlas is not None)
        order = self._once(
            "order", known, lambda: search.order_of(recording.values, stage.choices.sort, atlas, by_similarity)
        )
        bounded = recording.model.config.cell != "rnn_relu"
        ends = self._once(
            "ends", read.version, lambda: figures.bounds_of_units(recording.values, recording.quantity, bounded)
        )
        starts = self._once(
            "rows", (read.passage.key, want.columns),
            lambda: row_starts(read.passage.line_ends, recording.steps, want.columns),
        )  # fmt: skip
        chosen = None if want.step is None else min(want.step, symbols - 1)
        if chosen is None and stage.view == "change":
            chosen = min(DEFAULT_PLACE, recording.steps // 3)
        goto = None if chosen is None or not want.goto else int(np.searchsorted(starts, chosen, side="right")) - 1
        first = min(want.row if goto is None else max(0, goto - want.rows // 3), len(starts) - 2)
        last = min(len(starts) - 1, first + want.rows)
        # Where none is chosen, the first of the order; it stays while the network trains and the order changes.
        known = (read.run, stage.layer, stage.choices.sort, stage.choices.sort == "tracks" and atlas is not None, units)
        first_unit = self._once("unit", known, lambda: int(order[0]))
        unit = first_unit if want.unit is None or want.unit >= units else want.unit
        return Scene(read, stage, want, atlas, order, ends, starts, first, last, goto, chosen, unit)

    def _draw(self, about: dict, scene: Scene, view) -> dict:
        """Enter everything about a reading into what is sent; the figures."""
        read, stage, want, recording = scene.read, scene.stage, scene.want, scene.read.recording
        _, theme, unit = stage.language.gettext, stage.theme, scene.unit
        low, high = scene.ends[unit].tolist()
        rows = scene.starts[scene.first : scene.last + 1]
        job = self._atlases if stage.view == "search" else self._reader.job
        compared = self._comparisons.share if stage.view == "change" else None
        about |= {
            "run": read.run,
            "update": read.update,
            "symbols": len(recording.ids),
            "units": len(scene.order),
            "unit": unit,
            "order": scene.order.tolist(),
            "step": scene.chosen,
            "steps": recording.steps,
            "goto": scene.goto,
            "total": len(scene.starts) - 1,
            "row": scene.first,
            "rest": REST,
            "progress": texts.share_done(compared, _) or texts.under_way(job, _),
            "unread": texts.unread(read.passage, _),
            "numbers": texts.numbers(read, view, unit, scene.atlas, _),
            "legend": texts.legend(recording, unit, low, high, theme, _),
            "window": window_of(
                recording, read.passage, rows, unit, (low, high), stage.choices.guesses, scene.followed
            ),
        }
        drawn = {}
        if want.multiples:
            names = texts.names_of_units(scene.order, scene.atlas, _)
            seen = scene.starts[scene.seen :]
            about["multiples"] = multiples_of(recording, seen, scene.order, scene.ends, names)
        at = want.point if want.point is not None and want.point < len(recording.ids) else scene.chosen
        if at is not None:
            about["details"] = texts.details(recording, read.passage, at, unit, _)
            outer = float(scene.ends[:, 0].min()), float(scene.ends[:, 1].max())
            name = texts.quantity_name(recording.quantity, _)
            drawn["units"] = figures.units(
                recording.values[at], scene.order, *outer, name, theme=theme, translate=_
            )  # fmt: skip
        comparison, curves, others = None, None, []
        if stage.view == "search":
            about["search"] = self._search(scene, drawn)
        elif stage.view == "change":
            about["change"], comparison, curves, others = self._change(scene)
        if comparison is not None:
            name = texts.quantity_name(recording.quantity, _)
            drawn["change"] = figures.changed(comparison, name, theme=theme, translate=_)
        if curves:
            named = [(lasted.name(_), lasted.curves) for lasted in others]
            drawn["curve"] = figures.curves(curves, named, theme=theme, translate=_)
        shown = (scene.starts[scene.seen], scene.starts[scene.last])
        about["parts"] = guides.parts(want.opened, read, unit, shown, at, scene.order, comparison, curves, others, _)
        return drawn

    def _search(self, scene: Scene, drawn: dict) -> dict:
        """What was found, and places like the one that is marked; the chart of one finding is added to `drawn`."""
        read, want, language = scene.read, scene.want, scene.stage.language
        recording, text, _ = read.recording, read.passage, language.gettext
        told = {"sentences": [_("Searching …")]}
        if scene.atlas is not None:
            told = {"sentences": search.sentences(scene.atlas, _), "table": search.table(scene.atlas, _)}
            told["sentences"] += search.elsewhere(recording, _)
            told["note"] = texts.search_note(scene.atlas, recording, _)
            each = scene.followed
            if each is not None:
                known = (read.version, each.key, scene.unit, language.code, scene.stage.theme)
                told["key"] = each.key
                told["beside"], drawn["beside"] = self._once("beside", known, lambda: self._beside(scene, each))
        begin, end = _range(want, len(recording.ids))
        if begin is not None:
            key = (read.version, begin, end, language.code)
            told["pattern"] = self._once("pattern", key, lambda: search.same_pattern(recording, text, begin, end, _))
        if scene.chosen is not None:
            key = (read.version, scene.chosen, language.code)
            told["nearest"] = self._once(
                "nearest", key, lambda: search.nearest_states(recording, text, scene.chosen, _)
            )
        return told

    @staticmethod
    def _beside(scene: Scene, each: Property):
        """(a sentence, the figure): how the chosen unit goes with a property."""
        recording, _ = scene.read.recording, scene.stage.language.gettext
        sentence, values, numbers = search.agreement(recording, scene.atlas, each, scene.unit, _)
        quantity, name = texts.quantity_name(recording.quantity, _), html.escape(search.name_of(each, _), quote=False)
        return sentence, figures.agreement(
            values, numbers, each.binary, quantity, name, theme=scene.stage.theme, translate=_
        )  # fmt: skip

    def _change(self, scene: Scene):
        """(what is told, the Comparison or None, the memory curves or None, what is known of other cells)."""
        read, stage, unit = scene.read, scene.stage, scene.unit
        recording, _, wanted = read.recording, stage.language.gettext, stage.change
        at = scene.chosen
        held = unit if wanted.kind == "unit" and wanted.units == "one" else None
        subject = (read.subject, wanted, at, held, stage.temperature)
        *text, _quantity, _stack = read.subject  # what is looked at does not matter to how long it lasts
        self._comparisons.want(
            subject,
            read.update,
            lambda progress: interventions.compare(read, wanted, at, unit, stage.temperature, self._plain, progress),
            self._patient,
        )
        told = {"problem": "", "at": at}
        if interventions.goes_on(recording.model.config):
            self._curves.want(
                text,
                read.update,
                lambda progress: interventions.curves(recording, read.passage, progress),
                self._patient,
            )
        else:
            told["lasts"] = [effects.no_curves(_)]
        made, measured, others = self._comparisons.about(subject), self._curves.about(text), []
        result = made.result
        if isinstance(result, interventions.Unusable):
            told["problem"], result = interventions.problem_of(result, _), None
        elif result is not None:
            told |= effects.told_of_change(result, _)
        elif made.error:
            told["problem"] = effects.cannot_change(made.error, _)
        if measured.result:
            others = self._cells.note(read, measured.version, measured.result)
            told["lasts"] = effects.lasting(measured.result, others, _)
        return told, result, measured.result, others

    def _once(self, name, key, make):
        """What `make()` returns, made again only for another key."""
        if self._cached.get(name, (None,))[0] != key:
            self._cached[name] = (key, make())
        return self._cached[name][1]


def _range(want, symbols):
    """The brushed range within the text; (None, None) where there is none."""
    if want.begin is None or want.end is None or not want.begin < min(want.end, symbols):
        return None, None
    return want.begin, min(want.end, symbols, want.begin + LONGEST_RANGE)
