"""How to read the chart of a result, with the numbers that are in it, and its curves as a table."""

from collections.abc import Mapping
from typing import Any

from ui.i18n import Translate
from ui.network.results.record import Chart, Picture, Result, Trial, Trials
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


def picture_guide(result: Result, given: Picture, trial: Trial, _: Translate) -> list[str]:
    """What is drawn, of which network, and how to read its signs and colours, with its numbers."""
    network = _(result.networks[given.network].label)
    sentences = [_(given.form), _("Drawn: {network}, seed {seed}.").format(network=network, seed=trial.seed)]
    if given.kind == "fixed_points":
        kinds = trial.parts["points"].columns[3]
        sentences.append(
            _(
                "{stable} stable fixed points and {saddles} saddles. An orange line through a saddle with one unstable "
                "direction is that direction: along it states leave."
            ).format(stable=kinds.count(0), saddles=len(kinds) - kinds.count(0))
        )
    elif given.kind == "tree":
        sentences.append(
            _("Words of a class that stand side by side were treated alike: {together} of {all} classes do.").format(
                together=shown(trial.numbers["together"], ".0f"), all=len(trial.parts["classes"].texts)
            )
        )
    else:
        sentences.append(
            _(
                "Orange: the unit is high, blue: low, no colour: near 0. The lines are of the half of the held-out "
                "text on which the unit was not chosen, and are the same three times."
            )
        )
        sentences += [
            _("{what}: {value}.").format(what=_(quantity.label), value=shown(trial.numbers[name], quantity.form))
            for name, quantity in result.quantities.items()
        ]
    return sentences


def picture_table(given: Picture, trial: Trial, titles: Mapping[str, str], _: Translate) -> dict[str, list[Any]]:
    """The numbers of a picture: the fixed points, the words in the tree's order, or the symbols."""
    if given.kind == "fixed_points":
        x, y, z, kinds = trial.parts["points"].columns
        return {_("unstable directions"): [int(kind) for kind in kinds], "PC1": [*x], "PC2": [*y], "PC3": [*z]}
    if given.kind == "tree":
        (classes,), words = trial.parts["leaves"]
        names = trial.parts["classes"].texts
        return {_("word"): [*words], _("class"): [names[int(one)] if one >= 0 else None for one in classes]}
    symbols = next(iter(trial.parts.values())).texts
    columns: dict[str, list[Any]] = {_("symbol"): ["↵" if one == "\n" else one for one in symbols]}
    return columns | {_(titles[kind]): [*trial.parts[kind].columns[0]] for kind in titles}
