"""A link to a page, where it is shared, shows that page's title, description and picture, in the reader's language."""

import re
import struct
from html import unescape

import pytest
from answers import app, ask

from ui.i18n import LANGUAGES, language
from ui.pages import PAGES
from ui.server import pages, previews
from ui.server.previews import language_of, with_preview


@pytest.fixture(autouse=True)
def _known(monkeypatch):
    monkeypatch.setenv("RNN_LAB_HOSTS", "lab.example")


def tags(document: str) -> dict[str, str]:
    """Name or property -> content of the document's meta tags, and its title."""
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', document)
    return {name: unescape(content) for name, content in found} | {
        "title": unescape(re.search(r"<title>(.*?)</title>", document)[1])
    }


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_what_it_is(page, code):
    path = "/" if page == pages.FIRST else f"/{page}"
    said = {"host": "lab.example:8501", "accept-language": code.replace("_", "-"), "x-forwarded-proto": "https"}
    status, answered, body = ask(app(), path, "preset=forgets", headers=list(said.items()))
    found, _ = tags(body.decode()), language(code).gettext
    assert status == 200 and answered["vary"] == "Accept-Language"
    assert found["og:title"] == _(PAGES[page].heading)
    assert found["title"] == _("{page} · RNN Lab").format(page=_(PAGES[page].title))
    assert found["description"] == found["og:description"] == _(PAGES[page].description)
    assert found["og:image"] == f"https://lab.example:8501/browser/pictures/{page}.png"
    assert f'<html lang="{code.replace("_", "-")}">' in body.decode() and "<title>Streamlit" not in body.decode()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_its_picture(page):
    status, headers, body = ask(app(), f"/browser/pictures/{page}.png")
    assert (status, headers["content-type"], body[:8]) == (200, "image/png", b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", body[16:24])
    assert width >= 1200 and height >= 630


def test_every_page_has_a_preview_and_nothing_else_is_served():
    assert PAGES.keys() == pages.NAMES | {pages.FIRST}
    for name in ("nothing.png", "..%2Fapp.png", "speed.md", "pair.csv"):
        assert ask(app(), f"/browser/pictures/{name}")[0] == 404


def test_the_address_says_the_language_before_the_browser_does():
    assert language_of("cell=gru&lang=en", "zh-CN") == "en"
    assert language_of("lang=klingon", "zh-CN") == "zh_CN"


@pytest.mark.parametrize(
    ("prefix", "root"),
    [
        ("/course/rnn", "/course/rnn/"),
        ("/course/rnn/", "/course/rnn/"),
        ("", "/"),
        *(
            (wrong, "/")
            for wrong in ("rnn", "//evil.example", "/a b", "https://evil.example", '/"><b', "/a?b=c", "/a#b")
        ),
    ],
)
@pytest.mark.parametrize("page", ["lab", "memory"])
def test_the_picture_lies_below_the_path_that_a_proxy_takes_off(page, prefix, root):
    said = {"host": "lab.example", "x-forwarded-proto": "https", "x-forwarded-prefix": prefix}
    status, _headers, body = ask(app(), "/" if page == pages.FIRST else f"/{page}", headers=list(said.items()))
    assert status == 200
    assert tags(body.decode())["og:image"] == f"https://lab.example{root}browser/pictures/{page}.png"


def test_an_address_cannot_put_markup_into_the_document():
    document = '<html lang="en"><title>Streamlit</title>'
    made = with_preview(document, "lab", "en", 'http://"><script>alert(1)</script>/')
    assert "<script" not in made
    assert tags(made)["og:image"].endswith(f"{previews.PATH}/lab.png")
