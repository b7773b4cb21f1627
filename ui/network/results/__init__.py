"""Published results that are trained again, in the order of the page; the name of each is the name of its file."""

from ui.network.results import (
    adding,
    copying,
    counting,
    flipflop,
    gradient_curves,
    meanings,
    reber,
    word_classes,
)
from ui.network.results.record import Result

_ALL = (reber, gradient_curves, adding, copying, counting, flipflop, word_classes, meanings)
RESULTS: dict[str, Result] = {module.RESULT.name: module.RESULT for module in _ALL}
