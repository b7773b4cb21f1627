"""Live element of a page as a Streamlit component: the browser draws the frames of the session's renderer.

`st.plotly_chart` of Streamlit 1.67 gives an element whose data change a new identity, so the browser throws the old
chart away and builds another; Plotly itself takes 35 to 50 ms to redraw the score in place; and each picture would
cost a run of the script and travel in a queue. Here the script runs when somebody touches a control, and pictures and
the buttons beside them go their own way (ui/server/routes.py, ui/live/static/channel.js).
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from ui.i18n import Translate
from ui.live import kept, scrubber
from ui.live.layout import Shown
from ui.live.notices import connection
from ui.live.streamlit_words import streamlit_words
from ui.settings import keys
from ui.settings.glossary import entries
from ui.settings.language import current_language
from ui.settings.projecting import project, projecting
from ui.settings.setting import Settings
from ui.theme import Theme
from ui.training.tabs import hand_over, tab_of_browser
from ui.training.worker import AnyWorker

SHARED = Path(__file__).parent / "static"
# The element's script only loads the app's own: those import one another by their addresses. Under which path the app
# lies, also behind a proxy that the server does not know of, the address of Streamlit's own script says.
LOADER = """export default async (element) => {
  const streamlit = document.querySelector("script[src*='static/js/']");
  const load = (script) => import(new URL(`../../${script}`, streamlit.src));
  const scripts = ["browser/live/static/telling.js", element.data.script];
  const [{ telling }, { default: show }] = await Promise.all(scripts.map(load));
  show(telling(element));
};"""


@cache
def _component(name: str, folder: Path) -> Callable[..., Any]:
    return component(name, html=markup(folder), css=styles(folder, folder.parent.name), js=LOADER, isolate_styles=False)


def markup(folder: Path) -> str:
    """The HTML of a layout, with the parts that several have."""
    html = (folder / f"{folder.parent.name}.html").read_text(encoding="utf-8")
    for part in ("transport", "scrubber", "results"):
        html = html.replace(f"<!-- {part} -->", (SHARED / f"{part}.html").read_text(encoding="utf-8"))
    return html


def styles(folder: Path, name: str) -> str:
    """The style sheet of an element: what all have in common, and its own where it has one."""
    paths = [*(SHARED / f"{part}.css" for part in ("live", "scrubber", "charts")), folder / f"{name}.css"]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths if path.exists())


def words_of_charts(_: Translate) -> dict[str, str]:
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


def live_component(shown: Shown, session: AnyWorker, theme: Theme, settings: Settings, _: Translate) -> None:
    """Draw a layout for this session, and note what the reader has chosen in it.

    A button that changes controls too is left in the session's state for the next run of the script.
    """
    layout = shown.layout
    buttons = {
        "play": _("Play"),
        "pause": _("Pause"),
        "oneStep": _("One step"),
        "startOver": _("Start over"),
        "newSeed": _("New seed"),
        "resetAxes": _("Reset axes"),
        "card": _("A published result, and this one"),
        "moment": _("At update {update}:"),
        "connection": connection(_, layout.connection),
    }
    buttons |= words_of_charts(_) | scrubber.words(_) | kept.words(_, session.takeaway)
    states = {name: settings.first(setting) for name, setting in layout.chosen.items()}
    data = {
        "key": session.key,
        "settings": session.settings,
        "kind": session.kind,
        "renderer": layout.renderer.__name__,
        "language": current_language().code.replace("_", "-"),
        "script": f"browser/{layout.name}/static/{layout.folder.parent.name}.js",
        "words": buttons | {name: _(word) for name, word in layout.words.items()},
        "streamlit": streamlit_words(_),
        "theme": theme.name,
        "projecting": projecting(),
        "glossary": entries(_),
        "colours": {"faded": theme.faded, "positive": theme.held_out, "negative": theme.training},
    }
    heard = {f"on_{name}_change": _nothing for name in states}

    def pressed() -> None:
        act = st.session_state[layout.key].act
        if act == "project":
            project(True)
        else:
            st.session_state[keys.ACT] = act

    now = _component(layout.key, layout.folder)(
        key=layout.key,
        data={**data, **tab_of_browser(), **shown.more, **states},
        default=states,
        on_act_change=pressed,
        on_again_change=_nothing,
        **heard,
    )
    hand_over(now.again)
    for name, setting in layout.chosen.items():
        chosen = getattr(now, name)
        known = settings.table[setting].allows(chosen)
        value = chosen if known else settings.first(setting)
        settings.firsts[setting] = settings.note(
            setting, value, in_url=setting not in shown.idle
        )  # kept on other pages


def _nothing() -> None:
    """The script runs again; that is all."""
