"""Progress on the list of lessons: what a link has brought, what can be taken along, and a file that is verified."""

from collections.abc import Mapping
from datetime import UTC, datetime

import streamlit as st

from ui.course.names import characters, plain_name
from ui.course.own.shelf import every_lesson
from ui.course.progress.document import document
from ui.course.progress.hand_in import LONGEST_NAME, Verification, record_of, verified
from ui.course.progress.link import packed
from ui.course.record import LessonRecord, Quiz
from ui.course.state import CourseState
from ui.course.texts import escaped
from ui.i18n import Translate
from ui.live.table import table
from ui.settings import keys
from ui.settings.fold import fold
from ui.settings.language import current_language

MEGABYTES = 5  # of a file that is verified
FILE = "rnn-lab-course.html"


def arrival_view(state: CourseState, _: Translate) -> None:
    """Progress that a link has brought, with the question whether it may replace the present one."""
    arrival = state.arrival
    if arrival is None:
        return
    if arrival.content is None:
        st.error(
            _(
                "The progress in this link is damaged, of another version, or of lessons that are not here. Nothing "
                "here was changed."
            )
        )
        return
    there = _contents(*arrival.content, _)
    if arrival.taken:
        st.success(_("Your progress came with the link: {there}.").format(there=there))
    elif arrival.open:
        message = _("This link brings progress from another device: {there}. In this browser: {here}.")
        st.warning(message.format(there=there, here=_contents(state.records, state.quiz, _)))
        left, right = st.columns(2)
        label = _("Replace what is here")
        left.button(label, key=keys.COURSE_REPLACE, width="stretch", on_click=state.decide, args=(True,))
        right.button(
            _("Keep what is here"), key=keys.COURSE_LEAVE, width="stretch", on_click=state.decide, args=(False,)
        )


def _contents(records: Mapping[str, LessonRecord], quiz: Quiz, _: Translate) -> str:
    """Lessons with a guess and answers to the ten questions, in words."""
    count = len(records)
    parts = [_("1 lesson with a guess") if count == 1 else _("{count} lessons with a guess").format(count=count)]
    labels = {"before": _("ten questions before the course"), "after": _("ten questions after the course")}
    answered = [label for time, label in labels.items() if time in quiz]
    return _(", ").join((parts if count else []) + answered)


def progress_folds(state: CourseState, _: Translate) -> None:
    """Folds below the lessons: the link, the file to hand in, and the verification of one."""
    if state.records or state.quiz:
        with fold(_("Take my progress to another device"), keys.COURSE_LINK) as part:
            if part.open:
                message = _(
                    "Open this link there. Your guesses and scores stand behind its #: a browser keeps that part to "
                    "itself, so it is in no log."
                )
                st.markdown(message)
                st.code(
                    f"{st.context.url}#progress={packed(state.records, state.quiz)}", language=None, wrap_lines=True
                )
    if state.records:
        with fold(_("Hand in what I did"), keys.COURSE_HAND_IN) as part:
            if part.open:
                _hand_in(state, _)
    with fold(_("Verify what was handed in"), keys.COURSE_VERIFY) as part:
        if part.open:
            _verify(_)


def _hand_in(state: CourseState, _: Translate) -> None:
    """The name, and the file once the browser has sent its charts."""
    st.markdown(
        _(
            "One file with your guesses, the measured values, scores, charts and tasks. It opens in any browser, "
            "prints well, and loads nothing from elsewhere."
        )
    )
    name = st.text_input(_("Name on the file (as you type it)"), key=keys.COURSE_NAME)
    if len(characters(name)) > LONGEST_NAME:
        told = _("The name is too long: the file has its first {longest} characters.")
        st.warning(told.format(longest=LONGEST_NAME))
    if not state.has_file:
        st.button(_("Make the file"), key=keys.COURSE_MAKE, on_click=state.ask_for_file)
        return
    language = current_language()
    record = record_of(
        state.records,
        state.quiz,
        every_lesson(),
        name=name,
        date=datetime.now(UTC).date().isoformat(),
        address=st.context.url or "",
        language=language.code,
        translate=language.gettext,
    )
    charts = state.charts

    def page() -> str:
        return document(record, charts, language.gettext)

    st.download_button(_("Download the file"), page, FILE, "text/html", key=keys.COURSE_DOWNLOAD, on_click="ignore")


def _verify(_: Translate) -> None:
    st.markdown(
        _(
            "Choose a file that somebody handed in. Its checksum shows whether anything was changed by accident or by "
            "hand, and every score for which guess and measured value are there is computed again. A checksum is no "
            "signature: whoever knows how can make a file that fits. The links in it run each network again."
        )
    )
    file = st.file_uploader(_("File (HTML)"), type=["html", "htm"], max_upload_size=MEGABYTES, key=keys.COURSE_VERIFIED)
    if file is None:
        return
    found = verified(file.getvalue(), every_lesson())
    if found is None:
        st.error(
            _(
                "This is not a file of the course: the part that can be verified is missing from it, or holds what the "
                "course never writes."
            )
        )
    else:
        _show_result(found, _)


def _show_result(found: Verification, _: Translate) -> None:
    record = found.record
    if found.intact:
        st.success(_("The file fits its checksum."))
    else:
        st.error(_("Changed: the checksum does not fit. The file is not as the course made it."))
    for title in found.wrong:
        st.warning(
            _("The score does not follow from guess and measured value: {title}").format(title=escaped(title[:200]))
        )
    for title in found.unchecked:
        message = _("Not computed again, as the lesson or a measured value is missing: {title}")
        st.warning(message.format(title=escaped(title[:200])))
    for title in found.odd:
        st.warning(
            _("It stands there twice, or with another seed than the course’s: {title}").format(
                title=escaped(title[:200])
            )
        )
    st.text(
        _("Name: {name}. Date: {date}.").format(
            name=plain_name(record["name"], LONGEST_NAME) or "–", date=record["date"][:20]
        )
    )
    head = [_("Lesson"), _("Question"), _("My guess"), _("Measured"), _("Score"), _("Tasks done")]
    rows = [
        (
            entry["title"], guess["label"], guess["answer_text"], guess["measured_text"] or "–",
            "–" if guess["score"] is None else f"{guess['score']:.0%}",
            f"{sum(task['done'] for task in entry['tasks'])} / {len(entry['tasks'])}",
        )
        for entry in record["lessons"]
        for guess in entry["guesses"]
    ]  # fmt: skip
    table({name: [row[place] for row in rows] for place, name in enumerate(head)}, "handed_in", _)
    right = record["questions"]["right"]
    if right:
        message = _("Ten questions, right: {shares}")
        st.text(message.format(shares=" → ".join(f"{share:.0%}" for share in right.values())))
