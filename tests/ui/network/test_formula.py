"""The equations of a network: the biases that are counted, layers and directions."""

import pytest
from sessions import setup

from ui.i18n import language
from ui.network.formula import breakable, formula

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


def test_a_long_equation_is_broken_before_a_sign_only():
    layer_norm = formula(setup(cell="lstm_layer_norm"), "article", _)
    assert layer_norm.count(r"}\allowbreak{{} + b_{ii}}\allowbreak{{} + G^h_i") == 1
    assert r"\overline{(a - \bar a)^2} + 10^{-5}}" in layer_norm  # within a root there is no break
    assert r"\allowbreak" not in formula(setup(cell="lstm"), "article", _)
    assert breakable("a + b") == r"{a}\allowbreak{{} + b}"
