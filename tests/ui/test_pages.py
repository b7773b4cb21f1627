"""Every page of the registry, held to the same contract: ui/live/page.py."""

import json
import random
import re
from pathlib import Path

import pytest
from visits import until, visits

import ui.training.presence
from ui.i18n import LANGUAGES, language
from ui.pages import FIRST, PAGES, page
from ui.server.previews import PREVIEWS
from ui.settings import keys
from ui.theme import THEMES
from ui.training.capacity import Capacity
from ui.training.tabs import SESSIONS

ROOT = Path(__file__).parents[2]
EVERY = tuple(PAGES)
PARTS = (keys.MORE_TEXT, keys.MORE_NETWORK, keys.MORE_LEARNING, keys.SHOWN, keys.KEEP, keys.MORE_MATCH, keys.PLANNED)
CONTROLS = ("slider", "selectbox", "number_input", "checkbox", "text_input", "select_slider", "multiselect")
ENGLISH = re.compile(r"[a-z]{3,} [a-z]{2,}")
# Requests that a browser may make, on one page or another.
ASKED = ("step", "open", "reset", "samples", "loss", "t", "k", "run", "branches", "guesses", "network", "unit")
LIVE = [name for name in EVERY if page(name).session is not None]


def test_the_first_page_is_one_of_them():
    assert FIRST in PAGES


@pytest.mark.parametrize("name", EVERY)
def test_a_page_is_a_folder_and_a_script_of_its_name(name):
    assert page(name).name == name
    script = (ROOT / "pages" / f"{name}.py").read_text(encoding="utf-8")
    assert script.split() == f'from ui.live.page import run from ui.pages import page run(page("{name}"))'.split()


def test_no_script_is_left_over():
    assert {path.stem for path in (ROOT / "pages").glob("*.py")} == set(PAGES)


@pytest.mark.parametrize("name", EVERY)
def test_what_is_said_of_a_shared_link_is_what_the_page_says(name):
    assert PREVIEWS[name][:2] == (page(name).title, page(name).heading)


def test_only_unroll_and_the_course_have_no_live_channel():
    assert set(EVERY) - set(LIVE) == {"unroll", "course"}
    assert {name for name in EVERY if not page(name).renderers} == {"unroll", "course"}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", EVERY)
def test_it_renders_in_every_language_and_theme(name, code, theme, monkeypatch):
    monkeypatch.setattr("ui.live.page.current_theme", lambda: THEMES[theme])
    with visits(name, parts=PARTS) as visit:
        app = visit(lang=code)
        assert [title.value for title in app.title] == [language(code).gettext(page(name).heading)]
        assert not app.error and app.query_params["lang"] in (code, [code])
        labels = [control.label for kind in CONTROLS for control in app.get(kind)]
        assert labels and (code == "en" or not [label for label in labels if ENGLISH.search(label)])
        if name in LIVE:
            [session] = [app.session_state[key] for key in SESSIONS if key in app.session_state]
            request = session.pictures.request({})
            picture = until(lambda: "line" in (made := json.loads(session.pictures.frame(session, request))) and made)
            assert all(figure["data"] for figure in picture.get("figures", {}).values() if figure is not None)
            assert session.pictures._options.theme == THEMES[theme] and session.pictures._options.language.code == code


@pytest.mark.parametrize("name", LIVE)
def test_a_request_with_nonsense_is_understood_as_far_as_it_goes(name):
    draw = random.Random(0)
    words = ["", "x", "-1", "9" * 400, "1e9", "\\x00", "[[[[", "[1,2]", "NaN", "²"]
    for renderer in page(name).renderers:
        for _again in range(50):
            query = {key: draw.choice(words) for key in ASKED}
            assert renderer.request(query | {"token": "known"}).token == "known"


@pytest.mark.parametrize("name", EVERY)
def test_every_setting_is_spelled_in_the_address_and_read_from_it(name):
    for key, setting in page(name).settings.items():
        if setting.choices and not setting.several:
            values = setting.choices
        elif isinstance(setting.default, bool):
            values = (False, True)
        elif setting.low is not None:
            values = (setting.default, setting.low, setting.high)
        else:
            values = (setting.default,)
        for value in values:
            text = setting.spell(value)
            assert setting.parse(text) == value or not setting.allows(value), key
            assert setting.understands(text), key


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", LIVE)
def test_a_full_server_is_said_in_the_place_of_the_page(name, code, monkeypatch):
    full = Capacity(1)
    assert full.admit("somebody else")
    monkeypatch.setattr(ui.training.presence, "CAPACITY", full)
    with visits(name) as visit:
        app = visit(lang=code)
        assert not app.title
        assert app.warning[0].value.startswith({"en": "The server is full", "zh_CN": "服务器已满"}[code])
