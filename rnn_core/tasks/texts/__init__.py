"""Texts to train on, written for this project (each file is one text) or made by it; had when first asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from importlib.resources import files

from rnn_core.tasks.texts.answers import CHINESE, ENGLISH, answers
from rnn_core.tasks.texts.marked import marked_text
from rnn_core.tasks.texts.streams import reber_stream, syllables, unspaced, xor_stream


@dataclass(frozen=True)
class BuiltInText:
    """One text: its key (the file is key.txt), its title in its own language, that language (en, zh_CN; None: symbols
    without one, titled in English); or what makes it."""

    key: str
    title: str
    language: str | None
    make: Callable[[], str] | None = None

    @cached_property
    def text(self) -> str:
        if self.make is not None:
            return self.make()
        return files(__package__).joinpath(f"{self.key}.txt").read_text(encoding="utf-8")


TEXTS: dict[str, BuiltInText] = {
    text.key: text
    for text in (
        BuiltInText("river_en", "What the river says", "en"),
        BuiltInText("night_train_en", "The night train", "en"),
        BuiltInText("seasons_zh", "四季歌", "zh_CN"),
        BuiltInText("old_street_zh", "旧巷", "zh_CN"),
        BuiltInText("marked_en", "Quotes, brackets", "en", marked_text),
        BuiltInText("answers_en", "Who is where?", "en", partial(answers, ENGLISH)),
        BuiltInText("answers_zh", "谁在哪里？", "zh_CN", partial(answers, CHINESE)),
        BuiltInText("reber_stream", "Reber without breaks", None, reber_stream),
        BuiltInText("xor_stream", "Exclusive or, bit by bit", None, xor_stream),
        BuiltInText("syllables", "ba dii guuu", None, syllables),
        BuiltInText("unspaced", "Words without spaces", None, unspaced),
    )
}
STREAMS = ("reber_stream", "xor_stream", "syllables", "unspaced")  # of them without sense: each has one regularity
