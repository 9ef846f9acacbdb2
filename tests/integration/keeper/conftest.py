"""A provisioned nats-server, a keeper, and stages played by hand."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import uuid4

import nats
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext

import deploy.nats.provision as provisioning
from services.keeper.service import Keeper
from shared import subjects
from shared.bus import dead, pull, store
from shared.bus.message import Inbound
from shared.contracts import Origin, Stage
from shared.contracts.balance import Balance
from shared.errors import Poison
from shared.ledger import balances
from shared.subjects import STAGES
from tests.servers import Server


@dataclass
class House:
    """Publishers and stages, by hand."""

    client: Client
    js: JetStreamContext
    keeper: Keeper

    async def raw(self, source: str = "a", body: bytes = b"news", times: int = 1) -> None:
        for _ in range(times):
            await self.js.publish(f"news.raw.{source}", body)

    async def take(self, stage: Stage = "parse", most: int = 1) -> list[Msg]:
        """Messages as the stage is given them."""
        consumer = STAGES[stage].consumer
        sub = await self.js.pull_subscribe_bind(consumer.durable, consumer.stream)
        found = await sub.fetch(most, timeout=2)
        await sub.unsubscribe()
        return found

    async def origin(self, sequence: int, generation: int = 0) -> Origin:
        info = await self.js.stream_info("RAW")
        return Origin(int((info.config.metadata or {})["newswire-epoch"]), sequence, generation)

    async def told(self, outcome: str, origin: Origin, source: str = "a") -> None:
        """An outcome as the bus tells it."""
        subject = {"indexed": "news.indexed", "skipped": "news.skipped.enrich"}[outcome]
        headers = {"Newswire-Origin": str(origin), "Nats-Msg-Id": f"index:{origin}:0"}
        await self.js.publish(f"{subject}.{source}", b"{}", headers=headers)

    async def buried(self, msg: Msg) -> None:
        """A dead letter as the bus writes it; the message is not terminated yet."""
        origin = await self.origin(msg.metadata.sequence.stream)
        inbound = Inbound(msg.subject, "a", msg.data, {}, origin, datetime.now(UTC), 1, "0" * 32)
        await dead.bury(self.js, "parse", inbound, Poison("invalid_json"), ("RAW", msg.metadata.sequence.stream))

    async def balance(self, source: str = "a") -> dict[str, int]:
        found = (await balances(self.js)).get(source, Balance(source=source))
        return {k: v for k, v in found.model_dump(exclude={"source"}).items() if v}

    async def letters(self) -> list[store.RawStreamMsg]:
        state = (await self.js.stream_info("DLQ")).state
        found = [await store.message(self.js, "DLQ", n) for n in range(max(state.first_seq, 1), state.last_seq + 1)]
        return [each for each in found if each]

    async def change(self, stream: str, **changes: object) -> None:
        """Change a stream's configuration behind provisioning's back."""
        await self.js.update_stream((await self.js.stream_info(stream)).config.evolve(**changes))


@pytest.fixture(autouse=True)
def _as_in_services(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pull of a service's process, and a parse stage that gives up after two deliveries."""
    monkeypatch.setattr(JetStreamContext.PullSubscription, "fetch", pull.fetch)
    row = STAGES["parse"]
    quick = replace(row, consumer=replace(row.consumer, max_deliver=2))
    monkeypatch.setitem(subjects.STAGES, "parse", quick)
    consumers = (quick.consumer, *(each for each in provisioning.CONSUMERS if each.durable != "parse"))
    monkeypatch.setattr(provisioning, "CONSUMERS", consumers)


@pytest.fixture
async def house(nats_server: Server, request: pytest.FixtureRequest) -> AsyncIterator[House]:
    """`store_bytes` as indirect parameter."""
    client = await nats.connect(nats_server.url, name=f"test-{uuid4()}")
    js = client.jetstream(timeout=5)
    size = provisioning.Sizing(store_bytes=getattr(request, "param", provisioning.Sizing().store_bytes))
    await provisioning.provision(js, size, dry_run=False)
    keeper = Keeper(js)
    yield House(client, js, keeper)
    await keeper.close()
    await client.close()
