"""Renderer of the Lab: a frame for each request of the browser, made from one snapshot."""

import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import plotly.graph_objects as go

from ui.charts.limits import Growing
from ui.charts.loss import loss
from ui.charts.loss_units import LossUnit
from ui.charts.score import score
from ui.charts.unit_order import by_similarity
from ui.i18n import Translate
from ui.lab import guides
from ui.lab.doctor.advice import Advice, advise
from ui.lab.film.film import film
from ui.lab.verdict import verdict
from ui.live.change_names import change_name
from ui.live.layout import Layout
from ui.live.levels import baseline
from ui.live.metrics import line, numbers, samples_entry
from ui.live.renderer import Picture
from ui.live.request import Request
from ui.network.notices import notices
from ui.network.published_results import CARDS
from ui.network.renderer import NetworkRenderer, NetworkViewOptions
from ui.network.setup import data_of
from ui.training.background import Job, Progress
from ui.training.memory import BUDGET
from ui.training.session import TrainingSession
from ui.training.snapshot import Snapshot, View

FILM = "film"  # the only subject of the job; a kind of the budget of memory
LONGEST_LINK = 8000  # characters
PATIENCE = 60.0  # seconds until the training thread has given the past of the run


@dataclass(frozen=True)
class ViewOptions(NetworkViewOptions):
    """View options of the page."""

    order: str = "index"
    gates: tuple[str, ...] = ()
    first: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)  # of the settings, by name


