"""How to read the Arena's charts, with the numbers that they show now; and the same numbers as tables."""

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ui.arena import verdicts
from ui.arena.figures import LIKELY, UNLIKELY
from ui.arena.records import ArenaView, SweepView
from ui.arena.verdicts import solved_means
from ui.charts.limits import gradient_norms
from ui.i18n import Translate
from ui.live.metrics import cost_per_update
from ui.live.renderer import Part
from ui.network.published_results import card
from ui.settings.measures import MEASURES


def race_guide(view: ArenaView, called: Sequence[str], _: Translate) -> list[str]:
    """How to read the losses."""
    ahead = min(range(len(called)), key=lambda i: _finite(view.competitors[i].held_out[-1][1]))
    messages = [
        _(
            "All contenders are at update {update:,} and have learned from the same batches. With no memory the loss "
            "is {chance:.3g} (chance)."
        ).format(update=view.update, chance=view.chance),
        _("On held-out data {name} is ahead, with a loss of {loss:.3g}.").format(
            name=called[ahead], loss=view.competitors[ahead].held_out[-1][1]
        ),
        _("The lower chart: {measure}, in percent.").format(measure=_(MEASURES[view.measure])),
        solved_means(_),
    ]
    if view.update:
        costs = [
            _("{name}: {milliseconds:.2f} ms").format(name=name, milliseconds=cost_per_update(competitor.clock))
            for name, competitor in zip(called, view.competitors, strict=True)
        ]
        sentence = _("An update costs: {costs}. The choice “per second” shows the same curves over that time.")
        messages.append(sentence.format(costs="; ".join(costs)))
    return messages


def reach_guide(view: ArenaView, called: Sequence[str], _: Translate) -> list[str]:
    """How to read the gradient's way back."""
    messages = [
        _(
            "Solid: before the first update, how strongly the last output depends on the state after each step, "
            "as a share of how strongly it depends on the last. Dotted: the same now. Only if the curve has not "
            "decayed at its left end does the error signal reach the first steps."
        ),
        _(
            "The two dashed lines, {likely:g} and {unlikely:g}, part high, middling and low ratios of the first step. "
            "What a high or a low one foretells differs by cell and task; where networks of the same kind were "
            "measured, the verdict says what became of them."
        ).format(likely=LIKELY, unlikely=UNLIKELY),
    ]
    for name, competitor in zip(called, view.competitors, strict=True):
        sentence = _("{name}: {ratio:.2g} before training, {now:.2g} now.")
        messages.append(sentence.format(name=name, ratio=competitor.ratio, now=competitor.ratio_now))
    return messages


def states_guide(view: ArenaView, called: Sequence[str], _: Translate) -> list[str]:
    """How to read the hidden states."""
    messages = [
        _(
            "Every network reads the same held-out sequence: each row is a unit, each column a step. What must "
            "be remembered shows as a stripe that runs from the symbol to the place where it is asked for."
        )
    ]
    for name, competitor in zip(called, view.competitors, strict=True):
        norms = gradient_norms(competitor.trace)
        sentence = _("{name}: gradient norm {first:.1e} at the first step, {last:.1e} at the last.")
        messages.append(sentence.format(name=name, first=norms[0], last=norms[-1]))
    return messages


def sweep_guide(sweep: SweepView | None, called: Sequence[str], _: Translate) -> list[str]:
    """How to read the sweep."""
    messages = [
        _(
            "Each contender trains from scratch at each lag, with several seeds, until it has solved the task or "
            "the budget is used up. A contender that fails a lag with every seed skips the longer ones. Points "
            "of the same share are drawn a little apart."
        ),
        _(
            "In the chart below each network is a point: how much of the gradient reached the first step before "
            "training, and the updates until it solved the task. Open circles: not solved within the budget."
        ),
    ]
    if sweep is not None:
        solved = sum(outcome.solved_at is not None for outcome in sweep.outcomes)
        sentence = _("Networks trained so far: {count}. Solved their task: {solved}.")
        messages.append(sentence.format(count=len(sweep.outcomes), solved=solved))
    return [*messages, solved_means(_)]


