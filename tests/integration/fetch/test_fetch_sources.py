"""Sources on a real nats-server: the scheduler hands them out, their articles become raw messages, once each."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nats
import pytest
import zstandard
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

import deploy.nats.provision as provisioning
from deploy.nats.provision import Sizing, provision
from services.fetch.articles.raw import ARTICLE
from shared import subjects
from shared.bus import store
from shared.contracts import Feed, RawEnvelope, Source, SourceState
from shared.subjects import HOSTS, SOURCE_STATE, SOURCES
from tests.fakes.hostile_http import HostileServer, answer
from tests.fakes.newsroom import Newsroom, every
from tests.quick import quicken

ROOT = Path(__file__).parents[3]


@dataclass
class Running:
    """`python -m services.fetch`, which may reach `site`."""

    process: asyncio.subprocess.Process

    async def crashed(self) -> bool:
        async with asyncio.timeout(30):
            return await self.process.wait() == 137


@asynccontextmanager
async def fetching(
    nats_url: str, site: HostileServer, log: Path, *, quick: bool = False, **env: str
) -> AsyncIterator[Running]:
    environment = os.environ | {
        "NEWSWIRE_NATS_URL": nats_url, "NEWSWIRE_FETCH_ALLOW": f"127.0.0.1:{site.port}",
        "NEWSWIRE_FETCH_HOST_INTERVAL": "0", **env,
    }  # fmt: skip
    with log.open("ab") as output:
        program = ["tests.quick", "services.fetch"] if quick else ["services.fetch"]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *program, cwd=ROOT, env=environment, stdout=output,
            stderr=output,
        )  # fmt: skip
    try:
        yield Running(process)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(25):
                await process.wait()


async def add(js: JetStreamContext, source: Source) -> None:
    found = await store.get(js, SOURCES.name, source.id)
    await store.put(js, SOURCES.name, source.id, source.model_dump_json().encode(), found.revision if found else 0)


async def raws(js: JetStreamContext) -> list[Any]:
    state = (await js.stream_info("RAW")).state
    found = []
    for sequence in range(1, state.last_seq + 1):
        try:
            found.append(await js.get_msg("RAW", sequence))
        except NotFoundError:
            continue
    return found


async def until_raw(js: JetStreamContext, count: int, seconds: float = 30) -> list[Any]:
    async with asyncio.timeout(seconds):
        while (await js.stream_info("RAW")).state.messages < count:
            await asyncio.sleep(0.05)
    return await raws(js)


async def state_of(js: JetStreamContext, name: str) -> SourceState | None:
    found = await store.get(js, SOURCE_STATE.name, name)
    return SourceState.model_validate_json(found.body) if found else None


async def until_looked(js: JetStreamContext, name: str, published: int, seconds: float = 30) -> SourceState:
    async with asyncio.timeout(seconds):
        while not (state := await state_of(js, name)) or state.published < published:
            await asyncio.sleep(0.05)
    return state


async def due_now(js: JetStreamContext, name: str) -> None:
    """Make the source due, as time would."""
    found = await store.get(js, SOURCE_STATE.name, name)
    assert found
    state = SourceState.model_validate_json(found.body)
    at = state.next_due.replace(year=2020)
    feeds = {url: each.model_copy(update={"next_due": at}) for url, each in state.feeds.items()}
    body = state.model_copy(update={"next_due": at, "feeds": feeds}).model_dump_json().encode()
    await store.put(js, SOURCE_STATE.name, name, body, found.revision)


def envelope(message: Any) -> RawEnvelope:
    body = message.data
    if (message.headers or {}).get("Content-Encoding") == "zstd":
        body = zstandard.decompress(body)
    return RawEnvelope.model_validate_json(body)


def put_on(site: HostileServer, room: Newsroom) -> None:
    site.pages["/feed.xml"] = answer(room.rss(), content_type="application/rss+xml")
    for article in room.articles:
        gone = answer(b"gone", "410 Gone")
        site.pages[article.path + article.query] = gone if article.gone else answer(room.page(article))


async def test_a_source_is_looked_at_and_its_articles_are_published_with_their_pages(
    nats_url: str, js: JetStreamContext, site: HostileServer, tmp_path: Path
) -> None:
    room = Newsroom(site.url)
    for at in every(2, 3):
        room.write(at)
    put_on(site, room)
    await add(js, Source(id="lighthouse", feeds=(Feed(url=f"{site.url}/feed.xml"),)))

    async with fetching(nats_url, site, tmp_path / "log"):
        found = await until_raw(js, 3, seconds=90)
        state = await until_looked(js, "lighthouse", 3)

    assert [message.subject for message in found] == ["news.raw.lighthouse"] * 3
    first = envelope(found[0])
    assert first.url == f"{site.url}{room.articles[0].path}"
    assert first.headline == "Lighthouse story 1"
    assert SENTENCE in (first.body or "")
    assert state.feeds[f"{site.url}/feed.xml"].problem is None
    assert len({message.headers[ARTICLE] for message in found}) == 3


async def test_edits_and_deletions_are_published_once_and_nothing_else_is(
    nats_url: str, js: JetStreamContext, site: HostileServer, tmp_path: Path
) -> None:
    room = Newsroom(site.url)
    for at in every(2, 3):
        room.write(at)
    put_on(site, room)
    await add(js, Source(id="lighthouse", feeds=(Feed(url=f"{site.url}/feed.xml"),), min_interval=30))
    async with fetching(nats_url, site, tmp_path / "log"):
        await until_looked(js, "lighthouse", 3)
        room.articles[1].version = 2
        put_on(site, room)
        await due_now(js, "lighthouse")
        await until_looked(js, "lighthouse", 4)
        await due_now(js, "lighthouse")
        await settled(js, "lighthouse")
        found = await raws(js)

    assert len(found) == 4
    assert "version 2" in (envelope(found[3]).headline or "")
    assert "edition 2" in (envelope(found[3]).body or "")


async def settled(js: JetStreamContext, name: str, seconds: float = 30) -> SourceState:
    """The source's state once it is due in the future, and no job is left."""
    async with asyncio.timeout(seconds):
        while True:
            state = await state_of(js, name)
            jobs = (await js.stream_info("JOBS")).state.messages
            if state and not jobs and state.next_due.year > 2020:
                return state
            await asyncio.sleep(0.1)


