"""Texts of the page “Memory”.

Nothing here renders: symbols of a text are shown as text alone.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from rnn_core.analysis.recording import Recording
from rnn_core.tasks.base import Task
from ui.charts.formatting import typographic
from ui.charts.symbols import visible
from ui.i18n import Translate
from ui.memory.excerpt import Excerpt
from ui.memory.figures import scale_of
from ui.memory.search import UnitSearchResult
from ui.memory.window import SURPRISE
from ui.settings.choices import QUANTITIES
from ui.theme import Theme
from ui.training.background import Job
from ui.training.snapshot import View

if TYPE_CHECKING:
    from ui.memory.recorder import RecordedText


def quantity_name(quantity: str, _: Translate) -> str:
    """Name of the quantity that colours the text."""
    return _(QUANTITIES[quantity])


def under_way(job: Job[int, Any], _: Translate) -> str:
    """Progress of a background computation, or why it failed; nothing about what is done in a moment."""
    if job.share is not None:
        return share_done(job.share, _)
    if "finite" in job.done.error:
        return _(
            "While it reads this text, the network's state grows beyond all numbers: W stretches it again and "
            "again. Choose another cell, a smaller scale of W, or a shorter text of your own."
        )
    if job.done.error:
        return _("This text could not be read by the network. Choose another text, or start over.")
    return ""


def share_done(share: float | None, _: Translate) -> str:
    """Progress of a long computation; nothing where it is not known."""
    return "" if share is None else _("Computing: {share:.0%}").format(share=share)


def nothing_to_read(task: Task, _: Translate) -> str:
    """Why there is no text."""
    if task.vocabulary is None:
        return _(
            "This network reads numbers, not symbols, so there is no text to colour. Choose a text, a grammar or "
            "another task with symbols as data."
        )
    return _("There is no text yet: type or paste at least two symbols that the network knows.")


def unread(excerpt: Excerpt, _: Translate) -> str:
    """Which symbols were left out."""
    if not excerpt.unread:
        return ""
    return _("The network does not know these symbols, so they are left out: {symbols}").format(
        symbols=" ".join(visible(symbol) for symbol in excerpt.unread[:40])
    )


def numbers(
    read: "RecordedText", view: View, unit: int, result: UnitSearchResult | None, _: Translate
) -> list[list[str]]:
    """Headline metrics: rows of (label, formatted value, note)."""
    recording = read.recording
    asked = recording.surprise[np.isfinite(recording.surprise)]
    surprise = f"{asked.mean(dtype=np.float64):.3f}" if asked.size else "–"
    note = _("the past") if read.kept else _("of this page's network")
    best = ""
    if result is not None and len(result.best) > unit and result.best[unit][0]:
        best = _("most like: {name} ({share:.2f})").format(name=result.best[unit][0], share=result.best[unit][1])
    return [
        [_("Update"), f"{read.update:,}", note],
        [_("Symbols read"), f"{len(recording.ids):,}", ""],
        [_("Mean surprise"), surprise, _("nats per symbol")],
        [_("Unit"), str(unit), best],
    ]


def names_of_units(order: np.ndarray, result: UnitSearchResult | None, _: Translate) -> list[str]:
    """Caption of each of the small pictures: the unit, and what it follows best if that is known."""
    names = []
    for unit in order:
        name = _("unit {number}").format(number=unit)
        property_name, share = result.best[unit] if result is not None and len(result.best) == len(order) else ("", 0)
        names.append(f"{name} · {property_name} {share:.2f}" if property_name else name)
    return names


def legend(recording: Recording, unit: int, low: float, high: float, theme: Theme, _: Translate) -> dict[str, Any]:
    """Legend of the colours."""
    return {
        "value": _("{quantity}, unit {unit}: {low:g} … {high:g}").format(
            quantity=quantity_name(recording.quantity, _), unit=unit, low=low, high=high
        ),
        "surprise": _("surprise −log p: 0 … {most:g} nats").format(most=SURPRISE),
        "scale": scale_of(low, theme),
        "chances": [list(stop) for stop in theme.sequential],
        "ink": theme.ink,
        "faded": theme.faded,
        "background": theme.background,
        "marked": theme.marked,
        "grid": theme.grid,
        "bar": theme.held_out,
    }


def details(recording: Recording, excerpt: Excerpt, at: int, unit: int, _: Translate) -> dict[str, Any]:
    """The exact values at one symbol: a title, rows, the most probable outputs, the most active units."""
    sequence, step = divmod(at, recording.steps)
    symbol = visible(excerpt.vocabulary[recording.ids[at]])
    title = _("Symbol {number}: {symbol}").format(number=f"{at:,}", symbol=symbol)
    if excerpt.x.shape[1] > 1:
        title = _("Sequence {sequence}, step {step}: {symbol}").format(sequence=sequence, step=step, symbol=symbol)
    values = recording.values[at]
    rows = [[_("unit {number}").format(number=unit), typographic(f"{values[unit]:+.6f}")]]
    target = int(recording.targets[at])
    if target >= 0:
        rows.append([_("what came next"), visible(excerpt.vocabulary[target])])
        rows.append([_("surprise"), _("{loss:.6g} nats").format(loss=float(recording.surprise[at]))])
    outputs = [
        [visible(excerpt.vocabulary[i]), f"{p:.2%}", float(p), bool(i == target)]
        for i, p in zip(map(int, recording.guesses[at]), recording.odds[at], strict=True)
        if p > 0
    ]
    active = np.argsort(-np.abs(values), kind="stable")[:5]
    return {
        "title": title,
        "rows": rows,
        "outputs": outputs,
        "units": [
            [_("unit {number}").format(number=number), typographic(f"{values[number]:+.4f}"), float(values[number])]
            for number in map(int, active)
        ],
        "headings": [_("best guesses"), _("most active units")],
    }


def search_note(result: UnitSearchResult, recording: Recording, _: Translate) -> str:
    """On how much of the text it was searched."""
    return _(
        "Units are chosen on the first half of the {symbols:,} symbols and judged on the second half. The "
        "column “by chance” gives the best that the same unit reaches when the property is cut into ten pieces and put "
        "together in another order, 20 times. Of {units} units and {properties} properties some pair always fits "
        "the half it was chosen on."
    ).format(symbols=result.symbols, units=recording.values.shape[1], properties=len(result.findings))
