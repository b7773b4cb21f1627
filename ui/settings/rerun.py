"""Run the page's script once more from within it."""

import streamlit as st


def rerun() -> None:
    """End this run for another one. Where the browser has asked for one meanwhile, that one is it: `st.rerun` alone
    puts the present page in its place, and the press on a link to another page is lost."""
    st.empty()  # here Streamlit ends the run if the browser has asked for another
    st.rerun()
