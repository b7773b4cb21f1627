"""The unit in which the Lab writes a loss: nats, perplexity, or the squared error of a task of real numbers."""

import math
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from ui.charts.formatting import grouped, perplexity, short

if TYPE_CHECKING:
    from rnn_core import ModelConfig

LARGEST = math.log(sys.float_info.max)  # nats: from here on a perplexity has no number


class LossUnit(NamedTuple):
    """One unit for the metrics, the guides, the tables and the score."""

    kind: str  # "nats", "perplexity" or "squared"
    translate: Callable[[str], str]

    @classmethod
    def of(cls, config: "ModelConfig", wanted: str, translate: Callable[[str], str]) -> "LossUnit":
        """Chosen unit, where the network's loss is a cross-entropy; a squared error has no other unit."""
        return cls(wanted if config.loss == "cross_entropy" else "squared", translate)

    def value(self, loss: float) -> float:
        """The loss in this unit; infinite where it has no number there.

        >>> LossUnit("perplexity", str).value(0.0), LossUnit("nats", str).value(0.5)
        (1.0, 0.5)
        >>> LossUnit("perplexity", str).value(710.0)
        inf
        """
        if self.kind != "perplexity":
            return loss
        return math.inf if loss > LARGEST else math.exp(loss)

    @property
    def name(self) -> str:
        """Name of a loss in this unit, as the heading of a column."""
        _ = self.translate
        return _("perplexity") if self.kind == "perplexity" else _("loss")

    def written(self, loss: float) -> str:
        """The loss with its unit, in a sentence."""
        _ = self.translate
        sentences = {
            "nats": _("a loss of {loss} nats"),
            "perplexity": _("a perplexity of {loss}"),
            "squared": _("a squared error of {loss}"),
        }
        number = {"nats": grouped(loss), "perplexity": perplexity(loss), "squared": short(loss)}
        return sentences[self.kind].format(loss=number[self.kind])
