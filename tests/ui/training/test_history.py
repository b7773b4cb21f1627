"""The record of a run as it was at an update, whatever has become of its buckets since."""

import numpy as np
import pytest

from ui.training.history import Points, Record


def measured(updates, seed=0):
    generator = np.random.default_rng(seed)
    return generator.normal(2, 1, updates), generator.exponential(1, updates), generator.uniform(0.5, 1.5, updates)


def recorded(updates, capacity=8, slices=3, start=0):
    """A record of these updates, and what it had begun after each slice of them."""
    numbers, record, begun = measured(updates), Record(capacity, start), {}
    for first in range(0, updates, slices):
        record.append(*(part[first : first + slices] for part in numbers))
        begun[record.end] = record.begun()
    return numbers, record, begun


@pytest.mark.parametrize("start", [0, 1000])
@pytest.mark.parametrize("updates", [5, 16, 17, 100, 301])
def test_from_any_update_on_the_record_becomes_the_same_again(updates, start):
    numbers, record, begun = recorded(updates, start=start)
    for update, then in begun.items():
        again = record.at(update, then)
        assert again.end == update
        again.append(*(part[update - start :] for part in numbers))
        assert (again.end, again.curve().width) == (record.end, record.curve().width)
        for one, other in zip(again.curve(), record.curve(), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-12)


def test_a_record_is_the_same_from_wherever_it_is_replayed():
    numbers, record, begun = recorded(100)
    for update in (30, 60, 90):
        from_there = [record.at(first, then) for first, then in begun.items() if first <= update]
        for past in from_there:
            past.append(*(part[past.end : update] for part in numbers))
        curves = [past.curve() for past in from_there]
        for curve in curves:
            assert curve.update[-1] == update and np.array_equal(curve.loss_high, curves[0].loss_high)
            np.testing.assert_allclose(curve.loss, curves[0].loss, rtol=1e-12)


def test_what_is_begun_takes_a_few_numbers():
    _numbers, record, begun = recorded(5000, capacity=512)
    assert max(len(then) for then in begun.values()) <= 11
    assert all(part.shape == (Record.ROWS, 1) for part in record.begun().values())
    assert Record().begun() == {}


def test_the_newest_point_is_there_however_near_it_lies_and_the_others_keep_their_distance():
    points = Points(capacity=10)
    for update in range(0, 301, 3):
        for _again in range(2):
            points.add(update, float(update))
        found = [at for at, _number in points.points()]
        assert found[-1] == update and found[0] == 0 and len(found) <= 11
        assert all(np.diff(found[:-1]) >= points.spacing / 2)


@pytest.mark.parametrize("lowest", [4, 5, 6, 7])
def test_the_lowest_point_stays_however_many_come_after_it(lowest):
    points = Points(capacity=10)
    for update in range(300):
        points.add(update, 1.0 if update == lowest else 2.0)
        again = Points.of(list(points.points()), points.spacing)
        assert again.points() == points.points() and len(points.points()) <= 11
    assert (lowest, 1.0) in points.points() and list(points.points()) == sorted(points.points())
    assert min(points.until(lowest - 1).points()) == (0, 2.0)
    points.forget_after(lowest - 1)
    assert all(number == 2.0 for _update, number in points.points())
