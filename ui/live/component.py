"""Live element of a page as a Streamlit component: the browser draws the frames of the session's renderer.

`st.plotly_chart` of Streamlit 1.67 gives an element whose data change a new identity, so the browser throws the old
chart away and builds another; Plotly itself takes 35 to 50 ms to redraw the score in place; and each picture would
cost a run of the script and travel in a queue. Here the script runs when somebody touches a control, and pictures and
the buttons beside them go their own way (ui/server/routes.py, ui/live/static/channel.js).
"""

from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

from ui.glossary import entries
from ui.live.notices import connection
from ui.settings import keys
from ui.settings.language import current_language
from ui.settings.projecting import project, projecting
from ui.training.tabs import hand_over, tab_of_browser

UI = Path(__file__).parents[1]
SHARED = Path(__file__).parent / "static"
# The element's script only loads the app's own: those import one another by their addresses. Under which path the app
# lies, also behind a proxy that the server does not know of, the address of Streamlit's own script says.
LOADER = """export default async (element) => {
  const streamlit = document.querySelector("script[src*='static/js/']");
  const { default: show } = await import(new URL(`../../${element.data.script}`, streamlit.src));
  show(element);
};"""


@cache
def _component(name: str, folder: Path):
    page = folder.parent.name
    html = (folder / f"{page}.html").read_text(encoding="utf-8")
    for part in ("transport", "model_picker", "results"):
        html = html.replace(f"<!-- {part} -->", (SHARED / f"{part}.html").read_text(encoding="utf-8"))
    return component(name, html=html, css=styles(folder, page), js=LOADER, isolate_styles=False)


def styles(folder: Path, name: str) -> str:
    """The style sheet of an element: what all have in common, and its own where it has one."""
    paths = [SHARED / "live.css", SHARED / "charts.css", folder / f"{name}.css"]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths if path.exists())


def words_of_charts(_) -> dict[str, str]:
    """Labels of the menu beside each chart."""
    return {
        "save": _("Save chart"),
        "savePng": _("Picture (PNG)"),
        "saveSvg": _("Drawing (SVG)"),
        "saveCsv": _("Numbers (CSV)"),
        "saveTable": _("Table (CSV)"),
        "project": _("Fill the screen"),
        "whichChart": _("On the screen:"),
    }


def live_component(name: str, folder: Path, session, theme, words: dict, _, more: dict | None = None, **states):
    """Draw the live element of a page for this session and return its state.

    name : key of the element. folder : holds its .html, .js and .css, named like the page's folder.
    words : what stands in it, in the reader's language, beside the words of the buttons.
    more : what else the browser must know.
    states : what the reader chooses in it, with the first values.
    A button that changes controls too is left in the session's state for the next run of the script.
    """
    buttons = {
        "play": _("Play"),
        "pause": _("Pause"),
        "oneStep": _("One step"),
        "startOver": _("Start over"),
        "newSeed": _("New seed"),
        "resetAxes": _("Reset axes"),
        "card": _("A published result, and this one"),
        "moment": _("At update {update}:"),
        "connection": connection(_),
    }
    data = {
        "key": session.key,
        "renderer": type(session.pictures).__name__,
        "language": current_language().code.replace("_", "-"),
        "script": f"browser/{folder.relative_to(UI).as_posix()}/{folder.parent.name}.js",
        "words": buttons | words_of_charts(_) | words,
        "theme": theme.name,
        "projecting": projecting(),
        "glossary": entries(_),
        "colours": {"faded": theme.faded, "positive": theme.held_out, "negative": theme.training},
    }
    heard = {f"on_{state_name}_change": _nothing for state_name in states}

    def pressed():
        act = st.session_state[name].act
        if act == "project":
            project(True)
        else:
            st.session_state[keys.ACT] = act

    now = _component(name, folder)(
        key=name,
        data=data | tab_of_browser() | (more or {}) | states,
        default=states,
        on_act_change=pressed,
        on_again_change=_nothing,
        **heard,
    )
    hand_over(now.again)
    return now


def _nothing() -> None:
    """The script runs again; that is all."""
