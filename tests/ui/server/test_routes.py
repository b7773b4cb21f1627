"""Answers of the server beside Streamlit's: headers, frames, downloads, and a bound on uploads."""

import csv
import io
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from answers import app, ask
from safetensors.numpy import load
from sessions import entered, setup, stepped
from visits import PATIENCE, until

import ui.training.presence
import ui.training.session
from ui.arena.session import ArenaSession
from ui.i18n import language
from ui.lab.renderer import LabRenderer, ViewOptions
from ui.lab.view import LAYOUT
from ui.live.renderer import sendable
from ui.live.request import Request
from ui.network.notices import SENTENCES, notices
from ui.server import handlers, middleware
from ui.server.stopping import STOPPING
from ui.theme import LIGHT
from ui.training.capacity import Capacity
from ui.training.snapshot import Notice, Snapshot, Training


@pytest.fixture
def session():
    """A paused session with a network after 10 updates, and pictures of it."""
    with entered() as made:
        made.renderer = LabRenderer(LAYOUT)
        made.renderer.show(ViewOptions(language("en"), LIGHT))
        stepped(made, setup(hidden_size=6), 10)
        yield made


def test_a_picture_is_the_newest(session):
    status, headers, body = ask(app(), f"/live/{session.key}", "step=2")
    picture = json.loads(body)
    assert status == 200 and headers["cache-control"] == "no-store"
    assert picture["token"] == session.token and picture["update"] == 10
    assert picture["details"]["title"] == "Step 2 of 0 … 7"
    assert picture["notices"] == [] and picture["status"] == "paused"
    drawn = picture["figures"]["score"]["data"]
    assert sum(trace["type"] == "heatmap" for trace in drawn) == 2


def test_a_picture_that_the_browser_has_is_waited_for(session, monkeypatch):
    monkeypatch.setattr(handlers, "WAIT", 0.2)
    begin = time.monotonic()
    ask(app(), f"/live/{session.key}", f"token={session.token}")
    assert time.monotonic() - begin >= 0.2
    begin = session.token
    session.step()
    picture = json.loads(ask(app(), f"/live/{session.key}", f"token={begin}")[2])
    assert picture["token"] != begin


def test_pictures_of_training_are_held_back_until_a_control_has_taken_effect(session, monkeypatch):
    monkeypatch.setattr(handlers, "HOLD", PATIENCE)
    before = session.token
    session.step()
    while session.token == before:
        time.sleep(0.01)
    threading.Timer(0.3, session.request, (session.snapshot.view.setup, Training(learning_rate=0.5))).start()
    picture = json.loads(ask(app(), f"/live/{session.key}", f"token={before}&hold=1")[2])
    assert (picture["learningRate"], picture["update"]) == (0.5, 11)


def test_a_control_without_effect_holds_pictures_back_for_a_moment_only(session, monkeypatch):
    monkeypatch.setattr(handlers, "HOLD", 0.2)
    before, begin = session.token, time.monotonic()
    session.step()
    assert json.loads(ask(app(), f"/live/{session.key}", f"token={before}&hold=1")[2])["update"] == 11
    assert time.monotonic() - begin >= 0.2


def test_the_loss_and_the_samples_are_left_out_when_the_browser_has_them(session):
    picture = json.loads(session.renderer.frame(session, Request(loss=False, samples=10)))
    assert set(picture["figures"]) == {"score"} and "samples" not in picture
    whole = json.loads(session.renderer.frame(session, Request()))
    assert (whole["samples"][0][0], whole["samples"][-1][0]) == (0, 10) and "loss" in whole["figures"]


def test_the_axes_grow_until_they_are_reset(session):
    def top(reset):
        figure = json.loads(session.renderer.frame(session, Request(reset=reset)))["figures"]["score"]
        return figure["layout"]["yaxis5"]["range"][1]

    first = top(0)
    growing = session.renderer._ranges
    growing._ranges = growing._ranges._replace(loss=77.0)
    assert top(0) == 77.0 and top(1) == first


def test_nobody_without_the_key_gets_anything(session):
    for path in ("/live/nobody", "/live/nobody/history.csv", f"/live/{session.key}/other"):
        assert ask(app(), path)[0] == 404


