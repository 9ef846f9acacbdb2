"""What an answer means for the next look at its feed."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from services.fetch.schedule.rhythm import believed, expected_at, observe
from shared.contracts import Feed, FeedState, Rhythm, Source, SourceState

EXPECTED_NEW: Final = 0.3
"""Articles to expect at a look: a third of the time between two, so that half of them wait a sixth of it at most."""
EXPECTED_PUSHED: Final = 3.0
"""Articles to expect at a look at a feed whose hub pushes: it only finds out whether that still works."""
LONGEST_HINT: Final = 3_600.0
"""Seconds for which `ttl` and `Cache-Control` are heeded; some say a year."""
FIRST_BACKOFF, LONGEST_BACKOFF = 120.0, 86_400.0
LONGEST_ASKED: Final = 86_400.0
"""Seconds of Retry-After that are heeded on the path that asked for them."""
HISTORY: Final = timedelta(days=14)
"""How far back the dates of a feed's first entries tell its rhythm."""
DEAF_SPREAD: Final = 2.0
"""Looks while nobody answers are two to six minutes apart, each source's by another time."""
JITTER: Final = 0.1
"""Share of an interval that is added at most."""
FIRST_SPREAD: Final = 5.0
"""Seconds over which sources that were added at once are begun with."""


def spread(identity: str) -> float:
    """0 to 1, always the same for the same identity: sources added together do not stay together."""
    return int.from_bytes(hashlib.sha256(identity.encode()).digest()[:4], "big") / 2**32


def first_state(source: Source, now: datetime) -> SourceState:
    """The state of a source that nobody has looked at yet."""
    feeds = {feed.url: fresh(source, feed, now) for feed in source.feeds}
    return SourceState(next_due=min(each.next_due for each in feeds.values()), feeds=feeds)


def fresh(source: Source, feed: Feed, now: datetime) -> FeedState:
    """The state of a feed that nobody has looked at yet."""
    return FeedState(next_due=now + timedelta(seconds=FIRST_SPREAD * spread(f"{source.id} {feed.url}")))


def feeds_due(source: Source, state: SourceState, now: datetime) -> list[tuple[Feed, FeedState]]:
    """The feeds to look at now, in the operator's order; those that were added since the state was written, too."""
    known = (
        (feed, state.feeds.get(feed.url) or fresh(source, feed, now - timedelta(minutes=2))) for feed in source.feeds
    )
    return [(feed, found) for feed, found in known if found.next_due <= now]


@dataclass(frozen=True, slots=True)
class Look:
    """A look at a feed that went well. `arrived`: what was new, with its date where it has one.

    `etag`, `last_modified`: validators to ask with the next time; not those of an answer that was not worked through.
    """

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    ttl: float = 0.0
    arrived: Sequence[datetime | None] = ()
    dated: Sequence[datetime] = ()
    """The dates of all its entries: what a first look learns from."""


def succeeded(source: Source, feed: Feed, state: FeedState, look: Look, now: datetime) -> FeedState:
    """The feed's state after a look that went well."""
    since = state.succeeded_at
    if since is None:
        started = min([at for at in look.dated if now - HISTORY <= at <= now], default=now)
        rhythm = observe(None, started, now, [at for at in look.dated if started <= at <= now])
    else:
        rhythm = observe(state.rhythm, since, now, believed(look.arrived, since, now))
    wait = interval(source, rhythm, look.ttl, now)
    return state.model_copy(
        update={
            "next_due": now + timedelta(seconds=_jittered(source, feed, wait)),
            "checked_at": now, "succeeded_at": now, "etag": look.etag, "last_modified": look.last_modified,
            "body_hash": look.body_hash, "ttl": look.ttl, "failures": 0, "problem": None, "detail": "",
            "rhythm": rhythm,
        }
    )  # fmt: skip


def relied(source: Source, feed: Feed, state: FeedState, now: datetime) -> FeedState:
    """The feed's state after a look, where its hub pushes: the next look is later, but not after the lease."""
    push, rhythm = state.push, state.rhythm
    if push is None or rhythm is None or not push.works or push.lease_until is None or push.lease_until <= now:
        return state
    wait = _jittered(source, feed, interval(source, rhythm, state.ttl, now, EXPECTED_PUSHED))
    return state.model_copy(update={"next_due": min(now + timedelta(seconds=wait), push.lease_until)})


