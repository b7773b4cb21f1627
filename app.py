"""The app: `streamlit run app.py` starts the server, and runs this file as the script of every visitor."""

import sys
from pathlib import Path

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from ui import environment
from ui.course.classroom.routes import routes as class_routes
from ui.pages import FIRST, PAGES, load
from ui.server.failures import say_so
from ui.server.messages import say_refused
from ui.server.middleware import middleware
from ui.server.routes import lifespan, routes
from ui.settings import projecting
from ui.settings.language import choose_language

# A picture of our own: Streamlit fetches the icon of a :material/...: name from another host.
UI = Path(__file__).parent / "ui"


def main() -> None:
    """One visitor's page: configuration, language, navigation."""
    tabs = load("ui.training.tabs")  # it loads the core, which the start of the server need not wait for
    st.set_page_config(page_icon=str(UI / "icon.svg"), layout="wide")
    st.html(UI / "page.css")
    _ = choose_language().gettext
    pages = [st.Page(f"pages/{name}.py", title=_(entry.title), default=name == FIRST) for name, entry in PAGES.items()]
    projected = projecting.ask(_)
    if projected:
        st.html(UI / "present.css")
    page = st.navigation(pages, position="top" if projected else "sidebar")
    st.set_page_config(page_title=_("{page} · RNN Lab").format(page=page.title))
    say_refused(_)
    with tabs.kept():
        page.run()


if __name__ == "__main__":
    main()
else:  # imported by the server
    st.secrets.load_if_toml_exists()  # which become environment variables
    if problems := environment.problems():
        sys.exit("\n".join(problems))
    # Until st.navigation is first called, a folder named pages is taken for pages of the old kind: a link straight to
    # one of them would run its script alone, without this file.
    PagesManager.uses_pages_directory = False
    every = [*routes(), *class_routes()]
    app = st.App(__file__, routes=every, middleware=middleware(), lifespan=lifespan, on_script_error=say_so)
