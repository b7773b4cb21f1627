"""A real server that nobody visits any more: what the last visitor had is gone when its time is over."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from visits import PATIENCE, ROOT, until
from websockets.sync.client import connect

from benchmarks.browser.proxy import free_port
from ui.server.handlers import CALLED_OFF

SERVER = """
import os
import sys
from streamlit.web.cli import main
from ui.training.tabs import TABS
TABS._kept = float(os.environ["KEPT"])
sys.argv = ["streamlit", "run", "app.py", *sys.argv[1:]]
main()
"""
NETWORKS = 'rnn_lab_memory_bytes{of="networks"}'
TRAINING = "rnn_lab_training"
OPTIONS = ["--server.headless=true", "--server.disconnectedSessionTTL=1"]


@pytest.fixture
def kept():
    """Seconds that the server keeps what a tab had."""
    return 300.0


@pytest.fixture
def port(tmp_path, kept):
    """Of the server."""
    free = free_port()
    with (tmp_path / "log").open("w") as log:
        command = [sys.executable, "-c", SERVER, *OPTIONS, f"--server.port={free}"]
        environment = os.environ | {"RNN_LAB_METRICS": "1", "KEPT": str(kept)}
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, env=environment)
    until(lambda: answer(free, "/_stcore/health") is not None, PATIENCE)
    yield free
    process.terminate()
    process.wait(30)


def answer(port: int, path: str) -> tuple[int, str] | None:
    """(status, text) of an answer; None: nobody is there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        told = connection.getresponse()
        return told.status, told.read().decode()
    except OSError:
        return None
    finally:
        connection.close()


def key_of(page) -> str:
    """The key of the network on the page that opens, once its script has ended."""
    asked, key = BackMsg(), ""
    asked.rerun_script.context_info.locale = "en-US"
    page.send(asked.SerializeToString())
    for content in page:
        message = ForwardMsg()
        message.ParseFromString(content)
        if message.WhichOneof("type") == "script_finished":
            return key
        element = message.delta.new_element
        if element.WhichOneof("type") == "bidi_component":
            key = json.loads(element.bidi_component.json).get("key", key)
    raise AssertionError("the server has closed the socket")


@pytest.mark.parametrize("kept", [2.0])
def test_the_last_visitor_leaves_nothing_behind(port):
    with connect(f"ws://127.0.0.1:{port}/_stcore/stream", subprotocols=["streamlit"], max_size=None) as page:
        key = key_of(page)
        assert answer(port, f"/live/{key}")[0] == 200
        assert NETWORKS in answer(port, "/metrics")[1]
    until(lambda: NETWORKS not in answer(port, "/metrics")[1], 60)  # to ask for the network itself would touch it
    assert answer(port, f"/live/{key}/history.csv")[0] == 404


def test_a_request_that_a_closed_tab_has_called_off_does_not_wake_its_network(port):
    with connect(f"ws://127.0.0.1:{port}/_stcore/stream", subprotocols=["streamlit"], max_size=None) as page:
        key = key_of(page)
        until(lambda: f"{TRAINING} 1\n" in answer(port, "/metrics")[1])
    until(lambda: f"{TRAINING} 0\n" in answer(port, "/metrics")[1])
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(f"GET /live/{key} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    end = time.monotonic() + 2 * CALLED_OFF + 1
    while time.monotonic() < end:
        assert f"{TRAINING} 0\n" in answer(port, "/metrics")[1]
    assert answer(port, f"/live/{key}")[0] == 200  # who waits finds it at work
    until(lambda: f"{TRAINING} 1\n" in answer(port, "/metrics")[1])
