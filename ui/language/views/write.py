"""Writing: continuations as a tree, the distributions of the chosen step, beam search beside them, earlier texts."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from rnn_core.beam import Beams
from ui.charts.formatting import typographic
from ui.charts.symbols import visible
from ui.i18n import join_sentences
from ui.language.branches import Branch, Fork, Step, distributions, forks, grow, search, step
from ui.language.figures import choices
from ui.language.frame_context import FrameContext, strip
from ui.language.guides import amount, probability, write_guide, write_table
from ui.language.model_copy import start
from ui.live.metrics import samples_entry
from ui.live.renderer import Part


def picture(context: FrameContext) -> tuple[dict[str, Any], dict[str, Any], tuple[Branch, np.ndarray]]:
    """Frame of the view “write”."""
    copy, request, style, drawing = context.copy, context.request, context.style, context.options.drawing
    task, _ = copy.task, style.translate
    prompt = start(task, context.options.prompt)
    origins = forks(request.branches if request.run == copy.run else (), task.output_size, drawing.length)
    number = min(request.branch, len(origins) - 1)
    grown, (before, after) = _grow(context, prompt.ids, origins, number)
    branch = grown[number]
    asked = (copy.run, prompt.written, drawing)
    sure = drawing._replace(temperature=0.0)
    recall = context.cache.recall
    greedy = recall("greedy", (copy.key, asked), lambda: grow(copy, prompt.ids, (), sure), asked)
    beams = recall("beams", (copy.key, asked), lambda: search(copy, prompt.ids, drawing), asked)
    at = None if request.step is None else min(request.step, drawing.length - 1)
    kept = (after > 0).sum(axis=1)
    about = {
        "prompt": strip(prompt.written, [0.0] * len(prompt.ids), style, 1)["symbols"],
        "branches": [_entry(context, i, *pair) for i, pair in enumerate(zip(origins, grown, strict=True))],
        "branch": number,
        "step": at,
        "length": drawing.length,
        "candidates": None
        if at is None
        else _candidates(context, branch, step(before[at], after[at], branch.ids[at]), at),
        "compared": _compared(context, grown, beams, greedy),
    }
    if prompt.unknown:
        about["unread"] = [
            _("The network does not know these symbols and leaves them out:")
            if task.unknown is None
            else _("The network does not know these symbols and reads each as its unknown symbol:"),
            "  ".join(prompt.unknown[:12]).encode("utf-8", "replace").decode("utf-8"),
        ]
    if context.view.samples:
        about["samples"] = [samples_entry(sample, _) for sample in context.view.samples]
    left = _entropy(after)
    figure = choices(-branch.score.log_probs, branch.score.entropy, left, kept, style)
    return about, {"choices": figure}, (branch, kept)


GUIDES: dict[str, Callable[[FrameContext, Branch, np.ndarray], Part]] = {
    "write_guide": lambda context, branch, kept: write_guide(context.style, context.options.drawing, branch, kept),
    "write_table": lambda context, branch, kept: write_table(branch, context.copy.task.vocabulary, kept, context.style),
}


def _grow(
    context: FrameContext, prompt: np.ndarray, origins: Sequence[Fork], chosen: int
) -> tuple[list[Branch], tuple[np.ndarray, np.ndarray]]:
    """Every branch, and the distributions of the chosen one. The others take turns where there is not time for all."""
    copy, drawing = context.copy, context.options.drawing
    found: dict[int, Branch] = {}
    turn = copy.update % len(origins)
    for number in dict.fromkeys((chosen, *range(turn, len(origins)), *range(turn))):
        asked = (copy.run, tuple(prompt), drawing, origins[number])
        make = partial(grow, copy, prompt, origins[number].ids, drawing)
        found[number] = context.cache.recall(
            ("branch", number), (copy.key, asked), make, None if number == chosen else asked
        )
    branch = found[chosen]
    shown = context.cache.recall(
        "distributions",
        (copy.key, tuple(prompt), drawing, origins[chosen]),
        lambda: distributions(copy, prompt, branch.ids, drawing),
    )
    return [found[number] for number in range(len(origins))], shown


def _entry(context: FrameContext, number: int, fork: Fork, branch: Branch) -> dict[str, Any]:
    """One branch: where it left which other, its symbols, its probability."""
    style, task = context.style, context.copy.task
    _ = style.translate
    title = _("branch {number}").format(number=number + 1)
    if fork.parent is not None:
        title = _("└ branch {number}, from branch {parent} at step {step}").format(
            number=number + 1, parent=fork.parent + 1, step=branch.given - 1
        )
    written = [task.vocabulary[i] for i in branch.ids]
    return {
        "title": title,
        "parent": fork.parent,
        "given": branch.given,
        "ids": branch.ids.tolist(),
        "strip": strip(written, -branch.score.log_probs, style, context.view.chance, branch.score.ranks),
        "total": typographic(f"ln p = {branch.score.total:z.2f}"),
        "note": _("{amount} per symbol").format(amount=amount(-float(branch.score.log_probs.mean()), style)),
    }


def _candidates(context: FrameContext, branch: Branch, found: Step, at: int) -> dict[str, Any]:
    """The likeliest symbols of a step, before and after temperature and truncation."""
    style, vocabulary = context.style, context.copy.task.vocabulary
    _ = style.translate
    drawn = int(branch.ids[at])
    rows = [
        {
            "id": int(i),
            "symbol": visible(vocabulary[i]),
            "before": float(found.before[i]),
            "after": float(found.after[i]),
            "texts": [_share(found.before[i]), _share(found.after[i])],
            "drawn": int(i) == drawn,
        }
        for i in found.order
    ]
    rest = 1 - float(found.before[found.order].sum())
    chosen = at < branch.given
    sentence = (
        _("At step {step} the network finds {count:,} of {size:,} symbols possible after truncation.")
        if not chosen
        else _("At step {step} you chose the symbol; {count:,} of {size:,} symbols could have been drawn.")
    ).format(step=at, count=int((found.after > 0).sum()), size=len(vocabulary))
    return {
        "title": _("Step {step}: what might have come").format(step=at),
        "sentence": join_sentences(sentence, _("Click a symbol to continue from it.")),
        "headings": [_("symbol"), _("network's probability"), _("drawn from")],
        "rows": rows,
        "rest": _("all others: {share:.1f}%").format(share=100 * max(0.0, rest)),
    }


def _compared(context: FrameContext, grown: list[Branch], beams: Beams, greedy: Branch) -> dict[str, list[Any]]:
    """Branches and beams in one table, the most probable first: all have the same length."""
    style, task = context.style, context.copy.task
    _ = style.translate
    rows = [
        (float(total), _("beam {number}").format(number=n), ids)
        for n, (ids, total) in enumerate(zip(beams.ids, beams.log_probs, strict=True), start=1)
    ]
    rows += [
        (branch.score.total, _("branch {number}").format(number=n), branch.ids)
        for n, branch in enumerate(grown, start=1)
    ]
    rows.append((greedy.score.total, _("greedy"), greedy.ids))
    rows.sort(key=lambda row: -row[0])
    return {
        _("found by"): [name for _total, name, _ids in rows],
        "ln p": [typographic(f"{total:z.2f}") for total, _name, _ids in rows],
        _("per symbol"): [amount(-total / len(ids), style) for total, _name, ids in rows],
        _("text"): [_one_line(task.decode(ids)) for _total, _name, ids in rows],
    }


def _one_line(text: str) -> str:
    """The text with a sign for each character that would begin another line, or leave one empty."""
    signed = "".join(visible(char) if char in "\n\r\t" else char for char in text)
    return signed.encode("utf-8", "replace").decode("utf-8")


def _share(p: float) -> str:
    """A probability; a dash where there is none."""
    return probability(float(np.log(p))) if p > 0 else "–"


def _entropy(table: np.ndarray) -> np.ndarray:
    """(S,) nats of the distributions (S, K)."""
    return -np.sum(np.where(table > 0, table * np.log(np.maximum(table, 1e-300)), 0.0), axis=1)
