"""Renderer of the Arena: a frame for each request of the browser, made from one snapshot."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from ui.arena import figures as arena_figures
from ui.arena import guides, verdicts
from ui.arena.progress import progress
from ui.arena.records import ArenaView, SweepView
from ui.arena.session import ArenaSession
from ui.charts.formatting import short, typographic
from ui.charts.race import race
from ui.i18n import Language, Translate
from ui.live.metrics import cost_per_update, line
from ui.live.renderer import Picture, Renderer
from ui.live.request import Request
from ui.network.published_results import CARDS
from ui.settings.choices import SETTING_NAMES
from ui.settings.measures import MEASURES
from ui.theme import Theme
from ui.training.snapshot import SnapshotOf


@dataclass(frozen=True)
class ViewOptions:
    """View options: written by the page's script, read by the renderer."""

    language: Language
    theme: Theme
    clock: str = "updates"


class ArenaRenderer(Renderer):
    """Renderer of one arena."""

    def _picture(
        self, session: ArenaSession, snapshot: SnapshotOf[ArenaView], options: ViewOptions, request: Request
    ) -> Picture:
        sweep, view, _ = session.sweep_view, snapshot.view, options.language.gettext
        about: dict[str, Any] = {"sweep": progress(sweep, session.planned, _)}
        if view is None:
            return about, None
        called = verdicts.names(view.setup.contenders, _)
        about |= {
            "run": view.run,
            "update": view.update,
            "updates": [competitor.update for competitor in view.competitors],
            "numbers": [],  # they stand in the table
            "table": results_table(view, called, _),
            "verdicts": verdicts.of_a_contest(view, called, _),
            "card": view.setup.task in CARDS,
            "line": line(session.place, _),
            "parts": self._parts(request, guides.GuideContext(view, sweep, called, _)),
        }
        figures = {"states": self._states(view, called, options, request.reset)}
        if request.loss:
            figures |= self._slow(view, sweep, called, options)
        if sweep is not None:
            own = verdicts.names(sweep.plan.match.contenders, _)
            about["sweep"]["verdicts"] = verdicts.of_a_sweep(sweep, own, _)
        return about, figures

    def _states(self, view: ArenaView, called: Sequence[str], options: ViewOptions, reset: int) -> go.Figure:
        key, traces = (view.run, view.sample_choice, reset), [competitor.trace for competitor in view.competitors]
        ranges = self._cache.widen("ranges", key, lambda before: arena_figures.joint_limits(traces, before))
        return arena_figures.states(
            view.competitors,
            called,
            view.vocabulary,
            theme=options.theme,
            ranges=ranges,
            translate=options.language.gettext,
        )

    def _slow(
        self, view: ArenaView, sweep: SweepView | None, called: Sequence[str], options: ViewOptions
    ) -> dict[str, Any]:
        """The charts that move more slowly."""
        _, theme = options.language.gettext, options.theme
        figures = {
            "race": race(
                view.competitors,
                called,
                chance=view.chance,
                best=view.best,
                squared=view.loss == "mse",
                clock=options.clock,
                measure=_(MEASURES[view.measure]),
                theme=theme,
                translate=_,
            ),
            "reach": arena_figures.reach(view.competitors, called, theme=theme, translate=_),
        }
        if sweep is not None:
            own = verdicts.names(sweep.plan.match.contenders, _)
            unit = _(SETTING_NAMES[sweep.plan.name])
            figures["climb"] = arena_figures.climb(sweep, own, unit=unit, theme=theme, translate=_)
            figures["rule"] = arena_figures.rule(sweep, own, theme=theme, translate=_)
        return figures


def results_table(view: ArenaView, called: Sequence[str], _: Translate) -> dict[str, Any]:
    """Table of results: headings, and a row for each contender."""
    headings = [
        _("contender"), _("accuracy"), _("updates to solve"), _("ratio before training"), _("held-out loss"),
        _("units"), _("parameters"), _("learning rate"), _("ms per update"),
    ]  # fmt: skip
    rows = [
        [
            name,
            f"{competitor.accuracy[-1][1]:.0%}",
            "–" if competitor.solved_at is None else f"{competitor.solved_at:,}",
            typographic(f"{competitor.ratio:.2g}"),
            short(competitor.held_out[-1][1]),
            str(competitor.contender.hidden_size),
            f"{competitor.parameters:,}",
            typographic(f"{competitor.contender.learning_rate:g}"),
            f"{cost_per_update(competitor.clock):.2f}" if competitor.update else "–",
        ]
        for competitor, name in zip(view.competitors, called, strict=True)
    ]
    caption = _("Update {update:,}; {pace:,.0f} rounds per second").format(
        update=view.update, pace=view.updates_per_second
    )
    return {"headings": headings, "rows": rows, "caption": caption}
