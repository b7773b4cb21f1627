"""What takes longer than a click: computed by another thread, one job of each name and session at a time."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import streamlit as st

from ui import state


@st.cache_resource(show_spinner=False)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(2, thread_name_prefix="unroll")


def job(name: str, key, function: Callable) -> Future:
    """The future of `function(stop)`. Another key stops the job that ran under this name and begins a new one."""
    jobs = st.session_state.setdefault(state.JOBS, {})
    known = jobs.get(name)
    if known is None or known[0] != key:
        if known is not None:
            known[2].set()
            known[1].cancel()
        stop = threading.Event()
        jobs[name] = (key, _pool().submit(function, stop.is_set), stop)
    return jobs[name][1]


def running(name: str, key) -> Future | None:
    """The future of the job with this name, if it is about this key."""
    known = st.session_state.get(state.JOBS, {}).get(name)
    return known[1] if known is not None and known[0] == key else None
