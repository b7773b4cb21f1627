"""Runs of a page's script that the server begins."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from ui.live import scripts

pytestmark = pytest.mark.small


def run(coroutine):
    """What it returns; in a thread of its own: tests with a browser have a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


class Session:
    """A session of networks, as far as it matters here."""


class Streamlit:
    """A session of Streamlit: whether its script runs, and what was asked of it."""

    def __init__(self, running):
        self._scriptrunner = "a script" if running else None
        self._client_state = "as the server knows it"
        self.asked = []

    def request_rerun(self, state):
        self.asked.append(state)


@pytest.fixture
def shown(monkeypatch):
    """(session, Streamlit's session) of a page whose script is at rest; `note_run` notes a run of it."""
    session, streamlit = Session(), Streamlit(running=False)
    context = SimpleNamespace(session_id="one")
    manager = SimpleNamespace(
        get_active_session_info=lambda name: SimpleNamespace(session=streamlit) if name == "one" else None
    )
    monkeypatch.setattr(scripts, "get_script_run_ctx", lambda **options: context)
    monkeypatch.setattr(scripts.runtime, "get_instance", lambda: SimpleNamespace(_session_mgr=manager))
    scripts.note_run(session)
    return session, streamlit, context


def test_a_script_at_rest_runs_with_the_settings_that_the_server_knows(shown):
    session, streamlit, _context = shown
    run(scripts.ask_for_run(session))
    assert streamlit.asked == ["as the server knows it"]


def test_what_a_run_shall_do_is_done_once(shown):
    session, _streamlit, _context = shown
    run(scripts.ask_for_run(session, "take_up"))
    assert [scripts.note_run(session), scripts.note_run(session)] == ["take_up", None]


@pytest.mark.parametrize("begins", [True, False])
def test_a_run_that_is_under_way_ends_first_and_one_that_begins_meanwhile_is_it(shown, begins):
    session, streamlit, _context = shown
    streamlit._scriptrunner = "a script"

    async def ends():
        asking = asyncio.create_task(scripts.ask_for_run(session))
        await asyncio.sleep(2 * scripts.POLL)
        assert streamlit.asked == [] and not asking.done()
        if begins:
            scripts.note_run(session)  # the reader touched a control, or went to another page
        streamlit._scriptrunner = None
        await asking

    run(ends())
    assert len(streamlit.asked) == (not begins)


def test_nobody_is_asked_where_the_browser_is_away_or_no_script_has_run(shown):
    session, streamlit, context = shown
    context.session_id = "away"
    scripts.note_run(session)
    run(scripts.ask_for_run(session))
    run(scripts.ask_for_run(Session()))
    assert streamlit.asked == []
