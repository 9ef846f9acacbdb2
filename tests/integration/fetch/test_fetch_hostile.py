"""Servers that stall, lie and break HTTP: each ends as its own outcome in bounded time."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import chain, repeat

import pytest
import trustme

from services.fetch.http import Client, Limits
from shared.errors import Outcome, Transient
from tests.fakes.hostile_http import Behaviour, HostileServer, answer, hostile_server, pieces

OK = b"HTTP/1.1 200 OK\r\n"
HTML = OK + b"Content-Type: text/html\r\n"
PATIENCE = 2.0
LIMITS = Limits(total=PATIENCE, connect=1, read=0.5, rate=1_000, grace=0.3)


@pytest.fixture
async def site() -> AsyncIterator[HostileServer]:
    async with hostile_server() as server:
        yield server


async def silence(_: asyncio.StreamWriter) -> None:
    await asyncio.sleep(10)


async def reset(writer: asyncio.StreamWriter) -> None:
    writer.write(HTML + b"Content-Length: 100\r\n\r\n<p>")
    await writer.drain()
    writer.transport.abort()


async def ended(site: HostileServer, page: bytes | Behaviour) -> Outcome:
    """How the fetch of `page` ended, and that it ended in time."""
    site.pages["/?token=s3cret"] = page
    started = time.monotonic()
    async with Client("test", lambda: datetime.now(UTC), frozenset({("127.0.0.1", site.port)}), LIMITS) as client:
        with pytest.raises(Outcome) as caught:
            await client.get(f"{site.url}/?token=s3cret")
    assert time.monotonic() - started < PATIENCE + 1
    assert caught.value.detail.isascii()
    assert caught.value.detail.startswith(f"http://127.0.0.1:{site.port}/: ")
    assert "s3cret" not in caught.value.detail
    assert len(caught.value.detail) < 400
    return caught.value


STALLS = {
    "silence after the request": silence,
    "silence after the headers": pieces(chain([HTML + b"\r\n"], repeat(b"")), pause=0.1),
    "a byte of header at a time": pieces(chain([OK, b"X-Slow: "], repeat(b"a")), pause=0.02),
    "a header at a time": pieces(chain([OK], repeat(b"X-Slow: a\r\n")), pause=0.05),
    "a byte of body at a time": pieces(chain([HTML + b"Content-Length: 999\r\n\r\n"], repeat(b"a")), pause=0.02),
    "a byte of chunk at a time": pieces(
        chain([HTML + b"Transfer-Encoding: chunked\r\n\r\n"], repeat(b"1\r\na\r\n")), pause=0.02
    ),
    "a byte of trailer at a time": pieces(
        chain([HTML + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX: "], repeat(b"a")), pause=0.02
    ),
    "more to come for ever": pieces(repeat(b"HTTP/1.1 100 Continue\r\n\r\n"), pause=0.02),
}


@pytest.mark.parametrize("name", STALLS)
async def test_a_server_that_stalls_is_left(name: str, site: HostileServer) -> None:
    outcome = await ended(site, STALLS[name])

    assert isinstance(outcome, Transient), outcome
    assert outcome.reason == "timeout"


HEADER_FLOODS: dict[str, bytes | Behaviour] = {
    "5,000 headers": OK + b"".join(b"X-%d: a\r\n" % number for number in range(5_000)) + b"\r\n",
    "a header of 1 MB": OK + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n",
    "a status line of 1 MB": b"HTTP/1.1 200 " + b"a" * 1_000_000 + b"\r\n\r\n",
    "headers for ever": pieces(chain([OK], repeat(b"X-Header: a\r\n" * 1_000))),
    "one header for ever": pieces(chain([OK, b"X-Header: "], repeat(b"a" * 65_536))),
    "a trailer for ever": pieces(
        chain([HTML + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX: "], repeat(b"a" * 65_536))
    ),
    "trailers for ever": pieces(
        chain([HTML + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n"], repeat(b"X-Trailer: a\r\n" * 1_000))
    ),
}


@pytest.mark.parametrize("name", HEADER_FLOODS)
async def test_a_flood_of_headers_is_refused(name: str, site: HostileServer) -> None:
    outcome = await ended(site, HEADER_FLOODS[name])

    assert outcome.reason in {"http_error", "connection_failed"}, outcome


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        # lengths that lie
        (HTML + b"Content-Length: 100\r\n\r\n<p>", "connection_failed"),
        (HTML + b"Content-Length: 99999999999\r\n\r\n<p>", "too_large"),
        (HTML + b"Content-Length: -1\r\n\r\n<p>", "http_error"),
        (HTML + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\n<p>a", "http_error"),
        (HTML + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", "http_error"),
        (HTML + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\na", "http_error"),
        (HTML + b"Transfer-Encoding: chunked\r\n\r\n5\r\na", "connection_failed"),
        (reset, "connection_failed"),
        # not HTTP
        (b"", "connection_failed"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "http_error"),
        (b"\x16\x03\x01\x00\x00", "http_error"),
        (b"HTTP/1.1 2000 OK\r\n\r\n", "http_error"),
        (OK + b"X: a\x00b\r\n\r\n", "http_error"),
        (OK + b"no colon\r\n\r\n", "http_error"),
        # bodies that do not decode
        (answer(b"not gzip", content_encoding="gzip"), "connection_failed"),
        (answer(b"not brotli", content_encoding="br"), "connection_failed"),
        (answer(b"not zstd", content_encoding="zstd"), "connection_failed"),
        (answer(b"x", content_encoding="compress"), "unsupported_encoding"),
        # not a page
        (answer(b"\x00\x00\x00\x20ftypisom", content_type="video/mp4"), "unsupported_type"),
        (pieces(chain([OK + b"Content-Type: video/mp4\r\n\r\n"], repeat(b"a" * 65_536))), "unsupported_type"),
        (answer(b"PK\x03\x04../../etc/passwd", content_type="text/html"), "binary_body"),
        (answer(b"PK\x03\x04", content_type="application/zip"), "unsupported_type"),
        (answer(b""), "empty_body"),
        # statuses
        (answer(b"", "304 Not Modified"), "not_modified"),
        (answer(b"", "404 Not Found"), "http_error"),
        (answer(b"", "302 Found"), "http_error"),
        (answer(b"", "204 No Content"), "http_error"),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", "http_error"),
        (pieces(chain([b"HTTP/1.1 404 Not Found\r\n\r\n"], repeat(b"a" * 65_536))), "http_error"),
        (answer(b"", "500 Oops"), "server_error"),
        (answer(b"", "429 Slow Down", retry_after="7"), "rate_limited"),
    ],
)
async def test_each_broken_answer_has_its_reason(page: bytes | Behaviour, reason: str, site: HostileServer) -> None:
    outcome = await ended(site, page)

    assert outcome.reason == reason, outcome


async def test_a_server_says_when_to_come_back(site: HostileServer) -> None:
    outcome = await ended(site, answer(b"", "503 Busy", retry_after="7"))

    assert isinstance(outcome, Transient)
    assert (outcome.reason, outcome.retry_after) == ("server_error", 7)


async def test_a_port_where_nobody_listens_is_transient() -> None:
    async with hostile_server() as gone:
        pass
    async with Client("test", lambda: datetime.now(UTC), frozenset({("127.0.0.1", gone.port)}), LIMITS) as client:
        with pytest.raises(Transient, match="connection_failed"):
            await client.get(f"{gone.url}/")


async def test_one_bad_server_does_not_hold_up_the_others(site: HostileServer) -> None:
    site.pages = {"/": answer(b"<p>Text"), "/slow": silence}
    async with Client("test", lambda: datetime.now(UTC), frozenset({("127.0.0.1", site.port)}), LIMITS) as client:
        slow = [asyncio.create_task(client.get(f"{site.url}/slow")) for _ in range(20)]
        await asyncio.sleep(0.05)
        started = time.monotonic()

        page = await client.get(f"{site.url}/")

        assert (page.body, time.monotonic() - started < 0.3) == (b"<p>Text", True)
        outcomes = await asyncio.gather(*slow, return_exceptions=True)
    assert {str(each).partition(":")[0] for each in outcomes} == {"timeout"}


CERTIFICATES = {
    "nobody's authority": ("127.0.0.1", False, False),
    "another host": ("news.example", True, False),
    "good": ("127.0.0.1", True, True),
}


@pytest.mark.parametrize("name", CERTIFICATES)
async def test_only_a_valid_certificate_is_accepted(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    identity, trusted, accepted = CERTIFICATES[name]
    authority = trustme.CA()
    theirs, ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert(identity).configure_cert(theirs)
    if trusted:
        authority.configure_trust(ours)
        monkeypatch.setattr("aiohttp.connector._SSL_CONTEXT_VERIFIED", ours)

    async with hostile_server(theirs) as site:
        site.pages["/"] = answer(b"<p>Text")
        allowed = frozenset({("127.0.0.1", site.port)})
        async with Client("test", lambda: datetime.now(UTC), allowed, LIMITS) as client:
            url = f"https://127.0.0.1:{site.port}/"
            if accepted:
                assert (await client.get(url)).body == b"<p>Text"
                return
            with pytest.raises(Transient, match=r"connection_failed: https://127\.0\.0\.1.*certificate verify failed"):
                await client.get(url)
    assert site.requests == []
