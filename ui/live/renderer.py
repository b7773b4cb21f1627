"""Moving pictures: what the browser gets each time it asks (ui/server/routes.py). Here what all have in
common, and the Lab's.

A picture is JSON: Plotly figures, numbers and sentences in the reader's language. Symbols of a text travel as data
and are shown as text, never as markup.
"""

import json
import math
import threading
import time
from dataclasses import dataclass
from typing import NamedTuple

from ui.charts.formatting import short
from ui.charts.limits import limits
from ui.charts.loss import loss
from ui.charts.score import score
from ui.charts.unit_order import by_similarity
from ui.i18n import Language
from ui.lab import guides
from ui.lab.loss_units import LossUnit
from ui.lab.published_results import CARDS, card
from ui.lab.setup import data_of
from ui.lab.task_guides import task_guide
from ui.lab.verdict import verdict
from ui.live.notices import announced
from ui.theme import Theme
from ui.training.scheduler import TURNS
from ui.training.snapshot import Snapshot, View

WORD_BY_WORD = ("grammar", "sentiment", "agreement")  # tasks whose symbols are words


class PictureMaker:
    """Makes the pictures of one session's page: `show` says how the page wants them, `frame` makes the next one.

    Those who inherit set `want`, which reads a request, and say in `_picture` what there is to see.
    """

    share = 0  # the browser rests so many times as long as a picture took to make

    def __init__(self):
        self._lock = threading.Lock()  # two requests may overlap when the browser has changed its mind
        self._stage = None
        self.failure = ""  # why there was no picture the last time
        self.number = 0  # changes with whatever a picture depends on, beside the network

    def show(self, stage) -> None:
        """From now on like this."""
        if stage != self._stage:
            self._stage, self.number = stage, self.number + 1

    def frame(self, session, want) -> str:
        """The picture of a session as JSON."""
        with self._lock:
            begin = time.thread_time()
            token, snapshot, stage = session.token, session.snapshot, self._stage
            about = {"token": token, "status": snapshot.status, "watched": session.watched}
            if stage is None:
                return json.dumps(about)
            more, figures = self._picture(session, snapshot, stage, want)
            about |= more
            if figures is None:
                return json.dumps(sendable(about))
            drawn = ", ".join(f'"{name}": {figure.to_json(validate=False)}' for name, figure in figures.items())
            if self.share:
                about["rest"] = round(1000 * self.share * (time.thread_time() - begin))
            return json.dumps(sendable(about))[:-1] + f', "figures": {{{drawn}}}}}'

    def figure(self, name: str, snapshot):
        """One chart of the picture, to be taken away as a file; None where there is none."""
        return None

    def _picture(self, session, snapshot, stage, want) -> tuple[dict, dict | None]:
        """(numbers and sentences, figures by name); no figures as long as there is nothing to see."""
        raise NotImplementedError


def whole(query, name: str, default: int | None) -> int | None:
    """A number from the parameters of a request; the default where it is none, or far too large.

    >>> whole({"step": "3"}, "step", None), whole({"step": "-3"}, "step", 0)
    (3, 0)
    """
    text = query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


class Want(NamedTuple):
    """What the browser asks for, from its query."""

    token: str = ""  # of the picture that it has
    step: int | None = None  # the chosen step
    loss: bool = True  # the loss chart too
    samples: int = -1  # the update of the newest sample that it has
    opened: frozenset[str] = frozenset()
    reset: int = 0  # how often the axes were reset

    @classmethod
    def of(cls, query) -> "Want":
        """From the parameters of a request; what is not understood is left out.

        >>> Want.of({"step": "3", "open": "score_guide,x"}).step, Want.of({"step": "x"}).step
        (3, None)
        """

        opened = frozenset(query.get("open", "").split(","))
        return cls(
            query.get("token", ""), whole(query, "step", None), query.get("loss") != "0", whole(query, "samples", -1),
            opened, whole(query, "reset", 0),
        )  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """How the page wants it: set by the script, read by the pictures."""

    language: Language
    theme: Theme
    layer: int = 0
    order: str = "index"
    gates: tuple[str, ...] = ()
    notation: str = "article"
    unit: str = "nats"
    split: str = "train"  # which kind of sequence the reader has asked for


