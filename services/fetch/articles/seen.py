"""The articles of a source that are known, and what a listing says that is new. Pure: values in, values out.

An article is known by its address in one spelling and by its id in the feed; either is enough, so an address or an id
that changes makes no second article, and neither does a second feed. A version is what a reader sees.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from services.fetch.articles.known import EVIDENCE, WANTED, KeptEntry, Known, Seen, replaced
from services.fetch.articles.visits import RENDER_AGAIN, TRIES, VISITS, stage_ahead, visit_at
from services.fetch.feeds.entry import Entry, date_of, digest

HISTORY: Final = timedelta(days=7)
"""Older entries of a first listing are known, and not fetched: history is for a backfill."""
KEPT: Final = timedelta(days=14)
"""How long an article stays known that no feed lists any more and that is not visited any more."""
MAX_KNOWN: Final = 4_000
DAY: Final = 86_400
LATE: Final = (1, 2)
"""Visits that are the next ones of an article which was found late, on its first day."""
Kind = Literal["new", "changed", "again"]
"""again: its page could not be had before."""


@dataclass(frozen=True, slots=True)
class Work:
    """An article to publish: a new one, a new version, or one that was tried before."""

    key: str
    entry: Entry
    version: str
    kind: Kind
    feed: str
    tries: int = 0

    @property
    def identity(self) -> str:
        """The same for the same version of the same article, whoever finds it."""
        return f"{self.key}:{self.version}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do for a listing: articles to publish, oldest first; `seen` with all else that it says."""

    seen: Seen
    works: tuple[Work, ...]


def mark_of(feed_url: str) -> str:
    """What a feed is called in `marks`."""
    return digest(feed_url)[:6]


def plan(seen: Seen, feed_url: str, entries: Sequence[Entry], now: datetime) -> Plan:
    """What `entries`, as a feed lists them, mean for what is known."""
    feed, stamp, first_time = mark_of(feed_url), int(now.timestamp()), not seen.articles
    articles, names = dict(seen.articles), dict(seen.names)
    works: list[Work] = []
    met: set[str] = set()
    for entry in _named(entries):
        key, own = _identified(entry, articles, names)
        names.update(dict.fromkeys(own, key))
        if key in met:
            continue
        met.add(key)
        known = articles.get(key)
        if known is None and first_time and _is_history(entry, now):
            known = _known(entry, stamp, last=entry.version)
        if known is None:
            works.append(Work(key, entry, entry.version, "new", feed))
            continue
        articles[key], changed = _relisted(known, entry, feed, stamp)
        if changed:
            works.append(Work(key, entry, entry.version, "changed", feed))
    ordered = sorted(works, key=lambda work: work.entry.published_at or now)
    return Plan(seen.model_copy(update={"articles": articles, "names": names}), tuple(ordered))


def still_listed(seen: Seen, feed_url: str, now: datetime) -> Seen:
    """`seen` when a feed says that nothing changed: what it listed last is listed still. Noted once a day."""
    mark, stamp = mark_of(feed_url), int(now.timestamp())
    newest = max((each.listed for each in seen.articles.values() if mark in each.marks), default=stamp)
    if stamp - newest < DAY:
        return seen
    articles = {
        key: each.model_copy(update={"listed": stamp}) if mark in each.marks and newest - each.listed < DAY else each
        for key, each in seen.articles.items()
    }
    return seen.model_copy(update={"articles": articles})


def _named(entries: Iterable[Entry]) -> list[Entry]:
    """Entries with names that tell them apart: an id that several addresses share is none."""
    listed = [each if each.names else replace(each, names=(_stand_in(each),)) for each in entries]
    shared = Counter(name for name, _ in {(name, each.names[0]) for each in listed for name in each.names[1:]})
    return [
        replace(each, names=(each.names[0], *(name for name in each.names[1:] if shared[name] == 1))) for each in listed
    ]