def pushed(
    source: Source, feed: Feed, state: FeedState, arrived: Sequence[datetime | None], now: datetime
) -> FeedState:
    """The feed's state after a push, in which articles `arrived`. The feed itself said nothing: its validators stay.

    The next look stays as it was planned while pushes work: they must not put off finding out that some are missing.
    """
    since, push = state.succeeded_at, state.push
    if since is None or push is None:
        return state
    rhythm = observe(state.rhythm, since, now, believed(arrived, since, now))
    heard = state.model_copy(
        update={"succeeded_at": now, "rhythm": rhythm, "push": push.model_copy(update={"works": True})}
    )
    return heard if push.works else relied(source, feed, heard, now)


def interval(source: Source, rhythm: Rhythm, ttl: float, now: datetime, articles: float = EXPECTED_NEW) -> float:
    """Seconds until the next look, between the source's bounds: when so many articles can be expected."""
    wait = expected_at(rhythm, now, articles, source.max_interval)
    return min(max(wait, source.min_interval, min(ttl, LONGEST_HINT)), source.max_interval)


def _jittered(source: Source, feed: Feed, seconds: float) -> float:
    return seconds * (1 + JITTER * spread(f"{source.id} {feed.url}"))


def failed(
    source: Source, feed: Feed, state: FeedState, problem: tuple[str, str], now: datetime, asked: float | None = None
) -> FeedState:
    """The feed's state after a look that failed. `problem`: its name and a detail; `asked`: Retry-After, seconds."""
    failures = state.failures + 1
    backoff = min(FIRST_BACKOFF * 2 ** min(failures - 1, 12), LONGEST_BACKOFF, source.max_interval)
    wait = max(_jittered(source, feed, backoff), source.min_interval, min(asked or 0.0, LONGEST_ASKED))
    return state.model_copy(
        update={
            "next_due": now + timedelta(seconds=wait), "checked_at": now, "failures": failures,
            "problem": problem[0], "detail": problem[1][:500],
        }
    )  # fmt: skip


def unheard(source: Source, feed: Feed, state: FeedState, problem: tuple[str, str], now: datetime) -> FeedState:
    """The feed's state after a look while nobody answered, whoever was asked: no failure more of its own.

    It is looked at again soon, so that it is there soon after that time is over, and not together with all others.
    """
    wait = FIRST_BACKOFF * (1 + DEAF_SPREAD * spread(f"{source.id} {feed.url}"))
    wait = max(min(wait, source.max_interval), source.min_interval)
    return state.model_copy(
        update={
            "next_due": now + timedelta(seconds=wait), "checked_at": now, "failures": max(state.failures, 1),
            "problem": problem[0], "detail": problem[1][:500],
        }
    )  # fmt: skip


def deferred(state: FeedState, until: datetime) -> FeedState:
    """The feed's state when its host could not be asked now: nothing was learned."""
    return state.model_copy(update={"next_due": until})


def freshness(headers: Mapping[str, str], stated: float = 0.0) -> float:
    """Seconds for which an answer says it is fresh: the greater of `Cache-Control: max-age` and the feed's own ttl."""
    ages = [0.0]
    for directive in headers.get("Cache-Control", "")[:500].lower().split(","):
        name, _, value = directive.strip().partition("=")
        value = value.strip('" ')
        if name == "max-age" and value.isascii() and value.isdigit():
            ages.append(float(value[:9]))
        if name in {"no-cache", "no-store"}:
            return max(0.0, stated)
    return max(0.0, stated, max(ages) - _age(headers))


def _age(headers: Mapping[str, str]) -> float:
    text = headers.get("Age", "").strip()
    return float(text[:9]) if text.isascii() and text.isdigit() else 0.0


def moment(text: str | None) -> datetime | None:
    """A date of HTTP (RFC 9110, 5.6.7), or None."""
    try:
        found = parsedate_to_datetime(text) if text else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return found if found and found.tzinfo else None
