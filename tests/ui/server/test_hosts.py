"""Who may ask: a foreign name and a foreign page are refused before Streamlit sees them."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from answers import app, ask
from streamlit import get_option

from ui.server import hosts


def opened(*headers) -> tuple[list, list]:
    """(what a web socket with these headers was answered, the headers that came through)."""
    sent, through = [], []

    async def inner(scope, _receive, send):
        through.extend(scope["headers"])
        await send({"type": "websocket.accept"})

    async def send(message):
        sent.append(message["type"])

    scope = {"type": "websocket", "path": "/", "headers": [(name.encode(), value.encode()) for name, value in headers]}
    with ThreadPoolExecutor(1) as thread:  # the browser tests leave an event loop in this one
        thread.submit(asyncio.run, hosts.Hosts(inner)(scope, None, send)).result()
    return sent, through


def test_another_name_is_refused_and_the_answer_says_what_to_set(monkeypatch):
    status, headers, body = ask(app(), "/", headers=[("host", "rebound.example")])
    assert status == 421 and b"RNN_LAB_HOSTS" in body and headers["x-content-type-options"] == "nosniff"
    monkeypatch.setenv("RNN_LAB_HOSTS", "lab.example.org, *.school.example")
    for host in ("lab.example.org", "LAB.example.org:443", "a.b.school.example", "localhost:8501", "10.0.0.7:8501"):
        assert ask(app(), "/", headers=[("host", host)])[0] == 200, host
    foreign = ("rebound.example", "lab.example.org.rebound.example", "127.0.0.1.rebound.example", "xlocalhost", "")
    for host in (*foreign, "[", "a]b", "[::1"):
        assert ask(app(), "/", headers=[("host", host)])[0] == 421, host
    monkeypatch.setenv("RNN_LAB_HOSTS", "*")
    assert ask(app(), "/", headers=[("host", "rebound.example")])[0] == 200


def test_a_setting_that_is_no_name_is_told(monkeypatch):
    monkeypatch.setenv("RNN_LAB_HOSTS", "https://lab.example.org")
    with pytest.raises(ValueError, match=r"RNN_LAB_HOSTS has 'https://lab\.example\.org'"):
        hosts.names()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_what_a_foreign_page_sends_is_refused_whatever_the_address(method):
    for address in ("/_stcore/upload_file/session/file", "/live/nobody/step"):
        for origin in ("https://other.example", "http://[", "null"):
            said = [("host", "localhost:8501"), ("origin", origin)]
            assert ask(app(), address, method=method, headers=said)[0] == 403


def test_a_file_is_taken_without_a_cookie_which_no_browser_sends_within_another_sites_page():
    assert not get_option("server.enableXsrfProtection")  # what is refused above needs none


def test_a_web_socket_of_a_foreign_page_never_reaches_streamlit():
    assert opened(("host", "localhost:8501"), ("origin", "https://other.example")) == (["websocket.close"], [])
    assert opened(("host", "localhost:8501"), ("origin", "http://localhost:8502")) == (["websocket.close"], [])
    assert opened(("host", "rebound.example"), ("origin", "http://rebound.example")) == (["websocket.close"], [])
    assert opened(("host", "localhost"), ("sec-fetch-site", "cross-site")) == (["websocket.close"], [])
    assert opened(("host", "localhost"), ("origin", "http://[")) == (["websocket.close"], [])
    assert opened(("host", "[")) == (["websocket.close"], [])


def test_streamlit_gets_no_origin_to_look_up():
    """Where Streamlit does not know it, it asks an outside host for this machine's address, on the event loop."""
    proxied = ("host", "127.0.0.1:8501"), ("origin", "https://lab.org"), ("x-forwarded-host", "lab.org")
    for headers in (proxied, (("host", "localhost"), ("origin", "http://localhost"))):
        sent, through = opened(*headers)
        assert sent == ["websocket.accept"] and (b"host", headers[0][1].encode()) in through
        assert not any(name == b"origin" for name, _value in through)
