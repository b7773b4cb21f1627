"""Charts of results: every trial is a line, every reference is drawn, in what the canvas knows."""

import json
import math

import pytest

from ui.charts.spec import foreign
from ui.i18n import language
from ui.network.results import RESULTS
from ui.network.results.stored import stored
from ui.results.figures import curves
from ui.results.guides import chart_guide, curves_table
from ui.theme import THEMES

DRAWN = [name for name, result in RESULTS.items() if result.chart is not None]
GETTEXT = language("en").gettext


def drawn(name, former=None, theme="light"):
    result = RESULTS[name]
    names = {key: network.label for key, network in result.networks.items()}
    return curves(result.chart, names, stored()[name].trials, former, theme=THEMES[theme], translate=GETTEXT)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", DRAWN)
def test_every_network_is_a_line_with_a_gap_after_each_seed(name, theme):
    result, figure = RESULTS[name], drawn(name, theme=theme)
    assert foreign(json.loads(figure.to_json(validate=False))) == []
    trials = stored()[name].trials
    assert [trace["name"] for trace in figure.data] == [network.label for network in result.networks.values()]
    for trace, rows in zip(figure.data, (trials[key] for key in result.networks), strict=True):
        assert sum(map(math.isnan, trace["y"])) == len(rows)
        assert sum(not math.isnan(y) for y in trace["y"]) == sum(len(trial.curve[0]) for trial in rows)
    chart = result.chart
    assert len(figure.layout["shapes"]) == len(figure.layout["annotations"]) == len(chart.levels) + len(chart.uprights)


@pytest.mark.parametrize("name", DRAWN)
def test_the_axes_hold_the_curves_and_what_they_are_compared_with(name):
    figure, chart = drawn(name), RESULTS[name].chart
    low, high = figure.layout["yaxis"]["range"]
    left, right = figure.layout["xaxis"]["range"]
    for _name, level in chart.levels:
        assert low <= (math.log10(level) if chart.logarithmic else level) <= high
    for _name, place in chart.uprights:
        assert left <= place <= right
    places = [x for trace in figure.data for x in trace["x"] if not math.isnan(x)]
    assert left <= min(places) and max(places) <= right
    ends = [trace["y"][-2] for trace in figure.data]
    assert all(low <= (math.log10(end) if chart.logarithmic else end) <= high for end in ends)
    tops = [max(abs(y) for y in trace["y"] if not math.isnan(y)) for trace in figure.data]
    assert not chart.scaled or tops == [1] * len(tops)


def test_what_was_measured_once_is_a_dot():
    dotted = {trace["name"] for trace in drawn("rprop").data if trace["mode"] == "lines+markers"}
    assert dotted == {"Rprop, first step 0.01"}
    assert all(len(trial.curve[0]) == 1 for trial in stored()["rprop"].trials["rprop_large"])


def test_what_is_stored_lies_faintly_behind_what_was_measured_now():
    figure = drawn("adding", former=stored()["adding"].trials)
    assert figure.data[0]["name"] == "stored" and len(figure.data) == 5
    assert figure.data[0]["opacity"] < 0.5 and figure.data[0]["line"]["width"] > figure.data[1]["line"]["width"]


@pytest.mark.parametrize("code", ["en", "zh_CN"])
@pytest.mark.parametrize("name", DRAWN)
def test_guide_and_table_say_what_is_drawn(name, code):
    _ = language(code).gettext
    result, trials = RESULTS[name], stored()[name].trials
    lines = sum(len(rows) for rows in trials.values())
    told = chart_guide(result.chart, trials, _)
    assert len(told) == 2 + len(result.chart.levels) + len(result.chart.uprights)
    assert str(lines) in told[1] and "{" not in "".join(told)
    columns = curves_table(result, trials, _)
    assert {len(cells) for cells in columns.values()} == {lines}
