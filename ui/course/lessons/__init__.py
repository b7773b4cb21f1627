"""The lessons of the course, in their order: one module each, with its LESSON."""

from functools import cache
from importlib import import_module

from ui.course.lesson import Lesson

NAMES = (
    "one_letter",
    "state",
    "unrolled",
    "untrained",
    "way_back",
    "reach",
    "vanishing",
    "clipping",
    "gates",
    "not_every_step",
    "language_model",
    "translation",
    "both_ways",
)


def lesson(name: str) -> Lesson:
    """The lesson of that name."""
    return import_module(f"ui.course.lessons.{name}").LESSON


@cache
def lessons() -> dict[str, Lesson]:
    """All of them, by name."""
    return {name: lesson(name) for name in NAMES}
