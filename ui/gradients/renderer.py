"""Renderer of the page «Gradients»: a frame for each request of the browser, measured on a copy of the network."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ui.charts.formatting import short
from ui.charts.limits import decades
from ui.gradients import figures as gradient_figures
from ui.gradients import figures_causes, guides
from ui.gradients.analysis import GradientAnalysis, measure, path
from ui.i18n import Language
from ui.live.metrics import line, quantity
from ui.live.model_copy import from_training
from ui.live.notices import header
from ui.live.renderer import Renderer, opened_parts
from ui.live.request import parsed
from ui.theme import Theme

MOST_POINTS = 300  # of the history; then every second one stays


class Request(NamedTuple):
    """Request of the browser, read from its query."""

    token: str = ""
    t: int | None = None  # the chosen step of a loss
    k: int | None = None  # the chosen step of a state
    opened: frozenset[str] = frozenset()
    reset: int = 0

    @classmethod
    def of(cls, query) -> "Request":
        """From the parameters of a request; what is not understood is left out.

        >>> Request.of({"t": "7", "k": "-1", "reset": "2"})._replace(opened=frozenset())
        Request(token='', t=7, k=None, opened=frozenset(), reset=2)
        """
        return parsed(cls, query)


@dataclass(frozen=True)
class ViewOptions:
    """View options: written by the page's script, read by the renderer."""

    language: Language
    theme: Theme
    layer: int = 0
    notation: str = "article"
    unit: str = "nats"
    split: str = "train"


class Point(NamedTuple):
    """The measures after so many updates; NaN where there is none."""

    update: int
    half: float
    hundredth: float
    factor: float
    radius: float
    largest: float
    slope: float  # mean |f'|, or the mean of the carrying gate


class GradientsRenderer(Renderer):
    """Renderer of the page «Gradients» for one session."""

    request = staticmethod(Request.of)
    share = 4

    def __init__(self):
        super().__init__()
        self._last_analysis = (None, None, None)  # what the last measure belongs to, the model, the measure
        self._points: list[Point] = []
        self._recorded = None  # the run and the stack of the points

    def _picture(self, session, snapshot, options: ViewOptions, request: Request):
        _ = options.language.gettext
        about = header(snapshot, options.split, _)
        view = snapshot.view
        model, measured = self._measure(session, view, options) if view is not None else (None, None)
        if measured is None:
            return about, None
        t = measured.loss_step(request.t)
        k = None if request.k is None else min(request.k, measured.steps - 1)
        backward_path = self._path(model, measured, t)
        style = gradient_figures.FigureStyle(
            options.theme, view.vocabulary, "s" if options.notation == "article" else "h", _,
            self._scale(view, measured, request.reset),
        )  # fmt: skip
        about |= {
            "run": measured.run,
            "update": measured.update,
            "steps": measured.steps,
            "losses": measured.losses.tolist(),
            "t": t,
            "numbers": numbers(view, measured, backward_path, options.unit, _),
            "line": line(session.place, _),
            "parts": opened_parts(request.opened, guides.makers(view, measured, backward_path, self._points, style)),
            "details": None if k is None else guides.details(view, measured, backward_path, k, style),
        }
        figures = {
            "matrix": gradient_figures.matrix(measured, backward_path, k, style),
            "decay": gradient_figures.decay(measured, style),
            "path": gradient_figures.way_back(measured, backward_path, k, style),
            "plane": figures_causes.plane(measured, backward_path, style),
            "history": figures_causes.history(self._points, style, measured.carrier, measured.steps),
        }
        return about, figures

    def _measure(self, session, view, options):
        """(model, measure) of the network as it is now; where the thread is busy, the last ones."""
        stack = min(options.layer, len(view.trace.hidden) - 1)
        copy = from_training(session, _copy)
        if copy is None or copy[0] != view.run:
            return self._last_analysis[1:]
        run, update, model = copy
        key = (run, update, stack, view.sample_choice, view.training)
        if self._last_analysis[0] != key:
            self._last_analysis = (key, model, measure(model, view, stack, update))
            self._record(self._last_analysis[2])
        return self._last_analysis[1:]

    def _path(self, model, measured: GradientAnalysis, t: int):
        """The way back from the loss of step t."""
        return self._cache.recall("path", (measured, t), lambda: path(model, measured, t))

    def _scale(self, view, measured: GradientAnalysis, reset: int) -> tuple[int, int]:
        """The powers of ten that the matrix shows."""
        key = (view.run, view.sample_choice, measured.stack, reset)
        return self._cache.widen("decades", key, lambda before: decades(measured.flow, before))

    def _record(self, measured: GradientAnalysis) -> None:
        """Enter a measure into the history of its run."""
        if self._recorded != (measured.run, measured.stack):
            self._recorded, self._points = (measured.run, measured.stack), []
        found = measured.decay
        reach = [np.nan if lag is None else float(lag) for lag in (found.half, found.hundredth)]
        point = Point(
            measured.update, *reach, found.factor, measured.radius, measured.largest, float(measured.slopes.mean())
        )
        kept = [known for known in self._points if known.update < point.update]
        if len(kept) >= MOST_POINTS:
            kept = kept[::2]
        self._points = [*kept, point]


def _copy(run):
    """On the training thread: which network, its updates, and a copy of it."""
    return None if run is None else (run.number, run.update, run.trainer.model.copy())


def numbers(view, measured: GradientAnalysis, backward_path, unit: str, _) -> list[list[str]]:
    """Headline metrics: rows of (label, formatted value, note)."""
    training, found = (float(view.curve.loss[-1]) if len(view.curve.loss) else None), measured.decay
    never, back = _("more than {steps} steps").format(steps=measured.steps - 1), _("steps")
    slope = {"": _("Mean |f′|"), "f": _("Mean forget gate"), "z": _("Mean update gate")}[measured.carrier]
    clipped = view.curve.clipped[-1] / view.curve.norm[-1] if len(view.curve.norm) and view.curve.norm[-1] > 0 else 1.0
    ratio = f"× {short(clipped)}" if len(view.curve.norm) else "–"
    # measured on a copy that is newer than the view
    when = "" if view.update == measured.update else _("update {update:,}").format(update=view.update)
    return [
        [_("Update"), f"{measured.update:,}", ""],
        [_("Training loss"), "–" if training is None else quantity(training, view, unit), when],
        [_("Steps to half"), _lag(found.half), never if found.half is None else back],
        [_("Steps to 1%"), _lag(found.hundredth), never if found.hundredth is None else back],
        [_("Factor per step"), short(found.factor), guides.how_even(found, _)],
        *_causes(measured, backward_path, _),
        [slope, short(float(measured.slopes.mean())), ""],
        [_("Clipping"), ratio, _("last factor applied")],
    ]


def _causes(measured: GradientAnalysis, path, _) -> list[list[str]]:
    """Causes of the factor: the spectrum of W in a plain network, that of one step's factor in a gated one."""
    if not measured.carrier:
        return [
            ["ρ(W)", short(measured.radius), _("spectral radius")],
            ["σmax(W)", short(measured.largest), _("largest singular value")],
        ]
    letter, there = f"J_{path.t}", path.own.size
    return [
        [f"ρ({letter})", short(np.abs(path.own).max()) if there else "–", _("spectral radius of this step's factor")],
        [f"σmax({letter})", short(np.linalg.norm(measured.jacobians[path.t], 2)) if there else "–",
         _("its largest singular value")],
    ]  # fmt: skip


def _lag(lag: int | None) -> str:
    return "–" if lag is None else f"{lag}"
