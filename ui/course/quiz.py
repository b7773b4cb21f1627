"""The ten questions before and after the course; answers are shown after the second time alone."""

import streamlit as st

from ui.course.form import course_state, form
from ui.course.overview import open_lesson
from ui.course.questions import IDEAS, TIMES, gain, share_right
from ui.settings import keys


def quiz_view(time: str, theme, _) -> None:
    """The questions of that time, or what came of them."""
    state = course_state()
    back = "← " + _("All lessons")
    st.button(back, key=keys.COURSE_BACK, type="tertiary", on_click=open_lesson, args=("",))
    st.header(_("Ten questions: before") if time == "before" else _("Ten questions: after"), anchor=False)
    form(None, theme, _)
    if not state.loaded:
        return
    if set(TIMES) <= set(state.quiz):
        _outcome(state.quiz, _)
    elif time in state.quiz:
        st.markdown(_("Your answers are kept. You will see them, and the right ones, when you answer again."))
    elif time == "after" and "before" not in state.quiz:
        st.markdown(_("These questions compare two times: answer the ten questions before the course first."))
        st.button(_("Ten questions: before"), key="open_before", on_click=open_lesson, args=("before",))
    else:
        _questions(state, time, _)


def _questions(state, time: str, _) -> None:
    """A form with all ten."""
    st.markdown(_("Each question asks for an idea. If you are not sure, say what you think is likeliest."))
    answers = {}
    with st.form(f"quiz_{time}"):
        for number, (idea, entry) in enumerate(IDEAS.items(), start=1):
            question = entry.question(time)
            answers[idea] = st.radio(
                _("Question {number}: {text}").format(number=number, text=_(question.text)),
                question.order(idea),
                index=None,
                format_func=lambda place, question=question: _(question.answers[place]),
                key=f"quiz_{time}_{idea}",
            )
        handed_in = st.form_submit_button(_("Hand in my answers"), type="primary")
    if handed_in:
        if state.hand_in(time, answers):
            st.rerun()
        st.warning(_("Please answer all ten questions."))


def _outcome(quiz, _) -> None:
    """Both times beside each other: the gain, which misconceptions are gone, and every question with its answer."""
    before, after = (share_right(quiz[time]) for time in TIMES)
    gained = gain(before, after)
    columns = st.columns(3)
    columns[0].metric(_("right before"), f"{before:.0%}")
    columns[1].metric(_("right after"), f"{after:.0%}")
    columns[2].metric(_("normalised gain"), "–" if gained is None else f"{gained:.0%}".replace("-", "−"))
    st.markdown(
        _(
            "The normalised gain (Hake 1998) is what you gained of what there was to gain: "
            r"$(\text{after} - \text{before}) / (1 - \text{before})$."
        )
    )
    gone = [idea for idea in IDEAS if quiz["before"][idea] != 0 and quiz["after"][idea] == 0]
    if gone:
        st.subheader(_("Gone"), anchor=False)
        for idea in gone:
            told = _("{idea}: you no longer think “{answer}”")
            answer = IDEAS[idea].before.answers[quiz["before"][idea]]
            st.text(told.format(idea=_(IDEAS[idea].title), answer=_(answer)))
    st.subheader(_("All answers"), anchor=False)
    for idea, entry in IDEAS.items():
        signs = " → ".join("✓" if quiz[time][idea] == 0 else "✗" for time in TIMES)
        title = _(entry.title)
        with st.expander(f"{title}  {signs}"):
            for time in TIMES:
                question, place = entry.question(time), quiz[time][idea]
                st.markdown(_(question.text))
                told = _("Your answer: {answer}")
                st.text(told.format(answer=_(question.answers[place])))
                if place != 0:
                    st.text(_("Right: {answer}").format(answer=_(question.answers[0])))
