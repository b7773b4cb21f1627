"""nginx with the very files of deploy/nginx; where there is none the test is skipped, except in CI."""

import os

import pytest

from benchmarks.browser import proxy
from benchmarks.browser.proxy import trusting

__all__ = ["proxied", "trusting"]


def proxied(*arguments):
    """benchmarks.browser.proxy.proxied, where nginx is."""
    if proxy.program() is None:
        assert os.environ.get("CI") != "true", "install nginx-light and openssl"
        pytest.skip("no nginx, or no openssl for its certificate")
    return proxy.proxied(*arguments)
