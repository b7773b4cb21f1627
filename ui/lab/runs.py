"""The runs of this session: a list to return to, rename and delete; one of them beside the present one."""

from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import Any

import streamlit as st

from rnn_core.tasks import TASKS
from ui.charts.limits import limits
from ui.charts.loss import loss
from ui.charts.loss_units import LossUnit
from ui.charts.score import score
from ui.i18n import Translate
from ui.lab import beside
from ui.lab.beside import in_short
from ui.live.change_names import change_name
from ui.live.figure import figure
from ui.live.levels import baseline
from ui.live.page import Visit
from ui.network.beyond import show_network
from ui.network.controls import Choices
from ui.network.settings import TRAINED
from ui.network.setup import values_of
from ui.network.written import written
from ui.settings import keys
from ui.training.kept_run import LONGEST_NAME, tidy_name, unpack
from ui.training.model_history import Change
from ui.training.run import training_of
from ui.training.shelf import MOST_BYTES, MOST_RUNS, ShelvedRun
from ui.training.snapshot import SampleChoice, Setup, View

MOST_TYPED = 1000  # characters in the field of a name: of one that is longer the browser would send none


def show(visit: Visit, choices: Choices) -> None:
    """Draw the list where it is open."""
    _ = visit.gettext
    settings = visit.widgets.settings
    label, linked = _("Runs: return to one, compare two"), bool(settings.asks(keys.BESIDE))
    with visit.widgets.part(keys.RUNS, label, expanded=linked) as part:
        beside.note(settings, None)
        if not part.open:
            return
        runs = visit.session.runs
        newest = visit.session.snapshot.view
        st.text(
            _(
                "Each network that trained for five seconds or more is a run. The newest {most} are listed, "
                "{megabytes} MB at most; the oldest go first."
            ).format(most=MOST_RUNS, megabytes=MOST_BYTES >> 20)
        )
        names = titles(runs, _)
        for place, run in enumerate(runs):
            _row(visit, run, runs[place - 1] if place else None, names)
        others = {run.identity: run for run in runs if run.file}
        beside.choose(visit, others)
        beside.offer(visit)
        if others and newest is not None:
            _compare(visit, choices, newest, others, names)


def titles(runs: Sequence[ShelvedRun], _: Translate) -> dict[str, str]:
    """The names of the runs by their identities; those that share one have their numbers as well."""
    numbers = {run.identity: _("Run {number}").format(number=run.ordinal) for run in runs}
    names = {run.identity: run.name or numbers[run.identity] for run in runs}
    often = Counter(names.values())
    both = _("{name} ({number})")
    return {
        run.identity: both.format(name=run.name, number=numbers[run.identity])
        if run.name and often[run.name] > 1
        else names[run.identity]
        for run in runs
    }


def summary(run: ShelvedRun, _: Translate) -> str:
    """A run in a line: its network, and how far it came."""
    line = in_short(run.setup, run.update, _) if run.file else _("its update and loss stand above")
    if run.file and run.held_out:
        update, loss = run.held_out[-1]
        earlier, now = _("held-out loss {loss:.4g} (update {update:,})"), _("held-out loss {loss:.4g}")
        line += " · " + (now if update == run.update else earlier).format(loss=loss, update=update)
    return line


def differences(run: ShelvedRun, before: ShelvedRun, labels: dict[str, str], _: Translate) -> str:
    """What was set otherwise in the run before it, and what was set on the way since, in words."""
    old, new = values_of(before.setup, before.training), values_of(run.setup, run.training)
    others = [name for name in TRAINED if name in new and new[name] != old.get(name)]
    changed = [
        _("{name}: {value}").format(name=labels.get(name, name), value=written(name, new[name], _)) for name in others
    ]
    if keys.DATA not in others and new.get(keys.TEXT) != old.get(keys.TEXT) and keys.TEXT in new:
        changed.append(_("Your own text"))
    changed += [
        _("after update {update:,}: {change}").format(update=change.update, change=change_name(change, _))
        for change in _on_the_way(run, before, others)
    ]
    return _("; ").join(changed)


def _on_the_way(run: ShelvedRun, before: ShelvedRun, told: Sequence[str]) -> list[Change]:
    """Changes in the course of a run that the one before it has not seen: of weights, and of settings that in the end
    are the same in both. told : the settings that are not."""
    found: list[Change] = []
    for change in run.changes:
        if change.update == 0 or change in before.changes:
            continue
        old, new = (values_of(run.setup, training_of(config)) for config in (change.before, change.config))
        if change.weights is None and all(name in told or new[name] == old.get(name) for name in new):
            continue
        if change.weights is None and found and found[-1].update == change.update and found[-1].weights is None:
            change = found.pop()._replace(config=change.config)  # a control that moved by several steps
        found.append(change)
    return found


