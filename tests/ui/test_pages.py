"""Every page of the registry, held to the same contract: ui/live/page.py."""

import math
import random
import re
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from visits import picture, session_of, until, visits

import ui.training.presence
from ui.i18n import LANGUAGES, language
from ui.live.component import markup
from ui.live.notices import LEVELS, SENTENCES
from ui.pages import FIRST, PAGES, page
from ui.settings import keys
from ui.theme import THEMES
from ui.training.capacity import Capacity
from ui.training.snapshot import Notice, Snapshot

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


def test_only_unroll_the_course_and_the_results_have_no_live_channel():
    assert set(EVERY) - set(LIVE) == {"unroll", "course", "results"}
    assert {name for name in EVERY if not page(name).layouts} == {"unroll", "course", "results"}


@pytest.mark.parametrize(("code", "theme"), [("en", "light"), ("zh_CN", "dark")])
@pytest.mark.parametrize("name", EVERY)
def test_it_renders_in_every_language_and_theme(name, code, theme, monkeypatch):
    monkeypatch.setattr("ui.live.page.current_theme", lambda: THEMES[theme])
    with visits(name, parts=PARTS) as visit:
        app = visit(lang=code)
        assert [title.value for title in app.title] == [language(code).gettext(page(name).heading)]
        assert not app.error and app.query_params["lang"] in (code, [code])
        labels = [control.label for kind in CONTROLS for control in app.get(kind)]
        _, table = language(code).gettext, page(name).settings
        drawn = [control for kind in (*CONTROLS, "text_area", "button_group") for control in app.get(kind)]
        own = [control for control in drawn if control.key in table]
        assert [one.label for one in own] == [_(table[one.key].label) for one in own]
        assert [one.proto.help for one in own] == [table[one.key].help.text(_) for one in own]
        assert labels and (code == "en" or not [label for label in labels if ENGLISH.search(label)])
        if name in LIVE:
            picture = picture_of(app)
            assert all(figure["data"] for figure in picture["figures"].values() if figure is not None)
            renderer = session_of(app).renderer
            options = renderer._options
            assert renderer.layout in page(name).layouts and type(renderer) is renderer.layout.renderer
            assert options.theme == THEMES[theme] and options.language.code == code


def picture_of(app, **query):
    """The first frame with figures."""

    def there():
        session_of(app).seen()
        return "figures" in (frame := picture(app, **query)) and frame

    until(lambda: session_of(app).renderer)
    return until(there)


# Settings that open the views of a page, one after another.
SMALL = {"hidden_size": "6", "memory_length": "1000"}
VIEWS = {
    "shapes": [{}, {"shape": "encoder_decoder", "seen": "all"}],
    "language": [{"look_at": view} for view in ("score", "write", "rulers", "game")],
    "memory": [
        SMALL | {"memory_view": "change"},
        SMALL | {"memory_view": "plane"},
        {"preset": "grammar", "memory_view": "plane", "plane_view": "tree"},
    ],
}


@pytest.mark.parametrize("name", LIVE)
def test_every_guide_and_table_of_the_record_has_a_fold_and_every_fold_is_of_the_record(name):
    for layout in page(name).layouts:
        saved = {name for name in layout.guides if name.endswith("_numbers")}  # fetched for a file
        folds = re.findall(r'data-part="(\w+)"', markup(layout.folder))
        assert sorted(folds) == sorted(layout.guides.keys() - saved)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", LIVE)
