"""python -m ui.server.start PORT HOST: what `make run` runs. Says in one line what keeps the app from starting."""

import errno
import signal
import socket
import subprocess
import sys
from types import FrameType
from typing import NamedTuple

from ui import environment

HOST = "localhost"  # nobody else's browser gets in
APP = [sys.executable, "-m", "streamlit", "run", "app.py"]


class Advice(NamedTuple):
    """How port and host are called where the app is started, and the command with another one."""

    port: str = "PORT"
    host: str = "HOST"
    other_port: str = "make run PORT={}"
    other_host: str = "make run HOST={}"


MAKE = Advice()


def obstacle(port: str, host: str = HOST, advice: Advice = MAKE) -> str | None:
    """Reason why this port cannot be served at this address of the machine, and what to do; None: it can."""
    other_port, other_host = advice.other_port.format, advice.other_host.format
    if not port.isdecimal() or not 1 <= int(port) <= 65535:
        return f"{advice.port} is {port!r}; expected a number from 1 to 65535, such as {other_port(8502)}"
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, int(port)))
            trial.listen()
    except socket.gaierror:
        return f"{advice.host} is {host!r}; expected an address of this machine, such as {other_host('0.0.0.0')}"
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            return f"{advice.host} is {host!r}, no address of this machine. For all of them: {other_host('0.0.0.0')}"
        if error.errno == errno.EADDRINUSE:
            another = other_port(next_to(port))
            return f"Port {port} is in use, perhaps by another RNN Lab. Choose another: {another}"
        if error.errno == errno.EACCES:
            return f"Port {port} is for root alone, like all below 1024. Choose another: {other_port(8501)}"
        return f"Port {port} cannot be served: {error.strerror}. Choose another: {other_port(8501)}"
    return None


def next_to(port: str) -> int:
    """Next port to try."""
    return int(port) + 1 if int(port) < 65535 else 8501


def main(port: str, host: str = HOST) -> int:
    """Serve until the reader stops it. The server's exit code: 0 as well where the reader did; 1 where the app cannot
    be started."""
    problem = obstacle(port, host)
    if problems := [problem] if problem else environment.problems():
        print(*problems, sep="\n", file=sys.stderr)
        return 1
    ended: list[int] = []  # the signals by which the reader ends it
    servers: list[subprocess.Popen[bytes]] = []

    def end(number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGINT and not ended:
            print("\nStopped.", flush=True)
        ended.append(number)
        for server in servers:
            server.terminate()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    # In a session of its own: Ctrl-C would reach it at once, also where it is importing, and would be an error.
    server = subprocess.Popen([*APP, f"--server.port={port}", f"--server.address={host}"], start_new_session=True)
    servers.append(server)
    if ended:
        server.terminate()
    code = server.wait()
    return 0 if ended else code


if __name__ == "__main__":
    sys.exit(main(*(sys.argv[1:3] or ["8501"])))