def _row(visit: Visit, run: ShelvedRun, before: ShelvedRun | None, names: dict[str, str]) -> None:
    """A run of the list, with its buttons; the present one has no file."""
    _, session, identity = visit.gettext, visit.session, run.identity
    with st.container(border=True):
        present = "" if run.file else " · " + _("this network")
        st.text(f"{names[identity]}{present}\n{summary(run, _)}")
        if before is not None and (changed := differences(run, before, visit.widgets.labels, _)):
            st.text(_("Changed from {name}: {settings}").format(name=names[before.identity], settings=changed))
        name, back, delete = st.columns([2, 1, 1], vertical_alignment="bottom")
        key = f"{keys.RUN_NAME}_{identity}"
        name.text_input(
            _("Name of run {number}").format(number=run.ordinal), run.name, MOST_TYPED, key,
            on_change=_rename, args=(session, identity, key),
        )  # fmt: skip
        if st.session_state.pop(f"{key}_cut", False):
            st.text(_("A name has {longest} characters at most: the rest was cut off.").format(longest=LONGEST_NAME))
        if run.file:
            label = _("Return to it")
            back.button(label, key=f"{keys.RUN_RETURN}_{identity}", on_click=_return, args=(session, identity))
        delete.button(
            _("Delete"), key=f"{keys.RUN_DELETE}_{identity}", on_click=_delete, args=(session, identity),
            help=None if run.file else _(
                "The newest of the other runs takes its place, or it starts over where there is none. The button "
                "that restores the previous network brings it back."
            ),
        )  # fmt: skip


def _rename(session: Any, identity: str, key: str) -> None:
    """Give a run the name in its field, which then shows it as it is kept."""
    typed = st.session_state[key]
    st.session_state[key] = tidy_name(typed)
    st.session_state[f"{key}_cut"] = tidy_name(typed, len(typed)) != st.session_state[key]
    session.rename(identity, st.session_state[key])


def _return(session: Any, identity: str) -> None:
    """Exchange the network for that of a run, the controls as well; before they are drawn."""
    run = session.return_to(identity)
    if run is not None:
        show_network(run.setup, run.training)


def _delete(session: Any, identity: str) -> None:
    """Forget a run; the controls show the one that takes the place of the present one."""
    run = session.delete(identity)
    if run is not None:
        show_network(run.setup, run.training)


def _compare(
    visit: Visit, choices: Choices, newest: View, others: dict[str, ShelvedRun], names: dict[str, str]
) -> None:
    """The present network beside another run: one loss chart, and two scores with the same ranges."""
    _ = visit.gettext
    chosen = st.selectbox(
        _("Beside this network"), list(others), None, names.__getitem__, keys.RUN_BESIDE,
        placeholder=_("Choose a run"),
    )  # fmt: skip
    if chosen not in others:
        return
    other, named = others[chosen], names[chosen]
    beside.note(visit.widgets.settings, other)
    if not other.straight:
        st.text(
            _(
                "The link of this page does not name the run beside it: its settings or weights were changed on the "
                "way, or its beginning is not known, so the settings alone do not give this network."
            )
        )
    st.button(_("Compare as it is now"), key=keys.COMPARE_ANEW)
    if not learn_the_same(newest.setup, other.setup):
        st.text(_("The two learn different things: a lower loss does not make one the better network."))
    figure(loss_of_both(newest, other, named, visit, choices), keys.COMPARED_LOSS, _("Loss of both runs"), _)
    view = _view_of(other, choices.sample_choice)
    ranges = limits(view.trace, -1, limits(newest.trace, -1, None))
    columns = st.container(key=keys.COMPARED_PAIR).columns(2)
    for place, (column, name, one) in enumerate(zip(columns, (_("this network"), named), (newest, view), strict=True)):
        with column:
            st.text(_("{name}, update {update:,}").format(name=name, update=one.update))
            drawn = score(
                one.trace, one.vocabulary, theme=visit.theme, notation=choices.display.notation, ranges=ranges,
                unit=choices.display.unit, translate=_,
            )  # fmt: skip
            figure(drawn, f"{keys.COMPARED_SCORE}_{place}", _("Score of {name}").format(name=name), _)
            if one.samples:
                st.text(one.samples[-1].text)


def learn_the_same(one: Setup, other: Setup) -> bool:
    """Whether two networks learn the same task from the same data, however many sequences are read at once."""
    tasks = (TASKS[setup.task](**dict(setup.task_options) | {keys.BATCH_SIZE: 1}) for setup in (one, other))
    return next(tasks) == next(tasks)


def loss_of_both(newest: View, other: ShelvedRun, named: str, visit: Visit, choices: Choices) -> Any:
    """The loss of the present network; that of the other run is dashed, under its name, which is no markup."""
    _ = visit.gettext
    return loss(
        newest.curve,
        newest.held_out,
        references=[(baseline(newest.trace.config, newest.chance, _), newest.chance)],
        theme=visit.theme,
        unit=LossUnit.of(newest.trace.config, choices.display.unit, _).kind,
        former=(escape(named), other.curve, other.held_out),
        translate=_,
    )


def _view_of(run: ShelvedRun, sample_choice: SampleChoice) -> View:
    """The view of a run that does not train, of the sequence that is shown; made once."""
    about = run.identity, run.stamp, sample_choice
    known = st.session_state.get(keys.COMPARED)
    if known is None or known[0] != about:
        known = about, unpack(run.file, run.ordinal, sample_choice).run.view(complete=True)
        st.session_state[keys.COMPARED] = known
    view: View = known[1]
    return view
