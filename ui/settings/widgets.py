"""Controls that are bound to a page's settings: label, help and bounds from the table, first value from the link,
hidden if the link says so.

Each control is given its first value as an argument. Put into st.session_state beforehand, a value can be lost: when
a second run of the page overtakes the first, the browser never hears of it and answers with nothing. What was
chosen from a list is remembered and becomes the list's first value, so that a change of language cannot lose it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import streamlit as st
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer

from ui.i18n import Translate
from ui.settings import keys
from ui.settings.fold import fold
from ui.settings.language import current_language
from ui.settings.preset import set_controls
from ui.settings.setting import Settings

KEEP = {"persist_state": "session"}  # values stay when another page is shown


class Widgets:
    """Draws controls and notes what they are set to."""

    def __init__(self, settings: Settings, translate: Translate):
        self.settings, self._ = settings, translate
        self.labels: dict[str, str] = {}  # of the controls that this run has drawn, by name
        self._drawn = True  # whether the part that the next controls stand in is open
        self._chosen = st.session_state.setdefault(keys.CHOSEN, {})

    def label(self, name: str) -> str:
        """Label of a setting's control, in the reader's language."""
        return self._(self.settings.table[name].label)

    def described(self, name: str, **options: Any) -> dict[str, Any]:
        """What a control of Streamlit is called with: the setting's name, label and help, and these options."""
        known = self.settings.table[name].help
        return {"label": self.label(name), "key": name, "help": known and known.text(self._), **KEEP, **options}

    def _value(self, name: str, draw: Callable[[Any], Any], useful: bool = True) -> Any:
        """Value of the control that `draw` makes. Hidden, folded away, or of no use with the other settings, it
        is not drawn and keeps the first value, or what it was set to. What a browser sends and no control can be set
        to counts for nothing."""
        first = self.settings.first(name)
        if useful:
            self.labels[name] = self.label(name)
        if useful and self._drawn and name not in self.settings.hidden:
            value = draw(first)
            value = value if self.settings.table[name].allows(value) else first
        else:
            value = self.settings.now(name)
        self._chosen[name] = value
        return self.settings.note(name, value, in_url=useful)

    @contextmanager
    def part(self, key: str, label: str, expanded: bool = False) -> Iterator[ExpanderContainer]:
        """Controls that are folded away until the part is opened: what nobody sees costs neither server nor browser.

        expanded : whether it is open at first.
        """
        with fold(label, key, expanded) as expander:
            self._drawn = bool(expander.open)
            yield expander
            self._drawn = True

    def slider(self, name: str, useful: bool = True, **options: Any) -> Any:
        """A number between the setting's bounds."""
        bounds, options = self._bounds(name), self.described(name, **options)
        return self._value(name, lambda first: st.slider(**bounds, value=first, **options), useful)

    def number(self, name: str, useful: bool = True, **options: Any) -> Any:
        """A number between the setting's bounds, to be typed."""
        bounds, options = self._bounds(name), self.described(name, **options)
        return self._value(name, lambda first: st.number_input(**bounds, value=first, **options), useful)

    def _bounds(self, name: str) -> dict[str, Any]:
        setting = self.settings.table[name]
        return {"min_value": setting.low, "max_value": setting.high}

    def steps(self, name: str, written: Callable[[Any], str] = str, useful: bool = True) -> Any:
        """One of the setting's choices, on a slider; `written` says how each is written."""
        options = self.described(name, options=self.settings.table[name].choices, format_func=written)
        return self._value(name, lambda first: st.select_slider(value=first, **options), useful)

    def checkbox(self, name: str, useful: bool = True, **options: Any) -> bool:
        """On or off."""
        options = self.described(name, **options)
        return self._value(name, lambda first: st.checkbox(value=first, **options), useful)

    def text(self, name: str, **options: Any) -> str:
        """A line of text."""
        options = self.described(name, max_chars=self.settings.table[name].longest, **options)
        return self._value(name, lambda first: st.text_input(value=first, **options))

    def area(self, name: str, **options: Any) -> str:
        """Lines of text."""
        options = self.described(name, max_chars=self.settings.table[name].longest, **options)
        return self._value(name, lambda first: st.text_area(value=first, **options))

    def select(self, name: str, names: Mapping[Any, str], choices: Iterable[Any] | None = None, **options: Any) -> Any:
        """One of the setting's choices, from a list; `names` says how each is written in English."""
        choices = list(choices or self.settings.table[name].choices)

        def draw(first: Any) -> Any:
            known = self._chosen.get(name, first)
            return st.selectbox(
                options=choices,
                index=choices.index(known) if known in choices else 0,
                format_func=lambda choice: self._(names.get(choice, str(choice))),
                placeholder=self._("Choose one"),
                **self.described(name, **options),
            )

        return self._value(name, draw)

    def contents(self, name: str, titles: Mapping[str, str]) -> str:
        """The part of a page that is open, from a list in the side bar; `titles` says in English how each is written.

        Buttons elsewhere open one too. Whenever one does, the list becomes a new one for Streamlit: a run that was
        begun before the browser has heard of it would else bring what the list said there, and close what was opened.
        """
        key, parts = f"{name}_list", list(titles)
        opened = self.settings.now(name)
        opened = opened if opened in titles else parts[0]
        number, shown = st.session_state.get(key, (0, opened))
        number += opened != shown
        st.session_state[key] = number, opened
        box = f"{key}_{current_language().code}_{number}"

        def choose() -> None:
            if st.session_state[key][0] == number:
                st.session_state[key] = number, st.session_state[box]
                set_controls({name: st.session_state[box]})

        if name not in self.settings.hidden:
            with st.sidebar:
                st.selectbox(
                    options=parts,
                    index=parts.index(opened),
                    format_func=lambda part: self._(titles[part]),
                    on_change=choose,
                    **self.described(name, key=box),
                )
        self.settings.set(name, opened)
        return str(self.settings.note(name, opened))

    def segments(self, name: str, names: Mapping[Any, str], useful: bool = True, **options: Any) -> Any:
        """One of a few choices, all of them visible."""

        def draw(first: Any) -> Any:
            known = self._chosen.get(name, first)
            return st.segmented_control(
                options=list(names),
                default=known if known in names else next(iter(names)),
                format_func=lambda choice: self._(names[choice]),
                required=True,
                **self.described(name, **options),
            )

        return self._value(name, draw, useful)

    def own(self, name: str, draw: Callable[[Any], Any]) -> Any:
        """A control that is an element of the page's own: `draw` is called with the value to begin with."""
        return self._value(name, lambda first: draw(self._chosen.get(name, first)))

    def pills(self, name: str, names: Mapping[Any, str], **options: Any) -> tuple[Any, ...]:
        """Any of a few choices, in their order."""
        choices = self.settings.table[name].choices

        def draw(first: Any) -> Any:
            return st.pills(
                options=choices,
                selection_mode="multi",
                default=[choice for choice in first if choice in choices],
                format_func=lambda choice: self._(names.get(choice, choice)),
                **self.described(name, **options),
            )

        chosen = self._value(name, draw)
        return self.settings.note(name, tuple(choice for choice in choices if choice in chosen))
