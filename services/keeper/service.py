"""The keeper: dead letters from advisories, the ledger, room in streams, a month's index, metrics, charts, health."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Final, NoReturn

from services.keeper.advisories import ADVISED, Advisories
from services.keeper.books import Books
from services.keeper.charting import Charting
from services.keeper.core import Ledger
from services.keeper.health.watch import Watch
from services.keeper.measuring import Measuring
from services.keeper.reading import Reading
from services.keeper.room import Room
from services.keeper.settings import Settings
from shared import opensearch, telemetry
from shared.bus import JetStreamContext, store
from shared.bus.daemon import Job, run_jobs
from shared.subjects import DAY, STAGES

ROUND_EVERY: Final = 1.0
MEASURE_EVERY: Final = 5.0
CHART_EVERY: Final = 2.0
JUDGE_EVERY: Final = 5.0
MONTHS_EVERY: Final = float(DAY)


class Keeper:
    """The keeper's work on NATS. One thing at a time: all of it rests on the ledger."""

    def __init__(self, js: JetStreamContext) -> None:
        self._streams = Reading(js)
        self._books, self._advisories, self._room = Books(js), Advisories(js), Room(js)
        self._measuring = Measuring(js, self._streams)
        self._ledger: Ledger | None = None
        self._caught_up = False
        self._one = asyncio.Lock()
        for stage in STAGES:
            telemetry.expect_dead(stage, ADVISED)

    async def round(self) -> None:
        """Read and store the ledger, bury what the server gave up, make room.

        Raises:
            DependencyDown: a dead letter could not be stored.
            nats.errors.Error: NATS does not answer, or was never provisioned.
        """
        async with self._one:
            ledger = await self._load()
            floors = await self._room.floors()
            await self._advisories.fetch()
            self._caught_up = await self._streams.catch_up(ledger)
            if not await self._stored(ledger):
                return
            if self._caught_up and await self._advisories.settle(ledger):
                await self._room.make(floors, ledger)

    async def measure(self) -> int | None:
        """Set the metrics; the imbalance, if it could be told."""
        async with self._one:
            ledger = await self._load()
            found = await self._measuring.check(ledger)
            await self._measuring.measure(ledger)
            return found

    def in_flight(self, source: str) -> bool:
        """Whether a message of the source is under way, or may be: the ledger was not read to the end."""
        if self._ledger is None or not self._caught_up:
            return True
        account = self._ledger.accounts.get(self._ledger.account_of(source))
        return account is not None and len(account.open) > 0

    async def close(self) -> None:
        """Let go of what the server keeps for us."""
        await self._streams.close()

    async def _load(self) -> Ledger:
        if self._ledger is None:
            self._ledger = await self._books.load()
        return self._ledger

    async def _stored(self, ledger: Ledger) -> bool:
        """False when somebody else wrote the ledger: a second keeper, or ourselves by a write whose answer was lost."""
        try:
            await self._books.commit(ledger)
        except store.Conflict as conflict:
            self._ledger = None
            telemetry.warn(
                "connection.error", service="keeper", error=f"{conflict} was written since; reading it again"
            )
            return False
        return True


def run(settings: Settings) -> NoReturn:
    """Run until told to stop."""

    @asynccontextmanager
    async def jobs(js: JetStreamContext) -> AsyncGenerator[Sequence[Job]]:
        keeper, client = Keeper(js), opensearch.connect_as(settings)
        charting, watch = Charting(js, client), Watch(js, keeper.in_flight)

        async def measure() -> None:
            await keeper.measure()

        async def months() -> None:
            for name in await opensearch.ensure_months(client, datetime.now(UTC)):
                telemetry.log("keeper.index_made", index=name)

        try:
            yield (
                Job("ledger", keeper.round, ROUND_EVERY),
                Job("measures", measure, MEASURE_EVERY),
                Job("months", months, MONTHS_EVERY),
                Job("outcomes", charting.copy, CHART_EVERY),
                Job("health", watch.judge, JUDGE_EVERY),
            )
        finally:
            await watch.close()
            await charting.close()
            await client.close()
            await keeper.close()

    run_jobs("keeper", settings, jobs)
