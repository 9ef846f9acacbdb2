"""How fast programs work off a full stream, and what CPU each message costs them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from time import monotonic
from typing import Any, NamedTuple

from tests.benchmarks.statistics import Spread
from tests.benchmarks.usage import cpu_seconds, tree
from tests.benchmarks.world import World

LOOK_EVERY = 0.05
WARM_UP = 0.2
"""The share of the messages that is not measured: start, imports, the first pull."""
STALLED_AFTER = 60.0


class Sample(NamedTuple):
    """How much was done at a moment, and the CPU seconds used by then."""

    done: int
    at: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Drained:
    """A measured stretch of a drain."""

    messages: int
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        """Messages per second."""
        return self.messages / self.seconds

    @property
    def cost(self) -> float:
        """CPU microseconds (user and system) per message; the servers' are not in it."""
        return self.cpu / self.messages * 1e6


def measured(samples: Sequence[Sample], total: int) -> Drained:
    """From the first sample after the warm-up to the first at which all was done. Pure.

    Raises:
        ValueError: the samples do not hold that stretch: there are too few messages to measure.
    """
    first = next((sample for sample in samples if sample.done >= total * WARM_UP), None)
    last = next((sample for sample in samples if sample.done >= total), None)
    if not first or not last or last.done == first.done:
        raise ValueError(f"{total} messages were done between two looks; nothing was measured")
    return Drained(last.done - first.done, last.at - first.at, last.cpu - first.cpu)


async def drain(world: World, modules: Sequence[str], total: int, left: Callable[[], Awaitable[int]]) -> Drained:
    """Start the programs on streams that are full, and measure until nothing is `left`.

    Raises:
        RuntimeError: a program ended, or nothing moves.
    """
    samples: list[Sample] = []
    async with AsyncExitStack() as stack:
        children = [await stack.enter_async_context(world.program(module)) for module in modules]
        moved = monotonic()
        while not samples or samples[-1].done < total:
            await asyncio.sleep(LOOK_EVERY)
            used = cpu_seconds(pid for child in children for pid in tree(child.pid or 0))
            samples.append(Sample(total - await left(), monotonic(), used))
            if len(samples) > 1 and samples[-1].done != samples[-2].done:
                moved = monotonic()
            failed = next((child for child in children if not child.running), None)
            if failed or monotonic() - moved > STALLED_AFTER:
                child = failed or children[-1]
                raise RuntimeError(f"{child.name} does not go on: {child.last_words()} (log: {child.log})")
    return measured(samples, total)


def facts(rounds: Sequence[Drained]) -> dict[str, Any]:
    """For the report: rate and cost over the rounds."""
    rates, costs = [each.rate for each in rounds], [each.cost for each in rounds]
    return {"per_second": Spread.of(rates), "cpu_us": Spread.of(costs), "messages": rounds[0].messages}
