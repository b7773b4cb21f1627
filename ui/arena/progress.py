"""Progress of a sweep in words, and the action of its button."""

from typing import Any

from ui.arena.contest import MEASURE_EVERY
from ui.arena.records import Plan, SweepView
from ui.arena.verdicts import names
from ui.i18n import Translate, join_sentences
from ui.training.executor.cluster import named
from ui.training.executor.messages import where, who_trains


def progress(sweep: SweepView | None, planned: Plan | None, _: Translate) -> dict[str, Any]:
    """The button's command ("sweep", "stop_sweep" or None) and label, a line, the share of the work done."""
    if sweep is None:
        if planned is None:
            return {"command": None, "label": "", "line": _("This task has no lag to sweep over, or none is chosen.")}
        return {"command": "sweep", "label": _("Start the sweep"), "line": _planned(planned, _)}
    about = {"command": "sweep", "line": _line(sweep, _), "share": sweep.share}
    if sweep.running:
        return about | {"command": "stop_sweep", "label": _("Cancel the sweep")}
    if planned is None:
        return about | {"command": None, "label": ""}
    if sweep.plan != planned:
        return about | {"label": _("Start a sweep with the present settings")}
    return about | {"label": _("Restart the sweep") if sweep.finished else _("Resume the sweep")}


def _planned(plan: Plan, _: Translate) -> str:
    return _(
        "Each contender in turn. Lags: {lags}, up to {top}; seeds per lag: {seeds}; at most {budget:,} updates each, "
        "measured every {every}. The match pauses meanwhile."
    ).format(lags=len(plan.lags), top=plan.lags[-1], seeds=plan.seeds, budget=plan.budget, every=MEASURE_EVERY)


def _line(sweep: SweepView, _: Translate) -> str:
    """Progress of the sweep: done, time left, what is in training."""
    count = len(sweep.outcomes)
    if sweep.finished:
        done = _("Done. Networks trained: {count}.").format(count=count)
        return join_sentences(done, *where(sweep.cluster, sweep.running, _))
    messages = [_("Networks trained: {count}, {share:.0%} of the work.").format(count=count, share=sweep.share)]
    messages += who_trains(sweep.cluster, named(), True, _) if sweep.running else where(sweep.cluster, False, _)
    seconds = sweep.seconds_left
    if seconds is not None and seconds < 90:
        messages.append(_("At most about {seconds:.0f} s more.").format(seconds=max(1, seconds)))
    elif seconds is not None:
        messages.append(_("At most about {minutes:.0f} min more.").format(minutes=seconds / 60))
    if len(sweep.current) > 1:
        messages.append(_("In training: {count} networks.").format(count=len(sweep.current)))
    for contender, lag, seed, updates in sweep.current if len(sweep.current) == 1 else ():
        values = {"name": names(sweep.plan.match.contenders, _)[contender], "lag": lag, "updates": updates}
        values["seed"] = seed + sweep.plan.match.seed
        messages.append(_("In training: {name} at lag {lag}, seed {seed}, update {updates:,}.").format(**values))
    return join_sentences(*messages)
