"""Sentences side by side, their symbols with the surprise of each, and the chosen one on the score."""

from collections.abc import Callable
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rnn_core.tasks.stream import Symbols
from rnn_core.trace import BackwardTrace
from ui.charts.formatting import perplexity
from ui.charts.limits import limits
from ui.charts.score import score as score_figure
from ui.language.figures import parting
from ui.language.frame_context import FrameContext, count_of, strip
from ui.language.guides import amount, probability, score_guide, score_table, verdict
from ui.language.model_copy import start
from ui.language.sentences import Scored, best, examples, lines_of, measure
from ui.live.renderer import Part

STEPS = 100  # of the score


def picture(context: FrameContext) -> tuple[dict[str, Any], dict[str, Any], tuple[Scored | None]]:
    """Frame of the view “score”."""
    copy, options, style, _ = context.copy, context.options, context.style, context.style.translate
    before = start(copy.task, options.before)
    texts = lines_of(options.sentences) or context.cache.recall("examples", copy.run, lambda: examples(copy.task))
    key = (copy.key, tuple(texts), before.written)
    found = context.cache.recall("scored", key, lambda: measure(copy, texts, before.ids))
    first = best(found)
    chosen = min(context.request.sentence or 0, len(found) - 1)
    item = found[chosen] if found else None
    about = {
        "sentences": [_entry(number, item, before.ids, context) for number, item in enumerate(found)],
        "best": first,
        "chosen": chosen,
        "verdict": verdict(found, first, _),
        "before": [
            _("Each sentence is read after:"),
            *strip(before.written, [0.0] * len(before.ids), style, 1)["symbols"],
        ],
    }
    if item is None or item.score is None:
        return about, {"parting": parting([np.zeros(0)], None, style)}, (None,)
    surprises = [np.zeros(0) if other.score is None else -other.score.log_probs for other in found]
    figures = {"parting": parting(surprises, first, style), "score": _on_the_score(context, item, before)}
    return about, figures, (item,)


def _table(context: FrameContext, item: Scored | None) -> dict[str, Any] | None:
    """The chosen sentence; nothing where none of it can be read."""
    if item is None or item.score is None:
        return None
    return score_table(item.symbols, item.score, context.copy.task.vocabulary, context.style)


GUIDES: dict[str, Callable[[FrameContext, Scored | None], Part]] = {
    "score_guide": lambda context, item: score_guide(context.style, context.view.chance),
    "score_table": _table,
}


def _entry(number: int, item: Scored, before: np.ndarray, context: FrameContext) -> dict[str, Any]:
    """One sentence."""
    style, task, _ = context.style, context.copy.task, context.style.translate
    notes: list[list[str]] = []
    entry = {"name": _("sentence {number}").format(number=number + 1), "strip": None, "numbers": [], "notes": notes}
    if item.symbols.unknown:
        names = "  ".join(item.symbols.unknown[:12])
        if task.unknown is None:
            note = _("The network does not know these symbols and leaves them out:")
        else:
            note = _("The network does not know these symbols and reads each as its unknown symbol:")
        notes.append([note, names.encode("utf-8", "replace").decode("utf-8")])
    if item.cut:
        notes.append([_("It is too long. Symbols left out at its end: {cut}.").format(cut=item.cut), ""])
    if item.score is None:
        notes.append([_("None of it can be read."), item.text[:60].encode("utf-8", "replace").decode()])
        return entry
    score = item.score
    unknown = set(item.symbols.unknown)
    marks = [symbol in unknown for symbol in item.symbols.written]
    drawn = strip(item.symbols.written, -score.log_probs, style, context.view.chance, score.ranks)
    numbers = [
        ["p", probability(score.total)],
        [_("surprise"), amount(-score.total, style)],
        [_("per symbol"), amount(-score.total / len(score.log_probs), style)],
        [_("perplexity"), perplexity(-score.total / len(score.log_probs))],
    ]
    counted = count_of(context).baselines
    if counted is not None:
        nats = float(counted.surprise(before, item.symbols.ids, counted.best).sum())
        numbers.append([_("surprise by counting, n = {order}").format(order=counted.best), amount(nats, style)])
    return entry | {"strip": drawn | {"marks": marks}, "numbers": numbers}


def _on_the_score(context: FrameContext, item: Scored, before: Symbols) -> go.Figure:
    """The chosen sentence on the staves of the Lab: the loss of each step is the surprise of its symbol."""
    copy, options = context.copy, context.options

    def trace() -> BackwardTrace:
        sequence = np.concatenate([before.ids, item.symbols.ids])[-STEPS - 1 :]
        mask = np.ones((len(sequence) - 1, 1))
        mask[: len(sequence) - 1 - len(item.symbols.ids)] = 0
        return copy.model.backward(sequence[:-1, None], sequence[1:, None], mask=mask)

    recorded = context.cache.recall("trace", (copy.key, item.symbols.written, before.written), trace)
    layer = min(options.layer, len(recorded.hidden) - 1)
    return score_figure(
        recorded,
        copy.task.vocabulary,
        theme=options.theme,
        layer=layer,
        notation=options.notation,
        ranges=limits(recorded, layer),
        unit=options.unit,
        translate=context.style.translate,
    )
