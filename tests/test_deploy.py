"""The files of deploy/: nginx runs them as they are, and what the others name is there."""

import http.client
import re
import shlex
import shutil
import socketserver
import subprocess
import threading
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from nginx import proxied, trusting

from ui.lab.panels import CHECKPOINT_SIZE
from ui.settings.choices import LINKED_TEXT

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"


class Process(socketserver.ThreadingTCPServer):
    """Stands for a process of the app: says its port, and how the request arrived."""

    allow_reuse_address, daemon_threads = True, True

    class RequestHandlerClass(BaseHTTPRequestHandler):
        def do_GET(self):
            told = self.headers
            body = f"{self.server.server_address[1]} {self.path} {told['Host']} {told['X-Forwarded-Proto']}"
            if "slow" in self.path:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"begin")
                self.server.go_on.wait(60)
                return
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_arguments):
            pass

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), self.RequestHandlerClass)
        self.go_on = threading.Event()

    @property
    def port(self) -> int:
        return self.server_address[1]


@contextmanager
def process(port=0):
    with Process(port) as one:
        threading.Thread(target=one.serve_forever, daemon=True).start()
        yield one
        one.go_on.set()
        one.shutdown()


class Browser:
    """Asks nginx, and keeps the cookie."""

    def __init__(self, address, folder, keeps=True):
        self.address, self.context, self.keeps, self.cookie = address, trusting(folder), keeps, None

    @contextmanager
    def opened(self, path):
        """The answer, while it is read."""
        target = urlsplit(self.address)
        connection = http.client.HTTPSConnection(target.hostname, target.port, timeout=60, context=self.context)
        connection.request("GET", path, headers={"Cookie": self.cookie} if self.cookie else {})
        with closing(connection), connection.getresponse() as answer:
            if self.keeps and (given := answer.headers["set-cookie"]):
                self.cookie = given.split(";")[0]
            yield answer

    def read(self, path="/") -> list[str]:
        """[port of the process, path there, host, scheme]"""
        with self.opened(path) as answer:
            return answer.read().decode().split()

    def head(self, path) -> tuple[int, str | None]:
        """(status, where it leads)"""
        with self.opened(path) as answer:
            return answer.status, answer.headers["location"]


def test_nginx_takes_the_same_visitor_to_the_same_process_and_to_another_where_that_is_gone(tmp_path):
    with process() as other, process() as first, proxied(tmp_path, first.port, other.port) as (url, _plain):
        ports = {str(first.port), str(other.port)}
        visitors = [Browser(url, tmp_path) for _visitor in range(24)]
        for visitor in visitors:
            visitor.read()
        homes = [visitor.read()[0] for visitor in visitors]
        assert set(homes) == ports and min(homes.count(port) for port in ports) >= 4
        assert homes == [visitor.read("/live/key")[0] for visitor in visitors]
        assert len({visitor.cookie for visitor in visitors}) == len(visitors)
        # a link into somebody's process leads there, and keeps leading there
        name, value = visitors[0].cookie.split("=")
        guest = visitors[homes.index(next(port for port in ports if port != homes[0]))]
        assert name == "rnn_lab_server"
        assert guest.read(f"/course?class=abc&server={value}")[0] == guest.read()[0] == homes[0]
        # without cookies, one place stays one process
        stranger = Browser(url, tmp_path, keeps=False)
        assert len({stranger.read(f"/live/{number}")[0] for number in range(8)}) == 1
    with process(other.port), proxied(tmp_path, first.port, other.port) as (url, _plain):
        for visitor in visitors:
            visitor.address = url
            assert visitor.read()[0] == str(other.port)
    with process(first.port), process(other.port), proxied(tmp_path, first.port, other.port) as (url, _plain):
        for visitor, home in zip(visitors[1:], homes[1:], strict=True):
            visitor.address = url
            assert visitor is guest or visitor.read()[0] == home


