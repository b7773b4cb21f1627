"""A lesson as a page: read, guess, run, compare, explain, try."""

from typing import Any

import streamlit as st

from ui.charts.formatting import short
from ui.course.addresses import door_address
from ui.course.classroom.codes import written_code
from ui.course.classroom.view import open_class
from ui.course.compared import chart
from ui.course.figures import training
from ui.course.form import chart_to_keep, course_state, form, withheld
from ui.course.lesson import Attempt, Control, Lesson
from ui.course.lessons import heading_of, lessons
from ui.course.overview import open_lesson
from ui.course.progress.document import picture_address
from ui.course.runner import LessonRun
from ui.course.state import CourseState
from ui.course.texts import explanation, paragraph, plain, verdicts
from ui.i18n import Translate
from ui.live.figure import figure
from ui.pages import PAGES
from ui.settings import keys
from ui.settings.language import current_language
from ui.settings.rerun import rerun
from ui.theme import Theme

POLL = 0.4  # seconds between two looks at a run
TEXT_AND_PICTURE = [5, 6]  # widths


def lesson_view(lesson: Lesson, theme: Theme, _: Translate) -> None:
    """Everything of a lesson that the reader has come to."""
    state = course_state()
    state.recall(lesson)
    code = withheld(lesson)
    if code is not None:
        _withheld(lesson, code, theme, _)
        return
    run, measured, answers = state.run_of(lesson), state.measured(lesson), state.answers(lesson)
    attempt = state.attempted(lesson)  # before the form, which lets the browser keep what it has done
    before = state.judged_before(lesson)
    kept = state.kept_chart(lesson) if before is not None else None
    back = "← " + _("All lessons")
    st.button(back, key=keys.COURSE_BACK, type="tertiary", on_click=open_lesson, args=("",))
    st.header(plain(lesson, heading_of(lesson, _)), anchor=False)
    text, picture = st.columns(TEXT_AND_PICTURE, gap="large")
    with text:
        st.subheader(_("Read"), anchor=False)
        paragraph(lesson, _(lesson.claim))
        st.subheader(_("Guess"), anchor=False)
        known = None if answers is None or measured is None else chart_to_keep(lesson, answers, measured, _)
        form(lesson, theme, _, known)
        if answers is not None:
            st.subheader(_("Run"), anchor=False)
            _run_button(state, lesson, run, measured, _)
    with picture:
        if run is not None and run.status == "running":
            _follow(lesson, run, f"{keys.COURSE_CHART}_live", theme, _)
        elif kept is not None:
            with st.container(key=keys.COURSE_CHART_KEPT):
                st.image(picture_address(kept), _("Your guess beside the measured value, as this browser kept it."))
        else:
            drawn = chart(lesson, measured, answers or {}, theme, _)
            alt = _("Your guess beside the measured value.") if answers else _("An empty chart: nothing measured yet.")
            figure(drawn, keys.COURSE_CHART, alt, _)
    if answers is not None and before is not None:
        st.subheader(_("Compare"), anchor=False)
        verdicts(lesson, lesson.verdicts(answers, before), _)
    if answers is None or measured is None:
        return
    text, picture = st.columns(TEXT_AND_PICTURE, gap="large")
    with text:
        st.subheader(_("Compare"), anchor=False)
        verdicts(lesson, lesson.judge(answers, measured), _)
        st.subheader(_("Explain"), anchor=False)
        explanation(lesson, answers, measured, _)
    with picture, st.container(key=keys.COURSE_TRYING):  # ui/page.css leaves its controls where they are
        _try(state, lesson, attempt, theme, _)
    _onwards(lesson, _)


def _withheld(lesson: Lesson, code: str, theme: Theme, _: Translate) -> None:
    """Why the lesson's form is not here, and the way back to the class where it is."""
    back = "← " + _("All lessons")
    st.button(back, key=keys.COURSE_BACK, type="tertiary", on_click=open_lesson, args=("",))
    st.header(plain(lesson, heading_of(lesson, _)), anchor=False)
    paragraph(lesson, _(lesson.claim))
    if code:
        st.info(_("Your class does this lesson together, or has seen what was measured. It is guessed in the class."))
        label = _("Back to class {code}").format(code=written_code(code))
        st.button(label, key=f"back_to_{code}", type="primary", on_click=open_class, args=(code,))
    else:
        st.info(
            _("Your class has shown here what was measured: a guess made now would be none. The next lesson is open.")
        )
    form(None, theme, _, listing=True)


