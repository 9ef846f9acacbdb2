"""Copies outcomes from the streams to OpenSearch, where Dashboards counts them. Nothing else reads the copy.

It keeps places of its own in the streams: while OpenSearch is away it waits, and the ledger goes on without it.
"""

import json
from collections.abc import Sequence
from typing import Any, Final, cast

import orjson
from opensearchpy import AsyncOpenSearch

from services.keeper import metrics
from services.keeper.core import Place
from services.keeper.outcomes import Document, document_of
from shared import telemetry
from shared.bus import JetStreamContext, store
from shared.bus.ordered import OrderedReader, Page
from shared.errors import DependencyDown
from shared.indices import PIPELINE_PATTERN
from shared.opensearch import ask, ensure_indices
from shared.subjects import CHARTS_READER, DLQ, HEALTH, INDEXED, LEDGER, SKIPPED

CHARTED: Final = "charted"
"""Key of the places that outcomes were copied up to."""
MOST_PAGES: Final = 20
"""Of each stream at a time, before the places are stored."""
_AGAIN: Final = frozenset({401, 403, 404, 408, 429})
"""Statuses under 500 that say something of OpenSearch, and not of the document."""


class Charting:
    """Copies what is new."""

    def __init__(self, js: JetStreamContext, client: AsyncOpenSearch) -> None:
        self._js, self._client = js, client
        self._readers = {
            "EVENTS": OrderedReader(
                js, CHARTS_READER, "EVENTS", (INDEXED.pattern, SKIPPED.pattern, HEALTH.pattern), bodies=True
            ),
            "DLQ": OrderedReader(
                js, CHARTS_READER, "DLQ", (DLQ.pattern,)
            ),  # what is told of a dead letter is in its headers
        }
        self._places: dict[str, Place] = {}
        self._revision: int | None = None
        self._known: set[str] = set()

    async def copy(self) -> None:
        """Write the outcomes that were recorded since.

        Raises:
            DependencyDown: OpenSearch is away or refuses; the next call goes on from the same places.
            nats.errors.Error: NATS does not answer, or was never provisioned.
        """
        if self._revision is None:
            await self._load()
        before = dict(self._places)
        try:
            if all([await self._copy(name, reader) for name, reader in self._readers.items()]):
                metrics.CHARTED.set_to_current_time()
        finally:
            if before != self._places:
                await self._store()

    async def close(self) -> None:
        """Let go of the server's consumers."""
        for reader in self._readers.values():
            await reader.close()

    async def _copy(self, name: str, reader: OrderedReader) -> bool:
        """True when everything stored before this call was copied."""
        for _ in range(MOST_PAGES):
            page = await reader.read(*self._places.get(name, Place()))
            await self._write(_documents(page))
            self._places[name] = Place(page.epoch, page.sequence)
            if page.end:
                return True
        return False

    async def _write(self, documents: Sequence[Document]) -> None:
        if not documents:
            return
        if missing := {each.month for each in documents} - self._known:
            await ensure_indices(self._client, "news-pipeline", PIPELINE_PATTERN, sorted(missing))
            self._known |= missing
        body = b"".join(_lines(each) for each in documents)
        wanted = "errors,items.*.status,items.*.error.reason"
        answer: Any = await ask(self._client, "POST", "/_bulk", body, filter_path=wanted)
        self._check(answer, len(documents))

    def _check(self, answer: Any, count: int) -> None:
        """A document that OpenSearch can never take is told of and left out: the copy must go on.

        Raises:
            DependencyDown: this one may be taken later.
        """
        items = cast("dict[str, Any]", answer if isinstance(answer, dict) else {}).get("items", [])
        if len(items) != count:
            raise DependencyDown("server_error", "the answer to a bulk of outcomes is not OpenSearch's")
        for item in items:
            said = item["index"]
            status, reason = int(said["status"]), str(said.get("error", {}).get("reason", ""))[:300]
            if status in _AGAIN or status >= 500:  # noqa: PLR2004 - HTTP
                self._known.clear()
                raise DependencyDown("server_error", f"OpenSearch does not take outcomes: {status} {reason}")
            if reason:
                telemetry.warn("keeper.not_charted", detail=f"{status} {reason}")

    async def _load(self) -> None:
        """Places that cannot be read count as none: to copy all again changes nothing."""
        found = await store.get(self._js, LEDGER.name, CHARTED)
        self._revision = found.revision if found else 0
        stored = store.read_json(found.body if found else b"")
        try:
            self._places = {name: Place(*map(int, stored[name])) for name in self._readers if name in stored}
        except (TypeError, ValueError):
            self._places = {}

    async def _store(self) -> None:
        try:
            self._revision = await store.put(
                self._js, LEDGER.name, CHARTED, json.dumps(self._places).encode(), self._revision or 0
            )
        except store.Conflict:  # a second keeper copies too: the same documents
            self._revision = None


def _documents(page: Page) -> list[Document]:
    found = (document_of(msg.subject, msg.headers or {}, msg.data) for msg in page.messages)
    return [each for each in found if each]


def _lines(document: Document) -> bytes:
    place = {"index": {"_index": document.month, "_id": document.id}}
    return orjson.dumps(place) + b"\n" + orjson.dumps(document.body) + b"\n"
