"""Runs of the course's lessons, each made once per process: several tests look at the same one."""

from functools import cache
from typing import Any

from ui.course.lesson import Progress
from ui.course.lessons import lesson


@cache
def _items(name: str, seed: int, controls: tuple[tuple[str, Any], ...]) -> tuple[Progress, ...]:
    return tuple(lesson(name).run(seed, **dict(controls)))


def items_of(name: str, seed: int | None = None, **controls: Any) -> tuple[Progress, ...]:
    """All items of a lesson's run; seed : None for the lesson's own."""
    return _items(name, lesson(name).seed if seed is None else seed, tuple(sorted(controls.items())))


def measured_of(name: str, seed: int | None = None, **controls: Any) -> Any:
    """What such a run measured."""
    return items_of(name, seed, **controls)[-1].measured
