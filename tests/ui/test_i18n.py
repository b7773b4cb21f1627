"""The catalogues: every string of the pages is in them, translated, with the same placeholders."""

import ast
import re
import string
from pathlib import Path

import numpy as np
import pytest
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.pofile import read_po

from ui.i18n import LANGUAGES, LOCALES, Message, join_sentences, language, preferred

ROOT = Path(__file__).parents[2]
KEYWORDS = {"_": None, "N_": None, "translate": None, "gettext": None}
TRANSLATED = [code for code in LANGUAGES if code != "en"]


def extracted() -> set[str]:
    """Every string that is marked for translation."""
    found = set()
    for folder in ("pages", "ui"):
        for _file, _line, message, _comments, _context in extract_from_dir(
            str(ROOT / folder), [("**.py", "python")], keywords=KEYWORDS
        ):
            found.add(message)
    for _line, message, _comments, _context in extract_from_file("python", str(ROOT / "app.py"), keywords=KEYWORDS):
        found.add(message)
    return found


def catalogue(code):
    with (LOCALES / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=code)


def placeholders(message: str) -> list[str]:
    """str.format's and Plotly's fields with their formats, in alphabetical order."""
    plotly = re.findall(r"%\{[^}]*\}", message)
    rest = re.sub(r"%\{[^}]*\}", "", message)
    fields = [f"{name}:{form}" for _text, name, form, _conversion in string.Formatter().parse(rest) if name is not None]
    return sorted(plotly + fields)


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_catalogue_is_complete_and_nothing_in_it_is_stale(code):
    assert {message.id for message in catalogue(code) if message.id} == extracted(), "see ui/i18n.py"


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_entry_is_translated_and_none_is_fuzzy(code):
    for message in catalogue(code):
        if message.id:
            assert message.string.strip(), message.id
            assert not message.fuzzy, message.id


@pytest.mark.parametrize("code", TRANSLATED)
def test_placeholders_and_formulas_match(code):
    for message in catalogue(code):
        if message.id:
            assert placeholders(message.string) == placeholders(message.id)
            assert re.findall(r"\$[^$]+\$", message.string) == re.findall(r"\$[^$]+\$", message.id)


def test_chinese_is_chinese():
    for message in catalogue("zh_CN"):
        if message.id:
            words = re.sub(r"\{[^}]*\}", "", message.id)
            assert not re.search("[a-z]", words) or re.search(r"[\u4e00-\u9fff]|RNN", message.string), message.id
            assert not re.search(r"[\u4e00-\u9fff] ?[,;:?!](?!\d)", message.string), "half-width punctuation"


def test_no_marked_string_is_hidden_in_an_f_string():
    """The extractor does not look into f-strings."""
    for path in [ROOT / "app.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "ui").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                calls = [call for call in ast.walk(node) if isinstance(call, ast.Call)]
                names = {getattr(call.func, "id", getattr(call.func, "attr", "")) for call in calls}
                assert not names & set(KEYWORDS), f"{path}:{node.lineno}"


def test_two_languages_at_once():
    english, chinese = language("en"), language("zh_CN")
    assert (english.gettext("Pause"), chinese.gettext("Pause")) == ("Pause", "暂停")
    assert language("zh_CN") is chinese


@pytest.mark.parametrize(
    ("locale", "code"),
    [
        ("zh-CN", "zh_CN"),
        ("zh-Hans", "zh_CN"),
        ("zh", "zh_CN"),
        ("en-US", "en"),
        ("de", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_the_browsers_language(locale, code):
    assert preferred(locale) == code


def test_sentences_are_joined_as_their_language_does():
    assert join_sentences("So far.", "", "So good.") == "So far. So good."
    assert join_sentences("现在正确率 100%。", "训练前的比值为 0.5。") == "现在正确率 100%。训练前的比值为 0.5。"
    assert join_sentences("", "Alone.") == "Alone."


def test_no_code_joins_sentences_with_a_blank_in_every_language():
    joined = re.compile(r"""["'] ["'](\.join\(| \+ _\()""")
    sources = [*(ROOT / "pages").glob("*.py"), *(ROOT / "ui").rglob("*.py")]
    hits = {
        f"{path}:{line}" for path in sources for line in path.read_text("utf-8").splitlines() if joined.search(line)
    }
    lists = ("vocabulary", "unread", "unknown", "symbols", "hashes", "PAGE")  # of words, not of sentences
    assert [hit for hit in hits if not any(name in hit for name in lists) and "text.split" not in hit] == []


def test_numbers_in_sentences_have_one_minus_sign_and_powers_of_ten():
    _ = language("en").gettext
    assert _("{loss:.6g} nats").format(loss=-1.5e-7) == "−1.5×10⁻⁷ nats"
    chinese = language("zh_CN").gettext("Its loss changes by {change:+.3g} nats.")
    assert chinese.format(change=np.float32(-2.5)).count("−2.5") == 1
    assert Message("{first}–{last}").format(first="a-b", last=3) == "a-b–3"  # a name keeps its hyphen


def test_no_blank_beside_a_full_width_bracket():
    message = Message("{name} 在 {update:,} 次更新之后发散：见 {where}。")
    filled = message.format(name="RNN（tanh）", update=1234, where="《诗》")
    assert filled == "RNN（tanh）在 1,234 次更新之后发散：见《诗》。"


@pytest.mark.parametrize("code", TRANSLATED)
def test_typography_of_the_catalogue(code):
    for message in catalogue(code):
        for text in (message.id, message.string) if message.id else ():
            assert not re.search(r"[«»]", text), text
            assert not re.search(r"[\d}] %(?!\{)", text), "a blank before the percent sign: " + text
            assert not re.search(r"(?<![\w.])-\d", text), "a hyphen for a minus sign: " + text
            assert not re.search(r"[，。！？；：、）（] | [，。！？；：、）（]", text), (
                "a blank beside full-width: " + text
            )
