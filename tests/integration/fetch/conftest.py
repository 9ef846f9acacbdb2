"""Publishers' servers on loopback."""

from collections.abc import AsyncIterator

import pytest

from tests.fakes.hostile_http import HostileServer, answer, hostile_server


@pytest.fixture
async def site() -> AsyncIterator[HostileServer]:
    """A publisher with a robots.txt; its pages are set by each test."""
    async with hostile_server() as server:
        server.pages["/robots.txt"] = answer(b"User-agent: *\nDisallow: /private/", content_type="text/plain")
        yield server
