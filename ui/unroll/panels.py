"""The parts of the page “Unroll”: what can be done with the network, and what its numbers say."""

from collections.abc import Callable, Hashable
from typing import Any

import streamlit as st

from ui.charts.symbols import label as escaped
from ui.charts.symbols import visible
from ui.equations import equations, letters_of
from ui.i18n import Language, Translate
from ui.live.figure import figure
from ui.live.table import table
from ui.settings import keys
from ui.settings.rerun import rerun
from ui.settings.widgets import Widgets
from ui.theme import Theme
from ui.training.background import Job
from ui.unroll import figures_shares as shares_figure
from ui.unroll import figures_sharing as sharing_figure
from ui.unroll import guides, view
from ui.unroll.changes import MOST, Edit, Step
from ui.unroll.controls import Choices
from ui.unroll.import_from_lab import REFUSALS
from ui.unroll.payload import is_large, payload
from ui.unroll.sentence import Sentence
from ui.unroll.tape.shares import shares
from ui.unroll.tape.sharing import Outcome, experiment
from ui.unroll.tape.standalone_check import Page
from ui.unroll.tape.tape import Computation, Tape
from ui.unroll.tape.verify import Deviation, check, page_of, script
from ui.unroll.workspace import Workspace

POLL = 0.25  # seconds between two looks at what is computed in the background


def formula(one: Computation, notation: str) -> str:
    """The equations of this network, to be rendered as Markdown."""
    lines = equations(one.cell, "cross_entropy", bias=one.bias, notation=notation)
    letter = letters_of(one.cell, notation)
    return " &emsp; ".join(f"${line}$" for line in (*lines, rf"L_t = -\ln {letter['p']}_t[x_{{t+1}}]"))


def notices(workspace: Workspace, sentence: Sentence, problem: str, _: Translate) -> None:
    """Notices about the input."""
    if problem:
        st.warning(_(REFUSALS[problem]))
    if workspace.incomplete:
        st.info(_("Not all the changes of weights in the address could be made. Those that could not are left out."))
    if workspace.taken:
        newest = _(
            "This is a copy of the Lab's network at update {update}, reading the beginning of the "
            "sequence that the Lab shows. It is not part of the link."
        )
        past = _(
            "This is a copy of the Lab's network in the past, as it was at update {update}: the moment that the Lab "
            "showed when it was copied. It reads the beginning of the sequence there, and is not part of the link."
        )
        st.info((past if workspace.past else newest).format(update=workspace.taken))
        st.button(_("Back to your sentence"), key=keys.GIVE_BACK, on_click=_go_back)
    elif not sentence.symbols:
        st.warning(_("There is nothing to read yet. Type a sentence; until then the network stays as it was."))
    elif sentence.beyond:
        st.info(
            _(
                "The first {shown} symbols are read; {beyond} more would not fit side by side. The box keeps your text."
            ).format(shown=len(sentence.symbols), beyond=sentence.beyond)
        )
    if len(workspace.changes) >= MOST:
        st.warning(_("That is the limit of {most} changes; undo some, or start over.").format(most=MOST))


def _go_back() -> None:
    """Lay the reader's own network open again, with the changes made to it."""
    st.session_state[keys.WORKSPACE] = st.session_state.pop(keys.OWN_WORKSPACE)


def actions(
    workspace: Workspace, tape: Tape, choices: Choices, widgets: Widgets, take: Callable[[], None], _: Translate
) -> None:
    """A gradient step, its undoing, the Lab's network; the loss before and after."""
    after, step = workspace.loss_after(tape), Step(choices.rate, choices.truncate, choices.truncation)

    def descend() -> None:
        workspace.change(step)

    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        widgets.number(keys.STEP_SIZE, step=0.05, format="%g", width=130)
        st.button(_("One gradient step"), key=keys.DESCEND, on_click=descend)
        st.button(_("Undo"), key=keys.UNDO, on_click=workspace.undo, disabled=not workspace.changes)
        st.button(_("Start over"), key=keys.START_OVER, on_click=workspace.start_over, disabled=not workspace.changes)
        st.button(_("Copy the Lab's network"), key=keys.TAKE, on_click=take)
        difference = f"{tape.loss - workspace.losses[-1]:+.4f}" if workspace.losses else None
        st.metric(_("Loss now"), f"{tape.loss:.4f}", difference, delta_color="inverse", width=130)
        st.metric(_("After one more step"), f"{after:.4f}", width=150)
    if workspace.changes and isinstance(workspace.changes[-1], Step):
        st.caption(
            _("The gradient step brought the loss of the same sentence from {before:.4f} to {now:.4f} nats.").format(
                before=workspace.losses[-1], now=tape.loss
            )
        )


def network(workspace: Workspace, tape: Tape, choices: Choices, theme: Theme, language: Language, place: int) -> int:
    """The unrolled network with its arithmetic; where the reader rests."""
    version = (
        workspace.origin,
        workspace.number,
        workspace.unit,
        choices.truncate,
        choices.truncation,
        choices.rate,
        choices.notation,
        theme.name,
        language.code,
    )
    known = st.session_state.get(keys.DRAWN_UNROLLED)
    if known is None or known[0] != version:
        data = payload(
            tape,
            [visible(symbol) for symbol in workspace.symbols],
            notation=choices.notation,
            theme=theme,
            translate=language.gettext,
            unit=workspace.unit,
            output=max(0, next((target for target in tape.computation.targets if target >= 0), 0)),
        )
        known = st.session_state[keys.DRAWN_UNROLLED] = (version, data | {"language": language.code.replace("_", "-")})

    def edit(wanted: object) -> None:
        match wanted:
            case {"name": str(block), "row": int() | float() as row, "column": int() | float() as column,
                  "value": int() | float() as value}:  # fmt: skip
                workspace.change(Edit(block, int(row), int(column), float(value)))

    def select(wanted: object) -> None:
        match wanted:
            case {"index": int(index)}:
                workspace.unit = min(max(0, index), tape.computation.hidden_size - 1)

    return view.show(known[1], version=version, place=place, on_edit=edit, on_select=select)


