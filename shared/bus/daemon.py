"""A process with periodic jobs, where a stage has messages."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import NoReturn

import nats
import nats.errors
from nats.js import JetStreamContext

from shared import telemetry
from shared.bus import connection, topology
from shared.bus.health import Health
from shared.bus.process import prepare
from shared.errors import Transient
from shared.settings import Settings

ANSWER_WITHIN = 5.0
"""Seconds for JetStream to answer."""
AFTER_FAULT = 2.0
"""Seconds before a job that failed runs again, unless it runs more often than that."""


@dataclass(frozen=True, slots=True)
class Job:
    """`work` runs again `every` so many seconds after it ended. What it raises makes the service unready, not end."""

    name: str
    work: Callable[[], Awaitable[None]]
    every: float


Jobs = Callable[[JetStreamContext], AbstractAsyncContextManager[Sequence[Job]]]
"""Opens what the jobs need, gives the jobs, and closes it."""


def run_jobs(name: str, settings: Settings, jobs: Jobs) -> NoReturn:
    """Run until SIGTERM or SIGINT. A job that is cut short then must have left nothing half done."""
    health = prepare(settings)
    asyncio.run(_Daemon(name, settings, health).run(jobs))
    sys.exit(0)


class _Daemon:
    def __init__(self, name: str, settings: Settings, health: Health) -> None:
        self._name, self._settings, self._health = name, settings, health
        self._failing: dict[str, str] = {}
        self._waiting: set[str] = set()

    async def run(self, jobs: Jobs) -> None:
        async with asyncio.TaskGroup() as tasks:
            beat, work = tasks.create_task(self._beat()), tasks.create_task(self._work(jobs))
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, self._stop, beat, work)

    def _stop(self, *tasks: asyncio.Task[None]) -> None:
        self._health.ready, self._health.reason, self._health.stopping = False, "stopping", True
        for task in tasks:
            task.cancel()

    async def _work(self, jobs: Jobs) -> None:
        named = (self._settings, self._name)
        options = connection.options(*named) | connection.lasting(self._health, *named)
        client = await nats.connect(  # pyright: ignore[reportUnknownMemberType] - its **options
            self._settings.nats_url, inbox_prefix=connection.inbox(self._name).encode(), **options
        )
        telemetry.log("service.started", service=self._name)
        try:
            js: JetStreamContext = client.jetstream(timeout=ANSWER_WITHIN)  # pyright: ignore[reportUnknownMemberType]
            async with jobs(js) as listed, asyncio.TaskGroup() as tasks:
                self._waiting = {job.name for job in listed}
                for job in listed:
                    tasks.create_task(self._repeat(job))
        finally:
            await client.close()
            telemetry.log("service.stopped", service=self._name)

    async def _repeat(self, job: Job) -> None:
        while True:
            reason = await self._once(job)
            self._report(job.name, reason)
            await asyncio.sleep(min(job.every, AFTER_FAULT) if reason else job.every)

    async def _once(self, job: Job) -> str:
        """Why it failed; empty when it did not."""
        try:
            await job.work()
        except (nats.errors.Error, TimeoutError, OSError, topology.TopologyError, Transient) as error:
            return f"{job.name}: {str(error) or type(error).__name__}"
        except Exception as error:  # noqa: BLE001 - a bug of one job; the others must not suffer
            telemetry.bug("service.unready", error, service=self._name, job=job.name)
            return f"{job.name}: {type(error).__name__}"
        return ""

    def _report(self, job: str, reason: str) -> None:
        self._waiting.discard(job)
        if reason:
            self._failing[job] = reason
        else:
            self._failing.pop(job, None)
        if self._failing:
            self._unready(next(iter(self._failing.values())))
        elif not self._waiting and not self._health.ready:
            self._health.ready, self._health.reason = True, "ok"
            telemetry.log("service.ready", service=self._name)

    def _unready(self, reason: str) -> None:
        if self._health.reason != reason:
            telemetry.warn("service.unready", service=self._name, detail=reason)
        self._health.ready, self._health.reason = False, reason

    async def _beat(self) -> None:
        while True:
            self._health.touch(self._settings.heartbeat_file)
            await asyncio.sleep(1)
