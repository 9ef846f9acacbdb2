"""What publishers send over HTTP is in RAW once they are told so, and nothing of theirs steers the stream."""

import asyncio
import gzip
import json
import signal
from dataclasses import replace

import pytest
import zstandard
from nats.js.api import StreamConfig

from shared.bus.client import epoch_of_raw, headers_of
from shared.contracts import Access
from shared.subjects import TOKENS
from tests.integration.intake.conftest import Desk
from tests.servers import Server

PAGE = b"<html><head><title>Ferries resume</title></head><body><p>From Monday on.</p></body></html>"
ENVELOPE = json.dumps({"body": "Ferries resume\n\nFrom Monday on.", "content_type": "text/plain"}).encode()


async def test_an_accepted_article_is_in_the_stream_under_the_id_that_is_told(desk: Desk) -> None:
    answer = await desk.post(PAGE, Content_Type="text/html", Newswire_Url="https://news.example/ferries")
    assert answer.status == 202
    assert answer.headers["Server"] == "newswire"
    epoch, sequence, generation = answer.json["id"].split(":")
    assert (int(epoch), generation) == (await epoch_of_raw(desk.js), "0")
    found = await desk.js.get_msg("RAW", int(sequence))
    assert (found.subject, found.data) == ("news.raw.harbour", PAGE)
    assert headers_of(found) == {"Content-Type": "text/html", "Newswire-Url": "https://news.example/ferries"}
    assert "article.published" in desk.stage.log
    assert desk.token not in desk.stage.log


async def test_what_a_publisher_must_not_say_stays_outside(desk: Desk) -> None:
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    answer = await desk.post(
        b"text", Nats_Msg_Id="index:1:1:0:0", Nats_Rollup="all", Nats_TTL="1s", Nats_Expected_Stream="DLQ",
        Newswire_Origin="9:9:9", Newswire_Observed_At="2020-01-01T00:00:00Z", Newswire_Retries="3",
        Newswire_Dead_Letter="{}", Newswire_Article="x", ce_id="x", ce_type="x", X_Anything="x", traceparent=parent,
        TDM_Reservation="1", Newswire_Fetched_At="2026-01-01T00:00:00Z",
    )  # fmt: skip
    found = await desk.js.get_msg("RAW", int(answer.json["id"].split(":")[1]))
    assert {name.lower() for name in headers_of(found)} == {
        "content-type", "traceparent", "tdm-reservation", "newswire-fetched-at",
    }  # fmt: skip


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
async def test_a_compressed_body_is_decoded(desk: Desk, encoding: str) -> None:
    body = gzip.compress(PAGE) if encoding == "gzip" else zstandard.compress(PAGE)
    answer = await desk.post(body, Content_Type="text/html", Content_Encoding=encoding)
    assert answer.status == 202
    assert (await desk.js.get_msg("RAW", 1)).data == PAGE


async def test_many_articles_come_a_line_each_and_keep_their_order(desk: Desk) -> None:
    lines = [json.dumps({"body": f"Notice {number}\n\nFerries."}).encode() for number in range(120)]
    answer = await desk.post(b"\n".join([*lines, b"", b""]), Content_Type="application/x-ndjson")
    assert answer.status == 202
    sequences = [int(each.split(":")[1]) for each in answer.json["ids"]]
    assert sequences == list(range(1, 121))
    assert [(await desk.js.get_msg("RAW", each)).data for each in sequences] == lines


async def test_of_many_with_a_wrong_one_none_is_accepted(desk: Desk) -> None:
    body = b"\n".join([ENVELOPE, b'{"body": "x", "body_base64": "eA=="}', b"\xff\xfe{", ENVELOPE])
    answer = await desk.post(body, Content_Type="application/x-ndjson")
    assert answer.status == 422
    assert answer.json["type"] == "urn:newswire:problem:invalid_lines"
    assert [each["line"] for each in answer.json["errors"]] == [2, 3]
    assert (await desk.js.stream_info("RAW")).state.messages == 0


async def test_a_full_stream_is_told_with_what_was_stored_and_when_to_come_again(desk: Desk) -> None:
    config = (await desk.js.stream_info("RAW")).config
    await desk.js.update_stream(StreamConfig(**{**vars(config), "max_bytes": 200_000}))
    first = await desk.post(b"a" * 20_000)
    assert first.status == 202
    lines = [json.dumps({"body": f"{number} " + "b" * 10_000}).encode() for number in range(100)]
    answer = await desk.post(b"\n".join(lines), Content_Type="application/x-ndjson")
    assert (answer.status, answer.json["type"]) == (503, "urn:newswire:problem:stream_full")
    assert int(answer.headers["Retry-After"]) == 30
    stored = (await desk.js.stream_info("RAW")).state.messages
    assert [first.json["id"], *answer.json["accepted"]][-1].split(":")[1] == str(stored)
    assert len(answer.json["accepted"]) == stored - 1 > 0

    await desk.js.purge_stream("RAW")
    assert (await desk.post(b"there is room again")).status == 202


