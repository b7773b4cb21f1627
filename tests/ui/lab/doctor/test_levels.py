"""A loss at chance, and one far above it: the doctor says which, from measurements of late."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from rnn_core import TrainConfig
from ui.i18n import language
from ui.lab.doctor.advice import advise
from ui.lab.doctor.diagnosis import diagnose
from ui.training.model_history import Change
from ui.training.run import Run
from ui.training.snapshot import SampleChoice, Setup, Training

ENGLISH = language("en").gettext
CHANCE = np.log(8)


@pytest.fixture(scope="module")
def network():
    """A view of a network after 1,000 updates."""
    run = Run(1, Setup("recall", hidden_size=4), Training(learning_rate=10.0), SampleChoice())
    return replace(run.view(complete=True), update=1000)


def view_of(network, training, held_out):
    """It with these losses, as shares of chance: training losses of all updates, held-out ones (update, loss)."""
    updates = np.arange(1, 1001)
    curve = SimpleNamespace(update=updates, loss=CHANCE * np.resize(training, 1000), norm=np.ones(1000),
                            clipped=np.ones(1000), clips=np.zeros(1000), norm_high=np.ones(1000))  # fmt: skip
    return replace(network, curve=curve, held_out=tuple((update, CHANCE * loss) for update, loss in held_out))


def every_tenth(loss):
    return [(update, loss) for update in range(0, 1001, 10)]


def said(view):
    return advise(view, ENGLISH).sentence


def test_a_loss_near_chance_is_stuck_there_and_says_when_it_was_measured(network):
    view = view_of(network, [1.0, 1.01, 0.99], every_tenth(1.01))
    assert diagnose(view).kind == "chance"
    assert said(view) == (
        "Stuck at chance: the held-out loss is 2.1 after update 1,000 (chance: 2.08), and since update 500 the "
        "training loss has not fallen."
    )


def test_a_loss_far_above_chance_is_not_stuck_at_it(network):
    view = view_of(
        network, [20.0, 21.0, 19.0], [(0, 1.0), (10, 1.2), *((u, 20.0 + u % 3) for u in range(20, 1001, 10))]
    )
    found = diagnose(view)
    assert found.kind == "above"
    assert said(view) == (
        "Far above chance (2.08): the held-out loss is 43.7 after update 1,000, 21 times as much, and since update 20 "
        "every one measured was at least 20 times as much. The learning rate may be too high."
    )
    assert advise(view, ENGLISH).remedy.training.learning_rate == 1.0
    assert "{" not in advise(view, language("zh_CN").gettext).sentence


@pytest.mark.parametrize("held_out", [[(0, 1.01)], every_tenth(1.01)], ids=["measured at first", "measured of late"])
def test_where_the_training_loss_is_well_below_it_nothing_is_stuck(network, held_out):
    found = diagnose(view_of(network, [0.7, 0.71, 0.69], held_out))
    assert found is None or found.kind not in ("chance", "above", "vanishing", "truncated")


@pytest.mark.parametrize("loss", [1.01, 20.0])
def test_an_old_measurement_says_nothing_of_now(network, loss):
    assert diagnose(view_of(network, [loss, 1.01 * loss], [(0, loss)])) is None


def test_the_training_loss_beside_an_overfit_is_an_average_and_called_so(network):
    rising = [(update, 0.5 + update / 1000) for update in range(0, 1001, 10)]
    view = view_of(network, [0.2, 0.1, 0.3], [(0, 1.0), *rising[1:]])
    assert diagnose(view).kind == "overfits" and view.training_loss != diagnose(view).values["training"]
    assert said(view).endswith(
        f"is {1.38 * CHANCE:.3g} in the median of late, while the training loss is {0.2 * CHANCE:.3g} on average of "
        "late."
    )


def test_one_measurement_that_jitters_neither_makes_nor_ends_an_overfit(network):
    turned = [(update, 0.5 if update < 300 else 0.7) for update in range(0, 1001, 10)]
    for last, kind in ((0.51, "overfits"), (0.7, "overfits")):
        view = view_of(network, [0.2, 0.1, 0.3], [(0, 1.0), *turned[1:], (1001, last)])
        assert diagnose(view).kind == kind
    low = [(update, 0.5) for update in range(0, 1001, 10)]
    found = diagnose(view_of(network, [0.2, 0.1, 0.3], [(0, 1.0), *low[1:], (1001, 0.7)]))
    assert found is None or found.kind != "overfits"


def test_what_was_lowest_just_now_has_not_turned(network):
    """It said «turned 0 updates ago» of losses that jitter, with the lowest of all as the newest."""
    jitters = [(update, 0.5 + 0.2 * (update % 30 > 0)) for update in range(10, 991, 10)]
    for newest, turned in ((0.45, False), (0.55, True)):
        found = diagnose(view_of(network, [0.2, 0.1, 0.3], [(0, 1.0), (200, 0.48), *jitters[20:], (1000, newest)]))
        assert (found is not None and found.kind == "overfits") is turned


def test_far_above_chance_comes_before_what_it_does_to_the_states(network):
    condition = network.condition._replace(activity=network.condition.activity._replace(saturated=1.0))
    high = [(0, 1.0), *((update, 20.0) for update in range(20, 1001, 10))]
    view = replace(view_of(network, [20.0, 21.0, 19.0], high), condition=condition)
    assert diagnose(view).kind == "above" and said(view).endswith(
        " 100% of the states are beyond 0.97 on the scale of tanh."
    )
    near = replace(view_of(network, [1.0, 1.01, 0.99], every_tenth(1.01)), condition=condition)
    assert diagnose(near).kind == "saturated"


def test_overfitting_comes_before_what_it_does_to_the_states(network):
    """After ten minutes at full speed the Lab's first network, which had long overfitted, was called saturated."""
    condition = network.condition._replace(activity=network.condition.activity._replace(saturated=1.0))
    turned = [(update, 0.3 if update < 500 else 0.4) for update in range(0, 1001, 10)]
    overfitted = replace(view_of(network, [0.12, 0.121, 0.119], [(0, 1.0), *turned[1:]]), condition=condition)
    assert diagnose(overfitted).kind == "overfits"
    level = replace(view_of(network, [0.4, 0.401, 0.399], every_tenth(0.4)), condition=condition)
    assert diagnose(level).kind == "saturated"


def test_who_never_was_better_than_chance_has_learned_nothing_by_heart(network):
    turned = [(update, 1.2 if update < 500 else 1.8) for update in range(0, 1001, 10)]
    found = diagnose(view_of(network, [0.9, 0.91, 0.89], turned))
    assert found is None or found.kind != "overfits"


@pytest.mark.parametrize(
    ("once", "how_long"), [(1.0, "No better than chance so far: "), (0.6, "No better than chance since update 500: ")]
)
def test_a_network_that_had_left_chance_is_not_said_never_to_have_done_so(network, once, how_long):
    held_out = [(update, once if 100 < update < 200 else 1.0) for update in range(0, 1001, 10)]
    view = view_of(network, [1.0, 1.01, 0.99], held_out)
    view = replace(view, training=replace(view.training, truncate=2))
    assert diagnose(view).kind == "truncated" and said(view).startswith(how_long)


def test_what_was_measured_with_other_settings_says_nothing_of_now(network):
    view = view_of(network, [1.0, 1.01, 0.99], every_tenth(1.01))
    config = TrainConfig(learning_rate=10.0)
    for update, kind in ((300, "chance"), (501, None), (990, None)):
        change = Change(update, config, replace(config, learning_rate=0.01))
        found = diagnose(replace(view, changes=(change,)))
        assert (found and found.kind) == kind