def race_table(view: ArenaView, called: Sequence[str], _: Translate) -> dict[str, list[Any]]:
    """Held-out loss and accuracy at each measurement."""
    updates = sorted({update for competitor in view.competitors for update, _loss in competitor.held_out})[-200:]
    table: dict[str, list[Any]] = {_("update"): updates}
    for name, competitor in zip(called, view.competitors, strict=True):
        losses, right = dict(competitor.held_out), dict(competitor.accuracy)
        table[_("{name}: held-out loss").format(name=name)] = [_rounded(losses.get(update)) for update in updates]
        table[_("{name}: accuracy (%)").format(name=name)] = [
            None if update not in right else round(100 * right[update], 1) for update in updates
        ]
    return table


def reach_table(view: ArenaView, called: Sequence[str], _: Translate) -> dict[str, list[Any]]:
    """The dependence of the last output on each state, before training."""
    table: dict[str, list[Any]] = {_("step t"): list(range(len(view.competitors[0].before)))}
    for name, competitor in zip(called, view.competitors, strict=True):
        last = competitor.before[-1] or math.inf
        table[name] = [float(f"{value / last:.3g}") for value in competitor.before]
    return table


def states_table(view: ArenaView, called: Sequence[str], _: Translate) -> dict[str, list[Any]]:
    """The gradient norm of each step."""
    table: dict[str, list[Any]] = {_("step t"): list(range(len(view.competitors[0].trace.x)))}
    for name, competitor in zip(called, view.competitors, strict=True):
        table[name] = [float(f"{norm:.3g}") for norm in gradient_norms(competitor.trace)]
    return table


def sweep_table(sweep: SweepView | None, called: Sequence[str], _: Translate) -> dict[str, list[Any]]:
    """Every network of the sweep."""
    outcomes, first = ((), 0) if sweep is None else (sweep.outcomes, sweep.plan.match.seed)
    return {
        _("contender"): [called[outcome.contender] for outcome in outcomes],
        _("lag"): [outcome.lag for outcome in outcomes],
        _("seed"): [outcome.seed + first for outcome in outcomes],
        _("solved after (updates)"): [outcome.solved_at for outcome in outcomes],
        _("accuracy at the end (%)"): [round(100 * outcome.accuracy, 1) for outcome in outcomes],
        _("held-out loss"): [_rounded(outcome.loss) for outcome in outcomes],
        _("ratio before training"): [float(f"{outcome.ratio:.3g}") for outcome in outcomes],
    }


def _rounded(number: float | None) -> float | None:
    return None if number is None or not math.isfinite(number) else float(f"{number:.4g}")


def _finite(number: float) -> float:
    return number if math.isfinite(number) else math.inf


class GuideContext(NamedTuple):
    """Context of the guides and tables: the match, the sweep, the names of the contenders, the language."""

    view: ArenaView
    sweep: SweepView | None
    called: list[str]
    translate: Translate

    @property
    def of_the_sweep(self) -> tuple[SweepView | None, list[str], Translate]:
        """The sweep, its contenders' names, the language."""
        names = self.called if self.sweep is None else verdicts.names(self.sweep.plan.match.contenders, self.translate)
        return self.sweep, names, self.translate

    @property
    def match(self) -> tuple[ArenaView, list[str], Translate]:
        """The match, its contenders' names, the language."""
        return self.view, self.called, self.translate


GUIDES: dict[str, Callable[[GuideContext], Part]] = {
    "race_guide": lambda c: race_guide(*c.match),
    "race_table": lambda c: race_table(*c.match),
    "reach_guide": lambda c: reach_guide(*c.match),
    "reach_table": lambda c: reach_table(*c.match),
    "card": lambda c: card(c.view.setup.task, verdicts.of_a_contest(*c.match), c.translate),
    "states_guide": lambda c: states_guide(*c.match),
    "states_table": lambda c: states_table(*c.match),
    "sweep_guide": lambda c: sweep_guide(*c.of_the_sweep),
    "sweep_table": lambda c: sweep_table(*c.of_the_sweep),
}
