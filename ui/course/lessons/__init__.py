"""The lessons of the course, in their order: one module each, with its LESSON."""

from functools import cache

from ui.course.lesson import Lesson, Translate
from ui.pages import load

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
    made: Lesson = load(f"ui.course.lessons.{name}").LESSON
    return made


@cache
def lessons() -> dict[str, Lesson]:
    """All of them, by name."""
    return {name: lesson(name) for name in NAMES}


def heading_of(lesson: Lesson, _: Translate) -> str:
    """The title of a lesson, with the number of one of the thirteen."""
    if lesson.name not in NAMES:
        return _(lesson.title)
    return _("Lesson {number}: {title}").format(number=NAMES.index(lesson.name) + 1, title=_(lesson.title))
