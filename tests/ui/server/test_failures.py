"""A page's script that fails: the reader sees own words, not Streamlit's box."""

import pytest
from streamlit.testing.v1 import AppTest

import app
from ui.server.failures import say_so


def failing():
    import streamlit as st

    from ui.server.failures import say_so
    from ui.settings import keys

    st.session_state[keys.LANGUAGE] = st.query_params["lang"]
    st.session_state["suppressed"] = say_so(RuntimeError("secret text"))


@pytest.mark.parametrize(("language", "words"), [("en", "Something in the app failed"), ("zh_CN", "程序出错")])
def test_a_failure_is_told_in_own_words(language, words):
    page = AppTest.from_function(failing)
    page.query_params["lang"] = language
    page.run()
    [error] = page.error
    assert words in error.value and "secret" not in error.value and not page.exception
    assert page.session_state["suppressed"] is True


def without_a_language():
    from unittest import mock

    from ui.server import failures

    with mock.patch.object(failures, "current_language", side_effect=TypeError("object of type 'bool' has no len()")):
        failures.say_so(RuntimeError("secret text"))


def test_a_control_of_the_language_that_fails_is_told_in_own_words_too():
    page = AppTest.from_function(without_a_language).run()
    [error] = page.error
    assert "Something in the app failed" in error.value and not page.exception


def test_the_server_asks_for_them():
    assert app.app._on_script_error is say_so
