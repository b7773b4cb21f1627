"""Verdicts say what was measured and nothing else; figures and tables show it."""

from dataclasses import replace

import numpy as np
import pytest

from rnn_core.tasks import TASKS
from ui.arena import figures, guides, verdicts
from ui.arena.contest import ArenaRun
from ui.arena.progress import progress
from ui.arena.records import Contender, Match, Outcome, Plan, SweepView
from ui.charts.race import race
from ui.i18n import language
from ui.settings.measures import MEASURES
from ui.theme import DARK, LIGHT
from ui.training.executor.cluster import State
from ui.training.snapshot import SampleChoice, Training

_ = language("en").gettext

FOUR = (
    Contender("rnn_tanh", 9, learning_rate=0.003),
    Contender("rnn_relu", 9, init="identity", learning_rate=0.001),
    Contender("gru", 12),
    Contender("lstm", 5, forget_bias=5.0),
)
MATCH = Match("recall", (("batch_size", 8), ("delay", 4), ("symbols", 4)), FOUR, 3)
NAMES = ["1 · RNN (tanh)", "2 · RNN (ReLU) · identity", "3 · GRU", "4 · LSTM · forget bias 5"]


@pytest.fixture(scope="module")
def view():
    contest = ArenaRun(1, MATCH, Training(clip_norm=1.0), SampleChoice())
    while contest.update < 200:
        contest.train(200 - contest.update)
    return contest.view()


def competitor_like(view, **changes):
    return replace(view, competitors=(view.competitors[0]._replace(**changes),))


def said(view, **changes) -> str:
    """The verdict on the first contender, changed."""
    return verdicts.of_a_contest(competitor_like(view, **changes), NAMES[:1], _)[0]


def test_names_tell_contenders_apart():
    assert verdicts.names(FOUR, _) == NAMES
    two = (Contender("lstm", 5), Contender("lstm", 5, forget_bias=0.0), Contender("rnn_tanh", 5, init="orthogonal"))
    assert verdicts.names(two, _) == [
        "1 · LSTM · forget bias 1",
        "2 · LSTM · forget bias 0",
        "3 · RNN (tanh) · orthogonal",
    ]
    assert verdicts.names(two[:1], _) == ["1 · LSTM"]


def said_of(view, cell, delay=20, **changes) -> str:
    """The same of a cell of which there is a record."""
    match = replace(MATCH, task_options=(("batch_size", 8), ("delay", delay), ("symbols", 4)))
    return said(replace(view, setup=match), contender=Contender(cell, 9), **changes)


def test_what_is_said_of_a_contender_is_what_was_measured(view):
    low, high = np.array([1e-9, 1.0]), np.array([0.5, 1.0])
    chance, solved = ((200, 1.38),), ((200, 0.01),)
    assert view.chance == pytest.approx(1.386, abs=1e-3)
    told = said(view, held_out=chance, accuracy=((200, 0.25),), before=low, solved_at=None)
    assert told == (
        "1 · RNN (tanh) is no better than chance after update 200: held-out loss 1.38 (chance: 1.39). Before training "
        "the ratio was 1×10⁻⁹."
    )
    told = said(view, held_out=solved, accuracy=((200, 0.97),), before=low, solved_at=75)
    assert told.startswith(
        "1 · RNN (tanh) first reached 95% after update 75 and has stayed there; right answers on held-out "
        "data: now 97%."
    )
    fell = ((75, 0.96), (100, 0.64), (200, 0.97))
    told = said(view, held_out=solved, accuracy=fell, before=low, solved_at=75)
    assert told.startswith(
        "1 · RNN (tanh) first reached 95% after update 75, but has not stayed there: right answers on held-out data: "
        "64% at the lowest since, now 97%."
    )
    told = said(view, held_out=((200, 0.7),), accuracy=((200, 0.6),), before=low, solved_at=None)
    assert told.startswith(
        "1 · RNN (tanh) is better than chance after update 200, but has not solved it: held-out loss 0.7 (chance: "
        "1.39); right answers on held-out data: 60%. It is as uncertain as a fair choice among 2.0 of the 4 symbols."
    )
    told = said(view, held_out=chance, accuracy=((200, 0.25),), solved_at=75)
    assert told.startswith(
        "1 · RNN (tanh) first reached 95% after update 75, but is back at the level of chance after 200: held-out "
        "loss 1.38 (chance: 1.39)."
    )
    told = said(view, before=np.array([0.03, 1.0]), solved_at=25, accuracy=((200, 1.0),))
    assert told.endswith("Before training the ratio was 0.03.")  # in between: nothing is foretold
    assert said(view, diverged=True, update=7) == (
        "1 · RNN (tanh) diverged after update 7: its numbers are infinite or NaN."
    )
    assert "has not been trained yet; right answers on held-out data: 25%." in said(
        view, update=0, accuracy=((0, 0.25),), solved_at=None
    )
    told = said_of(view, "lstm", before=low, held_out=chance, solved_at=None)
    assert told.endswith(
        "Before training the ratio was 1×10⁻⁹: a forecast that it does not learn, right for 8 of 8 measured networks "
        "(this cell and task, lags 10 to 50, 2,000 updates). So far it is right here."
    )
    assert said_of(view, "lstm", before=low, held_out=solved, solved_at=75).endswith("Here it is wrong.")
    told = said_of(view, "lstm", before=high, held_out=chance, solved_at=None)
    assert told.endswith(
        "a forecast that it learns, right for 8 of 8 measured networks (this cell and task, lags 10 to 50, 2,000 "
        "updates)."
    )  # it may still
    told = said_of(view, "gru", before=low, held_out=solved, solved_at=75)
    assert told.endswith(
        "Before training the ratio was 1×10⁻⁹, which is no forecast here: of 9 measured networks of this cell and task "
        "with such a ratio 9 solved it, of all 12 with any ratio 12."
    )
    assert said_of(view, "lstm", delay=80, before=low, solved_at=None).endswith("the ratio was 1×10⁻⁹.")  # not measured


