"""Crashes at the worst moments, and a server that comes and goes: nothing is lost and nothing is doubled."""

import asyncio
import json
import signal
from urllib.parse import urlsplit

import pytest
from nats.js.api import StreamConfig
from nats.js.errors import APIError

import deploy.nats.provision as provisioning
from shared.bus.publish import publish
from shared.failpoints import CRASHED
from tests.servers import Server, end
from tests.wire import StartStage, Wire


def do(what: str, **script: object) -> bytes:
    return json.dumps({"do": what, **script}).encode()


CRASHES = {
    "before_handler": ("ok", "ENRICHED"),
    "after_publish": ("ok", "ENRICHED"),
    "after_outcome": ("skip", "EVENTS"),
    "after_skip": ("skip", "EVENTS"),
    "after_dlq": ("poison", "DLQ"),
}


@pytest.mark.parametrize(("failpoint", "case"), CRASHES.items())
async def test_a_crash_at_any_point_leaves_exactly_one_result(
    wire: Wire, stage: StartStage, failpoint: str, case: tuple[str, str]
) -> None:
    what, stream = case
    running = stage(NEWSWIRE_CRASH_AT=failpoint)
    await wire.send(do(what))
    assert await running.exit() == CRASHED
    running.start(NEWSWIRE_CRASH_AT="")
    await wire.until(stream, 1)
    await wire.settled()
    assert len(await wire.stored(stream)) == 1
    assert (await wire.js.consumer_info("PARSED", "enrich")).delivered.consumer_seq == 2


async def test_kill_minus_nine_under_load_loses_and_doubles_nothing(wire: Wire, stage: StartStage) -> None:
    running = stage()
    for number in range(400):
        await wire.send(do("ok"), number + 1)
    for count in (50, 150, 250):
        await wire.until("ENRICHED", count)
        running.kill()
        running.start()
    await wire.until("ENRICHED", 400, 40)
    await wire.settled()
    origins = [message.headers["Newswire-Origin"] for message in await wire.stored("ENRICHED")]
    assert sorted(origins) == sorted(f"1:{number + 1}:0" for number in range(400))


@pytest.mark.parametrize("way", [signal.SIGTERM, signal.SIGKILL, signal.SIGUSR2])
async def test_a_server_that_goes_and_comes_back_costs_nothing(
    wire: Wire, stage: StartStage, nats_server: Server, way: signal.Signals
) -> None:
    running = stage()
    for number in range(300):
        await wire.send(do("sleep", seconds=0.02), number + 1)
    await wire.until("ENRICHED", 20)
    await asyncio.to_thread(end, nats_server, way)
    await asyncio.sleep(1)
    nats_server.start()
    await wire.until("ENRICHED", 300, 60)
    await wire.settled()
    origins = [message.headers["Newswire-Origin"] for message in await wire.stored("ENRICHED")]
    assert sorted(origins) == sorted(f"1:{number + 1}:0" for number in range(300))
    assert running.process.poll() is None


async def test_a_server_that_hangs_is_waited_for_and_a_late_puback_doubles_nothing(
    wire: Wire, stage: StartStage, nats_server: Server
) -> None:
    running = stage()
    for number in range(100):
        await wire.send(do("sleep", seconds=0.02), number + 1)
    await wire.until("ENRICHED", 10)
    nats_server.pause()
    await asyncio.sleep(9)  # longer than the wait for a PubAck: what was stored is published again
    nats_server.resume()
    await wire.until("ENRICHED", 100, 60)
    await wire.settled()
    assert len(await wire.stored("ENRICHED")) == 100
    assert running.process.poll() is None


async def fill(wire: Wire) -> None:
    """Small dead letters, until not even a small one fits."""
    for number in range(200):
        await wire.js.publish("dlq.parse.filler", b"x" * 100, headers={"Nats-Msg-Id": f"filler-{number}"})


async def test_while_dead_letters_cannot_be_stored_nothing_is_settled(wire: Wire, stage: StartStage) -> None:
    info = await wire.js.stream_info("DLQ")
    await wire.js.update_stream(StreamConfig(**{**vars(info.config), "max_bytes": 4096}))
    with pytest.raises(APIError, match="maximum bytes"):
        await fill(wire)
    running = stage()
    await wire.send(do("poison"))
    async with asyncio.timeout(60):
        while "stream_full" not in running.log:
            await asyncio.sleep(0.1)
    await asyncio.sleep(4)  # time to settle it wrongly
    held = await wire.js.consumer_info("PARSED", "enrich")
    assert held.num_ack_pending == 1
    await wire.js.update_stream(info.config)
    async with asyncio.timeout(30):
        while not [each for each in await wire.stored("DLQ") if each.subject == "dlq.enrich.x"]:
            await asyncio.sleep(0.2)
    await wire.settled()


