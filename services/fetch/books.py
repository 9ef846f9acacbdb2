"""What fetch knows, in key-value buckets: sources, their states, their articles, web servers."""

from collections.abc import Awaitable
from typing import Final, TypeVar

import zstandard
from pydantic import ValidationError

from services.fetch.articles.known import Seen
from services.fetch.articles.seen import halved
from services.fetch.schedule.hosts import Host
from shared import telemetry
from shared.bus import JetStreamContext, NatsError, store
from shared.contracts import Contract, Source, SourceState
from shared.errors import DependencyDown
from shared.subjects import HOSTS, SEEN, SOURCE_STATE, SOURCES, Bucket

C = TypeVar("C", bound=Contract)
T = TypeVar("T")
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
LARGEST: Final = 16 * 1024 * 1024
LARGEST_PACKED: Final = 3 * 1024 * 1024
"""Bytes of a source's articles as JSON, and compressed: NATS takes no value of more than 4 MB, and a value that cannot
be stored would hold up all sources. 4,000 usual ones have a sixth of that.
"""


async def asked(answer: Awaitable[T]) -> T:
    """The answer of NATS.

    Raises:
        DependencyDown: there is none, or a refusal that is no Conflict.
    """
    try:
        return await answer
    except (NatsError, TimeoutError, OSError) as error:
        raise DependencyDown("dependency_down", f"NATS: {type(error).__name__}: {error}"[:300]) from error


class Books:
    """The buckets. Reading gives a value and its revision, 0 when there is none; `save_*` raises Conflict."""

    def __init__(self, js: JetStreamContext) -> None:
        self._js = js

    async def source(self, name: str) -> Source | None:
        """The source as its operator wants it; None when there is no such source, or what is there is none."""
        return (await self._read(SOURCES, name, Source))[0]

    async def state(self, name: str) -> tuple[SourceState | None, int]:
        """What is known of the source."""
        return await self._read(SOURCE_STATE, name, SourceState)

    async def seen(self, name: str) -> tuple[Seen, int]:
        """The source's articles."""
        found, revision = await self._read(SEEN, name, Seen)
        return found or Seen(), revision

    async def host(self, name: str) -> tuple[Host, int]:
        """A web server."""
        found, revision = await self._read(HOSTS, name, Host)
        return found or Host(), revision

    async def save_state(self, name: str, state: SourceState, revision: int) -> int:
        """Replace what is known of the source."""
        return await self._save(SOURCE_STATE, name, state, revision)

    async def save_seen(self, name: str, seen: Seen, revision: int) -> int:
        """Replace the source's articles; of those that are too much for a value, the half that was listed last."""
        body = seen.model_dump_json(exclude_defaults=True).encode()
        while len(body) > LARGEST or len(packed := zstandard.compress(body)) > LARGEST_PACKED:
            seen = halved(seen)
            telemetry.warn("fetch.forgot", source=name, left=len(seen.articles))
            body = seen.model_dump_json(exclude_defaults=True).encode()
        return await asked(store.put(self._js, SEEN.name, name, packed, revision))

    async def save_host(self, name: str, host: Host, revision: int) -> int:
        """Replace a web server."""
        return await self._save(HOSTS, name, host, revision)

    async def _read(self, bucket: Bucket, name: str, contract: type[C]) -> tuple[C | None, int]:
        found = await asked(store.get(self._js, bucket.name, name))
        if found is None:
            return None, 0
        body = found.body
        if body.startswith(_ZSTD):
            body = zstandard.ZstdDecompressor().decompress(body, max_output_size=LARGEST)
        try:
            return contract.model_validate_json(body), found.revision
        except ValidationError:  # deleted, or not ours
            return None, found.revision

    async def _save(self, bucket: Bucket, name: str, value: Contract, revision: int) -> int:
        body = value.model_dump_json(exclude_defaults=True).encode()  # small, and read by people
        return await asked(store.put(self._js, bucket.name, name, body, revision))
