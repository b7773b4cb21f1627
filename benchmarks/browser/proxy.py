"""nginx with the very files of deploy/nginx, on ports of one's own, before processes of one's own."""

import shutil
import socket
import ssl
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILES = ROOT / "deploy" / "nginx"
SECONDS = 60  # until it answers
MAIN = """
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/rnn-lab.conf;
}}
"""


def program() -> str | None:
    """Path of nginx; None where it, or openssl for its certificate, is missing."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/sbin:/usr/local/sbin")
    return found if shutil.which("openssl") else None


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def files(folder: Path, plain: int, secure: int, processes: list[int]) -> None:
    """The files of deploy/ in a folder of one's own: other ports, folders and processes, nothing else."""
    changed = {
        "/etc/nginx/conf.d/": f"{folder}/",
        "/etc/nginx/": f"{folder}/",
        "/var/log/nginx/": f"{folder}/",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ": f"listen 127.0.0.1:{secure} ",
        "server_name lab.example.org;": "server_name localhost;",
        "127.0.0.1:8501": f"127.0.0.1:{processes[0]}",
        "127.0.0.1:8502": f"127.0.0.1:{processes[-1]}",
    }
    for file in FILES.iterdir():
        text = file.read_text(encoding="utf-8")
        for before, after in changed.items():
            assert file.suffix == ".inc" or before in text, before
            text = text.replace(before, after)
        (folder / file.name).write_text(text, encoding="utf-8")
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder))


@contextmanager
def proxied(folder: Path, *processes: int):
    """The address of nginx in front of these ports, and that of its port without TLS."""
    nginx, plain, secure = program() or "nginx", free_port(), free_port()
    files(folder, plain, secure, list(processes))
    certificate = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout rnn-lab.key"
    if not (folder / "rnn-lab.crt").exists():
        subprocess.run([*certificate.split(), "-out", "rnn-lab.crt"], cwd=folder, check=True, capture_output=True)
    command = [nginx, "-p", str(folder), "-c", "nginx.conf", "-e", f"{folder}/error.log"]
    with (folder / "said").open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    try:
        end = time.monotonic() + SECONDS
        while True:
            assert process.poll() is None, (folder / "said").read_text() + (folder / "error.log").read_text()
            try:
                with socket.create_connection(("127.0.0.1", secure), 1):
                    break
            except OSError:
                assert time.monotonic() < end
                time.sleep(0.05)
        yield f"https://localhost:{secure}", f"http://localhost:{plain}"
    finally:
        process.terminate()
        process.wait(SECONDS)


def trusting(folder: Path) -> ssl.SSLContext:
    """Accepts the certificate that was made there."""
    context = ssl.create_default_context(cafile=str(folder / "rnn-lab.crt"))
    context.check_hostname = False
    return context
