"""Renderer of the page “Sweeps”: a frame for each request of the browser, made from one snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ui.charts.formatting import short
from ui.i18n import Language, Translate
from ui.live.metrics import line
from ui.live.renderer import Picture, Renderer
from ui.live.request import parsed
from ui.sweeps import figures
from ui.sweeps.axes import written
from ui.sweeps.controls import MEASURED
from ui.sweeps.guides import GuideContext, state
from ui.sweeps.progress import progress
from ui.sweeps.records import Cell, Measure, Place, Plan, SweepView
from ui.sweeps.session import SweepsSession
from ui.theme import Theme
from ui.training.snapshot import SnapshotOf


@dataclass(frozen=True)
class ViewOptions:
    """View options: written by the page's script, read by the renderer."""

    language: Language
    theme: Theme
    measure: Measure = "loss"


class Request(NamedTuple):
    """Request of the page: the chosen cell, what is opened."""

    token: str = ""  # of the frame that it has
    column: int | None = None
    row: int | None = None
    opened: frozenset[str] = frozenset()  # guides and tables

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Request":
        """From the parameters of a request; what is not understood is left out.

        >>> Request.of({"column": "3", "row": "x"})[1:3]
        (3, None)
        """
        return parsed(cls, query)


class SweepsRenderer(Renderer):
    """Renderer of one sweep."""

    def _picture(
        self, session: SweepsSession, snapshot: SnapshotOf[SweepView], options: ViewOptions, request: Request
    ) -> Picture:
        view, _, measure = snapshot.view, options.language.gettext, options.measure
        if view is None:
            return {}, None
        cost, plan = session.cost, view.setup
        chosen = _chosen(plan, request)
        cell = view.best(measure) if chosen is None else chosen
        context = GuideContext(view, measure, cell, _)
        about = {
            "run": view.run,
            "update": view.update,
            "numbers": [],  # they stand in the map
            "line": line(session.place, _),
            "sweep": progress(view, session.planned, None if cost is None else cost.seconds, session.machines, _),
            "cells": [list(one) for one in plan.cells],
            "cell": None if cell is None else list(cell),
            "details": None if cell is None else _details(context, cell),
            "parts": self._parts(request, context),
        }
        across, down = plan.across, plan.down
        ticks = (
            [written(across.name, each, _) for each in across.values],
            [written(down.name, each, _) for each in down.values],
        )
        meaning = _(MEASURED[measure])
        titles = context.title(True), context.title(False), meaning
        theme = options.theme
        drawn = {
            "map": figures.sweep_map(view, measure, chosen, ticks=ticks, titles=titles, theme=theme, translate=_),
            "curves": figures.curves(view, cell, theme=theme, unit=context.unit, translate=_),
        }
        return about, drawn


def _chosen(plan: Plan, request: Request) -> Cell | None:
    """The cell that the browser asks for, if the sweep has it."""
    if request.column is None or request.row is None:
        return None
    cell = request.column, request.row
    return cell if cell in plan.cells else None


def _details(context: GuideContext, cell: Cell) -> dict[str, Any]:
    """A cell in words: its settings, each of its networks, and the buttons that open them."""
    view, _ = context.view, context.translate
    first, value = dict(view.setup.values)["seed"], view.value(cell, context.measure)
    columns: dict[str, list[Any]] = {
        name: [] for name in (_("seed"), _("state"), _("held-out loss"), _("right"), _("updates"))
    }
    opens = []
    for seed in range(view.setup.seeds):
        place = (*cell, seed)
        for column, text in zip(columns.values(), _row(view, place, first + seed, _), strict=True):
            column.append(text)
        label = _("Open in the Lab")
        if view.setup.seeds > 1:
            label = _("Open seed {seed} in the Lab").format(seed=first + seed)
        opens.append(["open {} {} {}".format(*place), label])
    problem = next((one.problem for one in view.of(cell) if one.problem), "")
    sentence = problem or _sentence(context, cell, value, _)
    return {"title": context.at(cell), "sentence": sentence, "table": columns, "opens": opens}


def _row(view: SweepView, place: Place, seed: int, _: Translate) -> tuple[str, ...]:
    """A network of a cell: its seed, what became of it, its numbers."""
    outcome = view.outcomes.get(place)
    if outcome is None:
        said = _("in training") if place in view.current else _("waits")
        return str(seed), said, "–", "–", f"{view.current.get(place, 0):,}"
    right = "–" if outcome.problem or outcome.diverged else f"{outcome.right:.0%}"
    return str(seed), state(outcome, _), short(outcome.loss), right, f"{outcome.updates:,}"


def _sentence(context: GuideContext, cell: Cell, value: float | None, _: Translate) -> str:
    """What the map shows of the cell."""
    name = _(MEASURED[context.measure])
    if value is None:
        return _("Not trained yet.")
    known = context.view.of(cell)
    if all(one.diverged for one in known):
        return _("Diverged: its numbers are infinite or NaN.")
    if len(known) > 1:
        return _("{name}: {value}, the median of {count} seeds.").format(
            name=name, value=context.shown(value), count=len(known)
        )
    return _("{name}: {value}.").format(name=name, value=context.shown(value))
