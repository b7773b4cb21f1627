"""How to read the chart of a result, with the numbers that are in it, and its curves as a table."""

from typing import Any

from ui.i18n import Translate
from ui.network.results.record import Chart, Result, Trials
from ui.network.results.sentences import shown


def chart_guide(chart: Chart, trials: Trials, _: Translate) -> list[str]:
    """What is drawn, in what form, and what the dashed lines are."""
    count = sum(len(rows) for rows in trials.values())
    lines = _("{count} line.", "{count} lines: one for each network and seed.", count).format(count=count)
    sentences = [_(chart.form), lines]
    for name, value in (*chart.levels, *chart.uprights):
        label, number = _(name), shown(value, ",.4g")
        sentences.append(
            _("The dashed line is at {value}.").format(value=number)
            if label == number
            else _("The dashed line “{name}” is at {value}.").format(name=label, value=number)
        )
    return sentences


def curves_table(result: Result, trials: Trials, _: Translate) -> dict[str, list[Any]]:
    """Each curve in a row: where it begins and ends, and its lowest and highest value."""
    rows = [(name, trial) for name in result.networks for trial in trials.get(name, ()) if trial.curve[0]]
    return {
        _("network"): [_(result.networks[name].label) for name, _trial in rows],
        _("seed"): [str(trial.seed) for _name, trial in rows],
        _("first x"): [trial.curve[0][0] for _name, trial in rows],
        _("last x"): [trial.curve[0][-1] for _name, trial in rows],
        _("first y"): [trial.curve[1][0] for _name, trial in rows],
        _("lowest y"): [min(trial.curve[1]) for _name, trial in rows],
        _("highest y"): [max(trial.curve[1]) for _name, trial in rows],
        _("last y"): [trial.curve[1][-1] for _name, trial in rows],
    }
