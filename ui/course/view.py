"""A lesson as a page: read, guess, run, compare, explain, try."""

import streamlit as st

from ui.charts.formatting import short
from ui.course.figures import training
from ui.course.form import course_state, form
from ui.course.lesson import Lesson
from ui.course.lessons import lessons
from ui.course.overview import open_lesson
from ui.live.figure import figure
from ui.pages import FIRST, PAGES
from ui.settings import keys

POLL = 0.4  # seconds between two looks at a run
TEXT_AND_PICTURE = [5, 6]  # widths


def lesson_view(lesson: Lesson, theme, _) -> None:
    """Everything of a lesson that the reader has come to."""
    state = course_state()
    run, measured, answers = state.run_of(lesson), state.measured(lesson), state.answers(lesson)
    attempt = state.attempted(lesson)  # before the form, which lets the browser keep what it has done
    number = list(lessons()).index(lesson.name) + 1
    back = "← " + _("All lessons")
    st.button(back, key=keys.COURSE_BACK, type="tertiary", on_click=open_lesson, args=("",))
    st.header(_("Lesson {number}: {title}").format(number=number, title=_(lesson.title)), anchor=False)
    text, picture = st.columns(TEXT_AND_PICTURE, gap="large")
    with text:
        st.subheader(_("Read"), anchor=False)
        st.markdown(_(lesson.claim))
        st.subheader(_("Guess"), anchor=False)
        form(lesson, theme, _)
        if answers is not None:
            st.subheader(_("Run"), anchor=False)
            _run_button(state, lesson, run, measured, _)
    with picture:
        if run is not None and run.status == "running":
            _follow(run, f"{keys.COURSE_CHART}_live", theme, _)
        else:
            drawn = lesson.figure(measured, answers or {}, theme, _)
            alt = _("Your guess beside the measured value.") if answers else _("An empty chart: nothing measured yet.")
            figure(drawn, keys.COURSE_CHART, alt, _)
    if measured is None:
        return
    text, picture = st.columns(TEXT_AND_PICTURE, gap="large")
    with text:
        _compare(lesson, answers, measured, _)
        _explain(lesson, answers, measured, _)
    with picture:
        _try(state, lesson, attempt, theme, _)
    _onwards(lesson, number, _)


def _run_button(state, lesson, run, measured, _) -> None:
    if run is not None and run.status == "running":
        st.text(_("The network is being trained."))
        return
    if run is not None and run.status == "failed":
        st.error(_("This computation failed. Nothing else is affected; try again."))
    elif run is not None and run.status == "stopped":
        st.text(_("Stopped. Your guess stays locked."))
    if measured is None:
        if state.records[lesson.name].score is not None:
            st.text(_("This lesson was done before. Run it again to see the measured values: they are the same."))
        st.button(_("Train the network"), key=keys.COURSE_RUN, type="primary", on_click=state.run, args=(lesson,))
    else:
        st.text(_("Trained and measured."))


def _follow(run, key: str, theme, _) -> None:
    """What a run shows while it trains, until it ends."""

    @st.fragment(run_every=POLL)
    def follow():
        if run.status != "running":
            st.rerun()
        waiting, (share, shown, _measured) = run.waiting, run.progress
        told = _("Waiting for a turn: {place} in line.").format(place=waiting) if waiting else _("Training …")
        st.progress(min(1.0, max(0.0, share)), told)
        st.button(_("Stop"), key=f"{key}_stop", on_click=run.stop)
        numbers = shown.get("numbers", {})
        for column, (label, value) in zip(st.columns(max(1, len(numbers))), numbers.items(), strict=False):
            column.metric(_(label), f"{value:,}" if isinstance(value, int) else short(value))
        drawn = training(shown, theme, _)
        if drawn is not None:
            figure(drawn, key, _("The network while it is trained."), _)

    follow()


def _compare(lesson: Lesson, answers, measured, _) -> None:
    """Each guess, what was measured, and how it was judged."""
    st.subheader(_("Compare"), anchor=False)
    for verdict in lesson.judge(answers, measured):
        guess = verdict.guess
        if len(lesson.guesses) > 1:
            st.text(_(guess.label))
        told = _("You guessed {guess}; measured: {measured}. Score: {score}.")
        values = [guess.written(value, _) for value in (verdict.answer, verdict.measured)]
        st.text(told.format(guess=values[0], measured=values[1], score=f"{verdict.score:.0%}"))
        st.text(guess.judged(_))


def _explain(lesson: Lesson, answers, measured, _) -> None:
    st.subheader(_("Explain"), anchor=False)
    for sentence in lesson.corrections(answers, measured):
        st.info(_(sentence))
    for paragraph in lesson.explain(measured, answers, _):
        st.markdown(paragraph)


def _try(state, lesson: Lesson, attempt, theme, _) -> None:
    """The lesson's controls, what came of the last attempt, and the tasks that it has done."""
    st.subheader(_("Try"), anchor=False)
    run, done = state.try_of(lesson), state.records[lesson.name].tasks
    for place, task in enumerate(lesson.tasks):
        label = _(task.label)
        st.text(f"✓\u00a0{_done(label, _)}" if place in done else f"○\u00a0{label}")
    values = {control.name: _control(lesson, control, _) for control in lesson.controls}
    if run is not None and run.status == "running":
        _follow(run, f"{keys.COURSE_TRY}_live", theme, _)
        return
    st.button(
        _("Train with these settings"),
        key=keys.COURSE_TRY,
        on_click=state.attempt,
        args=(lesson, values),
        type="primary",
    )
    if run is not None and run.status == "failed":
        st.error(_("This computation failed. Nothing else is affected; try again."))
    if attempt is not None:
        drawn = lesson.figure(attempt.measured, {}, theme, _)
        figure(drawn, f"{keys.COURSE_TRY}_chart", _("What was measured with these settings."), _)


def _done(task: str, _) -> str:
    return _("{task} (done)").format(task=task)


def _control(lesson: Lesson, control, _):
    """What a control of the lesson is set to."""
    key, label = f"try_{lesson.name}_{control.name}", _(control.label)
    if control.options:
        names = dict(control.options)
        raw = st.segmented_control(
            label, list(names), default=control.value, format_func=lambda value: _(names[value]), key=key, required=True
        )
    else:
        kind = type(control.value)
        low, high, step = (kind(number) for number in (control.low, control.high, control.step))
        raw = st.slider(label, low, high, control.value, step, key=key)
    return control.read(raw)


def _onwards(lesson: Lesson, number: int, _) -> None:
    """The doors out of a lesson: to the page with the same network, and to the next lesson."""
    door, names = lesson.door, list(lessons())
    query = "&".join(f"{name}={value}" for name, value in door.query.items())
    root = (st.context.url or "").removesuffix("course")
    page = "" if door.page == FIRST else door.page
    left, right = st.columns(2)
    label = _("See this network on the page “{page}”").format(page=_(PAGES[door.page].title))
    left.link_button(label, f"{root}{page}?{query}", width="stretch")
    if number < len(names):
        following = lessons()[names[number]]
        label = _("Next lesson: {title}").format(title=_(following.title))
        right.button(label, key=keys.COURSE_NEXT, width="stretch", on_click=open_lesson, args=(following.name,))
    else:
        right.button(_("All lessons"), key=keys.COURSE_NEXT, width="stretch", on_click=open_lesson, args=("",))
