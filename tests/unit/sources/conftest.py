"""Fixtures of the sources' tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.sources.servers import Site, running


@pytest.fixture
def site() -> Iterator[Site]:
    """An empty site on loopback."""
    with running(Site()) as made:
        yield made
