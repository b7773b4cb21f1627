"""What is said of a remedy follows the two held-out losses after the same number of updates."""

from types import SimpleNamespace

import numpy as np
import pytest

from ui.i18n import language
from ui.lab.doctor.advice import advise
from ui.lab.doctor.outcome import outcome
from ui.lab.doctor.sentences import told_afterwards
from ui.training.snapshot import Setup, Training, Trial


def view_of(update, mine, without, diagnosis="noisy", begin=100, end=300):
    """A trial whose losses, with and without the remedy, lie at every tenth update from its beginning on."""
    points = lambda loss: tuple((u, loss) for u in range(begin, end + 1, 10))  # noqa: E731
    return SimpleNamespace(
        update=update,
        held_out=tuple(point for point in points(mine) if point[0] <= update),
        trial=Trial(diagnosis, Setup("text"), Training(), begin, end),
        divergence=None,
        parent=SimpleNamespace(held_out=points(without), curve=SimpleNamespace(update=np.arange(begin + 1, end + 1))),
        setup=Setup("text"),
        training=Training(learning_rate=0.001),
    )


@pytest.mark.parametrize(("mine", "kind"), [(0.5, "helps"), (0.99, "same"), (1.01, "same"), (1.5, "worse")])
def test_it_is_judged_after_as_many_updates_as_without_it(mine, kind):
    for update, over in ((200, False), (300, True), (900, True)):
        found = outcome(view_of(update, mine, 1.0))
        assert (found.kind, found.over, found.update) == (kind, over, min(update, 300))
        assert (found.loss, found.without) == (mine, 1.0)
    told = told_afterwards(found, view_of(900, mine, 1.0), language("en").gettext)
    assert (
        f"{mine:.3g} (median of updates 270–300), without it 1 (median of updates 270–300)" in told
        and "“learning rate 0.001”" in told
    )


def test_before_its_end_it_only_says_what_was_measured():
    view = view_of(200, 0.5, 1.0)
    told = told_afterwards(outcome(view), view, language("en").gettext)
    assert told == (
        "Trying “learning rate 0.001” until update 300. So far the held-out loss is 0.5 (median of updates 190–200), "
        "without it 1 (median of updates 190–200)."
    )


def test_before_there_is_a_measurement_it_says_what_is_tried_and_when_it_is_judged():
    both = ": by then it has had as many updates as the network without it."
    for diagnosis, made, judged, more in (("noisy", 300, 300, both), ("noisy", 120, 300, "."), ("noisy", 0, 300, "."),
                                          ("diverged", 101, 301, ".")):  # fmt: skip
        view = view_of(100, 0.5, 1.0, diagnosis)
        view.parent.curve.update = np.arange(101, made + 1)
        assert outcome(view) is None
        advice = advise(view, language("en").gettext)
        assert advice.diagnosis is None and advice.sentence == (
            f"Trying “learning rate 0.001” from update 100 on. It is judged once update {judged} is made{more}"
        )
    view = view_of(200, 0.5, 1.0)
    view.trial = None
    assert outcome(view) is None


def test_what_came_later_than_the_trial_does_not_count():
    view = view_of(900, 0.5, 1.0)
    view.held_out += tuple((u, 9.0) for u in range(310, 901, 10))
    assert outcome(view).kind == "helps" and outcome(view).loss == 0.5


def test_against_a_divergence_it_helps_to_get_past_it():
    assert outcome(view_of(250, 0.5, 1.0, "diverged")).kind == "begun"
    view = view_of(301, 0.5, 1.0, "diverged")
    assert outcome(view).kind == "passed"
    told = told_afterwards(outcome(view), view, language("en").gettext)
    assert "still finite after update 301" in told and "diverged in update 301" in told
    assert outcome(view_of(301, 5.0, 1.0, "diverged")).kind == "worse"
    assert np.isfinite(outcome(view_of(301, 5.0, 1.0, "diverged")).without)


def test_what_the_measurements_jitter_by_decides_nothing():
    view = view_of(300, 0.9, 1.0)
    assert outcome(view).kind == "helps"
    jitter = {update: 0.2 * (place % 2) - 0.12 for place, (update, _loss) in enumerate(view.parent.held_out)}
    view.parent.held_out = tuple((update, loss + jitter[update]) for update, loss in view.parent.held_out)
    found = outcome(view)
    assert found.kind == "unclear"
    told = told_afterwards(found, view, language("en").gettext)
    assert "cannot be told apart" in told and f"a difference of more than {found.margin:.2g} would decide" in told


@pytest.mark.parametrize(("mine", "kind"), [(1.5, "helps"), (30.0, "worse")])
def test_losses_that_all_lie_apart_are_told_apart_however_they_jitter(mine, kind):
    """With 1.51 beside 7.62 it said that they could not be told apart."""
    view = view_of(300, mine, 7.0)
    view.parent.held_out = tuple((u, 12.0 - 6.5 * (place % 2)) for place, (u, _loss) in enumerate(view.parent.held_out))
    found = outcome(view)
    assert found.kind == kind and (mine > 2 or found.margin > abs(found.loss - found.without))
    view.held_out, view.parent.held_out = view.held_out[-5:], view.parent.held_out[-6:]
    assert mine > 2 or outcome(view).kind == "unclear"  # of so few it may be chance


def test_a_loss_that_falls_steadily_does_not_jitter():
    view = view_of(300, 0.9, 1.0)
    view.parent.held_out = tuple((update, 1.0 + 0.002 * (300 - update)) for update, _loss in view.parent.held_out)
    assert outcome(view).kind == "helps"


def test_where_there_are_no_recent_measurements_the_newest_counts():
    view = view_of(300, 0.9, 1.0)
    view.held_out, view.parent.held_out = ((100, 1.2), (299, 0.9)), ((100, 1.2), (150, 1.1))
    assert outcome(view)[:1] == ("helps",) and outcome(view).without == 1.1


def test_where_none_was_measured_near_the_end_the_nearest_counts():
    view = view_of(900, 0.5, 1.0)
    view.held_out = ((0, 2.0), (100, 1.2), (340, 0.6), (800, 0.1))
    found = outcome(view)
    assert (found.kind, found.mine, found.without) == ("helps", (0.6, 340, 340), 1.0)
    told = told_afterwards(found, view, language("en").gettext)
    assert "the held-out loss is 0.6 (update 340), without it 1 (median of updates 270–300)" in told


def test_a_divergence_is_named_by_its_update_however_long_the_trial_is():
    for begin, made in ((0, [1]), (0, []), (100, [101, 150])):
        view = view_of(400, 0.5, 1.0, "diverged", begin)
        view.parent.curve.update = np.array(made, int)
        last = ([begin, *made])[-1]
        for mine, kind in ((0.5, "passed"), (5.0, "worse")):
            view.held_out = tuple((update, mine if update > begin else 1.0) for update, _loss in view.held_out)
            assert outcome(view).kind == kind
            for code, words in (("en", f"diverged in update {last + 1}"), ("zh_CN", f"第 {last + 1} 次更新")):
                assert words in told_afterwards(outcome(view), view, language(code).gettext)


def test_the_loss_after_a_divergence_is_renewed_and_says_when_it_was_measured():
    view = view_of(301, 0.5, 1.0, "diverged")
    for update, loss in ((1378, 0.1), (1500, 9.0)):
        view.update, view.held_out = update, (*view.held_out[:-1], (update, loss))
        told = told_afterwards(outcome(view), view, language("en").gettext)
        assert f"still finite after update {update:,}" in told and f"loss is {loss:g} (update {update:,})" in told
    assert outcome(view).kind == "worse"
