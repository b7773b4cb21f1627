"""What no start has compiled yet is compiled beside the server, by as many processes as it has cores and memory for."""

import os
import subprocess

import pytest

from rnn_core import warmup
from ui.server import compiling
from ui.training.memory import MEGABYTE


@pytest.mark.parametrize(
    ("cores", "megabytes", "processes"),
    [(2, 8192, 2), (1, 8192, 1), (32, 65_536, compiling.MOST), (2, 1024, 1), (2, 400, 1), (4, 2600, 3)],
)
def test_one_for_each_core_that_has_memory_for_it(cores, megabytes, processes, monkeypatch):
    monkeypatch.setattr(compiling, "CORES", cores)
    monkeypatch.setattr(compiling, "machine", lambda: megabytes * MEGABYTE)
    assert compiling.processes() == processes


@pytest.fixture
def begun(monkeypatch, tmp_path):
    """The commands that are begun, with their options; none runs."""
    commands = []
    monkeypatch.setattr(subprocess, "Popen", lambda command, **options: commands.append((command, options)))
    monkeypatch.setattr(warmup, "cache_directory", lambda: tmp_path)
    monkeypatch.setattr(warmup.config, "DISABLE_JIT", 0)
    return commands


def test_it_is_begun_where_it_finds_the_core_and_keeps_what_the_server_loads(begun, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path.parent)
    monkeypatch.setattr(compiling, "cache_directory", lambda: tmp_path.relative_to(tmp_path.parent) / "kernels-x")
    compiling.begin()
    [(command, options)] = begun
    assert command == [*warmup.COMMAND, str(compiling.processes()), "--with", str(os.getpid())]
    assert (options["cwd"] / "rnn_core").is_dir() and options["env"]["NUMBA_CACHE_DIR"] == str(tmp_path)


def test_a_server_without_room_for_another_process_goes_on(begun, monkeypatch, tmp_path, caplog):
    def refuse(*_command, **_options):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(compiling, "cache_directory", lambda: tmp_path)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    assert compiling.begin() is None and "when they are first needed" in caplog.text


def test_it_is_not_begun_where_everything_is_compiled_or_nothing_can_be_kept(begun, monkeypatch, tmp_path):
    (tmp_path / warmup.COMPLETE).touch()
    monkeypatch.setattr(compiling, "cache_directory", lambda: tmp_path)
    assert compiling.begin() is None
    monkeypatch.setattr(compiling, "cache_directory", lambda: None)
    assert compiling.begin() is None
    assert begun == []


def test_it_is_not_begun_where_processes_cannot_lock_what_they_compile(begun, monkeypatch, tmp_path):
    monkeypatch.setattr(compiling, "cache_directory", lambda: tmp_path)
    monkeypatch.setattr(compiling, "AVAILABLE", False)
    assert compiling.begin() is None and begun == []


@pytest.mark.parametrize(("code", "stopping", "said"), [(0, False, 0), (-9, False, 1), (1, True, 0)])
def test_what_could_not_be_compiled_is_in_the_log_unless_the_server_ends(code, stopping, said, monkeypatch, caplog):
    monkeypatch.setattr(compiling.STOPPING, "is_set", lambda: stopping)
    compiling.wait_for(type("Ended", (), {"wait": lambda _self: code})())
    assert caplog.text.count("when it is first needed") == said
