"""The addresses of the pages: each page has one, an old one leads on, an unknown one leads to the Lab and is told."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import streamlit as st

import app
from ui.server import pages


def ask(path, query="", accept="text/html,*/*", method="GET"):
    """(status, where it leads, body) of the answer; None where the pages have none."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    async def others(_scope, _receive, _send):
        sent.append(None)

    scope = {
        "type": "http", "method": method, "path": path, "query_string": query.encode(), "root_path": "",
        "headers": [(b"accept", accept.encode())],
    }  # fmt: skip
    with ThreadPoolExecutor(1) as thread:  # the browser tests leave an event loop in this one
        thread.submit(asyncio.run, pages.Pages(others)(scope, receive, send)).result()
    if sent[0] is None:
        return None
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers.get("location"), sent[1]["body"].decode()


def test_every_page_is_one_document_with_our_script_first():
    names = {path.stem for path in (Path(app.__file__).parent / "pages").glob("*.py")} - {"lab"}
    assert names == pages.NAMES and "memory" in names
    for path in ("/", *(f"/{name}" for name in names)):
        status, _location, body = ask(path, "preset=forgets")
        assert status == 200
        assert body.index("browser/server/static/history.js") < body.index("<script type=")


@pytest.mark.parametrize(
    ("path", "query", "location"),
    [
        ("/hidden_states", "preset=forgets&hide=cell", "./memory?preset=forgets&hide=cell"),
        ("/hidden_states/", "", "./../memory"),
        ("/memory/", "a=1", "./../memory?a=1"),
        ("/lab", "cell=gru", "./?cell=gru"),
        ("/lstms", "cell=gru", "./?cell=gru&no_page=lstms"),
        ("/a/b", "", "./../?no_page=a%2Fb"),
        ("/" + "x" * 500, "", "./?no_page=" + "x" * 60),
    ],
)
def test_an_old_or_unknown_address_leads_on(path, query, location):
    assert ask(path, query)[:2] == (307, location)


@pytest.mark.parametrize(
    "path", ["/static/js/index.js", "/favicon.png", "/live/key/history.csv", "/_stcore/health", "/component/x/y"]
)
def test_other_addresses_are_passed_on(path):
    assert ask(path) is None


def test_only_a_browser_that_opens_a_page_is_led_on():
    assert ask("/memory/_stcore/host-config", accept="*/*") is None
    assert ask("/lstms", method="POST") is None


def test_pages_below_a_base_path(monkeypatch):
    monkeypatch.setattr(st, "get_option", lambda _name: "/course/rnn/")
    assert ask("/course/rnn/memory")[0] == 200 and ask("/course/rnn/")[0] == 200
    assert ask("/course/rnn/hidden_states", "a=1")[:2] == (307, "./memory?a=1")
    assert ask("/memory") is None


def test_no_box_of_streamlit_covers_the_page_and_no_other_site_sends_it_messages():
    config = json.loads(ask("/_stcore/host-config", accept="*/*")[2])
    assert config["blockErrorDialogs"] is True and config["allowedOrigins"] == []
