"""The sessions that there are, by the keys that only their own pages know."""

import weakref
from typing import Any

_NAMED: "weakref.WeakValueDictionary[str, Any]" = weakref.WeakValueDictionary()


def name(session: Any) -> None:
    """Register a session under its key, as long as it exists."""
    _NAMED[session.key] = session


def session_named(key: str) -> Any:
    """The session with this key; None where there is none."""
    return _NAMED.get(key)


def sessions() -> list[Any]:
    """All of them; other threads may add more at any time."""
    return [session for reference in _NAMED.valuerefs() if (session := reference()) is not None]


def looked_at() -> int:
    """How many of them a page shows now."""
    return sum(session.looked_at for session in sessions())
