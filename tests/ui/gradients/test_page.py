"""The page “Gradients” without a browser: what the browser would be sent, and whether it is the model's."""

import base64
from dataclasses import replace

import numpy as np
import pytest
from visits import PATIENCE, frame_of, until, visits

from rnn_core.analysis.jacobians import step_jacobians
from ui.gradients.renderer import numbers
from ui.server.handlers import COMMANDS
from ui.settings import keys

OPENED = "matrix_table,decay_table,path_table,plane_table,history_table,matrix_guide,decay_guide,path_guide"


@pytest.fixture
def open_page():
    """A function that opens the page with a query."""
    with visits("gradients") as open_one:
        yield open_one


def resting(app, updates=1):
    """The session, paused after some updates."""
    session = app.session_state[keys.SESSION]
    until(lambda: (seen := session.snapshot.view) and seen.update >= updates)
    session.pause()
    until(lambda: session.snapshot.status == "paused")
    return session


def model_of(session):
    return session.ask(lambda run: run.trainer.model.copy()).result(PATIENCE)


def decode(values) -> np.ndarray:
    """An array of a figure as Plotly sends it."""
    if not isinstance(values, dict):
        return np.array(values, float)
    flat = np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"])
    shape = [int(n) for n in str(values.get("shape", len(flat))).split(",")]
    return flat.reshape(shape).astype(float)


def trace_of(figure, **attributes) -> dict:
    return next(t for t in figure["data"] if all(t.get(name) == value for name, value in attributes.items()))


def alone(model, trace, t):
    """The gradients of the loss of step t alone, by a backward pass of its own: (T, H) of the top layer."""
    mask = np.zeros(trace.loss_per_step.shape)
    mask[t] = 1
    return model.backward(trace.x, trace.targets, mask=mask).d_hidden[-1, 1:, 0].astype(np.float64)


@pytest.mark.parametrize("cell", ["rnn_tanh", "gru", "lstm"])
def test_the_matrix_is_that_of_the_network_on_screen(open_page, cell):
    app = open_page(cell=cell, seed="3")
    session = resting(app, 20)
    shown, model = frame_of(session), model_of(session)
    view = session.snapshot.view
    flow = decode(trace_of(shown["figures"]["matrix"], meta="flow")["z"])
    for t in (0, 7, 24):
        norms = np.linalg.norm(alone(model, view.trace, t)[: t + 1], axis=1)
        np.testing.assert_allclose(10 ** flow[t, : t + 1], norms, rtol=2e-4)
        assert np.isnan(flow[t, t + 1 :]).all()


def test_a_chosen_entry_is_opened_into_its_factors(open_page):
    session = resting(open_page(cell="rnn_tanh"), 20)
    shown = frame_of(session, t=12, k=4)
    model, trace = model_of(session), session.snapshot.view.trace
    weight = model.state_dict()["weight_hh_l0"].astype(np.float64)
    states = model.forward(trace.x).hidden[0, 1:, 0].astype(np.float64)
    gradient = alone(model, trace, 12)
    name, norm = shown["details"]["title"].split(" = ")
    assert name == "‖∂L_12/∂s_4‖"
    np.testing.assert_allclose(float(norm), np.linalg.norm(gradient[4]), rtol=1e-5)  # six digits of single precision
    columns = list(shown["details"]["table"].values())
    factors = [np.linalg.svd((1 - states[t] ** 2)[:, None] * weight)[1][0] for t in range(12, 4, -1)]
    np.testing.assert_allclose([float(value) for value in columns[2]], factors, rtol=1e-3)
    ratios = [np.linalg.norm(gradient[t - 1]) / np.linalg.norm(gradient[t]) for t in range(12, 4, -1)]
    np.testing.assert_allclose([float(value) for value in columns[4]], ratios, rtol=1e-3)
    later = frame_of(session, t=3, k=9)
    assert later["details"]["title"] == "∂L_3/∂s_9 = 0" and later["details"]["table"] is None


