"""The page of a class, for its teacher and its members, and the door to it on the list of lessons.

The element in the browser follows the class by itself (static/classroom.js). The page's script runs when the class has
come to another part, and shows the texts of the lesson.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import segno
import streamlit as st
from streamlit.components.v2 import component

from ui.course.classroom import registry
from ui.course.classroom.classroom import Classroom, View
from ui.course.classroom.codes import LONGEST, read_code, written_code
from ui.course.form import chart_to_keep, course_state, form, keys_of_classes, words_of_guesses
from ui.course.lesson import Answers, Lesson
from ui.course.lessons import heading_of
from ui.course.own.shelf import every_lesson
from ui.course.texts import explanation, paragraph, plain, verdicts
from ui.i18n import Translate
from ui.live.component import LOADER, styles, words_of_charts
from ui.settings import keys
from ui.settings.language import current_language
from ui.settings.preset import set_controls
from ui.settings.projecting import projecting
from ui.settings.proxy import leading_here
from ui.theme import Theme

STATIC = Path(__file__).parent / "static"
HTML = '<div class="live live-still course class-room"></div>'
HERE = ("localhost", "127.0.0.1", "::1")  # what only this machine understands


class Outcome(NamedTuple):
    """The lesson where a class is, one's own answers, and what was measured, None before it is compared."""

    lesson: Lesson
    answers: Answers | None
    measured: Any


@cache
def _component() -> Callable[..., Any]:
    shared = (STATIC.parents[1] / "static" / "course.css").read_text(encoding="utf-8")
    css = styles(STATIC, "classroom") + shared + (STATIC / "classroom.css").read_text(encoding="utf-8")
    return component("classroom", html=HTML, css=css, js=LOADER, isolate_styles=False)


def way_back(_: Translate) -> None:
    """On the list of lessons: back to the classes that this browser is in, as long as they run."""
    for code, key in keys_of_classes():
        classroom = registry.CLASSES.known(code)
        role = classroom.role_of(key) if classroom is not None else ""
        if not role:
            continue
        told = _("You lead a class that is running: {code}.") if role == "teacher" else _(
            "You are in a class that is running: {code}.")  # fmt: skip
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.text(told.format(code=written_code(code)))
            key = f"back_to_{code}"
            label = _("Back to class {code}").format(code=written_code(code))
            st.button(label, key=key, type="primary", on_click=open_class, args=(code,))


def class_door(_: Translate) -> None:
    """On the list of lessons: join a class by its code, or start one."""
    with st.expander(_("A class: many guess, one network is trained")):
        st.markdown(
            _(
                "A teacher leads the whole class through a lesson. Members join with a code, without an account; their "
                "guesses come together in a histogram, and then the measured value falls into it."
            )
        )
        with st.form("join_class", border=False):
            label = _("Code of the class")
            st.text_input(label, key=keys.CLASS_CODE, placeholder="ABC-DEF-GHJ")
            st.form_submit_button(_("Join the class"), on_click=_join)
        st.button(_("Start a class"), key=keys.CLASS_START, on_click=_start)
        refused = st.session_state.pop(keys.CLASS_REFUSED, None)
        if refused == "full":
            st.warning(_("The server is full and cannot hold another class now. Try again later."))
        elif refused == "empty":
            st.warning(_("Type the code of the class first: nine letters that your teacher shows you."))
        elif refused == "often":
            st.warning(_("Many classes were started from here within ten minutes. Try again later."))


def open_class(code: str) -> None:
    """Open the page of a class; of none with an empty code. To be called before controls are drawn."""
    known = read_code(code)
    set_controls({keys.CLASS: written_code(known) if known else code, keys.LESSON: ""})


def _join() -> None:
    code = st.session_state.get(keys.CLASS_CODE, "").strip()[:LONGEST]
    if code:
        open_class(code)
    else:
        st.session_state[keys.CLASS_REFUSED] = "empty"


def _start() -> None:
    found = registry.CLASSES.start(every_lesson(), st.context.ip_address or "")
    if isinstance(found, str):
        st.session_state[keys.CLASS_REFUSED] = found
        return
    st.session_state[keys.CLASS_KEY] = found.code, found.key
    open_class(found.code)


