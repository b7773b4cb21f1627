"""Runs of lessons without the pauses in which a reader watches them."""

import pytest

from ui.course import runner


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(runner, "PAUSE", 0)