def step_shares(workspace: Workspace, tape: Tape, choices: Choices, theme: Theme, _: Translate) -> None:
    """How much each step adds to the gradients."""
    found, letter = shares(tape), letters_of(tape.computation.cell, choices.notation)
    names = {name: f"∂L/∂{guides.plain(letter[name])}" for name in found}
    below = [f"{t} {escaped(workspace.symbols[symbol])}" for t, symbol in enumerate(tape.computation.ids)]
    drawn = shares_figure.shares(
        {name: one.part for name, one in found.items()}, below, names, theme=theme, translate=_
    )
    st.header(_("What each step adds to the gradient"), anchor=False)
    figure(drawn, keys.SHARES, _("Each step's share of the gradients."), _)
    with st.expander(_("How to read the shares")):
        st.write("\n\n".join(guides.shares_guide(tape, found, names, _)))
    with st.expander(_("The shares as a table")):
        table(guides.shares_table(workspace, tape, found, names, _), keys.SHARES_TABLE, _)


def checks(workspace: Workspace, tape: Tape, version: Hashable, _: Translate) -> None:
    """One button that checks every number, and the script that does the same anywhere."""
    st.header(_("Check these numbers"), anchor=False)
    st.write(
        _(
            "A second computation, which shares no code with this page, repeats every number on it: each "
            "loss is followed back on its own, and central differences test the gradients by moving the "
            "weights."
        )
    )

    def page() -> Page:
        return page_of(tape, [visible(symbol) for symbol in workspace.symbols])

    with st.container(horizontal=True, gap="small"):
        pressed = st.button(_("Check these numbers"), key=keys.CHECK)
        st.download_button(
            _("Download the computation (Python, NumPy only)"),
            lambda: script(page()),
            "unroll_check.py",
            "text/x-python",
            key=keys.SCRIPT,
            on_click="ignore",
        )
    if pressed:
        _job("check").request(version, 0, lambda progress: check(page()))
    _follow("check", version, lambda found: _deviations(found, _), _("Checking …"), _)


def _deviations(found: list[Deviation], _: Translate) -> None:
    worst = max(one.script for one in found)
    slopes = max((one.differences for one in found if one.differences is not None), default=0.0)
    st.success(
        _(
            "{count:,} numbers compared. Largest deviation from the second computation: {worst:.1e}; of a "
            "gradient from central differences: {slopes:.1e}."
        ).format(count=sum(one.compared for one in found), worst=worst, slopes=slopes)
    )
    table(guides.deviations_table(found, _), keys.DEVIATIONS_TABLE, _)


def compare(workspace: Workspace, tape: Tape, theme: Theme, _: Translate) -> None:
    """Comparison with and without weights shared over the steps."""
    one = tape.computation
    count = sum(value.size for value in one.weights.values())
    st.header(_("The same weights at every step: what for?"), anchor=False)
    st.write(
        _(
            "This network has {shared:,} parameters, used at each of the {steps} steps. With weights of its "
            "own at every step it would have {separate:,}, and for each longer sentence more."
        ).format(shared=count, steps=one.steps, separate=count * one.steps)
    )
    if workspace.taken or is_large(one):
        st.caption(_("The comparison is made for a sentence of your own."))
        return
    key = (workspace.origin, workspace.number)
    end = len(workspace.symbols) - 1
    if st.button(_("Train both beside one another"), key=keys.COMPARE):
        _job("sharing").request(
            key, 0, lambda progress: experiment(one.cell, one.weights, one.ids, end, stop=lambda: not progress())
        )
    _follow("sharing", key, lambda found: _outcome(found, theme, _), _("Training both networks …"), _)


def _outcome(outcome: Outcome | None, theme: Theme, _: Translate) -> None:
    if outcome is None:
        return
    drawn = sharing_figure.sharing(outcome, theme=theme, translate=_)
    alt = _("Loss at each step, with shared weights and with weights of its own at each step.")
    figure(drawn, keys.SHARING, alt, _)
    with st.expander(_("How to read the comparison"), expanded=True):
        st.write("\n\n".join(guides.sharing_guide(outcome, _)))
    with st.expander(_("The comparison as a table")):
        table(guides.sharing_table(outcome, _), keys.SHARING_TABLE, _)


def _job(name: str) -> Job[int, Any]:
    """The job of this name in this session."""
    jobs: dict[str, Job[int, Any]] = st.session_state.setdefault(keys.JOBS, {})
    return jobs.setdefault(name, Job())


def _follow(name: str, key: Hashable, show: Callable[[Any], None], waiting: str, _: Translate) -> None:
    """Result of a job, as soon as it is there."""
    job = _job(name)
    if job.under_way(key):

        @st.fragment(run_every=POLL)
        def wait() -> None:
            if not job.under_way(key):
                rerun()
            st.caption(waiting)

        wait()
        return
    made = job.about(key)
    if made.error:
        st.error(_("This computation failed. Nothing else is affected; try again."))
    elif made.version is not None:
        show(made.result)


def all_steps(workspace: Workspace, tape: Tape, _: Translate) -> None:
    """The reading as a table, for who cannot see the diagram."""
    with st.expander(_("The sentence as a table")):
        table(guides.steps_table(workspace, tape, _), keys.STEPS_TABLE, _)
    with st.expander(_("How to read the unrolled network")):
        st.write("\n\n".join(guides.network_guide(tape, _)))
