"""The whole pipeline at a steady rate: how soon an article can be found, and what each service takes."""

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from deploy.local.process import Child
from services.enrich.steps import entities
from services.parse.identity import article_id
from shared.indices import ARTICLES_PATTERN
from shared.opensearch import ask
from tests.benchmarks import material, replica
from tests.benchmarks.articles import articles
from tests.benchmarks.report import Section
from tests.benchmarks.statistics import Bar, Spread, percentile
from tests.benchmarks.usage import Memory, cpu_seconds, memory, named, tree
from tests.benchmarks.watch import Watched, publish_and_watch
from tests.benchmarks.world import Message, World

RATE: Final = 50
SECONDS: Final = 60
WARM_UP: Final = 100
"""Articles before the measured ones: compilers and caches of a pipeline that has just started."""
SERVICES: Final = ("fetch", "parse", "enrich", "index", "keeper")
SERVERS: Final = {"nats-server": "nats-server", "OpenSearch": "java"}
P50_LIMIT, P99_LIMIT = 1.5, 3.0
MEMORY_LIMIT: Final = 200.0
MEMORY_LIMITS: Final = {"enrich": replica.MEMORY_LIMIT if entities.usable() else replica.MEMORY_LIMIT_BY_RULES}
"""Of what is allowed more: enrich, for the models of names where they are installed."""
STEPS: Final = ("observed_at", "parsed_at", "enriched_at", "indexed_at")


async def live(world: World) -> Section:
    """`RATE` articles a second for `SECONDS`, with all services as processes."""
    await world.empty()
    async with world.services(SERVICES) as children:
        await publish_and_watch(world, _messages(world, WARM_UP), RATE)
        before = _cpu(children)
        watched = await publish_and_watch(world, _messages(world, RATE * SECONDS), RATE)
        used = {name: seconds - before[name] for name, seconds in _cpu(children).items()}
        sizes = {name: memory(tree(child.pid or 0)) for name, child in children.items()}
        return _section(watched, used, sizes, await _breakdown(world, list(watched.due)))


def _messages(world: World, count: int) -> list[tuple[str, Message]]:
    """Raw articles and the ids that their documents will have."""
    world.sequence += count
    made = articles(count, material.SEED, world.sequence - count)
    return [(article_id(each.url, each.source, each.headline, None), material.raw_message(each)) for each in made]


def _cpu(children: Mapping[str, Child]) -> dict[str, float]:
    """CPU seconds of each service with all its processes, and of the servers."""
    services = {name: cpu_seconds(tree(child.pid or 0)) for name, child in children.items()}
    return services | {name: cpu_seconds(named(program, os.getpid())) for name, program in SERVERS.items()}


async def _breakdown(world: World, identities: Sequence[str]) -> dict[str, float]:
    """Median seconds between the moments that documents carry."""
    gaps: dict[str, list[float]] = {}
    for start in range(0, len(identities), 1_000):
        query = {"query": {"ids": {"values": identities[start : start + 1_000]}}, "size": 1_000, "_source": STEPS}
        answer = await ask(world.search, "POST", f"/{ARTICLES_PATTERN}/_search", query)
        for hit in answer["hits"]["hits"]:
            moments = [datetime.fromisoformat(hit["_source"][name]) for name in STEPS]
            for name, earlier, later in zip(STEPS[1:], moments, moments[1:], strict=False):
                gaps.setdefault(name, []).append((later - earlier).total_seconds())
    return {f"to {name}": percentile(values, 0.5) for name, values in gaps.items()}


def _section(
    watched: Watched, used: Mapping[str, float], sizes: Mapping[str, Sequence[Memory]], steps: Mapping[str, float]
) -> Section:
    seconds = watched.latencies()
    shares = {f"p{share:g}": percentile(seconds, share / 100) for share in (50, 90, 99, 100)}
    late = percentile(watched.lateness(), 0.99)
    rows = [(f"published to searchable, {name}", f"{value:.2f} s") for name, value in shares.items()]
    rows += [(f"median from the step before, {name}", f"{value:.3f} s") for name, value in steps.items()]
    rows += [("from schedule to PubAck, p99", f"{late:.3f} s")]
    rows += [(f"CPU an article, {name}", f"{value / len(seconds) * 1e6:,.0f} µs") for name, value in used.items()]
    rows += [(f"memory, {name}", _sizes(each)) for name, each in sizes.items()]
    bars = [
        Bar("published to searchable, p50", shares["p50"], P50_LIMIT, "under", " s"),
        Bar("published to searchable, p99", shares["p99"], P99_LIMIT, "under", " s"),
        *(_bar_of_memory(name, each) for name, each in sizes.items()),
    ]
    lost = sum(identity not in watched.found for identity in watched.due)
    data: dict[str, Any] = {"articles": len(seconds), "lost": lost, "rate": RATE, "seconds": shares, "steps": steps}
    data |= {
        "memory": sizes,
        "cpu_seconds": used,
        "to_puback": Spread.of(watched.lateness()),
        "searches": watched.searches,
    }
    title = f"{RATE} articles a second for {SECONDS} s, all services; {lost} of {len(seconds):,} not found"
    return Section("live", title, ("", "value"), rows, bars, data)


def _bar_of_memory(name: str, processes: Sequence[Memory]) -> Bar:
    return Bar(f"memory of {name}", _total(processes), MEMORY_LIMITS.get(name, MEMORY_LIMIT), "under", " MB")


def _total(processes: Sequence[Memory]) -> float:
    """Of a service with all its processes: shared pages counted once. Not a number when it is gone."""
    return sum(each.pss for each in processes) if processes else float("nan")


def _sizes(processes: Sequence[Memory]) -> str:
    each = " + ".join(f"{process.rss:.0f}" for process in processes)
    return f"PSS {_total(processes):.0f} MB (RSS {each})"
