"""The contract of a page, and what every page does in a run of its script."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import streamlit as st

from ui.i18n import Language
from ui.live.component import live_component
from ui.live.full import server_full
from ui.live.layout import Layout, Shown
from ui.live.line import connection_line
from ui.live.scripts import note_run
from ui.pages import PAGES
from ui.settings import remarks
from ui.settings.appearance import current_theme
from ui.settings.keys import ACT, KEEP, PAGE
from ui.settings.language import current_language
from ui.settings.preset import next_seed
from ui.settings.setting import Setting
from ui.settings.share import share
from ui.settings.widgets import Widgets
from ui.theme import Theme
from ui.training.worker import AnyWorker


class Visit(NamedTuple):
    """One run of a page's script."""

    session: Any  # of the page's own kind; None on a page without one
    language: Language
    theme: Theme
    widgets: Widgets
    arrived: bool = False  # whether this run is the first since another page of the tab was shown

    @property
    def gettext(self) -> Callable[[str], str]:
        """The function that translates an English string for the reader."""
        return self.language.gettext


@dataclass(frozen=True)
class Page:
    """A page of the app; ui/pages.py lists them.

    name : of its folder, its script and its address; its title and its heading stand in ui/pages.py.
    settings : every setting that its address can say.
    widgets : makes the controls of a run, from the reader's language.
    controls : draws the side bar and returns what is set.
    show : draws what stands between the heading and the live element, from the visit and what `controls` returned;
    returns what the live element shows, None where there is none.
    layouts : its live elements, a record each. below : draws what stands below them.
    session : finds the networks of this tab, None where the server is full. Without it the page has no live channel:
    Unroll, the course and Results, which draw what their scripts compute.
    act : does what a button beside the charts has asked for, before controls are drawn. seed : the setting that the
    button “New seed” changes.
    shared : whether the side bar ends with the link to the page; keep : draws what stands before that. unlinked :
    says where the link opens another network than the one that is shown.
    """

    name: str
    settings: dict[str, Setting]
    widgets: Callable[[Language], Widgets]
    show: Callable[[Visit, Any], Shown | None]
    controls: Callable[[Visit], Any] = lambda visit: None
    layouts: tuple[Layout, ...] = ()
    below: Callable[[Visit, Any], None] = lambda visit, choices: None
    session: Callable[[], AnyWorker | None] | None = None
    act: Callable[[Any, str], None] = lambda session, action: None
    seed: str = ""
    shared: bool = False
    keep: Callable[[Visit], None] = lambda visit: None
    unlinked: Callable[[Visit], str] = lambda visit: ""

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
        for action in (note_run(session), st.session_state.pop(ACT, None)):
            if action == "new_seed":
                next_seed(page.seed, page.settings[page.seed])
            elif action is not None:
                page.act(session, action)
    arrived = st.session_state.get(PAGE, page.name) != page.name
    visit = Visit(session, language, current_theme(), page.widgets(language), arrived)
    settings = visit.widgets.settings
    st.title(_(page.heading), anchor=False)  # before what the controls have to say
    choices = page.controls(visit)
    st.session_state[PAGE] = page.name
    remarks.show(settings, _(page.title), _)
    if page.session is None:
        connection_line(_)
    shown = page.show(visit, choices)
    if shown is not None and session is not None:
        shown.layout.renderer_of(session).show(shown.options)
        live_component(shown, session, visit.theme, settings, _)
        page.below(visit, choices)
    settings.write_url(arrived)
    if page.shared:
        with st.sidebar, visit.widgets.part(KEEP, _("Keep and share")) as part:
            if part.open:
                page.keep(visit)
                share(settings, visit.widgets.labels, _, page.unlinked(visit))
