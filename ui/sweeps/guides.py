"""How to read the charts of the page “Sweeps”, with the numbers that they show now; and the same numbers as tables."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from ui.charts.formatting import short
from ui.i18n import Translate
from ui.live.renderer import Part
from ui.network.settings import SETTINGS, loss_of
from ui.sweeps.axes import written
from ui.sweeps.figures import ABOVE_CHANCE, extent
from ui.sweeps.records import Cell, Measure, Outcome, SweepView


class GuideContext(NamedTuple):
    """Context of the guides and tables: the sweep, what is measured, the chosen cell, the language."""

    view: SweepView
    measure: Measure
    cell: Cell | None
    translate: Translate

    def title(self, across: bool) -> str:
        """The label of the setting across, or of the one upwards."""
        plan = self.view.setup
        return self.translate(SETTINGS[(plan.across if across else plan.down).name].label)

    def at(self, cell: Cell) -> str:
        """The two values of a cell."""
        _, plan = self.translate, self.view.setup
        values = (
            written(plan.across.name, plan.across.values[cell[0]], _),
            written(plan.down.name, plan.down.values[cell[1]], _),
        )
        return f"{self.title(True)} {values[0]} · {self.title(False)} {values[1]}"

    @property
    def unit(self) -> str:
        """The unit of the loss."""
        setup, _training = self.view.setup.network((*self.view.setup.cells[0], 0))
        _ = self.translate
        return _("nats") if loss_of(setup.task) == "cross_entropy" else _("squared error")

    def shown(self, value: float) -> str:
        """A value of the map as it is written."""
        return f"{value:.0%}" if self.measure == "right" else short(value)


def map_guide(context: GuideContext) -> list[str]:
    """How to read the map."""
    view, _ = context.view, context.translate
    messages = [
        _(
            "Each cell is the Lab's network with two of its settings changed: {across} from column to column, {down} "
            "from row to row. It was trained from scratch; the colour and the number are measured on held-out data "
            "when its training ended."
        ).format(across=context.title(True), down=context.title(False))
    ]
    if view.setup.seeds > 1:
        messages.append(_("Seeds: {seeds}; shown is the median of those that are done.").format(seeds=view.setup.seeds))
    messages.append(
        _(
            "×: the network diverged, its numbers are infinite or NaN; with several seeds, at least half of them did. "
            "–: there can be no such network. …: it is in training. A cell without a sign waits."
        )
    )
    if context.measure == "loss":
        _low, high = extent(view, "loss")
        messages.append(
            _(
                "The scale of colours ends at {high} ({unit}): at most {times} times the loss of guessing, so that one "
                "network that went astray does not hide the others."
            ).format(high=short(high), unit=context.unit, times=ABOVE_CHANCE)
        )
    best = view.best(context.measure)
    value = None if best is None else view.value(best, context.measure)
    if best is not None and value is not None:
        messages.append(
            _("The square marks the best so far: {value} at {at}.").format(
                value=context.shown(value), at=context.at(best)
            )
        )
    diverged = sum(one.diverged for one in view.outcomes.values())
    messages.append(
        _("Networks trained: {count} of {all}; diverged: {diverged}.").format(
            count=len(view.outcomes), all=len(view.setup.places), diverged=diverged
        )
    )
    return messages


def map_table(context: GuideContext) -> dict[str, list[Any]]:
    """Every network of the sweep."""
    view, _, plan = context.view, context.translate, context.view.setup
    rows = [(place, view.outcomes[place]) for place in sorted(view.outcomes, key=lambda one: (one[1], one[0], one[2]))]
    first = dict(plan.values)["seed"]
    return {
        context.title(True): [written(plan.across.name, plan.across.values[place[0]], _) for place, _one in rows],
        context.title(False): [written(plan.down.name, plan.down.values[place[1]], _) for place, _one in rows],
        _("seed"): [place[2] + first for place, _one in rows],
        _("state"): [state(one, _) for _place, one in rows],
        _("held-out loss"): [rounded(one.loss) for _place, one in rows],
        _("accuracy (%)"): [_percent(one) for _place, one in rows],
        _("updates"): [one.updates for _place, one in rows],
    }


def curves_guide(context: GuideContext) -> list[str]:
    """How to read the curves."""
    view, cell, _ = context.view, context.cell, context.translate
    messages = [
        _(
            "How the networks of the chosen cell learned, a line for each seed: the mean training loss of the updates "
            "since the point before. The dot is the held-out loss at the end, which the map shows."
        )
    ]
    known = [] if cell is None else view.of(cell)
    finite = [one for one in known if math.isfinite(one.loss)]
    if cell is not None and finite:
        messages.append(
            _("At {at} the held-out loss is {losses} ({unit}); guessing has {chance}.").format(
                at=context.at(cell),
                losses=_("; ").join(short(one.loss) for one in finite),
                unit=context.unit,
                chance=short(finite[0].chance),
            )
        )
    messages.append(_("A loss above twice that of guessing lies outside the chart."))
    return messages


def curves_table(context: GuideContext) -> dict[str, list[Any]]:
    """The points of the curves."""
    view, cell, _ = context.view, context.cell, context.translate
    known = [] if cell is None else view.of(cell)
    first = dict(view.setup.values)["seed"]
    points = [(first + seed, update, loss) for seed, one in enumerate(known) for update, loss in one.curve]
    return {
        _("seed"): [seed for seed, _update, _loss in points],
        _("update"): [update for _seed, update, _loss in points],
        _("training loss"): [rounded(loss) for _seed, _update, loss in points],
    }


def state(outcome: Outcome, _: Translate) -> str:
    """What became of a network, in a word."""
    if outcome.problem:
        return _("cannot be")
    return _("diverged") if outcome.diverged else _("ended")


def rounded(number: float) -> float | None:
    """A number for a table; None where there is none."""
    return float(f"{number:.4g}") if math.isfinite(number) else None


def _percent(outcome: Outcome) -> float | None:
    return None if outcome.problem or outcome.diverged else round(100 * outcome.right, 1)


GUIDES: dict[str, Callable[[GuideContext], Part]] = {
    "map_guide": map_guide,
    "map_table": map_table,
    "curves_guide": curves_guide,
    "curves_table": curves_table,
}
