"""Names in the lists of data."""

import pytest

from rnn_core.tasks.texts import STREAMS, TEXTS
from ui.i18n import LANGUAGES, language
from ui.settings.choices import text_names


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_text_is_named_with_its_language_and_a_stream_of_symbols_has_none(code):
    names = text_names(language(code).gettext)
    assert list(names) == list(TEXTS) and len(set(names.values())) == len(names)
    named = {key for key, name in names.items() if any(one in name for one in LANGUAGES.values())}
    assert named == set(TEXTS) - set(STREAMS)


def test_the_lists_are_in_the_readers_language():
    assert text_names(language("en").gettext)["xor_stream"] == "Exclusive or, bit by bit"
    assert text_names(language("zh_CN").gettext)["xor_stream"] == "逐位异或"
