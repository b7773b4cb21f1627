"""A real server that nobody visits any more: what the last visitor had is gone when its time is over."""

import http.client
import json
import os
import subprocess
import sys

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from visits import PATIENCE, ROOT, until
from websockets.sync.client import connect

from benchmarks.browser.proxy import free_port

KEPT = 2.0  # seconds, in place of five minutes
SERVER = f"""
import sys
from streamlit.web.cli import main
from ui.training.tabs import TABS
TABS._kept = {KEPT}
sys.argv = ["streamlit", "run", "app.py", *sys.argv[1:]]
main()
"""
NETWORKS = 'rnn_lab_memory_bytes{of="networks"}'
OPTIONS = ["--server.headless=true", "--server.disconnectedSessionTTL=1"]


@pytest.fixture
def port(tmp_path):
    """Of the server."""
    free = free_port()
    with (tmp_path / "log").open("w") as log:
        command = [sys.executable, "-c", SERVER, *OPTIONS, f"--server.port={free}"]
        environment = os.environ | {"RNN_LAB_METRICS": "1"}
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


def key_of(socket) -> str:
    """The key of the network on the page that opens, once its script has ended."""
    asked, key = BackMsg(), ""
    asked.rerun_script.context_info.locale = "en-US"
    socket.send(asked.SerializeToString())
    for content in socket:
        message = ForwardMsg()
        message.ParseFromString(content)
        if message.WhichOneof("type") == "script_finished":
            return key
        element = message.delta.new_element
        if element.WhichOneof("type") == "bidi_component":
            key = json.loads(element.bidi_component.json).get("key", key)
    raise AssertionError("the server has closed the socket")


def test_the_last_visitor_leaves_nothing_behind(port):
    with connect(f"ws://127.0.0.1:{port}/_stcore/stream", subprotocols=["streamlit"], max_size=None) as socket:
        key = key_of(socket)
        assert answer(port, f"/live/{key}")[0] == 200
        assert NETWORKS in answer(port, "/metrics")[1]
    until(lambda: NETWORKS not in answer(port, "/metrics")[1], 60)  # to ask for the network itself would touch it
    assert answer(port, f"/live/{key}/history.csv")[0] == 404
