"""The hop without the bus, nats-py alone: python -m tests.benchmarks.plain.

As quick as a simple loop gets: all messages of a pull at once, as many as the stage has in hand. Nothing is checked,
retried, logged or counted.
"""

import asyncio
from typing import Any

import nats
import nats.errors
from nats.aio.msg import Msg
from nats.js import JetStreamContext

from shared.contracts import ParsedArticle
from shared.settings import Settings
from shared.subjects import ENRICHED, STAGES
from tests.benchmarks.passing import passed

AT_ONCE = 32
"""As Service.concurrency."""


async def handle(js: JetStreamContext, msg: Msg) -> None:
    article = passed(ParsedArticle.model_validate_json(msg.data))
    identity = f"enrich:{(msg.headers or {})['Newswire-Origin']}:0"
    body = article.model_dump_json(exclude_defaults=True).encode()
    await js.publish(ENRICHED.of(article.source), body, headers={"Nats-Msg-Id": identity})
    await msg.ack()


async def main() -> None:
    """Work until killed."""
    consumer = STAGES["enrich"].consumer
    client: Any = await nats.connect(Settings.load().nats_url)  # pyright: ignore[reportUnknownMemberType]
    js: JetStreamContext = client.jetstream(timeout=7)
    subscription = await js.pull_subscribe_bind(consumer.durable, consumer.stream)
    while True:
        try:
            msgs = await subscription.fetch(AT_ONCE, timeout=5)
        except (nats.errors.TimeoutError, TimeoutError):
            continue
        await asyncio.gather(*(handle(js, msg) for msg in msgs))


if __name__ == "__main__":
    asyncio.run(main())
