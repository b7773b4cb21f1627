"""What the app has compiled beside its first picture: all that a page or a lesson computes with."""

import os
import subprocess
import sys

import pytest

from rnn_core import CELLS, warmup
from rnn_core.kernels.locks import lock
from ui.course.lessons import lesson

pytestmark = pytest.mark.small
compiled_only = pytest.mark.skipif(bool(warmup.config.DISABLE_JIT), reason="nothing is compiled")


def test_every_cell_and_the_check_of_gradients_are_compiled_before_a_reader_waits_for_them(monkeypatch):
    compiled = set()
    for name in ("passes", "updates", "passes_in_parts"):
        monkeypatch.setattr(
            warmup, name, lambda *what, ctc=False, name=name: compiled.add((name, *what, *["ctc"] * ctc))
        )
    monkeypatch.setattr(warmup, "writer", lambda cell, dtype: compiled.add(("writer", cell, dtype)))
    monkeypatch.setattr(warmup, "flushing", lambda kernel: kernel)
    for _name, compile_part in warmup.parts():
        compile_part()
    assert {("passes", cell, "adam", "float32") for cell in CELLS} <= compiled
    assert {("writer", cell, "float32") for cell in CELLS} <= compiled
    assert ("passes", "lstm", "adam", "float32", "ctc") in compiled
    assert {("passes_in_parts", "rnn_tanh", "adam", "float32"), ("updates", "lstm", "adam", "float32")} <= compiled
    [cell] = [control for control in lesson("way_back").controls if control.name == "cell"]
    assert {("passes", value, "adam", "float64") for value, _label in cell.options} <= compiled


# Its only part: two kernels of ten milliseconds.
RUN = """
import sys
from rnn_core import warmup
from rnn_core.kernels import engine, linking
linking._SHARED = {name: linking._SHARED[name] for name in ("squared_norm", "clip")}
warmup.COMMAND[1:] = ["-c", open(sys.argv[1]).read(), sys.argv[1]]
warmup.parts = lambda: [("two", lambda: linking.address_of_shared(engine.clip, linking.types.float32))]
sys.exit(warmup.main(sys.argv[2:]))
"""


@pytest.fixture
def run(tmp_path):
    script = tmp_path / "run.py"
    script.write_text(RUN)

    def start(*arguments, first=""):
        return subprocess.Popen(
            [sys.executable, "-c", first + RUN, str(script), *arguments], cwd=warmup.FOLDER, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)},
        )  # fmt: skip

    return start


@compiled_only
def test_of_two_that_are_begun_at_once_one_compiles_with_its_helper(run, tmp_path):
    runs = [run("2"), run("2")]
    printed = sorted(each.communicate(timeout=120) for each in runs)
    assert [each.returncode for each in runs] == [0, 0] and all(not said for _out, said in printed)
    assert printed[0][0] == ""
    first, part = printed[1][0].splitlines()
    assert first.startswith("Compiling for this machine, once") and part.startswith("[1/1] two: ")
    [complete] = tmp_path.rglob(warmup.COMPLETE)
    assert list(complete.parent.rglob("*clip*.nbc"))


@compiled_only
def test_what_another_process_did_not_finish_is_compiled_in_the_end(run, own_cache):
    with lock("rnn_core.kernels.engine.clip"):
        process = run("1")
        assert [process.stdout.readline()[:5] for _ in range(2)] == ["Compi", "[1/1]"]
        assert not list(own_cache.rglob("*clip*.nbc"))
    process.communicate(timeout=120)
    assert process.returncode == 0 and (own_cache / warmup.COMPLETE).exists()
    assert list(own_cache.rglob("*clip*.nbc"))


FULL = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"


@compiled_only
def test_on_a_full_disk_it_is_not_complete_and_the_next_start_looks_again(run, own_cache):
    process = run("1", first=FULL)
    _out, said = process.communicate(timeout=120)
    assert process.returncode == 1 and said.count("are not kept") == 1 and "Traceback" not in said
    assert not (own_cache / warmup.COMPLETE).exists()
    process = run("1")
    process.communicate(timeout=120)
    assert process.returncode == 0 and (own_cache / warmup.COMPLETE).exists()


def test_where_nothing_can_be_written_nothing_is_compiled(own_cache, monkeypatch):
    assert warmup.incomplete() is not bool(warmup.config.DISABLE_JIT)
    monkeypatch.setattr(warmup.os, "access", lambda *_what: False)  # root may write everywhere but there
    assert not warmup.incomplete()


def test_without_room_for_another_process_it_compiles_alone(monkeypatch):
    def refuse(*_command):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    assert warmup._helpers(3) == []


def test_it_ends_with_the_process_that_began_it_even_where_that_ended_before(run):
    process = run("2", "--with", "999999999")
    out, _said = process.communicate(timeout=120)
    assert process.returncode == 1 and "two" not in out


@pytest.mark.parametrize("wrong", ["0x", "two", "-1.5", "0", "-3"])
def test_a_wrong_number_of_processes_is_said(wrong, capsys):
    with pytest.raises(SystemExit) as left:
        warmup.main([wrong])
    assert left.value.code == 2 and "processes" in capsys.readouterr().err
