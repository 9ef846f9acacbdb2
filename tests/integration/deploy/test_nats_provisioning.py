"""The one job that owns the streams: creates, changes what may be changed, and refuses to destroy."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import nats
import pytest
from nats.js import JetStreamContext
from nats.js.api import StreamConfig

import deploy.nats.provision as provisioning
from deploy.nats.provision import EPOCH_DAYS_SINCE, VERSION_KEY, Sizing, new_epoch, provision
from deploy.version import DATA_VERSION
from shared.subjects import CONSUMERS, EPOCH_KEY, STREAMS
from tests.servers import Server

MB = 1024 * 1024


@pytest.fixture
async def js(nats_server: Server) -> AsyncIterator[JetStreamContext]:
    client = await nats.connect(nats_server.url)
    yield client.jetstream(timeout=10)
    await client.close()


def kinds(changes: list[provisioning.Change], kind: str) -> list[str]:
    return [change.what for change in changes if change.kind == kind]


async def test_a_dry_run_says_all_and_does_nothing(js: JetStreamContext) -> None:
    planned = await provision(js, Sizing(), dry_run=True)
    assert {change.kind for change in planned} == {"create"}
    assert (await js.account_info()).streams == 0
    assert planned == await provision(js, Sizing(), dry_run=False)


async def test_a_second_run_changes_nothing(js: JetStreamContext) -> None:
    await provision(js, Sizing(), dry_run=False)
    before = [await js.stream_info(stream.name) for stream in STREAMS]
    again = await provision(js, Sizing(), dry_run=False)
    assert {change.kind for change in again} == {"same"}
    assert [info.config for info in before] == [(await js.stream_info(stream.name)).config for stream in STREAMS]


async def test_what_somebody_changed_by_hand_is_shown_and_mended(js: JetStreamContext) -> None:
    await provision(js, Sizing(), dry_run=False)
    config = (await js.stream_info("PARSED")).config
    await js.update_stream(StreamConfig(**{**vars(config), "duplicate_window": 60.0}))
    await js.delete_consumer("RAW", "parse")
    planned = await provision(js, Sizing(), dry_run=True)
    assert kinds(planned, "update") == ["stream PARSED"]
    assert kinds(planned, "create") == ["consumer RAW/parse"]
    await provision(js, Sizing(), dry_run=False)
    assert (await js.stream_info("PARSED")).config.duplicate_window == 600


async def test_a_smaller_store_is_refused_when_it_would_push_messages_out(js: JetStreamContext) -> None:
    await provision(js, Sizing(), dry_run=False)
    for _ in range(4):
        await js.publish("news.raw.x", b"x" * 3 * MB)
    changes = await provision(js, Sizing(store_bytes=40 * MB), dry_run=False)
    [refused] = [change for change in changes if change.kind == "refuse"]
    assert refused.what == "stream RAW"
    assert "it holds" in refused.detail
    assert "nats stream edit RAW" in refused.detail
    assert (await js.stream_info("DLQ")).config.max_bytes > 100 * MB, "nothing is changed when one thing is refused"


async def test_a_subject_that_would_no_longer_be_kept_is_refused(
    js: JetStreamContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    await provision(js, Sizing(), dry_run=False)
    await js.publish("news.raw.x", b"x")
    fewer = [replace(each, subjects=("news.replay.parse.*",)) if each.name == "RAW" else each for each in STREAMS]
    monkeypatch.setattr(provisioning, "STREAMS", tuple(fewer))
    changes = await provision(js, Sizing(), dry_run=False)
    assert "no longer keep news.raw.*" in next(each.detail for each in changes if each.kind == "refuse")


async def test_a_shorter_age_is_refused_when_older_messages_are_there(
    js: JetStreamContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    await provision(js, Sizing(), dry_run=False)
    await js.publish("news.raw.x", b"x")
    monkeypatch.setattr(
        provisioning,
        "STREAMS",
        tuple(replace(s, max_age=1, duplicate_window=1) if s.name == "RAW" else s for s in STREAMS),
    )
    import asyncio

    await asyncio.sleep(1.2)
    changes = await provision(js, Sizing(), dry_run=False)
    assert "its oldest message is 1 s old" in next(each.detail for each in changes if each.kind == "refuse")
    assert (await js.stream_info("RAW")).state.messages == 1


async def test_a_consumer_that_cannot_be_changed_in_place_is_refused(js: JetStreamContext) -> None:
    await provision(js, Sizing(), dry_run=False)
    found = (await js.consumer_info("RAW", "parse")).config
    await js.delete_consumer("RAW", "parse")
    found.ack_policy = nats.js.api.AckPolicy.ALL
    await js.add_consumer("RAW", found)
    changes = await provision(js, Sizing(), dry_run=False)
    assert kinds(changes, "refuse") == ["consumer RAW/parse"]


async def test_a_stream_of_a_newer_version_is_refused(js: JetStreamContext) -> None:
    await provision(js, Sizing(), dry_run=False)
    config = (await js.stream_info("PARSED")).config
    await js.update_stream(
        replace(config, duplicate_window=60.0, metadata={**(config.metadata or {}), VERSION_KEY: str(DATA_VERSION + 1)})
    )
    [refused] = [each for each in await provision(js, Sizing(), dry_run=False) if each.kind == "refuse"]
    assert (refused.what, "newer Newswire" in refused.detail) == ("stream PARSED", True)
    assert (await js.stream_info("PARSED")).config.duplicate_window == 60


async def test_a_stream_made_anew_gets_a_greater_epoch_and_so_do_its_consumers(js: JetStreamContext) -> None:
    await provision(js, Sizing(), dry_run=False)
    first = int((await js.stream_info("RAW")).config.metadata[EPOCH_KEY])
    await js.delete_stream("RAW")
    await provision(js, Sizing(), dry_run=False)
    second = int((await js.stream_info("RAW")).config.metadata[EPOCH_KEY])
    assert second > first
    for consumer in CONSUMERS:
        if consumer.stream == "RAW":
            info = await js.consumer_info("RAW", consumer.durable)
            assert info.config.metadata[EPOCH_KEY] == str(second)


async def test_an_epoch_that_the_index_knows_is_not_used_again(js: JetStreamContext) -> None:
    await provision(js, Sizing(), dry_run=False, used_epoch=9_000)
    assert (await js.stream_info("RAW")).config.metadata[EPOCH_KEY] == "9001"


async def test_publishers_may_neither_roll_up_nor_expire_what_others_published(js: JetStreamContext) -> None:
    await provision(js, Sizing(), dry_run=False)
    await js.publish("news.raw.x", b"one")
    for header in ({"Nats-Rollup": "all"}, {"Nats-TTL": "1"}):
        with pytest.raises(nats.js.errors.APIError):
            await js.publish("news.raw.x", b"two", headers=header)
    assert (await js.stream_info("RAW")).state.messages == 1


def test_epochs_grow_even_where_nothing_is_remembered() -> None:
    day = EPOCH_DAYS_SINCE + timedelta(days=900)
    assert new_epoch(0, day) == 900
    assert new_epoch(900, day) == 901
    assert new_epoch(0x7FFF, datetime(2026, 1, 1, tzinfo=UTC)) == 0x7FFF
