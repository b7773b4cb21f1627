"""Texts to train on, written for this project (each file is one text); read when first asked for."""

from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files


@dataclass(frozen=True)
class BuiltInText:
    """One text: its key (the file is key.txt), its title in its own language, that language (en, zh_CN)."""

    key: str
    title: str
    language: str

    @cached_property
    def text(self) -> str:
        return files(__package__).joinpath(f"{self.key}.txt").read_text(encoding="utf-8")


TEXTS: dict[str, BuiltInText] = {
    text.key: text
    for text in (
        BuiltInText("river_en", "What the river says", "en"),
        BuiltInText("night_train_en", "The night train", "en"),
        BuiltInText("seasons_zh", "四季歌", "zh_CN"),
        BuiltInText("old_street_zh", "旧巷", "zh_CN"),
    )
}
