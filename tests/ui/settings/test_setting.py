"""Settings and the URL: what is spelled can be read again, and nonsense is left out."""

import pytest
from streamlit.testing.v1 import AppTest

from ui.network.settings import SETTINGS
from ui.settings import keys
from ui.settings.setting import Setting


def candidates(setting: Setting) -> list:
    """Values that a control can have: all choices, the ends of a range."""
    if setting.several:
        return [(), setting.choices, setting.choices[-1:]]
    if setting.choices:
        return list(setting.choices)
    if isinstance(setting.default, bool):
        return [True, False]
    if isinstance(setting.default, str):
        return ["", "a & b = <c>\n%20", "河" * setting.longest]
    return [setting.low, setting.high, setting.default]


@pytest.mark.parametrize("name", SETTINGS)
def test_every_value_comes_back_from_the_url(name):
    setting = SETTINGS[name]
    for value in candidates(setting):
        again = setting.parse(setting.spell(value))
        assert again == value and type(again) is type(value)


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "-1e999", "9" * 400, "None", "\x00", "true,false", "河"])
def test_nonsense_in_the_url_is_a_possible_value(name, text):
    setting = SETTINGS[name]
    value = setting.parse(text)
    if setting.choices:
        assert set(value) <= set(setting.choices) if setting.several else value in (setting.default, *setting.choices)
    elif isinstance(value, int | float):
        assert setting.low <= value <= setting.high
    assert type(value) is type(setting.default) or setting.choices


def script():
    import streamlit as st

    from ui.settings.setting import Setting, Settings

    settings = Settings("page", {"size": Setting(4, low=1, high=8), "cell": Setting("a", ("a", "b"))}, {"cell": "b"})
    st.session_state["first"] = (settings.first("size"), settings.first("cell"), settings.hidden)
    settings.note("size", st.session_state.get("size", settings.first("size")))
    settings.note("cell", settings.first("cell"))
    settings.write_url()


def test_what_is_to_be_left_out_and_is_not_there_is_remarked():
    app = AppTest.from_function(script)
    app.query_params["hide"] = "size,nonsense,<b>,learning_rate"
    app.run()
    assert [remark.asked for remark in app.session_state[keys.REMARKS]["page"][1]] == ["hide=<b>", "hide=nonsense"]


def test_the_url_says_what_differs_and_is_asked_once():
    app = AppTest.from_function(script)
    app.query_params["size"] = "7"
    app.query_params["hide"] = "cell,size"
    app.query_params["other"] = "x"
    app.run()
    assert not app.exception
    assert app.session_state["first"] == (7, "b", frozenset({"cell", "size"}))
    assert dict(app.query_params) == {"size": "7", "hide": "cell,size", "cell": "b"}
    app.session_state["size"] = 4  # the default again: goes without saying
    app.run()
    assert app.session_state["first"][0] == 7  # what the link asked for stays what it was
    assert "size" not in app.query_params


def test_a_whole_number_is_neither_a_fraction_nor_a_flag():
    whole, real = Setting(-1, low=-1, high=9), Setting(1.0, low=0.0, high=2.0)
    assert whole.allows(3) and real.allows(1) and real.allows(0.5)
    assert not any(whole.allows(value) for value in (0.5, True, None, "3", 10)) and not real.allows(True)
