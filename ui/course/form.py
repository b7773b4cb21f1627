"""The course's element in the browser: what the browser keeps of the course, and the form of a lesson's guesses."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from ui.course.classroom import registry
from ui.course.compared import chart
from ui.course.lesson import Answers, Lesson
from ui.course.own.shelf import every_lesson
from ui.course.state import CourseState
from ui.i18n import Translate
from ui.live.component import LOADER
from ui.settings import keys
from ui.settings.language import current_language
from ui.theme import THEMES, Theme
from ui.training.tabs import key_of_tab

STATIC = Path(__file__).parent / "static"


@cache
def _component() -> Callable[..., Any]:
    css = (STATIC / "course.css").read_text(encoding="utf-8")
    return component("course", html='<div class="course"></div>', css=css, js=LOADER, isolate_styles=False)


def course_state() -> CourseState:
    """The course of this browser tab."""
    state = st.session_state.setdefault(keys.COURSE, CourseState())
    state.visitor = key_of_tab()
    return state


def form(
    lesson: Lesson | None, theme: Theme, _: Translate, kept: dict[str, str] | None = None, listing: bool = False
) -> None:
    """Show the guesses of a lesson, or the answers where they are locked; on the list of lessons and in a class
    nothing. In either case the browser keeps what there is to keep. kept : what it keeps as a drawing (chart_to_keep).
    listing : whether the browser is asked whether it keeps guesses that are not locked; then, and for a lesson, it is
    asked for its keys of classes.
    """
    state = course_state()
    if lesson:
        state.recall(lesson)
    answers = state.answers(lesson) if lesson else None
    data = {
        "script": "browser/course/static/course.js",
        "language": current_language().code.replace("_", "-"),
        "state": state.key,
        "loaded": state.loaded,
        "empty": state.empty,
        "written": state.written,
        "erased": state.erased,
        "networksErased": state.networks_erased,
        "arrived": state.arrival.at if state.arrival else "",
        "answered": state.arrival is not None and not state.arrival.open,
        "chart": kept,
        "chartsAsked": state.charts_asked,
        "classes": [code for code, _key in keys_of_classes()] if listing or lesson else None,
        "drafts": drafts_kept() if listing else None,
        "form": _guesses(lesson, _) if lesson and state.loaded and answers is None else None,
        "locked": [[_(guess.label), guess.written(answers[guess.name], _)] for guess in lesson.guesses]
        if lesson and answers is not None
        else None,
        "words": words_of_guesses(_)
        | {
            "lock": _("Lock in my guess"),
            "locked": _("Your guess is locked:"),
            "missing": _("Answer every question first. After that the network runs, and nothing can be changed."),
            "ready": _("Once it is locked, your guess cannot be changed."),
        },
        "colours": {"guess": theme.held_out, "faded": theme.faded, "grid": theme.grid},
    }
    _component()(
        key=keys.COURSE_FORM,
        data=data,
        on_stored_change=_load,
        on_lock_change=_lock,
        on_gone_change=_forget,
        on_elsewhere_change=_follow,
        on_link_change=_arrive,
        on_charts_change=_take_charts,
        on_classes_change=_nothing,
        on_drafts_change=_nothing,
    )


def chart_to_keep(lesson: Lesson, answers: Answers, measured: Any, _: Translate) -> dict[str, str]:
    """The measured chart of a lesson for paper, as Plotly's JSON: dark on light, whatever the page."""
    drawn = chart(lesson, measured, answers, THEMES["light"], _).to_json(validate=False)
    return {"lesson": lesson.name, "figure": drawn, "title": _(lesson.title)}


def words_of_guesses(_: Translate) -> dict[str, str]:
    """Everything that stands in the controls of the guesses."""
    return {
        "notYet": _("not yet chosen"),
        "asNumber": _("as a number"),
        "up": _("one place up"),
        "down": _("one place down"),
        "thisOrder": _("Keep this order"),
        "draw": _("Draw the curve with the mouse or a finger. With the keyboard: ← → choose a place, ↑ ↓ move it."),
        "nothingDrawn": _("nothing drawn yet"),
        "clear": _("Erase the curve"),
        "outside": _("{given} is out of range. Choose a number from {low} to {high}."),
    }


def keys_of_classes() -> list[tuple[str, str]]:
    """Codes of classes that this browser has been in, each with its key, as it has told them."""
    told = st.session_state.get(keys.COURSE_FORM, {}).get("classes")
    return [
        (code, key)
        for code, key in (pair for pair in told or () if isinstance(pair, list | tuple) and len(pair) == 2)
        if isinstance(code, str) and isinstance(key, str)
    ]


def withheld(lesson: Lesson) -> str | None:
    """Why the lesson is not offered here: the code of a running class that is at it or has seen its result, "" where
    that class is over; None where it is offered. What was guessed and judged before is always shown."""
    state = course_state()
    record = state.records.get(lesson.name)
    if record is not None and record.score is not None:
        return None
    for code, key in keys_of_classes():
        classroom = registry.CLASSES.known(code)
        if classroom is None or classroom.role_of(key) != "member":
            continue
        if classroom.withholds(lesson.name, record is not None):
            return code
    return "" if record is None and lesson.name in state.seen else None


def drafts_kept() -> bool:
    """Whether this browser keeps guesses that are not locked, as it has told."""
    return st.session_state.get(keys.COURSE_FORM, {}).get("drafts") is True


def _nothing() -> None:
    """The script runs again; that is all."""


def _guesses(lesson: Lesson, _: Translate) -> dict[str, Any]:
    guesses = [
        {"name": guess.name, "label": _(guess.label), "kind": guess.kind} | guess.spec(_) for guess in lesson.guesses
    ]
    return {"lesson": lesson.name, "guesses": guesses}


def _load() -> None:
    stored = st.session_state[keys.COURSE_FORM].stored
    course_state().load(stored if isinstance(stored, str) else "", every_lesson())


def _forget() -> None:
    """The browser keeps nothing any more: it was erased in another tab, or before a reload that brought this state."""
    if st.session_state[keys.COURSE_FORM].gone:
        course_state().erase()


def _follow() -> None:
    """Another tab has kept something."""
    match st.session_state[keys.COURSE_FORM].elsewhere:
        case {"text": str(text), "replaced": bool(replaced)}:
            course_state().follow(text, replaced, every_lesson())


def _arrive() -> None:
    """The address has brought progress from another device."""
    match st.session_state[keys.COURSE_FORM].link:
        case {"text": str(text), "at": str(at)}:
            course_state().arrive(text, at, every_lesson())


def _take_charts() -> None:
    """The drawings that the browser has kept, for a file to hand in."""
    match st.session_state[keys.COURSE_FORM].charts:
        case {"asked": str(asked), "charts": dict(kept)}:
            course_state().take_charts(asked, kept)


def _lock() -> None:
    match st.session_state[keys.COURSE_FORM].lock:
        case {"lesson": str(name), "answers": dict(answers), "kept": str(kept)} if name in every_lesson():
            course_state().follow(kept, False, every_lesson())
            if withheld(every_lesson()[name]) is None:
                course_state().lock(every_lesson()[name], answers)
