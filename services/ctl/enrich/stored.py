"""The stored articles by how a step of enrichment went with them."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from opensearchpy import AsyncOpenSearch

from shared import opensearch
from shared.errors import DependencyDown
from shared.indices import ARTICLES_ALIAS

Query = dict[str, Any]

PAGE: Final = 100
"""Articles read at once; each may have 4 MB."""
SEEN_WITHIN: Final = 5
"""Seconds until a search sees what was written: the indices are refreshed each second."""
ENDS: Final = ("done", "skipped", "failed", "timeout")
"""How a step can have gone, as its contract has it."""
UNDECIDED: Final = ("not installed", "needs ")
"""How the reason begins when a step was skipped for what has nothing to do with the article."""
CURRENT: Final = ("done", "skipped")
"""States of articles that the step would tell nothing new of."""
STATES: Final = (*CURRENT, "left out", "older", "failed", "timeout", "never")


class Went(NamedTuple):
    """How the step went with one article."""

    status: str | None
    version: str | None


@dataclass(frozen=True, slots=True)
class Stored:
    """A document, and where it is."""

    index: str
    id: str
    source: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The articles whose raw message was accepted since a moment, seen by one step."""

    client: AsyncOpenSearch
    step: str
    since: datetime

    async def newest(self) -> Stored | None:
        """The article that was enriched last; None when there is no article.

        Raises:
            DependencyDown: OpenSearch is away, or was never provisioned.
        """
        answer = await self._search(self._since(), size=1, sort=[{"enriched_at": "desc"}])
        return next((_stored(hit) for hit in answer["hits"]["hits"]), None)

    async def counts(self, version: str) -> dict[str, int]:
        """How many articles are in each of STATES, when `version` of the step is the one to have.

        Raises:
            DependencyDown: as `newest`.
        """
        groups = {"states": {"filters": {"filters": states(self.step, version)}}}
        answer = await self._search(self._since(), size=0, aggs=groups)
        buckets = answer["aggregations"]["states"]["buckets"]
        return {name: buckets[name]["doc_count"] for name in STATES}

    async def lacking(self, version: str) -> AsyncGenerator[Stored]:
        """The articles in the other states, each once, whatever becomes of it meanwhile.

        Raises:
            DependencyDown: as `newest`.
        """
        current = [states(self.step, version)[name] for name in CURRENT]
        query = {"bool": {"filter": [self._since()], "must_not": current}}
        after: dict[str, Any] = {}
        while True:
            answer = await self._search(query, size=PAGE, sort=[{"article_id": "asc"}], **after)
            hits = answer["hits"]["hits"]
            for hit in hits:
                yield _stored(hit)
            if not hits:
                return
            after = {"search_after": hits[-1]["sort"]}

    async def went(self, article: Stored) -> Went:
        """How the step went with an article, as it is stored now and not as searches see it.

        Raises:
            DependencyDown: as `newest`.
        """
        found: Any = await self._get(article, _source_includes=f"enrichment.{self.step}")
        return went_of(found["_source"] if found else {}, self.step)

    async def current(self, article: Stored) -> Stored | None:
        """An article as it is stored now; None when it is gone.

        Raises:
            DependencyDown: as `newest`.
        """
        found = await self._get(article)
        return _stored(found) if found else None

    async def shown(self, article: Stored, went: Went) -> None:
        """Return when searches see an article as it is, which takes OpenSearch a second; after five at the latest.

        Raises:
            DependencyDown: as `newest`.
        """
        seen = {"bool": {"filter": [{"ids": {"values": [article.id]}}, *_terms(self.step, went)]}}
        for _ in range(SEEN_WITHIN * 5):
            answer = await self._search(seen, size=0)
            if answer["hits"]["total"]["value"]:
                return
            await asyncio.sleep(0.2)

    async def _get(self, article: Stored, **more: Any) -> Any:
        return await opensearch.ask(self.client, "GET", f"/{article.index}/_doc/{article.id}", **more)

    def _since(self) -> Query:
        return {"range": {"observed_at": {"gte": self.since.isoformat()}}}

    async def _search(self, query: Query, **more: Any) -> Any:
        body = {"query": query, **more}
        answer = await opensearch.ask(self.client, "POST", f"/{ARTICLES_ALIAS}/_search", body)
        if answer is None:
            raise DependencyDown("dependency_down", f"OpenSearch has no {ARTICLES_ALIAS}; run `newswire provision`")
        if answer["_shards"]["failed"]:
            raise DependencyDown("server_error", "part of the index did not answer; try again")
        return answer


def went_of(source: Mapping[str, Any], step: str) -> Went:
    """How a step went, as a document tells."""
    went: Mapping[str, str] = source.get("enrichment", {}).get(step, {})
    return Went(went.get("status"), went.get("version"))


def states(step: str, version: str) -> dict[str, Query]:
    """A query for each of STATES; every article is in exactly one."""
    status, current = f"enrichment.{step}.status", {"term": {f"enrichment.{step}.version": version}}
    undecided = [{"prefix": {f"enrichment.{step}.detail": begin}} for begin in UNDECIDED]
    ends: dict[str, Query] = {each: {"term": {status: each}} for each in ENDS}
    done = {"bool": {"should": [ends["done"], ends["skipped"]], "minimum_should_match": 1}}
    return {
        "done": {"bool": {"filter": [ends["done"], current]}},
        "skipped": {"bool": {"filter": [ends["skipped"], current], "must_not": undecided}},
        "left out": {"bool": {"filter": [ends["skipped"], current, {"bool": {"should": undecided}}]}},
        "older": {"bool": {"filter": [done], "must_not": [current]}},
        "failed": ends["failed"],
        "timeout": ends["timeout"],
        "never": {"bool": {"must_not": list(ends.values())}},
    }


def _terms(step: str, went: Went) -> list[Query]:
    return [
        {"term": {f"enrichment.{step}.status": went.status}},
        {"term": {f"enrichment.{step}.version": went.version}},
    ]


def _stored(hit: Mapping[str, Any]) -> Stored:
    return Stored(hit["_index"], hit["_id"], hit["_source"])
