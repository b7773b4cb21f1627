"""Progress of a sweep in words, and the actions of its buttons."""

from typing import Any

from ui.i18n import Translate, join_sentences
from ui.sweeps.records import Plan, SweepView
from ui.training.executor.cluster import State, named
from ui.training.executor.messages import who_trains


def progress(
    view: SweepView, planned: Plan | None, estimate: float | None, machines: State | None, _: Translate
) -> dict[str, Any]:
    """The buttons as (command, label), lines, the share of the work done. estimate : seconds of what is planned.
    machines : state of the scheduler; None: there is none."""
    about: dict[str, Any] = {
        "buttons": _buttons(view, planned, _),
        "share": view.share if view.update or view.running else None,
    }
    lines = []
    if not (view.running or view.outcomes or view.current):
        lines = [] if planned is None else [_budget(view.setup, estimate, _)]
    else:
        lines.append(_progress(view, _))
        if planned is not None and planned != view.setup and not view.running:
            lines.append(_("With the present settings: {budget}").format(budget=_budget(planned, estimate, _)))
    lines.append(join_sentences(*who_trains(machines, named(), view.running, _)))
    return about | {"lines": lines}


def _buttons(view: SweepView, planned: Plan | None, _: Translate) -> list[tuple[str, str]]:
    if view.running:
        return [("pause", _("Stop"))]
    found = []
    begun = view.outcomes or view.current
    if not view.finished and (begun or view.setup == planned):
        found.append(("sweep", _("Continue the sweep") if begun else _("Start the sweep")))
    if begun and planned is not None:
        other = planned != view.setup
        found.append(("sweep_anew", _("Start a sweep with the present settings") if other else _("Sweep again")))
    return found


def _budget(plan: Plan, estimate: float | None, _: Translate) -> str:
    """How much is to be trained, and how long that takes."""
    cells, trials = len(plan.cells), len(plan.places)
    first = _(
        "Networks: {trials} (combinations: {cells}, seeds: {seeds}); at most {budget:,} updates each, {all:,} in all."
    ).format(cells=cells, seeds=plan.seeds, trials=trials, budget=plan.budget, all=trials * plan.budget)
    if estimate is None:
        time = _("How long that takes is being measured.")
    else:
        time = _("On this server about {time}, longer while others train.").format(time=duration(estimate, _))
    sentences = [first, time]
    if alike := plan.alike:
        sentences.append(
            _(
                "{alike} of the combinations are the same network as another one: there one of the two settings has "
                "no effect."
            ).format(alike=alike)
        )
    return join_sentences(*sentences)


def duration(seconds: float, _: Translate) -> str:
    """A time in seconds, minutes or hours."""
    if seconds < 90:
        return _("{seconds:.0f} s").format(seconds=max(1, seconds))
    return (
        _("{minutes:.0f} min").format(minutes=seconds / 60)
        if seconds < 5400
        else _("{hours:.1f} h").format(hours=seconds / 3600)
    )


def _progress(view: SweepView, _: Translate) -> str:
    count, every = len(view.outcomes), len(view.setup.places)
    if view.finished:
        return _("Done. Networks trained: {count}.").format(count=count)
    sentences = [_("{count} of {all} networks trained.").format(count=count, all=every)]
    if not view.running:
        sentences.append(_("Stopped; what was trained is kept."))
    elif view.seconds_left is not None:
        sentences.append(_("At most about {time} more.").format(time=duration(view.seconds_left, _)))
    return join_sentences(*sentences)
