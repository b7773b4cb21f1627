"""Writing: continuations as a tree, the distributions of the chosen step, beam search beside them, earlier texts."""

from functools import partial

import numpy as np

from ui.charts.formatting import typographic
from ui.charts.symbols import visible
from ui.i18n import join_sentences
from ui.language.branches import Branch, Fork, distributions, forks, grow, search, step
from ui.language.figures import choices
from ui.language.frame_context import Scene, strip
from ui.language.guides import amount, probability, write_guide, write_table
from ui.language.model_copy import start
from ui.live.metrics import samples_entry


def picture(scene: Scene) -> tuple[dict, dict]:
    """What the view «write» shows."""
    voice, want, look, drawing = scene.voice, scene.want, scene.look, scene.stage.drawing
    task, _ = voice.task, look.translate
    prompt = start(task, scene.stage.prompt)
    origins = forks(want.branches if want.run == voice.run else (), task.output_size, drawing.length)
    number = min(want.branch, len(origins) - 1)
    grown, (before, after) = _grow(scene, prompt.ids, origins, number)
    branch = grown[number]
    asked = (voice.run, prompt.written, drawing)
    sure = drawing._replace(temperature=0.0)
    recall = scene.memory.recall
    greedy = recall("greedy", (voice.key, asked), lambda: grow(voice, prompt.ids, (), sure), asked)
    beams = recall("beams", (voice.key, asked), lambda: search(voice, prompt.ids, drawing), asked)
    at = None if want.step is None else min(want.step, drawing.length - 1)
    kept = (after > 0).sum(axis=1)
    about = {
        "prompt": strip(prompt.written, [0.0] * len(prompt.ids), look, 1)["symbols"],
        "branches": [_entry(scene, i, *pair) for i, pair in enumerate(zip(origins, grown, strict=True))],
        "branch": number,
        "step": at,
        "length": drawing.length,
        "candidates": None
        if at is None
        else _candidates(scene, branch, step(before[at], after[at], branch.ids[at]), at),
        "compared": _compared(scene, grown, beams, greedy),
        "parts": {},
    }
    if prompt.unknown:
        about["unread"] = [
            _("The network does not know these symbols and leaves them out:")
            if task.unknown is None
            else _("The network does not know these symbols and reads each as its unknown symbol:"),
            "  ".join(prompt.unknown[:12]).encode("utf-8", "replace").decode("utf-8"),
        ]
    if scene.view.samples:
        about["samples"] = [samples_entry(sample, _) for sample in scene.view.samples]
    if "write_guide" in want.opened:
        about["parts"]["write_guide"] = write_guide(look, drawing, branch, kept)
    if "write_table" in want.opened:
        about["parts"]["write_table"] = write_table(branch, task.vocabulary, kept, look)
    left = _entropy(after)
    figure = choices(-branch.score.log_probs, branch.score.entropy, left, kept, look)
    return about, {"choices": figure}


def _grow(scene: Scene, prompt, origins, chosen: int):
    """Every branch, and the distributions of the chosen one. The others take turns where there is not time for all."""
    voice, drawing, found = scene.voice, scene.stage.drawing, {}
    turn = voice.update % len(origins)
    for number in dict.fromkeys((chosen, *range(turn, len(origins)), *range(turn))):
        asked = (voice.run, tuple(prompt), drawing, origins[number])
        make = partial(grow, voice, prompt, origins[number].ids, drawing)
        found[number] = scene.memory.recall(
            ("branch", number), (voice.key, asked), make, None if number == chosen else asked
        )
    branch = found[chosen]
    shown = scene.memory.recall(
        "distributions",
        (voice.key, tuple(prompt), drawing, origins[chosen]),
        lambda: distributions(voice, prompt, branch.ids, drawing),
    )
    return [found[number] for number in range(len(origins))], shown


def _entry(scene: Scene, number: int, fork: Fork, branch: Branch) -> dict:
    """One branch: where it left which other, its symbols, its probability."""
    look, task = scene.look, scene.voice.task
    _ = look.translate
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
        "strip": strip(written, -branch.score.log_probs, look, scene.view.chance, branch.score.ranks),
        "total": typographic(f"ln p = {branch.score.total:.2f}"),
        "note": _("{amount} per symbol").format(amount=amount(-float(branch.score.log_probs.mean()), look)),
    }


def _candidates(scene: Scene, branch: Branch, found, at: int) -> dict:
    """The likeliest symbols of a step, before and after temperature and truncation."""
    look, vocabulary = scene.look, scene.voice.task.vocabulary
    _ = look.translate
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


def _compared(scene: Scene, grown: list[Branch], beams, greedy: Branch) -> dict[str, list]:
    """Branches and beams in one table, the most probable first: all have the same length."""
    look, task = scene.look, scene.voice.task
    _ = look.translate
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
        "ln p": [f"{total:.2f}" for total, _name, _ids in rows],
        _("per symbol"): [amount(-total / len(ids), look) for total, _name, ids in rows],
        _("text"): [_one_line(task.decode(ids)) for _total, _name, ids in rows],
    }


def _one_line(text: str) -> str:
    """The text with a sign for each character that would begin another line, or leave one empty."""
    signed = "".join(visible(char) if char in "\n\r\t" else char for char in text)
    return signed.encode("utf-8", "replace").decode("utf-8")


def _share(p: float) -> str:
    """A probability; a dash where there is none."""
    return probability(float(np.log(p))) if p > 0 else "–"


def _entropy(table) -> np.ndarray:
    """(S,) nats of the distributions (S, K)."""
    return -np.sum(np.where(table > 0, table * np.log(np.maximum(table, 1e-300)), 0.0), axis=1)
