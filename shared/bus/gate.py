"""A stage waits here while something it depends on is down, so that no delivery is burnt."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from shared import telemetry
from shared.errors import DependencyDown

T = TypeVar("T")
FIRST_WAIT, LONGEST_WAIT = 0.25, 10.0
"""Seconds. The longest is short enough for work to begin within ten seconds of a server's return."""


class Stopping(Exception):
    """Raised out of a wait when the service stops; the message is handed back."""


class Gate:
    """Open until somebody meets a DependencyDown; then everybody waits, and one try at a time decides."""

    def __init__(self, stage: str) -> None:
        self._stage = stage
        self._stop = asyncio.Event()
        self._failures = 0
        self._since = 0.0
        self._probe = asyncio.Lock()
        self.reason = ""
        telemetry.PAUSED.labels(stage).set(0)  # that it is there tells that the stage is

    def stop(self) -> None:
        """Wake everybody who waits, with Stopping."""
        self._stop.set()

    @property
    def down_for(self) -> float:
        """Seconds since the dependency was first found away; 0 while it is there."""
        return time.monotonic() - self._since if self._failures else 0.0

    async def insist(self, work: Callable[[], Awaitable[T]]) -> T:
        """The result of `work`, tried until its dependencies are there. Other exceptions pass.

        Raises:
            Stopping: the service stops while its dependency is down.
        """
        if not self._failures:
            try:
                return await work()
            except DependencyDown as down:
                self._failed(down)
        return await self._wait_and_try(work)

    async def _wait_and_try(self, work: Callable[[], Awaitable[T]]) -> T:
        while True:
            async with self._probe:  # one at a time asks whether it is back
                await self._pause()
                try:
                    result = await work()
                except DependencyDown as down:
                    self._failed(down)
                    continue
                except BaseException:
                    self._back()
                    raise
                self._back()
                return result

    async def _pause(self) -> None:
        if not self._failures and not self._stop.is_set():
            return
        ceiling = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(self._failures, 10))
        try:
            await asyncio.wait_for(self._stop.wait(), random.uniform(ceiling / 2, ceiling))  # noqa: S311 - jitter
        except TimeoutError:
            return
        raise Stopping

    def _failed(self, down: DependencyDown) -> None:
        self._failures += 1
        self.reason = str(down)
        if self._failures == 1:
            self._since = time.monotonic()
            telemetry.PAUSED.labels(self._stage).set(1)
            telemetry.warn("dependency.down", stage=self._stage, reason=down.reason, detail=down.detail)

    def _back(self) -> None:
        if self._failures:
            self._failures = 0
            telemetry.PAUSED.labels(self._stage).set(0)
            telemetry.log("dependency.back", stage=self._stage)
