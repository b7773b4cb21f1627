"""The ten questions before and after the course; answers are shown after the second time alone."""

import streamlit as st

from ui.course.form import course_state, form
from ui.course.lessons import heading_of, lessons
from ui.course.overview import next_lesson, open_lesson
from ui.course.questions import IDEAS, TIMES, gain, share_right
from ui.course.record import Quiz
from ui.course.state import CourseState
from ui.i18n import Translate
from ui.settings import keys
from ui.settings.rerun import rerun
from ui.theme import Theme


def quiz_view(time: str, theme: Theme, _: Translate) -> None:
    """The questions of that time, or what came of them."""
    state = course_state()
    back = "← " + _("All lessons")
    st.button(back, key=keys.COURSE_BACK, type="tertiary", on_click=open_lesson, args=("",))
    st.header(_("Ten questions: before") if time == "before" else _("Ten questions: after"), anchor=False)
    form(None, theme, _)
    if not state.loaded:
        return
    following = next_lesson(state)
    if "after" in state.quiz:
        _outcome(state.quiz, _)
    elif time in state.quiz:
        st.markdown(_("Your answers are kept. You will see them, and the right ones, when you answer again."))
        if following is not None:
            label = heading_of(lessons()[following], _)
            st.button(label, key=keys.COURSE_NEXT, type="primary", on_click=open_lesson, args=(following,))
    elif time == "before" and following is None:
        st.markdown(_("You have done the whole course, so only the questions after it are left."))
        st.button(_("Ten questions: after"), key="open_after", on_click=open_lesson, args=("after",))
    elif time == "after" and "before" not in state.quiz and following is not None:
        st.markdown(_("These questions compare two times: answer the ten questions before the course first."))
        st.button(_("Ten questions: before"), key="open_before", on_click=open_lesson, args=("before",))
    else:
        _questions(state, time, _)


def _questions(state: CourseState, time: str, _: Translate) -> None:
    """All ten; what is answered so far is there again after a reload."""
    st.markdown(_("Each question asks for an idea. If you are not sure, say what you think is likeliest."))
    answers = state.drafts.setdefault(time, {})
    with st.container(border=True):
        for number, (idea, entry) in enumerate(IDEAS.items(), start=1):
            question = entry.question(time)
            order = question.order(idea)
            chosen = st.radio(
                _("Question {number}: {text}").format(number=number, text=_(question.text)),
                order,
                index=order.index(answers[idea]) if idea in answers else None,
                format_func=lambda place, question=question: _(question.answers[place]),
                key=f"quiz_{time}_{idea}_{state.key}",
            )
            if chosen is not None:
                answers[idea] = chosen
        handed_in = st.button(_("Hand in my answers"), type="primary", key=keys.COURSE_ANSWERS)
    if handed_in:
        if state.hand_in(time, answers, done=next_lesson(state) is None):
            rerun()
        missing = [number for number, idea in enumerate(IDEAS, start=1) if idea not in answers]
        message = _("Please answer all ten questions. Not yet answered: {numbers}.")
        st.warning(message.format(numbers=_(", ").join(map(str, missing))))


def _changes(heading: str, message: str, quiz: Quiz, wrong: str, right: str, _: Translate) -> None:
    """The ideas that were answered wrongly that time and rightly the other, with the wrong answers."""
    changed = [idea for idea in IDEAS if quiz[wrong][idea] != 0 and quiz[right][idea] == 0]
    if changed:
        st.subheader(heading, anchor=False)
    for idea in changed:
        answer = IDEAS[idea].question(wrong).answers[quiz[wrong][idea]]
        st.text(message.format(idea=_(IDEAS[idea].title), answer=_(answer)))


def _outcome(quiz: Quiz, _: Translate) -> None:
    """Both times beside each other: the gain, which misconceptions are gone or new; and all answers."""
    if "before" in quiz:
        _gain(quiz, _)
    else:
        st.metric(_("right after"), f"{share_right(quiz['after']):.0%}")
        st.markdown(_("You answered once, after the course: without answers from before it, no gain can be computed."))
    st.subheader(_("All answers"), anchor=False)
    times = [time for time in TIMES if time in quiz]
    for idea, entry in IDEAS.items():
        signs = " → ".join("✓" if quiz[time][idea] == 0 else "✗" for time in times)
        title = _(entry.title)
        with st.expander(f"{title}  {signs}"):
            for time in times:
                question, place = entry.question(time), quiz[time][idea]
                st.markdown(_(question.text))
                message = _("Your answer: {answer}")
                st.text(message.format(answer=_(question.answers[place])))
                if place != 0:
                    st.text(_("Right: {answer}").format(answer=_(question.answers[0])))


def _gain(quiz: Quiz, _: Translate) -> None:
    """What was right both times, the gain, and which misconceptions are gone or new."""
    before, after = (share_right(quiz[time]) for time in TIMES)
    gained = gain(before, after)
    columns = st.columns(3)
    columns[0].metric(_("right before"), f"{before:.0%}")
    columns[1].metric(_("right after"), f"{after:.0%}")
    columns[2].metric(_("normalised gain"), "–" if gained is None else f"{gained:.0%}".replace("-", "−"))
    st.markdown(
        _(
            "The normalised gain (Hake 1998) is what you gained of what there was to gain: $(q - p) / (1 - p)$ with "
            "the share $p$ right before and $q$ right after."
        )
    )
    if gained is None:
        st.markdown(_("There was nothing to gain: all ten answers were right before. So no gain can be computed."))
    _changes(_("Misconceptions that are gone"), _("{idea}: you no longer think “{answer}”"), quiz, "before", "after", _)
    _changes(_("New misconceptions"), _("{idea}: now you think “{answer}”"), quiz, "after", "before", _)