class LabRenderer(NetworkRenderer):
    """Renderer of the Lab."""

    commands: ClassVar[Mapping[str, Callable[..., bool]]] = {
        "film": lambda renderer, *asked: renderer.make_film(*asked),
        "stop_film": lambda renderer, *asked: renderer.stop_film(*asked),
    }

    def __init__(self, layout: Layout) -> None:
        super().__init__(layout)
        self._ranges = Growing()
        self.advice = Advice()  # of the newest network, as the reader has got it
        self._films: Job[float, str] = Job(self._changed)
        self._filmed = object()  # whom the budget of memory knows by its film
        weakref.finalize(self, BUDGET.give_back, FILM, self._filmed)

    def _picture(self, session: TrainingSession, snapshot: Snapshot, options: ViewOptions, request: Request) -> Picture:
        view, _ = snapshot.view, options.language.gettext
        if view is None:
            return {}, None
        layer = min(options.layer, len(view.trace.hidden) - 1)
        unit = LossUnit.of(view.trace.config, options.unit, _)
        newest = snapshot.look.newest or view
        key = (newest.run, snapshot.number, options.language.code)
        self.advice = self._cache.recall("advice", key, lambda: advise(newest, _, session.tried))
        found = self.advice.diagnosis
        overfits = newest is view and found is not None and found.kind == "overfits"
        step = None if request.step is None else min(request.step, len(view.trace.x) - 1)
        about = {
            "run": view.run,
            "update": view.update,
            "learningRate": view.training.learning_rate,
            "steps": len(view.trace.x),
            "numbers": numbers(view, options.unit, _),
            "line": line(session.place, _),
            "verdict": verdict(view, _, overfits, options.unit),
            "doctor": self.advice.payload(session.trying, newest is not view, _),
            "film": self._film_payload(_),
            "pytorch": view.setup.source is not None,
            "card": data_of(view.setup) in CARDS,
            "parts": self._parts(request, guides.GuideContext(view, layer, unit, _)),
        }
        if self.advice.remedy is not None:  # its button stands beside the doctor's sentence
            told = notices(snapshot, self.layout.sentences, options.split, _)
            about["notices"] = [each | {"action": None} for each in told]
        if step is not None:
            about["details"] = guides.step_details(view, layer, step, options.notation, unit, _)
        if view.samples and view.samples[-1].update != request.samples:
            about["samples"] = [samples_entry(sample, _) for sample in view.samples]
        figures = {"score": self._score(view, layer, options, request.reset)}
        if request.loss:
            figures["loss"] = loss_figure(newest, options, view.update, self.advice.mark)
        return about, figures

    def make_film(self, session: TrainingSession, query: Mapping[str, str]) -> bool:
        """Make a film of the network in training, in the background. query : holds the page's address as `link`."""
        options, link = self._options, query.get("link", "")[:LONGEST_LINK]
        if options is None or self._films.under_way(FILM):
            return False

        def make(progress: Progress) -> str | None:
            reel, drawn = session.reel().result(PATIENCE), Growing()

            def charge(size: int) -> None:
                if not self._charge_film((0 if reel is None else reel.nbytes) + size):
                    raise MemoryError

            def picture(view: View) -> go.Figure:
                layer = min(options.layer, len(view.trace.hidden) - 1)
                return self._score(view, layer, options, 0, drawn)

            return None if reel is None else film(
                reel, picture, lambda view, update: loss_figure(view, options, update), theme=options.theme,
                language=options.language, unit=options.unit, labels=options.labels, link=link, progress=progress,
                charge=charge,
            )  # fmt: skip

        def made(progress: Progress) -> str | None:
            page = None
            try:
                page = make(progress)
            finally:
                self._charge_film(0, page)
            return page

        self._films.request(FILM, time.monotonic(), made, patient=False)
        self._changed()
        return True

    def stop_film(self, _session: TrainingSession, _query: Mapping[str, str]) -> bool:
        """The film that is being made is not wanted any more."""
        self._films.cancel()
        self._changed()
        return True

    def _charge_film(self, size: int, made: str | None = None) -> bool:
        """Whether there is memory for so many bytes beside the film that is kept: the one that is `made`, or else the
        one that was made last."""
        return BUDGET.take(FILM, self._filmed, size + len(made or self.film or ""))

    @property
    def film(self) -> str | None:
        """The film that was made last, as a page."""
        return self._films.done.result

    def _film_payload(self, _: Translate) -> dict[str, Any]:
        """How the film stands; see `Film` of ui/live/static/payload.d.ts."""
        making, done = self._films.under_way(FILM), self._films.done
        share = self._films.share or 0.0
        sentence = _("Making the film: {share:.0%}").format(share=share) if making else ""
        if done.error and not making:
            failed = _("The film could not be made. Please try again.")
            full = _("The server has no memory left for a film. Try again later, or save a shorter training.")
            sentence = full if done.error == "memory" else failed
        return {"making": making, "number": done.version if done.result else None, "sentence": sentence}

    def _score(
        self, view: View, layer: int, options: ViewOptions, reset: int, drawn: Growing | None = None
    ) -> go.Figure:
        key = (view.run, view.sample_choice, layer, reset)
        ranges = (drawn or self._ranges).hold(key, view.update, view.trace, layer)
        return score(
            view.trace,
            view.vocabulary,
            theme=options.theme,
            layer=layer,
            gates=options.gates,
            first=options.first,
            notation=options.notation,
            ranges=ranges,
            rows=self._order(view, layer, options),
            before=None if view.before is None else view.before[layer],
            before_update=view.before_update,
            unit=options.unit,
            translate=options.language.gettext,
        )

    def _order(self, view: View, layer: int, options: ViewOptions) -> np.ndarray | None:
        """The order of the units; found anew each time the number of updates has doubled, so that rows rarely jump."""
        if options.order != "similarity":
            return None
        key = (view.run, view.sample_choice, layer, (view.update + 1).bit_length())
        return self._cache.recall("order", key, lambda: by_similarity(view.trace.hidden[layer, 1:, 0]))


def loss_figure(
    view: View, options: ViewOptions, looked_at: int | None = None, evidence: tuple[int, str] | None = None
) -> go.Figure:
    """The loss over training. view : of the newest network. looked_at : the update that is shown beside it.
    evidence : an update that the doctor speaks of, and what it is."""
    _, parent, former = options.language.gettext, view.parent, None
    if parent is not None:
        named = _("network {run}, before the fork at {update:,}") if parent.update else _("network {run}")
        name = named.format(run=parent.run, update=parent.update)
        former = (name, parent.curve, parent.held_out)
    references = [(baseline(view.trace.config, view.chance, _), view.chance)]
    references += [(_("best possible"), view.best)] if view.best else []
    references += [(_("bigram model"), view.bigram)] if view.bigram else []
    return loss(
        view.curve,
        view.held_out,
        references=references,
        theme=options.theme,
        clip=view.training.clip_norm,
        unit=LossUnit.of(view.trace.config, options.unit, _).kind,
        former=former,
        marks=[
            *((change.update, change_name(change, _)) for change in view.changes),
            *([evidence] if evidence else []),
        ],
        looked_at=None if looked_at == view.update else looked_at,
        translate=_,
    )
