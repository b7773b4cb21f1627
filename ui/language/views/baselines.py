"""The network's held-out loss between what counting reaches and a blind guess."""

from collections.abc import Callable
from typing import Any

from ui.language.baselines import NgramBaselines
from ui.language.figures import baselines as figure
from ui.language.frame_context import FrameContext, count_of
from ui.language.guides import baselines_guide, baselines_table, compared_with_counting
from ui.live.renderer import Part


def picture(
    context: FrameContext,
) -> tuple[dict[str, Any], dict[str, Any], tuple[NgramBaselines | None, float]]:
    """Frame of the view “rulers”."""
    view, style, _ = context.view, context.style, context.style.translate
    count = count_of(context)
    found, loss = count.baselines, view.held_out[-1][1]
    about: dict[str, Any] = {"share": count.share}
    if count.failed:
        about["summary"] = _("The text could not be counted: it is too short for that, or the server was too busy.")
    elif found is None:
        about["summary"] = _("Counting n-grams of the training text: {share:.0f}% done.").format(
            share=100 * count.share
        )
    else:
        about["summary"] = compared_with_counting(found, loss, style)
    figures = {"rulers": figure(view.held_out, found.losses if found else (), view.chance, style)}
    return about, figures, (found, loss)


def _guide(context: FrameContext, found: NgramBaselines | None, loss: float) -> list[str]:
    task = context.copy.task
    ids = task.held_out_ids
    letters = context.cache.recall("letters", context.copy.run, lambda: len(task.decode(ids)) / len(ids))
    return baselines_guide(found, task.output_size, letters, loss, context.style)


def _table(context: FrameContext, found: NgramBaselines | None, loss: float) -> dict[str, list[Any]]:
    return baselines_table(found, loss, context.view.chance, context.style)


GUIDES: dict[str, Callable[[FrameContext, NgramBaselines | None, float], Part]]
GUIDES = {"rulers_guide": _guide, "rulers_table": _table}
