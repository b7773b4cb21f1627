"""The page “Unroll”: a sentence, and the network that reads it, opened down to every product. It has no live channel:
a run of its script computes what it shows."""

import streamlit as st

from ui.live.page import Page, Visit
from ui.settings import keys
from ui.settings.setting import Settings
from ui.training.tabs import training_session
from ui.unroll import controls, panels
from ui.unroll.changes import parse, spell
from ui.unroll.import_from_lab import take
from ui.unroll.workspace import Workspace, own_workspace


def _workspace(choices: controls.Choices, settings: Settings) -> Workspace:
    """Open workspace. It stays as long as its origin; a link can bring the changes that were made on it."""
    workspace = st.session_state.get(keys.WORKSPACE)
    wanted = (choices.sentence, choices.cell, choices.units, choices.bias, choices.seed)
    if workspace is None or (not workspace.taken and workspace.origin != wanted and choices.sentence.symbols):
        linked = "" if workspace is not None else settings.first(keys.CHANGES)
        sentence = choices.sentence if choices.sentence.symbols else controls.default_sentence()
        workspace = st.session_state[keys.WORKSPACE] = own_workspace(sentence, *wanted[1:])
        made = [workspace.change(change) for change in parse(linked)]
        workspace.incomplete = bool(linked) and not (made and all(made))
    return workspace


def _take_from_lab() -> None:
    """Lay the Lab's network open in the place of the reader's own."""
    workspace = st.session_state[keys.WORKSPACE]
    taken, st.session_state[keys.PROBLEM] = take(training_session(), workspace.number + 1)
    if taken is not None:
        if not workspace.taken:
            st.session_state[keys.OWN_WORKSPACE] = workspace
        st.session_state[keys.WORKSPACE] = taken


def _show(visit: Visit, _choices: None) -> None:
    _, theme, settings = visit.gettext, visit.theme, visit.widgets.settings
    st.markdown(
        _(
            "A recurrent network reads a sentence with the same weights at every step: unrolled, it is one "
            "column after another. Every number below can be opened down to the products that made it, forwards "
            "to the loss, and backwards to what each step adds to the gradient."
        )
    )
    workspace = st.session_state.get(keys.WORKSPACE)
    choices = controls.choose(
        visit.widgets, visit.language, workspace if workspace is not None and workspace.taken else None
    )
    workspace, problem = _workspace(choices, settings), st.session_state.pop(keys.PROBLEM, "")
    step = settings.firsts.pop(keys.GO_TO_STEP, None)  # the reader comes from a step of the Lab's score
    if step is not None:
        _take_from_lab()
        workspace, problem = st.session_state[keys.WORKSPACE], st.session_state.pop(keys.PROBLEM, "")
    st.markdown(panels.formula(workspace.computation, choices.notation))
    panels.notices(workspace, choices.sentence, problem, _)
    tape = workspace.read(choices.truncate, choices.truncation, choices.rate)
    panels.actions(workspace, tape, choices, visit.widgets, _take_from_lab, _)
    if step is not None and workspace.taken:
        settings.set(keys.PLACE, tape.first_of(step))
    place = panels.network(workspace, tape, choices, theme, visit.language, settings.first(keys.PLACE))
    panels.all_steps(workspace, tape, _)
    left, right = st.columns(2, gap="medium")
    with left:
        panels.step_shares(workspace, tape, choices, theme, _)
    with right:
        panels.compare(workspace, tape, theme, _)
    version = (workspace.origin, workspace.number, choices.truncate, choices.truncation, choices.rate)
    panels.checks(workspace, tape, version, _)
    settings.note(keys.PLACE, place)
    own = st.session_state[keys.OWN_WORKSPACE] if workspace.taken else workspace
    settings.note(keys.CHANGES, spell(own.changes))


PAGE = Page(
    name="unroll",
    settings=controls.TABLE,
    widgets=controls.widgets_of,
    show=_show,
)
