"""Every service killed, NATS and OpenSearch crashed under load: each message one outcome, each article one document."""

import asyncio
import random
import time
from collections import Counter

from tests.pipeline import Pipeline, listening
from tests.servers import Server
from tests.wire import Stage

ARTICLES = 240
SEED = 20240607


def body(number: int) -> bytes:
    """Every thirtieth is broken, every twentieth is no article; each fifth article is an edit of the one before."""
    if number % 30 == 29:
        return b'{"body": NaN, "n": %d}' % number
    if number % 20 == 19:
        return b"Too short, %d" % number
    town = number - (number % 5 == 4)
    return (
        f"<html><head><title>Town {town} rebuilds its lighthouse</title></head><body><article>"
        f"<h1>Town {town} rebuilds its lighthouse</h1>"
        f"<p>The council of town {town} voted on Tuesday to rebuild the old lighthouse before winter comes to it.</p>"
        f"<p>Version {number}: work begins next week, the mayor said, and the ferry levy pays for half of it all.</p>"
        f"<p>Fishermen had asked for the light for years, after two boats ran aground on the northern reef.</p>"
        f"</article></body></html>"
    ).encode()


def url(number: int) -> str:
    return f"https://town.example/{number - (number % 5 == 4)}"


async def test_through_every_crash_each_message_has_one_outcome(
    fragile: dict[str, Stage], nats_server: Server, opensearch_server: Server
) -> None:
    async with listening(nats_server.url, opensearch_server.url) as pipeline:
        publishing = asyncio.create_task(_publish(pipeline))
        await _break_everything(fragile, nats_server, opensearch_server)
        origins = await publishing
        await _settled(pipeline)
        stored = await _outcomes(pipeline)
        documents = await pipeline.documents()
    assert set(stored) == set(origins.values())
    assert {origin: count for origin, count in stored.items() if count != 1} == {}
    towns = {url(number) for number in range(ARTICLES) if number % 30 != 29 and number % 20 != 19}
    assert {document["url"] for document in documents.values()} == towns
    newest = {url(n): n for n in range(ARTICLES) if n % 30 != 29 and n % 20 != 19}
    stale = [
        document["url"] for document in documents.values()
        if f"Version {newest[document['url']]}:" not in document["body"]
    ]  # fmt: skip
    assert stale == []


async def _publish(pipeline: Pipeline) -> dict[int, str]:
    """Publish until the PubAck comes, under the same id, as a publisher should."""
    origins = {}
    for number in range(ARTICLES):
        headers = {"Nats-Msg-Id": f"publisher:{number}", "Newswire-Url": url(number)}
        while number not in origins:
            try:
                origins[number] = await pipeline.publish(body(number), headers=headers)
            except Exception:  # noqa: BLE001 - the server is away
                await asyncio.sleep(0.2)
        await asyncio.sleep(0.05)
    return origins


async def _break_everything(stages: dict[str, Stage], nats_server: Server, search: Server) -> None:
    """Kill each service twice in a random order, and each server once."""
    chance = random.Random(SEED)
    victims = [*stages.values(), *stages.values()]
    chance.shuffle(victims)
    for victim in victims:
        await asyncio.sleep(chance.uniform(0.3, 1.2))
        victim.kill()
        victim.start()
    nats_server.kill()
    await asyncio.sleep(1)
    nats_server.start()
    await asyncio.sleep(2)
    search.kill()
    await asyncio.sleep(2)
    search.start()  # here, not in a thread: the process is tied to the thread that starts it


async def _settled(pipeline: Pipeline) -> None:
    """Wait until no stage has anything pending or in hand: a minute for each lease of a service that was killed."""
    deadline = time.monotonic() + 220
    for stream, durable in (("RAW", "parse"), ("PARSED", "enrich"), ("ENRICHED", "index")):
        while (info := await pipeline.js.consumer_info(stream, durable)).num_pending or info.num_ack_pending:
            assert time.monotonic() < deadline, f"{durable}: {info.num_pending} wait, {info.num_ack_pending} in hand"
            await asyncio.sleep(0.1)


async def _outcomes(pipeline: Pipeline) -> Counter[str]:
    """How many outcomes the streams hold for each origin; a subscription would miss what came while it was away."""
    counts: Counter[str] = Counter()
    for stream, ours in (("EVENTS", ("news.indexed.", "news.skipped.")), ("DLQ", ("dlq.",))):
        state = (await pipeline.js.stream_info(stream)).state
        for sequence in range(max(1, state.first_seq), state.last_seq + 1):
            message = await pipeline.js.get_msg(stream, sequence)
            if message.subject and message.subject.startswith(ours):
                counts[(message.headers or {})["Newswire-Origin"]] += 1
    return counts
