"""What a site offers: feeds by its link tags and at the usual places, news sitemaps by robots.txt, or its own links."""

from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import urljoin

from services.fetch.core import Fetched
from services.fetch.feeds.entry import Listing
from services.fetch.feeds.links import links_of
from services.fetch.feeds.markup import tags
from services.fetch.feeds.read import is_html, read_listing
from services.fetch.feeds.tree import decoded
from services.fetch.hosts import Busy
from services.fetch.look import ACCEPT, refuse
from services.fetch.web import PAGE_PATIENCE, Trouble, Web
from shared.contracts import FeedKind
from shared.errors import Poison
from shared.url import web_url

USUAL: Final = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/feed.json", "/index.xml", "/rss/index.xml")
USUAL_SITEMAPS: Final = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml")
TYPES: Final = ("rss", "atom", "feed+json", "rdf")
MOST: Final = 20
"""Addresses that are looked at."""
SAMPLES: Final = 3
FEWEST_LINKS: Final = 5
"""Of a page that may be followed for want of anything better."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something a site offers. `found_by`: how it was found; `chosen`: what `add` takes unless told otherwise."""

    url: str
    kind: FeedKind
    form: str
    found_by: str
    title: str = ""
    language: str | None = None
    entries: int = 0
    newest: datetime | None = None
    samples: tuple[str, ...] = field(default=())
    chosen: bool = False


async def discover(web: Web, url: str) -> AsyncGenerator[Offer]:
    """What the site at `url` offers, best first.

    Raises:
        Trouble: the address itself cannot be read.
        Busy: its server does not want to be asked now.
    """
    answer = await web.ask(url, {"Accept": ACCEPT}, patience=PAGE_PATIENCE)
    refuse(answer)
    if not is_html(answer.body):
        yield _offer(answer, read(answer), "the address itself", chosen=True)
        return
    page, seen, feeds = decoded(answer.body), set[str](), 0
    for place, found_by in await _places(web, answer, page):
        if len(seen) >= MOST or place in seen:
            continue
        if found_by == "usual place" and feeds:
            continue  # guesses are for sites that do not say
        seen.add(place)
        if offer := await _try(web, place, found_by, first=not feeds):
            feeds += offer.kind == "feed"
            yield offer
    listing = links_of(page, answer.url)
    if listing.total >= FEWEST_LINKS:
        yield _offer(answer, listing, "links of the page", chosen=not feeds)


async def _places(web: Web, answer: Fetched, page: str) -> Iterable[tuple[str, str]]:
    declared = [(found, "link tag") for found in linked(page, answer.url)]
    named = (await web.robots.rules(answer.url)).sitemaps
    news = [(found, "robots.txt") for found in named if "news" in found.lower() and web_url(found)]
    guessed = [(urljoin(answer.url, path), "usual place") for path in USUAL]
    sitemaps = [(urljoin(answer.url, path), "usual place of sitemaps") for path in USUAL_SITEMAPS]
    return (*declared, *guessed, *news, *([] if news else sitemaps))


def linked(page: str, base: str) -> list[str]:
    """The feeds that a page names by `link rel=alternate`; those of comments last."""
    found = [
        url
        for _, given, _ in tags(page, "link")
        if "alternate" in given.get("rel", "").lower().split()
        and any(each in given.get("type", "").lower() for each in TYPES)
        and (url := web_url(given.get("href"), base))
    ]
    return sorted(dict.fromkeys(found), key=lambda url: "comment" in url.lower())


async def _try(web: Web, url: str, found_by: str, *, first: bool) -> Offer | None:
    try:
        answer = await web.ask(url, {"Accept": ACCEPT}, patience=PAGE_PATIENCE)
        refuse(answer)
        listing = read(answer)
    except (Trouble, Busy):
        return None
    if not listing.entries and not listing.more:
        return None
    sitemap = "sitemap" in listing.form
    wanted = listing.form == "news-sitemap" if sitemap else first and "comment" not in url.lower()
    return _offer(answer, listing, found_by, chosen=wanted)


def read(answer: Fetched) -> Listing:
    """What an answer lists.

    Raises:
        Trouble: `not_a_feed`.
    """
    try:
        return read_listing(answer.body, answer.headers.get("Content-Type", ""), answer.url)
    except Poison as poison:
        raise Trouble("not_a_feed", poison.detail) from poison


def _offer(answer: Fetched, listing: Listing, found_by: str, *, chosen: bool) -> Offer:
    kind: FeedKind = "page" if listing.form == "page" else "sitemap" if "sitemap" in listing.form else "feed"
    return Offer(
        url=answer.url,
        kind=kind,
        form=listing.form,
        found_by=found_by,
        title=listing.title,
        language=listing.language,
        entries=listing.total,
        newest=max((each.published_at for each in listing.entries if each.published_at), default=None),
        samples=tuple(each.headline or each.url or "" for each in listing.entries[:SAMPLES]),
        chosen=chosen,
    )
