"""Renderer of the Lab: a frame for each request of the browser, made from one snapshot."""

from dataclasses import dataclass

from ui.charts.limits import Growing
from ui.charts.loss import loss
from ui.charts.loss_units import LossUnit
from ui.charts.score import score
from ui.charts.unit_order import by_similarity
from ui.i18n import Language
from ui.lab import guides
from ui.lab.verdict import verdict
from ui.live.levels import baseline
from ui.live.metrics import line, numbers, samples_entry
from ui.live.notices import header
from ui.live.renderer import Renderer, opened_parts
from ui.live.request import Request
from ui.network.published_results import CARDS, card
from ui.network.setup import data_of
from ui.network.task_guides import task_guide
from ui.theme import Theme
from ui.training.snapshot import View


@dataclass(frozen=True)
class ViewOptions:
    """View options: written by the page's script, read by the renderer."""

    language: Language
    theme: Theme
    layer: int = 0
    order: str = "index"
    gates: tuple[str, ...] = ()
    notation: str = "article"
    unit: str = "nats"
    split: str = "train"  # which kind of sequence the reader has asked for


class LabRenderer(Renderer):
    """Renderer of the Lab."""

    request = staticmethod(Request.of)  # how it reads a request

    def __init__(self):
        super().__init__()
        self._ranges = Growing()

    def _picture(self, session, snapshot, options: ViewOptions, request: Request):
        view, _ = snapshot.view, options.language.gettext
        about = header(snapshot, options.split, _)
        if view is None:
            return about, None
        layer = min(options.layer, len(view.trace.hidden) - 1)
        unit = LossUnit.of(view.trace.config, options.unit, _)
        step = None if request.step is None else min(request.step, len(view.trace.x) - 1)
        about |= {
            "run": view.run,
            "update": view.update,
            "learningRate": view.training.learning_rate,
            "steps": len(view.trace.x),
            "numbers": numbers(view, options.unit, _),
            "line": line(session.place, _),
            "verdict": verdict(view, _),
            "card": data_of(view.setup) in CARDS,
            "parts": self._parts(view, layer, options, request.opened),
        }
        if step is not None:
            about["details"] = guides.step_details(view, layer, step, options.notation, unit, _)
        if view.samples and view.samples[-1].update != request.samples:
            about["samples"] = [samples_entry(sample, _) for sample in view.samples]
        figures = {"score": self._score(view, layer, options, request.reset)}
        if request.loss:
            figures["loss"] = loss_figure(view, options)
        return about, figures

    def _score(self, view: View, layer: int, options: ViewOptions, reset: int):
        key = (view.run, view.sample_choice, layer, reset)
        ranges = self._ranges.hold(key, view.update, view.trace, layer)
        return score(
            view.trace,
            view.vocabulary,
            theme=options.theme,
            layer=layer,
            gates=options.gates,
            notation=options.notation,
            ranges=ranges,
            rows=self._order(view, layer, options),
            before=None if view.before is None else view.before[layer],
            before_update=view.before_update,
            unit=options.unit,
            translate=options.language.gettext,
        )

    def _order(self, view: View, layer: int, options: ViewOptions):
        """The order of the units; found anew each time the number of updates has doubled, so that rows rarely jump."""
        if options.order != "similarity":
            return None
        key = (view.run, view.sample_choice, layer, (view.update + 1).bit_length())
        return self._cache.recall("order", key, lambda: by_similarity(view.trace.hidden[layer, 1:, 0]))

    def _parts(self, view: View, layer: int, options: ViewOptions, opened) -> dict:
        """The guides and tables that the reader has opened."""
        _ = options.language.gettext
        unit = LossUnit.of(view.trace.config, options.unit, _)
        makers = {
            "task_guide": lambda: [
                task_guide(view.setup.task, dict(view.setup.task_options), _, symbols=view.trace.config.output_size)
            ],
            "score_guide": lambda: guides.score_guide(view.trace, layer, view.vocabulary, _),
            "score_table": lambda: guides.score_table(view.trace, layer, view.vocabulary, unit, _),
            "loss_guide": lambda: guides.loss_guide(view, unit, _),
            "loss_table": lambda: guides.loss_table(view, unit, _),
            "card": lambda: card(data_of(view.setup), [guides.loss_in_words(view, _)], _),
        }
        return opened_parts(opened, makers)


def loss_figure(view: View, options: ViewOptions):
    """The loss over training."""
    _ = options.language.gettext
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
        translate=_,
    )
