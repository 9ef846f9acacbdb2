"""What a replica of enrich takes: seconds until it is ready, and memory with everything loaded, at its highest.

Once with the models of optional packages, and once as if those were not installed.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from time import monotonic
from typing import Any, Final

from services.enrich.steps import entities
from shared.subjects import ENRICHED, stream_of
from tests.benchmarks import material
from tests.benchmarks.enrichment import of_length
from tests.benchmarks.report import Section
from tests.benchmarks.statistics import Bar, Spread
from tests.benchmarks.usage import Memory, memory, tree
from tests.benchmarks.world import World
from tests.wire import WITHOUT_MODELS

PROGRAM: Final = "services.enrich"
STARTS: Final = 5
"""The first one is not counted: it reads the files that the system keeps at hand for the others."""
ENGLISH: Final = 200
TURNS: Final = 3
"""How often each text of the other languages comes: both children are to read each model."""
CHILDREN: Final = 2
LOOK_EVERY: Final = 0.2
WITHIN: Final = 120.0
"""Seconds to enrich them all."""
READY_LIMIT: Final = 5.0
MEMORY_LIMIT, MEMORY_LIMIT_BY_RULES = 700.0, 200.0
OWN_LIMIT: Final = 0.5
"""Of the memory of the process with the models, what a child may hold by itself. A copy of the models would be 1."""


@dataclass(frozen=True, slots=True)
class Replica:
    """Seconds of each start, and the processes when they held the most: the service, its zygote, the children."""

    starts: Spread
    highest: Sequence[Memory]

    @property
    def whole(self) -> float:
        """Megabytes, with what is shared counted once."""
        return sum(each.pss for each in self.highest)

    @property
    def own(self) -> float:
        """The largest child's own megabytes, of its zygote's."""
        _, zygote, *children = self.highest
        return max(each.own for each in children) / zygote.rss


async def replica(world: World) -> Section:
    """A replica with the models that are installed, and one without."""
    if not entities.usable():
        raise RuntimeError("the models of names are not installed; make setup")
    return _section(await _measured(world, {}), await _measured(world, WITHOUT_MODELS))


async def _measured(world: World, more: Mapping[str, str]) -> Replica:
    starts = [await _start(world, more) for _ in range(STARTS + 1)][1:]
    return Replica(Spread.of(starts), await _at_work(world, more))


async def _start(world: World, more: Mapping[str, str]) -> float:
    """Seconds from the start of the process to its readiness."""
    began = monotonic()
    async with world.program(PROGRAM, more) as child:
        await world.ready(child)
        return monotonic() - began


async def _at_work(world: World, more: Mapping[str, str]) -> Sequence[Memory]:
    """The processes at the moment when they held the most together.

    Raises:
        RuntimeError: it does not get done.
    """
    await world.empty()
    articles = [*material.parsed_articles(ENGLISH), *chain.from_iterable(repeat(material.in_other_languages(), TURNS))]
    await world.fill([material.for_enrich(of_length(each), world) for each in articles])
    highest: Sequence[Memory] = ()
    async with world.program(PROGRAM, more) as child:
        deadline = monotonic() + WITHIN
        while await world.stored(stream_of(ENRICHED).name) < len(articles):
            if not child.running or monotonic() > deadline:
                raise RuntimeError(f"{child.name} does not get done: {child.last_words()} (log: {child.log})")
            await asyncio.sleep(LOOK_EVERY)
            highest = max(highest, memory(tree(child.pid or 0)), key=_together)
    if len(highest) < 2 + CHILDREN:
        raise RuntimeError(f"{PROGRAM} has {len(highest)} processes, where {2 + CHILDREN} were to be measured")
    return highest


def _together(processes: Sequence[Memory]) -> tuple[bool, float]:
    """Whether all were there, and their megabytes: a child that ends and its successor are not there at once."""
    return len(processes) >= 2 + CHILDREN, sum(each.pss for each in processes)


def _section(full: Replica, ruled: Replica) -> Section:
    rows = [("ready after, s", full.starts.text(2), ruled.starts.text(2))]
    rows += [_row("together, PSS", full, ruled, lambda of: f"{of.whole:.0f}")]
    for at, name in enumerate(("the service, RSS", "the process with the models, RSS", "a child, RSS", "another, RSS")):
        rows.append(_row(name, full, ruled, lambda of, at=at: f"{of.highest[at].rss:.0f}"))
    rows.append(_row("of a child its own", full, ruled, lambda of: f"{max(each.own for each in of.highest[2:]):.0f}"))
    data: dict[str, Any] = {"with_models": full, "by_rules": ruled}
    return Section(
        "replica",
        f"A replica of enrich, MB at its highest over {ENGLISH} English articles and those of other languages",
        ("", "with the models", "by rules alone"),
        rows,
        [
            Bar("ready, the slowest start", full.starts.high, READY_LIMIT, "under", " s"),
            Bar("memory", full.whole, MEMORY_LIMIT, "under", " MB"),
            Bar("a child's own, of the process with the models", full.own, OWN_LIMIT, "under"),
            Bar("ready by rules alone, the slowest start", ruled.starts.high, READY_LIMIT, "under", " s"),
            Bar("memory by rules alone", ruled.whole, MEMORY_LIMIT_BY_RULES, "under", " MB"),
        ],
        data,
    )


def _row(name: str, full: Replica, ruled: Replica, told: Callable[[Replica], str]) -> tuple[str, str, str]:
    return name, told(full), told(ruled)
