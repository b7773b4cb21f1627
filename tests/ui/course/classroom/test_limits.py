"""Rate limits."""

import pytest

from ui.course.classroom.limits import RateLimit

pytestmark = pytest.mark.small


def limit(now, **options):
    return RateLimit(**({"of_one": 2, "of_all": 4, "window": 60.0} | options), clock=lambda: now[0])


def test_one_address_is_stopped_and_another_is_not():
    one = limit([0.0])
    for _again in range(2):
        assert not one.reached("10.0.0.1")
        one.count("10.0.0.1")
    assert one.reached("10.0.0.1") and not one.reached("10.0.0.2")


def test_all_together_are_stopped_too():
    one = limit([0.0])
    for last in range(4):
        one.count(f"10.0.0.{last}")
    assert one.reached("10.0.0.99")


def test_after_the_window_it_begins_anew():
    now = [0.0]
    one = limit(now)
    one.count("a")
    now[0] = 30.0
    one.count("a")
    assert one.reached("a")
    now[0] = 60.0
    assert not one.reached("a")
    one.count("a")
    assert one.reached("a")


def test_it_holds_no_more_than_it_needs():
    now = [0.0]
    one = limit(now)
    for number in range(1000):
        one.count(str(number))
    assert len(one._times) == len(one._counts) == 4
    now[0] = 60.0
    one.reached("a")
    assert not one._times and not one._counts


def test_the_addresses_of_one_household_count_together():
    one = limit([0.0])
    one.count("2001:db8::1")
    one.count("2001:db8::2")
    assert one.reached("2001:db8::3") and not one.reached("2001:db8:0:1::3")