class Frames(PictureMaker):
    """The picture maker of the Lab."""

    want = staticmethod(Want.of)  # how it reads a request

    def __init__(self):
        super().__init__()
        self._ranges = (None, None)  # what they belong to, and the axes' ranges: they only grow
        self._rows = (None, None)  # the same for the order of the units

    def _picture(self, session, snapshot, stage: Stage, want: Want):
        view, _ = snapshot.view, stage.language.gettext
        about = announced(snapshot, stage.split, _)
        if view is None:
            return about, None
        layer = min(stage.layer, len(view.trace.hidden) - 1)
        unit = LossUnit.of(view.trace.config, stage.unit, _)
        step = None if want.step is None else min(want.step, len(view.trace.x) - 1)
        about |= {
            "run": view.run,
            "update": view.update,
            "learning_rate": view.training.learning_rate,
            "steps": len(view.trace.x),
            "numbers": numbers(view, stage.unit, _),
            "line": line(session.place, _),
            "verdict": verdict(view, _),
            "card": data_of(view.setup) in CARDS,
            "parts": self._parts(view, layer, stage, want.opened),
        }
        if step is not None:
            about["details"] = guides.step_details(view, layer, step, stage.notation, unit, _)
        if view.samples and view.samples[-1].update != want.samples:
            about["samples"] = [samples_entry(sample, _) for sample in view.samples]
        figures = {"score": self._score(view, layer, stage, want.reset)}
        if want.loss:
            figures["loss"] = loss_figure(view, stage)
        return about, figures

    def figure(self, name: str, snapshot: Snapshot):
        """One chart of the picture, or None where there is nothing to show."""
        view, stage = snapshot.view, self._stage
        if view is None or stage is None:
            return None
        if name == "loss":
            return loss_figure(view, stage)
        with self._lock:
            return self._score(view, min(stage.layer, len(view.trace.hidden) - 1), stage, None)

    def _score(self, view: View, layer: int, stage: Stage, reset: int | None):
        key = (view.run, view.look, layer, reset if reset is not None else (self._ranges[0] or (0,))[-1])
        known, ranges = self._ranges
        ranges = limits(view.trace, layer, ranges if known == key else None)
        self._ranges = (key, ranges)
        return score(
            view.trace,
            view.vocabulary,
            theme=stage.theme,
            layer=layer,
            gates=stage.gates,
            notation=stage.notation,
            ranges=ranges,
            rows=self._order(view, layer, stage),
            before=None if view.before is None else view.before[layer],
            before_update=view.before_update,
            unit=stage.unit,
            translate=stage.language.gettext,
        )

    def _order(self, view: View, layer: int, stage: Stage):
        """The order of the units; found anew each time the number of updates has doubled, so that rows rarely jump."""
        if stage.order != "similarity":
            return None
        key = (view.run, view.look, layer, (view.update + 1).bit_length())
        if self._rows[0] != key:
            self._rows = (key, by_similarity(view.trace.hidden[layer, 1:, 0]))
        return self._rows[1]

    def _parts(self, view: View, layer: int, stage: Stage, opened) -> dict:
        """The guides and tables that the reader has opened."""
        _ = stage.language.gettext
        unit = LossUnit.of(view.trace.config, stage.unit, _)
        made = {
            "task_guide": lambda: [task_guide(view.setup.task, dict(view.setup.task_options), _)],
            "score_guide": lambda: guides.score_guide(view.trace, layer, view.vocabulary, _),
            "score_table": lambda: guides.score_table(view.trace, layer, view.vocabulary, unit, _),
            "loss_guide": lambda: guides.loss_guide(view, unit, _),
            "loss_table": lambda: guides.loss_table(view, unit, _),
            "card": lambda: card(data_of(view.setup), [guides.standing(view, _)], _),
        }
        return {name: made[name]() for name in opened & made.keys()}


def sendable(content):
    """The same for JSON, which has no words for numbers that are not finite: those become None.

    >>> sendable({"loss": [1.5, math.nan]})
    {'loss': [1.5, None]}
    """
    if isinstance(content, dict):
        return {name: sendable(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [sendable(value) for value in content]
    return None if isinstance(content, float) and not math.isfinite(content) else content


def line(place: int, _) -> str:
    """Where the network stands in the line of a busy server; empty where it does not wait."""
    if not place:
        return ""
    return _(
        "The server is busy: {networks} networks train in turns, {places} at a time. Yours is number {place} in line."
    ).format(networks=TURNS.training + TURNS.waiting, places=TURNS.places, place=place)


def loss_figure(view: View, stage: Stage):
    """The loss over training."""
    _ = stage.language.gettext
    references = [(guides.baseline(view.trace.config, view.chance, _), view.chance)]
    references += [(_("best possible"), view.best)] if view.best else []
    references += [(_("bigram model"), view.bigram)] if view.bigram else []
    return loss(
        view.curve,
        view.held_out,
        references=references,
        theme=stage.theme,
        clip=view.training.clip_norm,
        unit=LossUnit.of(view.trace.config, stage.unit, _).kind,
        translate=_,
    )


def numbers(view: View, unit: str, _) -> list[list[str]]:
    """(name, number, explanation) of what is told in figures."""
    training = float(view.curve.loss[-1]) if len(view.curve.loss) else None
    unshared = _("{unshared:,} if weights were not shared").format(unshared=view.unshared)
    note = {"nats": _("nats"), "perplexity": _("perplexity"), "squared": _("squared error")}
    kind = note[LossUnit.of(view.trace.config, unit, _).kind]
    return [
        [_("Update"), f"{view.update:,}", ""],
        [_("Training loss"), "–" if training is None else quantity(training, view, unit), kind],
        [_("Held-out loss"), quantity(view.held_out[-1][1], view, unit), kind],
        [_("Updates/s"), f"{view.updates_per_second:,.0f}", reading_pace(view, _)],
        [_("Parameters"), f"{view.parameters:,}", unshared],
    ]


def reading_pace(view: View, _) -> str:
    """How much is read in training per second, by what the network reads."""
    options = dict(view.setup.task_options)
    words = view.setup.task in WORD_BY_WORD or (view.setup.task == "text" and options.get("max_words", 0) > 0)
    characters = view.setup.task in ("text", "sentiment_zh")
    sentence = (
        _("{count:,.0f} words per second") if words
        else _("{count:,.0f} characters per second") if characters
        else _("{count:,.0f} symbols per second") if view.vocabulary
        else _("{count:,.0f} steps per second")
    )  # fmt: skip
    return sentence.format(count=view.steps_per_second)


def quantity(loss: float, view: View, unit: str) -> str:
    """A loss in the unit that the reader has chosen, where the loss has one."""
    if not math.isfinite(loss):
        return "–"
    shown = LossUnit.of(view.trace.config, unit, str)
    if shown.kind == "perplexity":
        return f"{shown.value(loss):,.2f}"
    return f"{loss:.3f}" if 0.01 <= loss < 1000 else short(loss)


def samples_entry(sample, _) -> list[str]:
    """(heading, text): a lone half of a surrogate pair cannot be sent."""
    heading = _("after {update:,} updates").format(update=sample.update)
    return [sample.update, heading, sample.text.encode("utf-8", "replace").decode("utf-8")]
