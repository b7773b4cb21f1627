"""Settings, and how the URL spells them.

A page declares its settings in one table, each with the label and the help of its control. The URL holds those that
differ from their defaults, by name, in words that no language changes; opened again, it gives the controls their first
values. Streamlit's own `bind="query-params"` writes a list's choice as it is displayed, so a link made in Chinese would
say nothing to a page in English.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import streamlit as st

from ui.i18n import language_named
from ui.settings import keys
from ui.settings.help import Help
from ui.settings.language import current_language

NONE = "off"  # how the URL spells None
ALWAYS = (keys.LANGUAGE, keys.HIDE, keys.PRESENT)  # of the URL, whatever the page
STREAMLIT = ("embed", "embed_options")  # names of the URL that it reads itself
PROXY = ("server",)  # names of the URL that a proxy reads: deploy/nginx


@dataclass(frozen=True)
class Setting:
    """One setting: its default and what it may be.

    >>> Setting(4, low=1, high=8).parse("3"), Setting(4, low=1, high=8).parse("9"), Setting("gru", ("gru",)).parse("x")
    (3, 8, 'gru')
    >>> Setting(None, (None, 0.5)).spell(None), Setting(("i",), ("i", "f"), several=True).parse("f,i,x")
    ('off', ('i', 'f'))
    """

    default: Any
    choices: tuple[Any, ...] = ()  # everything it may be, or anything between the bounds
    low: float = -math.inf  # of a number that is not one of some choices
    high: float = math.inf
    longest: int = 0  # characters of a text
    pattern: str = ""  # that a text matches as a whole; none: any text
    several: bool = False  # a tuple of choices, in their order
    label: str = ""  # of its control, in English; none: it is chosen in a chart
    help: Help | None = None  # of its control

    def parse(self, text: str) -> Any:
        """The value that the URL spells so; of a number that it cannot be the nearest, else the default."""
        if self.several:
            named = text.split(",")
            return tuple(choice for choice in self.choices if self.spell((choice,)) in named)
        if self.choices:
            return next((choice for choice in self.choices if self.spell(choice) == text), self._nearest(text))
        if isinstance(self.default, bool):
            return {"true": True, "false": False}.get(text, self.default)
        if isinstance(self.default, str):
            return text if len(text) <= self.longest and self.allows(text) else self.default
        return self._nearest(text)

    def _nearest(self, text: str) -> Any:
        """The number nearest to the one that the text spells; the default where it spells none."""
        numbers = [choice for choice in self.choices if isinstance(choice, int | float)]
        value = _number(text)
        if value is None or (self.choices and not numbers):
            return self.default
        if self.choices:
            return min(numbers, key=lambda number: abs(number - value))
        return type(self.default)(
            min(max(value if isinstance(self.default, float) else round(value), self.low), self.high)
        )

    def understands(self, text: str) -> bool:
        """Whether the URL's text is one of the values."""
        value = self.parse(text)
        if self.several:
            return set(filter(None, text.split(","))) == {self.spell((choice,)) for choice in value}
        if not self.choices and isinstance(value, int | float) and not isinstance(value, bool):
            return _number(text) == value
        return self.spell(value) == text and self.allows(value)

    def allows(self, value: Any) -> bool:
        """Whether it can be set to this. A browser can send anything."""
        if self.several:
            return isinstance(value, list | tuple) and all(choice in self.choices for choice in value)
        if self.choices:
            return value in self.choices
        if isinstance(self.default, bool | str):
            return isinstance(value, type(self.default)) and self._matches(value)
        if isinstance(value, bool) or not isinstance(value, int if isinstance(self.default, int) else int | float):
            return False
        return self.low <= value <= self.high

    def _matches(self, value: bool | str) -> bool:
        """Whether a text is as its pattern says, if it has one, and not too long then."""
        if not self.pattern or isinstance(value, bool):
            return True
        return len(value) <= self.longest and re.fullmatch(self.pattern, value) is not None

    def spell(self, value: Any) -> str:
        """Spelling of a value in the URL."""
        if self.several:
            return ",".join(value)
        if value is None:
            return NONE
        return (
            str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
        )


