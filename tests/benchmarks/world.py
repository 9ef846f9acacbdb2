"""The real servers of a run, provisioned, and programs as processes beside them."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from types import MappingProxyType

from nats.js import JetStreamContext
from opensearchpy import AsyncOpenSearch

from deploy.local import ports
from deploy.local.http import ask
from deploy.local.process import Child
from deploy.nats.provision import Sizing
from deploy.nats.provision import provision as provision_nats
from deploy.opensearch.provision import provision as provision_opensearch
from shared.bus import connect as connect_nats
from shared.contracts.messages import Stage
from shared.opensearch import connect
from shared.settings import Settings
from shared.subjects import STAGES, STREAMS
from tests.servers import Provider

NOWHERE = "http://127.0.0.1:9"
"""Where no OpenSearch is."""
READY_SECONDS = 60.0
STOP_SECONDS = 25.0
WINDOW = 256
"""Messages published at once when a stream is filled."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message to fill a stream with."""

    subject: str
    body: bytes
    headers: dict[str, str]


@dataclass
class World:
    """The servers, and clients of them for the benchmark itself. `sequence`: that of the last origin given out."""

    js: JetStreamContext
    search: AsyncOpenSearch
    nats_url: str
    opensearch_url: str
    folder: Path
    sequence: int = 0
    started: dict[Child, int] = field(default_factory=dict[Child, int])

    async def fill(self, messages: Sequence[Message]) -> None:
        """Publish all; returns when all are stored."""
        for start in range(0, len(messages), WINDOW):
            part = messages[start : start + WINDOW]
            await asyncio.gather(*(self.js.publish(each.subject, each.body, 30, headers=each.headers) for each in part))

    async def empty(self) -> None:
        """Remove all messages."""
        for stream in STREAMS:
            await self.js.purge_stream(stream.name)

    async def left(self, stage: Stage) -> int:
        """How many messages the stage has still to acknowledge."""
        consumer = STAGES[stage].consumer
        info = await self.js.consumer_info(consumer.stream, consumer.durable)
        return int(info.num_pending or 0) + int(info.num_ack_pending or 0)

    async def stored(self, stream: str) -> int:
        """How many messages the stream holds."""
        return int((await self.js.stream_info(stream)).state.messages)

    @asynccontextmanager
    async def program(self, module: str, more: Mapping[str, str] = MappingProxyType({})) -> AsyncGenerator[Child]:
        """`python -m module` as a child of ours, with `more` in its environment; it may not be ready yet."""
        port = ports.free()
        child = Child(module, self.folder / "logs" / f"{len(self.started):03d}-{module}.log")
        self.started[child] = port
        own = {"NEWSWIRE_NATS_URL": self.nats_url, "NEWSWIRE_OPENSEARCH_URL": self.opensearch_url}
        child.start([sys.executable, "-m", module], {**os.environ, **own, **more, "NEWSWIRE_HTTP_PORT": str(port)})
        try:
            yield child
        finally:
            child.terminate()
            await asyncio.to_thread(child.join, STOP_SECONDS)

    @asynccontextmanager
    async def services(self, names: Sequence[str]) -> AsyncGenerator[dict[str, Child]]:
        """These services as children of ours, ready."""
        async with AsyncExitStack() as stack:
            children = {name: await stack.enter_async_context(self.program(f"services.{name}")) for name in names}
            for child in children.values():
                await self.ready(child)
            yield children

    async def ready(self, child: Child) -> None:
        """Wait until the program is ready.

        Raises:
            RuntimeError: it ended, or takes too long.
        """
        port = self.started[child]
        await until(child, lambda: (ask(port, "/readyz") or (0,))[0] == 200)


async def until(child: Child, ready: Callable[[], bool]) -> None:
    """Wait for a condition while the child runs."""
    deadline = monotonic() + READY_SECONDS
    while not await asyncio.to_thread(ready):
        if not child.running or monotonic() > deadline:
            raise RuntimeError(f"{child.name} is not ready: {child.last_words()} (log: {child.log})")
        await asyncio.sleep(0.05)


@asynccontextmanager
async def world(provider: Provider, folder: Path, *, searched: bool = True) -> AsyncGenerator[World]:
    """Fresh servers in `folder`, provisioned as `newswire provision` does it; NATS alone unless it is `searched`."""
    async with AsyncExitStack() as stack:
        nats_server = stack.enter_context(provider.nats(folder / "nats"))
        opensearch = stack.enter_context(provider.opensearch(folder / "opensearch")).url if searched else NOWHERE
        client = await connect_nats(Settings(nats_url=nats_server.url), "benchmarks")
        stack.push_async_callback(client.close)
        search = connect(opensearch)
        stack.push_async_callback(search.close)
        js: JetStreamContext = client.jetstream(timeout=30)  # pyright: ignore[reportUnknownMemberType]
        await provision_nats(js, Sizing(), dry_run=False)
        if searched:
            await provision_opensearch(search, datetime.now(UTC), dry_run=False)
        yield World(js, search, nats_server.url, opensearch, folder)
