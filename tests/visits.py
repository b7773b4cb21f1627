"""A page without a browser: opened with a query, its threads stopped afterwards."""

import base64
import json
import time
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from ui.charts.changes import numbers_in
from ui.training.tabs import SESSIONS

ROOT = Path(__file__).parent.parent
PATIENCE = 120  # seconds: a kernel may have to be compiled first

# Each AppTest looks for components in all that is installed, which took most of its time: once is enough.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


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


def session_of(app):
    """The session of a visit that has one: no page with another kind of network was opened."""
    [session] = [app.session_state[key] for key in SESSIONS if key in app.session_state]
    return session


def view(app, run=1, updates=1):
    """Wait until that run has made some updates; its view."""
    session = session_of(app)
    return until(lambda: (seen := session.snapshot.view) and seen.run == run and seen.update >= updates and seen)


def frame_of(session, **query) -> dict:
    """Frame that the browser would be sent now."""
    request = session.renderer.layout.request({name: str(value) for name, value in query.items()})
    return json.loads(session.renderer.frame(session, request))


def picture(app, **query) -> dict:
    """Frame that the browser of a visit would be sent now."""
    return frame_of(session_of(app), **query)


def whole(figure, before) -> dict:
    """The figure that the browser makes of one that was told by its changes (ui/charts/static/changes.js)."""
    if "changes" not in figure:
        return figure
    pairs = zip(before["data"], figure["data"], strict=True)
    data = [{**old, **{name: whole_array(value, old[name]) for name, value in new.items()}} for old, new in pairs]
    return {"data": data, "layout": {**before["layout"], **figure["layout"]}}


def whole_array(value, before):
    """The array of a figure that the browser makes of its changes (ui/charts/static/arrays.js)."""
    if not isinstance(value, dict) or not {"steps", "kept"} & value.keys() or {"decimals", "digits"} & value.keys():
        return value
    then = np.frombuffer(base64.b64decode(before["bdata"]), before["dtype"])
    if "kept" in value:
        begin, end = value["kept"]
        between = np.frombuffer(base64.b64decode(value["bdata"]), before["dtype"])
        now = np.concatenate([then[:begin], between, then[len(then) - end :]])
    else:
        steps = numbers_in(value["steps"])
        now = (then + (steps.cumsum() if "along" in value else steps)).astype(then.dtype)
    return before | {"bdata": base64.b64encode(now).decode()}
