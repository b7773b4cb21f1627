"""The README says what is so: its example, its commands, its links, its list of dependencies."""

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROSE = re.sub(r"^```.*?^```$", "", README, flags=re.DOTALL | re.MULTILINE)


def block(language: str, containing: str = "") -> str:
    """The text of the first fenced block in this language with this text in it."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    return next(text for text in blocks if containing in text)


def test_example_prints_what_it_says():
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block("python"), "README.md", "exec"), {})
    after = README[README.index("It prints:") :]
    assert printed.getvalue() == re.search(r"^```text\n(.*?)^```$", after, re.DOTALL | re.MULTILINE)[1]


def test_encoder_decoder_prints_what_it_says():
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block("python", "EncoderDecoder"), "README.md", "exec"), {})
    assert printed.getvalue() == block("text", "held-out numbers")


def test_commands_are_targets():
    targets = re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    code = re.findall(r"`[^`\n]+`", README) + block("sh", "make run").splitlines()
    named = {name for text in code for name in re.findall(r"^`?make ([a-z-]+)", text)}
    assert named >= {"run", "test"}
    assert named <= set(targets)


@pytest.mark.parametrize("path", re.findall(r"\]\((?!https?:)([^)#]+)\)", PROSE))
def test_link_leads_somewhere(path):
    assert (ROOT / path).is_file()


@pytest.mark.parametrize("path", re.findall(r"^(\S+)", block("text", "app.py"), re.MULTILINE))
def test_map_shows_what_is_there(path):
    assert (ROOT / path).exists()


def test_no_gap_left():
    assert "GAP" not in README