def test_downloads_hold_the_run(session):
    view = session.snapshot.view
    rows = list(csv.DictReader(io.StringIO(ask(app(), f"/live/{session.key}/history.csv")[2].decode())))
    assert [int(row["update"]) for row in rows] == list(range(11))
    assert [float(row["loss"]) for row in rows[1:]] == pytest.approx(view.curve.loss.tolist(), rel=1e-5)
    assert rows[0]["loss"] == rows[0]["updates"] == ""
    measured = {int(row["update"]): float(row["held_out_loss"]) for row in rows if row["held_out_loss"]}
    assert measured == pytest.approx(dict(view.held_out), rel=1e-5) and 0 in measured
    assert max(len(value) for row in rows for value in row.values()) <= len("-1.23457e-06")
    status, headers, data = ask(app(), f"/live/{session.key}/checkpoint.safetensors")
    assert status == 200 and headers["content-disposition"] == 'attachment; filename="rnn-lab.safetensors"'
    assert load(data)["weight_hh_l0"].shape == (6, 6)


def test_every_answer_has_the_headers(session):
    for path in ("/live/nobody", "/browser/lab/static/lab.js", f"/live/{session.key}"):
        headers = ask(app(), path)[1]
        assert headers["x-frame-options"] == "SAMEORIGIN" and headers["x-content-type-options"] == "nosniff"
        assert "script-src 'self' blob: 'sha256-" in headers["content-security-policy"]
        assert "microphone=(self)" in headers["permissions-policy"] and "camera=()" in headers["permissions-policy"]


def test_a_browser_keeps_our_scripts_and_asks_whether_they_have_changed():
    path = "/browser/lab/static/lab.js"
    status, headers, body = ask(app(), path)
    assert (status, headers["cache-control"]) == (200, "no-cache") and body
    status, again, body = ask(app(), path, headers=[("if-none-match", headers["etag"])])
    assert (status, again["cache-control"], body) == (304, "no-cache", b"")


def test_other_sites_embed_the_pages_where_the_server_says_so(monkeypatch):
    assert middleware.headers()["x-frame-options"] == "SAMEORIGIN"
    assert middleware.headers()["content-security-policy"].endswith("frame-ancestors 'self'")
    monkeypatch.setenv("RNN_LAB_EMBED_ORIGINS", "https://course.example.org, https://*.school.example:8443")
    policy = middleware.headers()["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self' https://course.example.org https://*.school.example:8443")
    assert "x-frame-options" not in middleware.headers()
    monkeypatch.setenv("RNN_LAB_EMBED_ORIGINS", "https://a.org; script-src *")
    with pytest.raises(ValueError, match=r"RNN_LAB_EMBED_ORIGINS has 'https://a\.org;'"):
        middleware.headers()


def test_what_is_not_finite_can_be_sent():
    assert json.loads(json.dumps(sendable([float("nan"), {"a": (float("inf"), 1)}]))) == [None, {"a": [None, 1]}]


def test_a_button_is_obeyed_at_once(session):
    def press(name, method="POST"):
        status = ask(app(), f"/live/{session.key}/{name}", "", method)[0]
        session.ask(lambda run: None).result(PATIENCE)  # whatever came before is done
        return status

    assert press("step") == 204 and session.snapshot.view.update == 11
    assert press("play") == 204 and session.snapshot.status == "running"
    assert press("pause") == 204 and session.snapshot.status == "paused"
    run = session.snapshot.view.run
    assert press("reset") == 204 and session.snapshot.view.run == run + 1
    assert press("leave") == press("step", "GET") == 404
    assert ask(app(), "/live/nobody/step", "", "POST")[0] == 404


def test_networks_in_lockstep_have_no_past_to_look_at_or_to_fork():
    arena = ArenaSession()
    assert [ask(app(), f"/live/{arena.key}/{name}", "", "POST")[0] for name in ("look", "fork")] == [404, 404]


