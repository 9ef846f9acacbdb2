"""Each user of NATS does its work and is refused everything else, by the real server."""

import asyncio
import json
from collections.abc import Iterable
from pathlib import Path

import nats.errors
import pytest
from nats.aio.client import Client
from nats.js import JetStreamContext

from deploy.nats import users as table
from tests.integration.deploy.conftest import PUBLISHERS, Guarded
from tests.wire import Stage

NAMES = [user.name for user in table.users(PUBLISHERS)]
KEEPER, CTL, PROVISION = "keeper", "ctl", "provision"

MAY_PUBLISH = {
    # raw articles
    "news.raw.interfax-ua": {"fetch", CTL, "scraper", "anything"},
    "news.raw.other": {"fetch", CTL, "anything"},
    # what stages tell each other, and the world
    "news.parsed.x": {"parse"},
    "news.enriched.x": {"enrich"},
    "news.indexed.x": {"index"},
    "news.revised.x": {"index"},
    "news.alerts.x": set(),
    "news.skipped.parse.x": {"parse"},
    "news.skipped.fetch.x": {"fetch"},
    "dlq.parse.x": {"parse", KEEPER},
    "dlq.index.x": {"index", KEEPER},
    "jobs.fetch.x": {CTL},
    "news.replay.parse.x": {CTL},
    # reading: each its own consumer
    "$JS.API.CONSUMER.MSG.NEXT.RAW.parse": {"parse", KEEPER, CTL},
    "$JS.API.CONSUMER.MSG.NEXT.PARSED.enrich": {"enrich", KEEPER, CTL},
    "$JS.API.CONSUMER.MSG.NEXT.ADVISORY.keeper-advisories": {KEEPER, CTL},
    "$JS.API.DIRECT.GET.RAW": {CTL},
    "$JS.API.STREAM.MSG.GET.RAW": {"fetch", KEEPER, CTL},
    # settling: each its own deliveries, in both forms of the acknowledgement
    "$JS.ACK.RAW.parse.1.1.1.1.1": {"parse"},
    "$JS.ACK._.acc.RAW.parse.1.1.1.1.1": {"parse"},
    "$JS.ACK.ENRICHED.index.1.1.1.1.1": {"index"},
    # making consumers reads whatever a stream holds
    "$JS.API.CONSUMER.CREATE.RAW": {KEEPER, CTL},
    "$JS.API.CONSUMER.CREATE.RAW.spy": {PROVISION, CTL},
    "$JS.API.CONSUMER.DURABLE.CREATE.RAW.spy": {PROVISION, CTL},
    "$JS.API.CONSUMER.DELETE.RAW.nosuch": {KEEPER, CTL},
    # streams
    "$JS.API.STREAM.CREATE.NOSUCH": {PROVISION, CTL},
    "$JS.API.STREAM.UPDATE.NOSUCH": {PROVISION, CTL},
    "$JS.API.STREAM.DELETE.NOSUCH": {CTL},
    "$JS.API.STREAM.PURGE.EVENTS": {CTL},
    "$JS.API.STREAM.PURGE.RAW": {KEEPER, CTL},
    "$JS.API.STREAM.MSG.DELETE.DLQ": {CTL},
    "$JS.API.STREAM.MSG.DELETE.RAW": {CTL},
    "$JS.API.STREAM.NAMES": {CTL},
    "$KV.ledger.sources.x": {KEEPER},
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
    "_INBOX.>": set(),
    "_INBOX_parse.>": {"parse"},
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
    from deploy.secrets.nkeys import new_seed

    stranger = tmp_path / "stranger.nk"
    stranger.write_bytes(new_seed())
    for more in ({}, {"nkeys_seed": str(stranger)}, {"user": "parse", "password": "parse"}):
        client = Client()
        with pytest.raises((nats.errors.Error, OSError)):
            await client.connect(guarded.url, allow_reconnect=False, max_reconnect_attempts=1, **more)
        await client.close()


async def test_a_publisher_has_its_puback(guarded: Guarded) -> None:
    async with guarded.client("scraper") as (client, refused):
        ack = await client.jetstream(timeout=5).publish("news.raw.interfax-ua", b"news")
    assert ack.stream == "RAW"
    assert not refused


def running(guarded: Guarded, user: str, program: str, home: Path, *, quick: bool = True) -> Stage:
    home.mkdir(parents=True, exist_ok=True)
    key = {"NEWSWIRE_NATS_NKEY_FILE": str(guarded.seed(user))}
    return Stage(guarded.url, home, program, key, quick=quick).start()


async def test_services_do_all_their_work_with_their_own_keys(guarded: Guarded, tmp_path: Path) -> None:
    before = len(guarded.violations())
    programs = {
        "parse": "services.parse",
        "fetch": "services.fetch",
        "enrich": "tests.fakes.stage",
        "keeper": "services.keeper",
    }
    stages = {user: running(guarded, user, program, tmp_path / user, quick=False) for user, program in programs.items()}
    try:
        for stage in (stages["parse"], stages["fetch"], stages["enrich"]):
            stage.await_ready()
        async with guarded.client("ctl") as (client, _):
            js = client.jetstream(timeout=5)
            await js.publish("jobs.fetch.x", json.dumps({"url": "http://127.0.0.1:1/"}).encode())
            await js.publish("news.raw.x", b"{broken", headers={"Content-Type": "application/json"})
            await js.publish(
                "news.raw.x", b"<html><head><title>Two harbours</title></head><body><p>Short.</p></body></html>"
            )
            scripts = ({"do": "ok"}, {"do": "skip"}, {"do": "poison"}, {"do": "flaky", "until": 2, "after": 0.1})
            async with guarded.client("parse") as (parse, _):
                for number, script in enumerate(scripts):
                    headers = {"Newswire-Origin": f"1:{number + 1}:0"}
                    await parse.jetstream(timeout=5).publish(
                        "news.parsed.x", json.dumps(script).encode(), headers=headers
                    )
            async with asyncio.timeout(40):
                while (await js.stream_info("ENRICHED")).state.messages < 2 or len(await dead(js)) < 3:
                    await asyncio.sleep(0.1)
                while await waiting(js):
                    await asyncio.sleep(0.1)
                kept = (await js.stream_info("KV_ledger")).state
                while not kept.messages:
                    await asyncio.sleep(0.2)
                    kept = (await js.stream_info("KV_ledger")).state
            assert {subject.rpartition(".")[0] for subject in await dead(js)} >= {
                "dlq.fetch",
                "dlq.parse",
                "dlq.enrich",
            }
        assert guarded.violations()[before:] == []
    finally:
        for stage in stages.values():
            stage.kill()


async def dead(js: JetStreamContext) -> list[str]:
    info = await js.stream_info("DLQ", subjects_filter=">")
    return list(info.state.subjects or ())


async def waiting(js: JetStreamContext) -> int:
    infos = [await js.consumer_info(*pair) for pair in (("RAW", "parse"), ("PARSED", "enrich"), ("JOBS", "fetch"))]
    return sum((info.num_pending or 0) + (info.num_ack_pending or 0) for info in infos)
