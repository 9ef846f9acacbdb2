"""A look at one feed: what it answers, what it lists, and what that means for the next look."""

import asyncio
import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Final

from services.fetch.articles.walls import wall_in
from services.fetch.core import NOT_MODIFIED, SUCCESS, Fetched, retry_after, validators
from services.fetch.feeds.entry import Entry, Listing
from services.fetch.feeds.read import is_html, read_listing
from services.fetch.feeds.tree import decoded
from services.fetch.schedule.due import Look, freshness
from services.fetch.web import FEED_PATIENCE, PAGE_PATIENCE, Trouble, Web
from shared.contracts import Feed, FeedKind, FeedState
from shared.errors import Poison

ASIDE: Final = 128 * 1024
"""Bytes of a body above which it is read in a thread: half a second of XML must not hold up all others."""
ACCEPT: Final = (
    "application/rss+xml,application/atom+xml,application/rdf+xml,application/feed+json,application/xml;q=0.9,"
    "text/xml;q=0.9,application/json;q=0.8,text/html;q=0.5,*/*;q=0.1"
)
_LARGE: Final = ThreadPoolExecutor(1, "large")
"""One large body at a time, since its tree may take 200 MB; in a thread of its own, so that those which wait for it do
not keep the loop's threads from asking for names.
"""
WALL_BYTES: Final = 256 * 1024
STATUS_NAMES: Final = {404: "not_found", 410: "gone", 429: "rate_limited"}


@dataclass(frozen=True, slots=True)
class Sight:
    """What a look saw. `listing`: None when nothing changed since the last one. `answer`: the feed's own."""

    answer: Fetched
    look: Look
    listing: Listing | None = None


async def look_at(web: Web, feed: Feed, state: FeedState) -> Sight:
    """Ask a feed.

    Raises:
        Trouble: named by why it cannot be read.
        Busy: its server cannot be asked now.
    """
    answer = await web.ask(feed.url, conditions(state), patience=FEED_PATIENCE)
    if answer.status == NOT_MODIFIED:
        kept = Look(state.etag, state.last_modified, state.body_hash, freshness(answer.headers))
        return Sight(answer, kept)
    refuse(answer)
    found = hashlib.sha256(answer.body).hexdigest()[:16]
    look = Look(*validators(answer.headers), found, freshness(answer.headers))
    if found == state.body_hash:
        return Sight(answer, look)
    listing = await _read(answer, feed)
    if listing.form == "sitemap-index":
        listing = await _follow(web, feed, listing)
        look = replace(look, etag=None, last_modified=None, body_hash=None)  # its own tell nothing of theirs
    look = replace(look, ttl=max(look.ttl, listing.ttl), dated=dates(listing.entries))
    return Sight(answer, look, listing)


def conditions(state: FeedState) -> dict[str, str]:
    """The headers of a request that needs no answer while nothing changed."""
    asked = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    return {"Accept": ACCEPT, **{name: value for name, value in asked.items() if value}}


def refuse(answer: Fetched) -> None:
    """Let success pass.

    Raises:
        Trouble: `not_found`, `gone`, `rate_limited`, `server_error`, `http_error`, or a wall's name.
    """
    if answer.status in SUCCESS:
        return
    wall = wall_in(answer.status, answer.headers, decoded(answer.body[:WALL_BYTES]), answer.url)
    wait = retry_after(answer.headers.get("Retry-After", ""), answer.fetched_at)
    if wall and wall.name not in {"empty_shell", "javascript_shell"}:
        raise Trouble(wall.name, f"HTTP {answer.status}, {wall.shown}", wait)
    name = STATUS_NAMES.get(answer.status) or ("server_error" if answer.status >= 500 else "http_error")  # noqa: PLR2004
    raise Trouble(name, f"HTTP {answer.status}", wait)


async def listing_of(body: bytes, content_type: str, base: str, kind: FeedKind) -> Listing:
    """As `read_listing`, aside where that takes long."""
    read = partial(read_listing, body, content_type, base, kind)
    return await asyncio.get_running_loop().run_in_executor(_LARGE, read) if len(body) > ASIDE else read()


async def _read(answer: Fetched, feed: Feed) -> Listing:
    content_type = answer.headers.get("Content-Type", "")
    try:
        return await listing_of(answer.body, content_type, answer.url, feed.kind)
    except Poison as poison:
        if is_html(answer.body):
            page = decoded(answer.body[:WALL_BYTES])
            if wall := wall_in(answer.status, answer.headers, page, answer.url):
                raise Trouble(wall.name, wall.shown) from poison
        raise Trouble("not_a_feed", poison.detail) from poison


async def _follow(web: Web, feed: Feed, index: Listing) -> Listing:
    """The entries of the sitemaps that an index names, as far as these can be had.

    Raises:
        Trouble: of the first, when none can.
    """
    entries: list[Entry] = []
    troubles: list[Trouble] = []
    for url, _ in index.more:
        try:
            answer = await web.ask(url, {"Accept": ACCEPT}, patience=PAGE_PATIENCE)
            refuse(answer)
            entries += (await _read(answer, feed)).entries
        except Trouble as trouble:
            troubles.append(trouble)
    if troubles and len(troubles) == len(index.more):
        raise troubles[0]
    return replace(index, form="sitemap", entries=tuple(entries), total=len(entries))


def dates(entries: Sequence[Entry]) -> tuple[datetime, ...]:
    """The dates of entries that have one."""
    return tuple(entry.published_at.astimezone(UTC) for entry in entries if entry.published_at)