def _run_button(state: CourseState, lesson: Lesson, run: LessonRun | None, measured: Any, _: Translate) -> None:
    if run is not None and run.status == "running":
        st.text(_("The network is running."))
        return
    if state.refused and measured is None:
        _refused(_)
    elif run is not None and run.status == "failed":
        st.error(_("This computation failed. Nothing else is affected; try again."))
    elif run is not None and run.status == "stopped":
        st.text(_("Stopped. Your guess stays locked."))
    if measured is None:
        if state.records[lesson.name].score is not None:
            st.text(_("This lesson was done before. Run it again for the explanation and the tasks."))
        st.button(_("Run the network"), key=keys.COURSE_RUN, type="primary", on_click=state.run, args=(lesson,))
    else:
        st.text(_("Run and measured."))


def _refused(_: Translate) -> None:
    st.warning(_("The server is full: as many people as it can serve are training. Press the button again in a while."))


def _follow(lesson: Lesson, run: LessonRun, key: str, theme: Theme, _: Translate) -> None:
    """Picture and metrics of a run while it trains."""

    @st.fragment(run_every=POLL)
    def follow() -> None:
        if run.status != "running":
            rerun()
        waiting, (share, shown, _measured) = run.waiting, run.progress
        label = _("Waiting for a turn: {place} in line.").format(place=waiting) if waiting else _("Running …")
        st.progress(min(1.0, max(0.0, share)), label)
        with st.container(horizontal=True, vertical_alignment="center", gap="large"):  # one row on a phone, too
            st.button(_("Stop"), key=f"{key}_stop", on_click=run.stop)
            for label, value in shown.get("numbers", {}).items():
                number = f"{value:,}" if isinstance(value, int) else short(value)
                st.metric(lesson.named(label, _), number, width="content")
        drawn = training(shown, theme, _)
        if drawn is not None:
            picture = lesson.picture_of(shown, _)
            if shown.get("network"):
                st.caption(picture)
            figure(drawn, key, picture, _)

    follow()


def _try(state: CourseState, lesson: Lesson, attempt: Attempt | None, theme: Theme, _: Translate) -> None:
    """The lesson's controls, what came of the last attempt, and the tasks that it has done."""
    st.subheader(_("Try"), anchor=False)
    run, done = state.try_of(lesson), state.records[lesson.name].tasks
    for place, task in enumerate(lesson.tasks):
        label = _(task.label)
        st.text(f"✓\u00a0{_done(label, _)}" if place in done else f"○\u00a0{label}")
    values = {control.name: _control(lesson, control, _) for control in lesson.controls}
    if run is not None and run.status == "running":
        _follow(lesson, run, f"{keys.COURSE_TRY}_live", theme, _)
        return
    if st.button(_("Run with these settings"), key=keys.COURSE_TRY, type="primary"):
        state.attempt(lesson, values)  # as they are now: a callback has what the run before saw
        rerun()
    if state.refused:
        _refused(_)
    elif run is not None and run.status == "failed":
        st.error(_("This computation failed. Nothing else is affected; try again."))
    if attempt is not None:
        drawn = lesson.figure(attempt.measured, {}, theme, _)
        figure(drawn, f"{keys.COURSE_TRY}_chart", _("What was measured with these settings."), _)
        explanation(lesson, {}, attempt.measured, _)


def _done(task: str, _: Translate) -> str:
    return _("{task} (done)").format(task=task)


def _control(lesson: Lesson, control: Control, _: Translate) -> Any:
    """Value of a control of the lesson."""
    key, label = f"try_{lesson.name}_{control.name}", plain(lesson, _(control.label))
    if control.options:
        names = dict(control.options)
        raw = st.segmented_control(
            label,
            list(names),
            default=control.value,
            format_func=lambda value: plain(lesson, _(names[value])),
            key=key,
            required=True,
        )
    elif control.longest:
        raw = st.text_input(label, control.value, max_chars=control.longest, key=key)
    else:
        kind = type(control.value)
        low, high, step = (kind(number) for number in (control.low, control.high, control.step))
        raw = st.slider(label, low, high, control.value, step, key=key)
    return control.read(raw)


def _onwards(lesson: Lesson, _: Translate) -> None:
    """The doors out of a lesson: to the page with the same network, to the next lesson, and to what lies further on."""
    door, names = lesson.door, list(lessons())
    left, right = st.columns(2)
    told = _("See such a network on the page “{page}”") if door.alike else _("See this network on the page “{page}”")
    label = told.format(page=_(PAGES[door.page].title))
    address, language = st.context.url or "", current_language().code
    left.link_button(label, door_address(address, door, language), width="stretch")
    if lesson.further is not None:
        left.link_button(_(lesson.further.label), door_address(address, lesson.further, language), width="stretch")
    place = names.index(lesson.name) + 1 if lesson.name in names else len(names)
    if place < len(names):
        following = lessons()[names[place]]
        label = _("Next lesson: {title}").format(title=_(following.title))
        right.button(label, key=keys.COURSE_NEXT, width="stretch", on_click=open_lesson, args=(following.name,))
    else:
        right.button(_("All lessons"), key=keys.COURSE_NEXT, width="stretch", on_click=open_lesson, args=("",))
