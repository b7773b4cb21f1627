"""Pages of the Lab's network: what they have in common."""

from collections.abc import Callable, Mapping
from typing import Any

from ui.live.layout import Layout, Shown
from ui.live.page import Page, Visit
from ui.live.scrubber import unlinked
from ui.network.controls import Choices, choose, lab_widgets
from ui.network.session import act, direct
from ui.network.settings import SETTINGS
from ui.settings import keys
from ui.settings.setting import Setting
from ui.training.tabs import training_session


def choose_network(visit: Visit) -> Choices:
    """Draw the side bar of the Lab and have the session do what it says."""
    choices = choose(visit.widgets, visit.language)
    direct(visit.session, choices, visit.widgets.settings)
    return choices


def network_page(
    name: str,
    layouts: tuple[Layout, ...],
    show: Callable[[Visit, Any], Shown | None],
    settings: Mapping[str, Setting] | None = None,
    controls: Callable[[Visit], Any] = choose_network,
    act: Callable[[Any, str], None] = act,
    **more: Any,
) -> Page:
    """A page with the Lab's side bar, of the network that trains in this tab.

    settings : of the page beside the Lab's. more : the other fields of Page.
    """
    table = dict(settings or {})
    return Page(
        name=name,
        settings=SETTINGS | table,
        widgets=lambda language: lab_widgets(language, table),
        controls=controls,
        show=show,
        layouts=layouts,
        session=training_session,
        act=act,
        unlinked=_unlinked,
        seed=keys.SEED,
        **more,
    )


def _unlinked(visit: Visit) -> str:
    """That the link does not lead to the network that is shown, unless that is about to be another one."""
    snapshot = visit.session.shown
    shown = snapshot.view
    if shown is None or visit.session.awaited:
        return ""
    return unlinked(shown, snapshot.look.newest or shown, visit.gettext)
