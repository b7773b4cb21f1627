"""The app: `streamlit run app.py` starts the server, and runs this file as the script of every visitor."""

from pathlib import Path

import streamlit as st

from ui.language import choose_language
from ui.server import lifespan, middleware, routes

# A picture of our own: Streamlit fetches the icon of a :material/...: name from another host.
UI = Path(__file__).parent / "ui"


def main() -> None:
    """One visitor's page: configuration, language, navigation."""
    st.set_page_config(page_title="RNN Lab", page_icon=str(UI / "icon.svg"), layout="wide")
    st.html(UI / "page.css")
    _ = choose_language().gettext
    st.navigation([st.Page("pages/lab.py", title=_("Lab"), default=True)]).run()


if __name__ == "__main__":
    main()
else:  # imported by the server
    app = st.App(__file__, routes=routes(), middleware=middleware(), lifespan=lifespan)