def test_every_guide_and_table_of_the_record_opens_in_one_of_the_views_and_nothing_else_does(name, code):
    names = {part for layout in page(name).layouts for part in layout.guides}
    opened, made = ",".join(sorted(names)), {}
    for view in VIEWS.get(name, [{}]):
        with visits(name) as visit:
            app = visit(lang=code, **view)
            made |= until(lambda app=app: picture_of(app, open=opened)["parts"])
            assert picture_of(app, open="x,")["parts"] == {}
    assert made.keys() == names
    guides = [sentence for part, lines in made.items() if part.endswith("guide") for sentence in lines]
    assert len(guides) >= len(names) // 2 and all(made[part] for part in names if part.endswith("table"))
    assert code == "en" or not [sentence for sentence in guides if ENGLISH.search(sentence)]
    numbers = [
        cell for part in made.values() if isinstance(part, dict) for column in part.values() for cell in column
        if isinstance(cell, float)
    ]  # fmt: skip
    assert not [cell for cell in numbers if len(repr(cell)) > 12]  # rounded, and no float32 in the digits of a float64


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", LIVE)
def test_every_notice_of_the_record_is_a_sentence(name, code):
    options = SimpleNamespace(language=language(code), split="train", shape="deep")
    values = {"cell": "gru", "kept": 3, "update": 4, "detail": "why", "needed": 5, "free": 6, "steps": 7, "length": 8}
    for layout in page(name).layouts:
        renderer = layout.renderer(layout)
        for kind in {*SENTENCES, *layout.sentences, "refused"}:
            happened = Snapshot(1, "paused", time.monotonic(), Notice(kind, values))
            [told] = renderer.header(happened, options)["notices"]
            assert told["kind"] == LEVELS.get(kind, "warning")
            assert told["sentence"][-1] in ".。" and "{" not in told["sentence"]
            assert code == "en" or not ENGLISH.search(told["sentence"])
            begin = language(code).gettext(layout.sentences.get(kind, "{")).partition("{")[0]
            assert told["sentence"].startswith(begin)


@pytest.mark.parametrize("name", LIVE)
def test_every_word_of_the_layouts_is_translated(name):
    gettext = language("zh_CN").gettext
    words = [word for layout in page(name).layouts for word in layout.words.values()]
    assert words and not [word for word in words if gettext(word) == word]


@pytest.mark.parametrize("name", LIVE)
def test_a_request_with_nonsense_is_understood_as_far_as_it_goes(name):
    draw = random.Random(0)
    words = ["", "x", "-1", "9" * 400, "1e9", "\\x00", "[[[[", "[1,2]", "NaN", "²"]
    for layout in page(name).layouts:
        for _again in range(50):
            query = {key: draw.choice(words) for key in ASKED}
            assert layout.request(query | {"token": "known"}).token == "known"


@pytest.mark.parametrize("name", EVERY)
def test_every_setting_is_spelled_in_the_address_and_read_from_it(name):
    for key, setting in page(name).settings.items():
        if setting.choices and not setting.several:
            values = setting.choices
        elif isinstance(setting.default, bool):
            values = (False, True)
        elif math.isfinite(setting.low):
            values = (setting.default, setting.low, setting.high)
        else:
            values = (setting.default,)
        for value in values:
            text = setting.spell(value)
            assert setting.parse(text) == value or not setting.allows(value), key
            assert setting.understands(text), key


@pytest.mark.parametrize("name", EVERY)
def test_every_setting_has_the_label_and_the_help_of_its_control_or_is_chosen_in_a_chart(name):
    """Where a chart of another page chooses it, this page only keeps it."""
    chosen = {key for other in EVERY for layout in page(other).layouts for key in layout.chosen.values()}
    chosen |= {keys.CHANGES, keys.PLACE, keys.CLASS, keys.UPDATE}  # chosen in Unroll's picture, a class, the browser
    chosen |= {keys.BESIDE}  # in the list of runs
    missing = {key for key, setting in page(name).settings.items() if not (setting.label and setting.help)}
    assert missing <= chosen
    assert not [key for key, setting in page(name).settings.items() if bool(setting.label) != bool(setting.help)]


# Not said again: an experiment in which other things were changed, and what this network cannot have.
UNSUITED = {
    keys.PRESET, keys.MATCH, keys.STATEFUL, keys.VANISHING_PENALTY, keys.SCHEDULED_SAMPLING, keys.MEMORY_QUANTITY,
    "arena_order_sequence_length",
}  # fmt: skip


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
        full.release("somebody else")
        assert app.run().title and not app.warning


@pytest.mark.parametrize("name", EVERY)
def test_a_hand_made_message_without_a_value_leaves_a_page(name):
    """A browser always sends one; whoever writes messages by hand may not."""
    with visits(name) as visit:
        app = visit()
        for kind in ("selectbox", "slider", "select_slider", "number_input", "checkbox", "text_input"):
            for control in app.get(kind):
                control.set_value(None)
        app.run()
        assert not app.exception and not app.error and [title.value for title in app.title] == [page(name).heading]
