"""The reader's language: English is in the code, the other catalogues are in locales/, read once per server.

Strings are marked `_("...")` where they are used and `N_("...")` where they stand in a table. One `Language`
object belongs to one session and is passed on; nothing is installed globally, for a server speaks several
languages at once. `make translations` brings the catalogues up to date after a change of strings.
"""

import gettext
import io
import numbers
import re
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from ui.charts.formatting import typographic

LOCALES = Path(__file__).resolve().parents[1] / "locales"
LANGUAGES = {"en": "English", "zh_CN": "简体中文"}
# An English message in the reader's language; `_("{count} step", "{count} steps", count)` the one that fits the number.
Translate = Callable[..., str]


# After and before these a Chinese text has no blank: they bring their own.
CLOSING, OPENING, HAN = "，。！？；：、）》」』…", "（《「『", "\u4e00-\u9fff"
# Beside the edge \\0 of a value: after a bracket, before a bracket, between two Chinese characters.
NO_BLANK = [
    re.compile(pattern)
    for pattern in (
        f"([{CLOSING}])\0 ()", f"() \0([{OPENING}])", f"([{HAN}])\0 \0?([{HAN}])", f"([{HAN}]) \0([{HAN}])",
    )
]  # fmt: skip


def N_(message: str) -> str:
    """The message itself."""
    return message


def join_sentences(*sentences: str) -> str:
    """One paragraph of several sentences: a blank between them, and none after full-width punctuation.

    >>> join_sentences("So far.", "So good."), join_sentences("到此为止。", "再见。")
    ('So far. So good.', '到此为止。再见。')
    """
    paragraph = ""
    for sentence in filter(None, sentences):
        blank = " " if paragraph and paragraph[-1] not in CLOSING else ""
        paragraph += blank + sentence
    return paragraph


class _Filler(string.Formatter):
    """Fills in the fields of a message: numbers as they are printed, no blank where Chinese has none."""

    EDGE = "\0"  # of a value

    def format_field(self, value: Any, spec: str) -> str:
        text = format(value, spec)
        return typographic(text) if isinstance(value, numbers.Number) else f"{self.EDGE}{text}{self.EDGE}"

    def vformat(self, message: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
        filled = super().vformat(message, args, kwargs)
        for blank in NO_BLANK:
            filled = blank.sub(r"\1\2", filled)
        return filled.replace(self.EDGE, "")


_FILLER = _Filler()


class Message(str):
    """A message in the reader's language; `format` fills in its fields.

    >>> Message("{name} 降到 {low:.1e}").format(name="RNN（tanh）", low=-3e-5)
    'RNN（tanh）降到 −3.0×10⁻⁵'
    """

    __slots__ = ()

    def format(self, *args: Any, **values: Any) -> str:
        """The message with its fields filled in."""
        return _FILLER.vformat(self, args, values)


@dataclass(frozen=True)
class Language:
    """One language: its code and its catalogue."""

    code: str
    catalogue: gettext.NullTranslations

    def gettext(self, message: str, plural: str = "", number: int = 1) -> Message:
        """The message in this language, the English one where there is none. plural : for any number but 1."""
        if plural:
            return Message(self.catalogue.ngettext(message, plural, number))
        return Message(self.catalogue.gettext(message))


@cache
def language(code: str) -> Language:
    """The language of that code; English is the source and needs no catalogue.

    >>> language("zh_CN").gettext("Pause")
    '暂停'
    """
    if code == "en":
        return Language(code, gettext.NullTranslations())
    with (LOCALES / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Language(code, gettext.GNUTranslations(compiled))


def language_named(text: str) -> str | None:
    """The code of the language that a link names, in any usual spelling; None where there is no such language.

    >>> language_named("zh"), language_named("zh-CN"), language_named("EN_gb"), language_named("xx")
    ('zh_CN', 'zh_CN', 'en', None)
    """
    short = re.split("[-_]", text.lower())[0]
    return next((code for code in LANGUAGES if code.split("_")[0] == short), None)


def preferred(locale: str | None) -> str:
    """The code of the language that fits a browser's locale best.

    >>> preferred("zh-Hans-CN"), preferred("en-GB"), preferred(None)
    ('zh_CN', 'en', 'en')
    """
    return "zh_CN" if (locale or "").lower().startswith("zh") else "en"
