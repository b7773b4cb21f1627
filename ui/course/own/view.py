"""A lesson of one's own on the list of lessons: a file is chosen and read, or its problems are listed."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from ui.course.lesson import Lesson
from ui.course.own.build import LONGEST, built
from ui.course.own.shelf import decoded, folder, uploaded
from ui.i18n import Translate
from ui.settings import keys
from ui.settings.fold import fold
from ui.settings.language import current_language
from ui.settings.uploaded import forget as forget_file

MEGABYTES = 20  # far more than a lesson has: whoever chose too long a file reads that of us
EXAMPLE = Path(__file__).parents[3] / "docs" / "lesson.toml"


def own_lesson_fold(forget: Callable[[Lesson], None], _: Translate) -> None:
    """The fold in which a teacher's file is chosen. forget : what was done in a lesson that has changed."""
    with fold(_("A lesson of your own"), keys.COURSE_OWN) as part:
        if not part.open:
            return
        st.markdown(
            _(
                "A lesson can be written in a text file (TOML): the texts, the networks, what is guessed and measured. "
                "Start from the example; docs/lessons.md explains each key. A file that you choose here is open to "
                "this browser tab alone, and to a class that you start from it."
            )
        )
        st.download_button(
            _("Download the example"),
            EXAMPLE.read_bytes,
            EXAMPLE.name,
            "application/toml",
            on_click="ignore",
            key=keys.COURSE_EXAMPLE,
        )
        st.file_uploader(
            _("File (TOML, at most {longest:,} characters)").format(longest=LONGEST),
            type=["toml"],
            max_upload_size=MEGABYTES,
            key=keys.COURSE_OWN_FILE,
            on_change=_take_over,
            args=(forget,),
        )
        for problem in st.session_state.get(keys.OWN_PROBLEMS, ()):
            st.text("• " + problem.message(_))
        if st.session_state.get(keys.OWN_PROBLEMS):
            st.error(_("This file is no lesson yet. What has to be changed stands above."))
        elif uploaded() is not None:
            st.success(_("The lesson is in the list."))
        for name, problems in folder().problems.items():
            st.text(_("{name}, in the server’s folder: {told}").format(name=name, told=problems[0].message(_)))


def _take_over(forget: Callable[[Lesson], None]) -> None:
    """Read the file that was just chosen; one that was withdrawn leaves the lesson, and so does one that was read:
    Streamlit tells at the next press that it holds it no longer."""
    file = st.session_state[keys.COURSE_OWN_FILE]
    if not isinstance(file, UploadedFile):
        return
    text, problems = decoded(file.getvalue())
    forget_file(file)  # its text is kept
    lesson = None
    if not problems:
        lesson, problems = built(text, current_language().code)
    st.session_state[keys.OWN_PROBLEMS] = problems
    if lesson is not None and not problems and text != st.session_state.get(keys.OWN_LESSON):
        st.session_state[keys.OWN_LESSON] = text
        forget(lesson)
