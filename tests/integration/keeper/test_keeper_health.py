"""Sources that fall silent, whose layout breaks, or that cannot be had are told of once, whatever happens."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.keeper.health import watch
from services.keeper.health.watch import Watch
from shared.bus import publish, store, wire
from shared.bus.message import Inbound, Outbound
from shared.contracts import Contract, Feed, FeedState, HealthEvent, IndexedEvent, SkipRecord, Source, SourceState
from shared.contracts.health import INSTALLATION
from shared.subjects import HEALTH, INDEXED, SKIPPED, SOURCE_STATE, SOURCES, Subject
from tests.integration.keeper.conftest import House
from tests.integration.keeper.test_keeper_process import Process
from tests.servers import Server

NOW = datetime.now(UTC).replace(minute=30, second=0, microsecond=0)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Wire:
    """Publishes outcomes as the stages do, and holds the clock of a Watch."""

    def __init__(self, house: House) -> None:
        self.house, self.js, self.now, self.number = house, house.js, NOW, 0
        self.under_way: set[str] = set()
        self.watches: list[Watch] = []

    def watch(self) -> Watch:
        made = Watch(self.js, self.under_way.__contains__, lambda: self.now)
        self.watches.append(made)
        return made

    async def article(self, source: str, at: datetime, **changes: Any) -> None:
        values: dict[str, Any] = {
            "article_id": f"a{self.number}", "revision_id": "r", "source": source, "action": "new", "index": "i",
            "version": 1, "headline": "The ferry sails again in May", "observed_at": at, "indexed_at": at,
            "published_at": at, "body_chars": random.Random(self.number).randint(1_500, 4_000), "author_count": 1,
        }  # fmt: skip
        await self._tell(source, INDEXED, INDEXED.of(source), "index", IndexedEvent, values | changes)

    async def refused(self, source: str, at: datetime, reason: str) -> None:
        values = {"stage": "parse", "reason": reason, "source": source, "observed_at": at, "skipped_at": at}
        await self._tell(source, SKIPPED, SKIPPED.of("parse", source), "parse", SkipRecord, values | {"attempt": 1})

    async def _tell(
        self, source: str, family: Subject, subject: str, stage: str, contract: type[Contract], values: dict[str, Any]
    ) -> None:
        self.number += 1
        origin = await self.house.origin(self.number)
        payload = contract.model_validate(values | {"origin": str(origin)})
        inbound = Inbound("x", source, b"", {}, origin, values["observed_at"], 1, "0" * 32)
        headers = wire.envelope(stage, inbound, Outbound(payload), family, 0, values["observed_at"])
        await publish.publish(self.js, subject, wire.body_of(payload), headers)

    async def history(self, source: str, until: datetime, weeks: int = 4, every: int = 3) -> None:
        """An article every few hours."""
        for hours in range(weeks * 168, 0, -every):
            await self.article(source, until - hours * HOUR)

    async def fetched(
        self, source: str, succeeded: datetime, failures: int = 0, checked: datetime | None = None
    ) -> None:
        feed = Feed(url=f"https://{source}.example/feed")
        state = FeedState(
            next_due=succeeded, succeeded_at=succeeded, checked_at=checked or succeeded, failures=failures,
            problem="connection_failed" if failures else None,
        )  # fmt: skip
        for bucket, value in (
            (SOURCES, Source(id=source, feeds=(feed,))),
            (SOURCE_STATE, SourceState(next_due=succeeded, feeds={feed.url: state})),
        ):
            found = await store.get(self.js, bucket.name, source)
            body = value.model_dump_json().encode()
            await store.put(self.js, bucket.name, source, body, found.revision if found else 0)

    async def events(self, source: str) -> list[HealthEvent]:
        """All health events of a source, in order."""
        sequence, found = 1, list[HealthEvent]()
        while message := await store.following(self.js, "EVENTS", sequence, HEALTH.of(source)):
            found.append(HealthEvent.model_validate_json(message.data or b""))
            sequence = (message.seq or 0) + 1
        return found

    async def names(self, source: str) -> list[str]:
        return [each.event for each in await self.events(source)]


@pytest.fixture
async def wired(house: House) -> AsyncIterator[Wire]:
    made = Wire(house)
    yield made
    for each in made.watches:
        await each.close()


async def test_a_silent_source_is_told_of_once_and_recovers(wired: Wire) -> None:
    await wired.history("gazette", NOW - 3 * DAY)
    await wired.history("herald", NOW)
    health = wired.watch()
    for _ in range(3):
        await health.judge()
    [quiet] = await wired.events("gazette")
    assert (quiet.event, quiet.trouble, quiet.since) == ("source.quiet", "quiet", NOW - 3 * DAY - 3 * HOUR)
    assert quiet.expected == pytest.approx(24, abs=2)
    assert await wired.names("herald") == []

    await wired.article("gazette", NOW)
    await health.judge()
    again = wired.watch()  # a restart, and a second keeper
    await again.judge()
    await health.judge()
    assert await wired.names("gazette") == ["source.quiet", "source.recovered"]


async def test_a_broken_layout_is_told_of_within_20_articles(wired: Wire) -> None:
    await wired.history("gazette", NOW, weeks=2)
    health = wired.watch()
    await health.judge()
    for number in range(20):
        await wired.article("gazette", NOW, author_count=0, published_at=None, body_chars=180 + number)
    await health.judge()
    [drift] = await wired.events("gazette")
    assert drift.event == "source.drift"
    assert {(each.field, each.measure) for each in drift.drifts} >= {("date", "filled"), ("author", "filled")}
    for _ in range(20):
        await wired.article("gazette", NOW)
    await health.judge()
    assert await wired.names("gazette") == ["source.drift", "source.recovered"]


async def test_a_layout_of_which_parse_makes_no_article_is_drift_with_its_reason(wired: Wire) -> None:
    await wired.history("gazette", NOW, weeks=2)
    for _ in range(20):
        await wired.refused("gazette", NOW, "too_short")
    await wired.watch().judge()
    [drift] = await wired.events("gazette")
    assert (drift.event, drift.cause, drift.drifts[0].field) == ("source.drift", "too_short", "article")


async def test_a_source_is_not_quiet_while_something_of_it_is_under_way_or_nobody_looks(wired: Wire) -> None:
    await wired.history("gazette", NOW - 3 * DAY)
    health = wired.watch()
    wired.under_way = {"gazette"}
    health = wired.watch()
    await health.judge()
    wired.under_way.clear()
    await wired.fetched("gazette", NOW - 3 * DAY)
    await health.judge()
    assert await wired.names("gazette") == []
    await wired.fetched("gazette", NOW)
    await health.judge()
    assert await wired.names("gazette") == ["source.quiet"]


async def test_a_source_that_cannot_be_had_is_failing_with_its_cause(wired: Wire) -> None:
    await wired.fetched("gazette", NOW, failures=4)
    health = wired.watch()
    await health.judge()
    assert await wired.names("gazette") == []
    await wired.fetched("gazette", NOW, failures=5)
    await health.judge()
    await wired.fetched("gazette", NOW, failures=6)
    await health.judge()
    [failing] = await wired.events("gazette")
    assert (failing.event, failing.cause) == ("source.failing", "connection_failed")
    await wired.fetched("gazette", NOW)
    await health.judge()
    assert await wired.names("gazette") == ["source.failing", "source.recovered"]
    await store.delete(wired.js, SOURCES.name, "gazette")
    await health.judge()
    assert "gazette" not in health.watched
    assert (await wired.watch().judge(), len(await wired.events("gazette"))) == (None, 2)


async def test_an_installation_that_is_cut_off_says_so_once_and_nothing_of_its_sources(wired: Wire) -> None:
    names = [f"s{number}" for number in range(6)]
    for name in names:
        await wired.fetched(name, NOW - HOUR)
    health = wired.watch()
    await health.judge()
    for name in names:
        await wired.fetched(name, NOW - HOUR, failures=5, checked=NOW)
    await health.judge()
    await wired.watch().judge()  # another keeper
    [deaf] = await wired.events(INSTALLATION)
    assert (deaf.event, deaf.trouble, deaf.since) == ("installation.deaf", "deaf", NOW - HOUR)
    assert [await wired.names(name) for name in names] == [[]] * 6

    await wired.fetched("s0", NOW + HOUR)
    again = wired.watch()  # and a restart
    await again.judge()
    assert await wired.names(INSTALLATION) == ["installation.deaf", "installation.recovered"]
    assert [await wired.names(name) for name in names] == [[]] * 6

    await wired.fetched("s1", NOW - HOUR, failures=6, checked=NOW + 2 * HOUR)
    await again.judge()
    assert [await wired.names(name) for name in names] == [[], ["source.failing"], [], [], [], []]


async def test_killed_between_publishing_and_storing_it_tells_no_second_time(
    wired: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    await wired.history("gazette", NOW - 3 * DAY)
    health = wired.watch()

    async def die(*_: object) -> bool:
        raise KeyboardInterrupt

    async def published(self: Watch, watched: Any) -> None:
        await real(self, watched)
        monkeypatch.setattr(Watch, "_stored", die)

    real, stored = Watch._publish, Watch._stored
    monkeypatch.setattr(Watch, "_publish", published)
    with pytest.raises(KeyboardInterrupt):
        await health.judge()
    monkeypatch.setattr(Watch, "_stored", stored)
    monkeypatch.setattr(Watch, "_publish", real)
    monkeypatch.setattr(watch.publish, "publish", fails_on_duplicates)
    await wired.watch().judge()
    assert await wired.names("gazette") == ["source.quiet"]


async def fails_on_duplicates(*_: object) -> None:
    """The server forgets ids after ten minutes: what was said must not be published again."""
    raise AssertionError("published again")


async def test_two_keepers_tell_of_a_trouble_once(wired: Wire) -> None:
    await wired.history("gazette", NOW - 3 * DAY)
    one, other = wired.watch(), wired.watch()
    for _ in range(4):
        await asyncio.gather(one.judge(), other.judge(), return_exceptions=True)
    assert await wired.names("gazette") == ["source.quiet"]


async def test_the_keeper_as_a_process_tells_of_it(wired: Wire, nats_server: Server, tmp_path: Path) -> None:
    await wired.history("gazette", datetime.now(UTC) - 3 * DAY)
    process = Process(nats_server.url, tmp_path / "keeper.log")
    try:
        await process.until("/metrics", 'newswire_sources_in_trouble{trouble="quiet"} 1.0', 30)
    finally:
        process.child.kill()
        process.child.wait()
    logged = [json.loads(line) for line in process.log.read_text().splitlines() if '"source.quiet"' in line]
    assert [each["source"] for each in logged] == ["gazette"]
    assert await wired.names("gazette") == ["source.quiet"]
