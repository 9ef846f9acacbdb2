"""From a hub to raw articles, on the real nats-server: subscribed, verified, pushed, renewed, and what fails in it."""

import asyncio
import json
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nats
import pytest
from nats.js import JetStreamContext

import deploy.nats.provision as provisioning
from deploy.local import ports
from deploy.nats.provision import Sizing, provision
from shared import subjects
from shared.bus import settle, store
from shared.contracts import Feed, FeedState, Pushing, Source, SourceState
from shared.subjects import ASKED, CONFIRMED, PUSHES, SOURCE_STATE, SOURCES, WEBSUB
from tests.fakes.hostile_http import HostileServer, answer, hostile_server
from tests.fakes.hub import Hub, running_hub
from tests.fakes.newsroom import Newsroom, every
from tests.quick import quicken
from tests.wire import Stage

NAME = "lighthouse"


@dataclass
class World:
    """A site with a feed, a hub that it names, fetch and intake as processes, and the server behind them."""

    site: HostileServer
    room: Newsroom
    hub: Hub
    js: JetStreamContext
    fetch: Stage
    intake: Stage
    linked: bool = True

    @property
    def feed(self) -> str:
        return f"{self.site.url}/feed.xml"

    def put(self) -> None:
        """The site as it is now."""
        links = f'<{self.hub.url}>; rel="hub", <{self.feed}>; rel="self"' if self.linked else ""
        self.site.pages["/feed.xml"] = answer(self.room.rss(), content_type="application/rss+xml", link=links)
        for article in self.room.articles:
            self.site.pages[article.path] = answer(self.room.page(article), content_type="text/html; charset=utf-8")

    def one(self, number: int) -> bytes:
        """A feed with one article alone, as hubs push what is new."""
        alone = Newsroom(self.room.base, [self.room.articles[number]], full=True)
        return alone.rss()

    async def add(self, **more: Any) -> None:
        source = Source(id=NAME, feeds=(Feed(url=self.feed),), **more)
        found = await store.get(self.js, SOURCES.name, NAME)
        await store.put(self.js, SOURCES.name, NAME, source.model_dump_json().encode(), found.revision if found else 0)

    async def state(self) -> tuple[SourceState, int]:
        found = await store.get(self.js, SOURCE_STATE.name, NAME)
        assert found
        return SourceState.model_validate_json(found.body), found.revision

    async def feed_state(self) -> FeedState | None:
        found = await store.get(self.js, SOURCE_STATE.name, NAME)
        return SourceState.model_validate_json(found.body).feeds.get(self.feed) if found and found.body else None

    async def until(self, condition: Any, seconds: float = 30) -> Pushing:
        async with asyncio.timeout(seconds):
            while not ((found := await self.feed_state()) and found.push and condition(found.push)):
                await asyncio.sleep(0.05)
        return found.push

    async def raws(self, count: int, seconds: float = 30) -> None:
        async with asyncio.timeout(seconds):
            while (await self.js.stream_info("RAW")).state.messages < count:
                await asyncio.sleep(0.05)

    async def passed(self, **update: Any) -> None:
        """Make the feed's state as time would: due, or its subscription due."""
        for _ in range(20):
            state, revision = await self.state()
            feed = state.feeds[self.feed].model_copy(update=update)
            changed = state.model_copy(update={"next_due": datetime.now(UTC), "feeds": {self.feed: feed}})
            try:
                await store.put(self.js, SOURCE_STATE.name, NAME, changed.model_dump_json().encode(), revision)
            except store.Conflict:
                continue
            return

    def metric(self, stage: Stage, wanted: str) -> float:
        with urllib.request.urlopen(f"http://127.0.0.1:{stage.port}/metrics", timeout=5) as found:
            lines = [line for line in found.read().decode().splitlines() if line.startswith(wanted)]
        return float(lines[0].split()[-1]) if lines else 0.0


