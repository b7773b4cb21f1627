"""The app's server as a child process, started as the README says, and what the system knows about it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds until it answers
LOOK = 0.01  # seconds between two questions whether it does
STEADY = 2  # seconds
MEGABYTE = 1e6


class Server:
    """A server on a free port of 127.0.0.1; a context manager that ends it.

    environment : variables beside those of this process.
    """

    def __init__(self, environment: dict[str, str] | None = None):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the server
        command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={self.port}"]
        command += ["--server.address=127.0.0.1", "--server.headless=true"]
        self.started = time.time()
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | (environment or {}), stdout=self._log, stderr=subprocess.STDOUT
        )

    def __enter__(self) -> "Server":
        try:
            self._wait()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_error) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        end(self.process)
        self._log.close()

    def _wait(self) -> None:
        """Wait until the health endpoint answers."""
        while time.time() < self.started + PATIENCE and self.process.poll() is None:
            try:
                if healthy(http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)):
                    return
            except OSError:
                time.sleep(LOOK)
        raise RuntimeError(f"the server did not start:\n{self.log()}")

    def log(self) -> str:
        """Its output so far."""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def settle(self) -> None:
        """Wait until it has loaded what it loads without being asked: until its memory stays as it is."""
        before, end_of_wait = 0.0, time.time() + PATIENCE
        while abs((now := self.memory()) - before) >= 1 and time.time() < end_of_wait:
            before = now
            time.sleep(STEADY)

    def memory(self) -> float:
        """Megabytes of memory that the process has now."""
        if self.process.poll() is not None:
            raise RuntimeError(f"the server has ended with status {self.process.returncode}:\n{self.log()}")
        return resident(self.process.pid) / MEGABYTE

    def held(self) -> tuple[int, int]:
        """Open files and threads of the process, as Linux counts them."""
        process = Path(f"/proc/{self.process.pid}")
        return len(list((process / "fd").iterdir())), len(list((process / "task").iterdir()))

    def cpu_seconds(self) -> float:
        """Seconds that the processors have worked for it; not a number where the system does not say."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return float("nan")
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def healthy(connection: http.client.HTTPConnection) -> bool:
    """Whether the health endpoint says so; the connection stays open."""
    connection.request("GET", "/_stcore/health")
    answer = connection.getresponse()
    answer.read()
    return answer.status == 200


def resident(pid: int) -> int:
    """Bytes of memory that a process has: its resident set."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return 1024 * int(next(line.split()[1] for line in lines if line.startswith("VmRSS")))
    except OSError:
        return 1024 * int(subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=True).stdout)


def end(process: subprocess.Popen) -> None:
    """End a child process, whatever it does."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def end_with_the_terminal() -> None:
    """Let a request to terminate clean up as Ctrl-C does."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