def untrained(session) -> dict:
    """The numbers of the network before its first update."""
    run = session.snapshot.view.run
    COMMANDS["untrained"](session)
    until(lambda: session.snapshot.view.run > run and session.snapshot.status == "paused")
    return dict((name, value) for name, value, _note in frame_of(session)["numbers"])


def test_levers_change_the_same_picture(open_page):
    app = open_page(spectral_radius="0.5")
    session = resting(app)
    faded = untrained(session)
    assert faded["Update"] == "0" and float(faded["ρ(W)"]) == 0.5
    run = session.snapshot.view.run
    app.select_slider(key=keys.RADIUS).set_value(1.5).run()
    until(lambda: session.snapshot.view.run > run)
    wide = untrained(session)
    assert float(wide["ρ(W)"]) == 1.5 and float(wide["Factor per step"]) > float(faded["Factor per step"])
    run = session.snapshot.view.run
    app.selectbox(key=keys.CELL).select("lstm").run()
    until(lambda: session.snapshot.view.run > run)
    assert "Mean forget gate" in [name for name, _value, _note in frame_of(session)["numbers"]]


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_of_a_gated_cell_no_spectral_radius_of_w_is_said_to_decide(open_page, cell):
    session = resting(open_page(cell=cell, seed="3"), 5)
    shown = frame_of(session, t=12, open="plane_guide,plane_table,history_guide,history_table")
    numbers = {name: value for name, value, _note in shown["numbers"]}
    assert not {"ρ(W)", "σmax(W)"} & (numbers.keys() | shown["parts"]["history_table"].keys())
    model, trace = model_of(session), session.snapshot.view.trace
    factor = step_jacobians(model, model.forward(trace.x))[12]
    assert float(numbers["ρ(J_12)"]) == pytest.approx(np.abs(np.linalg.eigvals(factor)).max(), rel=5e-3)
    assert float(numbers["σmax(J_12)"]) == pytest.approx(np.linalg.svd(factor)[1][0], rel=5e-3)
    assert set(shown["parts"]["plane_table"]["matrix"]) == {"factor of step 12"}
    said = " ".join(shown["parts"]["plane_guide"] + shown["parts"]["history_guide"])
    assert "no spectral radius decides" in said and "spectral radius of W" not in said
    assert len(shown["figures"]["plane"]["data"]) == 2


def test_a_first_step_unlike_the_others_is_said_beside_the_factor(open_page):
    """An untrained LSTM: one step takes the gradient to a seventh, the later ones hardly less."""
    session = resting(open_page(cell="lstm"))
    untrained(session)
    shown = frame_of(session, open="decay_guide,decay_table")
    table = shown["parts"]["decay_table"]
    first = float(table["mean"][1])
    note = next(note for name, _value, note in shown["numbers"] if name == "Factor per step")
    assert first < 0.3 and note == f"first step × {first:.3g}"
    assert float(table["fitted"][0]) < 0.5 and any("begins at" in line for line in shown["parts"]["decay_guide"])
    ratio = float(table["fitted"][9]) / float(table["fitted"][8])
    assert ratio == pytest.approx(float(dict((n, v) for n, v, _ in shown["numbers"])["Factor per step"]), rel=1e-2)


