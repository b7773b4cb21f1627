"""Frames: of figures that the browser has only the changes travel."""

import json

import numpy as np
import pytest
from sessions import entered, setup, stepped
from visits import whole

from ui.charts.changes import numbers_in
from ui.i18n import language
from ui.lab.renderer import LabRenderer, ViewOptions
from ui.lab.view import LAYOUT
from ui.theme import LIGHT


@pytest.fixture
def session():
    with entered() as made:
        made.renderer = LabRenderer(LAYOUT)
        made.renderer.show(ViewOptions(language("en"), LIGHT))
        stepped(made, setup(), 3)
        yield made


def frame(session, have="", rounded=False, **query) -> dict:
    return json.loads(session.renderer.frame(session, LAYOUT.request(query), have, rounded))


def told_whole(frame) -> bool:
    return not any("changes" in figure for figure in frame["figures"].values())


def test_the_changes_and_the_frame_before_make_the_next_one(session):
    first = frame(session)
    assert told_whole(first) and {"score", "loss"} <= first["figures"].keys()
    stepped(session, setup(), 2)
    later = frame(session, first["name"])
    assert later["figures"]["score"]["changes"] and later["name"] != first["name"]
    again = frame(session)["figures"]
    assert {name: whole(figure, first["figures"][name]) for name, figure in later["figures"].items()} == again
    assert len(json.dumps(later["figures"]["score"])) < 0.8 * len(json.dumps(again["score"]))


def test_a_figure_that_a_frame_between_did_not_have_is_still_known(session):
    first = frame(session)
    between = frame(session, first["name"], loss="0")
    assert "loss" not in between["figures"]
    last = frame(session, between["name"])
    assert last["figures"]["loss"] == {
        "changes": True,
        "data": [{}] * len(first["figures"]["loss"]["data"]),
        "layout": {},
    }


def heat(frame) -> dict:
    return next(trace["z"] for trace in frame["figures"]["score"]["data"] if "z" in trace)


def steps(told) -> np.ndarray:
    found = numbers_in(told["steps"])
    return found.cumsum() if "along" in told else found


def test_rounded_states_travel_as_steps_from_those_before(session):
    first = frame(session, rounded=True)
    stepped(session, setup(), 2)
    later = frame(session, first["name"], rounded=True)
    now = session.snapshot.view.trace.hidden[0, 1:, 0].T.astype(float)
    assert heat(first).items() >= {"decimals": 3, "shape": "8, 8"}.items() and heat(later).keys() <= {"steps", "along"}
    assert (steps(heat(first)) + steps(heat(later))) / 1000 == pytest.approx(now.ravel(), abs=0.0005)
    assert len(heat(later)["steps"]) == now.size


def test_a_frame_for_a_file_has_all_digits(session):
    first = frame(session, rounded=True)
    exact = frame(session, first["name"])
    assert heat(exact)["dtype"] == "f4"
    assert heat(frame(session, exact["name"], rounded=True)) == heat(first)  # whole again


@pytest.mark.parametrize("have", ["lost", ""])
def test_who_has_another_frame_gets_whole_figures(session, have):
    first = frame(session)
    frame(session, first["name"])  # its answer is lost on the way
    assert told_whole(frame(session, first["name"] if have == "lost" else have))
