"""Live element of the Lab: the browser draws the frames of ui/lab/renderer.py."""

from pathlib import Path

from ui.live.component import live_component
from ui.settings import keys

STATIC = Path(__file__).parent / "static"


def live(session, theme, step: int, _) -> int:
    """Live part: buttons, notices, numbers, score, loss, the network's texts.

    step : the step that is chosen at first, -1 for none. Returns the one that is chosen now.
    """
    words = {
        "chooseStep": _("Click a step, or use ← and →, to see its exact values."),
        "noStep": _("No step is chosen."),
        "downloadCheckpoint": _("The network itself (checkpoint)"),
        "downloadHistory": _("Loss history (CSV)"),
        "taskGuide": _("The task: what goes in, what must come out"),
        "scoreGuide": _("How to read the score"),
        "scoreTable": _("The score as a table"),
        "lossGuide": _("How to read the loss"),
        "lossTable": _("The loss as a table"),
        "samples": _("Texts by the network"),
        "noText": _("This network writes no text: it needs a text or a grammar to learn from, read in one direction."),
        "scoreAlt": _("Score of one sequence: symbols, hidden states, outputs, loss and gradient norm of each step."),
        "lossAlt": _("Training loss, held-out loss and gradient norm over the updates."),
    }
    now = live_component(keys.LIVE, STATIC, session, theme, words, _, step=step)
    return now.step if isinstance(now.step, int) else step
