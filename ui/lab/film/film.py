"""The film of a run, from its past: a picture of the score at each of its moments, the loss of all of it."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from ui.i18n import Language, Translate
from ui.lab.film.document import document
from ui.lab.film.facts import facts
from ui.lab.film.packing import rounded
from ui.lab.verdict import verdict
from ui.live.metrics import numbers
from ui.theme import Theme
from ui.training.background import Progress
from ui.training.model_history import straight
from ui.training.reel import Reel
from ui.training.snapshot import View

MADE = 0.95  # of the work, when all pictures are made
WHILE_PACKED = 4  # times its size: a picture, the same as text with all others, compressed, and in the page


def film(
    reel: Reel,
    score: Callable[[View], Any],
    loss: Callable[[View, int], Any],
    *,
    theme: Theme,
    language: Language,
    unit: str,
    labels: Mapping[str, str],
    link: str,
    progress: Progress,
    charge: Callable[[int], None] = lambda size: None,
) -> str | None:
    """The film as an HTML page; None where it is no longer wanted.

    score, loss : make the figures: of a view; of the newest one and the update that is marked. labels : of the
    settings, by name. link : the address of the page, empty where it is none. charge : is told the bytes that it holds
    until now, before it takes more.
    """
    _, frames, held = language.gettext, [], 0
    for view in reel.views(lambda share: progress(MADE * share)):
        drawn = score(view).to_json(validate=False)
        charge(held := held + WHILE_PACKED * len(drawn))
        frames.append(
            {
                "update": view.update,
                "numbers": [[name, f"{value} {note}".strip()] for name, value, note in numbers(view, unit, _)[:3]],
                "verdict": verdict(view, _, unit=unit),
                "score": rounded(json.loads(drawn)),
            }
        )
    if len(frames) < len(reel.updates):
        return None
    newest = reel.newest
    about = {
        "language": language.code.replace("_", "-"),
        "title": _("A recurrent network learns: updates {first:,} to {last:,}").format(
            first=reel.updates[0], last=reel.updates[-1]
        ),
        "words": words(_, straight(newest.first, newest.changes)),
        "colours": {"background": theme.background, "ink": theme.ink, "faded": theme.faded, "accent": theme.training},
        "facts": facts(newest, len(frames), labels, _),
        "link": link if link.startswith(("http://", "https://")) else "",
        "loss": rounded(json.loads(loss(newest, -1).to_json(validate=False))),
    }
    return document(about, frames) if progress(1.0) else None


def words(_: Translate, linked: bool) -> dict[str, str]:
    """Words of the page. linked : whether a link of settings leads to the network of the film."""
    return {
        "play": _("Play film"),
        "pause": _("Pause"),
        "next": _("Next moment"),
        "speed": _("Speed"),
        "update": _("Update"),
        "at": _("update {update}"),
        "score": _("Score of one sequence: symbols, hidden states, outputs, loss and gradient norm of each step."),
        "loss": _("Training loss, held-out loss and gradient norm over the updates."),
        "link": _("The same network in RNN Lab") if linked else _("A network with these settings in RNN Lab"),
    }
