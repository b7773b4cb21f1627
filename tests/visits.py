"""A page without a browser: opened with a query, its threads stopped afterwards."""

import time
from contextlib import contextmanager
from pathlib import Path

from streamlit.testing.v1 import AppTest

from ui.training.tabs import SESSIONS

ROOT = Path(__file__).parent.parent
PATIENCE = 120  # seconds: a kernel may have to be compiled first


@contextmanager
def visits(page: str, parts=(), joined=True):
    """A function that opens pages/`page`.py with a query, with these parts unfolded. joined : the threads are waited
    for at the end."""
    opened = []

    def visit(**query):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
        for name, value in query.items():
            app.query_params[name] = value
        for part in parts:
            app.session_state[part] = True
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception
        opened.append(app)
        return app

    yield visit
    for session in (app.session_state[key] for app in opened for key in SESSIONS if key in app.session_state):
        session.leave()
        if joined:
            session._thread.join(PATIENCE)


def until(condition, seconds=PATIENCE):
    """Wait for the condition; what it returned."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)
    return value
