"""What Streamlit tells of the repository that the server was started from: nothing."""

import pytest
from streamlit.git_util import GitRepo
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.app_session import AppSession

from ui.server import git_info


class Session(AppSession):
    """One that was never begun, and need not be ended."""

    def __init__(self):
        pass

    __del__ = __init__


def test_no_repository_is_looked_at_for_whoever_asks(monkeypatch):
    monkeypatch.setattr(AppSession, "_handle_git_information_request", AppSession._handle_git_information_request)
    monkeypatch.setattr(GitRepo, "__init__", lambda *_given: pytest.fail("git was asked"))
    monkeypatch.setattr(AppSession, "_enqueue_forward_msg", lambda *_given: pytest.fail("something was told"))
    git_info.hide()
    asked = BackMsg()
    asked.load_git_info = True
    session = Session()
    session.handle_backmsg_exception = lambda error: pytest.fail(repr(error))
    session.handle_backmsg(asked)