@pytest.fixture
async def quick(nats_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[JetStreamContext]:
    """Streams whose jobs are delivered again after 2 s."""
    for name, row in list(subjects.STAGES.items()):
        monkeypatch.setitem(subjects.STAGES, name, row)
    monkeypatch.setattr(provisioning, "CONSUMERS", provisioning.CONSUMERS)
    quicken()
    client = await nats.connect(nats_url)
    await provision(client.jetstream(), Sizing(), dry_run=False)
    yield client.jetstream()
    await client.close()


@pytest.mark.parametrize("point", ["after_fetch", "after_raw", "after_state"])
async def test_a_crash_loses_and_doubles_nothing(
    point: str, nats_url: str, quick: JetStreamContext, site: HostileServer, tmp_path: Path
) -> None:
    room = Newsroom(site.url)
    for at in every(2, 3):
        room.write(at)
    put_on(site, room)
    await add(quick, Source(id="lighthouse", feeds=(Feed(url=f"{site.url}/feed.xml"),)))
    async with fetching(nats_url, site, tmp_path / "log", quick=True, NEWSWIRE_CRASH_AT=point) as first:
        assert await first.crashed()
    await forget_hosts(quick)
    async with fetching(nats_url, site, tmp_path / "log", quick=True):
        await settled(quick, "lighthouse", seconds=60)
        state = await until_looked(quick, "lighthouse", 2)
        found = await raws(quick)

    assert len({message.headers[ARTICLE] for message in found}) == len(found) == 3
    assert state.feeds[f"{site.url}/feed.xml"].problem is None


async def forget_hosts(js: JetStreamContext) -> None:
    """Let the crashed replica's hold on the server run out, as time would."""
    await js.purge_stream(f"KV_{HOSTS.name}")


async def test_streams_that_fill_up_stop_it_and_it_says_so(
    nats_url: str, js: JetStreamContext, site: HostileServer, tmp_path: Path
) -> None:
    room = Newsroom(site.url)
    room.write(next(iter(every(1, 1))))
    put_on(site, room)
    raw = (await js.stream_info("RAW")).config
    await js.update_stream(raw.evolve(max_bytes=1024 * 1024))
    for number in range(14):
        await js.publish("news.raw.other", bytes(50_000), headers={"Nats-Msg-Id": str(number)})

    async with fetching(nats_url, site, tmp_path / "log"):
        async with asyncio.timeout(30):
            while "fetch.stopped" not in (tmp_path / "log").read_text():
                await asyncio.sleep(0.1)
        await add(js, Source(id="lighthouse", feeds=(Feed(url=f"{site.url}/feed.xml"),)))
        await asyncio.sleep(8)
        assert await state_of(js, "lighthouse") is None
        await js.purge_stream("RAW")
        await until_looked(js, "lighthouse", 1)
    assert "fetch.resumed" in (tmp_path / "log").read_text()
    assert "of RAW waits to be processed" in (tmp_path / "log").read_text()


SENTENCE = "The harbour council voted to rebuild the old lighthouse"
