"""Numbers as they stand above the charts: losses, paces, the place in the line."""

import math
from collections.abc import Sequence

from ui.charts.formatting import perplexity, short
from ui.charts.loss_units import LossUnit
from ui.i18n import Translate
from ui.live.change_names import change_name
from ui.training.history import Sample
from ui.training.scheduler import SCHEDULER
from ui.training.snapshot import View

WORD_BY_WORD = ("grammar", "sentiment", "agreement")  # tasks whose symbols are words


def line(place: int, _: Translate) -> str:
    """Place of the network in the line of a busy server; empty where it does not wait."""
    if not place:
        return ""
    return _(
        "The server is busy: {networks} networks train in turns, {places} at a time. Yours is number {place} in line."
    ).format(networks=SCHEDULER.training + SCHEDULER.waiting, places=SCHEDULER.places, place=place)


def numbers(view: View, unit: str, _: Translate) -> list[list[str]]:
    """Headline metrics: rows of (label, formatted value, note)."""
    training = view.training_loss
    unshared = _("{unshared:,} if weights were not shared").format(unshared=view.unshared)
    note = {"nats": _("nats"), "perplexity": _("perplexity"), "squared": _("squared error")}
    kind = note[LossUnit.of(view.trace.config, unit, _).kind]
    return [
        [_("Update"), f"{view.update:,}", _set_there(view, _)],
        [_("Training loss"), "–" if training is None else quantity(training, view, unit), kind],
        [_("Held-out loss"), quantity(view.held_out[-1][1], view, unit), kind],
        pace(view, _),
        [_("Parameters"), f"{view.parameters:,}", unshared],
    ]


def _set_there(view: View, _: Translate) -> str:
    """Which weights were set after the update that is shown: it is the update of two networks."""
    there = [change for change in view.changes if change.update == view.update and change.weights is not None]
    return _(", ").join(change_name(change, _) for change in there)


def pace(view: View, _: Translate) -> list[str]:
    """How fast it trains, as (label, formatted value, note); a moment of the past has no pace."""
    if math.isnan(view.updates_per_second):
        return [_("Updates/s"), "–", _("the past")]
    return [_("Updates/s"), f"{view.updates_per_second:,.0f}", reading_pace(view, _)]


def reading_pace(view: View, _: Translate) -> str:
    """Symbols, words or characters that are read in training per second."""
    options = dict(view.setup.task_options)
    words = view.setup.task in WORD_BY_WORD or (view.setup.task == "text" and options.get("max_words", 0) > 0)
    characters = view.setup.task in ("text", "sentiment_zh")
    count = round(view.steps_per_second)
    sentence = (
        _("{count:,.0f} word per second", "{count:,.0f} words per second", count) if words
        else _("{count:,.0f} character per second", "{count:,.0f} characters per second", count) if characters
        else _("{count:,.0f} symbol per second", "{count:,.0f} symbols per second", count) if view.vocabulary
        else _("{count:,.0f} step per second", "{count:,.0f} steps per second", count)
    )  # fmt: skip
    return sentence.format(count=count)


def quantity(loss: float, view: View, unit: str) -> str:
    """A loss in the unit that the reader has chosen, where the loss has one."""
    if not math.isfinite(loss):
        return "–"
    shown = LossUnit.of(view.trace.config, unit, str)
    if shown.kind == "perplexity":
        return perplexity(loss)
    return f"{loss:.3f}" if 0.01 <= loss < 1000 else short(loss)


def samples_entry(sample: Sample, _: Translate) -> tuple[int, str, str]:
    """(update, heading, text): a lone half of a surrogate pair cannot be sent."""
    heading = _("after update {update:,}").format(update=sample.update)
    return sample.update, heading, sample.text.encode("utf-8", "replace").decode("utf-8")


def cost_per_update(clock: Sequence[tuple[int, float]]) -> float:
    """Milliseconds of training per update. clock : (update, seconds)."""
    update, seconds = clock[-1]
    return 1000 * seconds / max(update, 1)
