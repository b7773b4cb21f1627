"""The ranges of the axes of a live chart."""

from types import SimpleNamespace

import numpy as np

from ui.charts.limits import Growing


def trace(loss):
    config = SimpleNamespace(cell="rnn_tanh", loss="cross_entropy")
    return SimpleNamespace(
        config=config, cell=None, loss_per_step=np.full((3, 1), loss), mask=None, d_hidden=None, x=np.zeros((3, 1))
    )


def test_ranges_only_grow_and_begin_anew_when_a_run_falls_back():
    ranges = Growing()
    assert ranges.hold("run", 3, trace(2.0)).loss == 2
    assert ranges.hold("run", 4, trace(1e22)).loss == 1e22
    assert ranges.hold("run", 5, trace(2.0)).loss == 1e22
    assert ranges.hold("run", 3, trace(2.0)).loss == 2
    assert ranges.hold("run", 3, trace(1.0)).loss == 2
    assert ranges.hold("other", 4, trace(1.0)).loss == 1
