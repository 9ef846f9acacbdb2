"""The index service as a process, between a real nats-server and a real OpenSearch; it is crashed and left waiting."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nats
import orjson
import pytest
from nats.js import JetStreamContext

from deploy.nats.provision import Sizing, provision
from deploy.opensearch.provision import provision as make_indices
from shared.bus import topology
from shared.contracts import EnrichedArticle
from shared.subjects import DLQ, ENRICHED, INDEXED, REVISED, SKIPPED, STAGES
from tests.fakes.enriched import article
from tests.integration.index.conftest import Bench
from tests.servers import Server

ROOT = Path(__file__).parents[3]
ACK_WAIT = 3
QUICK = f"""
import dataclasses, runpy
from shared import subjects
row = subjects.STAGES["index"]
subjects.STAGES["index"] = dataclasses.replace(row, consumer=dataclasses.replace(row.consumer, ack_wait={ACK_WAIT}))
runpy.run_module("services.index", run_name="__main__")
"""
"""The service with a short ack_wait, so that a crash is followed by redelivery at once."""


@pytest.fixture
async def js(nats_url: str) -> AsyncIterator[JetStreamContext]:
    """JetStream with all of its streams, and the consumer of index with a short ack_wait."""
    client = await nats.connect(nats_url)
    context = client.jetstream()
    await provision(context, Sizing(), dry_run=False)
    consumer = replace(STAGES["index"].consumer, ack_wait=ACK_WAIT)
    info = await context.consumer_info(consumer.stream, consumer.durable)
    await context.add_consumer(consumer.stream, topology.config(consumer, topology.epoch_of(info)))
    yield context
    await client.close()


@pytest.fixture
async def today(real: Bench) -> Bench:
    """The real OpenSearch with the indices of this month, since the process goes by the clock."""
    await make_indices(real.client, datetime.now(UTC), dry_run=False)
    return real


@asynccontextmanager
async def index_service(
    nats_url: str, opensearch_url: str, crash_at: str = ""
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m services.index`; told to leave at the end, unless it has crashed by then."""
    environment = os.environ | {
        "NEWSWIRE_NATS_URL": nats_url,
        "NEWSWIRE_OPENSEARCH_URL": opensearch_url,
        "NEWSWIRE_CRASH_AT": crash_at,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", QUICK, cwd=ROOT, env=environment, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(25):
            await process.wait()


async def send(js: JetStreamContext, arrived: EnrichedArticle | bytes, sequence: int) -> None:
    body = arrived if isinstance(arrived, bytes) else arrived.model_dump_json().encode()
    headers = {
        "Newswire-Origin": f"1:{sequence}:0",
        "Newswire-Observed-At": "2026-03-14T09:30:00+00:00",
        "traceparent": f"00-{'ab' * 16}-{'cd' * 8}-01",
    }
    await js.publish(ENRICHED.of("harbour-post"), body, headers=headers)


async def settled(js: JetStreamContext, seconds: float = 30) -> None:
    """Until nothing is left to deliver or to ack."""
    async with asyncio.timeout(seconds):
        while True:
            info = await js.consumer_info("ENRICHED", "index")
            if not info.num_pending and not info.num_ack_pending:
                return
            await asyncio.sleep(0.1)


async def in_hand(js: JetStreamContext) -> None:
    """Until the service holds messages."""
    async with asyncio.timeout(30):
        while True:
            info = await js.consumer_info("ENRICHED", "index")
            if info.num_ack_pending:
                return
            await asyncio.sleep(0.1)


async def told(js: JetStreamContext, stream: str, subject: str) -> list[dict[str, Any]]:
    """Bodies of all messages on a subject, dead letters by their header."""
    watched = await js.subscribe(subject, stream=stream, ordered_consumer=True)
    found = []
    try:
        while True:
            message = await watched.next_msg(timeout=0.5)
            letter = (message.headers or {}).get("Newswire-Dead-Letter")
            found.append(orjson.loads(letter or message.data))
    except nats.errors.TimeoutError:
        return found
    finally:
        await watched.unsubscribe()


async def test_each_message_ends_in_one_recorded_outcome(
    nats_url: str, opensearch_url: str, js: JetStreamContext, today: Bench
) -> None:
    arrivals = [article(1), article(2), article(1, body="Other."), article(2), article(3, read_minutes=10**12), b"{"]
    for sequence, each in enumerate(arrivals, 1):
        await send(js, each, sequence)

    async with index_service(nats_url, opensearch_url):
        await settled(js)

    indexed = await told(js, "EVENTS", INDEXED.pattern)
    assert [(each["article_id"], each["action"]) for each in indexed] == [
        ("article-1", "new"), ("article-2", "new"), ("article-1", "revised"),
    ]  # fmt: skip
    assert [each["changed"] for each in await told(js, "EVENTS", REVISED.pattern)] == [["body"]]
    assert [each["reason"] for each in await told(js, "EVENTS", SKIPPED.of("index", "harbour-post"))] == ["unchanged"]
    letters = await told(js, "DLQ", DLQ.pattern)
    assert sorted(each["reason"] for each in letters) == ["invalid_message", "refused_by_mapping"]
    stored = await today.stored()
    assert stored.keys() == {"article-1", "article-2"}
    assert stored["article-1"]["trace_id"] == "ab" * 16


@pytest.mark.parametrize("crash_at", ["after_bulk", "after_publish", "after_outcome"])
async def test_a_crash_loses_and_doubles_nothing(
    crash_at: str, nats_url: str, opensearch_url: str, js: JetStreamContext, today: Bench
) -> None:
    async with index_service(nats_url, opensearch_url, crash_at) as process:
        for number in range(1, 21):
            await send(js, article(number), number)
        async with asyncio.timeout(20):
            assert await process.wait() == 137

    async with index_service(nats_url, opensearch_url):
        await settled(js)

    indexed = await told(js, "EVENTS", INDEXED.pattern)
    assert sorted(each["origin"] for each in indexed) == sorted(f"1:{number}:0" for number in range(1, 21))
    assert {each["action"] for each in indexed} == {"new"}
    assert len(await today.stored()) == len(await today.revisions()) == 20


@pytest.mark.parametrize("crash_at", ["after_bulk", "after_publish"])
async def test_a_crash_between_versions_of_one_article_leaves_each_one_outcome(
    crash_at: str, nats_url: str, opensearch_url: str, js: JetStreamContext, today: Bench
) -> None:
    async with index_service(nats_url, opensearch_url, crash_at) as process:
        for number in range(1, 11):
            await send(js, article(1, body=f"Version {number}."), number)
        async with asyncio.timeout(20):
            assert await process.wait() == 137

    async with index_service(nats_url, opensearch_url):
        await settled(js)

    outcomes = [*await told(js, "EVENTS", INDEXED.pattern), *await told(js, "EVENTS", SKIPPED.pattern)]
    assert sorted(each["origin"] for each in outcomes) == sorted(f"1:{number}:0" for number in range(1, 11))
    assert [each["origin"] for each in (await today.stored()).values()] == ["1:10:0"]
    assert len(await today.revisions()) == 10


async def test_the_stage_waits_for_an_opensearch_that_is_away(
    nats_url: str, opensearch_server: Server, js: JetStreamContext, today: Bench
) -> None:
    await today.client.transport.perform_request("POST", "/news*/_flush")
    async with index_service(nats_url, opensearch_server.url):
        opensearch_server.stop()
        try:
            for number in range(1, 21):
                await send(js, article(number), number)
            await in_hand(js)
            await asyncio.sleep(ACK_WAIT + 1)
            waiting = await js.consumer_info("ENRICHED", "index")
        finally:
            opensearch_server.start()
        await settled(js, 60)

    assert waiting.num_ack_pending
    assert waiting.num_redelivered == 0
    assert not await told(js, "DLQ", DLQ.pattern)
    assert len(await told(js, "EVENTS", INDEXED.pattern)) == 20
    assert len(await today.stored()) == 20


async def test_a_hanging_opensearch_is_given_up_on_and_tried_again(
    nats_url: str, opensearch_server: Server, js: JetStreamContext, today: Bench
) -> None:
    async with index_service(nats_url, opensearch_server.url):
        opensearch_server.pause()
        try:
            await send(js, article(1), 1)
            await in_hand(js)
            await asyncio.sleep(14)
        finally:
            opensearch_server.resume()
        await settled(js, 60)

    assert [each["action"] for each in await told(js, "EVENTS", INDEXED.pattern)] == ["new"]
    assert len(await today.stored()) == 1
