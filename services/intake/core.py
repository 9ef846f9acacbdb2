"""From a request to raw articles. Pure.

What is passed on is listed here; whatever else a publisher states (`Nats-*`, `Newswire-Origin`, `ce-*`) stays outside.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple, cast

from services.intake.problems import KINDS, Name, Problem
from shared.envelope import read_envelope
from shared.errors import Poison
from shared.inflate import inflate
from shared.url import web_url

ENVELOPE: Final = "application/vnd.newswire.raw+json"
ENVELOPES: Final = frozenset({"application/json", ENVELOPE})
LINES: Final = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl"})
DOCUMENTS: Final = frozenset(
    {
        "", "application/atom+xml", "application/octet-stream", "application/rss+xml", "application/xhtml+xml",
        "application/xml", "text/html", "text/plain", "text/xml",
    }
)  # fmt: skip
"""Types of bodies that are articles as they are; those that do not say what it is have it looked at."""
FORM: Final = "application/x-www-form-urlencoded"
URL: Final = "Newswire-Url"
PASSED_ON: Final = ("Newswire-Fetched-At", "TDM-Policy", "TDM-Reservation", "X-Robots-Tag", "traceparent")
"""What a publisher may state of an article besides its type, encoding and address."""
LONGEST_HEADER: Final = 2_000
MOST_LINES: Final = 1_000
MOST_BREAKS: Final = 10_000
"""Of lines, empty ones too."""
SHOWN: Final = 20
"""Wrong lines that are named."""


class Article(NamedTuple):
    """A raw article as it is to be published."""

    body: bytes
    content_type: str | None
    url: str | None
    headers: Mapping[str, str]


def type_of(content_type: str) -> str:
    """The type without its parameters.

    Raises:
        Problem: `unsupported_type`.
    """
    essence = content_type.partition(";")[0].strip().lower()
    if essence in DOCUMENTS or essence in ENVELOPES or essence in LINES:
        return essence
    hint = "; curl says so unless told otherwise: add -H 'Content-Type: text/html'" if essence == FORM else ""
    listed = ", ".join(sorted(each for each in DOCUMENTS | ENVELOPES | LINES if each))
    raise Problem("unsupported_type", f"{essence[:80]!r}{hint}. What is read: {listed}")


def decoded(body: bytes, encoding: str, limit: int) -> bytes:
    """`body` without its Content-Encoding, at most `limit` bytes.

    Raises:
        Problem: `unsupported_encoding`, `undecodable_text`, `too_large`, `empty_body`.
    """
    try:
        plain = inflate(body, encoding, limit)
    except Poison as poison:
        raise problem_of(poison) from poison
    if not plain.strip():
        raise Problem("empty_body", "the body is empty")
    return plain


def problem_of(poison: Poison) -> Problem:
    """What can never be processed, as the answer to its request."""
    name = cast("Name", poison.reason) if poison.reason in KINDS else "bad_request"
    return Problem(name, poison.detail)


def articles(headers: Mapping[str, str], body: bytes, largest: int) -> list[Article]:
    """The articles of a request: one, or one a line.

    Args:
        headers: the request's, by any case.
        body: decoded.
        largest: bytes of one article.

    Raises:
        Problem: `unsupported_type`, `too_large`, `invalid_url`, `invalid_json`, `invalid_envelope`, `invalid_lines`,
            `too_many_lines`.
    """
    content_type = headers.get("Content-Type", "")
    essence, stated = type_of(content_type), passed_on(headers)
    if essence in LINES:
        return [Article(line, ENVELOPE, None, stated) for line in _lines(body, largest)]
    if len(body) > largest:
        raise Problem("too_large", f"an article may have {largest:,} bytes; this one has {len(body):,}")
    if essence in ENVELOPES:
        _check(body)
        return [Article(body, ENVELOPE, None, stated)]
    return [Article(body, content_type[:LONGEST_HEADER] or None, _address(headers.get(URL, "")), stated)]


def passed_on(headers: Mapping[str, str]) -> dict[str, str]:
    """What of a request's headers goes with the article."""
    return {name: headers[name][:LONGEST_HEADER] for name in PASSED_ON if headers.get(name)}


def _address(stated: str) -> str | None:
    if not stated:
        return None
    if (url := web_url(stated)) is None:
        raise Problem("invalid_url", f"{URL} is {stated[:200]!r}; it takes an address with http:// or https://")
    return url


def _check(envelope: bytes) -> None:
    try:
        read_envelope(envelope)
    except Poison as poison:
        raise problem_of(poison) from poison


def _lines(body: bytes, largest: int) -> list[bytes]:
    if body.count(b"\n") > MOST_BREAKS:
        raise Problem("too_many_lines", f"a request may have {MOST_LINES:,} lines")
    numbered = [(number, line) for number, line in enumerate(body.split(b"\n"), 1) if line.strip()]
    if len(numbered) > MOST_LINES:
        raise Problem("too_many_lines", f"a request may have {MOST_LINES:,} lines; this one has {len(numbered):,}")
    wrong = [{"line": number, "detail": why} for number, line in numbered if (why := _wrong(line, largest)) is not None]
    if wrong:
        detail = f"{len(wrong)} of {len(numbered)} lines; the first is line {wrong[0]['line']}: {wrong[0]['detail']}"
        raise Problem("invalid_lines", detail, more={"errors": wrong[:SHOWN]})
    return [line for _, line in numbered]


def _wrong(line: bytes, largest: int) -> str | None:
    if len(line) > largest:
        return f"an article may have {largest:,} bytes"
    try:
        _check(line)
    except Problem as problem:
        return f"{problem.name}: {problem.detail}"[:300]
    return None
