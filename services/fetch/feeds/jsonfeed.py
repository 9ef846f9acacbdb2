"""JSON Feed 1.0 and 1.1: https://www.jsonfeed.org/version/1.1/."""

from html import escape
from typing import Any, Final, cast

from pydantic_core import from_json

from services.fetch.feeds.entry import LANGUAGE, LINE, MAX_ENTRIES, TEXT, Entry, Listing, date_of, names_of, plain
from shared.errors import Poison
from shared.url import web_url

MARK: Final = "jsonfeed.org/version/"


def listing_of(body: bytes, base: str) -> Listing:
    """What a JSON Feed lists.

    Raises:
        Poison: `invalid_json`, `unsupported_type` when it is JSON and no feed.
    """
    try:
        found = from_json(body.removeprefix(b"\xef\xbb\xbf"), allow_inf_nan=False)
    except ValueError as error:
        raise Poison("invalid_json", str(error)[:200]) from error
    feed = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    items = feed.get("items")
    if MARK not in _text(feed.get("version")) or not isinstance(items, list):
        raise Poison("unsupported_type", "JSON, but no JSON Feed")
    listed = _dicts(cast("Any", items))
    hubs = [each for each in _dicts(feed.get("hubs")) if _text(each.get("type")).lower() == "websub"]
    return Listing(
        "json",
        tuple(entry_of(each, base) for each in listed[:MAX_ENTRIES]),
        title=plain(_text(feed.get("title"))[:LINE]),
        language=_text(feed.get("language"))[:LANGUAGE] or None,
        hub=next((web_url(_text(each.get("url"))) for each in hubs), None),
        self_url=web_url(_text(feed.get("feed_url"))),
        total=len(listed),
    )


def entry_of(item: dict[str, Any], base: str) -> Entry:
    """One item."""
    url = web_url(_text(item.get("url")), base) or web_url(_text(item.get("external_url")))
    published = _text(item.get("date_published")) or _text(item.get("date_modified")) or None
    people = [*_dicts(item.get("authors")), *_dicts([item.get("author")])]
    tags = item.get("tags")
    return Entry(
        names=names_of(url, str(item.get("id") or "")[:LINE]),
        url=url,
        headline=plain(_text(item.get("title"))[:LINE]),
        summary=_text(item.get("summary"))[:TEXT],
        text=(_text(item.get("content_html")) or _paragraphs(_text(item.get("content_text"))))[:TEXT],
        published=published[:LINE] if published else None,
        published_at=date_of(published),
        authors=tuple(name[:200] for each in people if (name := _text(each.get("name"))))[:50],
        keywords=tuple(_text(each)[:200] for each in _list(tags) if _text(each))[:50],
        language=_text(item.get("language"))[:LANGUAGE] or None,
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [cast("dict[str, Any]", each) for each in _list(value) if isinstance(each, dict)]


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else []  # pyright: ignore[reportUnknownArgumentType]


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(part.strip())}</p>" for part in text.split("\n\n") if part.strip())
