"""Renderer of the page «Shapes»: a frame for each request of the browser, made from one snapshot."""

from dataclasses import dataclass

from ui.charts.race import race
from ui.i18n import Language, join_sentences
from ui.live.metrics import line
from ui.live.notices import notice, ready_soon
from ui.live.renderer import Renderer, opened_parts
from ui.live.request import Request
from ui.shapes import figures as shapes_figures
from ui.shapes import guides
from ui.shapes.records import ShapeView
from ui.shapes.registry import SHAPES
from ui.theme import Theme


@dataclass(frozen=True)
class ViewOptions:
    """View options: written by the page's script, read by the renderer."""

    language: Language
    theme: Theme
    shape: str


class ShapesRenderer(Renderer):
    """Renderer of the page."""

    request = staticmethod(Request.of)

    def _picture(self, session, snapshot, options: ViewOptions, request: Request):
        view, _ = snapshot.view, options.language.gettext
        about = {"notices": notices(snapshot, options, _)}
        if view is None or view.setup.shape != options.shape:  # the new one is being made
            return about, None
        module = SHAPES[view.setup.shape]
        about |= {
            "run": view.run,
            "update": view.update,
            "columns": len(view.diagram.inputs),
            "ends": view.setup.shape in ("many_to_one", "encoder_decoder"),  # its outputs come last
            "numbers": [],  # they stand in the table
            "table": guides.results_table(view, _),
            "line": line(session.place, _),
            "titles": {"finding": _(module.HEADING)},
            "summary": module.guide(view, _)[module.SUMMARY],
            "alts": {"finding": _(module.ALT)},
            "parts": self._parts(view, request.opened, _),
        }
        figures = {"diagram": self._diagram(view, options, request.reset)}
        figures["finding"] = module.figure(view, options.theme, _)
        if request.loss:
            figures["race"] = self._race(view, options)
        return about, figures

    def _diagram(self, view: ShapeView, options: ViewOptions, reset: int):
        key = (view.run, view.sample_choice, reset)
        ranges = self._cache.widen("ranges", key, lambda before: shapes_figures.ranges_of(view.diagram, before))
        return shapes_figures.diagram(
            view.diagram, theme=options.theme, ranges=ranges, translate=options.language.gettext
        )

    def _race(self, view: ShapeView, options: ViewOptions):
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
            theme=options.theme,
            translate=_,
        )
        figure["layout"]["showlegend"] = len(view.competitors) > 1
        return figure

    def _parts(self, view: ShapeView, opened, _) -> dict:
        """The guides and tables that the reader has opened."""
        module = SHAPES[view.setup.shape]
        makers = {
            "diagram_guide": lambda: guides.diagram_guide(view, _),
            "diagram_table": lambda: guides.diagram_table(view, _),
            "finding_guide": lambda: module.guide(view, _),
            "finding_table": lambda: module.table(view, _),
            "race_guide": lambda: guides.race_guide(view, _),
            "race_table": lambda: guides.race_table(view, _),
        }
        return opened_parts(opened, makers)


def notices(snapshot, options: ViewOptions, _) -> list[dict]:
    """Notices for the reader, the most urgent first."""
    messages, view = [], snapshot.view
    if snapshot.notice is not None and not ready_soon(snapshot):
        messages.append(_of_the_session(snapshot, _))
    if view is not None and view.setup.shape == options.shape and view.sample_choice.split == "typed":
        if view.problem:
            sentence = join_sentences(_(SHAPES[options.shape].NEEDED), _("An example is shown in its place."))
            messages.append(notice("warning", sentence, view.problem))
        elif view.unread:
            sentence = _("The network does not know these symbols and leaves them out:")
            messages.append(notice("info", sentence, " ".join(view.unread)))
    return messages


def _of_the_session(snapshot, _) -> dict:
    detail = snapshot.notice.values.get("detail", "")
    match snapshot.notice.kind:
        case "compiling":
            return notice(
                "info",
                _(
                    "Preparing the networks for this machine. Their equations are compiled once, which can take "
                    "half a "
                    "minute; the next start takes a second."
                ),
            )
        case "asleep":
            return notice(
                "info", _("Nobody looked at this page for a minute, so training paused. Press Play to continue.")
            )
        case "diverged":
            return notice("error", _("Training has diverged. Choose a lower learning rate and start over."))
        case "error":
            return notice(
                "error", _("An error stopped the training. Nothing is lost; press Play to try again."), detail
            )
    return notice("warning", _("These settings cannot be used."), detail)
