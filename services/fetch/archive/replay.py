"""What becomes of the answers of an archive: the raw messages that fetch made of them, or would have. Pure.

Answers are given in the order of the archive, in which a feed stands before the pages that it led to. What a feed said
travels with its page; an entry whose text is in the feed is an article by itself; a page that no feed told of is one.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from services.fetch.archive.reading import Answer
from services.fetch.articles import raw
from services.fetch.articles.known import Seen
from services.fetch.articles.pages import canonical_of, fingerprint, wants_page
from services.fetch.articles.rights import KEEPING_OUT, reserved
from services.fetch.articles.seen import Published, Work, mark_of, plan, pruned, settled
from services.fetch.articles.visits import is_gone, missed
from services.fetch.core import SUCCESS, Fetched, RawMessage, validators
from services.fetch.desk import MISSING, text_of, wall_of
from services.fetch.feeds.entry import Entry, Listing, name_of
from services.fetch.feeds.read import is_html, read_listing
from shared.contracts import Reservation
from shared.errors import Poison

PAGES: Final = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
"""What may be a page though it does not begin like one."""
MAX_WAITING: Final = 20_000
"""Entries of feeds whose pages did not come yet, of all sources together."""
MAX_SOURCES: Final = 2_000
"""Whose articles are remembered at once; an archive of the whole web has more, one after the other."""
ROBOTS, NO_SUCCESS, UNCHANGED, NO_ARTICLE, OPTED_OUT, FEED, NO_PAGE = (
    "robots.txt", "no success", "unchanged", "neither page nor feed", "opted out", "feed", "its page is not here",
)  # fmt: skip
"""Why an answer is not published, besides the names of walls. `feed` is told of those that were read well."""


@dataclass(frozen=True, slots=True)
class Made:
    """A raw message. `source`: as the archive has it; empty when it does not say. `identity`: as fetch's own."""

    source: str
    identity: str
    message: RawMessage
    answer: Fetched
    url: str


@dataclass(frozen=True, slots=True)
class Left:
    """An answer that is not published, and why."""

    reason: str
    url: str


class Replay:
    """Takes the answers one by one. `honour`: the reservations that are respected."""

    def __init__(self, honour: frozenset[Reservation]) -> None:
        self._honour = honour
        self._seen: OrderedDict[str, Seen] = OrderedDict()
        self._waiting: OrderedDict[tuple[str, str], Work] = OrderedDict()

    @property
    def waiting(self) -> int:
        """Entries whose pages did not come; the pages that fetch had of them are in other archives, if anywhere."""
        return len(self._waiting)

    def take(self, answer: Answer) -> Iterator[Made | Left]:
        """The raw messages of one answer, or why there is none."""
        source = answer.source or (urlsplit(answer.fetched.url).hostname or "")
        for each in self._taken(source, answer.fetched):
            yield replace(each, source=answer.source) if isinstance(each, Made) else each

    def _taken(self, source: str, answer: Fetched) -> Iterator[Made | Left]:
        if urlsplit(answer.url).path == "/robots.txt":
            yield Left(ROBOTS, answer.url)
        elif answer.status in MISSING:
            yield self._missing(source, answer)
        elif answer.status not in SUCCESS:
            yield Left(NO_SUCCESS, answer.url)
        elif is_html(answer.body):
            yield self._page(source, answer)
        else:
            yield from self._feed(source, answer)

    def _feed(self, source: str, answer: Fetched) -> Iterator[Made | Left]:
        try:
            listing = read_listing(answer.body, answer.headers.get("Content-Type", ""), answer.url)
        except Poison:
            said = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            yield self._page(source, answer) if said in PAGES else Left(NO_ARTICLE, answer.url)
            return
        yield Left(FEED, answer.url)
        yield from self._listed(source, answer, listing)

    def _listed(self, source: str, answer: Fetched, listing: Listing) -> Iterator[Made]:
        planned = plan(self._known(source), answer.url, listing.entries, answer.fetched_at)
        seen = planned.seen
        for work in planned.works:
            if wants_page(work.entry, seen.articles.get(work.key), "auto"):
                self._wait(source, work)
                continue
            message = raw.entry_message(work.entry, work.identity, answer)
            seen = settled(seen, work, Published(), answer.fetched_at)
            yield Made(source, work.identity, message, answer, work.entry.url or answer.url)
        self._remember(source, pruned(seen, answer.fetched_at))

    def _wait(self, source: str, work: Work) -> None:
        if name := name_of(work.entry.url):
            self._waiting[source, name] = work
        if len(self._waiting) > MAX_WAITING:
            self._waiting.popitem(last=False)

    def _page(self, source: str, answer: Fetched) -> Made | Left:
        if wall := wall_of(answer):
            return Left(wall.name, answer.url)
        text, seen = text_of(answer), self._known(source)
        name = name_of(answer.url) or answer.url
        found = fingerprint(text)
        key = seen.names.get(name, name)
        listed = self._waiting.pop((source, name), None)
        work = listed or Work(key, Entry((name,), answer.url), f"page:{found}", "new", mark_of(answer.url))
        known = seen.articles.get(work.key)
        if known and known.page == found and not known.gone:
            return Left(UNCHANGED, answer.url)
        about = Published(found, canonical_of(text, answer.url), *validators(answer.headers))
        seen = seen.model_copy(update={"names": {**seen.names, name: work.key}})
        self._remember(source, settled(seen, work, about, answer.fetched_at))
        if reserved(answer.headers, text) & self._honour & KEEPING_OUT:
            return Left(OPTED_OUT, answer.url)
        return Made(source, work.identity, raw.page_message(work.entry, answer, work.identity), answer, answer.url)

    def _missing(self, source: str, answer: Fetched) -> Made | Left:
        """What was taken away is published so, as far as the archive has it from before."""
        seen = self._known(source)
        key = seen.names.get(name_of(answer.url) or "", "")
        known = seen.articles.get(key)
        if known is None or known.gone:
            return Left(NO_SUCCESS, answer.url)
        gone = is_gone(known, answer.status)
        self._remember(source, missed(seen, key, answer.fetched_at, gone=gone))
        if not gone:
            return Left(NO_SUCCESS, answer.url)
        identity = f"{key}:gone:{known.page or known.last}"
        return Made(source, identity, raw.gone_message(known, identity, answer), answer, answer.url)

    def _known(self, source: str) -> Seen:
        return self._seen.get(source) or Seen()

    def _remember(self, source: str, seen: Seen) -> None:
        self._seen[source] = seen
        self._seen.move_to_end(source)
        if len(self._seen) > MAX_SOURCES:
            self._seen.popitem(last=False)
