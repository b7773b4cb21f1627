"""Pairs of an input and an output sequence, for an encoder-decoder; `base.PairTask` defines them."""

from rnn_core.tasks.pairs.base import Pairs, PairTask
from rnn_core.tasks.pairs.dates import DatesTask
from rnn_core.tasks.pairs.numerals import ChineseNumeralsTask, NumeralsTask
from rnn_core.tasks.pairs.reverse import ReverseTask
from rnn_core.tasks.pairs.translation import ChineseTranslationTask, TranslationTask

PAIRS: dict[str, type[PairTask]] = {
    "numerals": NumeralsTask,
    "numerals_zh": ChineseNumeralsTask,
    "dates": DatesTask,
    "reverse": ReverseTask,
    "translation": TranslationTask,
    "translation_zh": ChineseTranslationTask,
}

__all__ = [
    "PAIRS",
    "ChineseNumeralsTask",
    "ChineseTranslationTask",
    "DatesTask",
    "NumeralsTask",
    "PairTask",
    "Pairs",
    "ReverseTask",
    "TranslationTask",
]
