"""Articles of one source, from what a feed lists to raw messages: pages fetched, walls named, versions told apart."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Protocol

from services.fetch.articles import raw
from services.fetch.articles.known import WANTED, Known, Seen
from services.fetch.articles.pages import canonical_of, fingerprint, wants_page
from services.fetch.articles.rights import KEEPING_OUT, reserved
from services.fetch.articles.seen import Published, Work, kept_work, postponed, settled
from services.fetch.articles.visits import RENDER_AGAIN, TRIES, is_gone, missed, put_off, visited
from services.fetch.articles.walls import Wall, wall_in
from services.fetch.core import NOT_MODIFIED, SUCCESS, Fetched, RawMessage, validators
from services.fetch.feeds.entry import Entry
from services.fetch.feeds.read import charset_of
from services.fetch.feeds.tree import decoded
from services.fetch.hosts import Busy
from services.fetch.look import STATUS_NAMES
from services.fetch.web import PAGE_PATIENCE, Trouble, Web
from shared import telemetry
from shared.contracts import Reservation, Source
from shared.contracts.render import NO_RENDERER
from shared.errors import Outcome, Poison, Skip
from shared.failpoints import failpoint

MISSING: Final = frozenset({404, 410})
LASTING: Final = frozenset(
    {"cloudflare_challenge", "bot_challenge", "access_denied", "login_wall", "legal_block", "consent_wall",
     "javascript_shell", "empty_shell", "robots_disallowed", "blocked_address", "invalid_url", "unsupported_type",
     "unsupported_encoding", "too_large", "binary_body", "not_found", "gone", "http_error"}
)  # fmt: skip
"""Troubles with a page that another try soon would not end: the feed's own words have to do."""


class Wire(Protocol):
    """Where raw messages go."""

    async def article(self, message: RawMessage, identity: str) -> int:
        """Publish; the sequence in RAW, that of the first where it was published before."""
        ...

    async def skipped(self, skip: Skip, identity: str) -> None:
        """Record that a version was kept out."""
        ...

    async def told(self, after: int) -> Mapping[str, int]:
        """The versions of this source that stand in RAW after a sequence, with theirs."""
        ...


