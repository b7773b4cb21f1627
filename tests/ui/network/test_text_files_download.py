"""Texts that are fetched: once for all, checked, and never waited for."""

import hashlib
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from rnn_core.tasks import TEXTS
from ui.network import text_files
from ui.network.text_files import TextError

ENGLISH = "\n".join(text.text for text in TEXTS.values() if text.language == "en" and not text.make)


PATIENCE = 60.0  # seconds


STAND_IN = (ENGLISH * 20).encode()


class Server(ThreadingHTTPServer):
    """Answers as its address says, and counts what was asked."""

    daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked, self.gate, self.broken = [], threading.Event(), False

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{name}"

    def handle_error(self, request, client_address):
        """The reader has gone away: as it should."""


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        server, name = self.server, self.path.strip("/")
        server.asked.append(name)
        if name in ("held", "silent"):
            server.gate.wait(PATIENCE)
        status = 503 if server.broken else 404 if name == "missing" else 200
        body = {"wrong": STAND_IN[:-1] + b"?", "right": STAND_IN, "held": STAND_IN, "stalled": STAND_IN}.get(name, b"")
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if name == "stalled":
            self.wfile.write(body[:5000])
            self.wfile.flush()
            server.gate.wait(PATIENCE)
        elif name == "cut":
            return
        else:
            self.wfile.write(body)

    def log_message(self, *_arguments):
        """Say nothing."""


@pytest.fixture
def server(monkeypatch, tmp_path):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(text_files, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(text_files, "SHA256", hashlib.sha256(STAND_IN).hexdigest())
    monkeypatch.setattr(text_files, "TIMEOUT", PATIENCE)
    made = Server()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.gate.set()
    made.shutdown()
    thread.join()
    made.server_close()


def ask(monkeypatch, url) -> text_files.Download:
    """The server's shared download, of this address."""
    monkeypatch.setattr(text_files, "URL", url)
    return text_files.tiny_shakespeare()


def finished(download) -> str:
    """Final status."""
    end = time.monotonic() + PATIENCE
    while download.status == "running":
        assert time.monotonic() < end, "still running"
        time.sleep(0.005)
    return download.status


def failure(download) -> TextError:
    download.start()
    assert finished(download) == "failed"
    with pytest.raises(TextError) as caught:
        download.result()
    return caught.value


def test_it_waits_for_a_start_then_has_the_text(server, monkeypatch):
    download = ask(monkeypatch, server.url("right"))
    assert (download.status, download.result(), server.asked) == ("waiting", None, [])
    download.start()
    assert finished(download) == "done"
    assert download.result() == (STAND_IN.decode(), "UTF-8", 0)
    download.start()
    assert (download.status, server.asked) == ("done", ["right"])


def test_the_caller_never_waits_and_two_sessions_make_one_transfer(server, monkeypatch):
    monkeypatch.setattr(text_files, "URL", server.url("held"))
    together, given_out = threading.Barrier(20), []

    def session():
        together.wait(PATIENCE)
        given_out.append(text_files.tiny_shakespeare())
        given_out[-1].start()

    threads = [threading.Thread(target=session) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(given_out) == 20 and len(set(map(id, given_out))) == 1
    download = given_out[0]
    assert (download.status, download.result()) == ("running", None)  # the server has not answered
    server.gate.set()
    assert finished(download) == "done"
    assert server.asked == ["held"]


def test_what_is_in_the_cache_needs_no_server(server, monkeypatch):
    first = ask(monkeypatch, server.url("right"))
    first.start()
    finished(first)
    again = text_files.Download(server.url("missing"), text_files.SHA256)
    again.start()
    assert finished(again) == "done"
    assert again.result() == first.result()
    assert server.asked == ["right"]


def test_a_damaged_cache_is_replaced(server, monkeypatch):
    text_files.CACHE.mkdir()
    (text_files.CACHE / f"{text_files.SHA256}.txt").write_bytes(b"damaged")
    download = ask(monkeypatch, server.url("right"))
    download.start()
    assert finished(download) == "done"
    assert download.result().text == STAND_IN.decode()


def test_wrong_bytes_are_refused_and_not_kept(server, monkeypatch):
    error = failure(ask(monkeypatch, server.url("wrong")))
    assert (error.kind, error.values) == ("wrong_file", {"host": "127.0.0.1"})
    assert list(text_files.CACHE.iterdir()) == []


def test_not_found(server, monkeypatch):
    error = failure(ask(monkeypatch, server.url("missing")))
    assert (error.kind, error.values) == ("http", {"host": "127.0.0.1", "status": 404})


@pytest.mark.parametrize("name", ["silent", "stalled"])
def test_a_server_that_hangs(server, monkeypatch, name):
    """Before its answer, or in the middle of it."""
    monkeypatch.setattr(text_files, "TIMEOUT", 0.2)
    error = failure(ask(monkeypatch, server.url(name)))
    assert (error.kind, error.values) == ("slow", {"host": "127.0.0.1", "seconds": 0.2})


def test_a_server_that_lets_nobody_in(server, monkeypatch):
    def wait(*_arguments, **_options):
        raise text_files.requests.ConnectTimeout("as if a firewall drops the packets")

    monkeypatch.setattr(text_files.pooch, "retrieve", wait)
    assert failure(ask(monkeypatch, server.url("right"))).kind == "slow"


def test_nobody_listens(server, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and never listens
        error = failure(ask(monkeypatch, f"http://127.0.0.1:{taken.getsockname()[1]}/"))
    assert (error.kind, error.values) == ("offline", {"host": "127.0.0.1"})


def test_no_such_host(server, monkeypatch):
    error = failure(ask(monkeypatch, "http://no-such-host.invalid/"))
    assert error.kind in ("offline", "slow")  # a resolver may take its time
    assert error.values["host"] == "no-such-host.invalid"


def test_one_try_each_time_it_is_asked(server, monkeypatch):
    server.broken = True
    download = ask(monkeypatch, server.url("right"))
    for tries in (1, 2):
        assert failure(download).values["status"] == 503
        assert (download.status, len(server.asked)) == ("failed", tries)
    server.broken = False
    download.start()
    assert finished(download) == "done"
    assert len(server.asked) == 3


def test_no_place_to_keep_it(server, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(text_files, "CACHE", tmp_path / "file" / "cache")
    error = failure(ask(monkeypatch, server.url("right")))
    assert (error.kind, error.values["folder"]) == ("cache", str(tmp_path / "file" / "cache"))


def test_whatever_else_happens_it_ends(server, monkeypatch, caplog):
    def fail(*_arguments, **_options):
        raise RuntimeError("as if by accident")

    monkeypatch.setattr(text_files.pooch, "retrieve", fail)
    error = failure(ask(monkeypatch, server.url("right")))
    assert (error.kind, error.values) == ("unexpected", {"detail": "RuntimeError: as if by accident"})
    assert "as if by accident" in caplog.text
