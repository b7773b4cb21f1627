"""Files of readers: encodings told apart, nothing read wrongly; a download in its own thread, every failure named."""

import io
import random
import re
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_core.tasks import TEXTS
from ui.network.text_files import MAX_BYTES, TextError, decode

CHINESE = "\n".join(text.text for text in TEXTS.values() if text.language == "zh_CN")
ENGLISH = "\n".join(text.text for text in TEXTS.values() if text.language == "en")
MIXED = "".join(f"{e}\n{c}\n" for e, c in zip(ENGLISH.splitlines(), CHINESE.splitlines(), strict=False))
PATIENCE = 60.0  # seconds


def refusal(data: bytes) -> TextError:
    """Why these bytes are refused."""
    with pytest.raises(TextError) as caught:
        decode(data)
    return caught.value


# Encodings


@pytest.mark.parametrize(
    "text", [CHINESE, ENGLISH, MIXED, "so many stars " * 9 + "老街"], ids=["chinese", "english", "mixed", "plain words"]
)
@pytest.mark.parametrize(
    ("codec", "mark", "name"),
    [
        ("utf-8", b"", "UTF-8"),
        ("utf-8", b"\xef\xbb\xbf", "UTF-8 with BOM"),
        ("utf-16-le", b"\xff\xfe", "UTF-16 LE"),
        ("utf-16-be", b"\xfe\xff", "UTF-16 BE"),
        ("utf-16-le", b"", "UTF-16 LE"),
        ("utf-16-be", b"", "UTF-16 BE"),
    ],
)
def test_unicode(text, codec, mark, name):
    assert decode(mark + text.encode(codec)) == (text, name, 0)


@pytest.mark.parametrize("codec", ["gb18030", "gbk"])
@pytest.mark.parametrize("text", [CHINESE, MIXED], ids=["chinese", "mixed"])
def test_gb18030(text, codec):
    assert decode(text.encode(codec)) == (text, "GB18030", 0)


def test_gb2312_and_the_four_bytes_of_gb18030():
    assert decode("春天来了，燕子飞回来了。".encode("gb2312")) == ("春天来了，燕子飞回来了。", "GB18030", 0)
    rare = CHINESE[:60] + "㐂𠀀"  # U+3402 and U+20000: GBK has neither
    assert decode(rare.encode("gb18030")) == (rare, "GB18030", 0)


@pytest.mark.parametrize("length", [16, 25, 40, 100, 200])
def test_short_pieces_of_gb18030(length):
    """Every piece of the shipped Chinese texts that has two Chinese characters in three is recognised."""
    pieces = [CHINESE[start : start + length] for start in range(0, len(CHINESE) - length, length)]
    pieces = [piece for piece in pieces if 3 * len(re.findall("[一-龥]", piece)) >= 2 * len(piece)]
    assert len(pieces) >= 5
    assert [decode(piece.encode("gb18030")) for piece in pieces] == [(piece, "GB18030", 0) for piece in pieces]


def test_a_line_of_chinese_late_in_an_english_text():
    text = ENGLISH + "\nThe poem begins: 床前明月光，疑是地上霜。\n"
    assert decode(text.encode("gb18030")) == (text, "GB18030", 0)


@pytest.mark.parametrize(
    ("text", "codec", "guess"),
    [
        ("L'été, les élèves préfèrent la forêt à la mer.", "windows-1252", "Windows-1252"),
        ("“So many,” she said, “so many stars.” It’s late.", "windows-1252", "Windows-1252"),
        ("Широкая река течёт медленно, и вечер тих.", "windows-1251", "Windows-1251"),
        ("Широкая река течёт медленно, и вечер тих.", "koi8-r", "KOI8-R"),
        ("Η άνοιξη ήρθε και τα χελιδόνια γύρισαν.", "iso8859-7", "Windows-1253"),
        ("Zażółć gęślą jaźń, późną wiosną.", "windows-1250", "Windows-1250"),
        ("ฤดูใบไม้ผลิมาถึงแล้ว นกนางแอ่นกลับมา", "cp874", "CP874"),
        ("春天來了，燕子從南方飛回來了，樹木開始發芽。", "big5", "Big5"),
        ("春が来て、つばめが南から帰ってきました。", "shift_jis", "CP932"),
        ("春が来て、つばめが南から帰ってきました。", "euc_jp", "EUC-JP"),
        ("봄이 오고 제비가 남쪽에서 돌아왔습니다.", "euc_kr", "CP949"),
    ],
)
def test_another_encoding_is_refused_not_misread(text, codec, guess):
    error = refusal(text.encode(codec))
    assert (error.kind, error.values) == ("unknown_encoding", {"guess": guess})


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("ฤดูใบไม้ผลิมาถึงแล้ว นกนางแอ่นกลับมา", "cp874"),
        ("Η άνοιξη ήρθε και τα χελιδόνια γύρισαν.", "iso8859-7"),
        ("Größere Flüsse fließen ruhig über die Ebene, schön im Frühling.", "windows-1252"),
        ("春が来て、つばめが南から帰ってきました。", "shift_jis"),
        ("春が来て、つばめが南から帰ってきました。", "euc_jp"),
        ("봄이 오고 제비가 남쪽에서 돌아왔습니다.", "euc_kr"),
    ],
)
def test_short_pieces_of_other_encodings_are_never_taken_for_chinese(text, codec):
    for length in (6, 10, 16):
        pieces = [text[start : start + length].encode(codec) for start in range(len(text) - length)]
        assert [decode(piece).text for piece in pieces if piece.isascii()] == [
            p.decode() for p in pieces if p.isascii()
        ]
        for piece in pieces:
            if not piece.isascii():
                assert refusal(piece).kind in ("unknown_encoding", "damaged")


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.sampled_from("\n\r\t")))
def test_any_text_in_utf8_comes_back_with_its_lines(text):
    if text.startswith(("\ufeff", "%PDF-", "%!PS", "{\\rtf")) or not text.strip():
        return
    assert decode(text.encode()).text == "\n".join(re.split("\r\n|\r|\n", text))


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "utf-16"])
def test_line_ends(codec):
    assert decode("春天来了\r\n燕子飞回\r来了\n".encode(codec)).text == "春天来了\n燕子飞回\n来了\n"


