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


def door_address(course: str, door: Door, language: str = "") -> str:
    """Address of a page with the same network. language : code of the reader's; without one it is the browser's.

    >>> door_address("https://example.org/app/course", Door("gradients", {"data": "river_en"}), "zh_CN")
    'https://example.org/app/gradients?data=river_en&lang=zh_CN'
    """
    page = "" if door.page == FIRST else door.page
    asked = {**door.query, **({keys.LANGUAGE: language} if language else {})}
    query = f"?{urlencode(asked)}" if asked else ""
    return f"{course.removesuffix('course')}{page}{query}"
