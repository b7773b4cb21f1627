"""Runs of a page's script that no hand has asked for: the server begins them itself.

A run that the browser asks for brings what its controls are set to there. Where the script has just set them otherwise,
the browser may not know it yet: they would be set back. It also brings the page that is shown there, and would take
the place of the page that the reader has just asked for.
"""

import asyncio
import itertools
import weakref
from typing import Any

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui.training.worker import AnyWorker

POLL = 0.05  # seconds between two looks whether the script is at rest

_numbers = itertools.count(1)
_runs: "weakref.WeakKeyDictionary[AnyWorker, tuple[str, int]]" = weakref.WeakKeyDictionary()
_acts: "weakref.WeakKeyDictionary[AnyWorker, str]" = weakref.WeakKeyDictionary()


def note_run(session: AnyWorker) -> str | None:
    """A run of the script that shows this session begins. What it shall do besides, if anything."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is not None:
        _runs[session] = context.session_id, next(_numbers)
    return _acts.pop(session, None)


async def ask_for_run(session: AnyWorker, act: str | None = None) -> None:
    """Have the script run, unless one begins by itself before the present one has ended, or the browser is away.

    act : what the run shall do before it draws the controls.
    """
    if act is not None:
        _acts[session] = act
    asked = _runs.get(session)
    while asked is not None and asked == _runs.get(session):
        info = runtime.get_instance()._session_mgr.get_active_session_info(asked[0])
        if info is None:
            return
        streamlit_session: Any = info.session
        if streamlit_session._scriptrunner is None:
            streamlit_session.request_rerun(streamlit_session._client_state)
            return
        await asyncio.sleep(POLL)