def test_the_level_to_beat_is_named_and_so_is_what_is_measured(view):
    copying = replace(view, chance=0.4, measure="copied_symbols")
    told = said(copying, held_out=((200, 0.39),), accuracy=((200, 0.3),), solved_at=None)
    assert "is no better than without memory after update 200: held-out loss 0.39 (without memory: 0.4)." in told
    told = said(copying, held_out=((200, 0.2),), accuracy=((200, 0.3),), solved_at=None)
    assert "is better than without memory after update 200, but has not solved it" in told
    assert "copied symbols on held-out data: 30%." in told and "fair choice" not in told
    endless = replace(view, chance=0.5, best=None, measure="variance_explained")
    told = said(endless, held_out=((200, 0.2),), accuracy=((200, 0.6),), solved_at=None)
    assert "variance explained on held-out data: 60%." in told and "has not solved it" not in told


def test_no_prediction_where_nothing_can_be_solved(view):
    endless = competitor_like(replace(view, best=None))
    assert "ratio" not in verdicts.of_a_contest(endless, NAMES[:1], _)[0]


def sweep_of(*outcomes, budget=600, **options) -> SweepView:
    plan = Plan(MATCH, Training(), "delay", (10, 20, 60), seeds=3, budget=budget)
    known = {"running": True, "finished": False, "current": (), "share": 0.5, "seconds_left": 30.0, "cluster": None}
    return SweepView(plan, outcomes, (), chance=(2.08, 2.08, 2.08), **known | options)


def outcome(contender, lag, seed, solved_at, loss=0.01, ratio=0.5):
    return Outcome(contender, lag, seed, solved_at, solved_at or 600, 1.0 if solved_at else 0.1, loss, ratio)


def test_what_is_said_of_a_sweep():
    sweep = sweep_of(
        *(outcome(3, 60, seed, update) for seed, update in enumerate((200, 250, 300))),
        *(outcome(0, 10, seed, update) for seed, update in enumerate((100, None, 500))),
        *(outcome(0, 20, seed, None, loss=2.08, ratio=1e-6) for seed in range(3)),
        *(outcome(1, 10, seed, None, loss=loss, ratio=0.01) for seed, loss in enumerate((2.1, 1.0, 0.5))),
    )
    told = verdicts.of_a_sweep(sweep, NAMES, _)
    assert told == [
        "1 · RNN (tanh): 2 of 3 seeds solved lag 10, in 300 updates (median). 1 · RNN (tanh): 3 of 3 seeds were at "
        "chance at lag 20 after 600 updates.",
        "2 · RNN (ReLU) · identity: none of 3 seeds solved lag 10 within 600 updates; at chance after the last: 1.",
        "4 · LSTM · forget bias 5: 3 of 3 seeds solved lag 60, in 250 updates (median).",
        "Ratio before training at least 0.1: 5 of 6 solved it. Ratio before training at most 0.003: "
        "0 of 3 solved it. Ratio between the two: 0 of 3 solved it.",
    ]
    assert verdicts.of_a_sweep(sweep_of(), NAMES, _) == []


