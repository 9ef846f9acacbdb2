"""An OpenSearch to index into: the fake one that fails on request, and the real one."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from opensearchpy import AsyncOpenSearch

from deploy.opensearch.provision import has_ukrainian, provision
from services.index.reader import Reader
from services.index.service import Indexer
from services.index.writer import Writer
from shared.indices import ARTICLES_PATTERN, REVISIONS, months_around
from shared.opensearch import ask, connect, ensure_months
from tests.emptied import remove_indices
from tests.fakes.opensearch import FakeOpenSearch

NOW = datetime(2026, 3, 14, 10, 0, tzinfo=UTC)


@dataclass
class Bench:
    """The stage on one OpenSearch, and what is stored there."""

    client: AsyncOpenSearch
    indexer: Indexer
    writer: Writer

    async def open_months(self, now: datetime) -> None:
        """Make the indices that the keeper would have made by then."""
        await ensure_months(self.client, now)

    async def stored(self) -> dict[str, dict[str, Any]]:
        """Articles by id."""
        return await self._all(ARTICLES_PATTERN)

    async def revisions(self) -> dict[str, dict[str, Any]]:
        """Content versions by id."""
        return await self._all(REVISIONS)

    async def _all(self, pattern: str) -> dict[str, dict[str, Any]]:
        await ask(self.client, "POST", f"/{pattern}/_refresh")
        answer = await ask(self.client, "POST", f"/{pattern}/_search", {"size": 1_000})
        return {hit["_id"]: hit["_source"] for hit in answer["hits"]["hits"]}


class FakeBench(Bench):
    """The same with the fake's own memory."""

    def __init__(self, client: AsyncOpenSearch, indexer: Indexer, writer: Writer, fake: FakeOpenSearch) -> None:
        super().__init__(client, indexer, writer)
        self.fake = fake

    async def open_months(self, now: datetime) -> None:
        self.fake.indices.update(months_around(now))

    async def _all(self, pattern: str) -> dict[str, dict[str, Any]]:
        prefix = pattern.rstrip("*")
        return {id_: source for (index, id_), (_, source) in self.fake.documents.items() if index.startswith(prefix)}


@pytest.fixture
async def faulty() -> AsyncIterator[FakeBench]:
    """The stage on a fake OpenSearch. Requests may take 1.5 s."""
    fake = FakeOpenSearch({*months_around(NOW), REVISIONS})
    await fake.start()
    client = connect(fake.url, seconds=1.5)
    writer = Writer(client, first_pause=0.005)
    yield FakeBench(client, Indexer(Reader(client), writer, lambda: NOW), writer, fake)
    await client.close()
    await fake.stop()


@pytest.fixture
async def search(opensearch_url: str) -> AsyncIterator[AsyncOpenSearch]:
    """A client of the real OpenSearch, empty of ours before and after."""
    client = connect(opensearch_url)
    await _remove(client)
    yield client
    await _remove(client)
    await client.close()


async def _remove(client: AsyncOpenSearch) -> None:
    await remove_indices(client)
    for path in ("/_index_template/news-*", "/_component_template/news-*"):
        await ask(client, "DELETE", path)


@pytest.fixture
async def ukrainian(search: AsyncOpenSearch) -> None:
    """For what needs the plugin analysis-ukrainian: the official image comes without it."""
    if not await has_ukrainian(search):
        pytest.skip("this OpenSearch lacks the plugin analysis-ukrainian")


@pytest.fixture
async def real(search: AsyncOpenSearch) -> Bench:
    """The stage on the real OpenSearch, provisioned."""
    await provision(search, NOW, dry_run=False)
    writer = Writer(search, first_pause=0.005)
    return Bench(search, Indexer(Reader(search), writer, lambda: NOW), writer)


@pytest.fixture(params=["fake", "real"])
def bench(request: pytest.FixtureRequest) -> Bench:
    """The stage on the fake OpenSearch, then on the real one."""
    found: Bench = request.getfixturevalue("faulty" if request.param == "fake" else "real")
    return found
