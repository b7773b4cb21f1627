"""Renderer of the page “Shapes”: a frame for each request of the browser, made from one snapshot."""

from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from ui.charts.race import race
from ui.i18n import Language, Translate, join_sentences
from ui.live.metrics import line
from ui.live.notices import notice
from ui.live.renderer import Picture, Renderer
from ui.live.request import Request
from ui.shapes import figures as shapes_figures
from ui.shapes import figures_translation, guides
from ui.shapes.records import ShapeView
from ui.shapes.registry import SHAPES
from ui.shapes.session import ShapesSession
from ui.theme import Theme
from ui.training.snapshot import SnapshotOf


@dataclass(frozen=True)
class ViewOptions:
    """View options: written by the page's script, read by the renderer."""

    language: Language
    theme: Theme
    shape: str


class ShapesRenderer(Renderer):
    """Renderer of the page."""

    def _picture(
        self, session: ShapesSession, snapshot: SnapshotOf[ShapeView], options: ViewOptions, request: Request
    ) -> Picture:
        view, _ = snapshot.view, options.language.gettext
        if view is None or view.setup.shape != options.shape:  # the new one is being made
            return {}, None
        module = SHAPES[view.setup.shape]
        said = getattr(module, "said_of_a_drawing", None)
        about = {
            "run": view.run,
            "update": view.update,
            "columns": len(view.diagram.inputs),
            "letters": shapes_figures.longest(view.diagram),
            "ends": view.setup.shape in ("many_to_one", "encoder_decoder"),  # its outputs come last
            "decodes": view.setup.shape == "encoder_decoder",
            "graded": hasattr(module, "quality_table"),
            "numbers": [],  # they stand in the table
            "table": guides.results_table(view, _),
            "line": line(session.place, _),
            "titles": {"finding": _(module.HEADING)},
            "summary": module.guide(view, _)[module.SUMMARY],
            "said": said(view.finding, _) if said else "",
            "alts": {"finding": _(module.ALT)},
            "parts": self._parts(request, view, _),
        }
        figures = {"diagram": self._diagram(view, options, request.reset)}
        figures["finding"] = module.figure(view, options.theme, _)
        alignment = getattr(view.finding, "alignment", None)
        if alignment is not None:
            figures["alignment"] = figures_translation.alignment(alignment, theme=options.theme, translate=_)
        if request.loss:
            figures["race"] = self._race(view, options)
        return about, figures

    def _diagram(self, view: ShapeView, options: ViewOptions, reset: int) -> go.Figure:
        key = (view.run, view.sample_choice, reset)
        ranges = self._cache.widen("ranges", key, lambda before: shapes_figures.ranges_of(view.diagram, before))
        return shapes_figures.diagram(
            view.diagram, theme=options.theme, ranges=ranges, translate=options.language.gettext
        )

    def _race(self, view: ShapeView, options: ViewOptions) -> go.Figure:
        _ = options.language.gettext
        figure = race(
            view.competitors,
            guides.names(view, _),
            chance=view.chance,
            best=view.best,
            squared=view.squared,
            clock="updates",
            measure=guides.measured(view, _),
            guess=view.guess,
            log=getattr(SHAPES[view.setup.shape], "LOG_LOSS", False),
            theme=options.theme,
            translate=_,
        )
        figure["layout"]["showlegend"] = len(view.competitors) > 1
        return figure

    def header(self, snapshot: SnapshotOf[ShapeView], options: ViewOptions) -> dict[str, Any]:
        """Header of every frame: its notices, those about a typed input too."""
        about, view, _ = super().header(snapshot, options), snapshot.view, options.language.gettext
        if view is not None and view.setup.shape == options.shape and view.sample_choice.split == "typed":
            about["notices"] += _of_the_typed_input(view, _)
        return about


def _of_the_typed_input(view: ShapeView, _: Translate) -> list[dict[str, Any]]:
    if view.refused:
        if view.unread:
            sentence = _("An example is shown in its place, because the task does not know:")
            return [notice("warning", sentence, " ".join(view.unread))]
        sentence = join_sentences(_(SHAPES[view.setup.shape].NEEDED), _("An example is shown in its place."))
        return [notice("warning", sentence, view.sample_choice.typed)]
    if view.unread:
        sentence = _("The network does not know these symbols and leaves them out:")
        return [notice("info", sentence, " ".join(view.unread))]
    return []