def class_view(text: str, theme: Theme, _: Translate) -> None:
    """The class of the code in the address; its texts once the browser has shown a key for it. What was compared last
    stays there after the end of the class: it is being read."""
    code = read_code(text) or ""
    known = registry.CLASSES.known(code)
    back = "← " + (_("All lessons") if known is None else _("Leave the class"))
    st.button(back, key=keys.COURSE_BACK, type="tertiary", on_click=open_class, args=("",))
    granted = dict([st.session_state.get(keys.CLASS_KEY, ("", ""))]).get(code)
    told = st.session_state.get(keys.CLASS_LIVE, {}).get("key") or granted
    key = told if isinstance(told, str) else ""
    shown = known if known is not None and _has_key(known, key) else None
    view, outcome = None, None
    if shown is not None:
        view = shown.view
        view = view._replace(lesson=view.lesson.told_in(current_language().code))
        outcome = Outcome(view.lesson, shown.answers(key, view.lesson.name), view.measured)
        st.session_state[keys.CLASS_OUTCOME] = code, outcome
        if view.measured is not None and outcome.answers is None and not shown.is_teacher(key):
            course_state().seen.add(view.lesson.name)
    elif known is None:
        outcome = dict([st.session_state.get(keys.CLASS_OUTCOME, ("", None))]).get(code)
    with st.container(key="class_texts"):  # of the same place, so that the element below keeps its own
        if outcome is not None:
            _texts(view, outcome, _)
    _element(text, code, theme, shown, view, _)
    if outcome is not None and outcome.measured is not None:
        with st.container(key="class_explained"):
            st.subheader(_("Explain"), anchor=False)
            explanation(outcome.lesson, outcome.answers or {}, outcome.measured, _)
    if shown is not None:
        form(None, theme, _, _count(shown, key, _))  # which has the browser keep it


def _count(classroom: Classroom, token: str, _: Translate) -> dict[str, str] | None:
    """Have a member's guesses count in their own progress, where they have the lesson too; the chart of the last that
    was compared, for the browser to keep."""
    every, state, chart = every_lesson(), course_state(), None
    for lesson, answers, measured in classroom.committed(token):
        if lesson.name in every:
            state.adopt(every[lesson.name], answers, measured)
            if measured is not None and state.answers(lesson) == answers:
                chart = every[lesson.name], answers, measured
    return chart_to_keep(*chart, _) if chart is not None else None


def _has_key(classroom: Classroom, key: str) -> bool:
    return classroom.is_teacher(key) or classroom.is_member(key)


def _texts(view: View | None, outcome: Outcome, _: Translate) -> None:
    """The lesson's title, and texts of the present part; one's own guess and its score once the guessing is closed.
    view : None after the end of the class."""
    lesson, answers, measured = outcome
    if view is not None or measured is not None:
        st.header(plain(lesson, heading_of(lesson, _)), anchor=False)
    if view is not None and (view.part == "read" or (view.part == "guess" and not view.closed)):
        with st.container(key="class_claim" if view.part == "read" else "class_claim_again"):
            paragraph(lesson, _(lesson.claim))
        return
    if answers is None or (view is None and measured is None):
        return
    st.subheader(_("Your guess"), anchor=False)
    if measured is None:
        for guess in lesson.guesses:
            st.text(_(guess.label))
            st.text(guess.written(answers[guess.name], _))
        return
    verdicts(lesson, lesson.judge(answers, measured), _)


def _link(code: str) -> str:
    """The address by which one joins, as this page was opened; behind a proxy it leads to the process that holds it."""
    return f"{st.context.url or ''}?{urlencode({keys.CLASS: written_code(code)} | leading_here())}"


def _element(text: str, code: str, theme: Theme, classroom: Classroom | None, view: View | None, _: Translate) -> None:
    """The live element."""
    granted = st.session_state.get(keys.CLASS_KEY, ("", ""))
    link = _link(code) if code else ""
    words = words_of_charts(_) | words_of_guesses(_) | _words(_) | {"howToJoin": _how_to_join("server=" in link, _)}
    data = {
        "script": "browser/course/classroom/static/classroom.js",
        "language": current_language().code.replace("_", "-"),
        "theme": theme.name,
        "projecting": projecting(),
        "code": code or text,
        "key": granted[1] if granted[0] == code else "",
        "known": view is not None,
        "at": f"{view.lesson.name}/{view.part}/{str(view.closed).lower()}" if view is not None else "",
        "link": link,
        "local": (urlsplit(link).hostname or "") in HERE,
        "qr": segno.make(link, error="m").svg_data_uri(border=2, light="#fff") if link else "",
        "lessons": _titles(classroom, _),
        "words": words,
        "colours": {"guess": theme.held_out, "faded": theme.faded, "grid": theme.grid,
                    "positive": theme.held_out, "negative": theme.training},
    }  # fmt: skip
    _component()(key=keys.CLASS_LIVE, data=data, on_key_change=_nothing, on_moved_change=_nothing)


