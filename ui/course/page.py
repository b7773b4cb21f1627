"""The page “Course”: short lessons along the article, each a guess, a run that judges it, and an explanation."""

import streamlit as st

from ui.course.classroom.codes import LONGEST
from ui.course.classroom.view import class_door, class_view, way_back
from ui.course.lessons import NAMES
from ui.course.overview import overview
from ui.course.own.shelf import OWN, address_of, every_lesson, folder, uploaded
from ui.course.quiz import quiz_view
from ui.course.view import lesson_view
from ui.i18n import N_, Language
from ui.live.page import Page, Visit
from ui.settings import keys
from ui.settings.help import Help
from ui.settings.preset import set_controls
from ui.settings.setting import Setting, Settings
from ui.settings.widgets import Widgets

QUIZ = {"before": N_("Ten questions: before"), "after": N_("Ten questions: after")}
TABLE = {
    keys.LESSON: Setting(
        "",
        ("", "before", *NAMES, *folder().texts, OWN, "after"),
        label=N_("Lesson"),
        help=Help(N_("The lessons follow the article from its first sentence to its last. Any can be opened.")),
    ),
    keys.CLASS: Setting("", longest=LONGEST),
}


def _widgets(language: Language) -> Widgets:
    return Widgets(Settings("course", TABLE), language.gettext)


def _controls(visit: Visit) -> str:
    """The lesson that is open; nothing for the list of all, nor in a class, whose teacher opens it."""
    settings = visit.widgets.settings
    if visit.arrived:  # by a link, which leads to the list, or by Back: the address says to what
        set_controls({name: TABLE[name].parse(st.query_params.get(name, "")) for name in TABLE})
    if settings.note(keys.CLASS, settings.now(keys.CLASS)):
        return ""
    titles = {"": N_("All lessons"), **QUIZ} | {address_of(one): one.title for one in every_lesson().values()}
    known = [choice for choice in TABLE[keys.LESSON].choices if choice in titles]
    return visit.widgets.contents(keys.LESSON, {name: titles[name] for name in known})


def _show(visit: Visit, name: str) -> None:
    code = visit.widgets.settings.now(keys.CLASS)
    if code:
        class_view(code, visit.theme, visit.gettext)
    elif name in QUIZ:
        quiz_view(name, visit.theme, visit.gettext)
    elif name:
        [lesson] = [one for one in every_lesson().values() if address_of(one) == name]
        lesson_view(lesson, visit.theme, visit.gettext)
    else:
        if visit.widgets.settings.asks(keys.LESSON) == OWN and uploaded() is None:
            st.info(visit.gettext("This address was for a lesson from a file. Choose the file again, below."))
        way_back(visit.gettext)
        overview(visit.theme, visit.gettext)
        class_door(visit.gettext)


PAGE = Page(
    name="course",
    settings=TABLE,
    widgets=_widgets,
    controls=_controls,
    show=_show,
)
