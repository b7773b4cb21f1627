"""Context of a frame: the network, the view options, the request."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ui.charts.symbols import visible
from ui.i18n import Language
from ui.language.baselines import Counting, counting
from ui.language.branches import Drawing
from ui.language.figures import FigureStyle
from ui.language.guides import amount, probability
from ui.language.model_copy import ModelCopy
from ui.live.cache import Cache
from ui.theme import Theme
from ui.training.snapshot import View

if TYPE_CHECKING:
    from ui.language.renderer import Request


@dataclass(frozen=True)
class ViewOptions:
    """View options: written by the page's script, read by the renderer."""

    language: Language
    theme: Theme
    view: str = "score"  # key in PICTURES
    unit: str = "bits"
    sentences: str = ""  # one a line
    before: str = ""  # what is read before each of them
    prompt: str = ""
    drawing: Drawing = field(default_factory=Drawing)
    passage: int = 0
    notation: str = "article"
    layer: int = 0
    split: str = "train"


class FrameContext(NamedTuple):
    """Context of a frame: the network at one moment, the options, the request."""

    copy: ModelCopy
    view: View
    options: ViewOptions
    request: "Request"
    style: FigureStyle
    cache: Cache
    changed: Callable[[], None]  # to be called when there is more to show


def count_of(context: FrameContext) -> Counting:
    """Count of n-grams for this frame's text; when it is done there is a new frame."""

    def begin() -> Counting:
        count = counting(context.copy.task)
        count.future.add_done_callback(lambda _future: context.changed())
        return count

    return context.cache.recall("counting", context.copy.task, begin)


def strip(
    written: Sequence[str],
    surprise: Collection[float],
    style: FigureStyle,
    full: float,
    ranks: np.ndarray | None = None,
) -> dict[str, Any]:
    """Symbols, each with a bar for its surprise (nats); `full` nats fill the bar."""
    _ = style.translate
    titles = []
    for number, nats in enumerate(surprise):
        title = f"p = {probability(-nats)}, {amount(nats, style)}"
        if ranks is not None:
            title += ", " + _("ranked {rank}").format(rank=int(ranks[number]) + 1)
        titles.append(title)
    return {
        "symbols": [symbol if len(symbol) > 1 else visible(symbol) for symbol in written],
        "heights": [round(min(1.0, nats / full), 3) for nats in map(float, surprise)],
        "titles": titles,
    }
