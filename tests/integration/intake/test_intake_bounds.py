"""What hostile clients send ends in a clear problem, within bounded time and memory; others are served meanwhile."""

import asyncio
import gzip
import io
import zlib
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import zstandard

from deploy.local import ports
from services.intake import http, service
from services.intake.access import Register
from services.intake.door import Door
from services.intake.http import Intake
from services.intake.settings import IntakeSettings
from tests.fakes.shelf import TOKEN, Shelf, register
from tests.integration.intake.conftest import Desk

HEADERS = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "text/plain"}
MB = 1024 * 1024


@asynccontextmanager
async def opened(
    monkeypatch: pytest.MonkeyPatch, *, body_within: float = 60.0, known: Register | None = None, **door: Any
) -> AsyncIterator[Any]:
    """The HTTP server alone: its port, and what it published."""
    monkeypatch.setattr(service, "Door", partial(Door, **door))
    shelf, port = Shelf(), ports.free()
    intake = Intake(known or register({"harbour": TOKEN}), shelf, None, body_within)
    async with service.listening(intake, IntakeSettings(intake_port=port)):
        yield port, shelf


def connected(port: int) -> AbstractAsyncContextManager[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    @asynccontextmanager
    async def connect() -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            yield reader, writer
        finally:
            writer.transport.abort()

    return connect()


async def post(port: int, body: Any, path: str = "/v1/raw/harbour", method: str = "POST", **headers: str) -> Any:
    given = HEADERS | {name.replace("_", "-"): value for name, value in headers.items()}
    async with aiohttp.ClientSession() as session:
        url = aiohttp.client.URL(f"http://127.0.0.1:{port}{path}", encoded=True)
        data = io.BytesIO(body) if isinstance(body, bytes) else body
        async with session.request(method, url, data=data, headers=given) as answer:
            return answer.status, await answer.json(content_type=None), answer.headers


def head(path: str = "/v1/raw/harbour", **headers: str) -> bytes:
    given = HEADERS | {"Host": "x"} | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items()), "", ""]
    return "\r\n".join(lines).encode()


def bomb(encoding: str, size: int) -> bytes:
    if encoding == "zstd":
        return zstandard.compress(b"\0" * size)
    maker = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(maker.compress(b"\0" * MB) for _ in range(size // MB)), maker.flush()])


@pytest.mark.parametrize(
    ("body", "headers", "status", "name"),
    [
        (b"", {}, 400, "empty_body"),
        (b" \n\t ", {}, 400, "empty_body"),
        (b"x" * (4 * MB + 1), {}, 413, "too_large"),
        (b"x" * (4 * MB - 10), {}, 413, "too_large"),  # of an article, with its headers
        (b"x", {"Content_Type": "image/png"}, 415, "unsupported_type"),
        (b"a=b", {"Content_Type": "application/x-www-form-urlencoded"}, 415, "unsupported_type"),
        (b"x", {"Content_Encoding": "br"}, 415, "unsupported_encoding"),
        (b"x", {"Content_Encoding": "gzip, gzip"}, 415, "unsupported_encoding"),
        (b"no gzip", {"Content_Encoding": "gzip"}, 400, "undecodable_text"),
        (gzip.compress(b"cut short" * 99)[:-9], {"Content_Encoding": "gzip"}, 400, "undecodable_text"),
        (b"\xff\xfe{}", {"Content_Type": "application/json"}, 400, "invalid_json"),
        (b"[" * 100_000, {"Content_Type": "application/json"}, 400, "invalid_json"),
        (b'{"headline": "no body"}', {"Content_Type": "application/json"}, 422, "invalid_envelope"),
        (b"\n" * 20_000, {"Content_Type": "application/x-ndjson"}, 400, "empty_body"),
        (b"{}\n" * 20_000, {"Content_Type": "application/x-ndjson"}, 413, "too_many_lines"),
        (b"{}\n" * 1_001, {"Content_Type": "application/x-ndjson"}, 413, "too_many_lines"),
        (b"x", {"Newswire_Url": "javascript:alert(1)"}, 422, "invalid_url"),
        (b"x", {"Authorization": ""}, 401, "token_missing"),
    ],
)
async def test_what_cannot_be_taken_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, body: bytes, headers: dict[str, str], status: int, name: str
) -> None:
    async with opened(monkeypatch) as (port, shelf):
        found, problem, answered = await post(port, body, **headers)
        assert (found, problem["type"]) == (status, f"urn:newswire:problem:{name}")
        assert answered["Content-Type"] == "application/problem+json"
        assert (problem["status"], shelf.stored) == (status, [])
        assert problem["title"]
        assert problem["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/raw/harbour", 405),
        ("DELETE", "/v1/raw/harbour", 405),
        ("POST", "/v1/raw/Harbour%20News", 404),
        ("POST", "/v1/raw/%ff%fe", 404),
        ("POST", "/v1/raw/a/b", 404),
        ("POST", "/v1/raw/..%2fx", 404),
        ("POST", "/v1/raw/harbour%0d%0aX:y", 404),
        ("POST", "/v2/raw/harbour", 404),
        ("GET", "/metrics", 404),
        ("GET", "/v1/websub/" + "0" * 32, 404),  # WebSub is off
    ],
)
async def test_what_is_not_there_is_told_in_a_problem(
    monkeypatch: pytest.MonkeyPatch, method: str, path: str, status: int
) -> None:
    async with opened(monkeypatch) as (port, shelf):
        found, problem, headers = await post(port, b"text" if method == "POST" else None, path, method)
        assert (found, problem["status"]) == (status, status)
        assert (status != 405) or headers["Allow"] == "POST"
        assert shelf.stored == []


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
async def test_a_bomb_is_not_unpacked(desk: Desk, encoding: str) -> None:
    body = await asyncio.to_thread(bomb, encoding, 1024 * MB)
    assert len(body) < 2 * MB
    before = peak(desk)
    answers = await asyncio.gather(*(desk.post(body, Content_Encoding=encoding) for _ in range(4)))
    assert {(each.status, each.json["type"]) for each in answers} == {(413, "urn:newswire:problem:too_large")}
    assert peak(desk) - before < 100 * MB
    assert (await desk.post(b"others are served")).status == 202


