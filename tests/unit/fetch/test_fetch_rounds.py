"""What goes on beside the jobs goes on, whatever one round raises."""

import asyncio

import pytest

from services.fetch.rounds import rounds
from shared import telemetry
from shared.errors import DependencyDown


async def test_a_fault_and_a_bug_cost_a_round_each(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(telemetry, "warn", lambda event, **said: told.append(f"{event}: {said['error']}"))
    monkeypatch.setattr(telemetry, "bug", lambda event, error, **said: told.append(f"{event}: {said['job']} {error!r}"))
    raised: list[Exception | None] = [DependencyDown("dependency_down", "NATS is away"), KeyError("x"), None]
    done = asyncio.Event()

    async def work() -> None:
        if error := raised.pop(0):
            raise error
        done.set()
        await asyncio.sleep(60)

    running = asyncio.create_task(rounds("sweeping", 0, work))
    async with asyncio.timeout(5):
        await done.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert [each.partition("(")[0] for each in told] == [
        "connection.error: sweeping: DependencyDown", "service.unready: sweeping KeyError",
    ]  # fmt: skip