def _identified(entry: Entry, articles: Mapping[str, Known], names: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Which article an entry is, and the names of it that count.

    An id under another address is the same article when date or headline agree: some feeds give one id to all.
    """
    first, *ids = entry.names
    if first in names:
        return names[first], (first, *(each for each in ids if names.get(each, names[first]) == names[first]))
    for each in ids:
        known = articles.get(names.get(each, ""))
        if known and _agree(known, entry):
            return names[each], entry.names
    return first, (first, *(each for each in ids if each not in names))


def _agree(known: Known, entry: Entry) -> bool:
    told = int(entry.published_at.timestamp()) if entry.published_at else None
    return told == known.first or (bool(entry.headline) and entry.headline == known.headline)


def _stand_in(entry: Entry) -> str:
    return digest(f"{entry.headline}\n{entry.published or entry.version}")


def _is_history(entry: Entry, now: datetime) -> bool:
    return entry.published_at is not None and entry.published_at < now - HISTORY


def _known(entry: Entry, stamp: int, last: str) -> Known:
    """An article met now. Its visits count from its publication: one that is days old needs no look in an hour."""
    told = int(entry.published_at.timestamp()) if entry.published_at else stamp
    first = told if stamp - KEPT.total_seconds() < told < stamp else stamp
    return Known(first=first, listed=stamp, url=entry.url, headline=entry.headline[:2_000], last=last)


def _relisted(known: Known, entry: Entry, feed: str, stamp: int) -> tuple[Known, bool]:
    """The article as listed again, and whether this is a version to publish."""
    version, before = entry.version, known.marks.get(feed)
    changed = before is not None and version not in {before, known.last} and not known.kept
    marks = known.marks if changed else {**known.marks, feed: version}
    return known.model_copy(update={"listed": stamp, "marks": marks}), changed


@dataclass(frozen=True, slots=True)
class Published:
    """What was published for a Work. `page`: the text's fingerprint, None or WANTED for the feed's own text."""

    page: str | None = None
    canonical: str | None = None
    etag: str | None = None
    modified: str | None = None
    sequence: int = 0


def settled(seen: Seen, work: Work, how: Published, now: datetime) -> Seen:
    """`seen` once a version is published, or found to be published already."""
    stamp, entry = int(now.timestamp()), work.entry
    known = seen.articles.get(work.key) or _known(entry, stamp, last="")
    update = {
        "url": entry.url or known.url, "headline": (entry.headline or known.headline)[:2_000], "listed": stamp,
        "marks": {**known.marks, work.feed: work.version}, "last": work.version, "page": how.page, "met": None,
        "canonical": how.canonical or known.canonical, "etag": how.etag, "modified": how.modified,
        "tries": 0, "kept": "", "missing": 0, "gone": False,
    }  # fmt: skip
    done = known.model_copy(update=update)
    if work.key not in seen.articles or known.kept:
        stage = stage_ahead(known, now, -1)
        update = {"visit": visit_at(work.key, done, stage), "stage": stage}
        if how.page is None and done.url and stage in LATE:  # its page is to be met before its feed forgets it
            update = {"visit": stamp + VISITS[0], "stage": stage - 1}
        done = done.model_copy(update=update)
    if how.page == WANTED:
        done = done.model_copy(update={"visit": stamp + RENDER_AGAIN})
    return replaced(seen, work.key, done, sequence=how.sequence)


def postponed(seen: Seen, work: Work, now: datetime, *, tried: bool = True) -> Seen:
    """`seen` while the page of a version cannot be had: it is tried again, though the feed may not list it then.

    `tried`: its server was asked; where that wants to be left alone it was not, and that is no try.
    """
    stamp = int(now.timestamp())
    known = seen.articles.get(work.key) or _known(work.entry, stamp, last="")
    wait = TRIES[min(work.tries, len(TRIES) - 1)]
    kept = keep(work)
    update = {"tries": work.tries + tried, "visit": stamp + wait, "kept": kept, "listed": stamp,
              "marks": {**known.marks, work.feed: work.version}}  # fmt: skip
    return replaced(seen, work.key, known.model_copy(update=update))


def keep(work: Work) -> str:
    """A work's entry as text."""
    entry = work.entry
    short = KeptEntry(
        version=work.version,
        feed=work.feed,
        names=entry.names,
        url=entry.url,
        headline=entry.headline,
        published=entry.published,
        authors=entry.authors[:10],
        keywords=entry.keywords[:20],
        language=entry.language,
        summary=entry.summary[:EVIDENCE],
        text=entry.text[:EVIDENCE],
        item=entry.item if len(entry.item) <= 2 * EVIDENCE else "",
    )
    return short.model_dump_json(exclude_defaults=True)


def kept_work(seen: Seen, key: str) -> Work | None:
    """The work that was postponed for this article."""
    known = seen.articles[key]
    if not known.kept:
        return None
    kept = KeptEntry.model_validate_json(known.kept)
    entry = Entry(
        kept.names or (key,), kept.url, kept.headline, kept.summary, kept.text, kept.published, date_of(kept.published),
        authors=kept.authors, keywords=kept.keywords, language=kept.language, item=kept.item,
    )  # fmt: skip
    return Work(key, entry, kept.version, "again", kept.feed, known.tries)


def halved(seen: Seen) -> Seen:
    """`seen` with the half of its articles that was listed last: what a hostile feed lists can be too much to keep."""
    articles = dict(sorted(seen.articles.items(), key=lambda pair: pair[1].listed)[(len(seen.articles) + 1) // 2 :])
    names = {name: key for name, key in seen.names.items() if key in articles}
    return seen.model_copy(update={"articles": articles, "names": names})


def pruned(seen: Seen, now: datetime) -> Seen:
    """`seen` without what no feed lists any more and nobody visits; at most MAX_KNOWN, the latest listed."""
    oldest = (now - KEPT).timestamp()
    kept = [(key, each) for key, each in seen.articles.items() if each.listed >= oldest or each.visit is not None]
    if len(kept) > MAX_KNOWN:
        kept = sorted(kept, key=lambda pair: pair[1].listed)[-MAX_KNOWN:]
    articles = dict(kept)
    if len(articles) == len(seen.articles) and all(key in articles for key in seen.names.values()):
        return seen
    names = {name: key for name, key in seen.names.items() if key in articles}
    return seen.model_copy(update={"articles": articles, "names": names})
