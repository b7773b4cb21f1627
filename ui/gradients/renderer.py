"""Renderer of the page “Gradients”: a frame for each request of the browser, measured on a copy of the network."""

from collections.abc import Hashable, Mapping
from typing import NamedTuple

import numpy as np

from rnn_core import Model
from ui.charts.formatting import short
from ui.charts.limits import decades
from ui.gradients import figures as gradient_figures
from ui.gradients import figures_causes, guides
from ui.gradients.analysis import BackwardPath, GradientAnalysis, measure, path
from ui.i18n import Translate
from ui.live.layout import Layout
from ui.live.metrics import line, quantity
from ui.live.model_copy import network_of
from ui.live.renderer import Picture
from ui.live.request import parsed
from ui.network.renderer import NetworkRenderer, NetworkViewOptions
from ui.training.session import TrainingSession
from ui.training.snapshot import Snapshot, View

MOST_POINTS = 300  # of the history; then every second one stays


class Request(NamedTuple):
    """Request of the browser, read from its query."""

    token: str = ""
    t: int | None = None  # the chosen step of a loss
    k: int | None = None  # the chosen step of a state
    opened: frozenset[str] = frozenset()
    reset: int = 0

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Request":
        """From the parameters of a request; what is not understood is left out.

        >>> Request.of({"t": "7", "k": "-1", "reset": "2"})._replace(opened=frozenset())
        Request(token='', t=7, k=None, opened=frozenset(), reset=2)
        """
        return parsed(cls, query)


class ViewOptions(NetworkViewOptions):
    """View options of the page."""


class Point(NamedTuple):
    """The measures after so many updates; NaN where there is none."""

    update: int
    half: float
    hundredth: float
    factor: float
    radius: float
    largest: float
    slope: float  # mean |f'|, or the mean of the carrying gate


class GradientsRenderer(NetworkRenderer):
    """Renderer of the page “Gradients” for one session."""

    share = 4

    def __init__(self, layout: Layout) -> None:
        super().__init__(layout)
        # what the last measure belongs to, the model, the measure
        self._last_analysis: tuple[Hashable, Model, GradientAnalysis] | None = None
        self._points: list[Point] = []
        self._recorded: tuple[int, int] | None = None  # the run and the stack of the points

    def _picture(self, session: TrainingSession, snapshot: Snapshot, options: ViewOptions, request: Request) -> Picture:
        _ = options.language.gettext
        view = snapshot.view
        if view is None or (last := self._measure(session, view, options)) is None:
            return {}, None
        model, measured = last
        t = measured.loss_step(request.t)
        k = None if request.k is None else min(request.k, measured.steps - 1)
        backward_path = self._path(model, measured, t)
        style = gradient_figures.FigureStyle(
            options.theme, view.vocabulary, "s" if options.notation == "article" else "h", _,
            self._scale(view, measured, request.reset),
        )  # fmt: skip
        context = guides.GuideContext(view, measured, backward_path, self._points, style)
        about = {
            "run": measured.run,
            "update": measured.update,
            "steps": measured.steps,
            "losses": measured.losses.tolist(),
            "t": t,
            "numbers": numbers(view, measured, backward_path, options.unit, _),
            "line": line(session.place, _),
            "parts": self._parts(request, context),
            "details": None if k is None else guides.details(view, measured, backward_path, k, style),
        }
        figures = {
            "matrix": gradient_figures.matrix(measured, t, backward_path.inputs, k, style),
            "decay": gradient_figures.decay(measured, style),
            "path": gradient_figures.backward_path(measured, backward_path, k, style),
            "plane": figures_causes.plane(measured, backward_path, style),
            "history": figures_causes.history(self._points, style, measured.carrier, measured.steps),
        }
        return about, figures

    def _measure(
        self, session: TrainingSession, view: View, options: ViewOptions
    ) -> tuple[Model, GradientAnalysis] | None:
        """(model, measure) of the network as it is now; where the thread is busy, the last ones."""
        stack, last = min(options.layer, len(view.trace.hidden) - 1), self._last_analysis
        network = network_of(session)
        if network is not None and network.run == view.run:
            key = (network.run, network.update, stack, view.sample_choice, view.training)
            if last is None or last[0] != key:
                last = self._last_analysis = key, network.model, measure(network.model, view, stack, network.update)
                self._record(last[2], session.shown.look.newest is not None)
        return None if last is None else last[1:]

    def _path(self, model: Model, measured: GradientAnalysis, t: int) -> BackwardPath:
        """The way back from the loss of step t."""
        return self._cache.recall("path", (measured, t), lambda: path(model, measured, t))

    def _scale(self, view: View, measured: GradientAnalysis, reset: int) -> tuple[int, int]:
        """The powers of ten that the matrix shows."""
        key = (view.run, view.sample_choice, measured.stack, reset)
        return self._cache.widen("decades", key, lambda before: decades(measured.flow, before))

    def _record(self, measured: GradientAnalysis, past: bool) -> None:
        """Enter a measure into the history of its run. past : of an earlier moment, so that later ones still hold."""
        if self._recorded != (measured.run, measured.stack):
            self._recorded, self._points = (measured.run, measured.stack), []
        found = measured.decay
        half, hundredth = (np.nan if lag is None else float(lag) for lag in (found.half, found.hundredth))
        slope = float(measured.slopes.mean())
        point = Point(measured.update, half, hundredth, found.factor, measured.radius, measured.largest, slope)
        kept = [known for known in self._points if known.update < point.update]
        if len(kept) >= MOST_POINTS:
            kept = kept[::2]
        later = [known for known in self._points if known.update > point.update] if past else []
        self._points = [*kept, point, *later]


def numbers(
    view: View, measured: GradientAnalysis, backward_path: BackwardPath, unit: str, _: Translate
) -> list[list[str]]:
    """Headline metrics: rows of (label, formatted value, note)."""
    training, found = view.training_loss, measured.decay
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


def _causes(measured: GradientAnalysis, path: BackwardPath, _: Translate) -> list[list[str]]:
    """Causes of the factor: the spectrum of W in a plain network, that of one step's factor in a gated one."""
    if not measured.carrier:
        return [
            ["ρ(W)", short(measured.radius), _("spectral radius")],
            ["σmax(W)", short(measured.largest), _("largest singular value")],
        ]
    letter, there = f"J_{path.t}", path.own.size
    return [
        [f"ρ({letter})", short(np.abs(path.own).max()) if there else "–", _("spectral radius of this step's factor")],
        [f"σmax({letter})", short(float(np.linalg.norm(measured.jacobians[path.t], 2))) if there else "–",
         _("its largest singular value")],
    ]  # fmt: skip


def _lag(lag: int | None) -> str:
    return "–" if lag is None else f"{lag}"