async def test_while_nats_is_away_publishers_are_told_and_the_service_is_unready(
    desk: Desk, nats_server: Server
) -> None:
    nats_server.stop()
    answer = await desk.post(b"text")
    assert (answer.status, answer.json["type"]) == (503, "urn:newswire:problem:unavailable")
    assert int(answer.headers["Retry-After"]) == 5
    with pytest.raises(TimeoutError):
        desk.stage.await_ready(1)
    nats_server.start()
    await asyncio.to_thread(desk.stage.await_ready, 30)
    assert (await desk.post(b"text")).status == 202


async def test_a_stream_made_anew_gives_ids_of_its_own_epoch(desk: Desk) -> None:
    await desk.post(b"one")
    await desk.post(b"two")
    config = (await desk.js.stream_info("RAW")).config
    await desk.js.delete_stream("RAW")
    await desk.js.add_stream(replace(config, metadata={**(config.metadata or {}), "newswire-epoch": "77"}))
    answer = await desk.post(b"three")
    assert answer.json["id"] == "77:1:0"


async def test_a_token_opens_its_source_until_it_is_revoked_and_is_kept_as_a_hash(desk: Desk) -> None:
    other = await desk.given("wire", "--note", "the wire's own")
    assert (await desk.post(b"text", source="wire", Authorization=f"Bearer {other}")).status == 202
    refused = await desk.post(b"text", source="wire")
    assert (refused.status, refused.json["type"]) == (403, "urn:newswire:problem:other_source")
    for header in ("", "Bearer", f"Basic {desk.token}", "Bearer " + "x" * 300):
        assert (await desk.post(b"text", Authorization=header)).status == 401
    unknown = await desk.post(b"text", Authorization="Bearer nwt_\xfcber")
    assert (unknown.status, unknown.headers["WWW-Authenticate"]) == (401, 'Bearer realm="newswire"')

    listed = await desk.told("list", "--json")
    rows = [json.loads(line) for line in listed.stdout.splitlines()]
    assert [(row["source"], row["note"]) for row in rows] == [("harbour", ""), ("wire", "the wire's own")]
    kept = (await desk.js.get_msg(f"KV_{TOKENS.name}", subject="$KV.tokens.wire")).data or b""
    assert other.encode() not in kept
    assert len(Access.model_validate_json(kept).tokens[0].sha256) == 64

    assert (await desk.told("revoke", rows[1]["id"])).exit_code == 0
    await desk.until_known("wire", other, known=False)
    assert (await desk.post(b"text", source="wire", Authorization=f"Bearer {other}")).status == 401
    assert (await desk.told("revoke", rows[1]["id"])).exit_code == 1
    assert desk.token not in listed.output


async def test_a_source_is_held_to_its_limits(desk: Desk) -> None:
    token = await desk.given("slow", "--messages-per-minute", "2", "--max-bytes", "1000")
    hand = {"source": "slow", "Authorization": f"Bearer {token}"}
    large = await desk.post(b"x" * 1_001, **hand)
    assert (large.status, large.json["type"]) == (413, "urn:newswire:problem:too_large")
    assert (await desk.post(b"one", **hand)).status == 202
    assert (await desk.post(b"two", **hand)).status == 202
    third = await desk.post(b"three", **hand)
    assert (third.status, third.json["type"]) == (429, "urn:newswire:problem:rate_limited")
    assert 1 <= int(third.headers["Retry-After"]) <= 60
    assert (await desk.post(b"others are not concerned")).status == 202


async def test_requests_under_way_end_before_the_process_does(desk: Desk) -> None:
    async def slowly() -> object:
        yield b"half "
        await asyncio.sleep(1)
        yield b"and half"

    under_way = asyncio.create_task(desk.post(slowly()))
    await asyncio.sleep(0.4)
    desk.stage.signal(signal.SIGTERM)
    answer = await under_way
    assert answer.status == 202
    assert await desk.stage.exit() == 0
    assert (await desk.js.get_msg("RAW", 1)).data == b"half and half"
