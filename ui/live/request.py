"""Requests of the browser for a frame: a page names its fields in a NamedTuple, one function reads them."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple


def whole(query: Mapping[str, str], name: str, default: int | None) -> int | None:
    """A number from the parameters of a request; the default where it is none, or far too large.

    >>> whole({"step": "3"}, "step", None), whole({"step": "-3"}, "step", 0)
    (3, 0)
    """
    text = query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


def parsed(kind: Any, query: Mapping[str, str], **readers: Callable[[str], Any]) -> Any:
    """The request of this kind in a query: of each field its parameter as text, flag or number; else its default.

    A flag is set by "1" and, where it is set by default, unset by "0". `opened` is the list in the parameter "open".
    readers : by the name of a field, what reads its text instead.
    """
    values = {}
    for name, default in kind._field_defaults.items():
        if name in readers:
            values[name] = readers[name](query.get(name, ""))
        elif name == "opened":
            values[name] = frozenset(query.get("open", "").split(","))
        elif isinstance(default, bool):
            values[name] = query.get(name) != "0" if default else query.get(name) == "1"
        elif isinstance(default, str):
            values[name] = query.get(name, default)
        else:
            values[name] = whole(query, name, default)
    return kind(**values)


class Request(NamedTuple):
    """Request of the Lab, the Arena and the page “Shapes”."""

    token: str = ""  # of the frame that it has
    step: int | None = None  # the chosen step
    loss: bool = True  # the loss chart too
    samples: int = -1  # the update of the newest sample that it has
    opened: frozenset[str] = frozenset()  # guides and tables
    reset: int = 0  # how often the axes were reset

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Request":
        """From the parameters of a request; what is not understood is left out.

        >>> Request.of({"step": "3", "loss": "0", "reset": "x"})[:3], Request.of({"step": "x"}).step
        (('', 3, False), None)
        """
        return parsed(cls, query)
