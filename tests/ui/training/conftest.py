"""A session for each test."""

import pytest
from sessions import entered


@pytest.fixture
def session():
    with entered() as made:
        yield made
