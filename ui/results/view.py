"""One result: the paper, what we expect and why, what was measured, the verdict; and the same, measured now."""

import streamlit as st

from ui.i18n import Translate, join_sentences
from ui.live.figure import figure
from ui.live.page import Visit
from ui.live.table import table
from ui.network.published_results import paper_of
from ui.network.results import RESULTS
from ui.network.results.record import Picture, Result, Trial, Trials, agrees, findings
from ui.network.results.sentences import (
    AGREES,
    DIFFERS,
    measured_where,
    rows_of_checks,
    rows_of_networks,
    rows_of_seeds,
    seconds_of,
    shown,
    verdict,
)
from ui.network.results.stored import Stored, stored
from ui.pages import PAGES
from ui.results.controls import open_result
from ui.results.doors import address, ways
from ui.results.figures import curves
from ui.results.figures_pictures import picture
from ui.results.guides import chart_guide, curves_table, picture_guide, picture_table
from ui.results.run import ResultRun
from ui.settings import keys
from ui.settings.rerun import rerun
from ui.training.executor.cluster import named
from ui.training.executor.messages import where, who_trains

POLL = 0.5  # seconds between two looks at a run
DIGITS = ".5g"  # to which two measurements are compared


def result_view(name: str, visit: Visit) -> None:
    """Everything about one result."""
    _, result, entry, run = visit.gettext, RESULTS[name], stored().get(name), run_of(name)
    run.look()
    st.button("← " + _("All results"), key=keys.RESULT_BACK, type="tertiary", on_click=open_result, args=("",))
    st.header(_(result.title), anchor=False)
    st.markdown(_(result.claim))
    if entry is None:
        st.info(_("Nothing is stored of this result: it has not been measured yet."))
    else:
        _verdict(result, entry.trials, _)
    drawn = result.chart is not None or result.picture is not None
    text, beside = st.columns([1, 1], gap="large") if drawn else (st.container(), st.container())
    with text:
        _paper(result, _)
        st.subheader(_("Run it now"), anchor=False)
        _run(run, entry, _)
        _doors(result, visit)
    with beside:
        _chart(result, entry, run, visit)
    st.subheader(_("Measured"), anchor=False)
    _measured(result, entry, run, _)


def _verdict(result: Result, trials: Trials, _: Translate) -> None:
    """The verdict in a frame: it belongs to the result, and is no notice of the page."""
    mark, sentence = "✓" if agrees(result, trials) else "○", verdict(result, trials, _)
    with st.container(border=True):
        st.markdown(f"{mark} {sentence}")


def run_of(name: str) -> ResultRun:
    """The measurement of this result in this tab."""
    runs: dict[str, ResultRun] = st.session_state.setdefault(keys.RESULT_RUNS, {})
    if name not in runs:
        runs[name] = ResultRun(RESULTS[name])
    return runs[name]


def _paper(result: Result, _: Translate) -> None:
    card = paper_of(result)
    for sentence, text in (
        (_("The paper: {text}"), card.paper),
        (_("Different here: {text}"), result.here),
        (_("Found there: {text}"), card.found),
        (_("The paper's number: {text}"), result.published),
        (_("What we expect, and why: {text}"), result.expected),
    ):
        name, said = sentence.partition("{text}")[0].strip(), _(text)
        st.markdown(f"**{name}** {said}")
    st.text(_("What this rests on: {text}").format(text=_(card.source)))


def _run(run: ResultRun, entry: Stored | None, _: Translate) -> None:
    """The button, or how far the measurement is."""
    status = run.status
    if status == "running":
        _follow(run, _)
        return
    if run.refused:
        st.warning(
            _(
                "This server is measuring as many results as it can at a time. Press the button again when one of them "
                "has ended, or stop one."
            )
        )
    if status == "failed":
        st.error(_("This computation failed. Nothing else is affected; try again."))
    elif status == "stopped":
        st.text(_("Stopped at {share:.0%}. What was trained is kept.").format(share=run.step.share))
    elif entry is not None and status == "ready":
        st.text(_("The stored measurement took {seconds} s of processor time.").format(seconds=seconds_of(entry)))
    _where(run, _)
    labels = {"stopped": _("Continue"), "ready": _("Run it now")}
    st.button(labels.get(status, _("Run it again")), key=keys.RESULT_RUN, type="primary", on_click=run.start)


def _follow(run: ResultRun, _: Translate) -> None:
    """Progress, an estimate, and Stop."""

    @st.fragment(run_every=POLL)
    def follow() -> None:
        run.look()
        if run.status != "running":
            rerun()
        share, left = run.step.share, run.left
        label = _("{share:.0%} measured").format(share=share)
        if left is not None:
            label = _("{share:.0%} measured, about {left:,.0f} s left").format(share=share, left=left)
        st.progress(min(1.0, share), label)
        _where(run, _)
        st.button(_("Stop"), key=keys.RESULT_STOP, on_click=run.stop)

    follow()


