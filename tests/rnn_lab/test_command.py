"""The command rnn-lab: what is wrong is said in one line with exit code 2; the app starts from anywhere."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from rnn_lab import command
from rnn_lab.home import HOME

ROOT = Path(__file__).parents[2]
TEXT = "so many words, so few letters. " * 20


@pytest.fixture
def started(monkeypatch):
    """What the app would be started with: a list of (port, host, folder, text)."""
    starts = []

    def start(port, host):
        starts.append((port, host, os.getcwd(), os.environ.get("RNN_LAB_TEXT"), os.environ.get("RNN_LAB_LESSONS")))
        return 0

    monkeypatch.setattr(command.start, "main", start)
    monkeypatch.setenv("RNN_LAB_TEXT", "")
    monkeypatch.setenv("RNN_LAB_LESSONS", "lessons")
    monkeypatch.chdir(os.getcwd())
    return starts


def test_help_is_a_few_lines(capsys):
    with pytest.raises(SystemExit) as ended:
        command.main(["--help"])
    said = capsys.readouterr().out
    assert ended.value.code == 0 and len(said.splitlines()) < 20
    assert all(word in said for word in ("--port", "--text FILE", "--host", "http://localhost:8501"))


def test_it_starts_in_the_folder_of_the_app(started, tmp_path, monkeypatch):
    (tmp_path / "my.txt").write_text(TEXT, encoding="utf-8")
    with socket.create_server(("localhost", 0)) as free:
        port = str(free.getsockname()[1])
    monkeypatch.chdir(tmp_path)
    assert command.main(["--port", port, "--text", "my.txt"]) == 0
    assert started == [(port, "localhost", str(HOME), str(tmp_path / "my.txt"), str(tmp_path / "lessons"))]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--port", "eight"], "--port is 'eight'; expected a number from 1 to 65535, such as rnn-lab --port 8502"),
        (["--port", "0"], "--port is '0'; expected"),
        (["--host", "192.0.2.1"], "--host is '192.0.2.1', no address of this machine"),
        (["--text", "missing.txt"], "missing.txt cannot be used: No such file or directory"),
        (["--text", "."], ". cannot be used: Is a directory"),
        (["--text", "short.txt"], "short.txt cannot be used: it needs at least 6 symbols, two of them different"),
        (["--text", "picture.txt"], "picture.txt cannot be used: it is not plain text; save it as .txt in UTF-8"),
        (["--text", "blank.txt"], "blank.txt cannot be used: it has no text in it"),
        (["--text", "long.txt"], "long.txt cannot be used: it has more than 5 MB; cut it"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_a_line(arguments, said, started, tmp_path, monkeypatch, capsys):
    for name, data in {
        "short": b"aaa",
        "picture": b"\x89PNG\r\n\x1a\n",
        "blank": b" \n",
        "long": b"ab " * 2**21,
    }.items():
        (tmp_path / f"{name}.txt").write_bytes(data)
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("localhost", 0)) as free:
        port = str(free.getsockname()[1])
    assert command.main([*([] if "--port" in arguments else ["--port", port]), *arguments]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1 and lines[0].startswith(said) and started == []


def test_a_port_in_use_is_said(started, capsys):
    with socket.create_server(("localhost", 0)) as taken:
        port = taken.getsockname()[1]
        assert command.main(["--port", str(port)]) == 2
    assert f"Choose another: rnn-lab --port {port + 1}" in capsys.readouterr().err and started == []


@pytest.mark.parametrize("arguments", [["--prot", "8502"], ["my.txt"], ["--port"]])
def test_arguments_that_there_are_not_are_said_in_a_line(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        command.main(arguments)
    assert ended.value.code == 2 and len(capsys.readouterr().err.splitlines()) == 1


def test_ctrl_c_before_it_listens_is_quiet(monkeypatch, capsys):
    def interrupted(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(command.start, "obstacle", interrupted)
    assert command.main([]) == 0 and capsys.readouterr() == ("", "")


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C as a terminal sends it")
def test_it_serves_from_elsewhere_until_ctrl_c(tmp_path):
    (tmp_path / "my.txt").write_text(TEXT, encoding="utf-8")
    with socket.create_server(("localhost", 0)) as free:
        port = str(free.getsockname()[1])
    code = "import sys; from rnn_lab.command import main; sys.exit(main())"
    run = subprocess.Popen(
        [sys.executable, "-u", "-c", code, "--port", port, "--text", "my.txt"], cwd=tmp_path, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        env=os.environ | {"STREAMLIT_SERVER_HEADLESS": "true", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    printed = ""
    with run.stdout:
        while "URL" not in printed and (line := run.stdout.readline()):
            printed += line
        os.killpg(run.pid, signal.SIGINT)
        printed += run.stdout.read()
    assert run.wait(120) == 0 and f"localhost:{port}" in printed and "Traceback" not in printed, printed
