"""What an HTTP answer means, and the raw message it becomes. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple
from urllib.parse import quote

import zstandard

from shared.contracts import Archived, FetchJob
from shared.errors import Outcome, Poison, Skip, Transient

ARCHIVED: Final = "Newswire-Archived"
"""The header that carries an Archived, as JSON."""
RENDERED: Final = "Newswire-Rendered"
"""The header, and the field of an archive's record, that names the browser whose document the body is."""
UNRENDERED: Final = "Newswire-Unrendered"
"""The header that names why the page was not rendered whose feed's words the body is."""
SUCCESS, NOT_MODIFIED = frozenset({200, 203}), 304
COMPRESS_ABOVE: Final = 32 * 1024
"""Bytes of body above which it travels compressed."""
MAX_HEADER: Final = 1_000
"""Characters of a header value that is passed on."""
MAX_RETRY_AFTER: Final = 3_600.0
"""Seconds a server may ask us to wait; jobs themselves live for some hours only."""

PASSED_ON: Final = (
    "Content-Language", "Content-Type", "ETag", "Last-Modified", "TDM-Policy", "TDM-Reservation", "X-Robots-Tag",
)  # fmt: skip
"""Headers of the answer that say something of the article or its rights."""
ANSWERED: Final = (
    "Age", "Cache-Control", "Cf-Mitigated", "Link", "Retry-After", "X-Amzn-Waf-Action",
)  # fmt: skip
"""Headers that say when to ask again, who tells of what is new, or who answered in the site's place."""

TEXT_TYPES: Final = frozenset(
    {
        "application/atom+xml", "application/feed+json", "application/json", "application/ld+json",
        "application/rdf+xml", "application/rss+xml", "application/xhtml+xml", "application/xml",
        "text/html", "text/plain", "text/xml",
    }
)  # fmt: skip
ENCODINGS: Final = frozenset({"br", "deflate", "gzip", "identity", "zstd"})

_TRY_LATER: Final = frozenset({408, 425})  # RFC 9110, 8470: the same request may work
_SNIFFED: Final = 1_445  # bytes looked at: https://mimesniff.spec.whatwg.org/#reading-the-resource-header
_BINARY_BYTES: Final = bytes({*range(0x20)} - {0x09, 0x0A, 0x0C, 0x0D, 0x1B})  # same page, "binary data byte"
_WIDE_BOMS: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_TEXTLIKE_MAGIC: Final = (b"%PDF-", b"%!PS-")
_ZSTD: Final = zstandard.ZstdCompressor()
"""Made once: that costs as much as a page does. One thread may use it at a time, and fetch has one."""
_VALIDATOR: Final = re.compile(rf"[ -~]{{1,{MAX_HEADER}}}")
_PRINTABLE: Final = bytes(range(0x20, 0x7F)).decode()


