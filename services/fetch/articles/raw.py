"""The raw message of an article: its page, or what its feed says, with the feed's own words beside it as evidence."""

from base64 import b64encode
from html import escape
from typing import Final

from services.fetch.articles.known import Known
from services.fetch.core import UNRENDERED, Fetched, RawMessage, compressed, header_value, provenance
from services.fetch.feeds.entry import LINE, Entry, plain
from services.fetch.feeds.read import charset_of
from shared.contracts import RawEnvelope

ARTICLE: Final = "Newswire-Article"
"""Names the version of an article, so that what was published before a crash is found again in the stream."""
_ENVELOPE: Final = "application/vnd.newswire.raw+json"
_RIGHTS: Final = ("TDM-Policy", "TDM-Reservation", "X-Robots-Tag")


def page_message(entry: Entry, page: Fetched, identity: str) -> RawMessage:
    """The page of an article, in an envelope with what its entry says."""
    content_type = page.headers.get("Content-Type", "")
    text = _text(page.body, content_type)
    envelope = RawEnvelope(
        body=text,
        body_base64=None if text is not None else _base64(page.body),
        content_type=(content_type if text is None else content_type.partition(";")[0])[:LINE] or None,
        url=page.url,
        fetched_at=page.fetched_at,
    ).model_copy(update=_declared(entry))
    headers = {name: header_value(page.headers[name]) for name in (*_RIGHTS, "ETag") if name in page.headers}
    headers["Newswire-Http-Status"] = str(page.status)
    return _message(envelope, {ARTICLE: identity, **headers, **provenance(page)})


def entry_message(entry: Entry, identity: str, fetched: Fetched, unrendered: str = "") -> RawMessage:
    """An article whose text is in its feed: the feed's item as it is, or an envelope where that is no XML.

    `unrendered`: why its page was not rendered, where that is why.
    """
    evidence = provenance(fetched) | ({UNRENDERED: unrendered} if unrendered else {})
    if entry.item:
        stated = {"Content-Type": "application/xml", "Newswire-Url": entry.url or "", ARTICLE: identity}
        stated["Newswire-Fetched-At"] = fetched.fetched_at.isoformat(timespec="milliseconds")
        headers = {k: header_value(v) for k, v in stated.items() if v} | evidence
        return compressed(entry.item.encode("utf-8", "replace"), headers)
    envelope = RawEnvelope(
        body=_as_page(entry), content_type="text/html", url=entry.url, fetched_at=fetched.fetched_at
    ).model_copy(update=_declared(entry))
    return _message(envelope, {ARTICLE: identity, **evidence})


def gone_message(known: Known, identity: str, answer: Fetched) -> RawMessage:
    """An article that its publisher took away."""
    envelope = RawEnvelope(
        status="canceled",
        url=known.canonical or known.url,
        fetched_at=answer.fetched_at,
        headline=known.headline or None,
    )
    stated = {ARTICLE: identity, "Newswire-Http-Status": str(answer.status), **provenance(answer)}
    return _message(envelope, stated)


def _declared(entry: Entry) -> dict[str, object]:
    """What an entry says of its article, within the contract's bounds."""
    return {
        "headline": entry.headline[:LINE] or None,
        "summary": plain(entry.summary)[:10_000] or None,
        "published_at": entry.published,
        "authors": entry.authors[:100],
        "keywords": entry.keywords[:200],
        "language": entry.language[:100] if entry.language else None,
    }


def _message(envelope: RawEnvelope, headers: dict[str, str]) -> RawMessage:
    body = envelope.model_dump_json(exclude_defaults=True).encode()
    return compressed(body, {"Content-Type": _ENVELOPE, **headers})


def _text(body: bytes, content_type: str) -> str | None:
    """The body as text, where that can be said for sure; anything else is decoded by parse, which guesses well."""
    if (charset_of(content_type) or "utf-8").lower() not in {"utf-8", "utf8"}:
        return None
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _base64(body: bytes) -> str:
    return b64encode(body).decode()


def _as_page(entry: Entry) -> str:
    title = escape(entry.headline)
    return (
        f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{entry.text}</article></body></html>"
    )
