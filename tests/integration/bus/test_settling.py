"""What becomes of a message, on a real nats-server with a real process."""

import asyncio
import json
import signal
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from shared.contracts import DeadLetter, SkipRecord
from shared.subjects import MAX_MESSAGE, MAX_PAYLOAD
from tests.wire import StartStage, Wire


def do(what: str, **script: object) -> bytes:
    return json.dumps({"do": what, **script}).encode()


async def test_a_message_is_published_once_with_its_origin_and_acknowledged(wire: Wire, stage: StartStage) -> None:
    stage()
    await wire.send(do("ok"), 5)
    [message] = await wire.until("ENRICHED", 1)
    await wire.settled()
    assert message.subject == "news.enriched.x"
    assert message.data == do("ok")
    assert message.headers["Newswire-Origin"] == "1:5:0"
    assert message.headers["Nats-Msg-Id"] == "enrich:1:5:0:0"


async def test_a_skip_is_recorded(wire: Wire, stage: StartStage) -> None:
    stage()
    await wire.send(do("skip"))
    [message] = await wire.until("EVENTS", 1)
    await wire.settled()
    record = SkipRecord.model_validate_json(message.data)
    assert message.subject == "news.skipped.enrich.x"
    assert (record.reason, record.detail, record.headline) == ("too_short", "three words", "Three words here")


async def test_poison_is_dead_lettered_with_its_original_bytes(wire: Wire, stage: StartStage) -> None:
    stage()
    await wire.send(do("poison"))
    [message] = await wire.until("DLQ", 1)
    await wire.settled()
    letter = DeadLetter.model_validate_json(message.headers["Newswire-Dead-Letter"])
    assert message.subject == "dlq.enrich.x"
    assert message.data == do("poison")
    assert (letter.reason, letter.attempt, letter.stream, letter.sequence) == ("invalid_json", 1, "PARSED", 1)


async def test_a_transient_failure_is_delivered_again_after_a_growing_delay(wire: Wire, stage: StartStage) -> None:
    stage()
    begun = time.monotonic()
    await wire.send(do("flaky", until=3))
    await wire.until("ENRICHED", 1)
    assert 0.5 + 1.0 <= time.monotonic() - begun < 10
    await wire.settled()


async def test_what_the_other_side_asked_for_is_waited(wire: Wire, stage: StartStage) -> None:
    stage()
    begun = time.monotonic()
    await wire.send(do("flaky", until=2, after=4.0))
    await wire.until("ENRICHED", 1)
    assert time.monotonic() - begun >= 4


async def test_a_bug_is_logged_retried_and_in_the_end_dead_lettered(wire: Wire, stage: StartStage) -> None:
    running = stage()
    await wire.send(do("bug"), 2)
    await wire.send(do("ok"), 3)
    await wire.until("ENRICHED", 1)
    [message] = await wire.until("DLQ", 1)
    await wire.settled()
    letter = DeadLetter.model_validate_json(message.headers["Newswire-Dead-Letter"])
    assert (letter.reason, letter.attempt) == ("attempts_exhausted", 3)
    assert "KeyError: 'a bug'" in letter.detail
    assert "Traceback" in running.log


async def test_a_batch_with_a_bug_in_it_costs_only_the_message_that_has_it(wire: Wire, stage: StartStage) -> None:
    stage(STAGE_BATCH="1")
    for number in range(10):
        await wire.send(do("bug") if number == 4 else do("poison") if number == 5 else do("ok"), number + 1)
    assert len(await wire.until("ENRICHED", 8)) == 8
    assert len(await wire.until("DLQ", 1)) == 1


async def test_a_slow_handler_keeps_its_message(wire: Wire, stage: StartStage) -> None:
    stage()
    await wire.send(do("sleep", seconds=6))
    await wire.until("ENRICHED", 1)
    await wire.settled()
    info = await wire.js.consumer_info("PARSED", "enrich")
    assert info.num_redelivered == 0
    assert info.delivered.consumer_seq == 1


async def test_a_handler_that_kills_its_process_is_quarantined_before_it_is_tried_again(
    wire: Wire, stage: StartStage
) -> None:
    running = stage()
    await wire.send(do("die"))
    for _ in range(4):
        assert await running.exit() == 9
        running.start()
    [message] = await wire.until("DLQ", 1)
    letter = DeadLetter.model_validate_json(message.headers["Newswire-Dead-Letter"])
    assert letter.reason == "resource_limit"
    assert letter.attempt == 5
    assert message.data == do("die")


@pytest.mark.usefixtures("wire")
@pytest.mark.parametrize("reason", ["invalid_message", "timeout"])
async def test_dead_letters_are_counted_from_zero(stage: StartStage, reason: str) -> None:
    running = stage()
    running.await_ready()
    assert f'newswire_messages_dead_total{{reason="{reason}",stage="enrich"}} 0.0' in _get(running.port, "/metrics")


