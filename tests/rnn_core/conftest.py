"""A cache of kernels of a test's own."""

import pytest

from rnn_core.kernels import cache


@pytest.fixture
def own_cache(monkeypatch, tmp_path):
    """The directory of kernels below tmp_path, for this process and those that it starts."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    cache.cache_directory.cache_clear()
    yield cache.cache_directory()
    monkeypatch.undo()
    cache.cache_directory.cache_clear()
