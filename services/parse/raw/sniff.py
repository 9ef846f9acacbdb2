"""What a body is, by its content type or, where none is given, by looking at it."""

import re
from email.message import Message
from typing import Final, Literal, NamedTuple

from shared.errors import Poison

Kind = Literal["html", "text", "feed_entry", "withdrawn"]
"""withdrawn: no document at all, but the word that there is one no more."""
Form = Literal["html", "text", "feed_entry", "envelope"]

FORMS: Final[dict[str, Form | None]] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
    "application/json": "envelope",
    "application/vnd.newswire.raw+json": "envelope",
    "application/rss+xml": "feed_entry",
    "application/atom+xml": "feed_entry",
    "application/xml": None,
    "text/xml": None,
    "application/octet-stream": None,
    "": None,
}
"""What each content type holds. None: it does not say, so look."""

DEFAULT_TYPES: Final[dict[Form, str]] = {
    "html": "text/html",
    "text": "text/plain",
    "feed_entry": "application/xml",
    "envelope": "application/json",
}

MAGIC: Final = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x7fELF",
    b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"OggS", b"ID3\x03", b"ID3\x04", b"fLaC", b"RIFF", b"wOFF", b"wOF2",
    b"\xd0\xcf\x11\xe0",
)  # fmt: skip
"""First bytes of images, archives, documents, sound and programs."""
CONTROL_SHARE: Final = 0.05
"""Control bytes in a body; above, it is no text."""
_NOT_TEXT: Final = bytes(sorted({*range(32), 127} - {*b"\t\n\r\f\v\x1b"}))
_FEED: Final = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^>]{0,2000}-->\s*)*<(?:\w+:)?(?:item|entry|rss|feed|rdf:RDF)\b",
    re.IGNORECASE,
)
_MARKUP: Final = re.compile(r"\s*<(?:!doctype\s+html|!--|\?xml|[a-z][a-z0-9]*[\s/>])", re.IGNORECASE)
_OBJECT: Final = re.compile(r'\s*\{\s*(?:"|\})')
_INNER_MARKUP: Final = re.compile(r"<(?:html|body|article|div|p)\b[^>]{0,500}>", re.IGNORECASE)
_SNIFFED: Final = 2_048


class ContentType(NamedTuple):
    """A Content-Type header: the type in lower case, "" when there is none, and its charset."""

    name: str
    charset: str | None

    @classmethod
    def parse(cls, header: str | None) -> "ContentType":
        """Read a header as RFC 9110 writes it; nonsense gives no type."""
        if not header or not header.isascii():
            return cls("", None)
        message = Message()
        message["content-type"] = " ".join(header.split())
        charset = message.get_param("charset")
        return cls(header.partition(";")[0].strip().lower(), charset if isinstance(charset, str) else None)


def is_binary(body: bytes) -> bool:
    """An image, an archive, a program: neither text nor markup."""
    if body.startswith(MAGIC):
        return True
    return len(body) - len(body.translate(None, _NOT_TEXT)) > CONTROL_SHARE * len(body)


def form_of(name: str, text: str) -> Form:
    """What a body of content type `name` is; `text` is looked at where the type does not say.

    Raises:
        Poison: `unsupported_type`.
    """
    if name not in FORMS:
        raise Poison(
            "unsupported_type", f"content type {name[:80]!r}; send text/html, text/plain, JSON or a feed entry"
        )
    return FORMS[name] or look(text)


def look(text: str) -> Form:
    """What a body without a telling content type is."""
    start = text[:_SNIFFED]
    if _OBJECT.match(start):
        return "envelope"
    if _FEED.match(start):
        return "feed_entry"
    return "html" if _MARKUP.match(start) or _INNER_MARKUP.search(start) else "text"
