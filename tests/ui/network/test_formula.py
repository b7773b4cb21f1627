"""The equations of a network: the biases that are counted, layers and directions."""

import pytest
from sessions import setup

from ui.i18n import language
from ui.network.formula import formula

_ = language("en").gettext


@pytest.mark.parametrize("cell", ["rnn_tanh", "rnn_relu", "gru", "lstm"])
@pytest.mark.parametrize("notation", ["article", "pytorch"])
def test_the_formula_has_the_biases_that_are_counted(cell, notation):
    shown = formula(setup(cell=cell), notation, _)
    names = {"rnn_tanh": "h", "rnn_relu": "h", "gru": "rzn", "lstm": "ifgo"}[cell]
    for name in names:
        assert f"b_{{i{name}}}" in shown and f"b_{{h{name}}}" in shown
    assert "b_o" in shown
    assert "b_" not in formula(setup(cell=cell, bias=False), notation, _)


def test_the_formula_says_layers_and_directions():
    assert "layers" not in formula(setup(), "article", _)
    shown = formula(setup(num_layers=3, bidirectional=True), "pytorch", _)
    assert "3 layers" in shown and "$h_{t+1}$ in place of $h_{t-1}$" in shown
