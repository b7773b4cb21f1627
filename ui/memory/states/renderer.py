"""Renderer of the plane: a frame for each request of the browser, measured on a copy of the network."""

import math
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from rnn_core.analysis.activations import state_bounds
from rnn_core.analysis.fixed_points import FixedPoints, fixed_points
from rnn_core.analysis.projection import Basis, axes, fit
from ui.charts.limits import round_up
from ui.i18n import Translate
from ui.live.layout import Layout
from ui.live.metrics import line, quantity
from ui.live.model_copy import Network, network_of
from ui.live.renderer import Part, Picture
from ui.live.request import parsed
from ui.memory.states import figures, guides
from ui.memory.states.analysis import NOTHING, StateAnalysis, by_frequency, measure, square
from ui.memory.states.controls import GROUP_NAMES, StatesChoices
from ui.memory.states.figures_tree import tree
from ui.network.renderer import NetworkRenderer, NetworkViewOptions
from ui.network.trees import Trees, trees
from ui.training.background import Job, Progress
from ui.training.session import TrainingSession
from ui.training.snapshot import Snapshot, View

MOST_STARTS, LEAST_STARTS = 400, 40  # of the search for fixed points
WORK = 3e8  # multiplications of one round of it, about
TOO_LARGE = 512  # entries of a state
LEAST = 0.7  # seconds between two searches
MARGIN = 1.08  # of the axes, beside the states


class Request(NamedTuple):
    """Request of the browser, read from its query."""

    token: str = ""
    opened: frozenset[str] = frozenset()
    reset: int = 0  # how often the axes were fitted by hand
    input: int = NOTHING  # the symbol that stays

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Request":
        """From the parameters of a request; what is not understood is left out.

        >>> Request.of({"reset": "7", "open": "fixed_table", "input": "?"})
        Request(token='', opened=frozenset({'fixed_table'}), reset=7, input=-1)
        """
        return parsed(cls, query)


@dataclass(frozen=True)
class ViewOptions(NetworkViewOptions):
    """View options of the state space."""

    choices: StatesChoices = field(default_factory=StatesChoices)


class Axes(NamedTuple):
    """The basis that is shown, since which update, and how far the axes reach."""

    key: tuple[Any, ...]  # what it belongs to
    basis: Basis
    update: int
    low: float
    high: float
    radius: float


class DrawnView(NamedTuple):
    """The states or the trees, drawn: what else stands in the frame beside the figures."""

    figures: dict[str, Any]
    numbers: list[list[str]]
    summary: str
    guides: Mapping[str, Callable[..., Part]]  # of this view
    context: NamedTuple  # what the guides speak of
    inputs: list[str]  # names of the inputs that can be held


