"""Silence about the folder that the server was started from.

Streamlit 1.67 tells every browser that asks the name of its repository, the branch and the files that are not committed
yet, and has git look for them while everybody waits: sixty such requests held the server for 17 s.
"""

from streamlit.runtime.app_session import AppSession


def hide() -> None:
    """Answer no such request, in any session of this server."""
    AppSession._handle_git_information_request = _say_nothing  # type: ignore[method-assign, assignment]


def _say_nothing(_session: AppSession) -> None:
    pass
