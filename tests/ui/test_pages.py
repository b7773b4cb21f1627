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


def test_only_unroll_and_the_course_have_no_live_channel():
    assert set(EVERY) - set(LIVE) == {"unroll", "course"}
    assert {name for name in EVERY if not page(name).renderers} == {"unroll", "course"}


@pytest.mark.parametrize(("code", "theme"), [("en", "light"), ("zh_CN", "dark")])
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
            picture = frame_of(app)
            assert all(figure["data"] for figure in picture["figures"].values() if figure is not None)
            options = session_of(app).pictures._options
            assert options.theme == THEMES[theme] and options.language.code == code


def session_of(app):
    [session] = [app.session_state[key] for key in SESSIONS if key in app.session_state]
    return session


def frame_of(app, **query):
    """The first frame with figures."""
    session = session_of(app)

    def there():
        session.seen()
        return "figures" in (frame := json.loads(session.pictures.frame(session, renderer.request(query)))) and frame

    renderer = until(lambda: session.pictures)
    return until(there)


def parts_of(view: dict, name: str) -> set[str]:
    """The guides and tables in the HTML of a page, or of one of its views."""
    folder = ROOT / "ui" / name / ("states/static" if "plane" in view.values() else "static")
    html = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.html"))
    names = set(re.findall(r'data-part="(\w+)"', html))
    shown = view.get("look_at")
    return {part for part in names - {"card"} if shown is None or part.startswith(f"{shown}_")} - HIDDEN.get(
        name, set()
    )


# Of the views of a page, those that have guides or tables of their own.
VIEWS = [(name, {}) for name in ("lab", "gradients", "arena", "shapes")]
VIEWS += [("language", {"look_at": view}) for view in ("score", "write", "rulers", "game")]
VIEWS += [
    ("memory", {"hidden_size": "6", "memory_length": "1000", "memory_view": view}) for view in ("change", "plane")
]
HIDDEN = {"memory": {"tree_guide", "tree_table"}}  # of another task


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "view"), VIEWS, ids=lambda part: "-".join(part.values()) if isinstance(part, dict) else part
)
def test_every_guide_and_table_opens_and_nothing_else_does(name, view, code):
    names = parts_of(view, name)
    with visits(name) as visit:
        app = visit(lang=code, **view)
        parts = frame_of(app, open=",".join(sorted(names)))["parts"]
        assert parts.keys() == names and frame_of(app, open="x,")["parts"] == {}
        guides = [sentence for part, lines in parts.items() if part.endswith("guide") for sentence in lines]
        assert len(guides) >= len(names) // 2
        assert code == "en" or not [sentence for sentence in guides if ENGLISH.search(sentence)]


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


# Not said again: an experiment in which other things were changed, and what this network cannot have.
UNSUITED = {keys.PRESET, keys.MATCH, keys.STATEFUL, keys.MEMORY_QUANTITY, "arena_order_sequence_length"}


def another(setting):
    """A value beside the first one, and no larger."""
    if setting.choices:
        return next((value for value in setting.choices if value != setting.default), None)
    if isinstance(setting.default, bool):
        return not setting.default
    return setting.low if isinstance(setting.default, int | float) and setting.low != setting.default else None


@pytest.mark.parametrize("name", EVERY)
def test_what_the_address_says_is_set_and_said_again(name):
    settings = page(name).settings
    with visits(name, parts=PARTS) as visit:
        first = visit()
        drawn = {control.key for kind in CONTROLS for control in first.get(kind)}
        changed = {key: another(settings[key]) for key in settings if key in drawn and not settings[key].several}
        query = {key: settings[key].spell(value) for key, value in changed.items() if value is not None}
        second = visit(**query)
        again = {key: "".join(second.query_params[key]) for key in query if key in second.query_params}
        assert again == {key: query[key] for key in again}
        assert query.keys() - again.keys() <= UNSUITED, "not in the address"


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
