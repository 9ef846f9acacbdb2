"""What answers mean, and the raw messages pages become."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from services.fetch.core import (
    COMPRESS_ABOVE,
    MAX_HEADER,
    MAX_RETRY_AFTER,
    Fetched,
    check_body,
    check_encoding,
    check_type,
    header_value,
    raw_message,
    refusal,
    retry_after,
    too_slow,
)
from shared.contracts import FetchJob
from shared.errors import Poison, Skip, Transient

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
URL = "https://news.example/a"


def page(body: bytes = b"<p>Text", headers: Mapping[str, str] | None = None, redirects: int = 0) -> Fetched:
    return Fetched(URL, 200, headers or {}, body, NOW, redirects)


def test_a_page_becomes_a_raw_message_that_says_where_it_is_from() -> None:
    headers = {"Content-Type": "text/html; charset=utf-8", "X-Robots-Tag": "noarchive", "Server": "x"}

    message = raw_message(FetchJob(url=URL), page(b"<p>Text", headers))

    assert message.body == b"<p>Text"
    assert message.headers == {
        "Content-Type": "text/html; charset=utf-8",
        "X-Robots-Tag": "noarchive",
        "Newswire-Url": URL,
        "Newswire-Fetched-At": "2026-03-01T12:00:00.000+00:00",
        "Newswire-Http-Status": "200",
    }


def test_a_redirected_page_keeps_the_url_that_was_asked_for() -> None:
    message = raw_message(FetchJob(url="https://news.example/é"), page(redirects=1))

    assert message.headers["Newswire-Url"] == URL
    assert message.headers["Newswire-Requested-Url"] == "https://news.example/%C3%A9"


@pytest.mark.parametrize(("size", "compressed"), [(COMPRESS_ABOVE, False), (COMPRESS_ABOVE + 1, True)])
def test_a_large_body_travels_compressed(size: int, *, compressed: bool) -> None:
    message = raw_message(FetchJob(url=URL), page(b"a" * size))

    assert message.headers.get("Content-Encoding") == ("zstd" if compressed else None)
    body = zstandard.decompress(message.body) if compressed else message.body
    assert body == b"a" * size


@given(st.text(max_size=2_000))
def test_a_header_value_is_bounded_printable_ascii(text: str) -> None:
    value = header_value(text)

    assert value == "" or (value.isascii() and value.isprintable())
    assert len(value) <= MAX_HEADER
    assert header_value(value) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('W/"abc"', 'W/"abc"'),
        ("text/html; charset=windows-1251", "text/html; charset=windows-1251"),
        ("Ж", "%D0%96"),
        ("a\r\nX: y", "a%0D%0AX: y"),
        ("\udce9", "?"),
        ("100%", "100%"),
    ],
)
def test_what_is_not_printable_ascii_is_percent_encoded(text: str, value: str) -> None:
    assert header_value(text) == value


@pytest.mark.parametrize("status", [200, 203])
def test_a_page_is_not_refused(status: int) -> None:
    assert refusal(status, {}, NOW, URL) is None


@pytest.mark.parametrize(
    ("status", "outcome", "reason"),
    [
        (304, Skip, "not_modified"),
        (429, Transient, "rate_limited"),
        (408, Transient, "server_error"),
        (425, Transient, "server_error"),
        (500, Transient, "server_error"),
        (503, Transient, "server_error"),
        (599, Transient, "server_error"),
        (400, Poison, "http_error"),
        (401, Poison, "http_error"),
        (403, Poison, "http_error"),
        (404, Poison, "http_error"),
        (410, Poison, "http_error"),
        (451, Poison, "http_error"),
        (101, Poison, "http_error"),
        (204, Poison, "http_error"),
        (206, Poison, "http_error"),
        (300, Poison, "http_error"),
        (600, Poison, "http_error"),
        (999, Poison, "http_error"),
    ],
)
def test_each_status_has_its_outcome(status: int, outcome: type, reason: str) -> None:
    refused = refusal(status, {}, NOW, URL)

    assert type(refused) is outcome
    assert refused is not None
    assert (refused.reason, refused.detail) == (reason, f"{URL}: HTTP {status}")


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_may_say_when_to_come_back(status: int) -> None:
    refused = refusal(status, {"Retry-After": "120"}, NOW, URL)

    assert isinstance(refused, Transient)
    assert refused.retry_after == 120


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Sun, 01 Mar 2026 12:01:30 GMT", 90),
        ("Sun, 01 Mar 2026 12:01:30 -0000", 90),
        ("Sunday, 01-Mar-26 12:01:30 GMT", 90),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0),
        ("86400", MAX_RETRY_AFTER),
        ("9" * 99, MAX_RETRY_AFTER),
        ("Fri, 31 Dec 9999 23:59:59 -2359", MAX_RETRY_AFTER),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("\uff11\uff12", None),
        ("Sun, 99 Mar 2026 12:00:00 GMT", None),
        ("Sun, 01 Mar 2026 12:00:00 +9999", None),
        ("Sun, 01 Mar 99999999999999999999 12:00:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(st.text(max_size=150) | st.datetimes().map(lambda at: at.strftime("%a, %d %b %Y %H:%M:%S GMT")))
def test_any_retry_after_is_in_bounds(value: str) -> None:
    wait = retry_after(value, NOW + timedelta(days=1))

    assert wait is None or 0 <= wait <= MAX_RETRY_AFTER


@pytest.mark.parametrize(
    "content_type",
    ["", "text/html", "Text/HTML ; charset=utf-8", "application/rss+xml", "application/feed+json", "text/plain;x=y"],
)
def test_types_that_a_parser_reads_pass(content_type: str) -> None:
    check_type(content_type, URL)


@pytest.mark.parametrize(
    "content_type",
    ["video/mp4", "application/zip", "application/pdf", "application/octet-stream", "image/svg+xml", "html", "té/xt"],
)
def test_other_types_are_poison(content_type: str) -> None:
    with pytest.raises(Poison, match=r"unsupported_type: https://news\.example/a: "):
        check_type(content_type, URL)


@pytest.mark.parametrize("coding", ["", "gzip", "GZip ", "br", "zstd", "deflate", "identity"])
def test_one_known_coding_passes(coding: str) -> None:
    check_encoding(coding, URL)


@pytest.mark.parametrize("coding", ["gzip, gzip", "gzip,br", ",", "identity, gzip", "compress", "x-gzip", "zz\u00e9"])
def test_other_codings_are_poison(coding: str) -> None:
    with pytest.raises(Poison, match="unsupported_encoding"):
        check_encoding(coding, URL)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"<!doctype html><p>Text", "text/html"),
        (b"\xef\xbb\xbf<p>Text", ""),
        ("Новини".encode("windows-1251"), "text/html"),
        ("<p>Текст".encode("utf-16"), "text/html"),
        ("<p>Текст".encode("utf-16-be"), 'text/html; charset="UTF-16"'),
        ("\x1b$B<p>".encode("ascii"), "text/html; charset=iso-2022-jp"),
        (b"a\tb\r\n\x0c", "text/plain"),
        (b"a" * 2_000 + b"\x00", "text/html"),
    ],
)
def test_text_in_any_character_set_passes(body: bytes, content_type: str) -> None:
    check_body(body, content_type, URL)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty_body"),
        (b"\x00", "binary_body"),
        (b"PK\x03\x04../../etc/passwd", "binary_body"),
        (b"\x1f\x8b\x08\x00", "binary_body"),
        (b"\x89PNG\r\n\x1a\n\x00", "binary_body"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "binary_body"),
        (b"GIF89a\x01\x00", "binary_body"),
        (b"\x00\x00\x00\x20ftypisom", "binary_body"),
        (b"%PDF-1.7\n", "binary_body"),
        (b"%!PS-Adobe", "binary_body"),
        (b"<p>Text\x00", "binary_body"),
    ],
)
def test_what_is_no_text_is_poison_whatever_it_claims_to_be(body: bytes, reason: str) -> None:
    with pytest.raises(Poison) as caught:
        check_body(body, "text/html", URL)
    assert caught.value.reason == reason


@given(st.binary(max_size=100), st.text(max_size=30))
def test_any_body_is_text_or_poison(body: bytes, content_type: str) -> None:
    try:
        check_body(body, content_type, URL)
    except Poison as poison:
        assert poison.detail.isascii()  # noqa: PT017 - both ends are right


@pytest.mark.parametrize(
    ("received", "seconds", "slow"), [(0, 4.9, False), (0, 5.1, True), (5_999, 6, True), (6_000, 6, False)]
)
def test_slow_is_fewer_bytes_than_the_rate_after_the_grace(received: int, seconds: float, *, slow: bool) -> None:
    assert too_slow(received, seconds, rate=1_000, grace=5) is slow
