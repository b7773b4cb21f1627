"""The network's held-out loss between what counting reaches and a blind guess."""

from ui.language.figures import baselines as figure
from ui.language.frame_context import FrameContext, count_of
from ui.language.guides import baselines_guide, baselines_table, compared_with_counting


def picture(context: FrameContext) -> tuple[dict, dict]:
    """Frame of the view «rulers»."""
    task, view, style, opened = context.copy.task, context.view, context.style, context.request.opened
    _, ids = style.translate, task.held_out_ids
    count = count_of(context)
    found, loss = count.baselines, view.held_out[-1][1]
    about = {"share": count.share, "parts": {}}
    if count.failed:
        about["summary"] = _("The text could not be counted: it is too short for that, or the server was too busy.")
    elif found is None:
        about["summary"] = _("Counting n-grams of the training text: {share:.0f}% done.").format(
            share=100 * count.share
        )
    else:
        about["summary"] = compared_with_counting(found, loss, style)
    if "rulers_guide" in opened:
        letters = context.cache.recall("letters", context.copy.run, lambda: len(task.decode(ids)) / len(ids))
        about["parts"]["rulers_guide"] = baselines_guide(found, task.output_size, letters, loss, style)
    if "rulers_table" in opened:
        about["parts"]["rulers_table"] = baselines_table(found, loss, view.chance, style)
    return about, {"rulers": figure(view.held_out, found.losses if found else (), view.chance, style)}