@pytest.mark.parametrize(
    ("sweep", "planned", "command", "label"),
    [
        (None, None, None, ""),
        (None, True, "sweep", "Start the sweep"),
        ({}, True, "stop_sweep", "Cancel the sweep"),
        ({"running": False}, True, "sweep", "Resume the sweep"),
        ({"running": False, "finished": True}, True, "sweep", "Restart the sweep"),
        ({"running": False}, 100, "sweep", "Start a sweep with the present settings"),
        ({"running": False}, None, None, ""),
        ({}, None, "stop_sweep", "Cancel the sweep"),
    ],
)
def test_the_sweeps_button(sweep, planned, command, label):
    made = None if sweep is None else sweep_of(**sweep)
    plan = sweep_of().plan if planned is True else planned and replace(sweep_of().plan, budget=planned)
    about = progress(made, plan, _)
    assert (about["command"], about["label"]) == (command, label) and about["line"]


def test_the_line_of_a_sweep():
    lost = sweep_of(outcome(0, 10, 0, 100), current=((0, 20, 0, 5), (1, 20, 0, 5)), cluster=State("lost"))
    said = progress(lost, None, _)["line"]
    assert "In training: 2 networks." in said and "The connection to the scheduler was lost." in said
    line = progress(sweep_of(outcome(0, 10, 0, 100), current=((3, 20, 1, 75),)), None, _)["line"]
    assert line == (
        "Networks trained: 1, 50% of the work. The networks train on this server. At most about 30 s more. In "
        "training: 4 · LSTM · forget bias 5 at lag 20, seed 4, update 75."
    )
    assert "At most about 3 min more." in progress(sweep_of(seconds_left=170.0), None, _)["line"]


# figures


def curves(figure, axis="y"):
    return [trace for trace in figure.data if trace.type == "scatter" and (trace.yaxis or "y") == axis]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_race_shows_the_recorded_losses(view, theme):
    options = {"chance": view.chance, "best": 0, "squared": False, "measure": "right", "theme": theme}
    figure = race(view.competitors, NAMES, clock="updates", **options)
    for trace, competitor, colour in zip(curves(figure), view.competitors, figures.colours(theme), strict=True):
        assert np.array_equal(trace.y, competitor.curve.loss) and np.array_equal(trace.x, competitor.curve.update)
        assert trace.line.color == colour
    for trace, competitor in zip(curves(figure, "y2"), view.competitors, strict=True):
        assert trace.y.tolist() == [100 * right for _update, right in competitor.accuracy]
    assert figure.layout.shapes[0].y0 == view.chance and figure.layout.yaxis.type == "log"
    seconds = race(view.competitors, NAMES, clock="seconds", **options)
    for trace, competitor in zip(curves(seconds), view.competitors, strict=True):
        assert trace.x[-1] == pytest.approx(competitor.clock[-1][1]) and (np.diff(trace.x) > 0).all()


def test_a_loss_that_explodes_does_not_push_the_others_off_the_chart(view):
    curve = view.competitors[0].curve._replace(loss=np.full(200, 1e30))
    competitors = (view.competitors[0]._replace(curve=curve), *view.competitors[1:])
    options = {"chance": view.chance, "best": 0, "squared": False, "measure": "right", "theme": LIGHT}
    low, high = race(competitors, NAMES, clock="updates", **options).layout.yaxis.range
    assert (
        low < np.log10(view.competitors[2].curve.loss.min()) + 1 and np.log10(view.chance) < high <= 3
    )  # its 10³⁰ is not


