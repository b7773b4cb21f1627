"""Streamlit's scripts and styles come compressed to a browser that takes gzip, and are the same."""

import gzip

import pytest
from answers import app, ask

from ui.server import compression

GZIP = [("accept-encoding", "gzip, deflate, br")]


def a(suffix: str) -> str:
    return max(
        (name for name in compression.names() if name.endswith(suffix) and "/index." in name),
        key=lambda name: (compression.FOLDER / name).stat().st_size,
    )


@pytest.mark.parametrize("suffix", compression.KINDS)
def test_a_script_is_a_third_of_its_size(suffix):
    name = a(suffix)
    plain = (compression.FOLDER / name).read_bytes()
    status, headers, body = ask(app(), f"/{name}", headers=GZIP)
    assert (status, headers["content-encoding"]) == (200, "gzip") and gzip.decompress(body) == plain
    assert headers["content-type"].startswith(compression.KINDS[suffix]) and "immutable" in headers["cache-control"]
    assert len(body) < 0.4 * len(plain) and int(headers["content-length"]) == len(body)


def test_each_is_compressed_once():
    name = a(".js")
    assert compression.compressed(name) is compression.compressed(name)


def test_what_is_not_one_of_them_is_passed_on():
    for path in ("/static/js/nothing.js", "/static/../app.js", "/static/media/font.woff2", "/live/nobody"):
        assert ask(app(), path, headers=GZIP)[0] == 404
    assert ask(app(), f"/{a('.js')}")[0] == 404  # without gzip, Streamlit answers
    assert ask(app(), f"/{a('.js')}", headers=[*GZIP, ("range", "bytes=0-9")])[0] == 404
