"""Publishes on schedule, and sees when each article can be found."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final

import orjson

from shared.indices import ARTICLES_ALIAS
from shared.opensearch import ask
from tests.benchmarks.world import Message, World

POLL_EVERY: Final = 0.1
GIVE_UP_AFTER: Final = 30.0
"""Seconds after the last article was due; what is not found by then counts as lost."""


@dataclass(slots=True)
class Watched:
    """Moments (seconds of one monotonic clock) by article_id. `due`: when it was to be published, on schedule."""

    due: dict[str, float] = field(default_factory=dict[str, float])
    stored: dict[str, float] = field(default_factory=dict[str, float])
    found: dict[str, float] = field(default_factory=dict[str, float])
    searches: int = 0

    def latencies(self) -> list[float]:
        """Seconds from due to found; infinite for what was lost. From due, so that a publisher that is held up by a
        slow server does not hide how slow it is.
        """
        return [self.found.get(identity, float("inf")) - due for identity, due in self.due.items()]

    def lateness(self) -> list[float]:
        """Seconds from due to the PubAck."""
        return [self.stored[identity] - due for identity, due in self.due.items() if identity in self.stored]


async def publish_and_watch(world: World, messages: Sequence[tuple[str, Message]], rate: float) -> Watched:
    """Publish `rate` messages a second, each at its time whatever became of those before, until all are found."""
    watched = Watched()
    start = monotonic() + 1.0
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_publish(world, messages, [start + n / rate for n in range(len(messages))], watched))
        tasks.create_task(_watch(world, len(messages), start + len(messages) / rate + GIVE_UP_AFTER, watched))
    return watched


async def _publish(
    world: World, messages: Sequence[tuple[str, Message]], times: Sequence[float], watched: Watched
) -> None:
    async with asyncio.TaskGroup() as tasks:
        for (identity, message), due in zip(messages, times, strict=True):
            await asyncio.sleep(max(0.0, due - monotonic()))
            watched.due[identity] = due
            tasks.create_task(_send(world, identity, message, watched))


async def _send(world: World, identity: str, message: Message, watched: Watched) -> None:
    await world.js.publish(message.subject, message.body, 30, headers=message.headers)
    watched.stored[identity] = monotonic()


async def _watch(world: World, total: int, deadline: float, watched: Watched) -> None:
    """Search for what is outstanding; an article counts as found when the answer is here."""
    next_look = monotonic()
    while len(watched.found) < total and monotonic() < deadline:
        next_look = max(next_look + POLL_EVERY, monotonic())
        await asyncio.sleep(next_look - monotonic())
        outstanding = [identity for identity in watched.due if identity not in watched.found]
        if outstanding:
            hits = await _search(world, outstanding)
            watched.searches += 1
            now = monotonic()
            watched.found.update((identity, now) for identity in hits)


async def _search(world: World, identities: Sequence[str]) -> list[str]:
    query: dict[str, Any] = {
        "query": {"ids": {"values": identities}}, "size": min(len(identities), 10_000), "_source": False,
        "track_total_hits": False,
    }  # fmt: skip
    path = f"/{ARTICLES_ALIAS}/_search"
    answer: dict[str, Any] = await ask(world.search, "POST", path, orjson.dumps(query), filter_path="hits.hits._id")
    hits: list[dict[str, str]] = answer.get("hits", {}).get("hits", [])
    return [hit["_id"] for hit in hits]