def test_the_reach_is_a_share_of_the_last(view):
    figure = figures.reach(view.competitors, NAMES, theme=LIGHT)
    solid, dotted = curves(figure)[::2], curves(figure)[1::2]
    for trace, competitor in zip(solid, view.competitors, strict=True):
        assert trace.y == pytest.approx(competitor.before / competitor.before[-1]) and trace.y[0] == competitor.ratio
    for trace, competitor in zip(dotted, view.competitors, strict=True):
        assert trace.y == pytest.approx(competitor.now / competitor.now[-1]) and trace.line.dash == "dot"
    assert [shape.y0 for shape in figure.layout.shapes] == [0.1, 3e-3]


def test_the_states_of_all_are_those_of_the_traces(view):
    figure = figures.states(view.competitors, NAMES, view.vocabulary, theme=LIGHT)
    maps = [trace for trace in figure.data if trace.type == "heatmap"]
    for trace, competitor in zip(maps, view.competitors, strict=True):
        assert np.array_equal(trace.z, competitor.trace.hidden[0, 1:, 0].T)
        assert trace.zmax >= np.abs(trace.z).max()
    assert maps[0].zmax == 1  # whatever the ReLU's states are
    last = [trace for trace in figure.data if trace.yaxis == figure.layout.xaxis.anchor]
    for trace, competitor in zip(last, view.competitors, strict=True):
        assert trace.y == pytest.approx(np.linalg.norm(competitor.trace.d_hidden[0, 1:, 0], axis=-1), rel=1e-5)
    assert figure.layout.xaxis.range == (-0.5, 4.5)


def test_a_sweeps_charts_hold_every_outcome():
    outcomes = [outcome(0, 10, seed, update) for seed, update in enumerate((100, None, 500))]
    outcomes += [outcome(2, 20, 0, 50, ratio=0.0)]
    sweep = sweep_of(*outcomes)
    climb = figures.climb(sweep, NAMES, unit="lag", theme=LIGHT)
    share, updates = curves(climb), curves(climb, "y2")
    assert share[0].x.tolist() == [10] and share[0].y[0] == pytest.approx(200 / 3, abs=3)
    assert updates[0].y.tolist() == [300] and updates[2].y.tolist() == [50] and len(updates[1].x) == 0
    rule = figures.rule(sweep, NAMES, theme=LIGHT)
    points = [(x, y) for trace in rule.data for x, y in zip(trace.x, trace.y, strict=True)]
    assert len(points) == len(outcomes)
    assert (np.log10(0.5), 100.0) in points and (-12.0, 50.0) in points  # a ratio of nothing is at the edge
    assert sum(y > 600 for _x, y in points) == 1
    assert not any("<" in text for text in rule.layout.xaxis.ticktext)
    assert len(figures.rule(sweep_of(), NAMES, theme=LIGHT).data) == 8  # empty, but there


# reading guides and tables


def test_guides_hold_live_numbers(view):
    race = guides.race_guide(view, NAMES, _)
    best = min(view.competitors, key=lambda competitor: competitor.held_out[-1][1])
    assert "update 200" in race[0] and f"{best.held_out[-1][1]:.3g}" in race[1]
    reach = guides.reach_guide(view, NAMES, _)
    assert [
        f"{competitor.ratio:.2g} before training" in line
        for competitor, line in zip(view.competitors, reach[2:], strict=True)
    ]
    assert len(guides.states_guide(view, NAMES, _)) == 5
    sweep = sweep_of(outcome(0, 10, 0, 100), outcome(0, 10, 1, None))
    assert "Networks trained so far: 2. Solved their task: 1." in guides.sweep_guide(sweep, NAMES, _)


def test_tables_have_a_row_for_each_number(view):
    sweep = sweep_of(outcome(0, 10, 0, 100), outcome(3, 10, 1, None))
    tables = [
        (guides.race_table(view, NAMES, _), 9),
        (guides.reach_table(view, NAMES, _), 5),
        (guides.states_table(view, NAMES, _), 5),
        (guides.sweep_table(sweep, NAMES, _), 2),
        (guides.sweep_table(None, NAMES, _), 0),
    ]
    for table, rows in tables:
        assert {len(column) for column in table.values()} == {rows}
    race = tables[0][0]
    assert race["update"] == list(range(0, 201, 25))
    assert race["3 · GRU: accuracy (%)"] == [round(100 * right, 1) for _update, right in view.competitors[2].accuracy]
    assert tables[3][0]["solved after (updates)"] == [100, None]


def test_the_measure_of_every_task_has_a_name():
    assert {kind.measure for kind in TASKS.values()} == set(MEASURES)
