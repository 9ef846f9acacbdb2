"""Each user of NATS does its work and is refused everything else, by the real server."""

import asyncio
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import nats.errors
import pytest
from nats.aio.client import Client
from nats.js import JetStreamContext

from deploy.local import ports
from deploy.nats import users as table
from deploy.secrets.nkeys import new_seed
from shared.contracts import Access, AccessToken, Feed, Source
from shared.settings import EXIT_CONFIG
from tests.fakes.hostile_http import answer, hostile_server
from tests.fakes.hub import running_hub
from tests.fakes.newsroom import Newsroom
from tests.integration.deploy.conftest import PUBLISHERS, Guarded
from tests.wire import Stage

NAMES = [user.name for user in table.users(PUBLISHERS)]
KEEPER, CTL, PROVISION = "keeper", "ctl", "provision"

MAY_PUBLISH = {
    # raw articles
    "news.raw.interfax-ua": {"fetch", "intake", CTL, "scraper", "anything"},
    "news.raw.other": {"fetch", "intake", CTL, "anything"},
    # what stages tell each other, and the world
    "news.parsed.x": {"parse"},
    "news.enriched.x": {"enrich"},
    "news.indexed.x": {"index"},
    "news.revised.x": {"index"},
    "news.alerts.x": set(),
    "news.health.x": {KEEPER},
    "news.skipped.parse.x": {"parse"},
    "news.skipped.fetch.x": {"fetch"},
    "dlq.parse.x": {"parse", KEEPER},
    "dlq.index.x": {"index", KEEPER},
    "jobs.fetch.x": {CTL, "fetch"},
    "news.replay.parse.x": {CTL},
    # reading: each its own consumer
    "$JS.API.CONSUMER.MSG.NEXT.RAW.parse": {"parse", CTL},
    "$JS.API.CONSUMER.MSG.NEXT.PARSED.enrich": {"enrich", CTL},
    "$JS.API.CONSUMER.MSG.NEXT.ADVISORY.keeper-advisories": {KEEPER, CTL},
    "$JS.API.DIRECT.GET.RAW": {CTL},
    "$JS.API.STREAM.MSG.GET.RAW": {"fetch", KEEPER, CTL},
    # settling: each its own deliveries, in both forms of the acknowledgement
    "$JS.ACK.RAW.parse.1.1.1.1.1": {"parse"},
    "$JS.ACK._.acc.RAW.parse.1.1.1.1.1": {"parse"},
    "$JS.ACK.ENRICHED.index.1.1.1.1.1": {"index"},
    # making consumers reads whatever a stream holds
    "$JS.API.CONSUMER.CREATE.RAW": {CTL},
    "$JS.API.CONSUMER.CREATE.RAW.keeper-ledger": {KEEPER, PROVISION, CTL},
    "$JS.API.CONSUMER.CREATE.RAW.keeper-ledger.news.raw.x": {PROVISION, CTL},
    "$JS.API.CONSUMER.CREATE.RAW.parse": {PROVISION, CTL},
    "$JS.API.CONSUMER.DURABLE.CREATE.RAW.parse": {PROVISION, CTL},
    "$JS.API.CONSUMER.DURABLE.CREATE.RAW.keeper-ledger": {PROVISION, CTL},
    "$JS.API.CONSUMER.CREATE.RAW.spy": {PROVISION, CTL},
    "$JS.API.CONSUMER.DURABLE.CREATE.RAW.spy": {PROVISION, CTL},
    "$JS.API.CONSUMER.DELETE.RAW.nosuch": {CTL},
    "$JS.API.CONSUMER.DELETE.RAW.keeper-ledger": {KEEPER, CTL},
    "$JS.API.CONSUMER.CREATE.EVENTS.keeper-health": {KEEPER, PROVISION, CTL},
    "$JS.API.CONSUMER.CREATE.RAW.keeper-health": {PROVISION, CTL},
    # streams
    "$JS.API.STREAM.CREATE.NOSUCH": {PROVISION, CTL},
    "$JS.API.STREAM.UPDATE.NOSUCH": {PROVISION, CTL},
    "$JS.API.STREAM.DELETE.NOSUCH": {CTL},
    "$JS.API.STREAM.PURGE.EVENTS": {CTL},
    "$JS.API.STREAM.PURGE.RAW": {KEEPER, CTL},
    "$JS.API.STREAM.MSG.DELETE.DLQ": {CTL},
    "$JS.API.STREAM.MSG.DELETE.RAW": {CTL},
    "$JS.API.STREAM.NAMES": {CTL},
    "$JS.SNAPSHOT.ACK.RAW.x": {CTL},
    "$JS.SNAPSHOT.RESTORE.RAW.x": {CTL},
    "$KV.ledger.sources.x": {KEEPER},
    "$KV.health.source.x": {KEEPER},
    # sources are their operators', what is known of them is fetch's; it follows changes without a consumer
    "$KV.sources.x": {CTL},
    "$KV.source-state.x": {CTL, "fetch"},
    "$KV.seen.x": {CTL, "fetch"},
    "$KV.hosts.x": {"fetch"},
    "$JS.API.DIRECT.GET.KV_sources": {CTL, "fetch", KEEPER},
    "$JS.API.DIRECT.GET.KV_source-state": {CTL, "fetch", KEEPER},
    "$JS.API.DIRECT.GET.KV_seen": {CTL},
    "$JS.API.STREAM.MSG.GET.KV_seen": {CTL, "fetch"},
    "$JS.API.DIRECT.GET.KV_ledger": {CTL},
    "$JS.API.CONSUMER.CREATE.KV_sources.spy": {PROVISION, CTL},
    "$JS.API.STREAM.INFO.RAW": {"fetch", "intake", KEEPER, PROVISION, CTL},
    # tokens are operators'; the intake knows their hashes
    "$KV.tokens.x": {CTL},
    "$JS.API.DIRECT.GET.KV_tokens": {"intake", CTL},
    "$JS.API.STREAM.MSG.GET.KV_tokens": {CTL},
    "$JS.API.STREAM.MSG.GET.KV_sources": {"fetch", "intake", CTL},
    # WebSub: fetch asks, the intake is answered and keeps what is pushed
    "$KV.websub.asked.x": {"fetch"},
    "$KV.websub.confirmed.x": {"intake"},
    "$KV.pushes.x.y": {"fetch", "intake"},
    "$JS.API.STREAM.MSG.GET.KV_websub": {"fetch", "intake", CTL},
    "$JS.API.STREAM.MSG.GET.KV_pushes": {"fetch", CTL},
    "$JS.API.CONSUMER.INFO.RAW.parse": {"fetch", "parse", KEEPER, PROVISION, CTL},
    # pages to be rendered
    "render.page": {"fetch"},
    # what nobody needs
    "anything.else": set(),
    "_INBOX_parse.x": set(),
    "$SYS.REQ.SERVER.PING": set(),
    "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.RAW.parse": set(),
}
MAY_LISTEN = {
    "news.>": {CTL},
    "news.raw.*": {CTL},
    "dlq.>": {CTL},
    ">": set(),
    "_INBOX.>": {CTL},  # the `nats` command's
    "_INBOX_parse.>": {"parse"},
    "render.page": {"render"},
    "$JS.ACK.>": set(),
    "$JS.API.>": set(),
    "$SYS.>": set(),
}


