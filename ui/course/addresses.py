"""Addresses of lessons, and of the page behind a lesson's door, from the address of the course."""

from urllib.parse import urlencode

from ui.course.lesson import Door
from ui.pages import FIRST
from ui.settings import keys


def lesson_address(course: str, name: str) -> str:
    """Address of that lesson.

    >>> lesson_address("https://example.org/app/course", "state")
    'https://example.org/app/course?lesson=state'
    """
    return f"{course}?{urlencode({keys.LESSON: name})}"


def door_address(course: str, door: Door) -> str:
    """Address of a page with the same network.

    >>> door_address("https://example.org/app/course", Door("gradients", {"data": "river_en"}))
    'https://example.org/app/gradients?data=river_en'
    """
    page = "" if door.page == FIRST else door.page
    query = f"?{urlencode(door.query)}" if door.query else ""
    return f"{course.removesuffix('course')}{page}{query}"
