"""A small simulated day over HTTP on loopback and on the real nats-server; `make simulate` runs large ones."""

from tests.simulation.run import judge, simulate
from tests.simulation.served import served
from tests.simulation.shares import UNTIL
from tests.simulation.stored import stored
from tests.simulation.world import build


async def test_every_version_is_sent_once_with_what_is_known_in_the_buckets() -> None:
    world = build(3, 3)

    async with stored(world) as nats, served(world) as web:
        found = judge(world, await simulate(world, UNTIL, web=web, nats=nats))

    assert (found.missed, found.doubled) == ([], [])
    assert (found.deletions_found, found.deletions_wrong) == (found.deletions, 0)
    assert found.versions > 10
    assert found.closest >= 1
