"""From a raw message to a document that a reader understands. Pure."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.parse.clean import clean_text
from services.parse.findings import SIGNALS, Page
from services.parse.raw.charset import Decoded, decode, wide_encoding
from services.parse.raw.sniff import DEFAULT_TYPES, FORMS, ContentType, Kind, form_of, is_binary
from services.parse.times.window import believable
from shared.contracts import RawEnvelope
from shared.envelope import read_envelope
from shared.errors import Poison
from shared.inflate import DECODED_LIMIT, inflate
from shared.url import web_url


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A decoded raw message. `sha256` and `size` (bytes) are of the body as it was published.

    `decode_errors`: characters that had to be replaced by U+FFFD.
    """

    kind: Kind
    page: Page
    content_type: str
    sha256: str
    size: int
    encoding: str
    decode_errors: int = 0


@dataclass(frozen=True, slots=True)
class _Content:
    """A body out of its wrapping: what is decoded, its declared type, and the envelope it came in."""

    decoded: Decoded
    declared_type: ContentType
    envelope: RawEnvelope | None = None


def read_raw(body: bytes, headers: Mapping[str, str], source: str, observed_at: datetime) -> RawDocument:
    """The document in a raw message: a page, a text, a feed entry, or one of these in our envelope.

    `headers` have lower-case names; `content-type`, `content-encoding`, `newswire-url` and `newswire-fetched-at` count,
    and SIGNALS.

    Raises:
        Poison: the body is empty, binary, too large, of an unknown type or encoding, or broken JSON.
    """
    plain = inflate(body, headers.get("content-encoding", ""))
    content = _content(plain, ContentType.parse(headers.get("content-type")))
    text = clean_text(content.decoded.text)
    kind = _kind(content, text)
    return RawDocument(
        kind=kind,
        page=_page(text, headers, content.envelope, source, observed_at),
        content_type=content.declared_type.name or DEFAULT_TYPES["envelope" if kind == "withdrawn" else kind],
        sha256=hashlib.sha256(body).hexdigest(),
        size=len(body),
        encoding=content.decoded.encoding,
        decode_errors=content.decoded.errors,
    )


def _kind(content: _Content, text: str) -> Kind:
    envelope = content.envelope
    if envelope and envelope.status != "usable" and not text:
        return "withdrawn"
    if not text.strip():
        raise Poison("empty_body", "there is nothing in it")
    form = form_of(content.declared_type.name, text)
    if form == "envelope":
        raise Poison("unsupported_type", "an envelope inside an envelope")
    return form


def _content(body: bytes, declared: ContentType) -> _Content:
    if not body.strip():
        raise Poison("empty_body", "there is nothing in it")
    if FORMS.get(declared.name) == "envelope":
        return _unwrapped(body)
    content = _plain(body, declared)
    return _unwrapped(body) if form_of(declared.name, content.decoded.text) == "envelope" else content


def _plain(body: bytes, declared: ContentType, envelope: RawEnvelope | None = None) -> _Content:
    if is_binary(body) and not _is_wide(body):
        raise Poison("binary_body", f"neither text nor markup; it begins with {body[:8].hex(' ')}")
    return _Content(decode(body, declared.charset), declared, envelope)


def _is_wide(body: bytes) -> bool:
    return body.startswith((b"\xff\xfe", b"\xfe\xff")) or wide_encoding(body) is not None


def _unwrapped(body: bytes) -> _Content:
    envelope = read_envelope(body)
    inner = ContentType.parse(envelope.content_type)
    if envelope.body is not None or envelope.body_base64 is None:
        return _Content(Decoded(envelope.body or "", "utf-8", 0), inner, envelope)
    return _plain(_unbase64(envelope.body_base64 or ""), inner, envelope)


def _unbase64(text: str) -> bytes:
    if len(text) > DECODED_LIMIT * 4 // 3 + 4:
        raise Poison("too_large", f"more than {DECODED_LIMIT} bytes when decoded")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Poison("invalid_envelope", f"body_base64: {error}") from error


def _page(
    text: str, headers: Mapping[str, str], envelope: RawEnvelope | None, source: str, observed_at: datetime
) -> Page:
    url = (envelope.url if envelope else None) or headers.get("newswire-url")
    fetched_at = (envelope.fetched_at if envelope else None) or _moment(headers.get("newswire-fetched-at"))
    known = fetched_at if fetched_at and believable(fetched_at, observed_at) else None
    signals = {name: headers[name] for name in SIGNALS if name in headers}
    return Page(text, source, observed_at, web_url(url), known, envelope, signals)


def _moment(text: str | None) -> datetime | None:
    """A time with its zone as ISO 8601; anything else is None."""
    try:
        moment = datetime.fromisoformat(text.strip()) if text else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
