"""The markup that the live elements of all pages begin with."""

import re
from html.parser import HTMLParser

import pytest

from ui.live.component import SHARED, markup
from ui.pages import PAGES, page

VOID = {"input", "br", "img"}
LAYOUTS = {layout.key: layout for name in PAGES for layout in page(name).layouts}


class Outermost(HTMLParser):
    """Of every tag whether it is worked or read, and the class of what it stands in below the element itself."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in ("button", "select", "input", "h2", "summary") and len(self.open) > 1:
            self.found.append((tag, self.open[1]))
        if tag not in VOID:
            self.open.append(given.get("class") or "")

    def handle_endtag(self, tag):
        if tag not in VOID:
            self.open.pop()


def outermost(text: str) -> set[str]:
    parser = Outermost()
    parser.feed(text)
    return {name for _tag, name in parser.found}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_before_there_is_a_picture_nothing_stands_alone_beside_it(layout):
    """A network that diverged at once has none: neither a button for axes nor a list without entries is seen then."""
    css = (SHARED / "live.css").read_text(encoding="utf-8")
    [rule] = re.findall(r"\.live-empty > :is\(([^)]*)\) \{\s*visibility: hidden;", css)
    hidden = {name.strip(" .") for name in rule.split(",")}
    shared = set()
    for part in ("transport", "scrubber"):
        shared |= outermost(f"<div>{(SHARED / f'{part}.html').read_text(encoding='utf-8')}</div>")
    for name in outermost(markup(layout.folder)) - shared:
        assert hidden & set(name.split()), f"{name} is seen before there is a picture"
