"""Waiting for a dependency, and waiting between deliveries."""

import asyncio
from itertools import pairwise
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus import gate as gates
from shared.bus.gate import Gate, Stopping
from shared.bus.settle import LONGEST_ASKED, LONGEST_DELAY, retry_delay
from shared.errors import DependencyDown, Skip


@pytest.fixture(autouse=True)
def _quick() -> object:
    with patch.object(gates, "FIRST_WAIT", 0.001), patch.object(gates, "LONGEST_WAIT", 0.01):
        yield


class Flaky:
    """Work whose dependency is down for the first `failures` tries."""

    def __init__(self, failures: int) -> None:
        self.failures, self.tries, self.at_once, self.most_at_once = failures, 0, 0, 0

    async def __call__(self) -> str:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        self.tries += 1
        if self.tries <= self.failures:
            raise DependencyDown("dependency_down", "away")
        return "done"


async def test_work_is_tried_until_its_dependency_is_back() -> None:
    work = Flaky(5)
    assert await Gate("index").insist(work) == "done"
    assert work.tries == 6


async def test_while_it_is_down_one_at_a_time_asks() -> None:
    gate, work = Gate("index"), Flaky(10)
    first = asyncio.create_task(gate.insist(work))
    while not work.tries:
        await asyncio.sleep(0)
    others = [asyncio.create_task(gate.insist(work)) for _ in range(5)]
    assert await asyncio.gather(first, *others) == ["done"] * 6
    assert work.most_at_once == 1


async def test_other_outcomes_pass_and_open_the_gate() -> None:
    gate = Gate("index")
    tries = 0

    async def work() -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise DependencyDown("dependency_down", "away")
        raise Skip("stale")

    with pytest.raises(Skip):
        await gate.insist(work)
    assert await gate.insist(Flaky(0)) == "done"


async def test_stopping_wakes_who_waits() -> None:
    gate = Gate("index")
    waiting = asyncio.create_task(gate.insist(Flaky(1_000_000)))
    await asyncio.sleep(0.01)
    gate.stop()
    with pytest.raises(Stopping):
        await waiting


@given(st.integers(1, 1_000), st.none() | st.floats(0, 1e9))
def test_delays_grow_within_bounds_and_honour_what_was_asked(attempt: int, asked: float | None) -> None:
    delay = retry_delay(attempt, asked)
    assert 0.5 <= delay <= max(LONGEST_DELAY, LONGEST_ASKED)
    assert delay >= min(asked or 0, LONGEST_ASKED)


def test_delays_double() -> None:
    averages = [sum(retry_delay(n) for _ in range(500)) / 500 for n in (1, 2, 3, 4)]
    assert all(1.7 < later / earlier < 2.3 for earlier, later in pairwise(averages))