@dataclass(frozen=True, slots=True)
class Fetched:
    """An HTTP answer.

    `url` is the final one, encoded. `headers`: those of PASSED_ON and ANSWERED that the answer had, by these names.
    `body`: decoded bytes. `fetched_at`: when the body was complete, in UTC. `redirects`: how many were followed.
    `moved_to`: the last address of those that the first redirects lead to for good. `archived`: where it is kept.
    `leads_to`: it is a redirect that was not followed.
    `rendered`: the browser of whose making the body is; all else is the server's own.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime
    redirects: int = 0
    moved_to: str | None = None
    archived: Archived | None = None
    leads_to: "Lead | None" = None
    rendered: str | None = None


class Lead(NamedTuple):
    """Where a redirect leads; `for_good`: it says that this stays so."""

    url: str
    for_good: bool


class RawMessage(NamedTuple):
    """Body and headers for `news.raw.<source>`. Header values are printable ASCII."""

    body: bytes
    headers: dict[str, str]


def raw_message(job: FetchJob, page: Fetched) -> RawMessage:
    """The raw message for `page`: the body as it came, compressed if large, with what is known about it.

    What is not ASCII in a header's value is percent-encoded: NATS clients disagree on anything else.
    """
    headers = {name: header_value(page.headers[name]) for name in PASSED_ON if name in page.headers}
    headers["Newswire-Url"] = page.url
    headers["Newswire-Fetched-At"] = page.fetched_at.astimezone(UTC).isoformat(timespec="milliseconds")
    headers["Newswire-Http-Status"] = str(page.status)
    if page.redirects:
        headers["Newswire-Requested-Url"] = header_value(job.url)
    headers |= provenance(page)
    return compressed(page.body, headers)


def provenance(page: Fetched) -> dict[str, str]:
    """Where in the archive the answer is, and what rendered it, as headers; those that apply."""
    archived = {ARCHIVED: page.archived.model_dump_json()} if page.archived else {}
    return archived | ({RENDERED: header_value(page.rendered)} if page.rendered else {})


def compressed(body: bytes, headers: dict[str, str]) -> RawMessage:
    """A raw message of these, compressed if its body is large."""
    if len(body) <= COMPRESS_ABOVE:
        return RawMessage(body, headers)
    return RawMessage(_ZSTD.compress(body), {**headers, "Content-Encoding": "zstd"})


def header_value(text: str) -> str:
    """`text` as printable ASCII, at most MAX_HEADER characters."""
    return quote(text, safe=_PRINTABLE, errors="replace")[:MAX_HEADER].strip()


def validators(headers: Mapping[str, str]) -> tuple[str | None, str | None]:
    """ETag and Last-Modified, to ask with the next time; what is no short line of ASCII cannot be kept, or sent."""
    given = (headers.get(name, "") for name in ("ETag", "Last-Modified"))
    etag, modified = (each if _VALIDATOR.fullmatch(each) else None for each in given)
    return etag, modified


def refusal(status: int, headers: Mapping[str, str], now: datetime, where: str) -> Outcome | None:
    """What an answer other than a page means for its job; None for a page.

    Args:
        status: the HTTP status.
        headers: the answer's headers, by any case.
        now: to count a `Retry-After` date from.
        where: the URL, for the detail.
    """
    detail = f"{where}: HTTP {status}"
    if status in SUCCESS:
        return None
    if status == 304:  # noqa: PLR2004 - the one status that says so
        return Skip("not_modified", detail, url=where)
    wait = retry_after(headers.get("Retry-After", ""), now)
    if status == 429:  # noqa: PLR2004 - same
        return Transient("rate_limited", detail, wait)
    if status in _TRY_LATER or 500 <= status <= 599:  # noqa: PLR2004 - the class of server errors
        return Transient("server_error", detail, wait)
    return Poison("http_error", detail)


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds that a `Retry-After` (RFC 9110, 10.2.3: seconds or a date) asks for, 0 to MAX_RETRY_AFTER.

    None if there is none or it cannot be read.
    """
    text = value.strip()[:100]
    if text.isascii() and text.isdigit():
        return min(float(text), MAX_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return min(max((aware - now).total_seconds(), 0.0), MAX_RETRY_AFTER)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def check_type(content_type: str, where: str) -> None:
    """Pass if `content_type` is text that some parser reads, or is not said.

    Raises:
        Poison: `unsupported_type`.
    """
    essence = content_type.partition(";")[0].strip().lower()
    if essence and essence not in TEXT_TYPES:
        raise Poison("unsupported_type", f"{where}: {header_value(essence)[:100]}")


def check_encoding(content_encoding: str, where: str) -> None:
    """Pass if the client decodes `content_encoding`: at most one coding, of ENCODINGS.

    Raises:
        Poison: `unsupported_encoding`.
    """
    codings = [each.strip().lower() for each in content_encoding.split(",")]
    if len(codings) > 1 or codings[0] not in {"", *ENCODINGS}:
        raise Poison("unsupported_encoding", f"{where}: Content-Encoding {header_value(content_encoding)[:100]}")


def check_body(body: bytes, content_type: str, where: str) -> None:
    """Pass if `body` looks like text, whatever its type claims.

    Raises:
        Poison: `empty_body`, `binary_body`.
    """
    if not body:
        raise Poison("empty_body", f"{where}: the answer has no body")
    if _is_binary(body[:_SNIFFED], content_type.lower()):
        raise Poison(
            "binary_body", f"{where}: said to be {header_value(content_type)[:100] or 'nothing'}, begins {body[:8]!r}"
        )


def _is_binary(start: bytes, content_type: str) -> bool:
    if start.startswith(_TEXTLIKE_MAGIC):
        return True
    if start.startswith(_WIDE_BOMS) or "charset=utf-16" in content_type.replace('"', "").replace(" ", ""):
        return False
    return start.translate(None, _BINARY_BYTES) != start


def too_slow(received: int, seconds: float, rate: float, grace: float) -> bool:
    """Whether `received` bytes in `seconds` are fewer than `rate` bytes a second, once `grace` seconds are over."""
    return seconds > grace and received < rate * seconds
