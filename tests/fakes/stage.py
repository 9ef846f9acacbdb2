"""A stage whose messages say what becomes of them: python -m tests.quick tests.fakes.stage.

Runs in the place of enrich. A body is `{"do": WHAT, ...}`; see the functions below.
"""

import asyncio
import json
import os
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nats

from shared.bus import Inbound, Outbound, Result, connection, health
from shared.bus.health import Health
from shared.bus.service import Batch, Service, run, single
from shared.errors import DependencyDown, Poison, Skip, Transient
from shared.settings import Settings
from shared.subjects import MAX_PAYLOAD


async def ok(_: dict[str, Any], inbound: Inbound) -> Outbound:
    return Outbound(inbound.body)


async def skip(_: dict[str, Any], __: Inbound) -> Outbound:
    raise Skip("too_short", "three words", headline="Three words here")


async def poison(_: dict[str, Any], __: Inbound) -> Outbound:
    raise Poison("invalid_json", "broken")


async def flaky(script: dict[str, Any], inbound: Inbound) -> Outbound:
    """Fail until attempt `until`."""
    if inbound.attempt < script["until"]:
        raise Transient("timeout", "not yet", retry_after=script.get("after"))
    return Outbound(inbound.body)


async def bug(_: dict[str, Any], __: Inbound) -> Outbound:
    raise KeyError("a bug")


async def sleep(script: dict[str, Any], inbound: Inbound) -> Outbound:
    await asyncio.sleep(script["seconds"])
    return Outbound(inbound.body)


async def die(script: dict[str, Any], inbound: Inbound) -> Outbound:
    """Kill the process on every attempt before `until`."""
    if inbound.attempt < script.get("until", 10_000):
        os._exit(9)
    return Outbound(inbound.body)


async def down(script: dict[str, Any], inbound: Inbound) -> Outbound:
    """A dependency that is away until the file exists; the tries are counted in it."""
    with Path(script["tries"]).open("a") as tries:
        tries.write(f"{inbound.attempt}\n")
    if not Path(script["file"]).exists():
        raise DependencyDown("dependency_down", "no file")
    return Outbound(inbound.body)


async def grow(script: dict[str, Any], _: Inbound) -> Outbound:
    """Publish `bytes` bytes."""
    return Outbound(b"x" * script["bytes"])


async def block(script: dict[str, Any], inbound: Inbound) -> Outbound:
    """Hold the event loop itself."""
    time.sleep(script["seconds"])
    return Outbound(inbound.body)


async def violate(script: dict[str, Any], inbound: Inbound) -> Outbound:
    """Send what makes the server close the connection, as a client that checks only the body does."""
    settings = Settings.load()
    client = await nats.connect(settings.nats_url, **connection.lasting(Health(), settings, "violator"))
    await client.publish("anywhere", b"x" * (MAX_PAYLOAD - 100), headers={"X": "y" * 400})
    await asyncio.sleep(script["seconds"])
    return Outbound(inbound.body)


DEEDS: dict[str, Callable[[dict[str, Any], Inbound], Awaitable[Outbound]]] = {
    deed.__name__: deed for deed in (ok, skip, poison, flaky, bug, sleep, die, down, grow, block, violate)
}


async def handle(inbound: Inbound) -> Outbound:
    script = json.loads(inbound.body)
    return await DEEDS[script["do"]](script, inbound)


async def handle_batch(batch: Sequence[Inbound]) -> Sequence[Result]:
    """Each by its own result, but a bug is a bug of the whole batch."""
    results: list[Result] = []
    for inbound in batch:
        try:
            results.append((await handle(inbound),))
        except (Skip, Poison, Transient) as outcome:
            if isinstance(outcome, DependencyDown):
                raise
            results.append(outcome)
    return results


@asynccontextmanager
async def loading() -> AsyncGenerator[None]:
    """Takes three times as long to load as an event loop may be stuck, where a test says so."""
    if os.environ.get("STAGE_LOADS"):
        health.STUCK_AFTER = 2
        await asyncio.sleep(3 * health.STUCK_AFTER)
    yield


if __name__ == "__main__":
    if os.environ.get("STAGE_BATCH"):
        run(Service("enrich", Settings.load(), handle_batch, batch=Batch(50, 0.1)))
    run(Service("enrich", Settings.load(), single(handle), concurrency=8, resources=loading()))