def test_a_button_of_a_foreign_page_is_refused(session):
    def press(*headers):
        return ask(app(), f"/live/{session.key}/step", "", "POST", headers)[0]

    host = ("host", "localhost:8501")
    assert press(("origin", "https://other.org"), host) == press(("sec-fetch-site", "cross-site")) == 403
    assert press(("origin", "http://localhost:8501"), host) == press(("sec-fetch-site", "same-origin")) == 204


def test_whoever_asks_for_a_picture_or_a_file_finds_the_thread_at_work(session):
    for name in ("", "/checkpoint.safetensors"):
        session.leave()
        until(lambda: not session.alive)
        assert ask(app(), f"/live/{session.key}{name}")[0] == 200 and session.alive


def test_without_a_place_there_are_neither_pictures_nor_files(session, monkeypatch):
    places = Capacity(1)
    session.leave()
    monkeypatch.setattr(ui.training.presence, "CAPACITY", places)
    places.admit("somebody else")
    for name in ("", "/checkpoint.safetensors"):
        assert ask(app(), f"/live/{session.key}{name}")[0] == 503
    assert ask(app(), f"/live/{session.key}/play", "", "POST")[0] == 503


def test_a_file_that_the_thread_does_not_make_is_not_waited_for(session, monkeypatch):
    monkeypatch.setattr(handlers, "PATIENCE", 0.1)
    busy = threading.Event()
    session.ask(lambda run: busy.wait(PATIENCE))
    assert ask(app(), f"/live/{session.key}/checkpoint.safetensors")[0] == 404
    busy.set()
    assert ask(app(), f"/live/{session.key}/checkpoint.safetensors")[0] == 200


@pytest.fixture
def forty(session):
    """Asks forty times at once for a file, while the training thread is busy until the event is set."""
    busy, served = threading.Event(), app()
    session.ask(lambda run: busy.wait(PATIENCE))
    with ThreadPoolExecutor(40) as readers:
        yield (
            busy,
            lambda: [
                readers.submit(ask, served, f"/live/{session.key}/checkpoint.safetensors") for _reader in range(40)
            ],
        )
        busy.set()


def test_downloads_that_wait_hold_nobody_up(forty, monkeypatch):
    monkeypatch.setattr(handlers, "PATIENCE", PATIENCE)
    busy, ask_for_files = forty
    asked = ask_for_files()
    assert ask(app(), "/browser/lab/static/lab.js")[0] == 200 and not any(one.done() for one in asked)
    busy.set()
    assert {one.result()[0] for one in asked} == {200}


def test_downloads_that_wait_in_vain_end_together(forty, monkeypatch, session):
    """Each waited on its own for as long as the first: the last of forty stood for twenty minutes."""
    monkeypatch.setattr(handlers, "PATIENCE", 5.0)
    busy, ask_for_files = forty
    begin = time.monotonic()
    assert {one.result()[0] for one in ask_for_files()} <= {404, 503}
    assert time.monotonic() - begin < PATIENCE / 2
    busy.set()
    assert ask(app(), f"/live/{session.key}/checkpoint.safetensors")[0] == 200


def test_pictures_that_fail_are_logged_once(session, monkeypatch, caplog):
    def fail(*_arguments):
        raise ValueError("as if by accident")

    with monkeypatch.context() as patch:
        patch.setattr(session.renderer, "_picture", fail)
        assert [ask(app(), f"/live/{session.key}")[0] for _time in range(3)] == [500] * 3
        assert len(caplog.records) == 1
    assert ask(app(), f"/live/{session.key}")[0] == 200


def test_a_server_that_stops_lets_nobody_wait(session, monkeypatch):
    monkeypatch.setattr(handlers, "WAIT", PATIENCE)
    threading.Timer(0.2, STOPPING.set).start()
    try:
        assert ask(app(), f"/live/{session.key}", f"token={session.token}")[0] == 200
    finally:
        STOPPING.clear()


def test_a_compilation_is_announced_when_it_lasts():
    now = time.monotonic()
    notice = Notice("compiling", {"cell": "gru"})
    assert notices(Snapshot(1, "compiling", now, notice), SENTENCES, "train", str) == []
    told = notices(Snapshot(1, "compiling", now - 1, notice), SENTENCES, "train", str)
    assert [one["sentence"][:17] for one in told] == ["Preparing the GRU"]
