"""README and docs say what is so: examples, commands, links, the map, the room for measured tables."""

import contextlib
import io
import re
from pathlib import Path

import pytest

from benchmarks.parts import HEADS
from benchmarks.report import SPEED, write

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in PAGES}
README = TEXTS["README.md"]
EXAMPLE = re.compile(r"^```python\n(.*?)^```$\n+(?:It prints:\n+)?^```text\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def prose(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(
    ("code", "printed"), [pair for text in TEXTS.values() for pair in EXAMPLE.findall(text)], ids=lambda text: text[:20]
)
def test_example_prints_what_it_says(code, printed):
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(code, "example", "exec"), {})
    assert output.getvalue() == printed


@pytest.mark.parametrize("page", TEXTS)
def test_every_python_block_says_what_it_prints(page):
    assert TEXTS[page].count("```python") == len(EXAMPLE.findall(TEXTS[page]))


@pytest.mark.parametrize("page", TEXTS)
def test_commands_are_targets(page):
    targets = re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    shell = re.findall(r"^```sh\n(.*?)^```$", TEXTS[page], re.DOTALL | re.MULTILINE)
    code = re.findall(r"`[^`\n]+`", TEXTS[page]) + [line for block in shell for line in block.splitlines()]
    named = {name for text in code for name in re.findall(r"^`?make ([a-z-]+)", text)}
    assert named <= set(targets)
    assert page != "README.md" or named >= {"run", "test", "check"}


LINKS = [(page, link) for page, text in TEXTS.items() for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", prose(text))]


@pytest.mark.parametrize(("page", "link"), LINKS)
def test_link_leads_somewhere(page, link):
    assert ((ROOT / page).parent / link).is_file()


def test_every_page_of_the_docs_can_be_reached():
    reached = {((ROOT / page).parent / link).resolve() for page, link in LINKS}
    assert set(PAGES[1:]) <= reached


@pytest.mark.parametrize(
    "path", re.findall(r"^(\S+)", re.search(r"^```text\n(app.py.*?)^```$", README, re.S | re.M)[1], re.M)
)
def test_map_shows_what_is_there(path):
    assert (ROOT / path).exists()


def test_readme_is_short():
    assert len(README.splitlines()) <= 150


def test_measured_tables_have_their_places(tmp_path):
    page = tmp_path / "speed.md"
    page.write_text(SPEED.read_text(encoding="utf-8"), encoding="utf-8")
    for part in ("steps", *HEADS, "page", "canvas"):
        write(part, f"| figures of {part} \\1 |", page)
    text = page.read_text(encoding="utf-8")
    found = re.findall(r"<!-- measured: (\w+) -->\n(.*?)\n<!-- end -->", text, re.DOTALL)
    assert found == [(part, f"| figures of {part} \\1 |") for part, _ in found]
    assert {part for part, _ in found} == {"steps", *HEADS, "page", "canvas"}
