"""The pages of the app, in the order of the navigation. One is a folder ui/<name>/, with its PAGE in page.py, and a
script pages/<name>.py."""

from importlib import import_module
from typing import TYPE_CHECKING

from ui.i18n import N_

if TYPE_CHECKING:
    from ui.live.page import Page

FIRST = "lab"  # its address has no name
PAGES = {  # name, which the address says -> title
    "lab": N_("Lab"),
    "course": N_("Course"),
    "unroll": N_("Unroll"),
    "gradients": N_("Gradients"),
    "memory": N_("Memory"),
    "arena": N_("Arena"),
    "language": N_("Language"),
    "shapes": N_("Shapes"),
}


def page(name: str) -> "Page":
    """The page of that name, loaded when it is first opened: the start of the server need not wait for it."""
    return import_module(f"ui.{name}.page").PAGE
