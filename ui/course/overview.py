"""The list of lessons: where the reader stands, and what the browser keeps."""

import streamlit as st

from ui.course.form import course_state, form
from ui.course.lessons import lessons
from ui.settings import keys
from ui.settings.preset import set_controls


def open_lesson(name: str) -> None:
    """Open a lesson, or the list with no name; to be called before controls are drawn."""
    set_controls({keys.LESSON: name})


def overview(theme, _) -> None:
    """All lessons with a button each, and one to erase everything."""
    state, every = course_state(), lessons()
    form(None, theme, _)
    st.markdown(
        _(
            "Thirteen lessons along the article, about five minutes each. You read a claim, commit to a guess, have a "
            "real network trained, and compare. The guess matters: studies of demonstrations in class found that those "
            "who only watch understand no more than those who saw nothing, and those who predict first do."
        )
    )
    judged = [record.score for record in state.records.values() if record.score is not None]
    if judged:
        told = _("Lessons done: {done} of {all}. Mean score of your guesses: {score}.")
        st.text(told.format(done=len(judged), all=len(every), score=f"{sum(judged) / len(judged):.0%}"))
    if "before" not in state.quiz:
        label = _("Ten questions before you begin (optional)")
        st.button(label, key="open_before", on_click=open_lesson, args=("before",))
    following = next((name for name in every if not _judged(state, name)), None)
    for number, (name, lesson) in enumerate(every.items(), start=1):
        title, status = st.columns([3, 2], vertical_alignment="center")
        label = _("Lesson {number}: {title}").format(number=number, title=_(lesson.title))
        kind = "primary" if name == following and state.loaded else "secondary"
        title.button(label, key=f"open_{name}", type=kind, width="stretch", on_click=open_lesson, args=(name,))
        status.text(_standing(state, lesson, _))
    if "before" in state.quiz:
        done = "after" in state.quiz
        label = _("Ten questions: what has changed") if done else _("Ten questions again, after the course")
        st.button(label, key="open_after", on_click=open_lesson, args=("after",))
    if state.records or state.quiz:
        st.text(_("Your guesses and scores are kept in this browser only. No account, nothing on the server."))
        st.button(_("Erase my progress"), key=keys.COURSE_ERASE, on_click=state.erase)


def _judged(state, name: str) -> bool:
    record = state.records.get(name)
    return record is not None and record.score is not None


def _standing(state, lesson, _) -> str:
    """What has been done of a lesson, in words."""
    record = state.records.get(lesson.name)
    if record is None:
        return ""
    if record.score is None:
        return _("guess locked, not yet run")
    told = _("score {score}, tasks {done} of {all}")
    return told.format(score=f"{record.score:.0%}", done=len(record.tasks), all=len(lesson.tasks))
