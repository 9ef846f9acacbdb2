"""Reads what is stored already of the articles of a batch."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

import orjson
from opensearchpy import AsyncOpenSearch

from services.index.core import NEEDED, Arrival, Previous, first_seen
from services.index.disposition import NO_INDEX
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
            DependencyDown: OpenSearch cannot tell, or lacks a month that may be written to.
        """
        found = await self._newest(arrivals, now)
        others = {arrival.article_id for arrival in arrivals} - found.keys()
        return found | await self._older(sorted(others)) if others else found

    async def _newest(self, arrivals: Sequence[Arrival], now: datetime) -> dict[str, Previous]:
        """Where the search does not see an article yet: in the newest months, and where it would go."""
        needed = {month_index(first_seen(arrival.observed_at, now)) for arrival in arrivals}
        months, identities = {*months_around(now)[:2], *needed}, {arrival.article_id for arrival in arrivals}
        places = [{"_index": month, "_id": identity} for identity in identities for month in months]
        answer = await self._ask("/_mget", orjson.dumps({"docs": places}), _source_includes=_SOURCE)
        return _best(hit for hit in _listed(answer, "docs") if _is_there(hit, needed))

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


def _is_there(hit: Mapping[str, Any], needed: set[str]) -> bool:
    """Whether the document was found. A month that was never made holds nothing, but is `needed` to write to.

    Raises:
        DependencyDown: it cannot be told, or the index is needed and not there.
    """
    index, cause = str(hit.get("_index")), cast("Mapping[str, Any]", hit.get("error") or {})
    error = cause.get("type")
    if error == NO_INDEX and index in needed:
        raise DependencyDown("server_error", f"OpenSearch has no index {index}; run `newswire provision`")
    if error and error != NO_INDEX:
        raise DependencyDown("server_error", f"OpenSearch cannot read {index}: {error}")
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
