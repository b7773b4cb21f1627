"""The real server, started as the README says."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 180  # seconds: the first network may have to be compiled
# Streamlit 1.67 logs a closed web socket of a page that went away as an error of its own.
COMMAND = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port={port}"]
COMMAND += ["--server.address=127.0.0.1", "--server.headless=true"]


class Address(str):
    """The address of the app; `process` is its server, `log` what it has said."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def serving(log: Path, port: int | None = None, options=(), path="", **environment):
    """The address of a server of one's own, as long as it is needed.

    options : of the command line. path : that it serves under. environment : variables beside the present ones.
    """
    port = port or free_port()
    with log.open("w") as out:
        command = [part.format(port=port) for part in (*COMMAND, *options)]
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env=os.environ | environment
        )
    url = Address(f"http://127.0.0.1:{port}{path}")
    url.process, url.log = process, log
    try:
        _wait_for(f"{url}/_stcore/health", process, log)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(url, process, log):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())


def problem(message) -> list[str]:
    """Problem in a message of the console, if there is one."""
    return [message.text] if message.type == "error" else []
