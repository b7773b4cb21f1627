"""The addresses for whoever runs the server."""

import re

import streamlit as st
from answers import app, ask
from sessions import entered, setup, stepped

from ui.server.stopping import STOPPING


def test_it_says_that_it_serves_and_that_it_is_about_to_stop():
    assert ask(app(), "/health")[::2] == (200, b"ok\n")
    STOPPING.set()
    try:
        assert ask(app(), "/health")[::2] == (503, b"stopping\n")
    finally:
        STOPPING.clear()


def test_metrics_are_closed_unless_they_are_asked_for(monkeypatch):
    assert ask(app(), "/metrics")[0] == ask(app(), "/_stcore/metrics")[0] == 404
    monkeypatch.setenv("RNN_LAB_METRICS", "1")
    assert ask(app(), "/metrics")[0] == 200 and ask(app(), "/_stcore/metrics")[0] == 404


def test_metrics_are_numbers_alone(monkeypatch):
    monkeypatch.setenv("RNN_LAB_METRICS", "1")
    with entered() as session:
        session.admit("somebody")
        stepped(session, setup("a private text, a private text, a private text. " * 3), 3)
        _status, headers, body = ask(app(), "/metrics")
        said = body.decode()
        assert session.key not in said and "private" not in said and "somebody" not in said
    assert headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = [line for line in said.splitlines() if not line.startswith("# ")]
    assert all(re.fullmatch(r'[a-z_]+(\{of="[a-z]+"\})? [0-9.e+-]+', line) for line in lines)
    values = dict(line.rsplit(" ", 1) for line in lines)
    assert float(values["rnn_lab_visitors"]) >= 1
    assert 0 < float(values['rnn_lab_memory_bytes{of="networks"}']) < float(values["rnn_lab_memory_limit_bytes"])


def test_both_lie_under_the_base_path(monkeypatch):
    monkeypatch.setattr(st, "get_option", lambda name: "rnn" if name == "server.baseUrlPath" else None)
    assert ask(app(), "/rnn/health")[0] == 200
