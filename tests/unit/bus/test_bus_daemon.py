"""What periodic jobs that fail mean for their process."""

import asyncio
from collections.abc import Awaitable, Callable

import nats.errors
import pytest

from shared.bus import daemon
from shared.bus.daemon import Job, _Daemon
from shared.bus.health import Health
from shared.errors import DependencyDown
from shared.settings import Settings


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    for name in ("log", "warn"):
        monkeypatch.setattr(daemon.telemetry, name, lambda event, **_: found.append(event))
    monkeypatch.setattr(daemon.telemetry, "bug", lambda *_, **__: found.append("bug"))
    return found


@pytest.fixture
def process(said: list[str]) -> tuple[_Daemon, Health]:
    del said
    health = Health()
    made = _Daemon("keeper", Settings(), health)
    made._waiting = {"one", "two"}
    return made, health


def failing(error: Exception) -> Callable[[], Awaitable[None]]:
    async def work() -> None:
        raise error

    return work


async def well() -> None: ...


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (DependencyDown("timeout", "OpenSearch did not answer"), "one: timeout: OpenSearch did not answer"),
        (nats.errors.ConnectionClosedError(), "one: nats: connection closed"),
        (TimeoutError(), "one: TimeoutError"),
        (KeyError("x"), "one: KeyError"),
    ],
)
async def test_the_reason_names_the_job(process: tuple[_Daemon, Health], error: Exception, reason: str) -> None:
    assert await process[0]._once(Job("one", failing(error), 1.0)) == reason


async def test_a_fault_of_ours_is_told_with_its_traceback(process: tuple[_Daemon, Health], said: list[str]) -> None:
    await process[0]._once(Job("one", failing(KeyError("x")), 1.0))
    await process[0]._once(Job("one", failing(TimeoutError()), 1.0))
    await process[0]._once(Job("one", well, 1.0))
    assert said == ["bug"]


def test_it_is_ready_when_every_job_ran_and_none_fails(process: tuple[_Daemon, Health], said: list[str]) -> None:
    made, health = process
    made._report("one", "")
    assert not health.ready
    made._report("two", "")
    assert health.ready
    made._report("two", "two: away")
    assert (health.ready, health.reason) == (False, "two: away")
    made._report("one", "")
    assert not health.ready
    made._report("two", "")
    assert (health.ready, health.reason) == (True, "ok")
    assert said == ["service.ready", "service.unready", "service.ready"]


def test_the_same_trouble_is_told_once(process: tuple[_Daemon, Health], said: list[str]) -> None:
    made, _ = process
    for _ in range(3):
        for job in ("one", "two"):
            made._report(job, f"{job}: NATS is away")
    assert said == ["service.unready"]


async def test_a_job_that_fails_runs_again_soon(
    process: tuple[_Daemon, Health], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon, "AFTER_FAULT", 0.01)
    outcomes = [DependencyDown("timeout"), DependencyDown("timeout"), None]

    async def work() -> None:
        if error := outcomes.pop(0):
            raise error

    task = asyncio.create_task(process[0]._repeat(Job("one", work, 3_600.0)))
    await asyncio.sleep(0.2)
    task.cancel()
    assert outcomes == []
