"""The course's element in the browser: what the browser keeps of the course, and the form of a lesson's guesses."""

from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

from ui.course.lesson import Lesson
from ui.course.lessons import lessons
from ui.course.state import CourseState
from ui.live.component import LOADER
from ui.settings import keys
from ui.settings.language import current_language

STATIC = Path(__file__).parent / "static"


@cache
def _component():
    css = (STATIC / "course.css").read_text(encoding="utf-8")
    return component("course", html='<div class="course"></div>', css=css, js=LOADER, isolate_styles=False)


def course_state() -> CourseState:
    """The course of this browser tab."""
    return st.session_state.setdefault(keys.COURSE, CourseState())


def form(lesson: Lesson | None, theme, _) -> None:
    """Show the guesses of a lesson, or the answers where they are locked; on the list of lessons nothing. In either
    case the browser keeps what there is to keep."""
    state = course_state()
    answers = state.answers(lesson) if lesson else None
    data = {
        "script": "browser/course/static/course.js",
        "language": current_language().code.replace("_", "-"),
        "state": state.key,
        "loaded": state.loaded,
        "empty": not (state.records or state.quiz),
        "written": state.written,
        "erased": state.erased,
        "form": _guesses(lesson, _) if lesson and state.loaded and answers is None else None,
        "locked": [[_(guess.label), guess.written(answers[guess.name], _)] for guess in lesson.guesses]
        if lesson and answers is not None
        else None,
        "words": {
            "lock": _("Lock in my guess"),
            "locked": _("Your guess is locked:"),
            "missing": _("Answer every question first. After that the network is trained, and nothing can be changed."),
            "ready": _("Once it is locked, your guess cannot be changed."),
            "notYet": _("not yet chosen"),
            "asNumber": _("as a number"),
            "up": _("one place up"),
            "down": _("one place down"),
            "thisOrder": _("Keep this order"),
            "draw": _("Draw the curve with the mouse or a finger. With the keyboard: ← → choose a place, ↑ ↓ move it."),
            "nothingDrawn": _("nothing drawn yet"),
            "clear": _("Erase the curve"),
        },
        "colours": {"guess": theme.held_out, "faded": theme.faded, "grid": theme.grid},
    }
    _component()(key=keys.COURSE_FORM, data=data, on_stored_change=_load, on_lock_change=_lock, on_gone_change=_forget)


def _guesses(lesson: Lesson, _) -> dict:
    guesses = [
        {"name": guess.name, "label": _(guess.label), "kind": guess.kind} | guess.spec(_) for guess in lesson.guesses
    ]
    return {"lesson": lesson.name, "guesses": guesses}


def _load() -> None:
    stored = st.session_state[keys.COURSE_FORM].stored
    course_state().load(stored if isinstance(stored, str) else "", lessons())


def _forget() -> None:
    """The browser keeps nothing any more: it was erased in another tab, or before a reload that brought this state."""
    if st.session_state[keys.COURSE_FORM].gone:
        course_state().erase()


def _lock() -> None:
    match st.session_state[keys.COURSE_FORM].lock:
        case {"lesson": str(name), "answers": dict(answers)} if name in lessons():
            course_state().lock(lessons()[name], answers)
