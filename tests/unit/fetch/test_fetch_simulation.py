"""A small day of simulated sources; `make simulate` runs the large one, against all bars."""

from datetime import timedelta

import pytest

from tests.simulation.run import judge, simulate
from tests.simulation.world import START, build


@pytest.mark.parametrize("seed", [3])
async def test_every_version_is_found_once(seed: int) -> None:
    world = build(12, seed)

    found = judge(world, await simulate(world, START + timedelta(hours=33)))

    assert (found.found, found.duplicates) == (found.versions, 0)
    assert (found.deletions_found, found.deletions_wrong) == (found.deletions, 0)
    assert found.versions > 50
    assert found.delay_ratio < 0.25
    assert found.fewer > 2
    assert found.closest >= 1