class Desk:
    """Publishes the articles of one source during one look. `seen` is what is known of them, up to date.

    `honour`: which reservations are respected. `problem`: the last trouble with a page, for its source's state; `had`:
    whether one was had.
    """

    def __init__(self, source: Source, seen: Seen, web: Web, wire: Wire, honour: frozenset[Reservation]) -> None:
        self.seen, self.published, self.opted_out = seen, 0, 0
        self.problem: Trouble | None = None
        self.had = False
        self._source, self._web, self._wire, self._honour = source, web, wire, honour
        self._told: Mapping[str, int] | None = None

    async def publish(self, work: Work, listed: Fetched | None, now: datetime) -> None:
        """Publish a version, unless it was before; or put it off when its page cannot be had, or we fail.

        Raises:
            DependencyDown: it could not be stored.
        """
        try:
            await self._publish(work, listed, now)
        except Outcome:
            raise
        except Exception as error:  # noqa: BLE001 - a bug that one article brings out must not cost the others
            self.problem = failed_at(error, self._source.id, work.entry.url)
            tried = work.tries >= len(TRIES)
            self.seen = settled(self.seen, work, Published(), now) if tried else postponed(self.seen, work, now)

    async def _publish(self, work: Work, listed: Fetched | None, now: datetime) -> None:
        if sequence := await self._before(work.identity):
            self.seen = settled(self.seen, work, Published(sequence=sequence), now)
        elif listed and not wants_page(work.entry, self.seen.articles.get(work.key), self._source.full_text):
            await self._entry(work, listed, now)
        else:
            await self._with_page(work, listed, now)

    async def _before(self, identity: str) -> int:
        """Where the version stands in RAW since what is known of it was last saved: a crash may have come between."""
        if self._told is None:
            self._told = await self._wire.told(self.seen.raw_sequence)
        return self._told.get(identity, 0)

    async def _entry(self, work: Work, listed: Fetched, now: datetime, unrendered: str = "") -> None:
        identity = work.identity
        sequence = await self._send(raw.entry_message(work.entry, identity, listed, unrendered), identity)
        page = WANTED if unrendered else None
        self.seen = settled(self.seen, work, Published(page=page, sequence=sequence), now)

    async def _with_page(self, work: Work, listed: Fetched | None, now: datetime) -> None:
        try:
            page = await self._page(work.entry.url or "")
        except Busy:
            self.seen = postponed(self.seen, work, now, tried=False)
            return
        except Trouble as trouble:
            self.problem = trouble
            await self._without_page(work, trouble, listed, now)
            return
        text = text_of(page)
        about = Published(fingerprint(text), canonical_of(text, page.url), *validators(page.headers))
        known = self.seen.articles.get(work.key)
        if known is None or known.page != about.page:
            about = await self._kept_out_or_sent(work.entry, page, text, work.identity, about)
        self.seen = settled(self.seen, work, about, now)

    async def _without_page(self, work: Work, trouble: Trouble, listed: Fetched | None, now: datetime) -> None:
        """What to do with an article whose page cannot be had: try again, or take what the feed says. Where nothing
        renders pages news does not wait for whoever can mend that, but the page is still wanted.
        """
        unrendered = trouble.name if trouble.name == NO_RENDERER else ""
        words, most = bool(work.entry.item or work.entry.text), 1 if unrendered else len(TRIES)
        if trouble.ours or (unrendered and not words):
            self.seen = postponed(self.seen, work, now, tried=False)
        elif trouble.name not in LASTING and work.tries < most:
            self.seen = postponed(self.seen, work, now)
        elif words:
            await self._entry(work, listed or Fetched("", 0, {}, b"", now), now, unrendered)
        else:
            self.seen = settled(self.seen, work, Published(), now)  # a sitemap's address alone is no article

    async def _page(self, url: str) -> Fetched:
        answer = await self._web.ask(url, patience=PAGE_PATIENCE, render=self._source.render)
        if answer.status not in SUCCESS:
            raise named(answer)
        if wall := wall_of(answer):
            raise Trouble(wall.name, wall.shown)
        self.had = True
        return answer

    async def _kept_out_or_sent(
        self, entry: Entry, page: Fetched, text: str, identity: str, about: Published
    ) -> Published:
        kept_out = sorted(reserved(page.headers, text) & self._honour & KEEPING_OUT)
        if kept_out:
            await self._wire.skipped(
                Skip("opted_out", f"its publisher says {', '.join(kept_out)}", url=page.url), identity
            )
            self.opted_out += 1
            return about
        sequence = await self._send(raw.page_message(entry, page, identity), identity)
        return Published(about.page, about.canonical, about.etag, about.modified, sequence)

    async def _send(self, message: RawMessage, identity: str) -> int:
        try:
            sequence = await self._wire.article(message, f"{self._source.id}:{identity}")
        except Poison as poison:
            self.problem = Trouble(poison.reason, poison.detail)
            return 0
        failpoint("after_raw")
        self.published += 1
        return sequence

    async def visit(self, key: str, now: datetime) -> None:
        """Look at a known article again: an edit is a new version, and what was taken away is published so.

        Raises:
            Busy: its server cannot be asked now.
            DependencyDown: a version could not be stored.
        """
        if work := kept_work(self.seen, key):
            await self.publish(work, None, now)
            return
        try:
            await self._visit(key, now)
        except (Outcome, Busy):
            raise
        except Exception as error:  # noqa: BLE001 - as above
            self.problem = failed_at(error, self._source.id, self.seen.articles[key].url)
            self.seen = visited(self.seen, key, now)

    async def _visit(self, key: str, now: datetime) -> None:
        known = self.seen.articles[key]
        asked = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
        try:
            conditions = {name: value for name, value in asked.items() if value}
            answer = await self._web.ask(
                known.url or "", conditions, patience=PAGE_PATIENCE, render=self._source.render
            )
        except Trouble as trouble:
            self.problem = trouble
            if trouble.ours or trouble.name == NO_RENDERER:
                self.seen = put_off(self.seen, now, TRIES[0] if trouble.ours else RENDER_AGAIN)
            else:
                self.seen = visited(self.seen, key, now)
            return
        self.had = True
        if answer.status in MISSING:
            await self._missing(key, answer, now)
        elif answer.status not in SUCCESS or answer.status == NOT_MODIFIED or wall_of(answer):
            self.seen = visited(self.seen, key, now)
        else:
            await self._compare(key, answer, now)

    async def _missing(self, key: str, answer: Fetched, now: datetime) -> None:
        known = self.seen.articles[key]
        if known.gone or not is_gone(known, answer.status):
            self.seen = missed(self.seen, key, now, gone=known.gone)
            return
        identity = f"{key}:gone:{known.page or known.last}"
        sequence = await self._before(identity)
        if not sequence:
            sequence = await self._send(raw.gone_message(known, identity, answer), identity)
        self.seen = missed(self.seen, key, now, gone=True, sequence=sequence)

    async def _compare(self, key: str, answer: Fetched, now: datetime) -> None:
        known, text = self.seen.articles[key], text_of(answer)
        etag, modified = validators(answer.headers)
        found, before = fingerprint(text), self._text_before(known)
        if known.gone or (before is not None and found != before):
            identity = f"{key}:page:{found}"
            if not await self._before(identity):
                about = Published(found, canonical_of(text, answer.url), etag, modified)
                entry = Entry((key,), known.url, known.headline)
                await self._kept_out_or_sent(entry, answer, text, identity, about)
            self.seen = visited(self.seen, key, now, page=found, met=None, etag=etag, modified=modified, gone=False)
        else:
            met = None if known.page is not None else found
            self.seen = visited(self.seen, key, now, met=met, etag=etag, modified=modified)

    def _text_before(self, known: Known) -> str | None:
        """What a page's text is compared with; None for nothing.

        Where the feed's text was published, the page as the last visit met it: a feed lists articles for hours only,
        and says nothing of later edits.
        """
        return known.page if known.page is not None or self._source.full_text == "feed" else known.met


def failed_at(error: Exception, source: str, url: str | None) -> Trouble:
    """A bug of ours that an answer brought out: logged with its traceback, and a trouble like another."""
    telemetry.bug("fetch.failed", error, source=source, url=url)
    return Trouble("unexpected_error", f"{type(error).__name__}, see the log of fetch")


def text_of(answer: Fetched) -> str:
    """A page as text, for what little is looked at here."""
    return decoded(answer.body, charset_of(answer.headers.get("Content-Type", "")))


def wall_of(answer: Fetched) -> Wall | None:
    """What stands before the article."""
    return wall_in(answer.status, answer.headers, text_of(answer), answer.url)


def named(answer: Fetched) -> Trouble:
    """An answer that is no success, as trouble with its name."""
    wall = wall_of(answer)
    if wall and wall.name not in {"empty_shell", "javascript_shell"}:
        return Trouble(wall.name, f"HTTP {answer.status}, {wall.shown}")
    name = STATUS_NAMES.get(answer.status) or ("server_error" if answer.status >= 500 else "http_error")  # noqa: PLR2004
    return Trouble(name, f"HTTP {answer.status}")