@pytest.fixture(autouse=True)
def _quick_redelivery(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table that provisioning sees in this process, as fetch sees it in its own."""
    for name, row in list(subjects.STAGES.items()):
        monkeypatch.setitem(subjects.STAGES, name, row)
    monkeypatch.setattr(provisioning, "CONSUMERS", provisioning.CONSUMERS)
    monkeypatch.setattr(settle, "QUARANTINE_AFTER", settle.QUARANTINE_AFTER)
    quicken()


@pytest.fixture
async def world(nats_url: str, tmp_path: Path) -> AsyncIterator[World]:
    client = await nats.connect(nats_url)
    js = client.jetstream(timeout=5)
    await provision(js, Sizing(), dry_run=False)
    stages: list[Stage] = []
    async with hostile_server() as site, running_hub() as hub:
        site.pages["/robots.txt"] = answer(b"User-agent: *\nDisallow: /private/", content_type="text/plain")
        port = ports.free()
        env = {
            "NEWSWIRE_FETCH_ALLOW": f"127.0.0.1:{site.port},127.0.0.1:{hub.port}", "NEWSWIRE_INTAKE_PORT": str(port),
            "NEWSWIRE_FETCH_HOST_INTERVAL": "0", "NEWSWIRE_WEBSUB_URL": f"http://127.0.0.1:{port}",
        }  # fmt: skip
        for program in ("services.intake", "services.fetch"):
            home = tmp_path / program
            home.mkdir()
            stages.append(Stage(nats_url, home, program, env).start())
        for stage in stages:
            await asyncio.to_thread(stage.await_ready)
        room = Newsroom(site.url)
        for at in every(2, 3):
            room.write(at)
        found = World(site, room, hub, js, stages[1], stages[0])
        found.put()
        yield found
        for stage in stages:
            stage.kill()
    await client.close()


async def test_a_hub_is_subscribed_to_and_what_it_pushes_is_published_once(world: World) -> None:
    await world.add()
    push = await world.until(lambda each: each.asked_at is not None)
    await world.raws(3)
    assert world.hub.verified == [(200, "is it you? <b>")]
    form = world.hub.newest
    assert (form["hub.mode"], form["hub.topic"]) == ("subscribe", world.feed)
    assert len(form["hub.secret"]) >= 32
    assert form["hub.callback"].endswith(f"/v1/websub/{push.id}")

    world.room.write(datetime.now(UTC))  # the feed itself does not say so yet
    world.site.pages[world.room.articles[3].path] = answer(world.room.page(world.room.articles[3]))
    assert await world.hub.push(world.one(3)) == 202
    await world.raws(4)
    await world.until(lambda each: each.works)
    assert await world.hub.push(world.one(3)) == 202  # again: nothing new
    async with asyncio.timeout(30):
        while await pushes(world):
            await asyncio.sleep(0.05)
    assert (await world.js.stream_info("RAW")).state.messages == 4
    assert world.metric(world.fetch, 'newswire_websub_pushes_total{outcome="read"}') == 2


async def pushes(world: World) -> list[bytes]:
    keys = await store.keys(world.js, PUSHES.name, NAME)
    values = [await store.get(world.js, PUSHES.name, f"{NAME}.{key}") for key in keys]
    return [each.body for each in values if each and each.body]


async def test_a_look_is_later_while_pushes_work_and_as_before_when_they_stop(world: World) -> None:
    await world.add()
    await world.until(lambda each: each.asked_at is not None)
    before = await world.feed_state()
    assert before
    world.room.write(datetime.now(UTC))
    await world.hub.push(world.one(3))
    await world.until(lambda each: each.works)
    await world.passed(push=(await world.feed_state()).push.model_copy(update={"next_due": datetime.now(UTC)}))  # type: ignore[union-attr]
    push = await world.until(lambda each: each.lease_until is not None)
    assert push.works

    world.put()  # now the feed lists what was pushed, and nothing else
    await world.passed(next_due=datetime.now(UTC))
    relied = await looked(world, before)
    assert relied.push
    assert relied.push.works
    slow = (relied.next_due - datetime.now(UTC)).total_seconds()

    world.room.write(datetime.now(UTC))  # no push for this one
    world.put()
    await world.passed(next_due=datetime.now(UTC))
    alone = await looked(world, relied)
    assert alone.push
    assert not alone.push.works
    assert (alone.next_due - datetime.now(UTC)).total_seconds() < slow / 3


async def looked(world: World, before: FeedState) -> FeedState:
    async with asyncio.timeout(30):
        while True:
            found = await world.feed_state()
            if found and found.checked_at != before.checked_at and found.next_due > datetime.now(UTC):
                return found
            await asyncio.sleep(0.05)


async def test_a_wrong_signature_is_accepted_ignored_and_counted(world: World) -> None:
    await world.add()
    await world.until(lambda each: each.asked_at is not None)
    await world.raws(3)
    world.room.write(datetime.now(UTC))
    body = world.one(3)
    assert await world.hub.push(body, secret="guessed") == 202
    assert await world.hub.push(body, X_Hub_Signature="") == 202
    assert await world.hub.push(body, X_Hub_Signature="sha256=zz") == 202
    assert await world.hub.push(body, X_Hub_Signature=f"md5={'0' * 32}") == 202
    assert await pushes(world) == []
    assert world.metric(world.intake, 'newswire_websub_pushes_total{outcome="wrong_signature"}') == 4
    for method in ("sha1", "sha384", "sha512"):
        assert await world.hub.push(body, method) == 202
    assert world.metric(world.intake, 'newswire_websub_pushes_total{outcome="kept"}') == 3
    await world.raws(4)


async def test_what_was_not_asked_for_is_not_confirmed(world: World) -> None:
    await world.add()
    await world.until(lambda each: each.asked_at is not None)
    form = world.hub.newest
    assert (await world.hub.verify(form, topic="https://other.example/"))[0] == 404
    assert (await world.hub.verify(form, mode="unsubscribe"))[0] == 404
    assert (await world.hub.verify(form, challenge=""))[0] == 400
    base, _, identity = form["hub.callback"].rpartition("/")
    stranger = form | {"hub.callback": f"{base}/{'0' * 32}"}
    assert (await world.hub.verify(stranger))[0] == 410
    assert (await world.hub.verify(form | {"hub.callback": f"{base}/{identity}x"}))[0] == 404
    await world.add(paused=True)
    assert await world.hub.push(b"<rss/>") == 410


async def test_a_lease_is_renewed_before_its_end_under_the_same_callback_and_secret(world: World) -> None:
    world.hub.lease = 120
    await world.add()
    await world.until(lambda each: each.asked_at is not None)
    await due(world)
    push = await world.until(lambda each: each.lease_until is not None)
    assert push.lease_until
    left = (push.lease_until - push.next_due).total_seconds()
    assert left == pytest.approx(30, abs=1)

    # time goes by: the hub confirmed 100 seconds ago
    key = f"{CONFIRMED}.{push.id}"
    found = await store.get(world.js, WEBSUB.name, key)
    assert found
    told = json.loads(found.body)
    back = timedelta(seconds=100)
    for name in ("at", "lease_until"):
        told[name] = (datetime.fromisoformat(told[name]) - back).isoformat()
    await store.put(world.js, WEBSUB.name, key, json.dumps(told).encode(), found.revision)
    await due(world)
    async with asyncio.timeout(30):
        while len(world.hub.asked) < 2:
            await asyncio.sleep(0.05)
    first, second = world.hub.asked
    assert first == second
    await due(world)
    renewed = await world.until(lambda each: each.lease_until and each.lease_until > datetime.now(UTC))
    assert renewed.problem is None


async def due(world: World) -> None:
    """Make the subscription due, as time would."""
    state = await world.feed_state()
    assert state
    assert state.push
    await world.passed(push=state.push.model_copy(update={"next_due": datetime.now(UTC)}))


async def test_a_hub_that_denies_or_fails_is_named_and_polling_goes_on(world: World) -> None:
    world.hub.confirms, world.hub.answers = False, 500
    await world.add()
    push = await world.until(lambda each: each.problem is not None)
    assert push.problem == "HTTP 500"
    assert (await world.hub.verify(world.hub.newest, mode="denied", reason="not you"))[0] == 200
    await due(world)
    denied = await world.until(lambda each: (each.problem or "").startswith("denied"))
    assert denied.problem == "denied: not you"
    assert not denied.works
    await world.raws(3)


async def test_a_feed_that_names_no_hub_any_more_is_only_polled(world: World) -> None:
    await world.add()
    push = await world.until(lambda each: each.asked_at is not None)
    world.linked = False
    world.room.write(datetime.now(UTC))
    world.put()
    await world.passed(next_due=datetime.now(UTC))
    await world.raws(4)
    async with asyncio.timeout(30):
        while (found := await world.feed_state()) is None or found.push is not None:
            await asyncio.sleep(0.05)
    assert world.hub.newest["hub.mode"] == "unsubscribe"
    assert await world.hub.push(b"<rss/>", secret="x") == 410
    async with asyncio.timeout(30):
        while not (kept := await store.get(world.js, WEBSUB.name, f"{ASKED}.{push.id}")) or kept.body:
            await asyncio.sleep(0.1)


async def test_what_is_pushed_and_no_feed_is_done_with_and_counted(world: World) -> None:
    await world.add()
    await world.until(lambda each: each.asked_at is not None)
    assert await world.hub.push(b"<html>not a feed</html>") == 202
    async with asyncio.timeout(30):
        while world.metric(world.fetch, 'newswire_websub_pushes_total{outcome="unreadable"}') < 1:
            await asyncio.sleep(0.1)
        while await pushes(world):
            await asyncio.sleep(0.1)
    assert (await world.feed_state()).push  # type: ignore[union-attr]


async def test_fetch_that_dies_between_publishing_and_saving_loses_and_doubles_nothing(world: World) -> None:
    await world.add()
    await world.until(lambda each: each.asked_at is not None)
    await world.raws(3)
    world.fetch.kill()
    world.room.write(datetime.now(UTC))
    world.site.pages[world.room.articles[3].path] = answer(world.room.page(world.room.articles[3]))
    assert await world.hub.push(world.one(3)) == 202  # nobody reads it yet
    world.fetch.start(NEWSWIRE_CRASH_AT="after_raw")
    await world.raws(4)
    assert await world.fetch.exit() == 137
    assert await pushes(world) != []
    world.fetch.start(NEWSWIRE_CRASH_AT="")
    async with asyncio.timeout(60):
        while await pushes(world):
            await asyncio.sleep(0.1)
    assert (await world.js.stream_info("RAW")).state.messages == 4


async def ended(world: World, since: int) -> dict[str, str]:
    """The form by which the hub was asked to end it."""
    async with asyncio.timeout(40):
        while not (left := [form for form in world.hub.asked[since:] if form["hub.mode"] == "unsubscribe"]):
            await asyncio.sleep(0.1)
    return left[0]


async def test_a_source_that_pauses_is_unsubscribed_and_subscribed_again_when_it_goes_on(world: World) -> None:
    await world.add()
    push = await world.until(lambda each: each.asked_at is not None)
    await world.raws(3)
    await world.add(paused=True)
    form = await ended(world, 1)
    assert form["hub.callback"].endswith(f"/v1/websub/{push.id}")
    assert (await world.hub.verify(form, mode="subscribe"))[0] == 404
    async with asyncio.timeout(20):
        while world.hub.verified[1] != (200, "is it you? <b>"):
            await asyncio.sleep(0.1)
    assert await world.hub.push(world.one(0), secret="x") == 410

    await world.add()
    again = await world.until(lambda each: each.asked_at is not None and each.asked_at != push.asked_at)
    assert again.id == push.id
    assert world.hub.newest["hub.mode"] == "subscribe"
    assert (await world.hub.verify(world.hub.newest, mode="unsubscribe"))[0] == 404
    assert len([form for form in world.hub.asked if form["hub.mode"] == "unsubscribe"]) == 1


async def test_a_source_that_is_removed_is_unsubscribed_once_and_forgotten(world: World) -> None:
    await world.add()
    push = await world.until(lambda each: each.asked_at is not None)
    await world.raws(3)
    for bucket in (SOURCES, SOURCE_STATE):
        await store.delete(world.js, bucket.name, NAME)
    assert (await ended(world, 1))["hub.topic"] == world.feed
    async with asyncio.timeout(30):
        while (found := await store.get(world.js, WEBSUB.name, f"{ASKED}.{push.id}")) and found.body:
            await asyncio.sleep(0.1)
    await asyncio.sleep(6)
    assert len(world.hub.asked) == 2
