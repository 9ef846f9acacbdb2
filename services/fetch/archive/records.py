"""The bytes of an archive's records. Pure."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Final
from urllib.parse import quote

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from services.fetch.core import RENDERED

VERSION: Final = "WARC/1.1"
SOURCE: Final = "Newswire-Source"
"""The field of a record that names the source for which it was fetched: readers ignore fields they do not know."""
INFO_FIELDS: Final[Mapping[str, str]] = {
    "format": "WARC File Format 1.1",
    "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
}
_PRINTABLE: Final = bytes(range(0x20, 0x7F)).decode()
_AS_SENT: Final = {
    "content-encoding": "X-Crawler-Content-Encoding",
    "content-length": "X-Crawler-Content-Length",
    "transfer-encoding": "X-Crawler-Transfer-Encoding",
}
"""Headers that are not true of a decoded body, and what Common Crawl's archives call them."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """An answer to keep. `headers`: all that came, in their order. `body`: decoded; `cut`: it is only the beginning.

    `at`: when it was complete, in UTC. `source`: for which it was fetched; empty when it was for none. `rendered`: the
    browser whose document the body is; empty when it is what the server sent.
    """

    url: str
    status: int
    reason: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    at: datetime
    source: str = ""
    cut: bool = False
    rendered: str = ""


def response(exchange: Exchange, record_id: str) -> bytes:
    """A record of the answer. `record_id`: `urn:uuid:...`."""
    stated = {
        "WARC-Record-ID": f"<{record_id}>",
        "WARC-Date": warc_date(exchange.at),
        "WARC-Payload-Digest": f"sha256:{digest(exchange.body)}",
    }
    if exchange.source:
        stated[SOURCE] = exchange.source
    if exchange.rendered:
        stated[RENDERED] = exchange.rendered
    if exchange.cut:
        stated["WARC-Truncated"] = "length"
    return _written(lambda writer: writer.create_warc_record(
        exchange.url, "response", BytesIO(exchange.body), len(exchange.body),
        warc_headers_dict=stated, http_headers=_http(exchange),
    ))  # fmt: skip


def warcinfo(filename: str, software: str) -> bytes:
    """The record with which a file begins."""
    return _written(lambda writer: writer.create_warcinfo_record(filename, {"software": software, **INFO_FIELDS}))


def _http(exchange: Exchange) -> StatusAndHeaders:
    named = [(ascii_of(_AS_SENT.get(name.lower(), name)), ascii_of(value)) for name, value in exchange.headers]
    named.append(("Content-Length", str(len(exchange.body))))
    return StatusAndHeaders(f"{exchange.status} {ascii_of(exchange.reason)}".strip(), named, protocol="HTTP/1.1")


def ascii_of(text: str) -> str:
    """What stood in a head, percent-encoded where it is not printable ASCII: nothing else can be written in one."""
    return quote(text.encode("latin-1", "replace"), safe=_PRINTABLE)


def _written(made: Callable[[WARCWriter], ArcWarcRecord]) -> bytes:
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version=VERSION)
    writer.write_record(made(writer))
    return out.getvalue()


def digest(body: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(body).hexdigest()


def warc_date(at: datetime) -> str:
    """A moment as WARC 1.1 writes it, to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