class StatesRenderer(NetworkRenderer):
    """Renderer of the plane for one session."""

    share = 3

    def __init__(self, layout: Layout) -> None:
        super().__init__(layout)
        self._network: Network | None = None  # the last that was taken
        # what the last measure belongs to, the measure
        self._last_analysis: tuple[Hashable, StateAnalysis] | None = None
        self._axes: Axes | None = None
        self._search: Job[int, FixedPoints] = Job(self._changed, LEAST)
        self._trees: Job[int, Trees] = Job(self._changed, LEAST)

    def _picture(self, session: TrainingSession, snapshot: Snapshot, options: ViewOptions, request: Request) -> Picture:
        _, view = options.language.gettext, snapshot.view
        measured = self._measure(session, view, options) if view is not None else None
        network = self._network
        if view is None or measured is None or network is None:
            return {}, None
        if options.choices.shown == "tree":
            drawn = self._tree(network, measured, options)
        else:
            drawn = self._states(network, measured, options, request)
        about = {
            "run": measured.run,
            "update": measured.update,
            "shown": options.choices.shown,
            "line": line(session.place, _),
            "inputs": drawn.inputs,
            "numbers": [*_progress(network, view, measured, options.unit, _), *drawn.numbers],
            "summary": drawn.summary,
            "parts": self._parts(request, drawn.context, among=drawn.guides),
        }
        return about, drawn.figures

    def _measure(self, session: TrainingSession, view: View, options: ViewOptions) -> StateAnalysis | None:
        """Analysis of the network as it is; where the thread is busy, the last one."""
        stack, last = min(options.layer, len(view.trace.hidden) - 1), self._last_analysis
        network = network_of(session)
        if network is not None and network.run == view.run:
            self._network = network
            run, update, model, task = network[:4]
            key = (run, update, stack, view.sample_choice)
            if last is None or last[0] != key:
                order = self._cache.recall("order", run, lambda: by_frequency(task))
                with np.errstate(all="ignore"):
                    last = self._last_analysis = key, measure(run, update, model, task, view.trace.x, stack, order)
        return None if last is None else last[1]

    # States and fixed points

    def _states(self, network: Network, measured: StateAnalysis, options: ViewOptions, request: Request) -> DrawnView:
        """States and fixed points."""
        _, choices = options.language.gettext, options.choices
        inputs = guides.inputs(measured, _)
        symbol = request.input if request.input < len(inputs) - 1 else NOTHING
        shown = self._axes_for(measured, choices, request.reset)
        update, found, failed = self._fixed(network, measured, symbol) if choices.fixed else (None, None, "")
        points = None if found is None else (found.states[:, : measured.size], found.unstable)
        letter = "s" if options.notation == "article" else "h"
        style = figures.FigureStyle(options.theme, _, letter, choices.colour)
        behind = None
        if choices.dimensions == 3 and not measured.flat and measured.size >= 3:
            drawn = figures.space(measured, shown.basis, points, shown.radius, style)
        else:
            basis = Basis(shown.basis.mean, shown.basis.directions[:2])
            reach = (shown.low, shown.high)
            with np.errstate(all="ignore"):
                behind = square(measured, basis, symbol, *reach) if measured.flat else None
            drawn = figures.plane(measured, basis, behind, points, reach, style)
        context = guides.StatesContext(measured, shown, behind, choices, style, found, update)
        numbers = guides.numbers(measured, shown, found, update, choices, _)
        sentence = guides.summary(measured, found, choices, failed, _)
        return DrawnView({"plane": drawn}, numbers, sentence, guides.STATES_GUIDES, context, inputs)

    def _axes_for(self, measured: StateAnalysis, choices: StatesChoices, reset: int) -> Axes:
        """The axes: fitted anew when the number of updates has doubled, unless they are held, or by hand."""
        own = (measured.run, measured.stack, reset)
        stays = choices.hold or measured.flat
        doublings = None if stays else measured.update.bit_length()
        before = self._axes if self._axes is not None and self._axes.key[:3] == own else None
        if before is None or (not stays and before.key[3] != doublings):
            like = self._axes.basis if self._axes is not None and self._axes.key[:2] == own[:2] else None
            fresh = Axes((*own, doublings), self._basis(measured, like), measured.update, 0.0, 0.0, 0.0)
            self._axes = self._reach(measured, fresh)
        else:
            self._axes = self._reach(measured, before)
        return self._axes

    @staticmethod
    def _basis(measured: StateAnalysis, like: Basis | None) -> Basis:
        if measured.size == 1:
            return Basis(np.zeros(1), np.array([[1.0], [0.0]]))
        if measured.flat:
            return axes(2)
        return fit(_finite(measured.cloud.hidden), 3, like)

    @staticmethod
    def _reach(measured: StateAnalysis, shown: Axes) -> Axes:
        """The same axes, long enough for what there is to see; they only grow."""
        hidden = _finite(np.concatenate([measured.cloud.hidden, measured.path.hidden]))
        least, most = state_bounds(measured.config.cell)
        if measured.flat and math.isfinite(most):
            return shown._replace(low=least + 1 - MARGIN if least == 0 else -MARGIN, high=MARGIN, radius=MARGIN)
        if measured.flat:
            top = max(round_up(float(np.abs(hidden).max(initial=0))), shown.radius)
            return shown._replace(low=((1 - MARGIN) if least == 0 else -MARGIN) * top, high=MARGIN * top, radius=top)
        positions = shown.basis.project(hidden)
        far = max(MARGIN * float(np.abs(positions[:, :2]).max(initial=1e-6)), shown.high)
        radius = max(MARGIN * float(np.linalg.norm(positions, axis=1).max(initial=1e-6)), shown.radius)
        return shown._replace(low=-far, high=far, radius=radius)

    def _fixed(
        self, network: Network, measured: StateAnalysis, symbol: int
    ) -> tuple[int | None, FixedPoints | None, str]:
        """(update, fixed points, why there are none) as far as they are known for this input."""
        size = measured.path.whole.shape[1]
        if size > TOO_LARGE:
            return None, None, ""
        starts = int(np.clip(WORK / size**3, LEAST_STARTS, MOST_STARTS))

        def search(progress: Progress) -> FixedPoints | None:
            visited = _finite(np.concatenate([measured.cloud.whole, measured.path.whole]))
            with np.errstate(all="ignore"):
                return fixed_points(measured.step(symbol), visited, starts, stop=lambda: not progress())

        subject = (measured.run, network.chosen, measured.stack, symbol)
        self._search.request(subject, measured.update, search)
        return self._search.about(subject)[1:]

    # The trees

    def _tree(self, network: Network, measured: StateAnalysis, options: ViewOptions) -> DrawnView:
        """The same of the trees."""
        _, task = options.language.gettext, measured.task
        groups: guides.Groups = {_(GROUP_NAMES.get(name, name)): words for name, words in task.groups.items()}
        subject = (measured.run, network.chosen, measured.stack, options.choices.leaves)

        def grow(_progress: Progress) -> Trees | None:
            return trees(measured.model, task, measured.stack, options.choices.leaves)

        self._trees.request(subject, measured.update, grow)
        update, found, _error = self._trees.about(subject)[1:]
        waiting = update is None
        drawn = {}
        if found is not None:
            for name, one in zip(Trees._fields, found, strict=True):
                top = round_up(float(one.heights.max(initial=1e-6)))
                drawn[name] = tree(one, groups, theme=options.theme, translate=_, top=top)
        numbers = guides.tree_numbers(found, update, groups, _)
        sentence = guides.tree_message(found, waiting, task, _)
        context = guides.TreeContext(found, update, groups, _)
        return DrawnView(drawn, numbers, sentence, guides.TREE_GUIDES, context, [])


def _progress(network: Network, view: View, measured: StateAnalysis, unit: str, _: Translate) -> list[list[str]]:
    """The update that is shown; of the newest network its loss too."""
    if network.past:
        return [[_("Update"), f"{measured.update:,}", _("the past")]]
    loss = view.training_loss
    return [
        [_("Update"), f"{measured.update:,}", ""],
        [_("Training loss"), "–" if loss is None else quantity(loss, view, unit), ""],
    ]


def _finite(states: np.ndarray) -> np.ndarray:
    """The states that are numbers; of a network that left them, the origin."""
    good = states[np.isfinite(states).all(axis=1)]
    return good if len(good) else np.zeros((1, states.shape[1]))
