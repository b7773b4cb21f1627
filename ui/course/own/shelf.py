"""Lessons beside the thirteen: those of the server's folder, and the one that was uploaded in this browser tab."""

import logging
from functools import cache
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from ui import environment
from ui.course.lesson import Lesson
from ui.course.lessons import lessons
from ui.course.own.build import LONGEST, TOO_LONG, built
from ui.course.own.reading import Problem
from ui.i18n import N_, Message
from ui.settings import keys
from ui.settings.language import current_language

LOG = logging.getLogger(__name__)
OWN = "own"  # how the address names the lesson that was uploaded
MOST = 50  # files of the folder
LARGEST = 4 * LONGEST + 3  # bytes of the longest file, with its mark
UNREADABLE = Problem("", "", N_("It is no file that can be read."), {})


class Shelf(NamedTuple):
    """Contents of the folder. texts : of the lessons by their names. problems : of the other files, by file name."""

    texts: dict[str, str]
    problems: dict[str, tuple[Problem, ...]]


@cache
def folder() -> Shelf:
    """The lessons of the server's folder, as they were when they were first asked for."""
    try:
        path = environment.lessons()
    except ValueError as problem:  # it was there at the start
        LOG.warning("%s", problem)
        path = None
    files = sorted(path.glob("*.toml"))[:MOST] if path else []
    return read([(file.name, _content(file)) for file in files])


def _content(path: Path) -> bytes | None:
    """Content of a file, no more than shows that it is too long; None where it is a folder, or cannot be read."""
    try:
        if not path.is_file():  # a pipe would be waited for
            return None
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as problem:
        LOG.warning("%s: %s", path, problem)
        return None


def read(files: list[tuple[str, bytes | None]]) -> Shelf:
    """The lessons in files, given as (name, content); content : None where it cannot be read."""
    shelf = Shelf({}, {})
    for name, data in files:
        text, problems = ("", (UNREADABLE,)) if data is None else decoded(data)
        lesson, problems = built(text, "en") if not problems else (None, problems)
        if lesson is not None and lesson.name in shelf.texts:
            problem = Problem("name", repr(lesson.name), N_("This name is taken. Needed: another one."), {})
            lesson, problems = None, (problem,)
        if lesson is None:
            shelf.problems[name] = problems
            LOG.warning("lesson %s: %s", name, "; ".join(problem.message(Message) for problem in problems))
        else:
            shelf.texts[lesson.name] = text
    return shelf


def decoded(data: bytes) -> tuple[str, tuple[Problem, ...]]:
    """(the text of a file, what keeps it from being one)."""
    if len(data) > LARGEST:
        return "", (TOO_LONG,)
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        return "", (Problem("", "", N_("The file is not in UTF-8."), {}),)


def uploaded() -> Lesson | None:
    """The lesson of this browser tab, in the reader's language."""
    text = st.session_state.get(keys.OWN_LESSON)
    return built(text, current_language().code)[0] if isinstance(text, str) else None


def own_lessons() -> dict[str, Lesson]:
    """Those of the folder and of this tab, in the reader's language, by name."""
    code, found = current_language().code, {}
    for name, text in folder().texts.items():
        found[name] = built(text, code)[0]
    if (lesson := uploaded()) is not None:
        found[lesson.name] = lesson
    return {name: lesson for name, lesson in found.items() if lesson is not None}


def every_lesson() -> dict[str, Lesson]:
    """The thirteen, and those beside them."""
    return lessons() | own_lessons()


def address_of(lesson: Lesson) -> str:
    """How the address names it."""
    known = lesson.name in lessons() or lesson.name in folder().texts
    mine = uploaded()
    return OWN if mine is not None and mine.name == lesson.name else lesson.name if known else ""
