"""The door at the end of a lesson: the page behind it shows the lesson's own network, or says that it is one alike."""

from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from rnn_core import Trainer
from ui.arena import controls as arena
from ui.arena.records import training_of
from ui.course.lessons import NAMES, lesson
from ui.course.own.networks import trainer_of
from ui.i18n import LANGUAGES
from ui.pages import page
from ui.settings import keys
from ui.shapes import controls as shapes
from ui.shapes.training import trainer_of as trainer_of_shape
from ui.training.run import new_trainer

# A network of 8000 words, one that reads nothing but chance, one that learns strings of other lengths.
ALIKE = {"unrolled", "untrained", "translation"}


def fingerprint(trainer) -> tuple:
    """What tells a trainer that has made no update: its weights, its data, its options."""
    batch = trainer.task.held_out()
    weights = b"".join(array.tobytes() for array in trainer.model.state_dict().values())
    return trainer.model.config, trainer.config, weights, batch.x.tobytes(), batch.targets.tobytes()


def of_the_lesson(one, monkeypatch) -> list[tuple]:
    """Of the networks that its run has made when it shows the first."""
    made, begin = [], Trainer.__init__

    def recorded(self, *given, **options):
        begin(self, *given, **options)
        made.append(fingerprint(self))

    monkeypatch.setattr(Trainer, "__init__", recorded)
    next(one.run(one.seed))
    monkeypatch.undo()
    return made


def behind(door, code) -> list[tuple]:
    """Of the networks that the page behind a door trains, for a reader of that language."""
    table = page(door.page).settings
    values = {key: table[key].parse(text) for key, text in door.query.items()}
    match door.page:
        case "shapes":
            first = {keys.SHAPE_WORDS: code, keys.SHAPE_PAIRS: shapes.FIRST_PAIRS[code]}
            setup, training = shapes.arranged(values[keys.SHAPE], first | values, code)
            return [fingerprint(trainer_of_shape(setup, network, training)) for network in setup.networks]
        case "arena":
            defaults = {key: setting.default for key, setting in table.items()}
            match, training, _plan = arena.arranged(defaults | values)
            setups = [(match.setup(one), training_of(one, training)) for one in match.contenders]
            return [fingerprint(new_trainer(*one)) for one in setups]
        case _:
            return [fingerprint(trainer_of(values, 0))]


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", sorted(set(NAMES) - ALIKE - {"state"}))  # state: tests/ui/course/lessons/test_state.py
def test_the_page_behind_it_trains_the_lessons_own_network(name, code, monkeypatch):
    one = lesson(name)
    assert not one.door.alike and set(of_the_lesson(one, monkeypatch)) & set(behind(one.door, code))


@pytest.mark.parametrize("name", sorted(ALIKE))
def test_where_it_shows_another_one_it_says_so(name):
    assert lesson(name).door.alike


def _doors(name, code):
    import streamlit as st

    from ui.course.lessons import lesson
    from ui.course.view import _onwards
    from ui.settings import keys

    st.query_params[keys.LANGUAGE] = code
    _onwards(lesson(name), str)


def test_every_door_leads_to_a_page_in_the_language_of_the_lesson():
    """In a tab of its own the page would take the browser's language, which may be another."""
    for number, name in enumerate(NAMES):
        code = list(LANGUAGES)[number % len(LANGUAGES)]
        app = AppTest.from_function(_doors, kwargs={"name": name, "code": code}).run()
        assert not app.exception
        urls = [link.proto.url for link in app.get("link_button")]
        queries = [parse_qs(urlsplit(url).query) for url in urls]
        assert len(urls) == 1 + (lesson(name).further is not None)
        assert [query[keys.LANGUAGE] for query in queries] == [[code]] * len(urls)
        for door, query in zip(filter(None, (lesson(name).door, lesson(name).further)), queries, strict=True):
            assert {key: [text] for key, text in door.query.items()} == {k: v for k, v in query.items() if k != "lang"}
