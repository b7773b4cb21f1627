"""What `make run` compiles before it serves: all that a page or a lesson computes with."""

import pytest

from rnn_core import CELLS, warmup
from ui.course.lessons import lesson

pytestmark = pytest.mark.small


def test_every_cell_and_the_check_of_gradients_are_compiled_before_a_reader_waits_for_them(monkeypatch, capsys):
    compiled = set()
    for name in ("passes", "updates"):
        monkeypatch.setattr(warmup, name, lambda *what, ctc=False: compiled.add((*what, "ctc") if ctc else what))
    monkeypatch.setattr(warmup, "writer", lambda cell, dtype: compiled.add(("writer", cell, dtype)))
    warmup.main()
    assert {(cell, "adam", "float32") for cell in CELLS} | {("writer", cell, "float32") for cell in CELLS} <= compiled
    assert ("lstm", "adam", "float32", "ctc") in compiled
    [cell] = [control for control in lesson("way_back").controls if control.name == "cell"]
    assert {(value, "adam", "float64") for value, _label in cell.options} <= compiled
    assert "float64" in capsys.readouterr().out