@pytest.mark.parametrize(("kind", "kept"), [("windowed", 5), ("chunked", None)])
def test_truncation_leaves_entries_blank(open_page, kind, kept):
    session = resting(open_page(truncation=kind, truncate="5"), 1)
    shown = frame_of(session)
    flow = decode(trace_of(shown["figures"]["matrix"], meta="flow")["z"])
    t, k = np.indices(flow.shape)
    there = (t - k <= kept) if kept else (t // 5 == k // 5)
    assert (np.isfinite(flow) == (there & (k <= t))).all()


def test_every_guide_and_table_of_every_cell(open_page):
    for cell in ("rnn_relu", "lstm"):
        session = resting(open_page(cell=cell, layers="2", layer="0"), 5)
        shown = frame_of(session, open=OPENED + ",history_guide,plane_guide,nothing")
        assert set(shown["parts"]) == set(f"{OPENED},history_guide,plane_guide".split(","))
        assert len(shown["parts"]["matrix_table"]["step k"]) == 25
        assert all(sentence for name in shown["parts"] if "guide" in name for sentence in shown["parts"][name])


@pytest.mark.parametrize("data", ["recall", "adding", "sine"])
def test_tasks_with_one_loss_or_without_symbols(open_page, data):
    session = resting(open_page(data=data), 2)
    shown = frame_of(session, k=0)
    assert shown["losses"][-1] == shown["steps"] - 1 and shown["details"]["sentence"]
    assert len(shown["losses"]) == (shown["steps"] if data == "sine" else 1)


def test_the_history_grows_with_the_updates(open_page):
    session = resting(open_page(), 5)
    first = frame_of(session)["update"]
    session.step()
    until(lambda: session.snapshot.view.update == first + 1)
    shown = frame_of(session, open="history_table")
    assert shown["parts"]["history_table"]["update"][-2:] == [first, first + 1]
    assert shown["figures"]["history"]["layout"]["xaxis"]["tickformat"] == "d"  # there is no update 0.2


def test_one_unit_shows_the_published_numbers(open_page):
    app = open_page(view="unit", unit_w="5.0", latch_w="1.5")
    said = " ".join(element.value for element in app.get("markdown"))
    assert "the folds lie at b = −2.6556 and b = −2.3444" in said
    assert "the attractors are ±0.8586, the slope there is 0.3943" in said and "∓0.20755" in said
    app.select_slider(key=keys.UNIT_CLIP).set_value(0.3).run()
    assert not app.exception and app.query_params[keys.UNIT_CLIP] == "0.3"


def test_one_unit_has_its_own_controls_alone_and_the_address_keeps_the_rest(open_page):
    app = open_page(view="unit", cell="gru", hidden_size="9")
    assert [element.key for kind in ("selectbox", "slider", "select_slider") for element in app.sidebar.get(kind)] == []
    assert (app.query_params["cell"], app.query_params["hidden_size"]) == ("gru", "9")
    app.button_group(key=keys.GRADIENTS_VIEW).set_value("network").run()
    assert resting(app).snapshot.view.setup.cell == "gru" and app.selectbox(key=keys.CELL).value == "gru"


def test_it_refuses_nonsense(open_page):
    app = open_page(loss_step="99999", state_step="x", unit_w="900")
    session = resting(app)
    shown = frame_of(session, t="99999", k="-4")
    assert shown["t"] == 24 and shown["details"] is None


def test_a_loss_of_another_update_than_the_gradients_names_its_own(open_page):
    session = resting(open_page(), 5)
    frame_of(session)
    view, (_key, model, measured) = session.snapshot.view, session.renderer._last_analysis
    path = session.renderer._path(model, measured, 5)
    notes = {name: note for name, _number, note in numbers(view, measured, path, "nats", str)}
    assert notes["Training loss"] == "" and view.update == measured.update
    before = replace(view, update=view.update - 1)
    notes = {name: note for name, _number, note in numbers(before, measured, path, "nats", str)}
    assert notes["Training loss"] == f"update {before.update}"


def test_where_no_doctor_stands_the_notice_of_a_divergence_offers_what_helps(open_page):
    radius = {"cell": "rnn_relu", "optimizer": "sgd", "spectral_radius": "3"}
    app = open_page(clipping="off", learning_rate="3", **radius)
    session = app.session_state[keys.SESSION]
    until(lambda: session.snapshot.status == "diverged")
    label = "Start over with learning rate 0.3 and the norm clipped to 1"
    assert frame_of(session)["notices"][0]["action"] == ["tame", label]
    app.session_state[keys.ACT] = "tame"
    app.run()
    assert app.select_slider(key=keys.LEARNING_RATE).value == 0.3
    until(lambda: (seen := session.snapshot.view).training.clip_norm == 1.0 and seen.update >= 3)
