"""The page “Results”: published results that are trained again. It has no live channel: a run of its script shows
what is stored, and follows what is measured in the background."""

from ui.live.page import Page, Visit
from ui.results.controls import TABLE, choose, widgets_of
from ui.results.overview import overview
from ui.results.view import result_view


def _show(visit: Visit, name: str) -> None:
    if name:
        result_view(name, visit)
    else:
        overview(visit.gettext)


PAGE = Page(name="results", settings=TABLE, widgets=widgets_of, controls=choose, show=_show)
