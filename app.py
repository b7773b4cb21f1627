"""The app: its pages, its language. Start it with `streamlit run app.py`."""

from pathlib import Path

import streamlit as st

from ui.language import choose_language

# A picture of our own: Streamlit fetches the icon of a :material/...: name from another host.
UI = Path(__file__).parent / "ui"

st.set_page_config(page_title="RNN Lab", page_icon=str(UI / "icon.svg"), layout="wide")
st.html(UI / "page.css")
_ = choose_language().gettext
st.navigation(
    [
        st.Page("pages/lab.py", title=_("Lab"), default=True),
        st.Page("pages/unroll.py", title=_("Unroll")),
    ]
).run()
