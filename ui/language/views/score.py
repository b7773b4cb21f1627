"""Sentences side by side, their symbols with the surprise of each, and the chosen one on the score."""

import numpy as np

from ui.charts.limits import limits
from ui.charts.score import score as score_figure
from ui.language.figures import parting
from ui.language.frame_context import Scene, count_of, strip
from ui.language.guides import amount, probability, score_guide, score_table, verdict
from ui.language.model_copy import start
from ui.language.sentences import Scored, best, examples, lines_of, measure

STEPS = 100  # of the score


def picture(scene: Scene) -> tuple[dict, dict]:
    """What the view «score» shows."""
    voice, stage, look, _ = scene.voice, scene.stage, scene.look, scene.look.translate
    before = start(voice.task, stage.before)
    texts = lines_of(stage.sentences) or scene.memory.recall("examples", voice.run, lambda: examples(voice.task))
    key = (voice.key, tuple(texts), before.written)
    found = scene.memory.recall("scored", key, lambda: measure(voice, texts, before.ids))
    first = best(found)
    chosen = min(scene.want.sentence or 0, len(found) - 1)
    item = found[chosen] if found else None
    about = {
        "sentences": [_entry(number, item, before.ids, scene) for number, item in enumerate(found)],
        "best": first,
        "chosen": chosen,
        "verdict": verdict(found, first, _),
        "before": [
            _("Each sentence is read after:"),
            *strip(before.written, [0.0] * len(before.ids), look, 1)["symbols"],
        ],
        "parts": {},
    }
    opened = scene.want.opened
    if "score_guide" in opened:
        about["parts"]["score_guide"] = score_guide(look, scene.view.chance)
    if item is None or item.score is None:
        return about, {"parting": parting([np.zeros(0)], None, look)}
    if "score_table" in opened:
        about["parts"]["score_table"] = score_table(item, voice.task.vocabulary, look)
    surprises = [np.zeros(0) if other.score is None else -other.score.log_probs for other in found]
    return about, {"parting": parting(surprises, first, look), "score": _on_the_score(scene, item, before)}


def _entry(number: int, item: Scored, before, scene: Scene) -> dict:
    """One sentence."""
    look, task, _ = scene.look, scene.voice.task, scene.look.translate
    entry = {"name": _("sentence {number}").format(number=number + 1), "strip": None, "numbers": [], "notes": []}
    if item.symbols.unknown:
        names = "  ".join(item.symbols.unknown[:12])
        if task.unknown is None:
            note = _("The network does not know these symbols and leaves them out:")
        else:
            note = _("The network does not know these symbols and reads each as its unknown symbol:")
        entry["notes"].append([note, names.encode("utf-8", "replace").decode("utf-8")])
    if item.cut:
        entry["notes"].append([_("{cut} symbols at its end are left out: it is too long.").format(cut=item.cut), ""])
    if item.score is None:
        entry["notes"].append([_("None of it can be read."), item.text[:60].encode("utf-8", "replace").decode()])
        return entry
    score = item.score
    entry["strip"] = strip(item.symbols.written, -score.log_probs, look, scene.view.chance, score.ranks)
    unknown = set(item.symbols.unknown)
    entry["strip"]["marks"] = [symbol in unknown for symbol in item.symbols.written]
    entry["numbers"] = [
        ["p", probability(score.total)],
        [_("surprise"), amount(-score.total, look)],
        [_("per symbol"), amount(-score.total / len(score.log_probs), look)],
        [_("perplexity"), f"{score.perplexity:,.2f}"],
    ]
    counted = count_of(scene).rulers
    if counted is not None:
        nats = float(counted.surprise(before, item.symbols.ids, counted.best).sum())
        entry["numbers"].append([_("by counting, n = {order}").format(order=counted.best), amount(nats, look)])
    return entry


def _on_the_score(scene: Scene, item: Scored, before):
    """The chosen sentence on the staves of the Lab: the loss of each step is the surprise of its symbol."""
    voice, stage = scene.voice, scene.stage

    def trace():
        sequence = np.concatenate([before.ids, item.symbols.ids])[-STEPS - 1 :]
        mask = np.ones((len(sequence) - 1, 1))
        mask[: len(sequence) - 1 - len(item.symbols.ids)] = 0
        return voice.model.backward(sequence[:-1, None], sequence[1:, None], mask=mask)

    made = scene.memory.recall("trace", (voice.key, item.symbols.written, before.written), trace)
    layer = min(stage.layer, len(made.hidden) - 1)
    return score_figure(
        made,
        voice.task.vocabulary,
        theme=stage.theme,
        layer=layer,
        notation=stage.notation,
        ranges=limits(made, layer),
        unit=stage.unit,
        translate=scene.look.translate,
    )
