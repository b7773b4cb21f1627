"""The lessons of the course, in their order: one module each, with its LESSON."""

from importlib import import_module

from ui.course.lesson import Lesson

NAMES = ("untrained",)


def lesson(name: str) -> Lesson:
    """The lesson of that name."""
    return import_module(f"ui.course.lessons.{name}").LESSON


def lessons() -> list[Lesson]:
    """All of them."""
    return [lesson(name) for name in NAMES]
