"""The headers of the pages."""

import re

import pytest

from ui.pages import PAGES
from ui.server.middleware import PARTS, UI, headers, preloads

ROOM = 3600  # bytes: a proxy's 4096 less the status line, cookies, and what Starlette adds


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_its_own_scripts_and_no_proxy_refuses_that(page):
    """With all pages' scripts in it the header had 4.1 kB, and nginx answered 502."""
    link = preloads(page)
    named = [UI / address for address in re.findall(r"<\./browser/([^>]+)>", link)]
    assert {*(UI / page / "static").glob("*.js")} <= {*named} and len(named) == len({*named})
    for path in named:
        imports = re.findall(r' from "(\..+\.js)";', re.sub("/\\*.*?\\*/", "", path.read_text(encoding="utf-8")))
        assert {(path.parent / name).resolve() for name in imports} <= {*named}
    assert all(f"<./static/js/{part}." in link for part in PARTS)  # of the Streamlit that is installed
    assert "browser/live/static/channel.js>" in link and "browser/charts/static/chart.js>" in link
    assert sum(len(name) + len(value) + 4 for name, value in (headers() | {"link": link}).items()) < ROOM
