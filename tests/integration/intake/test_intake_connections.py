"""Connections that are slow, silent, too many or no HTTP at all: each is told or hung up on, and others are served."""

import asyncio
import json
from contextlib import suppress

import pytest
import structlog.testing

from tests.integration.intake.test_intake_bounds import connected, head, opened, post


@pytest.mark.parametrize("sent", [b"", b"POST /v1/raw/harbour HTTP/1.1\r\nHost: x\r\nX-Slow: "])
async def test_a_request_that_never_begins_is_hung_up_on(monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    async with opened(monkeypatch, headers_within=0.5) as (port, _), connected(port) as (reader, writer):
        writer.write(sent)
        with pytest.raises(ConnectionError):
            await asyncio.wait_for(drip(reader, writer), 10)


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while not reader.at_eof():
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)
    raise ConnectionResetError


async def test_an_answered_connection_that_stays_silent_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(monkeypatch, kept=0.5) as (port, shelf), connected(port) as (reader, writer):
        writer.write(head(Content_Length="4") + b"text")
        assert b" 202 " in await reader.readline()
        with suppress(ConnectionError):
            await asyncio.wait_for(reader.read(), 10)
        assert len(shelf.stored) == 1


async def test_headers_without_an_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(monkeypatch) as (port, _), connected(port) as (reader, writer):
        writer.write(head()[:-2] + b"X-Long: " + b"x" * 100_000 + b"\r\n\r\n")
        assert b" 400 " in await asyncio.wait_for(reader.readline(), 10)


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(200)) + b"\r\n\r\n",  # TLS
        b"GIBBERISH\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nBad Name: 1\r\n\r\n",
        b"GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /v1/raw/harbour HTTP/1.1\r\nHost: x\r\nContent-Length: ten\r\n\r\n",
        b"POST /v1/raw/harbour HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nExpect: a miracle\r\n\r\n",
    ],
)  # fmt: skip
async def test_what_is_no_request_of_http_is_told_in_a_problem(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, sent: bytes
) -> None:
    with structlog.testing.capture_logs() as logged:
        async with opened(monkeypatch) as (port, _), connected(port) as (reader, writer):
            writer.write(sent)
            told, _, body = (await asyncio.wait_for(reader.read(), 10)).partition(b"\r\n\r\n")
            assert b" 400 " in told.partition(b"\r\n")[0]
            assert b"\r\nContent-Type: application/problem+json" in told
            assert b"\r\nServer: newswire" in told
            assert json.loads(body)["type"] == "urn:newswire:problem:bad_request"
            assert (await post(port, b"others are served"))[0] == 202
    lines = [each for each in logged if each["event"] == "intake.unreadable"]
    assert [set(each) for each in lines] == [{"event", "log_level", "peer", "detail"}] * (b"Expect" not in sent)
    assert all("\n" not in each["detail"] and len(each["detail"]) <= 200 for each in lines)
    assert caplog.records == []
    assert "Traceback" not in "".join(capfd.readouterr())


async def test_half_open_connections_do_not_keep_others_out(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(monkeypatch, most=20) as (port, shelf):
        opened_ = [await asyncio.open_connection("127.0.0.1", port) for _ in range(60)]
        await asyncio.sleep(0.2)
        for _ in range(5):
            assert (await post(port, b"text"))[0] == 202
        assert len(shelf.stored) == 5
        ended = [reader for reader, _ in opened_ if reader.exception() or reader.at_eof()]
        assert len(ended) >= 40
        for _, writer in opened_:
            writer.transport.abort()


async def test_when_all_connections_are_busy_one_more_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(monkeypatch, most=2) as (port, _), connected(port) as one, connected(port) as two:
        for _, writer in (one, two):
            writer.write(head(Content_Length="10"))
        await asyncio.sleep(0.3)
        async with connected(port) as (reader, _):
            assert b" 503 " in await asyncio.wait_for(reader.readline(), 10)
            told = await reader.read(1_000)
            assert b"Retry-After: 5" in told
            assert json.loads(told.partition(b"\r\n\r\n")[2])["type"] == "urn:newswire:problem:busy"
