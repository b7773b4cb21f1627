"""Axes of a sweep: every value is one that the Lab can have, and has an effect."""

import pytest

from rnn_core.tasks import TASKS
from ui.i18n import LANGUAGES, language
from ui.network.settings import SETTINGS, TRAINED
from ui.settings import keys
from ui.sweeps.axes import AXES, Swept, implied, offered, written


@pytest.mark.parametrize("name", AXES)
def test_every_value_is_one_of_the_labs_and_is_written_in_every_language(name):
    axis = AXES[name]
    assert name in TRAINED and set(axis.first) <= set(axis.values) and len(axis.first) > 1
    assert all(SETTINGS[name].allows(value) for value in axis.values)
    assert all(SETTINGS[name].parse(SETTINGS[name].spell(value)) == value for value in axis.values)
    for code in LANGUAGES:
        texts = [written(name, value, language(code).gettext) for value in axis.values]
        assert len(set(texts)) == len(texts)
    assert all(SETTINGS[other].allows(value) for other, value in axis.implied.items())


def test_a_task_is_offered_its_own_difficulties_and_no_others():
    for task in TASKS:
        names = set(offered(task))
        assert {keys.LEARNING_RATE, keys.RADIUS, keys.HIDDEN_SIZE, keys.LAYERS} <= names
        own = {name for name in names if name.partition("_")[0] in {each.partition("_")[0] for each in TASKS}}
        assert all(name.startswith(f"{task}_") for name in own - {keys.BIDIRECTIONAL})


def test_what_an_axis_needs_is_set_unless_it_is_set_or_swept_already():
    dropout, layers = Swept(keys.DROPOUT, (0.5,)), Swept(keys.LAYERS, (1, 2))
    assert implied({keys.LAYERS: 1}, (dropout,)) == {keys.LAYERS: 2}
    assert implied({keys.LAYERS: 3}, (dropout,)) == {keys.LAYERS: 3}
    assert implied({keys.LAYERS: 1}, (dropout, layers)) == {}
    assert implied({keys.CLIPPING: "off"}, (Swept(keys.CLIP_NORM, (1.0,)),)) == {keys.CLIPPING: "norm"}
