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
ONE_OR_MANY = {None: None, 3: (1, 2), 4: (1, 2)}  # a message, its plural, the number; a comma at the end counts
KEYWORDS = {"_": ONE_OR_MANY, "N_": None, "translate": ONE_OR_MANY, "gettext": None}
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
    return found - {message[0] for message in found if isinstance(message, tuple)}


def catalogue(code):
    with (LOCALES / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=code)


def entries(code) -> list[tuple[str, str]]:
    """(English, translation) of every message; of one with a plural each form with each."""
    forms = lambda text: text if isinstance(text, tuple) else (text,)  # noqa: E731
    found = [(forms(message.id), forms(message.string)) for message in catalogue(code) if message.id]
    return [(english, other) for ids, strings in found for english in ids for other in strings]


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
    assert [english for english, other in entries(code) if not other.strip()] == []
    assert [message.id for message in catalogue(code) if message.id and message.fuzzy] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_placeholders_and_formulas_match(code):
    for message in catalogue(code):
        if message.id:
            *singular, whole = message.id if isinstance(message.id, tuple) else (message.id,)
            assert all(set(placeholders(one)) <= set(placeholders(whole)) for one in singular)  # one may be a word
            for other in message.string if singular else (message.string,):
                assert placeholders(other) == placeholders(whole)
                assert re.findall(r"\$[^$]+\$", other) == re.findall(r"\$[^$]+\$", whole)


def test_chinese_is_chinese():
    for message, other in entries("zh_CN"):
        words = re.sub(r"\{[^}]*\}", "", message)
        assert not re.search("[a-z]", words) or re.search(r"[\u4e00-\u9fff]|RNN", other), message
        assert not re.search(r"[\u4e00-\u9fff] ?[,;:?!](?!\d)", other), "half-width punctuation"


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
    filled = message.format(name="RNN（ReLU）· 单位矩阵", update=5, where="图")
    assert filled == "RNN（ReLU）· 单位矩阵在 5 次更新之后发散：见图。"  # nor between two Chinese words
    assert Message("{name} in {count} updates").format(name="单位", count=3) == "单位 in 3 updates"


@pytest.mark.parametrize("code", TRANSLATED)
def test_typography_of_the_catalogue(code):
    for pair in entries(code):
        for text in pair:
            assert not re.search(r"[«»]", text), text
            assert not re.search(r"[\d}] %(?!\{)", text), "a blank before the percent sign: " + text
            assert not re.search(r"(?<![\w.])-\d", text), "a hyphen for a minus sign: " + text
            assert not re.search(r"[，。！？；：、）（] | [，。！？；：、）（]", text), (
                "a blank beside full-width: " + text
            )


# Terms once written in several ways, or wrongly: how they are written today.
ONE_TERM = {
    "纳特": "奈特", "随机水平": "盲猜水平", "盲猜的水平": "盲猜水平", "怎样读": "如何读", "怎样看": "如何读",
    "如何阅读": "如何读图", "(?<!边)侧栏": "侧边栏", "旁边的控件": "侧边栏中的控件", "批大小": "批量大小",
    "候选值": "候选状态", "单元状态": "细胞状态", "细胞(?!状态)": "细胞状态, or 单元", "抽样": "采样", "可抽": "可采样",
    "总谱": "逐步总览", "谱行": "行", "留出": "验证", "课文": "文本", "(?:融为一体|融入页面)": "零即页面底色",
    "背诵": "死记硬背，即过拟合", "普通网络": "普通 RNN", "平均连接": "平均链接", "叶子": "叶节点",
    "上色依据": "着色依据", "从两[头端]读": "双向读取", "你": "您", "“播放”": "“运行”",
    "单元来数": "细胞状态的一个分量",
    "参数个数": "参数量", "没有丢失任何东西|什么都没有丢失": "数据没有丢失", "付账|您付": "代价",
    "(?<!时间)步 [kt]\\b": "时间步 k", "要么消退": "要么消失", "带门的单元": "门控单元", "一无所知": "什么都没学到",
    "大家": "各网络", "(?<!几行)的(?:数据)?表格?$": "…数据表", "应有的": "目标", "抽一个": "采样",
    "意外程度": "惊异度", "不再有限|非有限|不再是有限": "变为无穷大或 NaN",
}  # fmt: skip
PLAIN_ENGLISH = {
    r"\banew\b": "again, from scratch", r"\bgo(?:es|ing)? on\b": "continue", "[Ee]verybody": "every network",
    "One who|Who always": "a model that", "(?:Shown|Held|Counted) (?:is|are|were)": "… is shown",
    "beside itself": "before and after", r"\bmeant\b": "target",
    r"%} is right\b": "of its answers are right", r"\busually beats\b": "compare, nothing promised",
    r"\bit vanishes, or it explodes\b": "it can vanish or explode", "beside the network": "in the side bar",
}  # fmt: skip


def test_each_thing_has_one_name_in_chinese():
    for _message, other in entries("zh_CN"):
        for old, new in ONE_TERM.items():
            assert not re.search(old, other), f"{old} → {new}: {other}"


def test_english_is_plain():
    for message, _other in entries("zh_CN"):
        for old, new in PLAIN_ENGLISH.items():
            assert not re.search(old, message), f"{old} → {new}: {message}"


QUOTED_WORDS = {"The"}  # with a capital, but no control: what somebody writes


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_page_a_tab_or_an_experiment_is_quoted_by_the_name_it_has(code):
    known = dict(entries(code))
    for message, translation in known.items():
        names = set(re.findall("“([A-Z][^”]*)”", message)) - QUOTED_WORDS
        names |= set(re.findall("(?:choice|column|tab) “([^”{]*)”", message))
        for name in names:
            assert name in known, f"nothing is called “{name}”: {message}"
            assert f"“{known[name]}”" in translation, f"“{name}” is “{known[name]}”: {translation}"


# Numbers that a setting or a text can make 1, and what they count: such a message has both forms, or does without them.
MAY_BE_ONE = r"\{(seeds|back|cut|blanks|delay|length|bits|counted|layers|lags)\} (?!\{)[a-z]+s\b"


def test_what_may_be_a_single_one_has_a_singular():
    _, chinese = language("en").gettext, language("zh_CN").gettext
    forms = "{leaf}: read {count} time", "{leaf}: read {count} times"
    said = [_(*forms, count).format(leaf="sea", count=count) for count in (0, 1, 2)]
    assert said == ["sea: read 0 times", "sea: read 1 time", "sea: read 2 times"]
    assert [chinese(*forms, count).format(leaf="海", count=count) for count in (1, 2)] == [
        "海：读到 1 次",
        "海：读到 2 次",
    ]
    plain = [message for message in catalogue("zh_CN") if isinstance(message.id, str)]
    found = [message for message in plain if re.search(MAY_BE_ONE, message.id)]
    lessons = "ui/course/lessons/"  # their settings are fixed
    assert [one.id for one in found if not all(file.startswith(lessons) for file, _line in one.locations)] == []


def test_no_sentence_counts_updates_that_may_be_a_single_one():
    plural = re.compile(r"(after|for|\() ?\{(update|when|left|solved):,\} updates", re.IGNORECASE)
    assert [message for message in extracted() if isinstance(message, str) and plural.search(message)] == []