async def test_a_dependency_that_is_down_pauses_the_stage_and_burns_no_delivery(
    wire: Wire, stage: StartStage, tmp_path: Path
) -> None:
    running = stage()
    running.await_ready()
    back, tries = tmp_path / "back", tmp_path / "tries"
    for number in range(20):
        await wire.send(do("down", file=str(back), tries=str(tries)), number + 1)
    await asyncio.sleep(7)  # more than three times ack_wait
    assert 'newswire_stage_paused{stage="enrich"} 1.0' in _get(running.port, "/metrics")
    back.touch()
    assert len(await wire.until("ENRICHED", 20)) == 20
    await wire.settled()
    info = await wire.js.consumer_info("PARSED", "enrich")
    assert info.delivered.consumer_seq == 20
    assert set(tries.read_text().split()) == {"1"}
    assert "dependency.down" in running.log
    assert "dependency.back" in running.log


async def test_an_output_that_is_too_large_is_dead_lettered_and_the_connection_lives(
    wire: Wire, stage: StartStage
) -> None:
    running = stage()
    for number, size in enumerate((MAX_MESSAGE - 300, MAX_PAYLOAD - 300, MAX_PAYLOAD + 1)):
        await wire.send(do("grow", bytes=size), number + 1)
    letters = await wire.until("DLQ", 3, 40)
    reasons = {DeadLetter.model_validate_json(each.headers["Newswire-Dead-Letter"]).reason for each in letters}
    assert reasons == {"too_large"}
    await wire.send(do("ok"), 9)
    await wire.until("ENRICHED", 1)
    assert "connection.lost" not in running.log


async def test_a_publishers_status_header_hides_nothing(wire: Wire, stage: StartStage) -> None:
    stage()
    await wire.js.publish(
        "news.parsed.x", do("ok"), headers={"Newswire-Origin": "1:1:0", "Status": "404", "Description": "No Messages"}
    )
    assert len(await wire.until("ENRICHED", 1)) == 1


async def test_sigterm_ends_in_order_and_loses_nothing(wire: Wire, stage: StartStage) -> None:
    running = stage()
    for number in range(200):
        await wire.send(do("sleep", seconds=0.05), number + 1)
    await wire.until("ENRICHED", 10)
    begun = time.monotonic()
    running.signal(signal.SIGTERM)
    assert await running.exit() == 0
    assert time.monotonic() - begun < 25
    running.start()
    assert len(await wire.until("ENRICHED", 200, 40)) == 200
    await wire.settled()


async def test_what_takes_long_to_load_is_waited_for(wire: Wire, stage: StartStage) -> None:
    running = stage(STAGE_LOADS="1")
    await wire.send(do("ok"))
    await wire.until("ENRICHED", 1, 60)
    assert "stuck" not in running.log
    assert running.process.poll() is None


async def test_a_handler_that_is_stuck_does_not_hold_up_the_end(wire: Wire, stage: StartStage) -> None:
    running = stage()
    running.await_ready()
    await wire.send(do("sleep", seconds=120))
    await asyncio.sleep(2)
    begun = time.monotonic()
    running.signal(signal.SIGTERM)
    assert await running.exit(30) == 0
    assert time.monotonic() - begun < 25
    assert (await wire.js.consumer_info("PARSED", "enrich")).num_ack_pending == 1


async def test_readiness_tells_when_the_consumer_is_gone_and_the_process_leaves(wire: Wire, stage: StartStage) -> None:
    running = stage()
    await wire.send(do("ok"))
    await wire.until("ENRICHED", 1)
    assert _status(running.port, "/readyz") == 200
    await wire.js.delete_consumer("PARSED", "enrich")
    async with asyncio.timeout(12):
        while _status(running.port, "/readyz") == 200:
            await asyncio.sleep(0.2)
    assert await running.exit(40) == 70
    assert "has been gone" in running.log


async def test_a_process_whose_event_loop_is_stuck_says_so_and_leaves(wire: Wire, stage: StartStage) -> None:
    running = stage()
    await asyncio.to_thread(running.await_ready)
    await wire.send(do("block", seconds=120))
    async with asyncio.timeout(30):
        while _status(running.port, "/healthz") == 200:
            await asyncio.sleep(0.5)
    assert await running.exit(60) == 70
    assert "the event loop has been stuck" in running.log


async def test_a_process_whose_connection_is_closed_for_good_leaves_at_once(wire: Wire, stage: StartStage) -> None:
    running = stage()
    await wire.send(do("violate", seconds=30))
    assert await running.exit(20) == 70
    assert "closed for good" in running.log


def _get(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
        return answer.read().decode()


def _status(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


@pytest.mark.parametrize("path", ["/", "/../etc", "/metrics/x"])
async def test_other_paths_are_not_there(wire: Wire, stage: StartStage, path: str) -> None:
    running = stage()
    await wire.send(do("ok"))
    await wire.until("ENRICHED", 1)
    assert _status(running.port, path) == 404
