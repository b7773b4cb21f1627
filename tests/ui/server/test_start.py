"""How the app is started: what keeps it from starting is said in one line; Ctrl-C is an end, not an error."""

import os
import re
import signal
import socket
import subprocess
import sys
import tomllib
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from ui.server import start

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="make run is for Linux and macOS")


def test_a_port_in_use_is_said_with_another():
    with socket.create_server(("localhost", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = start.obstacle(port)
    assert said.startswith(f"Port {port} is in use") and f"make run PORT={start.next_to(port)}" in said
    assert start.obstacle(port) is None


def test_a_port_of_root_is_said(monkeypatch):
    def refuse(*_arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    assert "Port 80 is for root alone" in start.obstacle("80")


@pytest.mark.parametrize("port", ["", "0", "99999", "eight", "-1", "8501.5"])
def test_what_is_no_port_is_said(port):
    assert "expected a number from 1 to 65535" in start.obstacle(port)


def test_it_ends_before_it_serves_when_the_port_is_taken():
    with socket.create_server(("localhost", 0)) as taken:
        port = taken.getsockname()[1]
        run = subprocess.run(
            [sys.executable, "-m", "ui.server.start", str(port)], cwd=ROOT, capture_output=True, text=True, timeout=120
        )
    assert run.returncode == 1 and run.stdout == "" and len(run.stderr.splitlines()) == 1


def test_what_is_no_address_of_this_machine_is_said():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    for host in ("no such host", "192.0.2.1"):
        assert f"HOST is {host!r}" in start.obstacle(port, host)
    assert start.obstacle(port, "0.0.0.0") is None


def test_nobody_elses_browser_gets_in_unless_the_owner_says_so():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["address"] == start.HOST == "localhost"


def interrupted_at(line: str, **environment) -> tuple[int, str]:
    """(exit code, all that was printed) of a start that gets Ctrl-C, as a terminal sends it, once it prints the `line`,
    a regular expression."""
    with socket.create_server(("", 0)) as free:
        port = free.getsockname()[1]
    run = subprocess.Popen(
        [sys.executable, "-u", "-m", "ui.server.start", str(port)], cwd=ROOT, start_new_session=True, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=os.environ | {"STREAMLIT_SERVER_HEADLESS": "true", "PYTHONUNBUFFERED": "1"} | environment,
    )  # fmt: skip
    printed, seen = "", False
    while not seen and (piece := run.stdout.read(1)):
        printed += piece
        seen = re.search(line, printed)
    while line == "URL" and run.poll() is None:  # it is printed before the server answers
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=10) as answer:
            assert answer.status == 200
            break
    os.killpg(run.pid, signal.SIGINT)
    with run.stdout:
        printed += run.stdout.read()
    run.wait(120)
    assert seen, printed
    return run.returncode, printed


def test_ctrl_c_while_it_compiles_is_no_error_and_ends_whoever_compiles(tmp_path):
    code, printed = interrupted_at("Compiling for this machine", NUMBA_CACHE_DIR=str(tmp_path))
    assert code == 0 and "Stopped" in printed and "Traceback" not in printed
    assert list(tmp_path.rglob("*.lock")) and not list(tmp_path.rglob("*encoder_decoder*.lock"))  # which comes last


def test_ctrl_c_while_it_serves_is_no_error():
    code, printed = interrupted_at("URL")
    assert code == 0 and "Traceback" not in printed and "Aborted" not in printed and "Stopped." in printed


BEGIN = """
import sys
if "streamlit" in sys.orig_argv:
    print("The server begins.", flush=True)
"""


def test_ctrl_c_while_the_server_is_imported_is_no_error(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(BEGIN)
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    code, printed = interrupted_at("The server begins", PYTHONPATH=path)
    assert code == 0 and printed.split("The server begins.")[1].split() == ["Stopped."]


LISTEN = """
import socket
ask, connect = socket.getaddrinfo, socket.socket.connect
def note(asked):
    with open({path!r}, "a") as file:
        file.write(f"{{asked}}\\n")
def noted(host, *rest, **more):
    note(host)
    return ask(host, *rest, **more)
def connected(self, address):
    note(address)
    return connect(self, address)
note("")
socket.getaddrinfo, socket.socket.connect = noted, connected
"""


def test_a_start_without_a_browser_asks_no_other_host(tmp_path):
    """Streamlit would ask one for this machine's address, to print it."""
    (tmp_path / "sitecustomize.py").write_text(LISTEN.format(path=str(tmp_path / "asked")))
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    code, printed = interrupted_at("URL", PYTHONPATH=path)
    assert code == 0 and "URL: " in printed and "External URL" not in printed, printed
    asked = (tmp_path / "asked").read_text().split("\n")
    assert [one for one in asked if "amazonaws" in one or "://" in one] == []
    assert {one for one in asked if one} <= {"None", "localhost", "127.0.0.1", "0.0.0.0", "::", ""}
