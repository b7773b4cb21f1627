"""Help of the controls, in both languages, and the glossary's words, which can be found where they stand."""

import pytest

from ui.i18n import LANGUAGES, language
from ui.pages import PAGES, page
from ui.settings.glossary import GLOSSARY, entries

HELP = [setting.help for name in PAGES for setting in page(name).settings.values() if setting.help is not None]


@pytest.mark.parametrize("code", LANGUAGES)
def test_help_and_glossary_are_sentences(code):
    _ = language(code).gettext
    for each in HELP:
        assert each.text(_).rstrip()[-1] in ".。" or each.sentence.startswith("Such as: "), each.sentence
        assert code == "en" or _(each.sentence) != each.sentence
    for words, meaning in entries(_):
        assert words and all(words) and meaning[-1] in ".。", words


def test_no_word_of_the_glossary_has_two_meanings():
    for code in LANGUAGES:
        known = [word.lower() for words, _meaning in entries(language(code).gettext) for word in words]
        assert len(known) == len(set(known))


def test_help_names_words_that_the_glossary_has():
    assert {term for each in HELP for term in each.terms} <= GLOSSARY.keys()
