"""The list of lessons: where the reader stands, and what the browser keeps."""

from typing import Literal

import streamlit as st

from ui.course.form import course_state, drafts_kept, form
from ui.course.lesson import Lesson
from ui.course.lessons import heading_of, lessons
from ui.course.own.shelf import address_of, own_lessons
from ui.course.own.view import own_lesson_fold
from ui.course.progress.view import arrival_view, progress_folds
from ui.course.state import CourseState
from ui.course.texts import plain
from ui.i18n import N_, Translate
from ui.settings import keys
from ui.settings.preset import set_controls
from ui.theme import Theme


def open_lesson(name: str) -> None:
    """Open a lesson, or the list with no name; to be called before controls are drawn."""
    set_controls({keys.LESSON: name})


def overview(theme: Theme, _: Translate) -> None:
    """All lessons with a button each, and one to erase everything."""
    state, every = course_state(), lessons()
    form(None, theme, _, listing=True)
    arrival_view(state, _)
    st.markdown(
        _(
            "Thirteen lessons along the article, about five minutes each. You read a claim, commit to a guess, have a "
            "real network trained, and compare. The guess matters: studies of demonstrations in class found that those "
            "who only watch understand no more than those who saw nothing, and those who predict first do."
        )
    )
    kept = [record for name, record in state.records.items() if name in every]
    judged = [record.score for record in kept if record.score is not None]
    if judged:
        message = _("Lessons done: {done} of {all}. Mean score of your guesses: {score}.")
        st.text(message.format(done=len(judged), all=len(every), score=f"{sum(judged) / len(judged):.0%}"))
    following = next_lesson(state)
    if not state.quiz and following is not None:
        begun = _("Ten questions before the next lesson (optional)")
        label = begun if judged else _("Ten questions before you begin (optional)")
        st.button(label, key="open_before", on_click=open_lesson, args=("before",))
    rows = st.container(key="lessons")
    for name, lesson in (every | own_lessons()).items():
        title, status = rows.columns([1, 1], vertical_alignment="center")
        kind: Literal["primary", "secondary"] = "primary" if name == following and state.loaded else "secondary"
        address = address_of(lesson)
        label = plain(lesson, heading_of(lesson, _))
        title.button(label, key=f"open_{address}", type=kind, width="stretch", on_click=open_lesson, args=(address,))
        lines = [_(lesson.question) if lesson.question else "", _progress_in(state, lesson, _)]
        status.text("\n".join(filter(None, lines)))
    if state.quiz or following is None:
        st.button(_(_questions_after(state)), key="open_after", on_click=open_lesson, args=("after",))
    if not state.empty or any(state.drafts.values()) or drafts_kept():
        st.text(_("Your guesses and scores are kept in this browser only. No account, nothing on the server."))
        st.button(_("Erase my progress"), key=keys.COURSE_ERASE, on_click=state.erase)
    st.text(
        _(
            "Networks that you train on the other pages are kept in this browser, too, 32 MB at most, unless it "
            "forbids that or you have erased them."
        )
    )
    st.button(_("Erase my networks"), key=keys.COURSE_ERASE_NETWORKS, on_click=state.erase_networks)
    if state.networks_erased:
        st.text(_("No network is kept in this browser any more. The Lab can keep them again."))
    progress_folds(state, _)
    own_lesson_fold(state.forget, _)


def next_lesson(state: CourseState) -> str | None:
    """The first of the thirteen whose guess is not judged yet."""
    judged = {name for name, record in state.records.items() if record.score is not None}
    return next((name for name in lessons() if name not in judged), None)


def _questions_after(state: CourseState) -> str:
    """Label of the button to the questions after the course, or to what came of them."""
    if "before" not in state.quiz:
        done, open_ = N_("Ten questions: your answers"), N_("Ten questions on the course (optional)")
    else:
        done, open_ = N_("Ten questions: what has changed"), N_("Ten questions again, after the course")
    return done if "after" in state.quiz else open_


def _progress_in(state: CourseState, lesson: Lesson, _: Translate) -> str:
    """Progress in a lesson, in words."""
    record = state.records.get(lesson.name)
    if record is None:
        return ""
    if record.score is None:
        return _("guess locked, not yet run")
    message = _("score {score}, tasks {done} of {all}")
    return message.format(score=f"{record.score:.0%}", done=len(record.tasks), all=len(lesson.tasks))
