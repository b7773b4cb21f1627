"""What a picture of the page is made from: the network, what the reader has set, what the browser wants."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ui.figures.symbols import visible
from ui.figures.writing import Look
from ui.language import Language
from ui.snapshot import View
from ui.theme import Theme
from ui.writing.branches import Drawing
from ui.writing.reading import amount, probability
from ui.writing.rulers import Counting, counting
from ui.writing.voice import Voice


@dataclass(frozen=True)
class Stage:
    """How the page wants it."""

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


class Scene(NamedTuple):
    """One moment."""

    voice: Voice
    view: View
    stage: Stage
    want: Any  # ui.writing.frames.Want
    look: Look
    remember: Callable[[str, Any, Callable], Any]  # (name, key, make): what make() gave for this key, made once
    changed: Callable[[], None]  # to be called when there is more to show


def count_of(scene: Scene) -> Counting:
    """The count of n-grams for this scene's text; when it is done there is a new picture."""

    def begin():
        count = counting(scene.voice.task)
        count.future.add_done_callback(lambda _future: scene.changed())
        return count

    return scene.remember("counting", scene.voice.task, begin)


def strip(written, surprise, look: Look, full: float, ranks=None) -> dict:
    """Symbols, each with a bar for its surprise (nats); `full` nats fill the bar."""
    _ = look.translate
    titles = []
    for number, nats in enumerate(surprise):
        title = f"p = {probability(-nats)}, {amount(nats, look)}"
        if ranks is not None:
            title += ", " + _("choice number {rank}").format(rank=int(ranks[number]) + 1)
        titles.append(title)
    return {
        "symbols": [symbol if len(symbol) > 1 else visible(symbol) for symbol in written],
        "heights": [round(min(1.0, nats / full), 3) for nats in map(float, surprise)],
        "titles": titles,
    }
