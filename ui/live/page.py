"""The contract of a page, and what every page does in a run of its script."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import streamlit as st

from ui.i18n import Language
from ui.live.full import server_full
from ui.live.line import connection_line
from ui.live.renderer import Renderer
from ui.pages import PAGES
from ui.settings import remarks
from ui.settings.appearance import current_theme
from ui.settings.keys import KEEP
from ui.settings.language import current_language
from ui.settings.setting import Setting
from ui.settings.share import share
from ui.settings.widgets import Widgets
from ui.theme import Theme
from ui.training.session import TrainingSession


class Visit(NamedTuple):
    """One run of a page's script."""

    session: Any  # TrainingSession; None on a page without one
    language: Language
    theme: Theme
    widgets: Widgets

    @property
    def gettext(self) -> Callable[[str], str]:
        """From an English string to the reader's language."""
        return self.language.gettext


@dataclass(frozen=True)
class Page:
    """A page of the app; ui/pages.py lists them.

    name : of its folder, its script and its address; its title and its heading stand in ui/pages.py.
    settings : every setting that its address can say.
    widgets : makes the controls of a run, from the reader's language.
    view : draws what stands below the heading, from the visit and what `controls` returned.
    controls : draws the side bar before that and returns what is set.
    session : finds the networks of this tab, None where the server is full. Without it the page has no live channel:
    Unroll, which draws what its script computes.
    act : does what a button beside the charts has asked for, before controls are drawn.
    renderers : of its live pictures.
    shared : whether the side bar ends with the link to the page; keep : draws what stands before that.
    """

    name: str
    settings: dict[str, Setting]
    widgets: Callable[[Language], Widgets]
    view: Callable[[Visit, Any], None]
    controls: Callable[[Visit], Any] = lambda visit: None
    session: Callable[[], TrainingSession | None] | None = None
    act: Callable[[Any], None] = lambda session: None
    renderers: tuple[type[Renderer], ...] = ()
    shared: bool = False
    keep: Callable[[Visit], None] = lambda visit: None

    @property
    def title(self) -> str:
        """Its title in the navigation."""
        return PAGES[self.name].title

    @property
    def heading(self) -> str:
        """Its heading above everything else."""
        return PAGES[self.name].heading


def run(page: Page) -> None:
    """Run the script of a page: from the settings in its address to the address of what is set now."""
    language, session = current_language(), None
    _ = language.gettext
    if page.session is not None:
        session = page.session()
        if session is None:
            server_full(_)
        page.act(session)
    visit = Visit(session, language, current_theme(), page.widgets(language))
    settings = visit.widgets.settings
    choices = page.controls(visit)
    st.title(_(page.heading), anchor=False)
    remarks.show(settings, _(page.title), _)
    if page.session is None:
        connection_line(_)
    page.view(visit, choices)
    settings.write_url()
    if page.shared:
        with st.sidebar, visit.widgets.part(KEEP, _("Keep and share")) as part:
            if part.open:
                page.keep(visit)
                share(settings, visit.widgets.labels, _)