def _where(run: ResultRun, _: Translate) -> None:
    """Who trains it; where nobody does, what went wrong on the way."""
    running = run.status == "running"
    sentences = who_trains(run.cluster, named(), True, _) if running else where(run.cluster, False, _)
    if sentences:
        st.text(join_sentences(*sentences))


def _doors(result: Result, visit: Visit) -> None:
    """The pages that show these networks."""
    _ = visit.gettext
    for way in ways(result):
        page = _(PAGES[way.page].title)
        label = _("All these networks on the page “{page}”").format(page=page)
        if way.network:
            network = _(result.networks[way.network].label)
            label = _("{network} on the page “{page}”").format(network=network, page=page)
        st.link_button(label, address(st.context.url or "", way, visit.language.code), width="stretch")
    st.text(_("Each opens with exactly these settings and the first seed, and trains there from the beginning."))


def _chart(result: Result, entry: Stored | None, run: ResultRun, visit: Visit) -> None:
    """The curves: those of now before those that are stored."""
    _, chart, now = visit.gettext, result.chart, run.step.trials if run.status != "running" else {}
    measured = any(now.values())
    if result.picture is not None:
        known = now if measured else entry.trials if entry is not None else {}
        if (own := known.get(result.picture.network, ())) and own[0].parts:
            _picture(result, result.picture, own[0], visit)
        return
    if chart is None:
        st.text(_("This result has no curve: its numbers stand in the tables below."))
        return
    trials = now if measured else entry.trials if entry is not None else {}
    if not trials:
        return
    names = {name: _(network.label) for name, network in result.networks.items()}
    former = entry.trials if entry is not None and measured else None
    figure(curves(chart, names, trials, former, theme=visit.theme, translate=_), keys.RESULT_CHART, _(chart.alt), _)
    with st.expander(_("How to read the chart"), expanded=True):
        st.markdown(join_sentences(*chart_guide(chart, trials, _)))
    with st.expander(_("The curves as a table")):
        table(curves_table(result, trials, _), keys.RESULT_CURVES, _)


def _picture(result: Result, given: Picture, trial: Trial, visit: Visit) -> None:
    """The picture of the first seed, with its guide and table."""
    _ = visit.gettext
    titles = given.titles or {name: quantity.label for name, quantity in result.quantities.items()}
    drawn = picture(given, trial, titles, theme=visit.theme, translate=_)
    figure(drawn, keys.RESULT_CHART, _(given.alt), _)
    with st.expander(_("How to read the chart"), expanded=True):
        st.markdown(join_sentences(*picture_guide(result, given, trial, _)))
    with st.expander(_("The picture as a table")):
        table(picture_table(given, trial, titles, _), keys.RESULT_CURVES, _)


def _measured(result: Result, entry: Stored | None, run: ResultRun, _: Translate) -> None:
    """Numbers that decide, the verdict, every network, every seed; what was measured now beside what is stored."""
    known = None if entry is None else entry.trials
    columns = rows_of_checks(result, known, _)
    if run.trials is not None:
        every = findings(result, run.trials)
        columns[_("measured now")] = [shown(finding.value, finding.check.form) for finding in every]
        columns[_("verdict now")] = [_(AGREES) if finding.holds else _(DIFFERS) for finding in every]
    table(columns, keys.RESULT_DECIDES, _)
    if entry is not None:
        _tables(result, entry.trials, (keys.RESULT_NETWORKS, keys.RESULT_SEEDS), _)
        st.text(measured_where(entry, _))
    if run.trials is not None:
        st.markdown(_("Measured now: {text}").format(text=verdict(result, run.trials, _)))
        if entry is not None:
            st.markdown(_compared(result, entry.trials, run.trials, _))
        _tables(result, run.trials, (keys.RESULT_NETWORKS_NOW, keys.RESULT_SEEDS_NOW), _)


def _tables(result: Result, trials: Trials, names: tuple[str, str], _: Translate) -> None:
    """Every network, and every seed. names : keys of the two."""
    table(rows_of_networks(result, trials, _), names[0], _)
    with st.expander(_("Every seed as a table")):
        table(rows_of_seeds(result, trials, _), names[1], _)


def _compared(result: Result, before: Trials, now: Trials, _: Translate) -> str:
    """Whether the numbers of now are those that are stored."""
    first, second = (
        [format(number, DIGITS) if number is not None else "" for number in _numbers(result, trials)]
        for trials in (before, now)
    )
    count, other = len(second), sum(one != two for one, two in zip(first, second, strict=False))
    if not other:
        return _("All {count} numbers of the seeds are those that are stored, to five digits.").format(
            count=len(second)
        )
    return _(
        "{other} of the {count} numbers of the seeds differ from those that are stored in the first five digits. "
        "Another processor or other versions can round differently."
    ).format(other=other, count=count)


def _numbers(result: Result, trials: Trials) -> list[float | None]:
    return [
        trial.numbers[key] for name in result.networks for trial in trials.get(name, ()) for key in result.quantities
    ]
