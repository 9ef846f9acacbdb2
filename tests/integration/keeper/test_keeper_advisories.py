"""What the server gives up becomes a dead letter, once."""

import asyncio
import json

import pytest

from shared.contracts import DeadLetter
from shared.errors import DependencyDown
from tests.integration.keeper.conftest import House


async def given_up(house: House) -> None:
    """Deliver until the server does it no more."""
    for _ in range(2):
        [msg] = await house.take()
        await msg.nak()
    await arrived(house)
    with pytest.raises(TimeoutError):
        await house.take()
    await arrived(house)


async def arrived(house: House) -> None:
    await house.client.flush()
    await asyncio.sleep(0.1)


def about(headers: dict[str, str] | None) -> DeadLetter:
    return DeadLetter.model_validate_json((headers or {})["Newswire-Dead-Letter"])


async def test_a_message_that_is_delivered_no_more_is_dead_lettered(house: House) -> None:
    await house.raw(body=b"it kills its reader")
    await given_up(house)
    await house.keeper.round()
    [letter] = await house.letters()
    said = about(letter.headers)
    assert (letter.subject, letter.data) == ("dlq.parse.a", b"it kills its reader")
    assert (said.reason, said.stream, said.sequence, said.attempt) == ("max_deliveries", "RAW", 1, 2)
    assert said.origin == str(await house.origin(1))
    await house.keeper.round()
    assert await house.balance() == {"raw": 1, "dead": 1}
    assert await house.keeper.measure() == 0


async def test_a_message_terminated_by_hand_is_dead_lettered(house: House) -> None:
    await house.raw(body=b"x" * 4_000_000)
    [msg] = await house.take()
    await msg.term()
    await arrived(house)
    await house.keeper.round()
    [letter] = await house.letters()
    assert about(letter.headers).reason == "terminated"
    assert letter.data == b"x" * 4_000_000


async def test_the_bus_s_own_dead_letter_is_not_repeated_even_beyond_the_window(house: House) -> None:
    # given: the server forgets ids soon
    await house.change("DLQ", duplicate_window=0.1)
    await house.raw()
    [msg] = await house.take()
    await house.buried(msg)
    await msg.term()
    await asyncio.sleep(0.5)
    # when
    await house.keeper.round()
    # then
    assert [about(each.headers).reason for each in await house.letters()] == ["invalid_json"]
    info = await house.js.consumer_info("ADVISORY", "keeper-advisories")
    assert (info.num_pending, info.num_ack_pending) == (0, 0)


async def test_a_message_that_is_gone_is_recorded(house: House) -> None:
    await house.raw()
    [msg] = await house.take()
    await house.keeper.round()
    await msg.term()
    await arrived(house)
    await house.js.purge_stream("RAW")
    await house.keeper.round()
    [letter] = await house.letters()
    said = about(letter.headers)
    assert (letter.subject, letter.data, said.reason) == ("dlq.parse.a", None, "terminated")
    assert "gone" in said.detail
    await house.keeper.round()
    assert await house.balance() == {"raw": 1, "dead": 1}


async def test_a_message_that_is_gone_before_it_was_ever_read_is_recorded(house: House) -> None:
    await house.raw()
    [msg] = await house.take()
    await msg.term()
    await arrived(house)
    await house.js.purge_stream("RAW")
    await house.keeper.round()
    [letter] = await house.letters()
    assert letter.subject == "dlq.parse._unknown"


async def test_nothing_is_lost_while_dead_letters_cannot_be_stored(house: House) -> None:
    # given
    await house.raw(times=2)
    for msg in await house.take(most=2):
        await msg.term()
    await arrived(house)
    await house.change("DLQ", max_bytes=10)
    # when
    for _ in range(3):
        with pytest.raises(DependencyDown, match="full"):
            await house.keeper.round()
    # then
    info = await house.js.consumer_info("ADVISORY", "keeper-advisories")
    assert info.num_ack_pending == 2
    assert await house.balance() == {"raw": 2, "in_flight": 2}
    # and when there is room again
    await house.change("DLQ", max_bytes=10_000_000)
    await house.keeper.round()
    await house.keeper.round()
    assert await house.balance() == {"raw": 2, "dead": 2}


async def test_a_job_is_removed_with_its_dead_letter(house: House) -> None:
    await house.js.publish("jobs.fetch.a", b"{}")
    [msg] = await house.take("fetch")
    info = await house.js.consumer_info("JOBS", "fetch")
    await house.js.add_consumer("JOBS", info.config.evolve(max_deliver=1))
    await msg.nak()
    await arrived(house)
    with pytest.raises(TimeoutError):
        await house.take("fetch")
    await arrived(house)
    await house.keeper.round()
    assert [each.subject for each in await house.letters()] == ["dlq.fetch.a"]
    assert (await house.js.stream_info("JOBS")).state.messages == 0


def advisory(**changes: object) -> bytes:
    said = {
        "type": "io.nats.jetstream.advisory.v1.max_deliver",
        "timestamp": "2026-03-14T10:00:00.123456789Z",
        "stream": "RAW",
        "consumer": "parse",
        "stream_seq": 1,
        "deliveries": 20,
    }
    return json.dumps(said | changes).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        advisory(type="io.nats.jetstream.advisory.v1.api_audit"),
        advisory(stream="PARSED"),
        advisory(consumer="somebody-else"),
        advisory(stream_seq=0),
        advisory(stream_seq=10**30),
        advisory(stream_seq="1"),
        advisory(deliveries=None),
        advisory(timestamp="yesterday"),
        advisory(timestamp="9999-12-31T23:59:59Z"),
    ],
)
async def test_an_advisory_that_says_nothing_to_us_is_passed_over(house: House, body: bytes) -> None:
    await house.client.publish("$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.RAW.parse", body)
    await house.client.flush()
    await house.keeper.round()
    assert await house.letters() == []
    assert (await house.js.consumer_info("ADVISORY", "keeper-advisories")).num_ack_pending == 0


async def test_an_advisory_about_an_older_stream_is_not_taken_for_its_successor(house: House) -> None:
    # given: a message now stands where another was when the advisory was written
    await house.raw(body=b"new")
    await house.client.publish("$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.RAW.parse", advisory())
    await house.client.flush()
    await house.keeper.round()
    [letter] = await house.letters()
    assert (letter.subject, letter.data) == ("dlq.parse._unknown", None)
    await house.keeper.round()
    assert await house.balance() == {"raw": 1, "in_flight": 1}
