"""A link that leads to the process where a class is."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from ui.settings import proxy
from ui.settings.setting import PROXY

NGINX = Path(__file__).parents[3] / "deploy" / "nginx" / "rnn-lab.conf"


@pytest.mark.parametrize(
    ("cookies", "found"),
    [
        ({}, {}),
        ({proxy.COOKIE: "0123456789abcdef" * 2}, {proxy.NAME: "0123456789abcdef" * 2}),
        ({proxy.COOKIE: "<script>"}, {}),
        ({"another": "0123456789abcdef" * 2}, {}),
    ],
)
def test_the_link_carries_what_the_proxy_hashes(cookies, found, monkeypatch):
    monkeypatch.setattr(proxy.st, "context", SimpleNamespace(cookies=cookies))
    assert proxy.leading_here() == found


def test_the_proxy_and_the_app_use_the_same_names():
    text = NGINX.read_text(encoding="utf-8")
    assert f"$arg_{proxy.NAME}" in text and f'"{proxy.COOKIE}=$' in text and f"$cookie_{proxy.COOKIE}" in text
    assert (proxy.NAME,) == PROXY  # no page says that it does not understand it
