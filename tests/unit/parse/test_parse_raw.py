"""Raw messages: what publishers send, and what each bad body ends as."""

import base64
import gzip
import json
import zlib
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import zstandard

from services.parse.raw.charset import decode
from services.parse.raw.document import RawDocument, read_raw
from shared.errors import Poison
from shared.inflate import DECODED_LIMIT

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
UKRAINIAN = "Паром не вийде в море до ранку, кажуть у порту. Їхні слова підтверджує й метеослужба."
GERMAN = "Die Fähre läuft erst morgen früh aus, heißt es im Hafen. Für Gäste gibt es Tee."


def read(body: bytes, **headers: str) -> RawDocument:
    return read_raw(body, {name.replace("_", "-"): value for name, value in headers.items()}, "gazette", NOW)


def envelope(**fields: object) -> bytes:
    return json.dumps(fields).encode()


@pytest.mark.parametrize(
    ("body", "content_type", "kind"),
    [
        (b"<!DOCTYPE html><p>x", "", "html"),
        (b"\n <html><p>x", "", "html"),
        (b"<div class='a'>x</div>", "", "html"),
        (b"Intro <p>x</p> and more", "", "html"),
        (b"A plain text.\n\nWith a < b.", "", "text"),
        (b"{curly text}", "", "text"),
        (b"<?xml version='1.0'?><rss><channel><item/></channel></rss>", "", "feed_entry"),
        (b"<item><title>x</title></item>", "", "feed_entry"),
        (b"<entry xmlns='http://www.w3.org/2005/Atom'/>", "application/xml", "feed_entry"),
        (b"<?xml version='1.0'?><html><p>x</p></html>", "text/xml", "html"),
        (b"<p>x", "text/plain", "text"),
        (b"x", "text/html; charset=utf-8", "html"),
        (b"x", 'TEXT/HTML;charset="utf-8"', "html"),
        (b"x", "application/octet-stream", "text"),
        (b"x", "text/plain; charset=no-such-thing", "text"),
        (envelope(body="<p>x"), "application/json", "html"),
        (envelope(body="x"), "application/vnd.newswire.raw+json", "text"),
        (envelope(body="x", content_type="text/html"), "", "html"),
        (b"\xef\xbb\xbf" + envelope(body="x"), "application/json", "text"),
        (envelope(body_base64=base64.b64encode(b"<item/>").decode()), "", "feed_entry"),
    ],
)  # fmt: skip
def test_kind_is_what_the_type_says_or_what_it_looks_like(body: bytes, content_type: str, kind: str) -> None:
    assert read(body, content_type=content_type).kind == kind


@pytest.mark.parametrize(
    ("body", "label", "text", "encoding"),
    [
        (UKRAINIAN.encode(), None, UKRAINIAN, "utf-8"),
        (b"\xef\xbb\xbf" + UKRAINIAN.encode(), "windows-1251", UKRAINIAN, "utf-8"),
        (UKRAINIAN.encode(), "windows-1251", UKRAINIAN, "utf-8"),
        (UKRAINIAN.encode("cp1251"), "windows-1251", UKRAINIAN, "windows-1251"),
        (UKRAINIAN.encode("cp1251"), None, UKRAINIAN, "windows-1251"),
        (UKRAINIAN.encode("cp1251"), "utf-8", UKRAINIAN, "windows-1251"),
        (UKRAINIAN.encode("koi8-u"), "koi8-u", UKRAINIAN, "koi8-u"),
        (UKRAINIAN.encode("utf-16"), None, UKRAINIAN, "utf-16-le"),
        (b"\xfe\xff" + UKRAINIAN.encode("utf-16-be"), None, UKRAINIAN, "utf-16-be"),
        (UKRAINIAN.encode("utf-16-le"), None, UKRAINIAN, "utf-16-le"),
        (UKRAINIAN.encode("utf-16-be"), "utf-8", UKRAINIAN, "utf-16-be"),
        (GERMAN.encode("latin-1"), "iso-8859-1", GERMAN, "windows-1252"),
        (GERMAN.encode("utf-16-le"), None, GERMAN, "utf-16-le"),
        (b"<meta charset=windows-1251>" + UKRAINIAN.encode("cp1251"), None, "<meta charset=windows-1251>" + UKRAINIAN,
         "windows-1251"),
        (b"1 +AGEAYg- 2", "utf-7", "1 +AGEAYg- 2", "utf-8"),
        ("日本の船".encode("iso-2022-jp"), "iso-2022-jp", "日本の船", "iso-2022-jp"),
    ],
)  # fmt: skip
def test_text_is_found_whatever_the_labels_say(body: bytes, label: str | None, text: str, encoding: str) -> None:
    decoded = decode(body, label)

    assert (decoded.text, decoded.encoding, decoded.errors) == (text, encoding, 0)


def test_few_broken_bytes_are_replaced_and_counted() -> None:
    document = read(UKRAINIAN.encode() + b"\xff ... \xfe end", content_type="text/plain")

    assert document.page.text == UKRAINIAN + "\ufffd ... \ufffd end"
    assert (document.encoding, document.decode_errors) == ("utf-8", 2)


def test_text_is_cleaned() -> None:
    document = read(b"A\r\nb\rc\x0cd \x00\x07e \xc2\x85 f\xef\xbb\xbf" + b"." * 200)

    assert document.page.text == "A\nb\nc\nd e \n f" + "." * 200


