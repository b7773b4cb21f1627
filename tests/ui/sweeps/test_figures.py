"""The map and the curves: what the canvas knows, in the colours of the theme, with signs for what has no number."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from sweep_plans import DIVERGING, done, plan

from ui.charts.spec import foreign
from ui.settings import keys
from ui.sweeps.axes import Swept
from ui.sweeps.figures import ABOVE_CHANCE, DIVERGED, curves, extent, sweep_map
from ui.sweeps.sweep import SweepRun
from ui.theme import THEMES


@pytest.fixture(scope="module")
def view():
    """A sweep of which one network diverged."""
    sweep = plan(Swept(keys.RADIUS, (0.5, 3.0)), Swept(keys.LEARNING_RATE, (0.001, 3.0)), budget=100, **DIVERGING)
    return done(SweepRun(1, sweep))


def drawn(view, measure="loss", chosen=None, theme="light"):
    titles = "radius", "rate", "loss"
    return sweep_map(
        view, measure, chosen, ticks=(["0.5", "3"], ["0.001", "3"]), titles=titles, theme=THEMES[theme], translate=str
    )


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("measure", ["loss", "right"])
def test_every_cell_has_its_median_in_the_sequential_scale(view, measure, theme):
    figure = drawn(view, measure, (0, 0), theme)
    assert foreign(json.loads(figure.to_json(validate=False))) == []
    ground, values, texts, best, chosen = figure.data
    assert not np.isnan(ground["z"]).any()
    for column, row in view.setup.cells:
        value, text = view.value((column, row), measure), texts["text"][2 * row + column]
        if math.isfinite(value):
            assert values["z"][row, column] == value and text not in ("", DIVERGED)
        else:
            assert np.isnan(values["z"][row, column]) and text == DIVERGED
    assert values["colorscale"] == THEMES[theme].sequential
    for outline, cell in ((best, view.best(measure)), (chosen, (0, 0))):
        assert [(min(ends) + max(ends)) / 2 for ends in (outline["x"], outline["y"])] == pytest.approx(cell)
        assert 0.8 < max(outline["x"]) - min(outline["x"]) < 1  # around the cell's number, within the cell
    assert DIVERGED in texts["text"]


def test_one_network_that_went_astray_does_not_take_the_colours_of_the_others(view):
    outcomes = dict(view.outcomes)
    chance = outcomes[0, 0, 0].chance
    outcomes[0, 0, 0] = outcomes[0, 0, 0]._replace(loss=1e9)
    changed = replace(view, outcomes=outcomes)
    low, high = extent(changed, "loss")
    assert high == ABOVE_CHANCE * chance and low < high
    assert extent(changed, "right") == (0.0, 1.0)


def test_cells_that_a_random_draw_left_out_are_empty():
    drawn_cells = ((1, 0),)
    view = SweepRun(1, plan(cells=drawn_cells)).view()
    ground = drawn(view).data[0]["z"]
    assert np.isnan(ground).sum() == 3 and ground[0, 1] == 1


@pytest.mark.parametrize("theme", THEMES)
def test_curves_have_a_line_for_each_seed_and_a_dot_for_what_the_map_shows(theme):
    view = done(SweepRun(1, plan(seeds=2)))
    figure = curves(view, (1, 1), theme=THEMES[theme], unit="nats")
    assert foreign(json.loads(figure.to_json(validate=False))) == []
    line, dots = figure.data
    assert np.isnan(line["y"]).sum() == 3 and list(dots["y"]) == [one.loss for one in view.of((1, 1))]
    top = figure.layout["yaxis"]["range"][1]
    assert top >= view.of((1, 1))[0].chance
    empty = curves(view, None, theme=THEMES[theme], unit="nats")
    assert len(empty.data) == 2
