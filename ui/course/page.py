"""The page “Course”: short lessons along the article, each a guess, a run that judges it, and an explanation."""

import streamlit as st

from ui.course.lessons import NAMES, lessons
from ui.course.overview import overview
from ui.course.quiz import quiz_view
from ui.course.view import lesson_view
from ui.i18n import N_, Language
from ui.live.page import Page, Visit
from ui.settings import keys
from ui.settings.setting import Setting, Settings
from ui.settings.widgets import Widgets

QUIZ = {"before": N_("Ten questions: before"), "after": N_("Ten questions: after")}
TABLE = {keys.LESSON: Setting("", ("", "before", *NAMES, "after"))}


def _widgets(language: Language) -> Widgets:
    return Widgets(Settings("course", TABLE), language.gettext)


def _controls(visit: Visit) -> str:
    """The lesson that is open; nothing for the list of all."""
    titles = {"": N_("All lessons"), **QUIZ} | {name: lesson.title for name, lesson in lessons().items()}
    with st.sidebar:
        return visit.widgets.select(keys.LESSON, visit.gettext("Lesson"), titles)


def _view(visit: Visit, name: str) -> None:
    if name in QUIZ:
        quiz_view(name, visit.theme, visit.gettext)
    elif name:
        lesson_view(lessons()[name], visit.theme, visit.gettext)
    else:
        overview(visit.theme, visit.gettext)


PAGE = Page(
    name="course",
    settings=TABLE,
    widgets=_widgets,
    controls=_controls,
    view=_view,
)
