"""What of an archive is there already: in RAW, or indexed as it is or newer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from nats.js import JetStreamContext
from opensearchpy import AsyncOpenSearch

from shared import opensearch
from shared.bus import store
from shared.bus.client import explained, headers_of
from shared.indices import ARTICLES_ALIAS
from shared.subjects import RAW, stream_of
from shared.url import canonical_url

LARGEST: Final = 10_000
"""Hits of a search: the index's own limit."""
_FIELDS: Final = ("url", "canonical_url", "fetched_at", "observed_at")


@dataclass(frozen=True, slots=True)
class Article:
    """A raw message of an archive. `identity`: that of the version, as fetch names it."""

    source: str
    identity: str
    record_id: str
    url: str
    fetched_at: datetime
    headers: dict[str, str]
    body: bytes


class Known:
    """What is there. Looked up once for each source in RAW, in the index for each article."""

    def __init__(self, js: JetStreamContext, search: AsyncOpenSearch) -> None:
        self._js, self._search = js, search
        self._in_raw: dict[str, set[str]] = {}

    async def missing(self, articles: Sequence[Article]) -> list[bool]:
        """Of each article, whether neither RAW has it nor the index this version or a newer one.

        Raises:
            DependencyDown: NATS or OpenSearch did not answer.
        """
        newest = await self._indexed(articles)
        return [
            not ({each.identity, each.record_id} & await self._raw(each.source))
            and not any(newest.get(url, _EVER) >= _shortened(each.fetched_at) for url in _spellings(each.url))
            for each in articles
        ]

    def note(self, article: Article) -> None:
        """It is in RAW now."""
        self._in_raw[article.source] |= {article.identity, article.record_id}

    async def _raw(self, source: str) -> set[str]:
        """Identities and records of what RAW holds of a source."""
        if source not in self._in_raw:
            found, after = set[str](), 0
            with explained("stream RAW"):
                while message := await store.following(self._js, stream_of(RAW).name, after + 1, RAW.of(source)):
                    after = message.seq or after + 1
                    found |= marks(headers_of(message))
            self._in_raw[source] = found
        return self._in_raw[source]

    async def _indexed(self, articles: Sequence[Article]) -> dict[str, datetime]:
        """When the pages of which the index has articles were fetched, by their addresses."""
        urls = sorted({url for each in articles for url in _spellings(each.url)})
        places = [{"terms": {field: urls}} for field in ("url", "canonical_url")]
        query = {"query": {"bool": {"should": places}}, "size": LARGEST, "_source": _FIELDS}
        answer = await opensearch.ask(self._search, "POST", f"/{ARTICLES_ALIAS}/_search", query)
        found: dict[str, datetime] = {}
        for hit in answer["hits"]["hits"] if answer else ():
            at = _moment(hit["_source"])
            for url in (hit["_source"].get("url"), hit["_source"].get("canonical_url")):
                if url:
                    found[url] = max(found.get(url, at), at)
        return found


_EVER: Final = datetime.min.replace(tzinfo=UTC)


def marks(headers: dict[str, str]) -> set[str]:
    """What a raw message is known by: its version's identity, and the record that it was made of."""
    found = {headers["Newswire-Article"]} if "Newswire-Article" in headers else set[str]()
    try:
        found.add(orjson.loads(headers["Newswire-Archived"])["record_id"])
    except (KeyError, TypeError, orjson.JSONDecodeError):  # not archived, or another's header
        return found
    return found


def _spellings(url: str) -> set[str]:
    return {url, canonical_url(url) or url}


def _moment(article: dict[str, Any]) -> datetime:
    return _shortened(datetime.fromisoformat(article.get("fetched_at") or article["observed_at"]))


def _shortened(at: datetime) -> datetime:
    """To the millisecond, as a header of a raw message has it."""
    return at.replace(microsecond=at.microsecond // 1_000 * 1_000)