async def allowed(refused: list[str], subjects: Iterable[str]) -> set[str]:
    """The subjects that the server did not refuse; the client hears of a refusal a moment after its flush."""
    await asyncio.sleep(0.2)
    return {subject for subject in subjects if not any(f'"{subject.lower()}"' in each.lower() for each in refused)}


@pytest.mark.parametrize("user", NAMES)
async def test_a_user_publishes_what_it_needs_and_nothing_else(guarded: Guarded, user: str) -> None:
    async with guarded.client(user) as (client, refused):
        for subject in MAY_PUBLISH:
            await client.publish(subject, b"not what anybody expects")
        await client.flush()
        may = await allowed(refused, MAY_PUBLISH)
    assert may == {subject for subject, users in MAY_PUBLISH.items() if user in users}


@pytest.mark.parametrize("user", NAMES)
async def test_a_user_hears_its_own_answers_and_nothing_else(guarded: Guarded, user: str) -> None:
    async with guarded.client(user) as (client, refused):
        for subject in MAY_LISTEN:
            await client.subscribe(subject)
        await client.flush()
        may = await allowed(refused, MAY_LISTEN)
    assert may == {subject for subject, users in MAY_LISTEN.items() if user in users}


async def test_whoever_has_no_key_or_another_one_is_refused(guarded: Guarded, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.nk"
    stranger.write_bytes(new_seed())
    for more in ({}, {"nkeys_seed": str(stranger)}, {"user": "parse", "password": "parse"}):
        client = Client()
        with pytest.raises((nats.errors.Error, OSError)):
            await client.connect(guarded.url, allow_reconnect=False, max_reconnect_attempts=1, **more)
        await client.close()


@pytest.mark.parametrize("program", ["services.enrich", "services.keeper"])
async def test_a_service_with_a_key_that_nats_does_not_know_leaves_with_a_sentence(
    guarded: Guarded, tmp_path: Path, program: str
) -> None:
    stranger = tmp_path / "stranger.nk"
    stranger.write_bytes(new_seed())
    stage = Stage(guarded.url, tmp_path, program, {"NEWSWIRE_NATS_NKEY_FILE": str(stranger)}, quick=False).start()
    try:
        assert await stage.exit() == EXIT_CONFIG
    finally:
        stage.kill()
    assert f"newswire: NATS at {guarded.url} does not know the key in {stranger}" in stage.log
    assert "Traceback" not in stage.log


def test_a_command_with_such_a_key_or_none_says_so(guarded: Guarded, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.nk"
    stranger.write_bytes(new_seed())
    servers = {"NEWSWIRE_NATS_URL": guarded.url, "NEWSWIRE_OPENSEARCH_URL": "http://127.0.0.1:1"}
    for key, said in (
        ({"NEWSWIRE_NATS_NKEY_FILE": str(stranger)}, f"does not know the key in {stranger}"),
        ({}, "lets nobody in without a key; NEWSWIRE_NATS_NKEY_FILE names its file"),
    ):
        command = [sys.executable, "-m", "services.ctl", "status"]
        done = subprocess.run(
            command, env={**os.environ, **servers, **key}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert done.stderr.startswith(f"Error: NATS at {guarded.url} {said}")


async def test_a_publisher_has_its_puback(guarded: Guarded) -> None:
    async with guarded.client("scraper") as (client, refused):
        ack = await client.jetstream(timeout=5).publish("news.raw.interfax-ua", b"news")
    assert ack.stream == "RAW"
    assert not refused


def running(guarded: Guarded, user: str, program: str, home: Path, *, quick: bool = True, **env: str) -> Stage:
    home.mkdir(parents=True, exist_ok=True)
    key = {"NEWSWIRE_NATS_NKEY_FILE": str(guarded.seed(user)), **env}
    return Stage(guarded.url, home, program, key, quick=quick).start()


async def test_services_do_all_their_work_with_their_own_keys(untouched: Guarded, tmp_path: Path) -> None:
    programs = {
        "parse": "services.parse",
        "fetch": "services.fetch",
        "enrich": "tests.fakes.stage",
        "keeper": "services.keeper",
    }
    stages = {
        user: running(untouched, user, program, tmp_path / user, quick=False) for user, program in programs.items()
    }
    try:
        for stage in (stages["parse"], stages["fetch"], stages["enrich"]):
            stage.await_ready()
        async with untouched.client("ctl") as (client, _):
            js = client.jetstream(timeout=5)
            await js.publish("jobs.fetch.x", json.dumps({"url": "http://127.0.0.1:1/"}).encode())
            source = {"id": "closed", "feeds": [{"url": "http://10.0.0.1/feed.xml"}]}
            await js.publish("$KV.sources.closed", json.dumps(source).encode())
            await js.publish("news.raw.x", b"{broken", headers={"Content-Type": "application/json"})
            await js.publish(
                "news.raw.x", b"<html><head><title>Two harbours</title></head><body><p>Short.</p></body></html>"
            )
            scripts = ({"do": "ok"}, {"do": "skip"}, {"do": "poison"}, {"do": "flaky", "until": 2, "after": 0.1})
            async with untouched.client("parse") as (parse, _):
                for number, script in enumerate(scripts):
                    headers = {"Newswire-Origin": f"1:{number + 1}:0"}
                    await parse.jetstream(timeout=5).publish(
                        "news.parsed.x", json.dumps(script).encode(), headers=headers
                    )
            try:
                async with asyncio.timeout(40):
                    await all_done(js)
            except TimeoutError:
                logs = "".join(f"\n{user}: {stage.log[-3000:]}" for user, stage in stages.items())
                pytest.fail(f"{await waiting(js)} wait, dead are {await dead(js)}{logs}")
            assert {subject.rpartition(".")[0] for subject in await dead(js)} >= {
                "dlq.fetch",
                "dlq.parse",
                "dlq.enrich",
            }
        assert untouched.violations() == []
    finally:
        for stage in stages.values():
            stage.kill()


async def test_publishers_over_http_and_hubs_are_served_with_the_services_own_keys(
    guarded: Guarded, tmp_path: Path
) -> None:
    before, port = len(guarded.violations()), ports.free()
    token, known = "nwt_" + "k" * 43, datetime.now(UTC)
    made = hashlib.sha256(token.encode()).hexdigest()
    async with hostile_server() as site, running_hub() as hub, AsyncExitStack() as stack:
        site.pages["/robots.txt"] = answer(b"User-agent: *")
        feed, link = f"{site.url}/feed.xml", f'<{hub.url}>; rel="hub"'
        room = Newsroom(site.url, full=True)
        site.pages["/feed.xml"] = answer(room.rss(), content_type="application/rss+xml", link=link)
        env = {
            "NEWSWIRE_INTAKE_PORT": str(port), "NEWSWIRE_WEBSUB_URL": f"http://127.0.0.1:{port}",
            "NEWSWIRE_FETCH_ALLOW": f"127.0.0.1:{site.port},127.0.0.1:{hub.port}",
        }  # fmt: skip
        for user in ("intake", "fetch"):
            stage = running(guarded, user, f"services.{user}", tmp_path / user, quick=False, **env)
            stack.callback(stage.kill)
            await asyncio.to_thread(stage.await_ready)
        client, _ = await stack.enter_async_context(guarded.client("ctl"))
        js = client.jetstream(timeout=5)
        access = Access(source="wire", tokens=(AccessToken(id=made[:12], sha256=made, created_at=known),))
        await js.publish("$KV.tokens.wire", access.model_dump_json().encode())
        source = Source(id="lighthouse", feeds=(Feed(url=feed),))
        await js.publish("$KV.sources.lighthouse", source.model_dump_json().encode())

        session = await stack.enter_async_context(aiohttp.ClientSession())
        given = {"Authorization": f"Bearer {token}", "Content-Type": "text/plain"}
        async with asyncio.timeout(60):
            while True:
                async with session.post(f"http://127.0.0.1:{port}/v1/raw/wire", data=b"text", headers=given) as told:
                    if told.status == 202:
                        break
                await asyncio.sleep(0.2)
            while not hub.asked:
                await asyncio.sleep(0.1)
            room.write(known)
            assert await hub.push(room.rss()) == 202
            while not await one(js):
                await asyncio.sleep(0.1)
            while not (await js.stream_info("KV_source-state")).state.messages:
                await asyncio.sleep(0.1)
        await asyncio.sleep(1)
        assert guarded.violations()[before:] == []


async def one(js: JetStreamContext) -> bool:
    info = await js.stream_info("RAW", subjects_filter="news.raw.lighthouse")
    return bool(info.state.subjects)


async def dead(js: JetStreamContext) -> list[str]:
    info = await js.stream_info("DLQ", subjects_filter=">")
    return list(info.state.subjects or ())


async def waiting(js: JetStreamContext) -> dict[str, int]:
    """How many messages each stage has before it or in hand."""
    infos = [await js.consumer_info(*pair) for pair in (("RAW", "parse"), ("PARSED", "enrich"), ("JOBS", "fetch"))]
    return {info.name: (info.num_pending or 0) + (info.num_ack_pending or 0) for info in infos}


async def all_done(js: JetStreamContext) -> None:
    """Wait for what each stage leaves behind."""
    while (await js.stream_info("ENRICHED")).state.messages < 2 or len(await dead(js)) < 3:
        await asyncio.sleep(0.1)
    while any((await waiting(js)).values()):
        await asyncio.sleep(0.1)
    for bucket in ("KV_source-state", "KV_ledger"):
        while not (await js.stream_info(bucket)).state.messages:
            await asyncio.sleep(0.2)


async def test_a_publishers_pubacks_go_nowhere_but_to_itself(guarded: Guarded) -> None:
    """The server sends a PubAck where the message says, by no right of the sender's."""
    elsewhere = (
        "news.parsed.x",
        "news.indexed.x",
        "news.raw.other",
        "dlq.parse.x",
        "jobs.fetch.x",
        "$KV.ledger.source.x",
    )
    async with guarded.client("ctl") as (client, _), guarded.client("scraper") as (scraper, _):
        js = client.jetstream(timeout=5)
        names = ("RAW", "PARSED", "EVENTS", "DLQ", "JOBS", "KV_ledger")
        before = [(await js.stream_info(name)).state.last_seq for name in names]
        for reply in elsewhere:
            await scraper.publish("news.raw.interfax-ua", b"news", reply=reply)
        assert (await scraper.jetstream(timeout=5).publish("news.raw.interfax-ua", b"news")).stream == "RAW"
        await asyncio.sleep(0.3)
        after = [(await js.stream_info(name)).state.last_seq for name in names]
    assert after == [before[0] + len(elsewhere) + 1, *before[1:]]


async def test_the_keeper_cannot_reach_a_stages_consumer_through_its_own(guarded: Guarded) -> None:
    """The name in the subject is what counts, whatever the request says."""
    async with guarded.client("ctl") as (client, _), guarded.client(KEEPER) as (keeper, refused):
        js = client.jetstream(timeout=5)
        before = (await js.consumer_info("RAW", "parse")).config
        for named in ({"name": "parse"}, {"durable_name": "parse"}, {"name": "parse", "durable_name": "parse"}):
            config = {"ack_policy": "none", "deliver_policy": "all", "max_deliver": 1, **named}
            body = json.dumps({"stream_name": "RAW", "config": config}).encode()
            answer = await keeper.request("$JS.API.CONSUMER.CREATE.RAW.keeper-ledger", body, timeout=5)
            assert json.loads(answer.data).get("name") in {None, "keeper-ledger"}, named
        assert (await js.consumer_info("RAW", "parse")).config == before
        await js.delete_consumer("RAW", "keeper-ledger")
    assert not refused
