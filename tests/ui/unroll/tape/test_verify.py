"""“Check these numbers” and the script that does it anywhere: they agree, and they see a wrong number."""

import json
import subprocess
import sys

import numpy as np
import pytest

from rnn_core import CELLS
from tests.ui.unroll.tape.test_tape import CUTS, computation
from ui.unroll.tape import open_up, standalone_check
from ui.unroll.tape.verify import check, page_of, script


@pytest.mark.parametrize("bias", [False, True], ids=["no bias", "bias"])
@pytest.mark.parametrize("cut", CUTS, ids=str)
@pytest.mark.parametrize("cell", CELLS)
def test_an_independent_computation_has_the_same_numbers(cell, cut, bias):
    for targets in (None, (0, -1, 3, -1, -1, 1, -1)):
        page = page_of(open_up(computation(cell, cut, bias, targets=targets)[0]), "abcdefg")
        for name, (_count, deviation) in standalone_check.deviations(page).items():
            assert deviation < 1e-10, name


@pytest.mark.parametrize("cut", [(None, "windowed"), (2, "windowed"), (3, "chunked")], ids=str)
@pytest.mark.parametrize("cell", CELLS)
def test_central_differences_agree_also_with_truncated_gradients(cell, cut):
    page = page_of(open_up(computation(cell, cut, bias=True)[0]), "abcdefg")
    assert max(standalone_check.differences(page, entries=12).values()) < 1e-7


def test_a_wrong_number_is_seen():
    page = page_of(open_up(computation("gru", (2, "windowed"))[0]), "abcdefg")
    largest = {one.family: one.script for one in check(page)}
    assert max(largest.values()) < 1e-10
    page["numbers"]["a_z.3"][1][0] += 1e-4
    page["numbers"]["dW_n"][0][0] += 1e-3
    found = {one.family: one for one in check(page)}
    assert 0.9e-4 < found["a"].script < 1.1e-4 and found["s"].script < 1e-10
    assert found["dW"].script > 0.9e-3 and found["dW"].differences > 0.9e-3


@pytest.mark.parametrize("cell", CELLS)
def test_the_downloaded_script_runs_alone_and_agrees(cell, tmp_path):
    symbols = ["the", "'\"\\", "</script>", "河", "\u202e", "{}", "\n"]
    one, _model = computation(cell, (3, "windowed"), bias=True, hidden=8, symbols=12)
    path = tmp_path / "reproduce.py"
    path.write_text(script(page_of(open_up(one), symbols)), encoding="utf-8")
    run = subprocess.run([sys.executable, "-I", path], cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "largest deviation" in run.stdout
    assert "rnn_core" not in path.read_text(encoding="utf-8")


def test_the_script_fails_when_a_number_is_wrong(tmp_path):
    page = page_of(open_up(computation("rnn_tanh")[0]), "abcdefg")
    page["numbers"]["s.3"][2][0] += 2e-6
    path = tmp_path / "reproduce.py"
    path.write_text(script(page), encoding="utf-8")
    assert subprocess.run([sys.executable, "-I", path], capture_output=True).returncode == 1


def test_the_page_is_plain_data():
    page = page_of(open_up(computation("lstm")[0]), "abcdefg")
    assert json.loads(json.dumps(page)) == page
    assert all(np.isfinite(np.ravel(value)).all() for value in page["numbers"].values())
