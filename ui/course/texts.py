"""Texts of a lesson on the page: Markdown where they are the app's own, plain text where a teacher's file has them."""

import re
from typing import Any

import streamlit as st

from ui.course.lesson import Answers, Lesson
from ui.i18n import Translate

MARKS = re.compile(r"([!-/:-@\[-`{-~])")  # ASCII punctuation: Markdown takes none of it for itself after a backslash


def paragraph(lesson: Lesson, text: str) -> None:
    """A paragraph of the lesson, in the reader's language."""
    (st.text if lesson.plain else st.markdown)(text)


def remark(lesson: Lesson, text: str) -> None:
    """A sentence that answers a wrong guess."""
    st.info(plain(lesson, text))


def plain(lesson: Lesson, text: str) -> str:
    """A text for a label or a heading, which Streamlit reads as Markdown.

    >>> from types import SimpleNamespace
    >>> print(plain(SimpleNamespace(plain=True), "*a* $1"), plain(SimpleNamespace(plain=False), "$s_t$"))
    \\*a\\* \\$1 $s_t$
    """
    return MARKS.sub(r"\\\1", text) if lesson.plain else text


def verdicts(lesson: Lesson, answers: Answers, measured: Any, _: Translate) -> None:
    """Each guess, what was measured, and how it was judged."""
    for verdict in lesson.judge(answers, measured):
        guess = verdict.guess
        message = (
            _("You guessed “{guess}”; measured: “{measured}”. Score: {score}.")
            if guess.kind == "choice"
            else _("You guessed {guess}; measured: {measured}. Score: {score}.")
        )
        values = [guess.written(value, _) for value in (verdict.answer, verdict.measured)]
        with st.container(gap="xxsmall"):
            if len(lesson.guesses) > 1:
                st.text(_(guess.label))
            st.text(message.format(guess=values[0], measured=values[1], score=f"{verdict.score:.0%}"))
            st.text(guess.judged(_))


def explanation(lesson: Lesson, answers: Answers, measured: Any, _: Translate) -> None:
    """Sentences about what was measured; before them, what answers the guesses that were wrong, if there are any."""
    for sentence in lesson.corrections(answers, measured) if answers else ():
        remark(lesson, _(sentence))
    for text in lesson.explain(measured, answers, _):
        paragraph(lesson, text)
