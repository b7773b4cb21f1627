"""Controls that are bound to a page's settings: first value from the link, hidden if the link says so.

Each control is given its first value as an argument. Put into st.session_state beforehand, a value can be lost: when
a second run of the page overtakes the first, the browser is never told of it and answers with nothing. What was
chosen from a list is remembered and becomes the list's first value, so that a change of language cannot lose it.
"""

from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import streamlit as st

from ui.settings import keys
from ui.settings.help import help_of
from ui.settings.setting import Settings

KEEP = {"persist_state": "session"}  # values stay when another page is shown


class Widgets:
    """Draws controls and notes what they are set to."""

    def __init__(self, settings: Settings, translate: Callable[[str], str]):
        self.settings, self._ = settings, translate
        self.labels: dict[str, str] = {}  # of the controls that this run has drawn, by name
        self._drawn = True  # whether the part that the next controls stand in is open
        self._chosen = st.session_state.setdefault(keys.CHOSEN, {})

    def _value(self, name: str, label: str, draw: Callable[[Any], Any], useful: bool = True) -> Any:
        """Value of the control that `draw` makes. Hidden, folded away, or of no use with the other settings, it
        is not drawn and keeps the first value, or what it was set to. What a browser sends and no control can be set
        to counts for nothing."""
        first = self.settings.first(name)
        if useful:
            self.labels[name] = label
        if useful and self._drawn and name not in self.settings.hidden:
            value = draw(first)
            value = value if self.settings.table[name].allows(value) else first
        else:
            value = self.settings.now(name)
        self._chosen[name] = value
        return self.settings.note(name, value, in_url=useful)

    def _with_help(self, name: str, options: dict) -> dict:
        """The options of a control, with its help."""
        return {"help": help_of(name, self._), **KEEP, **options}

    @contextmanager
    def part(self, key: str, label: str):
        """Controls that are folded away until the part is opened: what nobody sees costs neither server nor browser."""
        with st.expander(label, key=key, on_change="rerun") as expander:
            self._drawn = bool(expander.open)
            yield expander
            self._drawn = True

    def slider(self, name: str, label: str, useful: bool = True, **options) -> Any:
        """A number between the setting's bounds."""
        setting = self.settings.table[name]
        return self._value(
            name,
            label,
            lambda first: st.slider(
                label, setting.low, setting.high, first, key=name, **self._with_help(name, options)
            ),
            useful,
        )

    def number(self, name: str, label: str, useful: bool = True, **options) -> Any:
        """A number between the setting's bounds, to be typed."""
        setting = self.settings.table[name]
        return self._value(
            name,
            label,
            lambda first: st.number_input(
                label, setting.low, setting.high, first, key=name, **self._with_help(name, options)
            ),
            useful,
        )

    def steps(self, name: str, label: str, written=str) -> Any:
        """One of the setting's choices, on a slider; `written` says how each is written."""
        choices = self.settings.table[name].choices
        return self._value(
            name,
            label,
            lambda first: st.select_slider(
                label, choices, first, format_func=written, key=name, **self._with_help(name, {})
            ),
        )

    def checkbox(self, name: str, label: str, useful: bool = True, **options) -> bool:
        """On or off."""
        return self._value(
            name, label, lambda first: st.checkbox(label, first, key=name, **self._with_help(name, options)), useful
        )

    def text(self, name: str, label: str, **options) -> str:
        """A line of text."""
        longest = self.settings.table[name].longest
        return self._value(
            name,
            label,
            lambda first: st.text_input(label, first, max_chars=longest, key=name, **self._with_help(name, options)),
        )

    def area(self, name: str, label: str, **options) -> str:
        """Lines of text."""
        longest = self.settings.table[name].longest
        return self._value(
            name,
            label,
            lambda first: st.text_area(label, first, max_chars=longest, key=name, **self._with_help(name, options)),
        )

    def select(self, name: str, label: str, names: dict, choices=None, **options) -> Any:
        """One of the setting's choices, from a list; `names` says how each is written in English."""
        choices = list(choices or self.settings.table[name].choices)

        def draw(first):
            known = self._chosen.get(name, first)
            return st.selectbox(
                label,
                choices,
                choices.index(known) if known in choices else 0,
                format_func=lambda choice: self._(names.get(choice, str(choice))),
                key=name,
                placeholder=self._("Choose one"),
                **self._with_help(name, options),
            )

        return self._value(name, label, draw)

    def segments(self, name: str, label: str, names: dict, useful: bool = True, **options) -> Any:
        """One of a few choices, all of them visible."""

        def draw(first):
            known = self._chosen.get(name, first)
            return st.segmented_control(
                label,
                list(names),
                default=known if known in names else next(iter(names)),
                format_func=lambda choice: self._(names[choice]),
                key=name,
                required=True,
                **self._with_help(name, options),
            )

        return self._value(name, label, draw, useful)

    def pills(self, name: str, label: str, names: dict) -> tuple:
        """Any of a few choices, in their order."""
        choices = self.settings.table[name].choices

        def draw(first):
            return st.pills(
                label,
                choices,
                selection_mode="multi",
                default=[choice for choice in first if choice in choices],
                format_func=lambda choice: self._(names.get(choice, choice)),
                key=name,
                **self._with_help(name, {}),
            )

        chosen = self._value(name, label, draw)
        return self.settings.note(name, tuple(choice for choice in choices if choice in chosen))
