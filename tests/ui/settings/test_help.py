"""Every control has its help, in both languages, and the glossary's words can be found where they stand."""

import pytest
from visits import visits

from ui.glossary import GLOSSARY, entries
from ui.i18n import LANGUAGES, language
from ui.settings import keys
from ui.settings.help import HELP, help_of

KINDS = ("slider", "select_slider", "number_input", "checkbox", "text_input", "text_area", "selectbox", "button_group")
LAB_PARTS = (keys.MORE_TEXT, keys.MORE_NETWORK, keys.MORE_LEARNING, keys.SHOWN)
VISITS = [
    ("lab", {}),
    ("lab", {"cell": "gru", "by": "words", "clipping": "value", "truncation": "chunked", "layers": "2"}),
    *(("lab", {"data": name, "cell": "lstm"}) for name in ("recall", "copy", "count", "flipflop", "sine", "agreement")),
    ("lab", {"data": "sentiment", "split": "typed"}),
    ("gradients", {"view": "unit"}),
    ("unroll", {"cut": "windowed"}),
    ("arena", {}),
    ("course", {}),
    *(("memory", {keys.MEMORY_VIEW: view}) for view in ("text", "change", "plane", "found")),
    *(("language", {keys.WRITING_VIEW: view}) for view in ("score", "write", "game", "counting")),
    *(("shapes", {"shape": shape}) for shape in ("many_to_one", "encoder_decoder", "deep", "one_to_many")),
]


@pytest.mark.parametrize(("page", "query"), VISITS, ids=str)
def test_every_control_has_its_help(page, query):
    with visits(page, (*LAB_PARTS, keys.MORE_MATCH)) as visit:
        app = visit(**query)
        drawn = [element for kind in KINDS for element in app.get(kind)]
        assert drawn
        assert [element.key for element in drawn if not element.proto.help] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_help_and_glossary_are_sentences(code):
    _ = language(code).gettext
    for name in HELP:
        assert help_of(name, _).rstrip()[-1] in ".。", name
    for words, meaning in entries(_):
        assert words and all(words) and meaning[-1] in ".。", words


def test_no_word_of_the_glossary_has_two_meanings():
    for code in LANGUAGES:
        known = [word.lower() for words, _meaning in entries(language(code).gettext) for word in words]
        assert len(known) == len(set(known))


def test_help_names_words_that_the_glossary_has():
    assert {term for _sentence, *terms in HELP.values() for term in terms} <= GLOSSARY.keys()
