"""The same world, with what fetch knows in buckets of a real nats-server and its raw messages in the stream there."""

import secrets
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import nats
from nats.js import JetStreamContext

from deploy.nats.provision import Sizing, provision
from services.fetch.books import Books
from services.fetch.core import RawMessage
from services.fetch.service import RawWire
from shared.bus import Inbound, store
from shared.contracts import Origin, Source
from shared.subjects import JOBS, RAW, SOURCES, stream_of
from tests.servers import provider
from tests.simulation.run import Stream
from tests.simulation.world import World


class Buckets(Books):
    """The real ones, to which sources can be added."""

    def __init__(self, js: JetStreamContext) -> None:
        super().__init__(js)
        self.js = js

    async def add(self, source: Source) -> None:
        await store.put(self.js, SOURCES.name, source.id, source.model_dump_json().encode(), 0)


class Stored(Stream):
    """RAW. What is sent twice counts twice, though the server keeps one of two that have the same id."""

    def __init__(self, world: World, js: JetStreamContext) -> None:
        super().__init__(world)
        self._js = js
        self._places: set[int] = set()

    def _wire(self) -> RawWire:
        now = self.world.clock.now()
        trace = secrets.token_hex(16)
        return RawWire(self._js, Inbound(JOBS.of(self.source), self.source, b"", {}, Origin(1, 1), now, 1, trace))

    async def article(self, message: RawMessage, identity: str) -> int:
        await super().article(message, identity)
        place = await self._wire().article(message, identity)
        self._places.add(place)
        return place

    async def told(self, after: int) -> Mapping[str, int]:
        return await self._wire().told(after)

    async def check(self) -> None:
        """Fail unless RAW keeps what was acknowledged, and nothing else."""
        state = (await self._js.stream_info(stream_of(RAW).name)).state
        assert state.messages == len(self._places), (state.messages, len(self._places))


@asynccontextmanager
async def stored(world: World) -> AsyncIterator[tuple[Buckets, Stored]]:
    """Buckets and stream of a server of their own, which ends with them."""
    with tempfile.TemporaryDirectory() as folder, provider().nats(Path(folder)) as server:
        client = await nats.connect(server.url)
        try:
            js = client.jetstream()
            await provision(js, Sizing(), dry_run=False)
            stream = Stored(world, js)
            yield Buckets(js), stream
            await stream.check()
        finally:
            await client.close()
