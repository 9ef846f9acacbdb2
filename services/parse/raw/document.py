"""From a raw message to a document that a reader understands. Pure."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from pydantic_core import from_json

from services.parse.clean import clean_text
from services.parse.findings import Page
from services.parse.raw.charset import Decoded, decode, wide_encoding
from services.parse.raw.inflate import DECODED_LIMIT, inflate
from services.parse.raw.sniff import DEFAULT_TYPES, FORMS, ContentType, Kind, form_of, is_binary
from services.parse.times.window import believable
from services.parse.url import web_url
from shared.contracts import RawEnvelope
from shared.errors import Poison


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

    `headers` have lower-case names; `content-type`, `content-encoding`, `newswire-url` and `newswire-fetched-at` count.

    Raises:
        Poison: the body is empty, binary, too large, of an unknown type or encoding, or broken JSON.
    """
    plain = inflate(body, headers.get("content-encoding", ""))
    content = _content(plain, ContentType.parse(headers.get("content-type")))
    text = clean_text(content.decoded.text)
    if not text.strip():
        raise Poison("empty_body", "there is nothing in it")
    form = form_of(content.declared_type.name, text)
    if form == "envelope":
        raise Poison("unsupported_type", "an envelope inside an envelope")
    return RawDocument(
        kind=form,
        page=_page(text, headers, content.envelope, source, observed_at),
        content_type=content.declared_type.name or DEFAULT_TYPES[form],
        sha256=hashlib.sha256(body).hexdigest(),
        size=len(body),
        encoding=content.decoded.encoding,
        decode_errors=content.decoded.errors,
    )


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
    if envelope.body is not None:
        return _Content(Decoded(envelope.body, "utf-8", 0), inner, envelope)
    return _plain(_unbase64(envelope.body_base64 or ""), inner, envelope)


def read_envelope(body: bytes) -> RawEnvelope:
    """The envelope in `body`.

    Raises:
        Poison: `invalid_json` (also for NaN, lone surrogates and deep nesting) or `invalid_envelope`.
    """
    try:
        document = from_json(body.removeprefix(b"\xef\xbb\xbf"), allow_inf_nan=False)
    except ValueError as error:
        raise Poison("invalid_json", str(error)[:200]) from error
    try:
        envelope = RawEnvelope.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the document"
        raise Poison("invalid_envelope", f"{place}: {first['msg']}") from error
    if (envelope.body is None) == (envelope.body_base64 is None):
        raise Poison("invalid_envelope", "an envelope has either `body` or `body_base64`")
    return envelope


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
    return Page(text, source, observed_at, web_url(url), known, envelope)


def _moment(text: str | None) -> datetime | None:
    """A time with its zone as ISO 8601; anything else is None."""
    try:
        moment = datetime.fromisoformat(text.strip()) if text else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
