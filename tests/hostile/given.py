"""What hostile people give us: archives to replay, lists of sources, requests to the intake, by row of the lists."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Literal

import zstandard

from services.fetch.archive.records import Exchange, response, warcinfo
from tests.fakes.given_child import OTHER
from tests.fakes.shelf import TOKEN

MB = 1024 * 1024
PAGE = b"<html><title>Mill burns</title><p>" + b"The mill burned down on Monday night and nobody was hurt. " * 10


@dataclass(frozen=True)
class Given:
    """`ends`: what is right; `seconds`: that it may take."""

    row: str
    name: str
    body: bytes
    ends: tuple[str, ...]
    how: Literal["warc", "opml", "post"]
    seconds: float = 5.0


def record(number: int = 1, page: bytes = PAGE, url: str = "https://gazette.example") -> bytes:
    exchange = Exchange(
        f"{url}/news/{number}", 200, "OK", [("Content-Type", "text/html")], page, datetime(2026, 3, 4, tzinfo=UTC)
    )
    return response(exchange, f"urn:uuid:{number}")


def plain(number: int = 1) -> bytes:
    return gzip.decompress(record(number))


def request(body: bytes = b"The mill burned.", path: str = "/v1/raw/harbour", token: str = TOKEN, **more: str) -> bytes:
    """A request; of `more`, an empty value leaves a header out."""
    given: Mapping[str, str] = {
        "host": "intake", "authorization": f"Bearer {token}", "content_type": "text/plain",
        "content_length": str(len(body)),
    } | more  # fmt: skip
    lines = [f"POST {path} HTTP/1.1", *(f"{name.replace('_', '-')}: {value}" for name, value in given.items() if value)]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def opml(*outlines: str) -> bytes:
    return f"<opml version='2.0'><body>{''.join(outlines)}</body></opml>".encode()


def outline(number: int = 1, host: str = "a.example", **more: str) -> str:
    given = {"xmlUrl": f"https://{host}/{number}", **more}
    return f"<outline {' '.join(f'{name}={value!r}' for name, value in given.items())}/>"


@cache
def zeros(size: int) -> bytes:
    return gzip.compress(bytes(size))


LINES = {"content_type": "application/x-ndjson"}
ENVELOPE = {"content_type": "application/vnd.newswire.raw+json"}
HEAD = b"WARC/1.1\r\nWARC-Type: response\r\n"

ARCHIVES = (
    Given("C9", "an archive of two pages", warcinfo("a", "b") + record(1) + record(2), ("2 read, 0 broken",), "warc"),
    Given("C9", "a record that unpacks to 300 MB", zeros(300 * MB) + record(), ("1 read, 1 broken",), "warc"),
    Given("C9", "a record of 900 GB, by its header", HEAD + b"Content-Length: 900000000000\r\n\r\n" + plain(), ("0 read, 1 broken", "1 read, 1 broken"), "warc"),
    Given("C9", "a length below zero", HEAD + b"Content-Length: -1\r\n\r\n" + plain(), ("1 read, 1 broken",), "warc"),
    Given("C9", "a header without end", HEAD + b"a: b\r\n" * 500_000 + plain(), ("1 read, 1 broken",), "warc"),
    Given("C9", "100,000 beginnings of nothing", (b"\x1f\x8b\x08x" * 100_000), ("0 read, 101 broken",), "warc"),
    Given("C9", "an archive that is a ZIP with ../", b"PK\x03\x04../../etc/passwd" * 1_000, ("0 read, 1 broken",), "warc"),
    Given("C9", "the address of a file", record() + record(2, url="file:///etc"), ("1 read, 0 broken",), "warc"),
    Given("C9", "an archive that is cut", record(1) + record(2)[:-20], ("1 read, 1 broken",), "warc"),
    Given("C9", "a page that takes for ever to begin", record(1, b"<!---->" * 500 + PAGE) + record(2), ("1 read, 0 broken", "2 read, 0 broken"), "warc"),
    Given("C9", "20,000 records of nothing", gzip.compress(HEAD + b"Content-Length: 0\r\n\r\n\r\n\r\n") * 20_000, ("0 read, 101 broken", "0 read, 0 broken"), "warc"),
)  # fmt: skip
LISTS = (
    Given("C11", "a list of two", opml(outline(1), outline(2)), ("2 sources",), "opml"),
    Given("C11", "20,000 feeds of one host", opml(*map(outline, range(20_000))), ("20000 sources",), "opml"),
    Given("C11", "a list of entities", b'<!DOCTYPE opml [<!ENTITY a "ha">]><opml>&a;</opml>', ("refused",), "opml"),
    Given("C11", "a list 100,000 deep", b"<opml>" + b"<outline>" * 100_000, ("refused", "0 sources"), "opml"),
    Given("C11", "addresses that are none of the web", opml(*(f"<outline xmlUrl='{each}'/>" for each in ("file:///etc/passwd", "javascript:alert(1)", "http://"))), ("0 sources",), "opml"),
    Given("C11", "a language of 100,000 letters", opml(outline(language="x" * 100_000, title="y" * 100_000)), ("1 sources",), "opml"),
    Given("C11", "half of a character", opml(outline(title="&#xD800;")), ("refused", "1 sources"), "opml"),
    Given("C11", "a list of 20 MB", b"<opml>" + b" " * 20 * MB, ("refused",), "opml"),
    Given("C11", "YAML that makes objects", b"sources: !!python/object/apply:os.system ['true']", ("refused",), "opml"),
    Given("C11", "YAML that grows", b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(b"b%d: &b%d [*%s,*%s,*%s,*%s]\n" % (n, n, *[b"b%d" % (n - 1) if n else b"a"] * 4) for n in range(20)), ("refused",), "opml"),
)  # fmt: skip
REQUESTS = (
    Given("C12", "an article", request(), ("1 accepted",), "post"),
    Given("C12", "no token", request(authorization=""), ("token_missing",), "post"),
    Given("C12", "a token that is none", request(token="nwt_guess"), ("token_unknown",), "post"),
    Given("D13", "another source's token", request(token=OTHER), ("other_source",), "post"),
    Given("D9", "headers of the server's own", request(nats_rollup="all", nats_ttl="1s", nats_msg_id="1", nats_expected_stream="RAW", newswire_origin="9:9:9", ce_id="1"), ("1 accepted",), "post"),
    Given("C12", "a header that is two", request(newswire_fetched_at="now\r\nNats-Rollup: all"), ("1 accepted", "bad_request"), "post"),
    Given("C12", "5 MB", request(b"x" * 5 * MB), ("too_large",), "post"),
    Given("C12", "64 MB in chunks", request(b"%x\r\n" % (64 * MB) + b"x" * 64 * MB, content_length="", transfer_encoding="chunked"), ("too_large",), "post"),
    Given("C12", "a gzip bomb", request(zeros(300 * MB), content_encoding="gzip"), ("too_large",), "post"),
    Given("C12", "zstd that wants a window of 2 GB", request(b"\x28\xb5\x2f\xfd\x00\xa8" + bytes(100), content_encoding="zstd"), ("undecodable_text",), "post"),
    Given("C12", "zstd that unpacks to 300 MB", request(zstandard.compress(bytes(300 * MB)), content_encoding="zstd"), ("too_large",), "post"),
    Given("C12", "a body that does not come", request(content_length="1000"), ("too_slow",), "post"),
    Given("C12", "two lengths", request(transfer_encoding="chunked"), ("bad_request",), "post"),
    Given("C12", "a header of 1 MB", request(x="a" * MB), ("bad_request",), "post"),
    Given("C12", "10,000 headers", request(**{f"x{each}": "a" for each in range(10_000)}), ("bad_request",), "post"),
    Given("C12", "a source named ../..", request(path="/v1/raw/..%2f..%2fetc"), ("not_found",), "post"),
    Given("C12", "a source named *", request(path="/v1/raw/*"), ("not_found",), "post"),
    Given("C12", "a video", request(b"\x00\x00\x00\x20ftyp", content_type="video/mp4"), ("unsupported_type",), "post"),
    Given("C12", "JSON 100,000 deep", request(b"[" * 100_000, **ENVELOPE), ("invalid_json", "invalid_envelope"), "post"),
    Given("C12", "numbers that are none", request(b'{"body":"x","a":NaN,"b":1e999}', **ENVELOPE), ("1 accepted", "invalid_json", "invalid_envelope"), "post"),
    Given("C12", "half of a character", request(rb'{"body":"\ud800"}', **ENVELOPE), ("invalid_json", "invalid_envelope"), "post"),
    Given("C12", "1,001 lines", request(b'{"body":"x"}\n' * 1_001, **LINES), ("too_many_lines",), "post"),
    Given("C12", "a million empty lines", request(b"\n" * MB, **LINES), ("too_many_lines", "empty_body"), "post"),
    Given("C12", "1,000 lines, one of them broken", request(b'{"body":"x"}\n' * 999 + b"{", **LINES), ("invalid_lines",), "post"),
    Given("C12", "bytes where text is expected", request(traceparent="\xff\xfe", content_type="text/plain; charset=\xff"), ("1 accepted",), "post"),
    Given("C3", "a callback that nobody asked for", request(path="/v1/websub/" + "0" * 32), ("not_found",), "post"),
)  # fmt: skip
GIVEN = (*ARCHIVES, *LISTS, *REQUESTS)
