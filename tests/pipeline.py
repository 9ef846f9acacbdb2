"""All services as real processes on the real servers, and what became of each message."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import nats
from nats.aio.msg import Msg
from nats.js import JetStreamContext

import deploy.nats.provision as provisioning
from deploy.provision import ProvisionSettings, provision
from shared import opensearch
from shared.indices import ARTICLES_ALIAS, ARTICLES_PATTERN
from shared.subjects import DLQ, EPOCH_KEY, INDEXED, RAW, SKIPPED
from tests.emptied import remove_indices

STAGES = ("services.parse", "services.enrich", "services.index")


@dataclass(frozen=True)
class Fate:
    """What became of a message: indexed with the event's action, skipped or dead with the reason."""

    outcome: str
    reason: str
    message: Msg


@dataclass
class Pipeline:
    """A publisher's connection, with every outcome that was heard, by origin."""

    js: JetStreamContext
    search_url: str
    epoch: int
    fates: dict[str, list[Fate]] = field(default_factory=dict)

    def hear(self, msg: Msg) -> None:
        """Record an outcome."""
        origin = (msg.headers or {})["Newswire-Origin"]
        kind = {"indexed": "indexed", "skipped": "skipped"}.get(msg.subject.split(".")[1], "dead")
        body = json.loads((msg.headers or {})["Newswire-Dead-Letter"] if kind == "dead" else msg.data)
        reason = body["action"] if kind == "indexed" else body["reason"]
        self.fates.setdefault(origin, []).append(Fate(kind, reason, msg))

    async def publish(self, body: bytes, source: str = "somewhere", headers: dict[str, str] | None = None) -> str:
        """Publish raw; returns the origin."""
        ack = await self.js.publish(RAW.of(source), body, headers=headers)
        return f"{self.epoch}:{ack.seq}:0"

    async def fate(self, origin: str, seconds: float = 60) -> Fate:
        """The outcome of an origin."""
        async with asyncio.timeout(seconds):
            while origin not in self.fates:
                await asyncio.sleep(0.02)
        return self.fates[origin][0]

    async def documents(self) -> dict[str, dict[str, Any]]:
        """All articles by id. Fails when an id is there twice."""
        client = opensearch.connect(self.search_url)
        try:
            await opensearch.ask(client, "POST", f"/{ARTICLES_PATTERN}/_refresh")
            answer = await opensearch.ask(client, "POST", f"/{ARTICLES_ALIAS}/_search", {"size": 5_000})
        finally:
            await client.close()
        hits = answer["hits"]["hits"] if answer else []
        assert len({hit["_id"] for hit in hits}) == len(hits), "an article is there twice"
        return {hit["_id"]: hit["_source"] for hit in hits}


async def prepare(nats_url: str, search_url: str) -> None:
    """Provision, on an OpenSearch without articles."""
    client = opensearch.connect(search_url)
    try:
        await remove_indices(client)
    finally:
        await client.close()
    await provision(ProvisionSettings(nats_url=nats_url, opensearch_url=search_url), dry_run=False)


@asynccontextmanager
async def listening(nats_url: str, search_url: str) -> AsyncIterator[Pipeline]:
    """A pipeline that hears every outcome from now on."""
    client = await nats.connect(nats_url, reconnect_time_wait=0.1, max_reconnect_attempts=-1)
    js = client.jetstream(timeout=10)
    metadata = (await js.stream_info("RAW")).config.metadata or {}
    pipeline = Pipeline(js, search_url, int(metadata[EPOCH_KEY]))

    async def hear(msg: Msg) -> None:
        pipeline.hear(msg)

    for subject in (INDEXED, SKIPPED, DLQ):
        await client.subscribe(subject.pattern, cb=hear)
    await client.flush()
    try:
        yield pipeline
    finally:
        await client.close()


__all__ = ["STAGES", "Fate", "Pipeline", "listening", "prepare", "provisioning"]
