"""Renderer of the Arena: a frame for each request of the browser, made from one snapshot."""

from dataclasses import dataclass

from ui.arena import figures as arena_figures
from ui.arena import guides, verdicts
from ui.arena.progress import progress
from ui.arena.records import ArenaView, SweepView
from ui.charts.formatting import short, typographic
from ui.charts.race import race
from ui.i18n import Language, join_sentences
from ui.live.metrics import line
from ui.live.notices import notice, ready_soon
from ui.live.renderer import Renderer, opened_parts
from ui.live.request import Request
from ui.network.published_results import CARDS, card
from ui.settings.choices import SETTING_NAMES
from ui.settings.measures import MEASURES
from ui.theme import Theme


@dataclass(frozen=True)
class ViewOptions:
    """View options: written by the page's script, read by the renderer."""

    language: Language
    theme: Theme
    clock: str = "updates"


class ArenaRenderer(Renderer):
    """Renderer of one arena."""

    request = staticmethod(Request.of)

    def _picture(self, session, snapshot, options: ViewOptions, request: Request):
        sweep, view, _ = session.sweep_view, snapshot.view, options.language.gettext
        about = {"notices": notices(snapshot, _), "sweep": progress(sweep, session.planned, _)}
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
            "parts": self._parts(view, sweep, called, request.opened, _),
        }
        figures = {"states": self._states(view, called, options, request.reset)}
        if request.loss:
            figures |= self._slow(view, sweep, called, options)
        if sweep is not None:
            own = verdicts.names(sweep.plan.match.contenders, _)
            about["sweep"]["verdicts"] = verdicts.of_a_sweep(sweep, own, _)
        return about, figures

    def _states(self, view: ArenaView, called, options: ViewOptions, reset: int):
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

    def _slow(self, view: ArenaView, sweep: SweepView | None, called, options: ViewOptions) -> dict:
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

    def _parts(self, view: ArenaView, sweep: SweepView | None, called, opened, _) -> dict:
        """The guides and tables that the reader has opened."""
        own = called if sweep is None else verdicts.names(sweep.plan.match.contenders, _)
        makers = {
            "race_guide": lambda: guides.race_guide(view, called, _),
            "race_table": lambda: guides.race_table(view, called, _),
            "reach_guide": lambda: guides.reach_guide(view, called, _),
            "reach_table": lambda: guides.reach_table(view, called, _),
            "card": lambda: card(view.setup.task, verdicts.of_a_contest(view, called, _), _),
            "states_guide": lambda: guides.states_guide(view, called, _),
            "states_table": lambda: guides.states_table(view, called, _),
            "sweep_guide": lambda: guides.sweep_guide(sweep, own, _),
            "sweep_table": lambda: guides.sweep_table(sweep, own, _),
        }
        return opened_parts(opened, makers)


def notices(snapshot, _) -> list[dict]:
    """Notices for the reader, the most urgent first."""
    if snapshot.notice is None or ready_soon(snapshot):
        return []
    kind, detail = "info", snapshot.notice.values.get("detail", "")
    match snapshot.notice.kind:
        case "compiling":
            sentence = _(
                "Preparing the contenders for this machine. Their equations are compiled once, which can take half a "
                "minute each; the next start takes a second."
            )
        case "asleep":
            sentence = _(
                "Nobody looked at this page for a minute, so the arena paused. Press Play, or “Resume "
                "the sweep”, to continue."
            )
        case "diverged":
            kind = "error"
            sentence = _("All contenders have diverged. Lower their learning rates or clip their gradients.")
        case "error":
            kind = "error"
            sentence = _("An error stopped the arena. Nothing is lost; press Play to try again.")
        case _other:
            kind = "warning"
            sentence = join_sentences(_("These settings cannot be used."), _("The previous match continues unchanged."))
    return [notice(kind, sentence, detail)]


def results_table(view: ArenaView, called, _) -> dict:
    """Who stands where: headings, and a row for each contender."""
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
            f"{guides.cost_per_update(competitor):.2f}" if competitor.update else "–",
        ]
        for competitor, name in zip(view.competitors, called, strict=True)
    ]
    caption = _("Update {update:,}; {pace:,.0f} rounds per second").format(
        update=view.update, pace=view.updates_per_second
    )
    return {"headings": headings, "rows": rows, "caption": caption}
