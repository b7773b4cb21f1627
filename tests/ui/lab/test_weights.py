"""The part of the Lab that changes the weights."""

import numpy as np
import pytest
from visits import PATIENCE, session_of, until, view, visits

from ui.settings import keys


@pytest.fixture
def visit():
    with visits("lab", (keys.WEIGHTS,)) as made:
        yield made


def test_a_matrix_is_set_and_the_chart_marks_it(visit):
    app = visit(data="recall", speed="1")
    session = session_of(app)
    view(app, 1, 2)
    app.selectbox(key=keys.WEIGHTS_MATRIX).set_value("readout")  # at once with the press, in one run of the script
    app.button(key=keys.WEIGHTS_SET).click().run()
    until(lambda: session.snapshot.view.changes)
    [change] = session.snapshot.view.changes
    assert change.weights == ("readout", "zero")
    session.pause()
    assert np.isfinite(session.ask(lambda run: run.trainer.model.parameters).result(PATIENCE)).all()
    assert not app.exception


@pytest.mark.parametrize(
    ("cell", "bias", "letters"),
    [("rnn_tanh", "false", "WUV"), ("lstm_peephole", "true", "WUVPt"), ("lstm_layer_norm", "false", "WUVG")],
)
def test_what_the_network_has_is_offered(visit, cell, bias, letters):
    app = visit(data="recall", cell=cell, bias=bias)
    assert "".join(name[0] for name in app.selectbox(key=keys.WEIGHTS_MATRIX).options) == letters