async def test_a_full_stream_downstream_holds_the_stage_and_discards_nothing(wire: Wire, stage: StartStage) -> None:
    info = await wire.js.stream_info("ENRICHED")
    await wire.js.update_stream(StreamConfig(**{**vars(info.config), "max_bytes": 20_000}))
    running = stage()
    for number in range(100):
        await wire.send(do("ok", pad="x" * 500), number + 1)
    async with asyncio.timeout(60):
        while "stream_full" not in running.log:
            await asyncio.sleep(0.1)
    stored = len(await wire.stored("ENRICHED"))
    assert 0 < stored < 100
    assert not await wire.stored("DLQ")
    await wire.js.update_stream(info.config)
    await wire.until("ENRICHED", 100, 40)
    await wire.settled()


async def test_a_stream_made_anew_is_noticed(wire: Wire, stage: StartStage) -> None:
    running = stage()
    await wire.send(do("ok"))
    await wire.until("ENRICHED", 1)
    await wire.js.delete_stream("PARSED")
    await provisioning.provision(wire.js, provisioning.Sizing(), dry_run=False)
    assert await running.exit(60) == 70
    assert "made anew" in running.log


async def test_nothing_of_a_stream_made_anew_is_taken_for_old(wire: Wire, stage: StartStage) -> None:
    running = stage()
    for number in range(5):
        await wire.send(do("ok"), number + 1)
    await wire.until("ENRICHED", 5)
    await wire.js.delete_stream("PARSED")
    await provisioning.provision(wire.js, provisioning.Sizing(), dry_run=False)
    await wire.send(do("ok"), 6)  # at once: before the next look at the consumer
    assert await running.exit(4) == 70
    assert len(await wire.stored("ENRICHED")) == 5
    running.start()
    await wire.until("ENRICHED", 6)


async def test_a_process_that_has_seen_nothing_yet_notices_it_too(wire: Wire, stage: StartStage) -> None:
    running = stage()
    await wire.send(do("ok"), 1)
    await wire.until("ENRICHED", 1)
    running.kill()
    running.start()
    await asyncio.to_thread(running.await_ready)
    await wire.js.delete_stream("PARSED")
    await provisioning.provision(wire.js, provisioning.Sizing(), dry_run=False)
    await wire.send(do("ok"), 2)
    assert await running.exit(4) == 70


async def test_sigterm_is_heard_while_nats_or_the_consumer_is_not_there_yet(wire: Wire, stage: StartStage) -> None:
    await wire.js.delete_consumer("PARSED", "enrich")
    unbound = stage()
    await unbound.until_says("service.unready")
    unbound.signal(signal.SIGTERM)
    assert await unbound.exit(10) == 0
    lonely = stage(NEWSWIRE_NATS_URL="nats://127.0.0.1:1")
    await lonely.until_says("connection.error")
    lonely.signal(signal.SIGTERM)
    assert await lonely.exit(10) == 0


async def test_header_names_that_cannot_be_sent_do_not_hold_up_a_dead_letter(wire: Wire, stage: StartStage) -> None:
    stage()
    await raw_publish(wire, b"news.parsed.x", do("poison"), b"NATS/1.0\r\nNewswire-Origin: 1:1:0\r\nX/Y: 1\r\n\r\n")
    await wire.send(do("ok"), 2)
    await wire.until("DLQ", 1)
    await wire.until("ENRICHED", 1)


async def test_a_subject_that_is_no_text_is_handled_like_any_other(wire: Wire, stage: StartStage) -> None:
    running = stage()
    await raw_publish(wire, b"news.parsed.\xff\xfe", do("ok"), b"NATS/1.0\r\nNewswire-Origin: 1:1:0\r\n\r\n")
    await wire.send(do("ok"), 2)
    assert len(await wire.until("ENRICHED", 2)) == 2
    await wire.settled()
    assert "connection.lost" not in running.log


async def test_an_id_that_a_publisher_took_is_published_under_another(wire: Wire) -> None:
    headers = {"Nats-Msg-Id": "fetch:1057:1:0:0"}
    await wire.js.publish("news.raw.evil", b"squatting", headers=headers)
    first = await publish(wire.js, "news.raw.victim", b"the page", headers)
    again = await publish(wire.js, "news.raw.evil", b"squatting", headers)
    assert not first.duplicate
    assert again.duplicate
    assert [message.subject for message in await wire.stored("RAW")] == ["news.raw.evil", "news.raw.victim"]


async def raw_publish(wire: Wire, subject: bytes, body: bytes, headers: bytes) -> None:
    """Publish as a client of its own making could."""
    url = urlsplit(wire.client.connected_url.geturl() if wire.client.connected_url else "")
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    await reader.readline()
    sizes = f"{len(headers)} {len(headers) + len(body)}".encode()
    writer.write(b'CONNECT {"verbose":false,"headers":true}\r\nHPUB ' + subject + b" " + sizes + b"\r\n")
    writer.write(headers + body + b"\r\nPING\r\n")
    await reader.readline()
    writer.close()
    await writer.wait_closed()
