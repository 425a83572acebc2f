"""One filled database for every search among many."""

from collections.abc import Iterator

import pytest

from registry import embedded
from tests.conftest import copied
from tests.factories.thousand import Thousand, thousand


@pytest.fixture(scope="session")
def many(server: embedded.Server, template: str) -> Iterator[Thousand]:
    """A thousand facilities; nothing is changed in them."""
    with copied(server, template) as url, thousand(url) as filled:
        yield filled
