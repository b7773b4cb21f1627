"""Texts of a lesson on the page: Markdown where they are the app's own, plain text where a teacher's file has them."""

import re
from collections.abc import Sequence
from typing import Any

import streamlit as st

from ui.course.lesson import Answers, Lesson, ManyGuess, OrderGuess, Verdict
from ui.i18n import Translate

MARKS = re.compile(r"([!-/:-@\[-`{-~])")  # ASCII punctuation: Markdown takes none of it for itself after a backslash


def paragraph(lesson: Lesson, text: str) -> None:
    """A paragraph of the lesson, in the reader's language."""
    (st.text if lesson.plain else st.markdown)(text)


def remark(lesson: Lesson, text: str) -> None:
    """A sentence that answers a wrong guess."""
    st.info(plain(lesson, text))


def escaped(text: str) -> str:
    """A text as it is, for what Streamlit reads as Markdown."""
    return MARKS.sub(r"\\\1", text)


def plain(lesson: Lesson, text: str) -> str:
    """A text for a label or a heading, which Streamlit reads as Markdown.

    >>> from types import SimpleNamespace
    >>> print(plain(SimpleNamespace(plain=True), "*a* $1"), plain(SimpleNamespace(plain=False), "$s_t$"))
    \\*a\\* \\$1 $s_t$
    """
    return escaped(text) if lesson.plain else text


def verdicts(lesson: Lesson, judged: Sequence[Verdict], _: Translate) -> None:
    """Each guess, what was measured, and how it was judged."""
    for verdict in judged:
        guess = verdict.guess
        with st.container(gap="xxsmall"):
            if len(lesson.guesses) > 1:
                st.text(_(guess.label))
            for line in _compared(verdict, _):
                st.text(line)
            st.text(guess.judged(_))


def _compared(verdict: Verdict, _: Translate) -> list[str]:
    """Guess, measured value and score: in one sentence, or on a line each where they are long."""
    guess, score = verdict.guess, f"{verdict.score:.0%}"
    if isinstance(guess, ManyGuess):
        each, options = _("{item}: you guessed “{guess}”; measured: “{measured}”."), dict(guess.options)
        answer, measured = verdict.answer, verdict.measured
        lines = [
            each.format(item=_(label), guess=_(options[answer[key]]), measured=_(options[measured[key]]))
            for key, label in guess.items
        ]
        return [*lines, _("Score: {score}.").format(score=score)]
    told = {"guess": guess.written(verdict.answer, _), "measured": guess.written(verdict.measured, _), "score": score}
    if isinstance(guess, OrderGuess):
        lines = [_("You guessed: {guess}"), _("Measured: {measured}"), _("Score: {score}.")]
        return [line.format(**told) for line in lines]
    if guess.kind == "choice":
        return [_("You guessed “{guess}”; measured: “{measured}”. Score: {score}.").format(**told)]
    return [_("You guessed {guess}; measured: {measured}. Score: {score}.").format(**told)]


def explanation(lesson: Lesson, answers: Answers, measured: Any, _: Translate) -> None:
    """Sentences about what was measured; before them, what answers the guesses that were wrong, if there are any."""
    for sentence in lesson.corrections(answers, measured) if answers else ():
        remark(lesson, _(sentence).format(**lesson.facts(measured)) if lesson.facts else _(sentence))
    for text in lesson.explain(measured, answers, _):
        paragraph(lesson, text)