def test_nginx_ends_tls_strips_the_path_and_holds_no_picture_back(tmp_path):
    with process() as one, proxied(tmp_path, one.port) as (url, plain):
        browser, host = Browser(url, tmp_path), url.removeprefix("https://")
        assert browser.read("/memory?cell=gru")[1:] == ["/memory?cell=gru", host, "https"]
        assert browser.read("/course/rnn/memory?cell=gru")[1:] == ["/memory?cell=gru", host, "https"]
        assert browser.read("/course/rnn/live/key")[1] == "/live/key"
        assert browser.read("/course/rnn/class/CODE")[1] == browser.read("/class/CODE")[1] == "/class/CODE"
        for path in ("/_stcore/upload_file/session/file", "/course/rnn/_stcore/upload_file/session/file"):
            assert browser.read(path)[1] == "/_stcore/upload_file/session/file"
        text = quote("水" * LINKED_TEXT)
        assert browser.read(f"/?own_text={text}")[1] == f"/?own_text={text}"
        assert browser.head("/course/rnn") == (301, "/course/rnn/")
        assert browser.head("/metrics") == browser.head("/course/rnn/metrics") == (404, None)
        for path in ("/live/slow", "/course/rnn/live/slow"):
            with browser.opened(path) as answer:
                assert answer.read(5) == b"begin" and not one.go_on.is_set()
        target = urlsplit(plain)
        connection = http.client.HTTPConnection(target.hostname, target.port, timeout=60)
        with closing(connection):
            connection.request("GET", "/memory?own_text=private")
            answer = connection.getresponse()
            assert (answer.status, answer.headers["location"]) == (301, "https://localhost/memory?own_text=private")
        browser.read("/unroll?text=private")
    assert "/unroll" in (tmp_path / "rnn-lab.log").read_text()
    said = "".join(path.read_text() for path in tmp_path.glob("*.log"))
    assert not any(word in said for word in ("private", "key", "CODE", "session"))


def test_nginx_lets_through_what_the_lab_saves():
    size = re.search(r"client_max_body_size (\d+)m;", (DEPLOY / "nginx" / "rnn-lab-proxy.inc").read_text())[1]
    assert int(size) * 2**20 > CHECKPOINT_SIZE


def test_the_container_is_made_of_what_there_is():
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    steps = [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]
    image = dict(steps)["FROM"]
    assert re.fullmatch(r"docker\.io/library/python:3\.1[1-4]\.\d+-slim-\w+", image)
    copied = [name for step, rest in steps if step == "COPY" for name in shlex.split(rest)[:-1]]
    assert all((ROOT / name).exists() for name in copied)
    needed = {"app.py", "pages", "ui", "rnn_core", "locales", ".streamlit", "requirements.txt", "constraints.txt"}
    assert needed <= set(copied) and "docs" in copied  # pictures of shared links
    assert "pip install --no-cache-dir --disable-pip-version-check -c constraints.txt -r requirements.txt" in text
    assert text.index("USER lab") < text.index("CMD [")
    space = (DEPLOY / "huggingface" / "README.md").read_text(encoding="utf-8")
    port = re.search(r"^EXPOSE (\d+)$", text, re.MULTILINE)[1]
    assert f"app_port: {port}\n" in space and f"--server.port={port}" in text and f":{port}/health" in text


def test_the_unit_starts_what_there_is_and_writes_nothing_but_its_cache(tmp_path):
    text = (DEPLOY / "systemd" / "rnn-lab@.service").read_text(encoding="utf-8")
    settings = re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE)
    assert ("ProtectSystem", "strict") in settings and ("CacheDirectory", "rnn-lab") in settings
    assert not any(name == "ReadWritePaths" for name, _value in settings)
    assert ("TimeoutStopSec", "10s") in settings and ("LimitNOFILE", "65536") in settings
    (share,) = (value for name, value in settings if name == "MemoryMax")  # of the machine: two processes fit
    assert share.endswith("%") and 2 * int(share[:-1]) <= 80 and "RNN_LAB_MEMORY=" not in text
    starts = [value for name, value in settings if name.startswith("ExecStart")]
    modules = re.findall(r" -m ([\w.]+)", " ".join(starts))
    assert modules == ["rnn_core.warmup", "streamlit"] and "run app.py" in starts[-1]
    if shutil.which("systemd-analyze"):
        unit = tmp_path / "rnn-lab@8501.service"
        unit.write_text(
            text.replace("/usr/local/lib/rnn-lab/.venv/bin/python", "/bin/true").replace("User=rnn-lab\n", "")
        )
        told = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=120)
        assert [line for line in told.stderr.splitlines() if "rnn-lab" in line] == []


@pytest.mark.parametrize(
    "name", sorted(path.relative_to(DEPLOY).as_posix() for path in DEPLOY.rglob("*") if path.is_file())
)
def test_the_page_on_hosting_names_every_file(name):
    assert f"deploy/{name.rpartition('/')[0] or name}" in (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