@pytest.mark.parametrize(
    ("body", "headers", "reason"),
    [
        (b"", {}, "empty_body"),
        (b" \r\n\t ", {}, "empty_body"),
        (b"\xef\xbb\xbf", {}, "empty_body"),
        (envelope(body=""), {}, "empty_body"),
        (envelope(body_base64=""), {}, "empty_body"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 100, {}, "binary_body"),
        (b"%PDF-1.7 text", {"content_type": "text/html"}, "binary_body"),
        (gzip.compress(b"x"), {}, "binary_body"),
        (bytes(range(256)), {}, "binary_body"),
        (b"\x00" * 64, {}, "binary_body"),
        (envelope(body_base64=base64.b64encode(b"\x7fELF" + b"\x00" * 20).decode()), {}, "binary_body"),
        (bytes(range(128, 256)) * 20, {}, "undecodable_text"),
        (b"not gzip", {"content_encoding": "gzip"}, "undecodable_text"),
        (gzip.compress(b"x" * 1000)[:-12], {"content_encoding": "gzip"}, "undecodable_text"),
        (b"not zstd", {"content_encoding": "zstd"}, "undecodable_text"),
        (zstandard.compress(bytes(range(256)) * 3_000)[:-20], {"content_encoding": "zstd"}, "undecodable_text"),
        (b"x", {"content_encoding": "br"}, "unsupported_encoding"),
        (b"x", {"content_encoding": "gzip, gzip"}, "unsupported_encoding"),
        (b"x" * (DECODED_LIMIT + 1), {}, "too_large"),
        (gzip.compress(b"x" * (DECODED_LIMIT + 1)), {"content_encoding": "gzip"}, "too_large"),
        (zlib.compress(b"x"), {"content_encoding": "gzip"}, "undecodable_text"),
        (zstandard.compress(b"x" * (DECODED_LIMIT + 1)), {"content_encoding": "zstd"}, "too_large"),
        (b"x", {"content_type": "image/png"}, "unsupported_type"),
        (b"x", {"content_type": "application/feed+json"}, "unsupported_type"),
        (envelope(body="{}", content_type="application/json"), {}, "unsupported_type"),
        (b'{"body": "x"', {}, "invalid_json"),
        (b'{"body": NaN}', {}, "invalid_json"),
        (b'{"body": "\\ud800"}', {}, "invalid_json"),
        (b'{"body": "\xff"}', {"content_type": "application/json"}, "invalid_json"),
        (b'{"body":' + b"[" * 100_000, {}, "invalid_json"),
        (b"[" * 100_000, {"content_type": "application/json"}, "invalid_json"),
        (b"<p>x", {"content_type": "application/json"}, "invalid_json"),
        (b"[]", {"content_type": "application/json"}, "invalid_envelope"),
        (b'"x"', {"content_type": "application/json"}, "invalid_envelope"),
        (b"{}", {}, "invalid_envelope"),
        (envelope(body="x", body_base64="eA=="), {}, "invalid_envelope"),
        (envelope(body=7), {}, "invalid_envelope"),
        (envelope(body="x", fetched_at="yesterday"), {}, "invalid_envelope"),
        (envelope(body="x", headline="h" * 3_000), {}, "invalid_envelope"),
        (envelope(body_base64="=="), {}, "invalid_envelope"),
        (envelope(body_base64="ä"), {}, "invalid_envelope"),
    ],
)  # fmt: skip
def test_bad_body_is_poison_with_its_reason(body: bytes, headers: dict[str, str], reason: str) -> None:
    with pytest.raises(Poison) as poison:
        read(body, **headers)

    assert poison.value.reason == reason
    assert poison.value.detail


def test_base64_that_would_decode_to_too_much_is_refused_unread() -> None:
    with pytest.raises(Poison, match="too_large"):
        read(envelope(body_base64="A" * (DECODED_LIMIT * 4 // 3 + 8)), content_encoding="identity")


@pytest.mark.parametrize(("name", "compress"), [("gzip", gzip.compress), ("zstd", zstandard.compress)])
def test_compressed_bodies_are_read(name: str, compress: Callable[[bytes], bytes]) -> None:
    body = compress(UKRAINIAN.encode())
    document = read(body, content_encoding=name)

    assert document.page.text == UKRAINIAN
    assert document.size == len(body)


@pytest.mark.parametrize(
    ("headers", "url", "fetched"),
    [
        ({"newswire_url": "https://a.example/x"}, "https://a.example/x", None),
        ({"newswire_url": "ftp://a.example/x"}, None, None),
        ({"newswire_fetched_at": "2026-03-01T11:00:00Z"}, None, datetime(2026, 3, 1, 11, tzinfo=UTC)),
        ({"newswire_fetched_at": "2026-03-01T11:00:00"}, None, None),
        ({"newswire_fetched_at": "9999-12-31T23:59:59Z"}, None, None),
        ({"newswire_fetched_at": "now"}, None, None),
    ],
)
def test_headers_say_where_and_when(headers: dict[str, str], url: str | None, fetched: datetime | None) -> None:
    page = read(b"x", **headers).page

    assert (page.url, page.fetched_at) == (url, fetched)


def test_envelope_says_more_than_headers() -> None:
    page = read(envelope(body="x", url="https://b.example/y"), newswire_url="https://a.example/x").page

    assert page.url == "https://b.example/y"
    assert page.declared is not None