@pytest.mark.parametrize("data", [b"", b" \n\t", b"\xef\xbb\xbf", b"\xff\xfe \x00", "\u3000".encode()])
def test_nothing(data):
    assert refusal(data).kind == "empty"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig"])
def test_utf8_with_a_wrong_byte_is_damaged_not_gb18030(codec):
    data = CHINESE.encode(codec)
    name = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 with BOM"}[codec]
    broken = data[:400] + b"\xff" + data[400:]
    error = refusal(broken)
    assert (error.kind, error.values["encoding"]) == ("damaged", name)
    assert 398 <= error.values["position"] <= 401  # of the character with the wrong byte


CUT = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 with BOM", "gb18030": "GB18030", "utf-16": "UTF-16 LE"}


@pytest.mark.parametrize("codec", CUT)
@pytest.mark.parametrize("text", [CHINESE[:200], MIXED[:400]])
def test_a_character_that_is_cut_in_two_is_left_out(codec, text):
    """Wherever the text ends."""
    data = text.encode(codec)
    whole = {len(text[:length].encode(codec)): text[:length] for length in range(1, len(text) + 1)}
    for end in range(len(data) - 40, len(data) + 1):
        begun = next(before for before in range(end, 0, -1) if before in whole)
        assert decode(data[:end]) == (whole[begun], CUT[codec], end - begun)


def test_a_first_character_that_is_cut_in_two_is_left_out():
    assert decode(CHINESE.encode()[1:]) == (CHINESE[1:], "UTF-8", 2)
    assert decode("床前明月光".encode()[2:-2]) == ("前明月", "UTF-8", 2)


def test_one_strange_byte_is_no_reason_to_read_utf8():
    for data in (b"un caf\xe9", b"\xbfde qu\xe9?", b"\xa9 1998 by me"):
        assert refusal(data).kind == "unknown_encoding"


# Files that are no text


def archive() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("word/document.xml", ENGLISH)
    return made.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x02\0\0\0",
        b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0",
        b"GIF89a\x01\0\x01\0\x80\0\0",
        b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\n",
        b"{\\rtf1\\ansi Hello.}",
        archive(),
        b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\0\x3e\0\x01\0\0\0",
        b"text with a \0 in it",
        b"text with a \0 in it, and evenly long",
        b"text with a\0 in it, and evenly long!",
        *(CHINESE[:200].encode(codec) + b"\0" * count for codec in ("utf-8", "gb18030") for count in (1, 2)),
        b"\xff\xfe" + "a\0b".encode("utf-16-le"),
        bytes(100),
        *(random.Random(seed).randbytes(4096) for seed in range(20)),
        random.Random(0).randbytes(MAX_BYTES),
    ],
    ids=lambda data: repr(data[:8]),
)
def test_binary_is_refused(data):
    error = refusal(data)
    assert error.kind == "binary"
    assert len(data) - 2 <= error.values["size"] <= len(data)


# Limits


def test_the_limits_themselves_are_allowed():
    assert len(decode(b"a" * MAX_BYTES).text) == MAX_BYTES


def test_too_large():
    error = refusal(b"a" * (MAX_BYTES + 1))
    assert (error.kind, error.values) == ("too_large", {"size": MAX_BYTES + 1, "limit": MAX_BYTES})


# The download
