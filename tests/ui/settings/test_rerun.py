"""A run of the script from within it."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

UI = Path(__file__).parents[3] / "ui"


def script():
    import streamlit as st
    from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
    from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx

    from ui.settings.rerun import rerun

    if "asked" not in st.session_state:
        st.session_state.asked = True
        get_script_run_ctx().script_requests.request_rerun(RerunData(query_string="page=another"))  # as a browser does
        rerun()
    elif "again" not in st.session_state:
        st.session_state.again = True
        rerun()
    st.text(st.query_params.get("page", "this one"))


def test_what_the_browser_has_asked_for_meanwhile_is_what_runs():
    """After a reload, a press on a link to another page was lost while the tab found its network again."""
    app = AppTest.from_function(script).run()
    assert app.session_state["again"] and [text.value for text in app.text] == ["another"]


def test_no_module_runs_the_script_again_in_another_way():
    sources = [path for path in UI.rglob("*.py") if path.name != "rerun.py"]
    assert [path for path in sources if "st.rerun(" in path.read_text(encoding="utf-8")] == []
