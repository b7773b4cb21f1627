"""What each page about the network sends while the reader looks at the past: numbers of the network as it was, which
another trainer with the same settings makes."""

import base64
import math

import numpy as np
import pytest
from visits import PATIENCE, frame_of, session_of, until, view, visits

from rnn_core.analysis.scoring import score
from ui.live.model_copy import network_of
from ui.training.run import new_trainer
from ui.unroll.import_from_lab import take

AT, NATS = 40, {"information": "nats"}


@pytest.fixture
def past():
    """A function that opens a page and looks at an update of its network, and (session, trainer of the same made alone,
    function that makes frames until one holds what is asked for)."""
    opened = {}

    def open_page(page, at=AT, **query):
        visit = opened.setdefault(page, visits(page))
        app = visit.__enter__()(**{"hidden_size": "8", "speed": "1000", "seed": "3"} | query)
        session = session_of(app)
        newest = view(app, updates=2 * at)
        session.pause()
        session.look(at)
        until(lambda: session.shown.look.newest is not None and session.shown.view.update == at)
        trainer = new_trainer(newest.setup, newest.training)
        trainer.step(at)

        def frame(there=lambda shown: "figures" in shown, **more):
            def made():
                session.seen()
                shown = frame_of(session, **more)
                return there(shown) and shown

            return until(made)

        return session, trainer, frame

    yield open_page
    for visit in opened.values():
        visit.__exit__(None, None, None)


def decoded(packed) -> np.ndarray:
    """An array of a figure as it is sent."""
    if not isinstance(packed, dict):
        return np.array(packed, float)
    return np.frombuffer(base64.b64decode(packed["bdata"]), packed["dtype"]).astype(float)


def values(frame) -> dict:
    """The headline numbers by their names."""
    assert frame["update"] == AT and frame["look"]["past"]
    return {name: value for name, value, _note in frame["numbers"]}


def test_the_lab(past):
    session, trainer, frame = past("lab", cell="gru")
    shown = frame()
    found = values(shown)
    assert found["Update"] == str(AT) and found["Held-out loss"] == f"{trainer.evaluate():.3f}"
    assert found["Updates/s"] == "–"  # what it trains now has a pace
    trace = trainer.model.forward(session.shown.view.trace.x)
    states = session.shown.view.trace.hidden
    np.testing.assert_array_equal(states, trace.hidden)
    newest = max(max(trace["x"], default=0) for trace in lines(shown["figures"]["loss"], "held out"))
    assert newest > AT  # the curve goes on while training does


def lines(figure, name):
    return [{"x": decoded(trace["x"])} for trace in figure["data"] if name in str(trace.get("name", "")).lower()]


def test_gradients(past):
    session, trainer, frame = past("gradients", cell="rnn_tanh")
    shown = frame()
    weight = trainer.model.state_dict()["weight_hh_l0"].astype(float)
    assert float(values(shown)["ρ(W)"]) == pytest.approx(np.abs(np.linalg.eigvals(weight)).max(), abs=5e-3)
    flow = decoded(next(t for t in shown["figures"]["matrix"]["data"] if t.get("meta") == "flow")["z"])
    trace = session.shown.view.trace
    steps, t = len(trace.x), 7
    mask = np.zeros(trace.loss_per_step.shape)
    mask[t] = 1
    alone = trainer.model.backward(trace.x, trace.targets, mask=mask).d_hidden[-1, 1 : t + 2, 0]
    norms = np.linalg.norm(alone.astype(float), axis=1)
    np.testing.assert_allclose(10 ** flow.reshape(steps, steps)[t, : t + 1], norms, rtol=2e-4)


def test_memory_reads_its_text(past):
    _session, trainer, frame = past("memory", cell="gru")
    shown = frame(lambda shown: "units" in shown.get("figures", {}) and shown["update"] == AT, point=20)
    assert values(shown)["Update"] == str(AT)
    trace = trainer.model.forward(trainer.task.training_ids[:30, None])
    bars = decoded(shown["figures"]["units"]["data"][0]["y"])
    assert np.sort(bars) == pytest.approx(np.sort(trace.hidden[0, 21, 0]), abs=1e-6)


def test_the_state_space(past):
    _session, trainer, frame = past("memory", memory_view="plane", hidden_size="2")
    ready = lambda shown: "figures" in shown and shown["numbers"][1][1] != "–"  # noqa: E731
    shown = frame(ready, open="fixed_table")
    assert values(shown)["Update"] == str(AT) and shown["numbers"][1][2] == f"of update {AT}"
    weights = {name: array.astype(float) for name, array in trainer.model.state_dict().items()}
    rows = shown["parts"]["fixed_table"]
    for point in zip(rows["axis 1"], rows["axis 2"], strict=True):
        state = np.array([float(number) for number in point])
        sums = weights["weight_hh_l0"] @ state + weights["bias_ih_l0"] + weights["bias_hh_l0"]
        assert np.tanh(sums) == pytest.approx(state, abs=5e-3)  # the table rounds


def test_sentences_are_scored(past):
    session, trainer, frame = past("language", sentences="I ran by stone", **NATS)
    shown = frame()
    network = network_of(session, PATIENCE)
    assert network.past and np.array_equal(network.model.parameters, trainer.model.parameters)
    task = trainer.task
    total = score(trainer.model, task.encode("\n"), task.encode("I ran by stone")).total
    assert float(shown["sentences"][0]["numbers"][1][1].removesuffix(" nats")) == pytest.approx(-total, abs=0.01)
    assert values(shown)["Held-out loss"] == f"{trainer.evaluate():.2f} nats"


def test_it_writes(past):
    _session, trainer, frame = past("language", look_at="write", prompt="the ")
    shown = frame(step=0)
    trace = trainer.model.forward(trainer.task.encode("the ")[:, None])
    best = max(shown["candidates"]["rows"], key=lambda row: row["before"])
    assert best["id"] == trace.probs[-1, 0].argmax()
    assert best["before"] == pytest.approx(float(trace.probs[-1, 0].max()), abs=1e-6)
    assert values(shown)["Update"] == str(AT) and max(update for update, *_text in shown["samples"]) <= AT


def test_it_is_compared_with_counting(past):
    _session, trainer, frame = past("language", look_at="rulers", information="bits")
    shown = frame(lambda shown: "needs" in shown.get("summary", ""))
    bits = trainer.evaluate() / math.log(2)
    assert values(shown)["Held-out loss"] == f"{bits:.2f} bits" and f"needs {bits:.3f} bits" in shown["summary"]


def test_unroll_takes_the_network_as_it_was(past):
    session, trainer, _frame = past("lab", cell="lstm")
    workspace, refusal = take(session, 1)
    assert refusal == "" and workspace.taken == str(AT) and workspace.past
    for name, array in trainer.model.state_dict().items():
        np.testing.assert_array_equal(workspace.computation.weights[name], array.astype(float))