def _nothing() -> None:
    """The script runs again; that is all."""


def _titles(classroom: Classroom | None, _: Translate) -> list[tuple[str, str]]:
    """Names and headings of the lessons that the class can open."""
    code = current_language().code
    lessons = classroom.lessons.items() if classroom else ()
    return [(name, heading_of(lesson.told_in(code), _)) for name, lesson in lessons]


def _how_to_join(by_link: bool, _: Translate) -> str:
    """by_link : the code alone might lead to another process."""
    if by_link:
        return _("Open the link or scan the picture.")
    return _("Open the link or scan the picture; or open the course and type the code.")


def _words(_: Translate) -> dict[str, Any]:
    """Everything that stands in the element, beside charts and controls."""
    return {
        "parts": {"read": _("Read"), "guess": _("Guess"), "run": _("Run"), "compare": _("Compare")},
        "cut": _("The connection to the server is lost. This page tries again by itself."),
        "unknown": _(
            "There is no class with this code: it has ended, or the code is mistyped. Ask your teacher for it."
        ),
        "ended": _(
            "This class has ended. The server has forgotten its guesses. What you guessed in lessons of the course is "
            "in your list of lessons, in this browser; what you guessed in a lesson of your teacher’s is not kept."
        ),
        "often": _("Too many wrong codes were tried. Open this page again in ten minutes."),
        "crowd": _(
            "Too many have joined this class from this network within ten minutes. The page joins by itself as soon as "
            "it can."
        ),
        "full": _("This class is full. The page joins by itself when there is a place."),
        "here": _("Members here: {here}"),
        "guessing": _("Guesses so far: {guesses} · members here: {here}"),
        "guessed": _("Guesses: {guesses}"),
        "names": _("Names: {names}"),
        "comma": _(", "),
        "pair": _("{item}: {answer}"),
        "training": _("The network is running."),
        "trained": _("Run and measured."),
        "waiting": _("Waiting for a turn: {place} in line."),
        "stopped": _("The run was stopped."),
        "failed": _("This computation failed. Nothing else is affected; try again."),
        "measuredHere": _("measured"),
        # the teacher's
        "code": _("Code of the class"),
        "qr": _("QR code of the link by which one joins"),
        "local": _(
            "Only this computer understands this link. Open the page by the computer’s name or address, so that others "
            "can join."
        ),
        "lesson": _("Lesson"),
        "openGuessing": _("Open the guessing"),
        "closeGuessing": _("Close the guessing"),
        "train": _("Run the network"),
        "trainAgain": _("Run again"),
        "goOn": _("Go on"),
        "stop": _("Stop"),
        "compare": _("Compare"),
        "nextLesson": _("Next: {title}"),
        "lastLesson": _("This was the last lesson"),
        "back": _("One part back"),
        "csv": _("Save the guesses (CSV)"),
        "end": _("End the class"),
        "sure": _("End the class for all members? Its guesses are then gone."),
        "saveAndEnd": _("Save the guesses, then end"),
        "justEnd": _("End without saving"),
        "goOnWithClass": _("Go on with the class"),
        # a member's
        "missing": _("Answer every question; then you can send your guess."),
        "ready": _("Your guess is not sent yet."),
        "sent": _("Your guess is counted. You can change it until the guessing is closed."),
        "changed": _("You have changed your guess. Send it again, or the one that you sent last counts."),
        "send": _("Send my guess"),
        "sendAgain": _("Send the change"),
        "sending": _("Not yet sent: the server cannot be reached. The page tries again by itself."),
        "late": _("The guessing was closed before this guess arrived."),
        "nameOptional": _("Say who you are (optional)"),
        "name": _("Name: the whole class sees it, never beside a guess"),
        "keepName": _("Show my name"),
    }
