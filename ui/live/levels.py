"""The levels that a loss is compared with, in words: chance, a model without memory, a fair choice."""

import math

from rnn_core import ModelConfig
from ui.i18n import Translate


def needs_memory_alone(config: ModelConfig, chance: float) -> bool:
    """Whether the level to beat is not a blind guess: most steps of the task are certain without any memory.

    config : ModelConfig. chance : the task's.
    """
    return config.loss == "cross_entropy" and not math.isclose(chance, math.log(config.output_size))


def baseline(config: ModelConfig, chance: float, _: Translate) -> str:
    """The name of the level that a network has to beat."""
    return _("without memory") if needs_memory_alone(config, chance) else _("chance")


def choice(config: ModelConfig, chance: float, best: float | None, loss: float, _: Translate) -> list[str]:
    """Meaning of a loss between chance and nothing, where each answer is one of equally likely symbols: how many of
    them the network still takes to be possible."""
    if best != 0 or config.loss != "cross_entropy" or needs_memory_alone(config, chance):
        return []
    sentence = _("It is as uncertain as a fair choice among {choices:.1f} of the {symbols} symbols.")
    return [sentence.format(choices=math.exp(loss), symbols=config.output_size)]
