"""Updates per second, on a clock that the test turns."""

import pytest

from ui.training import pace
from ui.training.pace import Pace


@pytest.fixture
def clock(monkeypatch):
    """A function that sets the clock."""
    now = [0.0]
    monkeypatch.setattr(pace.time, "monotonic", lambda: now[0])
    return lambda seconds: now.__setitem__(0, seconds)


@pytest.mark.parametrize("speed", [1, 10, 100])
def test_the_pace_is_the_speed_that_is_set(clock, speed):
    """One update takes a thousandth of a second, then the thread rests until the next is due."""
    pace = Pace()
    for update in range(1, 5 * speed + 1):
        clock(update / speed + 0.001)
        pace.note(update)
    assert pace.per_second() == pytest.approx(speed)


def test_one_slice_has_no_pace(clock):
    pace = Pace()
    clock(7.0)
    pace.note(1)
    assert pace.per_second() == 0


def test_slices_longer_than_the_window_have_a_pace(clock):
    pace = Pace()
    for seconds, update in ((0, 10), (5, 20), (10, 40)):
        clock(seconds)
        pace.note(update)
    assert pace.per_second() == pytest.approx(4)
