"""The plane on its page, without a browser: what a control does, and what the browser would be sent."""

import numpy as np
import pytest
from visits import frame_of, until, visits

from ui.memory.states.renderer import StatesRenderer
from ui.settings import keys


@pytest.fixture
def open_page():
    """A function that opens the page with a query."""
    with visits("memory") as open_one:
        yield lambda **query: open_one(**{"memory_view": "plane"} | query)


def picture(app, **query) -> dict:
    """Frame that the browser would be sent now."""
    session = app.session_state[keys.SESSION]
    assert isinstance(session.renderer, StatesRenderer)
    session.seen()
    return frame_of(session, **query)


def with_figures(app, **query) -> dict:
    return until(lambda: (shown := picture(app, **query)).get("figures") and shown)


def number_of(shown, name) -> str:
    """Number under this name; empty where there is no such name."""
    return next((value for label, value, _note in shown["numbers"] if label == name), "")


def number(shown, name) -> str:
    assert number_of(shown, name)
    return number_of(shown, name)


def searched(app, **query) -> dict:
    """The first picture with fixed points."""
    return until(lambda: number(shown := with_figures(app, **query), "Fixed points") != "–" and shown)


def names(shown) -> list:
    return [trace.get("name") for trace in shown["figures"]["plane"]["data"]]


def test_two_units_are_a_square_that_moves_while_it_trains(open_page):
    app = open_page(hidden_size="2")
    first = with_figures(app)
    kinds = [trace["type"] for trace in first["figures"]["plane"]["data"]]
    assert kinds[0] == "heatmap" and "this sequence" in names(first) and "one step under this input" in names(first)
    later = until(lambda: (shown := with_figures(app))["update"] > first["update"] + 20 and shown)
    assert later["figures"]["plane"]["data"] != first["figures"]["plane"]["data"]
    assert later["figures"]["plane"]["layout"]["xaxis"]["range"] == [-1.08, 1.08]


def test_fixed_points_come_by_themselves_and_are_those_of_the_network(open_page):
    app = open_page(hidden_size="2", speed="1")
    shown = searched(app)
    session = app.session_state[keys.SESSION]
    session.pause()
    until(lambda: picture(app)["status"] == "paused")
    settled = until(
        lambda: f"of update {(now := searched(app, open='fixed_table'))['update']}" in str(now["numbers"]) and now
    )
    rows = settled["parts"]["fixed_table"]
    assert len(rows["fixed point"]) == int(number(settled, "Fixed points")) >= 1
    weights = session.ask(lambda run: run.trainer.model.state_dict()).result(10)
    for across, up, largest in zip(rows["axis 1"], rows["axis 2"], rows["largest |eigenvalue|"], strict=True):
        point = np.array([float(across), float(up)])
        sums = weights["weight_hh_l0"] @ point + weights["bias_ih_l0"] + weights["bias_hh_l0"]
        assert np.tanh(sums) == pytest.approx(point, abs=5e-3)  # the table rounds
        jacobian = (1 - point[:, None] ** 2) * weights["weight_hh_l0"]
        assert np.abs(np.linalg.eigvals(jacobian)).max() == pytest.approx(float(largest), rel=0.05)
    assert shown["status"] == "running"


def test_the_network_before_training_keeps_its_place(open_page):
    app = open_page(hidden_size="2")
    until(lambda: with_figures(app)["update"] > 30)
    session = app.session_state[keys.SESSION]

    def untrained():
        session.look(0)
        until(lambda: with_figures(app)["update"] == 0)
        return searched(app, open="states_table")

    before = untrained()
    assert before["update"] == 0 and before["numbers"][0][2] == "the past"
    assert not number_of(before, "Training loss")
    session.look(None)
    newest = until(lambda: (shown := with_figures(app, open="states_table"))["update"] > 100 and shown)
    again = untrained()
    assert again["parts"]["states_table"] == before["parts"]["states_table"] != newest["parts"]["states_table"]


def test_another_input_has_other_fixed_points(open_page):
    app = open_page(hidden_size="2", speed="1")
    app.session_state[keys.SESSION].pause()
    none = searched(app, open="fixed_table")["parts"]["fixed_table"]
    other = searched(app, open="fixed_table", input=3)
    assert other["parts"]["fixed_table"]["axis 1"] != none["axis 1"]
    assert other["inputs"][0] == "none (zero)" and len(other["inputs"]) == len(set(other["inputs"]))
    beyond = searched(app, open="fixed_table", input=99_999)["parts"]["fixed_table"]
    assert beyond["axis 1"] == none["axis 1"]


def test_a_page_that_is_paused_hears_of_a_finding(open_page):
    app = open_page(hidden_size="4")
    with_figures(app)
    session = app.session_state[keys.SESSION]
    session.pause()
    until(lambda: picture(app)["status"] == "paused")
    searched(app)
    token = session.token
    picture(app, input=5)
    until(lambda: session.token != token)


def test_more_units_are_projected_in_plane_and_space(open_page):
    app = open_page(hidden_size="8", plane_axes="3", plane_colour="position")
    shown = with_figures(app)
    assert shown["figures"]["plane"]["layout"]["meta"] == {"space": True}
    assert all("z" in trace for trace in shown["figures"]["plane"]["data"])
    assert number(shown, "Variance shown").endswith("%")
    app.button_group(key=keys.PLANE_DIMENSIONS).set_value(2).run()
    flat = with_figures(app)
    assert "of the variance" in flat["figures"]["plane"]["layout"]["xaxis"]["title"]["text"]
    assert keys.PLANE_DIMENSIONS not in app.query_params and app.query_params[keys.PLANE_COLOUR] == "position"


def test_the_tree_of_the_grammar(open_page):
    app = open_page(preset="grammar", plane_view="tree")
    shown = until(lambda: (now := picture(app, open="tree_guide,tree_table")).get("figures") and now)
    assert set(shown["figures"]) == {"now", "before"} and number(shown, "Leaves") == "30"
    assert len(shown["parts"]["tree_guide"]) == 3 and len(shown["parts"]["tree_table"]["after training"]) == 30
    assert "tree" in str(app.query_params)


def test_numbers_have_no_tree_and_the_page_says_why(open_page):
    app = open_page(data="sine", plane_view="tree")
    shown = until(lambda: "numbers, not symbols" in (now := picture(app)).get("summary", "") and now)
    assert shown["figures"] == {} and "traceback" not in str(shown).lower()


@pytest.mark.parametrize(
    "query",
    [
        {"cell": "lstm", "hidden_size": "2"},
        {"cell": "rnn_relu", "hidden_size": "2", "plane_colour": "prediction"},
        {"cell": "gru", "bidirectional": "true", "layers": "2", "hidden_size": "2"},
        {"data": "adding", "hidden_size": "1", "plane_colour": "position"},
        {"data": "flipflop", "hidden_size": "6", "plane_axes": "3", "plane_colour": "prediction"},
        {"data": "order", "hidden_size": "3", "plane_hold": "true"},
    ],
    ids=lambda query: "-".join(query.values()),
)
def test_every_kind_of_network_is_told_in_words_and_tables(open_page, query):
    app = open_page(**query)
    shown = searched(app, open="states_guide,states_table,fixed_guide,fixed_table")
    assert set(shown["parts"]) == {"states_guide", "states_table", "fixed_guide", "fixed_table"}
    for name, part in shown["parts"].items():
        if name.endswith("guide"):
            assert part and all("{" not in sentence and "nan" not in sentence for sentence in part)
        else:
            assert len({len(column) for column in part.values()}) == 1