def peak(desk: Desk) -> int:
    """The largest resident size of the process so far, in bytes."""
    assert desk.stage.process
    status = Path(f"/proc/{desk.stage.process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


async def test_a_body_without_an_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(monkeypatch) as (port, shelf), connected(port) as (reader, writer):
        writer.write(head(Transfer_Encoding="chunked"))
        with pytest.raises(ConnectionError):
            await asyncio.wait_for(flood(reader, writer), 20)
        assert shelf.stored == []


async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    told = asyncio.create_task(reader.readline())
    while True:
        if told.done():
            assert b" 413 " in told.result()
        writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
        await writer.drain()


async def test_a_body_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(monkeypatch, body_within=0.5) as (port, _), connected(port) as (reader, writer):
        writer.write(head(Content_Length="1000"))
        for _ in range(5):
            writer.write(b"x")
            await asyncio.sleep(0.05)
        assert b" 408 " in await asyncio.wait_for(reader.readline(), 10)


async def test_a_body_that_comes_too_slowly_gives_its_hand_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long before its minute is over, however steadily it drips; one that keeps the rate has its minute."""
    monkeypatch.setattr(http, "SLICE", 100)
    monkeypatch.setattr(http, "SLICE_WITHIN", 0.5)
    async with opened(monkeypatch) as (port, shelf), connected(port) as slow, connected(port) as steady:
        slow[1].write(head(Content_Length="1000"))
        steady[1].write(head(Content_Length="1000"))
        for _ in range(20):
            slow[1].write(b"x")
            steady[1].write(b"x" * 50)
            await asyncio.sleep(0.05)
        assert b" 408 " in await asyncio.wait_for(slow[0].readline(), 5)
        assert b"urn:newswire:problem:too_slow" in await slow[0].read(4_096)
        assert b" 202 " in await asyncio.wait_for(steady[0].readline(), 5)
        assert len(shelf.stored) == 1


async def test_slow_bodies_of_some_sources_leave_hands_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = ("one", "two", "three", "four")
    known = register({name: f"{TOKEN}-{name}" for name in (*slow, "harbour")})
    async with opened(monkeypatch, known=known) as (port, _), AsyncExitStack() as stack:
        for name in [each for each in slow for _ in range(4)]:
            _, writer = await stack.enter_async_context(connected(port))
            writer.write(head(f"/v1/raw/{name}", Authorization=f"Bearer {TOKEN}-{name}", Content_Length="10"))
        await asyncio.sleep(0.3)
        assert (await post(port, b"text", Authorization=f"Bearer {TOKEN}-harbour"))[0] == 202


async def test_one_source_has_so_many_requests_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(monkeypatch) as (port, _):
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(4)]
        for _, writer in held:
            writer.write(head(Content_Length="10"))
        await asyncio.sleep(0.3)
        status, problem, headers = await post(port, b"a fifth")
        assert (status, problem["type"], headers["Retry-After"]) == (429, "urn:newswire:problem:rate_limited", "1")
        for _, writer in held:
            writer.transport.abort()
        async with asyncio.timeout(10):
            while (await post(port, b"text"))[0] != 202:
                await asyncio.sleep(0.05)


async def test_the_document_says_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(monkeypatch) as (port, _):
        status, found, _ = await post(port, None, "/v1/openapi.json", "GET")
        assert (status, found["openapi"]) == (200, "3.1.0")


def test_a_port_that_is_taken_ends_in_a_sentence(desk: Desk, tmp_path: Path) -> None:
    from tests.wire import Stage

    (tmp_path / "second").mkdir()
    env = {"NEWSWIRE_INTAKE_PORT": str(desk.port)}
    second = Stage(desk.nats_url, tmp_path / "second", "services.intake", env, quick=False).start()
    try:
        assert second.process
        assert second.process.wait(30) == 78
        assert f"newswire: 127.0.0.1 port {desk.port}: " in second.log
        assert "Traceback" not in second.log
    finally:
        second.kill()
