"""Names of what was set in the course of training."""

from dataclasses import replace

import pytest

from rnn_core import TrainConfig
from ui.i18n import language
from ui.live.change_names import change_name
from ui.training.model_history import Change
from ui.training.weights import NewWeights

CASES = [
    ({"learning_rate": 0.1}, "learning rate 0.1"),
    ({"optimizer": "sgd", "learning_rate": 0.5}, "SGD, learning rate 0.5"),
    ({"clip_norm": 2.0}, "norm clipped to 2"),
    ({"clip_norm": None, "clip_value": 0.1}, "values clipped to 0.1"),
    ({"clip_norm": None}, "no clipping"),
    ({"truncate": 5}, "BPTT over 5 steps"),
    ({"stateful": True}, "state carried on"),
]


@pytest.mark.parametrize("changes, name", CASES)
def test_a_change_is_called_by_what_is_set_now(changes, name):
    before = TrainConfig(clip_norm=1.0)
    assert change_name(Change(7, before, replace(before, **changes)), str) == name


def test_parts_are_joined_as_the_language_joins_them():
    before = TrainConfig(clip_norm=None)
    change = Change(7, before, replace(before, learning_rate=0.1, clip_norm=1.0))
    assert change_name(change, language("zh_CN").gettext) == "学习率 0.1，范数裁剪到 1"


@pytest.mark.parametrize(
    "new, name", [(("recurrent", "zero"), "W set to zero"), (("biases", "first"), "biases as the seed drew it")]
)
def test_weights_that_were_set_are_told(new, name):
    config = TrainConfig()
    assert change_name(Change(7, config, config, weights=NewWeights(*new)), str) == name


def test_the_way_back_from_a_divergence_is_told():
    config = TrainConfig()
    assert change_name(Change(7, config, config, emptied=True), str) == "diverged"
