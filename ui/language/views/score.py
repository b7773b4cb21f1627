"""Sentences side by side, their symbols with the surprise of each, and the chosen one on the score."""

import numpy as np

from ui.charts.limits import limits
from ui.charts.score import score as score_figure
from ui.language.figures import parting
from ui.language.frame_context import FrameContext, count_of, strip
from ui.language.guides import amount, probability, score_guide, score_table, verdict
from ui.language.model_copy import start
from ui.language.sentences import Scored, best, examples, lines_of, measure

STEPS = 100  # of the score


def picture(context: FrameContext) -> tuple[dict, dict]:
    """Frame of the view «score»."""
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
        "parts": {},
    }
    opened = context.request.opened
    if "score_guide" in opened:
        about["parts"]["score_guide"] = score_guide(style, context.view.chance)
    if item is None or item.score is None:
        return about, {"parting": parting([np.zeros(0)], None, style)}
    if "score_table" in opened:
        about["parts"]["score_table"] = score_table(item, copy.task.vocabulary, style)
    surprises = [np.zeros(0) if other.score is None else -other.score.log_probs for other in found]
    return about, {"parting": parting(surprises, first, style), "score": _on_the_score(context, item, before)}


def _entry(number: int, item: Scored, before, context: FrameContext) -> dict:
    """One sentence."""
    style, task, _ = context.style, context.copy.task, context.style.translate
    entry = {"name": _("sentence {number}").format(number=number + 1), "strip": None, "numbers": [], "notes": []}
    if item.symbols.unknown:
        names = "  ".join(item.symbols.unknown[:12])
        if task.unknown is None:
            note = _("The network does not know these symbols and leaves them out:")
        else:
            note = _("The network does not know these symbols and reads each as its unknown symbol:")
        entry["notes"].append([note, names.encode("utf-8", "replace").decode("utf-8")])
    if item.cut:
        entry["notes"].append([_("It is too long. Symbols left out at its end: {cut}.").format(cut=item.cut), ""])
    if item.score is None:
        entry["notes"].append([_("None of it can be read."), item.text[:60].encode("utf-8", "replace").decode()])
        return entry
    score = item.score
    entry["strip"] = strip(item.symbols.written, -score.log_probs, style, context.view.chance, score.ranks)
    unknown = set(item.symbols.unknown)
    entry["strip"]["marks"] = [symbol in unknown for symbol in item.symbols.written]
    entry["numbers"] = [
        ["p", probability(score.total)],
        [_("surprise"), amount(-score.total, style)],
        [_("per symbol"), amount(-score.total / len(score.log_probs), style)],
        [_("perplexity"), f"{score.perplexity:,.2f}"],
    ]
    counted = count_of(context).baselines
    if counted is not None:
        nats = float(counted.surprise(before, item.symbols.ids, counted.best).sum())
        entry["numbers"].append([_("by counting, n = {order}").format(order=counted.best), amount(nats, style)])
    return entry


def _on_the_score(context: FrameContext, item: Scored, before):
    """The chosen sentence on the staves of the Lab: the loss of each step is the surprise of its symbol."""
    copy, options = context.copy, context.options

    def trace():
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
