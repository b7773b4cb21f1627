"""A phone, and everybody where many look, gets fewer pictures; they travel compressed."""

import gzip
import json

import pytest
from answers import app, ask
from sessions import entered, setup, stepped

from ui.i18n import language
from ui.lab.renderer import LabRenderer, ViewOptions
from ui.lab.view import LAYOUT
from ui.server import pace
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
    assert len(body) / (int(headers["x-rest"]) / 1000) == pytest.approx(pace.RATE, rel=0.05) and pace.RATE < 60_000


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
