"""What the bus costs: a pass-through stage beside a plain nats-py loop; and each real stage, and all of them."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from shared.contracts.messages import Stage
from tests.benchmarks import material
from tests.benchmarks.drain import Drained, drain, facts
from tests.benchmarks.report import Section
from tests.benchmarks.statistics import Bar, ratios
from tests.benchmarks.world import Message, World

ROUNDS = 5
MESSAGES = 2_500
STAGE_ROUNDS = 3
STAGE_MESSAGES = 1_500
HOP_LIMIT = 3.0
COLUMNS = ("", "messages a second", "CPU µs a message")

Made = Callable[[World, int], list[Message]]


async def hop(world: World) -> Section:
    """Plain loop and hop in turn. The first of each warms the machine and is not counted."""
    rounds: dict[str, list[Drained]] = {"plain": [], "hop": []}
    for number in range(ROUNDS + 1):
        for name, done in rounds.items():
            found = await _drained(world, (f"tests.benchmarks.{name}",), "enrich", material.parsed, MESSAGES)
            if number:
                done.append(found)
    cost = ratios([each.cost for each in rounds["hop"]], [each.cost for each in rounds["plain"]])
    rate = ratios([each.rate for each in rounds["hop"]], [each.rate for each in rounds["plain"]])
    rows = [_row(name, rounds[name]) for name in rounds] + [("hop / plain", rate.text(2), cost.text(2))]
    data: dict[str, Any] = {name: facts(done) for name, done in rounds.items()}
    return Section(
        "hop",
        f"A hop on the bus and a plain nats-py loop ({ROUNDS} rounds in turn, median and range)",
        COLUMNS,
        rows,
        [Bar("CPU of a hop over that of the plain loop", cost.median, HOP_LIMIT, "at most", "×")],
        data | {"cpu_ratio": cost, "rate_ratio": rate},
    )


async def stages(world: World) -> Section:
    """Each real stage on a full stream, and the three together from raw to indexed."""
    parts: tuple[tuple[Stage, Made], ...] = (
        ("parse", material.raw), ("enrich", material.parsed), ("index", material.enriched),
    )  # fmt: skip
    found: dict[str, list[Drained]] = {}
    for _ in range(STAGE_ROUNDS):
        for stage, made in parts:
            drained = await _drained(world, (f"services.{stage}",), stage, made, STAGE_MESSAGES)
            found.setdefault(stage, []).append(drained)
        found.setdefault("all three, raw to indexed", []).append(await _end_to_end(world))
    return Section(
        "stages",
        f"The stages, with all their processes ({STAGE_ROUNDS} rounds, median and range)",
        COLUMNS,
        [_row(name, rounds) for name, rounds in found.items()],
        (),
        {name: facts(rounds) for name, rounds in found.items()},
    )


async def _drained(world: World, modules: Sequence[str], stage: Stage, made: Made, count: int) -> Drained:
    await world.empty()
    await world.fill(made(world, count))
    return await drain(world, modules, count, lambda: world.left(stage))


async def _end_to_end(world: World) -> Drained:
    await world.empty()
    await world.fill(material.raw(world, STAGE_MESSAGES))
    left = _unrecorded(world, STAGE_MESSAGES)
    return await drain(world, ("services.parse", "services.enrich", "services.index"), STAGE_MESSAGES, left)


def _unrecorded(world: World, count: int) -> Callable[[], Awaitable[int]]:
    """How many of `count` raw articles have no outcome yet: indexed and skipped are in EVENTS."""

    async def left() -> int:
        return count - await world.stored("EVENTS")

    return left


def _row(name: str, rounds: Sequence[Drained]) -> tuple[str, str, str]:
    told = facts(rounds)
    return name, told["per_second"].text(), told["cpu_us"].text()
