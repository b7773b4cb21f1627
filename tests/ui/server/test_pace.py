"""A phone, and everybody where many look, gets fewer pictures; they travel compressed."""

import gzip
import json

import pytest
from answers import app, ask
from sessions import entered, setup, stepped
from visits import until

from ui.i18n import language
from ui.lab.renderer import LabRenderer, ViewOptions
from ui.lab.view import LAYOUT
from ui.server import pace
from ui.server.keeping import KEPT
from ui.theme import LIGHT

GZIP = [("accept-encoding", "gzip, br")]


@pytest.fixture
def session(monkeypatch):
    monkeypatch.setattr(pace, "_counted", (float("-inf"), 0))
    with entered() as made:
        made.renderer = LabRenderer(LAYOUT)
        made.renderer.show(ViewOptions(language("en"), LIGHT))
        stepped(made, setup(), 5)
        yield made


def test_a_picture_travels_compressed_and_is_the_same(session):
    _status, headers, body = ask(app(), f"/live/{session.key}", "reset=1", headers=GZIP)
    plain = ask(app(), f"/live/{session.key}", "reset=1")
    assert headers["content-encoding"] == "gzip" and "content-encoding" not in plain[1]
    assert json.loads(gzip.decompress(body)).keys() == json.loads(plain[2]).keys()
    assert len(body) == int(headers["content-length"]) < 0.6 * len(plain[2])


def test_a_phone_waits_as_long_as_its_bytes_take(session):
    _status, headers, body = ask(app(), f"/live/{session.key}", "spare=1", headers=GZIP)
    seconds = int(headers["x-rest"]) / 1000
    assert (len(body) + pace.HEADERS) / seconds == pytest.approx(pace.RATE, rel=0.05) and pace.RATE < 60_000


def test_the_network_that_a_phone_keeps_comes_out_of_its_bytes(session):
    def rest():
        return pace.rest(session, 5000, True)

    pictures = 5000 + pace.HEADERS
    _status, headers, file = ask(app(), f"/live/{session.key}/kept")
    assert pictures / (rest() / 1000) == pytest.approx(pace.RATE - len(file) / pace.FILE_EVERY, rel=0.01)
    pace.note_file(session, 10**7)
    assert pictures / (rest() / 1000) == pytest.approx(pace.LEAST, rel=0.01)  # a large network leaves some
    stamp = json.loads(headers[KEPT])["stamp"]
    assert ask(app(), f"/live/{session.key}/kept", f"stamp={stamp}")[0] == 204
    assert pictures / (rest() / 1000) == pytest.approx(pace.RATE, rel=0.01)  # nothing new: it takes none


def test_a_browser_gets_as_many_digits_as_its_charts_tell_while_the_network_trains(session):
    def heat(query):
        figures = json.loads(ask(app(), f"/live/{session.key}", query)[2])["figures"]
        return next(trace["z"] for trace in figures["score"]["data"] if "z" in trace)

    assert heat("round=1")["dtype"] == "f4"
    session.play()
    until(lambda: session.snapshot.status == "running")
    assert heat("round=1")["decimals"] == 3 and heat("")["dtype"] == "f4"
    session.look(1)
    until(lambda: session.shown is not session.snapshot)
    assert heat("round=1")["dtype"] == "f4"  # as it was


def test_others_wait_only_where_many_look(session, monkeypatch):
    assert ask(app(), f"/live/{session.key}", headers=GZIP)[1]["x-rest"] == "0"
    monkeypatch.setattr(pace, "_counted", (float("inf"), pace.FEW + 1))
    assert int(ask(app(), f"/live/{session.key}", headers=GZIP)[1]["x-rest"]) > 0


def test_who_looks_is_counted(session):
    before = pace.looking()
    with entered() as one, entered():
        one.leave()
        pace._counted = (float("-inf"), 0)
        assert pace.looking() == before + 1
    assert pace.looking() == before + 1  # once a second
