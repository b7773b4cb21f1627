"""What the app has compiled beside its first picture: all that a page or a lesson computes with."""

import os
import subprocess
import sys

import pytest

from rnn_core import CELLS, warmup
from ui.course.lessons import lesson

pytestmark = pytest.mark.small


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

    def start(*arguments):
        return subprocess.Popen(
            [sys.executable, "-c", RUN, str(script), *arguments], cwd=warmup.FOLDER, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)},
        )  # fmt: skip

    return start


@pytest.mark.skipif(bool(warmup.config.DISABLE_JIT), reason="nothing is compiled")
def test_of_two_that_are_begun_at_once_one_compiles_with_its_helper(run, tmp_path):
    runs = [run("2"), run("2")]
    printed = sorted(each.communicate(timeout=120) for each in runs)
    assert [each.returncode for each in runs] == [0, 0] and all(not said for _out, said in printed)
    assert printed[0][0] == ""
    first, part = printed[1][0].splitlines()
    assert first.startswith("Compiling for this machine, once") and part.startswith("[1/1] two: ")
    [complete] = tmp_path.rglob(warmup.COMPLETE)
    assert list(complete.parent.rglob("*clip*.nbc"))


def test_it_ends_with_the_process_that_began_it_even_where_that_ended_before(run):
    process = run("2", "--with", "999999999")
    out, _said = process.communicate(timeout=120)
    assert process.returncode == 1 and "two" not in out


@pytest.mark.parametrize("wrong", ["0x", "two", "-1.5"])
def test_a_wrong_number_of_processes_is_said(wrong, capsys):
    with pytest.raises(SystemExit) as left:
        warmup.main([wrong])
    assert left.value.code == 2 and "processes" in capsys.readouterr().err
