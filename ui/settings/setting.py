"""What a reader can set, and how the URL spells it.

A page declares its settings in one table. The URL holds those that differ from their defaults, by name, in words that
no language changes; opened again, it gives the controls their first values. Streamlit's own `bind="query-params"`
writes a list's choice as it is displayed, so a link made in Chinese would say nothing to a page in English.
"""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from ui.settings import keys

NONE = "off"  # how the URL spells None
ALWAYS = (keys.LANGUAGE, keys.HIDE)  # of the URL, whatever the page


@dataclass(frozen=True)
class Setting:
    """One setting: its default and what it may be.

    >>> Setting(4, low=1, high=8).parse("3"), Setting(4, low=1, high=8).parse("9"), Setting("gru", ("gru",)).parse("x")
    (3, 4, 'gru')
    >>> Setting(None, (None, 0.5)).spell(None), Setting(("i",), ("i", "f"), several=True).parse("f,i,x")
    ('off', ('i', 'f'))
    """

    default: Any
    choices: tuple = ()  # everything it may be, or anything between the bounds
    low: float | None = None
    high: float | None = None
    longest: int = 0  # characters of a text
    several: bool = False  # a tuple of choices, in their order

    def parse(self, text: str) -> Any:
        """The value that the URL spells so; the default where there is none such."""
        if self.several:
            named = text.split(",")
            return tuple(choice for choice in self.choices if self.spell((choice,)) in named)
        if self.choices:
            return next((choice for choice in self.choices if self.spell(choice) == text), self.default)
        if isinstance(self.default, bool):
            return {"true": True, "false": False}.get(text, self.default)
        if isinstance(self.default, str):
            return text if len(text) <= self.longest else self.default
        try:
            value = type(self.default)(text)
        except (ValueError, OverflowError):
            return self.default
        return value if self.low <= value <= self.high else self.default

    def spell(self, value: Any) -> str:
        """How the URL says it."""
        if self.several:
            return ",".join(value)
        if value is None:
            return NONE
        return (
            str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
        )


class Settings:
    """A page's settings in this run of its script: the table, what the URL asked for, what is set now.

    table : name -> Setting. defaults : others than the table's, such as those of a preset or a language.
    """

    def __init__(self, page: str, table: dict[str, Setting], defaults: dict[str, Any] | None = None):
        self.table, self._defaults, self.values = table, defaults or {}, {}
        self._unsaid: set[str] = set()  # set, but without effect
        # What the link asked for, once: from then on the URL follows the controls.
        self._asked = st.session_state.setdefault(keys.ASKED, {}).setdefault(page, st.query_params.to_dict())
        self.hidden = frozenset(self._asked.get(keys.HIDE, "").split(","))

    def first(self, name: str) -> Any:
        """The value to begin with: the link's, else the default."""
        default = self._defaults.get(name, self.table[name].default)
        return self.table[name].parse(self._asked[name]) if name in self._asked else default

    def note(self, name: str, value: Any, said: bool = True) -> Any:
        """The value is set so now; the URL says it, unless it has no effect."""
        self.values[name] = value
        (self._unsaid.discard if said else self._unsaid.add)(name)
        return value

    def write_url(self) -> None:
        """Let the URL say what is set, and nothing that goes without saying."""
        said = {name: st.query_params[name] for name in ALWAYS if name in st.query_params}
        said |= {
            name: self.table[name].spell(value)
            for name, value in self.values.items()
            if (value != self.table[name].default or name in self._defaults)
            and name not in self._unsaid
            and self._fits(name, value)
        }
        if said != st.query_params.to_dict():
            st.query_params.from_dict(said)

    def _fits(self, name, value) -> bool:
        """Whether the URL has room for it."""
        return not isinstance(value, str) or not self.table[name].longest or len(value) <= self.table[name].longest
