"""Reads what is stored already of the articles of a batch."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

import orjson
from opensearchpy import AsyncOpenSearch

from services.index.core import NEEDED, Arrival, Previous, first_seen
from shared.errors import DependencyDown
from shared.indices import ARTICLES_ALIAS, month_index, months_around
from shared.opensearch import ask

_SOURCE: Final = ",".join(NEEDED)


class Reader:
    """Finds previous versions: in real time in the two newest months, by a search in the older ones."""

    def __init__(self, client: AsyncOpenSearch) -> None:
        self._client = client

    async def previous(self, arrivals: Sequence[Arrival], now: datetime) -> dict[str, Previous]:
        """What is stored, by article_id; an article that is not there is missing.

        Raises:
            DependencyDown: OpenSearch cannot tell.
        """
        found = await self._newest(_targets(arrivals, now))
        others = {arrival.article_id for arrival in arrivals} - found.keys()
        return found | await self._older(sorted(others)) if others else found

    async def _newest(self, targets: Iterable[tuple[str, str]]) -> dict[str, Previous]:
        wanted = orjson.dumps({"docs": [{"_index": index, "_id": identity} for index, identity in targets]})
        answer = await self._ask("/_mget", wanted, _source_includes=_SOURCE)
        return _best(hit for hit in _listed(answer, "docs") if _is_there(hit))

    async def _older(self, identities: Sequence[str]) -> dict[str, Previous]:
        query = {"query": {"ids": {"values": identities}}, "size": 2 * len(identities), "track_total_hits": False}
        body = orjson.dumps(query | {"_source": NEEDED})
        answer = await self._ask(f"/{ARTICLES_ALIAS}/_search", body, allow_partial_search_results="false")
        return _best(_listed(answer.get("hits", {}), "hits"))

    async def _ask(self, path: str, body: bytes, **params: str) -> dict[str, Any]:
        answer: Any = await ask(self._client, "POST", path, body, **params)
        if answer is None:
            raise DependencyDown("server_error", f"OpenSearch has no {path}; run `newswire provision`")
        if not isinstance(answer, dict):
            raise DependencyDown("server_error", f"the answer to {path} is not OpenSearch's")
        return cast("dict[str, Any]", answer)


def _targets(arrivals: Sequence[Arrival], now: datetime) -> list[tuple[str, str]]:
    """Where an article may stand that the search does not see yet: the newest months, and where it would go."""
    newest = months_around(now)[:2]
    targets = {
        (index, arrival.article_id): None
        for arrival in arrivals
        for index in (*newest, month_index(first_seen(arrival.observed_at, now)))
    }
    return list(targets)


def _is_there(hit: Mapping[str, Any]) -> bool:
    """Whether the document was found.

    Raises:
        DependencyDown: it cannot be told.
    """
    error = hit.get("error")
    if error and error.get("type") != "index_not_found_exception":  # a month that was never made holds nothing
        raise DependencyDown("server_error", f"OpenSearch cannot read {hit.get('_index')}: {error.get('type')}")
    return bool(hit.get("found"))


def _listed(answer: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    listed: Any = answer.get(name)
    if not isinstance(listed, list):
        raise DependencyDown("server_error", f"OpenSearch's answer has no {name}")
    return cast("list[dict[str, Any]]", listed)


def _best(hits: Iterable[Mapping[str, Any]]) -> dict[str, Previous]:
    """By article; the newest, should one stand twice."""
    found: dict[str, Previous] = {}
    for hit in hits:
        previous = Previous.of(hit["_index"], hit["_source"])
        known = found.get(hit["_id"])
        if known is None or known.origin < previous.origin:
            found[hit["_id"]] = previous
    return found