def _number(text: str) -> float | None:
    """The finite number that the text spells, if it does."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


class Remark(NamedTuple):
    """Something in the URL that could not be followed: what it says, and what is there instead, if anything."""

    asked: str
    instead: str = ""


def asked_of(page: str) -> dict[str, str]:
    """Query of the URL when this page was first opened: from then on the URL follows the controls."""
    asked = st.session_state.setdefault(keys.ASKED, {})
    if page not in asked:
        asked[page] = st.query_params.to_dict()
        # The controls that a link leaves out stay away on every page.
        st.session_state.setdefault(keys.HIDE, asked[page].get(keys.HIDE, ""))
    return asked[page]


class Settings:
    """A page's settings in this run of its script: the table, what the URL asked for, what is set now.

    table : name -> Setting. defaults : others than the table's, such as those of a preset or a language.
    """

    def __init__(self, page: str, table: dict[str, Setting], defaults: dict[str, Any] | None = None):
        self.table, self._defaults = table, defaults or {}
        self.values: dict[str, Any] = {}
        self.firsts: dict[str, Any] = st.session_state.setdefault(keys.FIRSTS, {})  # instead of what the URL asks for
        self._not_in_url: set[str] = set()  # set, but without effect
        self._instead: dict[str, Any] = {}  # what the URL says in the place of what is set
        known = st.session_state.setdefault(keys.REMARKS, {})
        self.opened = page not in known  # by this run, for the first time
        self._asked = asked_of(page)
        self._chosen = st.session_state.setdefault(keys.CHOSEN, {})
        self.hidden = frozenset(st.session_state[keys.HIDE].split(","))
        if self.opened:
            known[page] = tuple(table), self._not_understood()
        self._place, self._remarks = known[page]

    def _not_understood(self) -> list[Remark]:
        remarks = []
        for name, text in self._asked.items():
            setting, odd_projection = self.table.get(name), name == keys.PRESENT and text not in ("0", "1", "")
            if name == keys.NO_PAGE:
                remarks.append(Remark(text))
            elif name == keys.HIDE:
                others = {value for value in vars(keys).values() if isinstance(value, str)}  # of other pages
                unknown = set(filter(None, text.split(","))) - {*self.table, *others}
                remarks.extend(Remark(f"{name}={part}") for part in sorted(unknown))
            elif name == keys.LANGUAGE and language_named(text) is None:
                remarks.append(Remark(f"{name}={text}", current_language().code))
            elif setting is None and (name not in (*ALWAYS, *STREAMLIT, *PROXY) or odd_projection):
                remarks.append(Remark(f"{name}={text}"))
            elif setting is not None and not setting.understands(text):
                remarks.append(Remark(f"{name}={text}", setting.spell(self.first(name))))
        return remarks

    def first(self, name: str) -> Any:
        """The value to begin with: the link's, else the default."""
        if name in self.firsts:
            return self.firsts[name]
        setting = self.table[name]
        value = setting.parse(self._asked[name]) if name in self._asked else setting.default
        if name in self._asked and (value != setting.default or setting.understands(self._asked[name])):
            return value
        return self._defaults.get(name, setting.default)

    def asks(self, name: str) -> str:
        """Value in the link; nothing where it has none."""
        return self._asked.get(name, "")

    def now(self, name: str) -> Any:
        """Value of a setting, whether or not its control is drawn."""
        first = self._chosen.get(name, self.first(name))
        value = st.session_state.get(name, first)
        return value if self.table[name].allows(value) else first

    def set(self, name: str, value: Any) -> None:
        """Set its control, before it is drawn; one that was never drawn begins with the value."""
        target = st.session_state if name in st.session_state else self.firsts
        target[name] = self._chosen[name] = value

    def note(self, name: str, value: Any, in_url: bool = True) -> Any:
        """Note the present value of a setting; the URL holds it, unless it has no effect."""
        self.values[name] = value
        (self._not_in_url.discard if in_url else self._not_in_url.add)(name)
        return value

    def note_others(self) -> None:
        """Note the values of settings that have no control in this run."""
        for name in self.table.keys() - self.values.keys():
            self.note(name, self.now(name))

    def remark(self, *remarks: Remark) -> None:
        """Add remarks about the link."""
        self._remarks.extend(remarks)

    @property
    def remarks(self) -> list[Remark]:
        """Parts of the link that could not be followed; nothing on another page, or once something has been changed."""
        stood = st.session_state.get(keys.STOOD, {})
        changed = any(_plain(self.now(name)) != _plain(stood.get(name, self.first(name))) for name in self.table)
        if self._place != tuple(self.table) or changed:
            self._remarks.clear()
        return self._remarks

    def say_instead(self, values: dict[str, Any]) -> None:
        """Write these values into the URL instead of the settings."""
        self._instead = values

    def write_url(self, arrived: bool = False) -> None:
        """Write the settings that differ from their defaults into the URL. arrived : from another page, whose last
        address may have come after this page's: it is written whatever the URL was.
        """
        spelled = {name: self.table[name].spell(value) for name, value in self.values.items()}
        st.session_state.setdefault(keys.SPELLED, {}).update(spelled)
        language = st.session_state.get(keys.LANGUAGE) or st.query_params.get(keys.LANGUAGE)
        query = {keys.LANGUAGE: language, keys.HIDE: st.session_state[keys.HIDE]}
        query = {name: value for name, value in query.items() if value}
        query |= {
            name: text
            for name, text in st.query_params.to_dict().items()
            if name in STREAMLIT or (name, text) == (keys.PRESENT, "1")
        }
        query |= {
            name: self.table[name].spell(value)
            for name, value in (self.values | self._instead).items()
            if (value != self.table[name].default or name in self._defaults)
            and name not in self._not_in_url
            and self._fits(name, value)
        }
        if arrived or query != st.query_params.to_dict():
            st.query_params.from_dict(query)

    def _fits(self, name: str, value: Any) -> bool:
        """Whether the URL has room for it."""
        return not isinstance(value, str) or not self.table[name].longest or len(value) <= self.table[name].longest


def _plain(value: Any) -> Any:
    """A value of several choices as a tuple, as settings have it: a control has a list."""
    return tuple(value) if isinstance(value, list) else value


def leave_if_changed(
    settings: Settings,
    name: str,
    experiments: Mapping[str, Any],
    defaults: dict[str, Any],
    arranged: Callable[[dict[str, Any]], Any],
) -> None:
    """An experiment is left as soon as it is no longer the one that was chosen: then the settings are the reader's own.

    name : of the setting that names one. defaults : of all experiments. arranged : what counts, made of all values.
    """
    experiment = experiments.get(settings.now(name))
    if experiment is None:
        return
    values = {key: settings.now(key) for key in settings.table}
    if arranged(values) != arranged(values | defaults | experiment.values):
        settings.set(name, "")
