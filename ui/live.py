"""The Lab's moving part as a Streamlit element: the browser draws it from what ui/frames.py makes.

`st.plotly_chart` of Streamlit 1.67 gives an element whose data change a new identity, so the browser throws the old
chart away and builds another; Plotly itself takes 35 to 50 ms to redraw the score in place; and each picture would
cost a run of the script and travel in a queue. Here the script runs when somebody touches a control, and pictures go
their own way (ui/server.py).
"""

from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

from ui import state
from ui.frames import page_of

BROWSER = Path(__file__).parent / "browser"
# The element's script only loads the app's own: those import one another by their addresses.
LOADER = """export default async (element) => {
  const { default: show } = await import(new URL(element.data.script, document.baseURI));
  show(element);
};"""


@cache
def _component():
    html, css = ((BROWSER / f"live.{kind}").read_text(encoding="utf-8") for kind in ("html", "css"))
    return component("live", html=html, css=css, js=LOADER, isolate_styles=False)


def live(session, snapshot, theme, step: int, _) -> int:
    """What moves: numbers, score, loss, the network's texts. Runs the script when buttons or notices must change.

    step : the step that is chosen at first, -1 for none. Returns the one that is chosen now.
    """
    base = st.get_option("server.baseUrlPath").strip("/")
    base = f"/{base}" if base else ""
    words = {
        "chooseStep": _("Click a step, or use ← and →, to see its exact values."),
        "noStep": _("No step is chosen."),
        "resetAxes": _("Reset axes"),
        "downloadChart": _("Chart (HTML)"),
        "downloadCheckpoint": _("The network itself (checkpoint)"),
        "downloadHistory": _("Loss history (CSV)"),
        "scoreGuide": _("How to read the score"),
        "scoreTable": _("The score as a table"),
        "lossGuide": _("How to read the loss"),
        "lossTable": _("The loss as a table"),
        "samples": _("Texts by the network"),
        "noText": _("This network writes no text: it needs a text or a grammar to learn from, read in one direction."),
        "scoreAlt": _("Score of one sequence: symbols, hidden states, outputs, loss and gradient norm of each step."),
        "lossAlt": _("Training loss, held-out loss and gradient norm over the updates."),
    }
    data = {
        "key": session.key,
        "address": f"{base}/live",
        "script": f"{base}/browser/live.js",
        "page": page_of(snapshot),
        "step": step,
        "words": words,
        "colours": {"faded": theme.faded, "positive": theme.held_out, "negative": theme.training},
    }
    now = _component()(
        key=state.LIVE, data=data, default={"step": step}, on_page_change=lambda: None, on_step_change=lambda: None
    )
    return now.step if isinstance(now.step, int) else step
