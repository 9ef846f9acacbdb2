"""What a record of an archive says. Pure."""

import re
import zlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Final

from warcio.archiveiterator import WARCIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParserException

from services.fetch.archive.members import LARGEST
from services.fetch.archive.records import SOURCE, digest
from services.fetch.core import ANSWERED, PASSED_ON, RENDERED, Fetched
from shared.contracts import Archived
from shared.url import web_url

DECODED: Final = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
"""Codings that warcio undoes within bounds. Archives of ours, and of Common Crawl, hold bodies without any."""
_STATUS: Final = re.compile(r"[1-5][0-9]{2}")
_DIGEST: Final = re.compile(r"sha256:([0-9a-f]{64})")


class UnreadableError(Exception):
    """The record cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in an archive. `source`: for which it was fetched; empty where the archive does not say."""

    fetched: Fetched
    source: str


def answer_of(record: bytes, file: str) -> Answer | None:
    """The HTTP answer in a record of `file`; None when the record holds something else.

    Raises:
        UnreadableError: it is broken, or its date is none.
    """
    try:
        found = next(WARCIterator(BytesIO(record)))
        return _answer(found, file) if found.rec_type == "response" else None
    except UnreadableError:
        raise
    except (ArchiveLoadFailed, StatusAndHeadersParserException, StopIteration, EOFError) as error:
        raise UnreadableError(f"not a readable record: {_line(error)}") from error
    except (ValueError, AttributeError, KeyError, IndexError, zlib.error) as error:  # warcio trusts what it reads
        raise UnreadableError(f"not a readable record: {type(error).__name__}: {_line(error)}") from error


def _answer(found: ArcWarcRecord, file: str) -> Answer | None:
    given, http = found.rec_headers, found.http_headers
    url = given.get_header("WARC-Target-URI") or ""
    if http is None:
        if url.startswith(("http:", "https:")):
            raise UnreadableError("an HTTP answer without a head")
        return None
    record_id = (given.get_header("WARC-Record-ID") or "").strip("<>")[:200]
    body = _body(found, http)
    _compare(given.get_header("WARC-Payload-Digest") or "", body)
    status = http.get_statuscode()
    if not _STATUS.fullmatch(status):
        raise UnreadableError(f"an HTTP answer with the status {status[:20]!r}")
    fetched = Fetched(_url(url), int(status), _headers(http), body, date_of(given.get_header("WARC-Date") or ""))
    rendered = (given.get_header(RENDERED) or "")[:200] or None
    archived = Archived(file=file[:200], record_id=record_id, sha256=digest(body))
    return Answer(replace(fetched, archived=archived, rendered=rendered), (given.get_header(SOURCE) or "")[:200])


def _url(text: str) -> str:
    """The address; nothing is asked of it, so that any port will do."""
    if (found := web_url(text)) is None:
        raise UnreadableError(f"{text[:80]!a} is no address of the web")
    return found


def _body(found: ArcWarcRecord, http: StatusAndHeaders) -> bytes:
    coding = (http.get_header("Content-Encoding") or "").strip().lower()
    if coding not in DECODED:
        raise UnreadableError(f"its body is encoded as {coding[:40]!r}")
    body = found.content_stream().read(LARGEST + 1)
    if len(body) > LARGEST:
        raise UnreadableError(f"more than {LARGEST:,} bytes when decoded")
    return body


def _compare(stated: str, body: bytes) -> None:
    """Others' digests are of bodies with their encodings, or of none; ours are told by their algorithm."""
    ours = _DIGEST.fullmatch(stated)
    if ours and ours[1] != digest(body):
        raise UnreadableError("its body is not what its digest says: the file was changed or damaged")


def _headers(http: StatusAndHeaders) -> dict[str, str]:
    found: dict[str, str] = {}
    wanted = {name.lower(): name for name in (*PASSED_ON, *ANSWERED)}
    for name, value in http.headers:
        if known := wanted.get(name.lower()):
            found[known] = f"{found[known]}, {value}" if known in found else value
    return found


def date_of(text: str) -> datetime:
    """A WARC-Date: UTC, to the second or finer (WARC 1.1, 5.4).

    Raises:
        UnreadableError: it is none.
    """
    try:
        found = datetime.fromisoformat(text.strip()[:40])
    except ValueError as error:
        raise UnreadableError(f"{text[:40]!r} is no WARC-Date") from error
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _line(error: BaseException) -> str:
    return ascii(" ".join(str(error).split()))[1:-1][:150]
